//! Frames of every family, whole, cut at every byte, and random. Needs no recordings.

use pqrst::device::polar::{self, Beside, Command, Control, EcgVariant, Features, SettingKind, Status};
use pqrst::device::{
    battery, heart_rate, information, Action, AdapterRow, ChooserOptions, Device, DeviceError, DeviceEvent,
    Input, Uuid, ADAPTERS,
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

/// How a frame is packed, its bytes, its samples and what is said beside them.
type OtherType = (EcgVariant, Vec<u8>, Vec<i32>, Vec<Beside>);

/// Frames of ECG with the stamp 7, and what the SDK makes of their samples.
fn other_types() -> [OtherType; 3] {
    let frame =
        |frame_type: u8, samples: &[u8]| [&[0, 7, 0, 0, 0, 0, 0, 0, 0, frame_type][..], samples].concat();
    let flags = |over_sampled, skin_contact, contact_impedance| Beside::Flags {
        over_sampled,
        skin_contact,
        contact_impedance,
    };
    let tags = |ecg, pace| Beside::Tags { ecg, pace };
    let beside = |counts, status| Beside::Impedance { counts, status };
    [
        (
            EcgVariant::Bits14,
            frame(1, &[0x02, 0x80, 0xFF, 0x80, 0x02, 0x00]),
            vec![2, 640],
            vec![flags(true, 3, 3), flags(false, 0, 0)],
        ),
        (
            EcgVariant::Bits18,
            frame(2, &[0x80, 0x80, 0xFC, 0xFF, 0xFF, 0x03]),
            vec![32_896, 262_143],
            vec![tags(7, 7), tags(0, 0)],
        ),
        (
            EcgVariant::WithImpedance,
            frame(3, &[0x00, 0x12, 0x03, 0x11, 0x10, 0x04, 0x00, 0x02, 0x80, 0xF0, 0x11, 0x10, 0x04, 0xFF]),
            vec![201_216, -1_015_806],
            vec![beside(266_257, 0), beside(266_257, 255)],
        ),
    ]
}

#[test]
fn frames_of_the_other_types_are_read_as_the_sdk_reads_them() {
    for (variant, bytes, samples, beside) in other_types() {
        let data = polar::decode_ecg(&bytes).unwrap();
        assert_eq!((data.variant, data.last_sample.0), (variant, 7));
        assert_eq!((&data.samples, &data.beside), (&samples, &beside), "{variant:?}");
        let width = if variant == EcgVariant::WithImpedance { 7 } else { 3 };
        for (length, cut) in cuts(&bytes) {
            match polar::decode_ecg(cut) {
                Ok(data) => {
                    assert_eq!((length, data.samples, data.beside.len()), (10 + width, vec![samples[0]], 1))
                }
                Err(e) => assert_eq!(e.code(), "device.truncated", "{variant:?} {length}"),
            }
        }
        // Bits that say nothing fall out; everything else comes back.
        let again = polar::decode_ecg(&polar::encode_ecg_data(&data)).unwrap();
        assert_eq!(again, data);
    }
}

#[test]
fn one_changed_byte_changes_its_sample_and_no_other() {
    for (variant, bytes, samples, _) in other_types() {
        let width = (bytes.len() - 10) / 2;
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let (mut device, mut events, mut actions) = (Device::foreign(), Vec::new(), Vec::new());
                let place = (polar::SERVICE, polar::DATA);
                device.push(place, &changed, HostTime(1.0), &mut events, &mut actions).unwrap();
                if let Some(data) = polar::decode_ecg(&changed).ok().filter(|data| data.variant == variant) {
                    let other = usize::from(at >= 10 && at < 10 + width);
                    assert_eq!(data.samples[other], samples[other], "{variant:?} {at} {bit}");
                }
                let told =
                    events.iter().filter(|e| matches!(e, DeviceEvent::Ecg(_) | DeviceEvent::BadFrame(_)));
                assert!(told.count() <= 1, "{variant:?} {at} {bit}");
            }
        }
    }
}

#[test]
fn other_types_reach_the_record_with_contact_and_unknown_ones_are_counted() {
    let (mut device, mut events, mut actions) = (Device::foreign(), Vec::new(), Vec::new());
    let mut say = |bytes: &[u8]| {
        let place = (polar::SERVICE, polar::DATA);
        device.push(place, bytes, HostTime(5.0), &mut events, &mut actions).unwrap();
        core::mem::take(&mut events)
    };
    let stamp = pqrst::units::DeviceTime(7);
    let bits14 = |skin_contact| {
        let beside = vec![Beside::Flags { over_sampled: false, skin_contact, contact_impedance: 0 }; 2];
        let variant = EcgVariant::Bits14;
        polar::encode_ecg_data(&polar::EcgData { last_sample: stamp, variant, samples: vec![2, 640], beside })
    };
    let contacts = |events: &[DeviceEvent]| -> Vec<Option<bool>> {
        let of = |e: &DeviceEvent| if let DeviceEvent::Contact(c) = e { Some(*c) } else { None };
        events.iter().filter_map(of).collect()
    };
    let ecg = |events: &[DeviceEvent]| {
        let of = |e: &DeviceEvent| {
            if let DeviceEvent::Ecg(frame) = e {
                Some(frame.samples_uv.clone())
            } else {
                None
            }
        };
        events.iter().find_map(of)
    };
    let first = say(&bits14(0));
    assert_eq!(
        (contacts(&first), ecg(&first)),
        (vec![], Some(vec![2.0, 640.0])),
        "nothing is told of contact"
    );
    // What such a device filters is not known.
    let band =
        first.iter().find_map(|e| if let DeviceEvent::EcgSettings(s) = e { Some(s.band) } else { None });
    assert_eq!(band, Some(None));
    assert_eq!(contacts(&say(&bits14(3))), [Some(true)]);
    assert_eq!(contacts(&say(&bits14(3))), [], "it is told when it changes");
    assert_eq!(contacts(&say(&bits14(2))), [Some(false)]);
    for frame_type in [4, 0x7F, 0x80, 0x81] {
        let mut unknown = bits14(3);
        unknown[9] = frame_type;
        let told = say(&unknown);
        assert!(matches!(&told[..], [DeviceEvent::BadFrame(e)] if e.code() == "device.unsupported"));
    }
}

#[test]
fn a_heart_rate_that_knows_no_contact_does_not_overrule_the_ecg() {
    let (mut device, mut events, mut actions) = (Device::foreign(), Vec::new(), Vec::new());
    let beside = vec![Beside::Flags { over_sampled: false, skin_contact: 3, contact_impedance: 0 }];
    let (last_sample, variant) = (pqrst::units::DeviceTime(7), EcgVariant::Bits14);
    let frame = polar::encode_ecg_data(&polar::EcgData { last_sample, variant, samples: vec![640], beside });
    let now = HostTime(1.0);
    device.push((polar::SERVICE, polar::DATA), &frame, now, &mut events, &mut actions).unwrap();
    let rate = (heart_rate::SERVICE, heart_rate::MEASUREMENT);
    device.push(rate, &[0x10, 75, 0x34, 0x03], now, &mut events, &mut actions).unwrap();
    assert!(events.contains(&DeviceEvent::Contact(Some(true))));
    assert!(!events.contains(&DeviceEvent::Contact(None)));
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
        for service in row.services() {
            assert!(options.optional_services.contains(&service), "{}", row.name);
        }
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
        let all: Vec<Uuid> = ADAPTERS.iter().flat_map(AdapterRow::services).collect();
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
