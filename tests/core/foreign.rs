//! Transports that are not ours: notifications and samples handed over, with and without a handshake.

use crate::hearts::{request, samples, sinus, ID};
use pqrst::device::polar::{self, encode_ecg};
use pqrst::device::{battery, heart_rate, information, Action, Input, Uuid};
use pqrst::pipeline::{Event, Request, TestKind};
use pqrst::quality::Outcome;
use pqrst::session::{Session, SessionEvent, State};
use pqrst::signal::{DeviceClass, GapCause};
use pqrst::units::{DeviceTime, HostTime, Seconds};

const DATA: (Uuid, Uuid) = (polar::SERVICE, polar::DATA);
const CONTROL: (Uuid, Uuid) = (polar::SERVICE, polar::CONTROL_POINT);
const HEART: (Uuid, Uuid) = (heart_rate::SERVICE, heart_rate::MEASUREMENT);

fn events(session: &mut Session) -> Vec<SessionEvent> {
    std::iter::from_fn(|| session.next_event()).collect()
}

/// ECG as an H10 frames it, each with its arrival in milliseconds.
fn frames(ecg: &[f32], began_ms: f64) -> Vec<(Vec<u8>, f64)> {
    let frame = |(k, chunk): (usize, &[f32])| {
        let last = (k * 73 + chunk.len()) as f64 / 130.0;
        let stamp = DeviceTime(599_617_564_000_000_000 + (last * 1e9) as u64);
        let samples: Vec<i32> = chunk.iter().map(|x| *x as i32).collect();
        (encode_ecg(stamp, &samples), began_ms + last * 1000.0)
    };
    ecg.chunks(73).enumerate().map(frame).collect()
}

