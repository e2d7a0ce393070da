//! Frames of the rarer families, as public sources print them.

use pqrst::device::{blood_pressure, glucose, viatom, zephyr, Device, DeviceEvent, Uuid};
use pqrst::device::{movesense, reading, thermometer, weight_scale, DeviceChoice};
use pqrst::units::HostTime;

fn say(service: Uuid, characteristic: Uuid, bytes: &[u8], choice: &DeviceChoice) -> Vec<DeviceEvent> {
    let (mut device, mut events, mut actions) = (Device::foreign(), Vec::new(), Vec::new());
    device.configure(choice);
    device.push((service, characteristic), bytes, HostTime(0.0), &mut events, &mut actions).unwrap();
    events
}

fn choosing(user: u8) -> DeviceChoice {
    let user = Some(reading::UserIndex(user));
    let readings = reading::ReadingFilter { user, ..reading::ReadingFilter::default() };
    DeviceChoice { readings, ..DeviceChoice::default() }
}

fn values(events: &[DeviceEvent]) -> Vec<f64> {
    let of = |event: &DeviceEvent| match event {
        DeviceEvent::Measurement(m) => m.values.iter().map(|v| v.value).collect(),
        _ => Vec::new(),
    };
    events.iter().flat_map(of).collect()
}

#[test]
fn a_weight_and_one_of_a_user() {
    let (service, characteristic) = (weight_scale::SERVICE, weight_scale::MEASUREMENT);
    let plain = say(service, characteristic, &[0x00, 0xB0, 0x36], &DeviceChoice::default());
    assert_eq!(values(&plain), [70.0]);
    let of_a_user = [0x0C, 0xB0, 0x36, 0x05, 0xF5, 0x00, 0xD6, 0x06];
    assert_eq!(values(&say(service, characteristic, &of_a_user, &choosing(5))), [70.0, 24.5, 1.75]);
    assert!(values(&say(service, characteristic, &of_a_user, &choosing(4))).is_empty());
}

#[test]
fn a_blood_pressure_of_a_clock_without_a_year() {
    let bytes = [
        0x1E, 0x8A, 0x00, 0x58, 0x00, 0x78, 0x00, 0x00, 0x00, 0x04, 0x11, 0x14, 0x29, 0x3B, 0x3C, 0x00, 0x01,
        0x27, 0x00,
    ];
    let frame = blood_pressure::decode(&bytes).unwrap();
    assert_eq!(frame.pressures.map(|p| p.number()), [Some(138.0), Some(88.0), Some(120.0)]);
    assert_eq!((frame.taken, frame.user, frame.status), (Some(None), Some(1), Some(0x27)));
    assert_eq!(frame.pulse.and_then(|p| p.number()), Some(60.0));
    let events = say(blood_pressure::SERVICE, blood_pressure::MEASUREMENT, &bytes, &choosing(1));
    assert_eq!(events, [DeviceEvent::LeftOut(pqrst::device::LeftOut::ClockUnknown)]);
}

#[test]
fn a_temperature_of_long_ago() {
    let bytes = [0x06, 0xB0, 0x0E, 0x00, 0xFE, 0xDC, 0x07, 0x0C, 0x05, 0x0B, 0x32, 0x1B, 0x04];
    let shows = reading::CivilTime::new(2012, 12, 5, 11, 52, 0).unwrap();
    let clock = Some(reading::LocalClock { shows, at: HostTime(0.0) });
    let readings = reading::ReadingFilter { clock, ..reading::ReadingFilter::default() };
    let choice = DeviceChoice { readings, ..DeviceChoice::default() };
    let events = say(thermometer::SERVICE, thermometer::MEASUREMENT, &bytes, &choice);
    assert_eq!(values(&events), [37.6]);
    let DeviceEvent::Measurement(m) = &events[0] else { panic!("{events:?}") };
    assert_eq!((m.conditions.as_slice(), m.age.unwrap().0), (&[reading::Condition::SiteFinger][..], 93.0));
}

#[test]
fn a_glucose_record() {
    let bytes = [
        0x1B, 0x01, 0x00, 0xE3, 0x07, 0x02, 0x1B, 0x0B, 0x0A, 0x1E, 0xFB, 0xFF, 0x1E, 0x00, 0x12, 0x05, 0x01,
    ];
    let frame = glucose::decode(&bytes).unwrap();
    assert_eq!((frame.sequence, frame.sample_type, frame.location), (1, Some(2), Some(1)));
    assert_eq!((frame.concentration.and_then(|c| c.number()), frame.moles), (Some(30.0), false));
    assert_eq!(frame.taken, reading::CivilTime::new(2019, 2, 27, 11, 5, 30));
    assert_eq!(frame.status, Some(0x0105));
}

#[test]
fn movesense_counts_are_parts_of_a_microvolt() {
    // 1000 ms, counts 0, 1000, -1000, then nothing.
    let mut payload = vec![0xE8, 0x03, 0, 0, 0, 0, 0, 0, 0xE8, 0x03, 0, 0, 0x18, 0xFC, 0xFF, 0xFF];
    payload.resize(68, 0);
    let packet = movesense::decode_ecg(&payload, movesense::EcgFormat::Raw).unwrap();
    assert_eq!(packet.first_sample_ms, 1000);
    assert!((packet.samples_uv[1] - 381.469_73).abs() < 1e-3);
    assert!((packet.samples_uv[2] + 381.469_73).abs() < 1e-3);
    // -18 is -18 uV in the other format.
    let mut payload = vec![0, 0, 0, 0, 0xEE, 0xFF];
    payload.resize(36, 0);
    let packet = movesense::decode_ecg(&payload, movesense::EcgFormat::Microvolts).unwrap();
    assert_eq!(packet.samples_uv[0], -18.0);
}

#[test]
fn requests_of_the_vendors_have_their_published_bytes() {
    let request = |command, content: &[u8], sequence| {
        viatom::encode(&viatom::Packet { command, kind: 0, sequence, content: content.to_vec() })
    };
    assert_eq!(request(0xE1, &[], 1), [0xA5, 0xE1, 0x1E, 0, 1, 0, 0, 0x02]);
    assert_eq!(request(0x07, &[0xFA], 0), [0xA5, 0x07, 0xF8, 0, 0, 1, 0, 0xFA, 0x6E]);
    let ecg = zephyr::encode(&zephyr::Packet { message: 0x16, payload: vec![1], end: 3 });
    assert_eq!(ecg, [2, 0x16, 1, 1, 0x5E, 3]);
}
