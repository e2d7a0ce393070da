//! Frames of every family, whole, cut at every byte, and random. Needs no recordings.

use pqrst::device::polar::{self, Command, Control, EcgVariant, Features, SettingKind, Status};
use pqrst::device::{
    battery, heart_rate, information, Action, ChooserOptions, Device, DeviceError, DeviceEvent, Input, Uuid,
    ADAPTERS,
};
use pqrst::units::HostTime;
use proptest::prelude::*;

/// Answer of an H10 to "which settings for ECG": 130 Hz, 14 bits.
const SETTINGS: [u8; 13] = [0xF0, 1, 0, 0, 0, 0, 1, 0x82, 0, 1, 1, 0x0E, 0];

/// The beginning of a frame that an H10 sent: stamp 599617564162135780 ns, then three samples of its swing-in.
const H10_FRAME: [u8; 19] = [
    0x00, 0xE4, 0x16, 0xF8, 0x68, 0xFF, 0x44, 0x52, 0x08, 0x00, // ECG, stamp, type 0
    0xF1, 0xFB, 0xFF, 0x49, 0xF1, 0xFF, 0xCA, 0xE8, 0xFF, // -1039, -3767, -5942
];

#[test]
fn the_beginning_of_a_real_frame() {
    let data = polar::decode_ecg(&H10_FRAME).unwrap();
    assert_eq!(data.samples, [-1039, -3767, -5942]);
    assert_eq!(data.last_sample.0, 599_617_564_162_135_780);
    assert_eq!(data.variant, EcgVariant::Microvolts);
    assert_eq!(polar::encode_ecg(data.last_sample, &data.samples), H10_FRAME);
}

#[test]
fn the_handshake_of_a_real_strap() {
    let Ok(Control::Response(answer)) = polar::decode_control(&SETTINGS) else { panic!("no answer") };
    assert_eq!((answer.operation, answer.measurement, answer.status), (1, polar::ECG, Status::Success));
    let offer = polar::Settings::decode(&answer.parameters).unwrap();
    assert_eq!(offer.values(SettingKind::Rate), [130]);
    let (settings, rate, bits) = offer.choose().unwrap();
    assert_eq!((rate.get(), bits), (130.0, 14));
    let start = Command::Start { measurement: polar::ECG, settings };
    assert_eq!(start.encode(), [2, 0, 0, 1, 0x82, 0, 1, 1, 0x0E, 0]);
    assert_eq!(Command::GetSettings { measurement: 0 }.encode(), [1, 0]);
    assert_eq!(Command::Stop { measurement: 0 }.encode(), [3, 0]);
    // An H10 has no SDK mode, and says so in four bytes.
    for (bytes, status) in
        [([0xF0, 4, 2, 1], Status::InvalidOperation), ([0xF0, 2, 9, 2], Status::InvalidMeasurement)]
    {
        let Ok(Control::Response(answer)) = polar::decode_control(&bytes) else { panic!("no answer") };
        assert_eq!((answer.status, answer.more), (status, false));
    }
    assert_eq!(polar::decode_control(&[1, 0, 2]), Ok(Control::Stopped(vec![0, 2])));
    assert!(Features::decode(&[0x0F, 5, 0]).unwrap().ecg());
    assert!(!Features::decode(&[0x0F, 0x0E, 0]).unwrap().ecg());
}

#[test]
fn a_continued_answer_is_joined_in_both_forms() {
    for rest in [&[0xF0, 1, 0, 0, 0, 1, 1, 0x0E, 0][..], &[0, 1, 1, 0x0E, 0]] {
        let Ok(Control::Response(mut answer)) = polar::decode_control(&[0xF0, 1, 0, 0, 1, 0, 1, 0x82, 0])
        else {
            panic!("no answer")
        };
        assert!(answer.more);
        answer.append(rest).unwrap();
        assert!(!answer.more);
        assert_eq!(answer.parameters, SETTINGS[5..]);
        assert!(answer.append(&[]).is_err());
    }
}

/// Every proper beginning of a frame, with its length.
fn cuts(frame: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    (0..frame.len()).map(|length| (length, &frame[..length]))
}

