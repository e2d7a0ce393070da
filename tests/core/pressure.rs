//! A blood pressure monitor's rested series through a session, and the flags that it raises.

use crate::hearts::{request, samples, sinus, strap, ID};
use pqrst::device::blood_pressure::{self, NextReading, NotCounted};
use pqrst::device::{heart_rate, polar, Input, Uuid};
use pqrst::export::fhir::{from_summary, parse, VisitId};
use pqrst::pipeline::{Event, Pipeline, PressureStep, RedFlag, RedFlagLimits, Report, TestKind};
use pqrst::quality::Outcome;
use pqrst::session::{LinkId, Session, SessionEvent, State};
use pqrst::summary::{Summary, SummaryError};
use pqrst::units::{HostTime, Seconds};
use serde_json::{json, Value};

const SECOND: f64 = 1000.0;
const MINUTE: f64 = 60.0 * SECOND;

fn connect(session: &mut Session, services: &[Uuid], at: f64) {
    session.input(LinkId::FIRST, Input::Connected { services, now: HostTime(at) });
}

/// A reading without time, pulse or user; `moved` sets the bit of body movement.
fn measure(session: &mut Session, (systolic, diastolic): (u8, u8), moved: bool, at: f64) {
    let bytes = [u8::from(moved) << 4, systolic, 0, diastolic, 0, 95, 0, u8::from(moved), 0];
    let bytes = if moved { &bytes[..] } else { &bytes[..7] };
    let characteristic = blood_pressure::MEASUREMENT;
    session.input(LinkId::FIRST, Input::Notification { characteristic, bytes, received: HostTime(at) });
}

fn events(session: &mut Session) -> (Vec<PressureStep>, Vec<State>) {
    let (mut steps, mut states) = (Vec::new(), Vec::new());
    while let Some(event) = session.next_event() {
        match event {
            SessionEvent::Pipeline(Event::BloodPressure(step)) => steps.push(step),
            SessionEvent::State(change) => states.push(change.state),
            _ => {}
        }
    }
    (steps, states)
}

/// A whole sitting: a reading too early, one that was disturbed, and two that count.
fn sitting(first: (u8, u8), second: (u8, u8)) -> Session {
    let mut session = Session::new(request(TestKind::Rest30s));
    connect(&mut session, &[blood_pressure::SERVICE], 0.0);
    measure(&mut session, (151, 96), false, 2.0 * MINUTE);
    measure(&mut session, (150, 95), true, 5.2 * MINUTE);
    measure(&mut session, first, false, 5.9 * MINUTE);
    measure(&mut session, (149, 94), false, 6.2 * MINUTE);
    measure(&mut session, second, false, 7.0 * MINUTE);
    session
}

fn published(report: &Report) -> Value {
    serde_json::to_value(Summary::from(report)).unwrap()
}

#[test]
fn a_series_is_led_step_by_step_and_ends_the_test_of_a_monitor_alone() {
    let mut session = sitting((131, 85), (126, 82));
    let (steps, states) = events(&mut session);
    let told: Vec<_> = steps.iter().map(|step| (step.next, step.counted, step.not_counted)).collect();
    let (rest, again) =
        (NextReading::RestUntil(HostTime(5.0 * MINUTE)), NextReading::MeasureAfter(HostTime(6.9 * MINUTE)));
    assert_eq!(
        told,
        [
            (rest, 0, None),
            (rest, 0, Some(NotCounted::NotRested)),
            (rest, 0, Some(NotCounted::Disturbed)),
            (again, 1, None),
            (again, 1, Some(NotCounted::TooSoon)),
            (NextReading::Done, 2, None),
        ]
    );
    assert_eq!(steps.last().unwrap().mean, Some((128.5, 83.5, 2)));
    assert_eq!(states, [State::Contact, State::Finished]);

    let report = session.finish(ID);
    assert_eq!(report.verdict.kind, Outcome::NoVerdict, "no heart signal was asked for");
    assert_eq!(report.readings.len(), 5, "every reading is told");
    assert!(report.red_flags.is_empty());
    let series = &published(&report)["bloodPressure"];
    let mean = json!({
        "systolic": 129.0, "diastolic": 84.0, "readings": 2, "firstBeforeEndS": 66.0, "lastBeforeEndS": 0.0,
    });
    assert_eq!(series["mean"], mean);
    assert_eq!(
        series["notCounted"],
        json!([
            { "reason": "notRested", "readings": 1 },
            { "reason": "disturbed", "readings": 1 },
            { "reason": "tooSoon", "readings": 1 },
        ])
    );
}