/// What a strap can do, as it says itself.
const FEATURES: [u8; 17] = [0x0f, 0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// The settings of its ECG.
const OFFER: [u8; 13] = [0xf0, 0x01, 0, 0, 0, 0, 0x01, 0x82, 0, 0x01, 0x01, 0x0e, 0];

/// A strap of the source "a", up to its answer to a start.
fn strap_that_is_ready(session: &mut Session) {
    let services = [polar::SERVICE, heart_rate::SERVICE];
    session.foreign_input("a", Input::Connected { services: &services, now: HostTime(0.0) });
    for answer in [&FEATURES[..], &OFFER] {
        session.push_notification("a", CONTROL, answer, HostTime(0.0)).unwrap();
    }
}

#[test]
fn a_real_frame_without_a_handshake_leaves_exactly_as_received() {
    // The beginning of the first frame of a real H10, as published (docs: Polar PMD), cut after three samples.
    let bytes = [
        0x00, 0xe4, 0x16, 0xf8, 0x68, 0xff, 0x44, 0x52, 0x08, 0x00, 0xf1, 0xfb, 0xff, 0x49, 0xf1, 0xff, 0xca,
        0xe8, 0xff,
    ];
    let mut session = Session::new(request(TestKind::Rest30s));
    session.push_notification("a", DATA, &bytes, HostTime(1000.0)).unwrap();
    let all = events(&mut session);
    let ecg: Vec<_> = all
        .iter()
        .filter_map(|e| match e {
            SessionEvent::Pipeline(Event::Ecg(stretch)) => Some(stretch),
            _ => None,
        })
        .collect();
    assert_eq!(ecg.len(), 1);
    assert_eq!((ecg[0].samples_uv.as_slice(), ecg[0].start_s), (&[-1039.0, -3767.0, -5942.0][..], 0.0));
    assert_eq!(session.state(), State::Settling);
}

#[test]
fn frames_alone_make_a_whole_test() {
    let ecg = samples(&sinus(2, 81.0), 130.0, 40.0);
    let mut session = Session::new(request(TestKind::Rest30s));
    for (bytes, at) in frames(&ecg, 5000.0) {
        session.push_notification("bridge", DATA, &bytes, HostTime(at)).unwrap();
    }
    assert_eq!(session.state(), State::Finished);
    let report = session.finish(ID);
    assert_eq!((report.verdict.kind, report.device.class), (Outcome::Usable, DeviceClass::ChestStrapEcg));
    assert!((report.heart_rate.mean_bpm.value.unwrap() - 81.0).abs() < 1.0);
    let received: f64 = events(&mut session)
        .iter()
        .map(|e| match e {
            SessionEvent::Pipeline(Event::Ecg(s)) => s.samples_uv.len() as f64,
            _ => 0.0,
        })
        .sum();
    assert_eq!(received as u64, report.transport.samples);
}

fn commands(session: &mut Session) -> Vec<Action> {
    let command = |event| match event {
        SessionEvent::Command { action, .. } => Some(action),
        _ => None,
    };
    events(session).into_iter().filter_map(command).collect()
}

#[test]
fn a_link_of_a_foreign_transport_is_led_through_the_whole_handshake() {
    let mut session = Session::new(request(TestKind::Rest30s));
    let services = [polar::SERVICE, heart_rate::SERVICE, battery::SERVICE, information::SERVICE];
    let now = HostTime(0.0);
    session.foreign_input("bridge", Input::Connected { services: &services, now });
    let first = commands(&mut session);
    let subscribe = |(service, characteristic)| Action::Subscribe { service, characteristic };
    let read = |(service, characteristic)| Action::Read { service, characteristic };
    assert!(first.contains(&subscribe(CONTROL)) && first.contains(&subscribe(HEART)), "{first:?}");
    assert!(first.contains(&read(CONTROL)) && first.contains(&read((battery::SERVICE, battery::LEVEL))));
    // What was read comes back like a notification; each answer brings the next command at once.
    session.push_notification("bridge", CONTROL, &FEATURES, now).unwrap();
    let second = commands(&mut session);
    assert_eq!(second[0], subscribe(DATA), "{second:?}");
    assert!(matches!(&second[1], Action::Write { bytes, .. } if bytes == &[0x01, 0x00]), "{second:?}");
    session.push_notification("bridge", CONTROL, &OFFER, now).unwrap();
    let third = commands(&mut session);
    let start = [0x02, 0, 0, 0x01, 0x82, 0, 0x01, 0x01, 0x0e, 0];
    assert!(matches!(&third[..], [Action::Write { bytes, .. }] if bytes == &start), "{third:?}");
    session.push_notification("bridge", CONTROL, &[0xf0, 0x02, 0, 0, 0, 0], now).unwrap();
    assert_eq!(session.state(), State::Contact);
    session.push_notification("bridge", (battery::SERVICE, battery::LEVEL), &[87], now).unwrap();
    for (bytes, at) in frames(&samples(&sinus(2, 64.0), 130.0, 40.0), 0.0) {
        session.push_notification("bridge", DATA, &bytes, HostTime(at)).unwrap();
    }
    let report = session.finish(ID);
    assert_eq!((report.verdict.kind, report.battery_percent), (Outcome::Usable, Some(87)));
    assert_eq!(report.transport.bad_frames, 0);
}

#[test]
fn a_refused_ecg_leaves_the_heart_rate() {
    let mut session = Session::new(request(TestKind::Rest30s));
    strap_that_is_ready(&mut session);
    // Started, and answered with "in charger": the settings are known, no sample ever comes.
    session.push_notification("a", CONTROL, &[0xf0, 0x02, 0, 0x0d, 0], HostTime(0.0)).unwrap();
    for second in 0..40 {
        let at = HostTime(1000.0 * f64::from(second));
        session.push_notification("a", HEART, &[0x16, 75, 0x34, 0x03], at).unwrap();
    }
    assert_eq!(session.state(), State::Finished);
    let report = session.finish(ID);
    assert_eq!((report.device.class, report.device.band), (DeviceClass::HeartRateSensor, None));
    assert_eq!((report.sampling_rate_hz, report.usable_s), (None, None));
    let mean = report.heart_rate.mean_bpm.value.unwrap();
    assert!((mean - 75.0 * 1024.0 / 1025.0).abs() < 0.5, "{mean}");
}

#[test]
fn one_record_is_made_of_one_device() {
    let ecg = samples(&sinus(2, 81.0), 130.0, 40.0);
    let other = samples(&sinus(3, 50.0), 130.0, 40.0);
    let alone = {
        let mut session = Session::new(request(TestKind::Rest30s));
        for (bytes, at) in frames(&ecg, 5000.0) {
            session.push_notification("a", DATA, &bytes, HostTime(at)).unwrap();
        }
        session.finish(ID)
    };
    let mut session = Session::new(request(TestKind::Rest30s));
    for ((bytes, at), (second, _)) in frames(&ecg, 5000.0).into_iter().zip(frames(&other, 0.0)) {
        session.push_notification("a", DATA, &bytes, HostTime(at)).unwrap();
        session.push_notification("b", DATA, &second, HostTime(at + 1.0)).unwrap();
        session.push_notification("c", HEART, &[0x16, 75, 0x34, 0x03], HostTime(at)).unwrap();
        session.foreign_input("c", Input::Disconnected { received: HostTime(at + 2.0) });
        session.push_samples(&[1.0; 50], 130.0, None).unwrap();
    }
    let both = session.finish(ID);
    assert_eq!(both.beats, alone.beats);
    assert_eq!((both.transport, both.verdict), (alone.transport, alone.verdict));
}

#[test]
fn an_ecg_takes_over_from_a_heart_rate() {
    let mut session = Session::new(request(TestKind::Rest30s));
    session.push_notification("watch", HEART, &[0x16, 75, 0x34, 0x03], HostTime(0.0)).unwrap();
    for (bytes, at) in frames(&samples(&sinus(2, 81.0), 130.0, 40.0), 5000.0) {
        session.push_notification("strap", DATA, &bytes, HostTime(at)).unwrap();
    }
    assert_eq!(session.state(), State::Finished);
    let report = session.finish(ID);
    assert_eq!(report.device.class, DeviceClass::ChestStrapEcg);
    assert!((report.heart_rate.mean_bpm.value.unwrap() - 81.0).abs() < 1.0);
}

#[test]
fn a_foreign_break_is_a_gap_and_a_reconnect() {
    let ecg = samples(&sinus(2, 70.0), 130.0, 60.0);
    let mut session = Session::new(request(TestKind::Rest30s));
    for (k, (bytes, at)) in frames(&ecg, 5000.0).into_iter().enumerate() {
        if k == 30 {
            session.foreign_input("a", Input::Disconnected { received: HostTime(at) });
            assert_eq!(session.state(), State::Reconnecting);
        }
        if !(30..40).contains(&k) {
            session.push_notification("a", DATA, &bytes, HostTime(at)).unwrap();
        }
    }
    let report = session.finish(ID);
    assert_eq!((report.gaps.len(), report.gaps[0].cause), (1, GapCause::Disconnected));
    assert!((report.gaps[0].duration_s - 730.0 / 130.0).abs() < 0.02, "{:?}", report.gaps);
    assert_eq!((report.transport.reconnects, report.transport.samples_lost), (1, 730));
}

#[test]
fn samples_with_holes_and_two_rates() {
    let ecg = samples(&sinus(2, 70.0), 250.0, 60.0);
    let mut session = Session::new(request(TestKind::Rest30s));
    for (k, chunk) in ecg.chunks(100).enumerate().filter(|(k, _)| !(40..60).contains(k)) {
        session.push_samples(chunk, 250.0, Some(Seconds(k as f64 * 0.4))).unwrap();
    }
    assert!(session.push_samples(&[0.0], 130.0, None).is_err());
    assert!(session.push_samples(&[0.0], f64::NAN, None).is_err());
    assert_eq!(session.state(), State::Finished);
    let report = session.finish(ID);
    assert_eq!(report.gaps.len(), 1);
    assert!((report.gaps[0].start_s - 16.0).abs() < 1e-9 && (report.gaps[0].duration_s - 8.0).abs() < 1e-9);
    assert_eq!((report.gaps[0].cause, report.device.class), (GapCause::SourceHole, DeviceClass::Recording));
}

#[test]
fn simulated_in_part_is_simulated() {
    let mut session = Session::new(request(TestKind::Rest30s));
    session.push_samples(&samples(&sinus(2, 70.0), 130.0, 5.0), 130.0, None).unwrap();
    session.simulated();
    assert!(session.finish(ID).simulated);
    let mut session = Session::new(Request { simulated: true, ..request(TestKind::Rest30s) });
    assert!(session.finish(ID).simulated);
}

#[test]
fn bytes_of_any_kind_are_an_error_or_counted_and_never_more() {
    let mut session = Session::new(request(TestKind::Monitor));
    for place in [DATA, CONTROL, HEART] {
        for length in 0..30_usize {
            for fill in [0x00, 0x80, 0xff] {
                let _ = session.push_notification("a", place, &vec![fill; length], HostTime(f64::NAN));
            }
        }
    }
    assert!(session.push_notification("a", (battery::SERVICE, polar::DATA), &[1], HostTime(0.0)).is_err());
    for k in 0..20 {
        let taken = session.push_notification(&format!("s{k}"), HEART, &[0, 60], HostTime(0.0));
        assert_eq!(taken.is_ok(), k < 7, "more sources than anybody wears: {k}");
    }
    assert!(session.finish(ID).transport.bad_frames > 0);
}

#[test]
fn after_the_end_a_strap_is_told_to_stop_and_let_go() {
    let mut session = Session::new(request(TestKind::Monitor));
    strap_that_is_ready(&mut session);
    session.push_notification("a", CONTROL, &[0xf0, 0x02, 0, 0, 0, 0], HostTime(0.0)).unwrap();
    session.finish(ID);
    commands(&mut session);
    session.stop(HostTime(1000.0));
    let stop = commands(&mut session);
    assert!(matches!(&stop[..], [Action::Write { bytes, .. }] if bytes == &[0x03, 0x00]), "{stop:?}");
    session.push_notification("a", CONTROL, &[0xf0, 0x03, 0, 0, 0], HostTime(1100.0)).unwrap();
    assert_eq!(commands(&mut session), [Action::Disconnect]);
}