#[test]
fn frames_cut_anywhere_are_errors() {
    // A cut between two samples, or between two intervals, is a legal shorter frame: no count is sent.
    for (length, cut) in cuts(&H10_FRAME) {
        let legal = length > 10 && (length - 10) % 3 == 0;
        match polar::decode_ecg(cut) {
            Ok(data) => assert!(legal && data.samples.len() == (length - 10) / 3, "{length}"),
            Err(e) => assert!(!legal && e.code() == "device.truncated", "{length}: {e}"),
        }
    }
    for (length, cut) in cuts(&[0x1F, 0x01, 0x01, 0x32, 0x01, 0x01, 0x00]) {
        assert_eq!(heart_rate::decode(cut).map_err(DeviceError::code), Err("device.truncated"), "{length}");
    }
    for (length, cut) in cuts(&[0x0F, 5, 0]) {
        assert_eq!(Features::decode(cut).map_err(DeviceError::code), Err("device.truncated"), "{length}");
    }
    for (length, cut) in cuts(&SETTINGS) {
        let usable = match polar::decode_control(cut) {
            Ok(Control::Response(answer)) => {
                polar::Settings::decode(&answer.parameters).ok().and_then(|offer| offer.choose())
            }
            Ok(other) => panic!("{length}: {other:?}"),
            Err(e) => {
                assert_eq!(e.code(), "device.truncated");
                None
            }
        };
        assert_eq!(usable, None, "{length}");
    }
    for (length, cut) in cuts(&[2, 0, 0, 1, 0x82, 0, 1, 1, 0x0E, 0]) {
        // Between two settings the command is whole; a strap then refuses it for what is missing.
        assert_eq!(Command::decode(cut).is_ok(), matches!(length, 2 | 6), "{length}");
    }
    assert!(battery::decode(&[]).is_err() && information::decode(&[]).is_err());
}

fn uuids() -> Vec<(Uuid, Uuid)> {
    ADAPTERS.iter().flat_map(|row| row.characteristics.iter().map(|c| (row.service, *c))).collect()
}

#[test]
fn the_chooser_asks_for_every_row() {
    let options = ChooserOptions::of_all_adapters();
    assert_eq!(options.filters[0], heart_rate::SERVICE);
    for row in ADAPTERS {
        assert!(row.advertised.iter().all(|uuid| options.filters.contains(uuid)), "{}", row.name);
        assert!(options.optional_services.contains(&row.service), "{}", row.name);
        assert!(!row.characteristics.is_empty(), "{}", row.name);
    }
    let serial_number = Uuid::from_u16(0x2A25);
    let system_id = Uuid::from_u16(0x2A23);
    assert!(uuids().iter().all(|(_, c)| ![serial_number, system_id].contains(c)));
}

#[test]
fn notifications_without_a_handshake_are_decoded() {
    let (mut device, mut events, mut actions) = (Device::foreign(), Vec::new(), Vec::new());
    let now = HostTime(5.0);
    device.push((polar::SERVICE, polar::DATA), &H10_FRAME, now, &mut events, &mut actions).unwrap();
    let ecg = events.iter().find_map(|e| if let DeviceEvent::Ecg(frame) = e { Some(frame) } else { None });
    assert_eq!(ecg.unwrap().samples_uv, [-1039.0, -3767.0, -5942.0]);
    let told =
        |e: &DeviceEvent| matches!(e, DeviceEvent::EcgSettings(s) if s.rate.get() == 130.0 && !s.negotiated);
    assert!(events.iter().any(told));
    assert!(actions.is_empty());
    let unknown = device.push((heart_rate::SERVICE, polar::DATA), &H10_FRAME, now, &mut events, &mut actions);
    assert_eq!(unknown.map_err(DeviceError::code), Err("device.unexpected"));
    // The strap would stream until its battery is empty.
    device.handle(Input::Stop { now }, &mut events, &mut actions);
    let stop = |a: &Action| matches!(a, Action::Write { bytes, .. } if bytes == &[3, 0]);
    assert!(actions.iter().any(stop));
    assert!(!actions.contains(&Action::Disconnect));
    device
        .push((polar::SERVICE, polar::CONTROL_POINT), &[0xF0, 3, 0, 0, 0], now, &mut events, &mut actions)
        .unwrap();
    assert_eq!(actions.last(), Some(&Action::Disconnect));
}