#[test]
fn the_mean_is_an_observation_that_names_its_readings() {
    let summary = Summary::from(&sitting((131, 85), (126, 82)).finish(ID));
    let bundle = serde_json::to_value(from_summary(&summary, VisitId([7; 16]), ID)).unwrap();
    assert_eq!(parse(bundle.to_string().as_bytes()).unwrap().summary, summary);
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 1 + 5 + 1);
    let mean = &entries[6]["resource"];
    assert_eq!(mean["code"]["coding"][0]["code"], "96607-7");
    assert_eq!(mean["method"]["coding"][0]["code"], "restedSeries");
    let component = |i: usize| {
        let component = &mean["component"][i];
        (
            component["code"]["coding"][0]["code"].as_str().unwrap(),
            component["valueQuantity"]["value"].clone(),
        )
    };
    assert_eq!(component(0), ("96608-5", json!(129.0)));
    assert_eq!(component(1), ("96609-3", json!(84.0)));
    assert_eq!(component(2), ("readings", json!(2.0)));
    // The reading in between was too soon and does not count, though it was taken in between.
    let of = |i: usize| entries[i]["resource"]["identifier"][0].clone();
    let derived: Vec<Value> =
        mean["derivedFrom"].as_array().unwrap().iter().map(|of| of["identifier"].clone()).collect();
    assert_eq!(derived, [of(3), of(5)]);
    assert!(mean.get("effectiveDateTime").is_none());
}

#[test]
fn a_mean_beyond_a_limit_raises_a_flag_and_the_clinic_moves_the_limit() {
    let session = |first, second| sitting(first, second).end(ID);
    let flags =
        |report: &Report| report.red_flags.iter().map(|row| (row.flag, row.value)).collect::<Vec<_>>();
    let high = session((183, 100), (180, 98));
    assert_eq!(flags(&high.report()), [(RedFlag::PressureHigh, 181.5)]);
    let summary = published(&high.report());
    assert_eq!(summary["redFlags"][0]["value"], json!(182.0), "rounded away from the limit");
    assert_eq!(summary["redFlags"][0]["priority"], "high");
    let moved = RedFlagLimits { systolic_above: Some(190.0), ..RedFlagLimits::default() };
    assert!(flags(&high.report_within(&moved)).is_empty());
    let off = RedFlagLimits { systolic_above: None, diastolic_above: None, ..RedFlagLimits::default() };
    assert!(flags(&high.report_within(&off)).is_empty());
    assert_eq!(flags(&session((88, 50), (86, 52)).report()), [(RedFlag::PressureLow, 87.0)]);
}

#[test]
fn a_strap_before_the_monitor_counts_as_rest_and_its_own_test_ends_by_itself() {
    let mut session = Session::new(request(TestKind::Rest30s));
    connect(&mut session, &[polar::SERVICE, heart_rate::SERVICE], 0.0);
    let monitor = session.add_link().unwrap();
    let services = [blood_pressure::SERVICE];
    session.input(monitor, Input::Connected { services: &services, now: HostTime(3.0 * MINUTE) });
    assert!(session.patience(monitor) > session.patience(LinkId::FIRST));
    let (steps, _) = events(&mut session);
    assert_eq!(steps[0].next, NextReading::RestUntil(HostTime(5.0 * MINUTE)));
    for (bytes, at) in [([0_u8, 120, 0, 80, 0, 93, 0], 5.5), ([0_u8, 122, 0, 80, 0, 94, 0], 6.6)] {
        let characteristic = blood_pressure::MEASUREMENT;
        let received = HostTime(at * MINUTE);
        session.input(monitor, Input::Notification { characteristic, bytes: &bytes, received });
    }
    let (steps, states) = events(&mut session);
    assert_eq!(steps.last().unwrap().next, NextReading::Done);
    assert!(!states.contains(&State::Finished), "the heart's signal is still to come: {states:?}");
    assert_eq!(session.patience(monitor), session.patience(LinkId::FIRST), "nothing is waited for any more");
}

/// A strap and a monitor; the strap's half minute is over long before the series.
fn strap_beside_monitor() -> (Session, LinkId) {
    let mut session = Session::new(request(TestKind::Rest30s));
    connect(&mut session, &[polar::SERVICE, heart_rate::SERVICE], 0.0);
    let monitor = session.add_link().unwrap();
    session.input(monitor, Input::Connected { services: &[blood_pressure::SERVICE], now: HostTime(SECOND) });
    session.push_samples(&samples(&sinus(4, 70.0), 250.0, 40.0), 250.0, None).unwrap();
    (session, monitor)
}

