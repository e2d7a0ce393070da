//! Whole tests with a virtual strap, from the link to the report.

use crate::hearts::{request, samples, sinus, ID};
use crate::host::Host;
use pqrst::device::{heart_rate, polar, Input};
use pqrst::export::fhir::{from_summary, VisitId};
use pqrst::pipeline::{Contact, Event, Limit, NullReason, Regularity, TestKind};
use pqrst::quality::{Outcome, VerdictReason};
use pqrst::session::{LinkId, SessionEvent, State};
use pqrst::signal::{DeviceClass, GapCause, IntervalSource};
use pqrst::simulate::{Options, Pulse, VirtualKind};
use pqrst::summary::Summary;
use pqrst::units::{BeatsPerMinute, HostTime, Milliseconds, Seconds};

/// Samples of an H10's frame.
const FRAME: u64 = 73;

fn pulse(bpm: f64) -> Options {
    Options { pulse: Pulse::Rate(BeatsPerMinute(bpm)), ..Options::default() }
}

/// A test with an H10 on a heart of 72 a minute whose own rate is wrong.
fn h10(test: TestKind, options: Options) -> Host {
    let ecg = samples(&sinus(11, 72.0), 250.0, 400.0);
    Host::new(request(test), VirtualKind::PolarH10, &ecg, 250.0, options)
}

#[test]
fn an_h10_goes_through_its_states_and_ends_by_itself() {
    let mut host = h10(TestKind::Rest30s, pulse(150.0));
    host.connect();
    host.run_to_the_end(60.0);
    assert_eq!(host.states(), [State::Contact, State::Settling, State::Recording, State::Finished]);
    let report = host.finish();
    assert_eq!(report.verdict.kind, Outcome::Usable, "{:?}", report.verdict);
    // The time asked for, to the end of the frame that completes it.
    assert!((30.0..30.7).contains(&report.duration_s), "{}", report.duration_s);
    assert_eq!(report.settled_s, 4.0);
    assert!(
        (report.heart_rate.mean_bpm.value.unwrap() - 72.0).abs() < 1.0,
        "the ECG's rate, not the strap's"
    );
    assert_eq!((report.device.class, report.source), (DeviceClass::ChestStrapEcg, IntervalSource::Ecg));
    assert!((report.sampling_rate_hz.unwrap() - 130.34).abs() < 0.05);
    assert_eq!((report.battery_percent, report.transport.bad_frames), (Some(100), 0));
    let progress: Vec<f64> = host
        .events
        .iter()
        .filter_map(|e| match e {
            SessionEvent::Progress { elapsed, length } => {
                assert_eq!(*length, Seconds(30.0));
                Some(elapsed.0)
            }
            _ => None,
        })
        .collect();
    assert!(progress.windows(2).all(|p| p[0] < p[1]) && progress.len() > 40, "{progress:?}");
    assert_eq!(progress.last(), Some(&30.0));
    let first_beat = host.pipeline().find_map(|e| match e {
        Event::Beat { time_s, .. } => Some(*time_s),
        _ => None,
    });
    assert!(first_beat.unwrap() < 2.0);
}

#[test]
fn nothing_is_recorded_after_the_end_and_the_strap_is_stopped() {
    let mut host = h10(TestKind::Rest30s, pulse(72.0));
    host.connect();
    host.run_to_the_end(60.0);
    let told = host.events.len();
    assert_eq!(host.session.state(), State::Finished);
    host.run(5.0);
    assert_eq!(host.events.len(), told, "nothing is told after the end");
    let report = host.finish();
    assert!(report.duration_s < 30.7, "{}", report.duration_s);
    host.session.stop(HostTime(host.now));
    host.carry_out();
    host.run(5.0);
    assert_eq!(host.finish(), report, "a second call gives the same report");
    assert_eq!(host.session.state(), State::Finished);
    // The stop command was written and answered: the strap streams no more.
    let mut late = Vec::new();
    host.strap.poll(HostTime(host.now + 5000.0), &mut late);
    assert!(late.iter().all(|n| n.characteristic != polar::DATA));
}

#[test]
fn a_session_that_is_over_is_not_opened_again() {
    let mut host = h10(TestKind::Rest30s, pulse(72.0));
    let empty = host.finish();
    assert_eq!((empty.verdict.kind, empty.duration_s), (Outcome::NoVerdict, 0.0));
    host.connect();
    host.run(10.0);
    assert_eq!(host.states(), [State::Finished]);
    assert_eq!(host.session.finish(ID), empty);
}

