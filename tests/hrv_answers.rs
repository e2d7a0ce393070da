//! Whatever comes, variability, breathing and intervals have an answer, and every number is finite.

// Tests say what they expect, in their helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pqrst::hrv::{self, BreathBeat, HrvRecipe};
use pqrst::intervals::{measure, Circumstances, IntervalBeat, Intervals};
use pqrst::signal::{BeatClass, Fiducials, IntervalSource, NnInterval, NnRejection, RrInterval, Wave};
use pqrst::units::{Hertz, Microvolts, Milliseconds, SamplePlace, Seconds};
use proptest::prelude::*;

fn interval(end: f64, ms: f64, follows: bool) -> RrInterval {
    RrInterval { end: Seconds(end), rr: Milliseconds(ms), source: IntervalSource::Ecg, follows }
}

fn sound(nn: &[NnInterval]) {
    for recipe in HrvRecipe::ALL {
        for (name, value) in hrv::indices(nn, recipe).named() {
            assert!(value.is_none_or(f64::is_finite), "{} {name}: {value:?}", recipe.name());
        }
    }
    let bands = hrv::gapped_bands(nn);
    assert!(bands.is_none_or(|b| b.lf_ms2.is_finite() && b.hf_ms2.is_finite()), "{bands:?}");
}

fn all_sound(rr: &[RrInterval]) {
    sound(&hrv::reject(rr, |_, _| true));
    let corrected = hrv::correct(rr);
    sound(&corrected.nn);
    assert!((0.0..=1.0).contains(&corrected.share));
    assert!(corrected.nn.iter().filter(|n| hrv::is_nn(n)).all(|n| n.rr.rr.0 > 0.0 && n.rr.rr.0.is_finite()));
    let beats: Vec<BreathBeat> = rr
        .iter()
        .map(|rr| BreathBeat { at: rr.end, amplitude: Some(Microvolts(rr.rr.0 as f32)), nn: Some(rr.rr) })
        .collect();
    if let Ok(found) = hrv::respiration(&beats) {
        assert!(
            (6.0..=30.0).contains(&found.per_minute) && (0.0..=1.0).contains(&found.confidence),
            "{found:?}"
        );
    }
}

fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => 300.0..1500.0_f64,
        2 => Just(800.0),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(0.0), Just(-1.0), Just(1e300), Just(5e-324)],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_series_has_an_answer(series in prop::collection::vec((odd(), any::<bool>(), 0..40_u8), 0..600)) {
        let mut end = 0.0;
        let rr: Vec<RrInterval> = series
            .iter()
            .map(|&(ms, broken, hole)| {
                end += if ms.is_finite() && ms.abs() < 1e6 { ms / 1000.0 } else { 0.0 };
                end += if hole == 0 { 90.0 } else { 0.0 };
                interval(end, ms, !broken || hole > 0)
            })
            .collect();
        all_sound(&rr);
        // As they are, and all of them left out.
        sound(&rr.iter().map(|&rr| NnInterval { rr, rejected: None }).collect::<Vec<_>>());
        sound(&rr.iter().map(|&rr| NnInterval { rr, rejected: Some(NnRejection::Ectopic) }).collect::<Vec<_>>());
    }

    #[test]
    fn any_fiducials_have_an_answer(
        beats in prop::collection::vec((prop::array::uniform6(odd()), 0..5_usize, any::<bool>()), 0..40),
        rate in 50.0..2000.0_f64,
        flags in any::<(bool, bool)>(),
    ) {
        let at = |x: f64| Some(SamplePlace(x)).filter(|_| x != 800.0);
        let beat = |&([a, b, c, d, e, rr], class, usable): &([f64; 6], usize, bool)| IntervalBeat {
            fiducials: Fiducials {
                p: at(a).map(|onset| Wave { onset: Some(onset), peak: at(b), end: at(b) }),
                qrs_onset: at(b),
                qrs_end: at(c),
                t: at(d).map(|peak| Wave { onset: None, peak: Some(peak), end: at(e) }),
                p_chance: 0.5,
            },
            rr_before: Some(Milliseconds(rr)),
            class: BeatClass::ALL[class],
            usable,
        };
        let beats: Vec<IntervalBeat> = beats.iter().map(beat).collect();
        let (pacemaker, irregular) = flags;
        let found = measure(&beats, Circumstances { rate: Hertz::new(rate).unwrap(), pacemaker, irregular });
        finite(&found);
    }
}

fn finite(found: &Intervals) {
    for interval in [found.pr, found.qrs, found.qt].into_iter().flatten() {
        assert!(interval.median.0.is_finite() && interval.spread.0 >= 0.0, "{interval:?}");
    }
    if let Ok(qtc) = found.qtc {
        for ms in [qtc.bazett, qtc.fridericia, qtc.framingham, qtc.hodges] {
            assert!(ms.0.is_finite(), "{qtc:?}");
        }
    }
}

#[test]
fn nothing_one_second_equal_beats_and_a_day() {
    all_sound(&[]);
    all_sound(&[interval(1.0, 1000.0, false)]);
    let equal: Vec<RrInterval> = (0..500).map(|i| interval(f64::from(i) * 0.8, 800.0, i > 0)).collect();
    all_sound(&equal);
    let mut end = 0.0;
    let day: Vec<RrInterval> = (0..100_000)
        .map(|i| {
            let ms = 860.0 + 40.0 * (f64::from(i) * 0.3).sin() + f64::from((i % 97) * (i % 97) % 23);
            end += ms / 1000.0;
            interval(end, ms, i > 0)
        })
        .collect();
    sound(&hrv::reject(&day, |_, _| true));
    assert!(hrv::correct(&day).share < 0.01);
    let broken: Vec<RrInterval> =
        day.iter().take(2000).map(|rr| RrInterval { follows: false, ..*rr }).collect();
    all_sound(&broken);
}

/// What a package brings to an even rate is bounded, whatever the intervals claim to last.
#[test]
fn months_and_ages_have_no_spectrum() {
    let as_they_are = |rr: &[RrInterval]| -> Vec<NnInterval> {
        rr.iter().map(|&rr| NnInterval { rr, rejected: None }).collect()
    };
    let mut end = 0.0;
    let months: Vec<RrInterval> = (0..500_000)
        .map(|i| {
            let ms = 9_990.0 + f64::from(i % 7);
            end += ms / 1000.0;
            interval(end, ms, i > 0)
        })
        .collect();
    let nn = as_they_are(&months);
    for recipe in [HrvRecipe::Systole, HrvRecipe::Neurokit] {
        let found = hrv::indices(&nn[..40_000], recipe);
        assert!(found.rmssd_ms.is_some());
        assert_eq!(found.lf_hf.is_some(), recipe == HrvRecipe::Systole, "{}", recipe.name());
    }
    assert!(hrv::resampled(&nn).is_empty() && hrv::bands(&nn).is_none());
    sound(&as_they_are(&[interval(0.3, 300.0, false), interval(0.3, 1e300, false)]));
    let ages: Vec<RrInterval> = (0..8).map(|i| interval(1e18 * f64::from(i), 800.0, i > 0)).collect();
    sound(&as_they_are(&ages));
    all_sound(&ages);
}