#[test]
fn a_heart_rate_strap_says_what_it_knows_and_no_more() {
    let (mut device, mut events, mut actions) = (Device::foreign(), Vec::new(), Vec::new());
    let source = (heart_rate::SERVICE, heart_rate::MEASUREMENT);
    // 75 bpm, RR 820 and a nonsense 65535; then no rate, contact lost, half an interval.
    for frame in [&[0x10, 75, 0x34, 0x03, 0xFF, 0xFF][..], &[0x14, 0, 0x34, 0x03, 0x01]] {
        device.push(source, frame, HostTime(0.0), &mut events, &mut actions).unwrap();
    }
    let contacts: Vec<_> =
        events.iter().filter_map(|e| if let DeviceEvent::Contact(c) = e { Some(*c) } else { None }).collect();
    assert_eq!(contacts, [None, Some(false)]);
    let rates: Vec<_> = events
        .iter()
        .filter_map(|e| if let DeviceEvent::HeartRate(h) = e { Some(h) } else { None })
        .collect();
    assert_eq!(rates[0].rate.map(|r| r.0), Some(75.0));
    let rr: Vec<_> = rates[0].rr.iter().map(|rr| (rr.rr.0, rr.in_range)).collect();
    assert_eq!(rr, [(801.0, true), (63_999.0, false)]);
    assert_eq!(rates[1].rate, None);
    assert!(!rates[1].beside_ecg);
    assert!(matches!(events.last(), Some(DeviceEvent::BadFrame(e)) if e.code() == "device.invalid"));
}

/// Any input a driver could give, with any bytes.
fn any_input() -> impl Strategy<Value = (u8, usize, Vec<u8>, bool, f64)> {
    (0..8_u8, 0..64_usize, proptest::collection::vec(any::<u8>(), 0..260), any::<bool>(), any::<f64>())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_input_in_any_order_upsets_a_device(
        inputs in proptest::collection::vec(any_input(), 0..60), foreign: bool,
    ) {
        let mut device = if foreign { Device::foreign() } else { Device::new() };
        let (mut events, mut actions) = (Vec::new(), Vec::new());
        let all: Vec<Uuid> = ADAPTERS.iter().map(|row| row.service).collect();
        let known = uuids();
        for (kind, which, bytes, good, ms) in &inputs {
            let (service, characteristic) = known[which % known.len()];
            let now = HostTime(*ms);
            let failure = pqrst::device::GattFailure::Other;
            let input = match kind {
                0 => Input::Connected { services: if *good { &all } else { &all[..which % all.len()] }, now },
                1 => Input::Notification { characteristic, bytes, received: now },
                2 => Input::ReadResult { characteristic, result: if *good { Ok(bytes) } else { Err(failure) }, now },
                3 => Input::WriteDone { characteristic, result: if *good { Ok(()) } else { Err(failure) }, now },
                4 => Input::Subscribed { characteristic, result: if *good { Ok(()) } else { Err(failure) }, now },
                5 => Input::Disconnected { received: now },
                6 => Input::Tick { now },
                _ => Input::Stop { now },
            };
            device.handle(input, &mut events, &mut actions);
            let _ = device.push((service, characteristic), bytes, now, &mut events, &mut actions);
        }
        // One input never asks for more than a few things.
        prop_assert!(actions.len() <= 48 * (inputs.len() + 1));
    }

    #[test]
    fn any_control_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(control) = polar::decode_control(&bytes) {
            prop_assert_eq!(polar::decode_control(&polar::encode_control(&control)), Ok(control));
        }
        if let Ok(command) = Command::decode(&bytes) {
            prop_assert_eq!(command.encode(), bytes.clone());
        }
        let _ = (Features::decode(&bytes), battery::decode(&bytes), information::decode(&bytes));
    }
}
