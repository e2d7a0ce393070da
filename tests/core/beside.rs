//! Two devices at once: a strap that makes the record, and a home test beside it.

use crate::hearts::{request, samples, sinus, ID};
use pqrst::device::polar::{self, encode_ecg};
use pqrst::device::reading::{Panel, Quantity};
use pqrst::device::{battery, blood_pressure, heart_rate, pulse_oximeter, Input, Uuid};
use pqrst::pipeline::TestKind;
use pqrst::quality::Outcome;
use pqrst::session::{LinkId, Session, SessionEvent, State};
use pqrst::units::{DeviceTime, HostTime};

/// SpO2 97 %, pulse 62, told all the time.
const OXYGEN: [u8; 5] = [0x00, 97, 0, 62, 0];

fn states(session: &mut Session) -> Vec<State> {
    let state = |event| match event {
        SessionEvent::State(change) => Some(change.state),
        _ => None,
    };
    std::iter::from_fn(|| session.next_event()).filter_map(state).collect()
}

fn connect(session: &mut Session, link: LinkId, services: &[Uuid], at: f64) {
    session.input(link, Input::Connected { services, now: HostTime(at) });
}

fn hear(session: &mut Session, link: LinkId, characteristic: Uuid, bytes: &[u8], at: f64) {
    session.input(link, Input::Notification { characteristic, bytes, received: HostTime(at) });
}

/// Frames of an H10 with their arrival.
fn frames(ecg: &[f32]) -> impl Iterator<Item = (Vec<u8>, f64)> + '_ {
    ecg.chunks(73).enumerate().map(|(k, chunk)| {
        let last = (k * 73 + chunk.len()) as f64 / 130.0;
        let samples: Vec<i32> = chunk.iter().map(|x| *x as i32).collect();
        (encode_ecg(DeviceTime(1 + (last * 1e9) as u64), &samples), 1000.0 * last)
    })
}

#[test]
fn an_oximeter_beside_a_strap_adds_readings_and_disturbs_nothing() {
    let ecg = samples(&sinus(2, 81.0), 130.0, 40.0);
    let strap_services = [polar::SERVICE, heart_rate::SERVICE];
    let report = |beside: bool, oximeter_first: bool| {
        let mut session = Session::new(request(TestKind::Rest30s));
        let (mut strap, mut oximeter) = (LinkId::FIRST, LinkId::FIRST);
        if oximeter_first {
            connect(&mut session, oximeter, &[pulse_oximeter::SERVICE], 0.0);
            strap = session.add_link().unwrap();
        } else if beside {
            oximeter = session.add_link().unwrap();
        }
        session.driver_state(strap, State::Connecting, None);
        connect(&mut session, strap, &strap_services, 1.0);
        if beside && !oximeter_first {
            session.driver_state(oximeter, State::Choosing, None);
            connect(&mut session, oximeter, &[pulse_oximeter::SERVICE], 2.0);
        }
        for (k, (bytes, at)) in frames(&ecg).enumerate() {
            hear(&mut session, strap, polar::DATA, &bytes, at + 10.0);
            if beside {
                hear(&mut session, oximeter, pulse_oximeter::CONTINUOUS, &OXYGEN, at + 11.0);
            }
            if beside && k == 30 {
                // The second device goes away and comes back: no news of the test.
                session.input(oximeter, Input::Disconnected { received: HostTime(at + 12.0) });
                session.driver_state(oximeter, State::Failed, Some("transport.lost"));
                connect(&mut session, oximeter, &[pulse_oximeter::SERVICE], at + 13.0);
            }
        }
        let states = states(&mut session);
        (session.finish(ID), states)
    };
    let (alone, alone_states) = report(false, false);
    assert_eq!(alone.verdict.kind, Outcome::Usable);
    for oximeter_first in [false, true] {
        let (both, states) = report(true, oximeter_first);
        assert_eq!((&both.beats, &both.gaps, &both.verdict), (&alone.beats, &alone.gaps, &alone.verdict));
        assert_eq!(both.transport, alone.transport, "the strap's own link");
        let skip = usize::from(oximeter_first);
        assert_eq!(states[skip..], alone_states[..], "{states:?}");
        let [row] = &both.readings[..] else { panic!("{:?}", both.readings) };
        assert_eq!((row.panel, row.values[0].value), (Panel::PulseOximetry, 97.0));
        assert!(row.count > 40 && row.before_end_s < 10.0, "{row:?}");
    }
}