#[test]
fn loss_jitter_and_drift_leave_the_rate_and_show_in_the_counts() {
    let options =
        Options { loss_rate: 0.04, jitter: Milliseconds(300.0), drift_ppm: 200.0, seed: 5, ..pulse(40.0) };
    let mut host = h10(TestKind::Rest5min, options);
    host.connect();
    host.run_to_the_end(400.0);
    let report = host.finish();
    assert_eq!(report.verdict.kind, Outcome::Usable, "{:?}", report.verdict);
    assert!((report.heart_rate.mean_bpm.value.unwrap() - 72.0).abs() < 1.0);
    assert!(report.gaps.len() > 5 && report.gaps.iter().all(|gap| gap.cause == GapCause::FramesLost));
    assert_eq!(report.transport.samples_lost % FRAME, 0, "whole frames were lost");
    let lost: f64 = report.gaps.iter().map(|gap| gap.duration_s).sum();
    assert!((lost - report.transport.samples_lost as f64 / 130.34).abs() < 0.05);
    assert!((report.sampling_rate_hz.unwrap() - 130.34).abs() < 0.05);
    // The time asked for counts what was received.
    assert!((report.duration_s - lost - 300.0).abs() < 1.0, "{}", report.duration_s);
    let summary = Summary::from(&report);
    summary.check().unwrap();
    assert_eq!(summary.transport.loss_percent, (100.0 * lost / (300.0 + 4.0 + lost)).round() as u8);
    assert_eq!(summary.transport.sampling_rate_hz, Some(130));
}

#[test]
fn a_reconnect_continues_the_record_and_the_break_is_one_gap_of_its_length() {
    let mut host = h10(TestKind::Rest30s, pulse(72.0));
    host.connect();
    host.run(18.0);
    host.disconnect();
    let before = host.session.state();
    host.run(6.0);
    host.connect();
    assert_eq!((before, host.session.state()), (State::Reconnecting, State::Reconnecting), "no data yet");
    host.run_to_the_end(60.0);
    let changes = host.changes();
    let states = [
        State::Contact,
        State::Settling,
        State::Recording,
        State::Reconnecting,
        State::Recording,
        State::Finished,
    ];
    assert_eq!(host.states(), states);
    assert!(changes.contains(&(State::Reconnecting, Some("transport.disconnected"))));
    let report = host.finish();
    let broken: Vec<_> = report.gaps.iter().filter(|gap| gap.cause == GapCause::Disconnected).collect();
    assert_eq!((report.gaps.len(), broken.len()), (1, 1), "{:?}", report.gaps);
    // The strap starts anew with its next frame: true to within a frame.
    assert!((6.0 - 0.6..6.0 + 1.2).contains(&broken[0].duration_s), "{broken:?}");
    assert!(!broken[0].timing_unverified);
    assert_eq!(report.transport.reconnects, 1);
    assert!((report.transport.disconnected_s - 6.0).abs() < 1.2, "{:?}", report.transport);
    assert!((report.heart_rate.mean_bpm.value.unwrap() - 72.0).abs() < 1.0);
}

#[test]
fn a_link_that_does_not_come_back_leaves_what_was_recorded() {
    let mut host = h10(TestKind::Rest5min, pulse(72.0));
    host.connect();
    host.run(40.0);
    host.disconnect();
    host.run(20.0);
    assert_eq!(host.session.state(), State::Reconnecting);
    host.session.driver_state(LinkId::FIRST, State::Failed, Some("transport.lost"));
    let report = host.finish();
    assert_eq!(host.session.state(), State::Failed);
    assert!((34.0..37.0).contains(&report.duration_s), "{}", report.duration_s);
    assert_eq!(report.verdict.reasons, [VerdictReason::TooShort]);
    assert!((report.heart_rate.mean_bpm.value.unwrap() - 72.0).abs() < 1.0);
}

#[test]
fn a_break_before_any_signal_is_no_gap() {
    let mut host = h10(TestKind::Rest30s, pulse(72.0));
    host.connect();
    host.disconnect();
    host.run(3.0);
    host.connect();
    host.run_to_the_end(60.0);
    assert_eq!(host.session.state(), State::Finished);
    let report = host.finish();
    assert!(report.gaps.is_empty());
    assert_eq!(report.verdict.kind, Outcome::Usable);
}

