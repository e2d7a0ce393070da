//! Odd signals at odd rates.

use crate::signals::{doubtful, ecg, hopeless, noise};
use crate::sound::{check, check_events, hear, heard, Piece};
use pqrst::pipeline::{NullReason, Regularity};
use pqrst::quality::Outcome;
use pqrst::units::{Hertz, UnitError};
use proptest::prelude::*;

#[test]
fn rates_outside_the_supported_ones_are_an_error_that_says_so() {
    for hz in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -130.0, 0.0, 1e-300, 49.999, 2000.001, f64::MAX] {
        let refused = Hertz::new(hz).unwrap_err();
        let UnitError::Rate { got, min, max } = refused else { panic!("{refused:?}") };
        assert!((min, max) == (50.0, 2000.0) && (got == hz || hz.is_nan()), "{hz}");
        assert_eq!(refused.to_string(), "the sampling rate is not supported here");
    }
}

#[test]
fn what_cannot_be_used_is_told_with_the_reason() {
    for hz in [50.0, 97.3, 130.0, 500.0, 2000.0] {
        for (name, samples) in hopeless(hz) {
            let what = format!("{name} at {hz} Hz");
            let heard = heard(hz, &samples);
            check(&heard.report, &what);
            check_events(&heard, samples.len(), &what);
            let report = &heard.report;
            assert_eq!(report.verdict.kind, Outcome::Retake, "{what}: {:?}", report.verdict);
            assert_eq!(report.rhythm.regularity, Regularity::CannotSay, "{what}");
            let why = report.heart_rate.mean_bpm.reason;
            assert!(
                matches!(why, Some(NullReason::PoorQuality | NullReason::TooFewBeats)),
                "{what}: {why:?}"
            );
            let rates = heard.events.iter().filter(|e| matches!(e, pqrst::pipeline::Event::HeartRate { .. }));
            assert_eq!(rates.count(), 0, "{what}: a live rate of nothing");
        }
    }
}

#[test]
fn what_may_look_like_something_gets_an_answer() {
    for hz in [50.0, 130.0, 360.0, 2000.0] {
        for (name, samples) in doubtful(hz) {
            let what = format!("{name} at {hz} Hz");
            let heard = heard(hz, &samples);
            check(&heard.report, &what);
            check_events(&heard, samples.len(), &what);
            if samples.len() < 3 {
                assert_ne!(heard.report.verdict.kind, Outcome::Usable, "{what}");
            }
        }
    }
}

#[test]
fn a_heart_is_found_at_every_rate() {
    for hz in [50.0, 61.7, 100.0, 130.0, 130.34, 200.0, 257.0, 360.0, 500.0, 1000.0, 2000.0] {
        let report = heard(hz, &ecg(hz, 31.0)).report;
        check(&report, &format!("{hz} Hz"));
        let mean = report.heart_rate.mean_bpm.value.unwrap();
        assert!((mean - 60.0).abs() < 0.5, "{mean} at {hz} Hz");
    }
}

/// A stretch of some kind, in whole samples.
fn stretch() -> impl Strategy<Value = (u8, usize, u64)> {
    (0_u8..9, 0_usize..1500, any::<u64>())
}

fn samples((kind, length, seed): (u8, usize, u64), hz: f64) -> Vec<f32> {
    let heart = || ecg(hz, 30.0).into_iter().skip(seed as usize % 500).take(length).collect();
    match kind {
        0..=2 => heart(),
        3 => vec![f32::NAN; length],
        4 => vec![f32::from_bits(seed as u32); length],
        5 => noise(seed).take(length).map(|x| 20_000.0 * x).collect(),
        6 => noise(seed).take(length).map(|x| if x > 0.0 { f32::MAX } else { f32::MIN }).collect(),
        7 => noise(seed)
            .take(length)
            .scan(0.0, |at, x| Some(*at + 30.0 * x).inspect(|new| *at = *new))
            .collect(),
        _ => noise(seed).take(length).map(|x| f32::from_bits((x.abs() * 1e9) as u32)).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_mixture_with_any_gaps_gets_the_same_sound_answer_however_divided(
        stretches in prop::collection::vec((stretch(), prop::option::of(0.0_f64..20.0)), 1..7),
        cuts in prop::collection::vec(1_usize..400, 1..8),
        hz in prop::sample::select(vec![50.0, 73.1, 130.0, 256.0, 360.0, 1999.0]),
    ) {
        let mut at = 0.0;
        let pieces: Vec<Piece> = stretches
            .into_iter()
            .map(|(kind, gap)| {
                let piece = samples(kind, hz);
                let start = gap.map(|gap| at + gap);
                at = start.unwrap_or(at) + piece.len() as f64 / hz;
                (piece, start)
            })
            .collect();
        let whole = hear(hz, &pieces, &[usize::MAX]);
        let divided = hear(hz, &pieces, &cuts);
        check(&whole.report, "a mixture");
        check_events(&whole, pieces.iter().map(|(piece, _)| piece.len()).sum(), "a mixture");
        let text = |report| serde_json::to_string(report).unwrap();
        prop_assert_eq!(text(&whole.report), text(&divided.report));
        prop_assert_eq!(whole.apart(), divided.apart());
    }
}