#[test]
fn a_home_test_alone_is_reported_and_is_not_called_silent() {
    let mut session = Session::new(request(TestKind::Monitor));
    connect(&mut session, LinkId::FIRST, &[blood_pressure::SERVICE], 0.0);
    for quarter in 0..400 {
        session.tick(HostTime(250.0 * f64::from(quarter)));
    }
    // 120 over 80, without time, pulse or user.
    hear(&mut session, LinkId::FIRST, blood_pressure::MEASUREMENT, &[0x00, 120, 0, 80, 0, 93, 0], 100_000.0);
    session.tick(HostTime(130_000.0));
    let silent =
        |event: &SessionEvent| matches!(event, SessionEvent::State(s) if s.code == Some("device.silent"));
    let events: Vec<SessionEvent> = std::iter::from_fn(|| session.next_event()).collect();
    assert!(!events.iter().any(silent));
    assert!(events.iter().any(|event| matches!(event, SessionEvent::Measurement(_))));
    let report = session.finish(ID);
    assert_eq!(report.readings.len(), 1);
    let row = &report.readings[0];
    assert_eq!((row.values[0].quantity, row.values[0].value), (Quantity::Systolic, 120.0));
    assert_eq!((row.count, row.before_end_s), (1, 30.0));
    assert_eq!(report.verdict.kind, Outcome::NoVerdict);
}

#[test]
fn contact_is_told_as_a_share() {
    let mut session = Session::new(request(TestKind::Monitor));
    connect(&mut session, LinkId::FIRST, &[heart_rate::SERVICE], 0.0);
    for second in 0..100 {
        let contact = if (40..70).contains(&second) { 0x04 } else { 0x06 };
        let at = 1000.0 * f64::from(second);
        hear(&mut session, LinkId::FIRST, heart_rate::MEASUREMENT, &[contact, 72], at);
    }
    session.tick(HostTime(100_000.0));
    let report = session.finish(ID);
    assert_eq!(report.contact_percent, Some(70.0));
    assert_eq!(pqrst::summary::Summary::from(&report).transport.contact_percent, Some(70));
}

#[test]
fn charge_and_contact_of_the_second_device_are_told_and_are_not_the_records() {
    let mut session = Session::new(request(TestKind::Rest30s));
    let (strap, sensor) = (LinkId::FIRST, session.add_link().unwrap());
    connect(&mut session, strap, &[polar::SERVICE, heart_rate::SERVICE, battery::SERVICE], 0.0);
    hear(&mut session, strap, polar::DATA, &encode_ecg(DeviceTime(1_000_000), &[100; 73]), 600.0);
    hear(&mut session, strap, battery::LEVEL, &[80], 700.0);
    connect(&mut session, sensor, &[heart_rate::SERVICE, battery::SERVICE], 800.0);
    hear(&mut session, sensor, battery::LEVEL, &[7], 900.0);
    // 60 a minute, contact supported and lost.
    hear(&mut session, sensor, heart_rate::MEASUREMENT, &[0b100, 60], 1000.0);
    let told: Vec<SessionEvent> = std::iter::from_fn(|| session.next_event()).collect();
    let has = |event: SessionEvent| told.contains(&event);
    assert!(has(SessionEvent::Battery { percent: 80, beside: false }), "{told:?}");
    assert!(has(SessionEvent::Battery { percent: 7, beside: true }), "{told:?}");
    assert!(has(SessionEvent::Contact { contact: Some(false), beside: true }), "{told:?}");
    let report = session.finish(ID);
    assert_eq!(report.battery_percent, Some(80));
    assert_ne!(report.contact_percent, Some(0.0));
}