#[test]
fn a_device_that_falls_silent_is_told_of() {
    let mut host = h10(TestKind::Rest5min, Options { loss_rate: 0.0, ..pulse(72.0) });
    host.connect();
    host.run(15.0);
    // The link stands and nothing comes: the strap is asked no more.
    let said = host.events.len();
    for _ in 0..100 {
        host.now += 250.0;
        host.session.tick(HostTime(host.now));
    }
    host.collect();
    let silent = |e: &SessionEvent| matches!(e, SessionEvent::State(c) if c.code == Some("device.silent"));
    assert_eq!(host.events[said..].iter().filter(|e| silent(e)).count(), 1);
}

#[test]
fn lost_contact_is_told_and_costs_the_time() {
    let mut host = h10(TestKind::Rest30s, pulse(72.0));
    host.connect();
    host.run(10.0);
    // The strap's own bit for skin contact: supported, and off.
    let characteristic = heart_rate::MEASUREMENT;
    let off = Input::Notification { characteristic, bytes: &[0x04, 72], received: HostTime(host.now) };
    host.session.input(LinkId::FIRST, off);
    host.mute = Some(characteristic);
    host.run_to_the_end(60.0);
    assert!(host
        .events
        .iter()
        .any(|e| matches!(e, SessionEvent::Contact { contact: Some(false), beside: false })));
    let report = host.finish();
    assert_eq!(report.contact, Contact::No);
    assert_eq!((report.verdict.kind, report.verdict.reasons[0]), (Outcome::Retake, VerdictReason::LeadOff));
}

#[test]
fn a_heart_rate_strap_goes_from_link_to_code() {
    let options = Options { jitter: Milliseconds(80.0), seed: 3, ..pulse(66.0) };
    let mut host = Host::new(request(TestKind::Rest5min), VirtualKind::HeartRate, &[], 130.0, options);
    host.connect();
    host.run_to_the_end(400.0);
    assert_eq!(host.states(), [State::Contact, State::Recording, State::Finished]);
    let report = host.finish();
    assert_eq!((report.device.class, report.source), (DeviceClass::HeartRateSensor, IntervalSource::Device));
    assert_eq!(report.verdict.kind, Outcome::Usable, "{:?}", report.verdict);
    assert!((report.heart_rate.mean_bpm.value.unwrap() - 66.0).abs() < 1.0);
    assert_eq!(report.rhythm.regularity, Regularity::Regular);
    assert!(report.hrv.rmssd_ms.value.is_some() && report.hrv.sdnn_ms.value.is_some());
    assert_eq!(
        (report.usable_s, report.filters, report.limits.as_slice()),
        (None, None, &[Limit::NoWaveform][..])
    );
    assert!(!host.pipeline().any(|e| matches!(e, Event::Ecg(_) | Event::Quality(_))));
    let summary = Summary::from(&report);
    summary.check().unwrap();
    assert_eq!(summary.quality.usable_percent, None);
    let bundle = serde_json::to_value(from_summary(&summary, VisitId([7; 16]), ID)).unwrap();
    assert_eq!(bundle.pointer("/entry/0/resource/code/coding/0/code").unwrap(), "8867-4");
}

#[test]
fn a_break_of_a_heart_rate_strap_is_a_gap_too() {
    let mut host = Host::new(request(TestKind::Rest30s), VirtualKind::HeartRate, &[], 130.0, pulse(66.0));
    host.connect();
    host.run(12.0);
    host.disconnect();
    host.run(8.0);
    host.connect();
    host.run_to_the_end(60.0);
    assert_eq!(host.session.state(), State::Finished);
    let report = host.finish();
    assert_eq!(report.gaps.len(), 1);
    assert!((report.gaps[0].duration_s - 9.0).abs() < 1.5, "{:?}", report.gaps);
    assert_eq!((report.gaps[0].cause, report.transport.reconnects), (GapCause::Disconnected, 1));
    assert!(report.limits.contains(&Limit::TimingUnverified));
    assert!(host.pipeline().any(|e| matches!(e, Event::Gap(_))));
    // 30 s were received besides.
    assert!((38.0..41.0).contains(&report.duration_s), "{}", report.duration_s);
    assert_eq!(report.hrv.rmssd_ms.reason, Some(NullReason::TooShort));
}