#[test]
fn a_strap_beside_the_monitor_waits_for_the_series_and_records_no_longer_than_its_test() {
    let (mut session, monitor) = strap_beside_monitor();
    let (_, states) = events(&mut session);
    assert!(!states.contains(&State::Finished), "{states:?}");
    // The strap may go: its part is over.
    session.input(LinkId::FIRST, Input::Disconnected { received: HostTime(MINUTE) });
    session.push_samples(&samples(&sinus(4, 70.0), 250.0, 40.0), 250.0, None).unwrap();
    for (bytes, at) in [([0_u8, 120, 0, 80, 0, 93, 0], 5.5), ([0_u8, 122, 0, 80, 0, 94, 0], 6.6)] {
        let (characteristic, received) = (blood_pressure::MEASUREMENT, HostTime(at * MINUTE));
        session.input(monitor, Input::Notification { characteristic, bytes: &bytes, received });
    }
    let (steps, states) = events(&mut session);
    assert_eq!((steps.last().unwrap().next, states), (NextReading::Done, vec![State::Finished]));
    let report = session.finish(ID);
    assert!(report.blood_pressure.is_some() && report.readings.len() == 2);
    assert!((report.duration_s - 40.0).abs() < 0.1 && report.gaps.is_empty(), "{:?}", report.duration_s);
}

#[test]
fn a_monitor_that_is_gone_for_good_holds_nothing_up() {
    let (mut session, monitor) = strap_beside_monitor();
    session.driver_state(LinkId::FIRST, State::Failed, Some("transport.lost"));
    assert!(!session.state().is_over(), "the strap's part is over");
    session.driver_state(monitor, State::Failed, Some("transport.lost"));
    assert_eq!(session.state(), State::Finished);
    assert_eq!(session.finish(ID).verdict.kind, Outcome::Usable);
    // Before the strap's part is over its record goes on.
    let mut session = Session::new(request(TestKind::Rest30s));
    connect(&mut session, &[polar::SERVICE], 0.0);
    let monitor = session.add_link().unwrap();
    session.input(monitor, Input::Connected { services: &[blood_pressure::SERVICE], now: HostTime(SECOND) });
    session.driver_state(monitor, State::Failed, Some("transport.lost"));
    assert!(!session.state().is_over());
    session.push_samples(&samples(&sinus(4, 70.0), 250.0, 40.0), 250.0, None).unwrap();
    assert_eq!(session.state(), State::Finished);
}

#[test]
fn a_fast_heart_raises_a_flag_in_clear_signal_only() {
    let report = |bpm: f64, bare: bool| {
        let mut ecg = samples(&sinus(41, bpm), 130.0, 40.0);
        if bare {
            ecg.iter_mut().skip(1000).for_each(|sample| *sample = 0.0);
        }
        let mut pipeline = Pipeline::new(request(TestKind::Rest30s));
        pipeline.open_ecg(strap());
        pipeline.push_samples(&ecg, Some(Seconds(0.0)));
        pipeline.finish(ID)
    };
    let fast = report(170.0, false);
    let [row] = &fast.red_flags[..] else { panic!("{:?}", fast.red_flags) };
    assert_eq!(row.flag, RedFlag::RateAbove);
    assert!((row.value - 170.0).abs() < 3.0, "{row:?}");
    assert_eq!(Summary::from(&fast).check(), Ok(()));
    assert!(report(72.0, false).red_flags.is_empty());
    assert!(report(170.0, true).red_flags.is_empty(), "a flat line is no pause");
}

#[test]
fn a_series_or_flag_that_no_report_gives_is_refused() {
    let good = Summary::from(&sitting((183, 100), (180, 98)).finish(ID));
    assert_eq!(good.check(), Ok(()));
    let bent = |pointer: &str, value: Value| {
        let mut json = serde_json::to_value(&good).unwrap();
        *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        serde_json::from_value::<Summary>(json).unwrap().check()
    };
    use SummaryError::{Algorithm, Contradiction, List, Number};
    for (pointer, value, why) in [
        ("/bloodPressure/mean/systolic", json!(181.5), Number),
        ("/bloodPressure/mean/diastolic", json!(900.0), Number),
        ("/bloodPressure/mean/readings", json!(3), Number),
        ("/bloodPressure/mean/lastBeforeEndS", json!(500.0), Number),
        ("/bloodPressure/notCounted/0/readings", json!(0), List),
        ("/bloodPressure/notCounted/0/reason", json!("tooSoon"), List),
        ("/bloodPressure/algorithm", json!("redFlags/1"), Algorithm),
        ("/redFlags/0/value", json!(180.0), Number),
        ("/redFlags/0/limit", json!(179.99), Number),
        ("/redFlags/0/priority", json!("medium"), List),
        ("/redFlags/0/evidence", json!({ "startS": 0.0, "endS": 1.0 }), Contradiction),
        ("/redFlags/0/algorithm", json!("hrv.sd1/1"), Algorithm),
    ] {
        assert_eq!(bent(pointer, value), Err(why), "{pointer}");
    }
}
