//! The stream's law: any chunking gives the same windows bit for bit, and any input gets an answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pqrst::quality::{Assessor, Outcome, Received, TestRequest, Verdict, VerdictReason};
use pqrst::signal::{QualityReason, QualityWindow};
use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{Hertz, SampleCount, Seconds};
use proptest::prelude::*;

fn hz(rate: f64) -> Hertz {
    Hertz::new(rate).unwrap()
}

fn windows(samples_uv: &[f32], rate: f64) -> Vec<QualityWindow> {
    let (mut assessor, mut out) = (Assessor::new(hz(rate)), Vec::new());
    assessor.push(samples_uv, &mut out);
    assessor.finish(&mut out);
    out
}

/// The windows cover the input without a hole, and every score is a number from 0 to 1 that fits.
fn check(out: &[QualityWindow], total: u64) {
    let mut at = 0;
    for w in out {
        assert_eq!(w.start.0, at);
        at += w.length.0;
        assert!((0.0..=1.0).contains(&w.score) && w.usable == w.reasons.is_empty(), "{w:?}");
        assert_eq!(w.usable, w.score >= 0.5, "{w:?}");
    }
    assert_eq!(at, total);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn chunking_changes_nothing(
        rate in prop_oneof![Just(50.0), Just(130.0), Just(257.3), Just(360.0), Just(1000.0)],
        seed in 0_u64..1000,
        cuts in prop::collection::vec((0_usize..700, 0_u64..400), 1..40),
    ) {
        let ecg = EcgSynth::new(seed)
            .with(Noise::ElectrodeMotion(Level::SnrDb(6.0)))
            .render(hz(rate), Seconds(9.0)).samples_uv;
        let (mut whole, mut cut) = (Assessor::new(hz(rate)), Assessor::new(hz(rate)));
        let (mut a, mut b) = (Vec::new(), Vec::new());
        let mut at = 0;
        let mut total = 0;
        for (length, gap) in cuts {
            let end = (at + length).min(ecg.len());
            whole.push(&ecg[at..end], &mut a);
            // The same samples one by one and by threes, the same gap in two parts.
            for (i, part) in ecg[at..end].chunks(3).enumerate() {
                if i % 2 == 0 { cut.push(part, &mut b) } else { part.iter().for_each(|s| cut.push(&[*s], &mut b)) }
            }
            let gap = if gap > 200 { gap * 40 } else { 0 };
            whole.skip(SampleCount(gap), &mut a);
            cut.skip(SampleCount(gap / 3), &mut b);
            cut.skip(SampleCount(gap - gap / 3), &mut b);
            total += (end - at) as u64 + gap;
            at = end;
        }
        whole.finish(&mut a);
        cut.finish(&mut b);
        prop_assert_eq!(&a, &b);
        check(&a, total);
    }

    #[test]
    fn any_numbers_get_an_answer(
        rate in 50.0_f64..2000.0,
        samples in prop::collection::vec(prop_oneof![
            4 => -5000.0_f32..5000.0,
            1 => prop::num::f32::ANY,
            1 => Just(32767.0_f32),
            1 => Just(0.0_f32),
        ], 0..3000),
    ) {
        check(&windows(&samples, rate), samples.len() as u64);
    }
}

fn verdict(samples_uv: &[f32], rate: f64) -> Verdict {
    let windows = windows(samples_uv, rate);
    let request = TestRequest { asked: Some(Seconds(30.0)), retakes: 0 };
    Verdict::of(&Received::Ecg { windows: &windows, rate: hz(rate) }, &request)
}

#[test]
fn what_is_no_ecg_is_not_usable_and_is_called_by_its_name() {
    let n = 3900;
    let wave =
        |f: f64| -> Vec<f32> { (0..n).map(|i| (900.0 * (i as f64 / 130.0 * f).sin()) as f32).collect() };
    let white = EcgSynth::new(1).r_height(pqrst::units::Microvolts(0.0));
    let white = white.with(Noise::White(Level::Rms(pqrst::units::Microvolts(300.0))));
    let cases: Vec<(&str, Vec<f32>, VerdictReason)> = vec![
        ("zeros", vec![0.0; n], VerdictReason::LeadOff),
        ("constant", vec![-731.0; n], VerdictReason::LeadOff),
        ("NaN", vec![f32::NAN; n], VerdictReason::TransportGap),
        ("infinite", vec![f32::INFINITY; n], VerdictReason::TransportGap),
        ("largest", vec![f32::MAX; n], VerdictReason::Saturation),
        ("rail", vec![32_767.0; n], VerdictReason::Saturation),
        (
            "two rails",
            (0..n).map(|i| if i / 97 % 2 == 0 { 5e3 } else { -5e3 }).collect(),
            VerdictReason::Saturation,
        ),
        ("ramp", (0..n).map(|i| i as f32 * 10.0).collect(), VerdictReason::LeadOff),
        ("drift", wave(1.0), VerdictReason::LeadOff),
        ("hum", wave(std::f64::consts::TAU * 50.0), VerdictReason::LeadOff),
        ("white noise", white.render(hz(130.0), Seconds(30.0)).samples_uv, VerdictReason::Noise),
    ];
    for (name, samples, reason) in cases {
        let v = verdict(&samples, 130.0);
        println!("{name}: {v:?}");
        assert_eq!((v.outcome, v.usable_s), (Outcome::Retake, 0.0), "{name}");
        assert_eq!(v.reasons.first(), Some(&reason), "{name}: {v:?}");
    }
}

#[test]
fn little_or_nothing_gets_an_answer() {
    assert_eq!(verdict(&[], 130.0).outcome, Outcome::NoVerdict);
    let second = EcgSynth::new(1).render(hz(130.0), Seconds(1.0)).samples_uv;
    let v = verdict(&second, 130.0);
    assert_eq!((v.outcome, v.reasons.first()), (Outcome::Retake, Some(&VerdictReason::TooShort)));
    assert_eq!(windows(&[1.0], 50.0).len(), 1);
}

#[test]
fn an_endless_gap_is_one_window_and_takes_no_time() {
    let (mut assessor, mut out) = (Assessor::new(hz(130.0)), Vec::new());
    assessor.push(&[0.0; 300], &mut out);
    assessor.skip(SampleCount(u64::MAX), &mut out);
    assessor.push(&[0.0; 300], &mut out);
    assessor.finish(&mut out);
    assert!(out.iter().any(|w| w.length.0 > 1 << 60 && w.reasons == [QualityReason::TransportGap]));
    assert!(out.len() < 10);
}

#[test]
fn a_window_leaves_within_its_stated_delay() {
    let rate = hz(250.0);
    let ecg = EcgSynth::new(1).render(rate, Seconds(20.0)).samples_uv;
    let (mut assessor, mut out) = (Assessor::new(rate), Vec::new());
    for (i, sample) in ecg.iter().enumerate() {
        assessor.push(&[*sample], &mut out);
        let known = out.last().map_or(0, |w| w.start.0 + w.length.0);
        assert!(i as u64 + 1 < known + assessor.delay().0 + assessor.window().0 + 1);
    }
    assert_eq!(assessor.delay().0, 1000);
}
