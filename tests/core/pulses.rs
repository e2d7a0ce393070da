//! An optical sensor through a session: its pulse intervals reach the report, and the report says what they are.

use crate::hearts::{request, ID};
use pqrst::device::{polar, Action, DeviceChoice, Input};
use pqrst::pipeline::{Limit, TestKind};
use pqrst::session::{LinkId, Session, SessionEvent, State};
use pqrst::signal::IntervalSource;
use pqrst::summary::Summary;
use pqrst::units::HostTime;

/// A frame of pulse intervals: rate, interval and error in milliseconds, flags.
fn frame(intervals: &[(u8, u16, u16, u8)]) -> Vec<u8> {
    let mut bytes = vec![polar::PULSE_INTERVALS, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (rate, interval, error, flags) in intervals {
        bytes.push(*rate);
        bytes.extend(interval.to_le_bytes());
        bytes.extend(error.to_le_bytes());
        bytes.push(*flags);
    }
    bytes
}

/// A sensor without ECG that was linked, asked and has begun.
fn sensor() -> Session {
    let mut session = Session::new(request(TestKind::Rest5min));
    session.configure(&DeviceChoice { pulse_intervals: true, ..DeviceChoice::default() });
    let (control, data, now) = (polar::CONTROL_POINT, polar::DATA, HostTime(0.0));
    let mut input = |input| session.input(LinkId::FIRST, input);
    input(Input::Connected { services: &[polar::SERVICE], now });
    input(Input::Subscribed { characteristic: control, result: Ok(()), now });
    input(Input::ReadResult { characteristic: control, result: Ok(&[0x0F, 0x0E, 0]), now });
    input(Input::Subscribed { characteristic: data, result: Ok(()), now });
    input(Input::Notification { characteristic: control, bytes: &[0xF0, 2, 3, 0, 0], received: now });
    let written = std::iter::from_fn(|| session.next_action(LinkId::FIRST));
    assert!(written.into_iter().any(|a| matches!(a, Action::Write { bytes, .. } if bytes == [2, 3])));
    session
}

fn tell(session: &mut Session, intervals: &[(u8, u16, u16, u8)], at_ms: f64) {
    let (characteristic, received) = (polar::DATA, HostTime(at_ms));
    session.input(LinkId::FIRST, Input::Notification { characteristic, bytes: &frame(intervals), received });
}

#[test]
fn pulse_intervals_give_rate_and_variability_and_are_named_as_such() {
    let mut session = sensor();
    for heap in 1..=60_u32 {
        // Five seconds of pulses each; one in a heap of the middle was disturbed by movement.
        let pulse =
            |i: u32| (60, 1000 + 20 * ((heap + i) % 2) as u16, 10, 6 + u8::from(heap == 30 && i == 2));
        tell(&mut session, &[0, 1, 2, 3, 4].map(pulse), 25_000.0 + 5050.0 * f64::from(heap));
    }
    let report = session.finish(ID);
    assert_eq!(report.source, IntervalSource::Device);
    assert_eq!(report.limits, [Limit::NoWaveform, Limit::PulseIntervals]);
    let bpm = report.heart_rate.mean_bpm.value.unwrap();
    assert!((bpm - 59.4).abs() < 0.5, "{bpm}");
    assert!(report.gaps.is_empty(), "{:?}", report.gaps);
    assert_eq!(report.rr.len(), 60 * 5 - 1, "all but the disturbed one");
    let text = serde_json::to_string(&Summary::from(&report)).unwrap();
    assert!(text.contains("\"pulseIntervals\""));
}

#[test]
fn skin_contact_is_told_where_the_sensor_feels_it() {
    let mut session = sensor();
    tell(&mut session, &[(60, 1000, 10, 6), (60, 1000, 10, 6)], 30_000.0);
    tell(&mut session, &[(60, 1000, 10, 4)], 35_000.0);
    tell(&mut session, &[(60, 1000, 10, 0)], 40_000.0);
    let events = std::iter::from_fn(|| session.next_event()).collect::<Vec<_>>();
    let contacts: Vec<_> = events
        .iter()
        .filter_map(|e| if let SessionEvent::Contact { contact, .. } = e { Some(*contact) } else { None })
        .collect();
    assert_eq!(contacts, [Some(true), Some(false), None]);
    assert!(events
        .iter()
        .any(|e| matches!(e, SessionEvent::State(change) if change.state == State::Recording)));
}
