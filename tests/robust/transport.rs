//! Gaps in every place, a sparse day, and sensors that send nonsense.

use crate::signals::ecg;
use crate::sound::{check, check_events, hear, pipeline, Piece, ID};
use pqrst::pipeline::{Context, Event, NullReason, Pipeline, Request, TestKind};
use pqrst::quality::Outcome;
use pqrst::signal::IntervalSource;
use pqrst::units::{HostTime, Milliseconds};
use proptest::prelude::*;

#[test]
fn gaps_between_every_two_samples_leave_nothing_to_say() {
    for hz in [50.0, 130.0, 1000.0] {
        for (length, gap) in [(1, 1), (1, 3), (2, 1), (1, 1000)] {
            let heart = ecg(hz, 10.0);
            let pieces: Vec<Piece> = heart
                .chunks(length)
                .enumerate()
                .map(|(i, piece)| (piece.to_vec(), Some((i * (length + gap)) as f64 / hz)))
                .take(700)
                .collect();
            let what = format!("{length} samples and {gap} missing at {hz} Hz");
            let heard = hear(hz, &pieces, &[usize::MAX]);
            check(&heard.report, &what);
            check_events(&heard, pieces.iter().map(|(piece, _)| piece.len()).sum(), &what);
            assert_eq!(heard.report.gaps.len(), pieces.len() - 1, "{what}");
            assert_ne!(heard.report.verdict.kind, Outcome::Usable, "{what}");
            assert!(heard.report.heart_rate.mean_bpm.value.is_none(), "{what}");
        }
    }
}

#[test]
fn gaps_back_to_back_and_at_the_ends_are_told_and_end_the_live_rate() {
    let hz = 130.0;
    let heart = ecg(hz, 30.0);
    let pieces = [
        (heart[..1].to_vec(), Some(50.0)),
        (heart[..2600].to_vec(), Some(60.0)),
        (heart[..1].to_vec(), Some(90.0)),
        (heart[..1].to_vec(), Some(91.0)),
        (heart[..2600].to_vec(), Some(95.0)),
        (heart[..1].to_vec(), Some(140.0)),
    ];
    let heard = hear(hz, &pieces, &[73]);
    check(&heard.report, "gaps");
    assert_eq!(heard.report.gaps.len(), 5);
    let mut shown = false;
    let mut ended = Vec::new();
    for event in &heard.events {
        match event {
            Event::HeartRate { .. } => shown = true,
            Event::NoHeartRate { reason } => {
                ended.push(*reason);
                shown = false;
            }
            Event::Beat { rr_ms: None, .. } => {
                assert!(!shown, "the first beat after a gap finds no old rate")
            }
            _ => {}
        }
    }
    assert!(ended.contains(&NullReason::NoSignal), "{ended:?}");
    assert!(!shown);
}

#[test]
fn a_sparse_day_is_one_record() {
    let hz = 130.0;
    let heart = ecg(hz, 12.0);
    let pieces: Vec<Piece> = (0..24).map(|hour| (heart.clone(), Some(f64::from(hour) * 3600.0))).collect();
    let heard = hear(hz, &pieces, &[73]);
    check(&heard.report, "a sparse day");
    assert!((heard.report.duration_s - (23.0 * 3600.0 + 12.0)).abs() < 0.1);
    assert_eq!(heard.report.gaps.len(), 23);
    assert!((heard.report.beats.len() as f64 / (24.0 * 12.0) - 1.0).abs() < 0.05);
    // Further ahead than a day is an error of the clock: refused, and the record goes on.
    let mut pipeline = pipeline(TestKind::Recording, hz);
    for start in [0.0, 1e5, f64::MAX, f64::NAN, f64::INFINITY, -1e300] {
        pipeline.push_samples(&heart, Some(pqrst::units::Seconds(start)));
    }
    let report = pipeline.finish(ID);
    check(&report, "starts beyond belief");
    assert!((report.duration_s - 12.0).abs() < 0.1, "{}", report.duration_s);
}

fn sensor(messages: &[(Option<f64>, Vec<f64>, f64)]) -> (pqrst::pipeline::Report, Vec<Event>) {
    let request =
        Request { test: TestKind::Rest30s, context: Context::default(), simulated: false, retakes: 0 };
    let mut pipeline = Pipeline::new(request);
    for (rate, rr, at) in messages {
        let rr: Vec<Milliseconds> = rr.iter().copied().map(Milliseconds).collect();
        pipeline.push_device_rate(*rate, &rr, HostTime(*at));
    }
    let report = pipeline.finish(ID);
    let events = pipeline.drain().collect();
    (report, events)
}

#[test]
fn a_sensor_that_sends_nonsense_gets_an_answer() {
    for (name, rate, rr) in [
        ("no rate", Some(0.0), vec![]),
        ("NaN", Some(f64::NAN), vec![f64::NAN]),
        ("infinity", Some(f64::INFINITY), vec![f64::INFINITY]),
        ("less than nothing", Some(-60.0), vec![-1000.0]),
        ("the largest number", Some(f64::MAX), vec![f64::MAX]),
        ("nothing at all", None, vec![]),
        ("intervals of nothing", Some(60.0), vec![0.0; 9]),
    ] {
        let messages: Vec<_> = (0..40).map(|s| (rate, rr.clone(), f64::from(s) * 1000.0)).collect();
        let (report, events) = sensor(&messages);
        check(&report, name);
        assert_ne!(report.verdict.kind, Outcome::Usable, "{name}");
        let odd = |e: &Event| matches!(e, Event::HeartRate { bpm, .. } if !(1.0..1000.0).contains(bpm));
        assert!(!events.iter().any(odd), "{name}: {events:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_messages_of_a_sensor_get_an_answer(
        messages in prop::collection::vec(
            (
                prop::option::of(prop_oneof![30.0_f64..220.0, any::<f64>()]),
                prop::collection::vec(prop_oneof![300.0_f64..1500.0, any::<f64>()], 0..5),
                prop_oneof![0.0_f64..60_000.0, any::<f64>()],
            ),
            0..60,
        ),
    ) {
        let (report, events) = sensor(&messages);
        check(&report, "any messages");
        for event in &events {
            if let Event::HeartRate { bpm, source } = event {
                prop_assert!(bpm.is_finite() && *bpm > 0.0 && *source == IntervalSource::Device);
            }
        }
    }
}
