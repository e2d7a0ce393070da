//! What the detector promises, on an ECG made here with known R peaks and on whatever input may come.

#![allow(clippy::expect_used)]

use pqrst::detect::Detector;
use pqrst::signal::RPeak;
use pqrst::units::{Hertz, SampleCount};
use proptest::prelude::*;

/// P, Q, R, S and T as Gaussians: (seconds from the R peak, microvolts, width in seconds).
const WAVES: [(f64, f64, f64); 5] = [
    (-0.17, 120.0, 0.022),
    (-0.028, -110.0, 0.008),
    (0.0, 1100.0, 0.010),
    (0.028, -220.0, 0.009),
    (0.26, 280.0, 0.045),
];

/// An ECG of `seconds` and its R peaks in seconds: about 70 beats a minute with respiratory variation.
fn ecg(rate_hz: f64, seconds: f64) -> (Vec<f32>, Vec<f64>) {
    let mut beats = Vec::new();
    let mut t = 0.45;
    while t < seconds - 0.2 {
        beats.push(t);
        t += 0.85 + 0.06 * (std::f64::consts::TAU * 0.23 * t).sin();
    }
    let samples = (0..(seconds * rate_hz) as usize)
        .map(|i| {
            let now = i as f64 / rate_hz;
            let near = beats.iter().filter(|b| (now - **b).abs() < 0.6);
            let sum: f64 = near
                .flat_map(|b| {
                    WAVES.map(|(at, height, width)| height * (-0.5 * ((now - b - at) / width).powi(2)).exp())
                })
                .sum();
            sum as f32
        })
        .collect();
    (samples, beats)
}

fn rate(hz: f64) -> Hertz {
    Hertz::new(hz).expect("a supported rate")
}

fn detect(hz: f64, samples: &[f32]) -> Vec<RPeak> {
    let mut detector = Detector::new(rate(hz));
    let mut peaks = Vec::new();
    detector.push(samples, &mut peaks);
    detector.finish(&mut peaks);
    peaks
}

/// Every beat is found, nothing else, and each within `tolerance_ms`.
fn assert_found(peaks: &[RPeak], beats: &[f64], hz: f64, tolerance_ms: f64, what: &str) {
    let found: Vec<f64> = peaks.iter().map(|p| p.at.0 / hz).collect();
    assert_eq!(found.len(), beats.len(), "{what}: {found:.2?} for {beats:.2?}");
    for (found, beat) in found.iter().zip(beats) {
        let off = (found - beat).abs() * 1000.0;
        assert!(off <= tolerance_ms, "{what}: off by {off:.2} ms at {beat:.2} s");
    }
}

#[test]
fn every_beat_is_found_from_the_first_at_every_rate() {
    for hz in [50.0, 80.0, 100.0, 125.0, 130.0, 130.34, 200.0, 250.0, 256.0, 360.0, 500.0, 1000.0, 2000.0] {
        let (samples, beats) = ecg(hz, 40.0);
        // At the lowest rates a QRS has two samples: the place is known to a fraction of their distance.
        let tolerance = if hz < 100.0 { 0.3 * 1000.0 / hz } else { 2.0 };
        assert_found(&detect(hz, &samples), &beats, hz, tolerance, &format!("{hz} Hz"));
    }
}

#[test]
fn gain_sign_offset_and_drift_do_not_matter() {
    let hz = 130.0;
    let (samples, beats) = ecg(hz, 60.0);
    let drift = |i: usize| 800.0 * (std::f64::consts::TAU * 0.2 * i as f64 / hz).sin() as f32;
    for gain in [0.3_f32, 1.0, 5.0, -0.3, -1.0, -5.0] {
        for offset in [0.0, 9_000.0, -15_000.0] {
            let changed: Vec<f32> = samples.iter().map(|x| gain * x + offset).collect();
            let what = format!("gain {gain}, offset {offset}");
            assert_found(&detect(hz, &changed), &beats, hz, 2.0, &what);
            let wandering: Vec<f32> = changed.iter().enumerate().map(|(i, x)| x + drift(i) * gain).collect();
            assert_found(&detect(hz, &wandering), &beats, hz, 6.0, &format!("{what}, wandering"));
        }
    }
}

#[test]
fn amplitudes_are_signed_heights_over_the_baseline() {
    let (samples, _) = ecg(500.0, 20.0);
    for sign in [1.0_f32, -1.0] {
        let peaks = detect(500.0, &samples.iter().map(|x| sign * x + 3_000.0).collect::<Vec<_>>());
        assert!(peaks.iter().all(|p| (p.amplitude.0 * sign - 1050.0).abs() < 150.0));
    }
}

#[test]
fn the_first_beats_after_the_start_and_after_a_hole_are_not_lost() {
    let hz = 250.0;
    let (samples, beats) = ecg(hz, 30.0);
    // 1.7 s and 9 s are missing.
    for hole in [425_usize, 2250] {
        let start = 3000;
        let mut detector = Detector::new(rate(hz));
        let mut peaks = Vec::new();
        detector.push(&samples[..start], &mut peaks);
        detector.skip(SampleCount(hole as u64), &mut peaks);
        detector.push(&samples[start + hole..], &mut peaks);
        detector.finish(&mut peaks);
        let (from, to) = (start as f64 / hz, (start + hole) as f64 / hz);
        let there: Vec<f64> = beats.iter().copied().filter(|b| *b < from || *b >= to).collect();
        assert_found(&peaks, &there, hz, 4.0, &format!("hole of {hole}"));
    }
}

#[test]
fn reports_come_in_time() {
    let hz = 130.0;
    let (samples, beats) = ecg(hz, 120.0);
    let mut detector = Detector::new(rate(hz));
    let longest = detector.delay().0;
    assert!(longest <= 2.0, "{longest}");
    let mut waits = Vec::new();
    let mut peaks = Vec::new();
    for (i, sample) in samples.iter().enumerate() {
        detector.push(&[*sample], &mut peaks);
        waits.extend(peaks.drain(..).map(|p| (i as f64 - p.at.0) / hz));
    }
    assert!(waits.len() >= beats.len() - 3);
    // The first beat is reported within two seconds of the start of the record.
    assert!(waits[0] + beats[0] <= 2.0, "{}", waits[0] + beats[0]);
    assert!(waits.iter().all(|w| *w <= longest));
    waits.sort_by(f64::total_cmp);
    assert!(waits[waits.len() / 2] < 0.6, "median {}", waits[waits.len() / 2]);
}

#[test]
fn an_asystole_has_no_beats_and_beats_return_after_it() {
    let hz = 250.0;
    let (samples, beats) = ecg(hz, 60.0);
    // 5 s to 25 s flat with the steps of a converter.
    let flat: Vec<f32> = samples
        .iter()
        .enumerate()
        .map(|(i, x)| {
            if (1250..6250).contains(&i) {
                if i * i % 7 < 3 {
                    2.5
                } else {
                    -2.5
                }
            } else {
                *x
            }
        })
        .collect();
    let expected: Vec<f64> = beats.into_iter().filter(|b| !(4.9..25.1).contains(b)).collect();
    let peaks = detect(hz, &flat);
    let inside = peaks.iter().filter(|p| (5.2..24.8).contains(&(p.at.0 / hz))).count();
    assert_eq!(inside, 0);
    let found = |b: &&f64| peaks.iter().any(|p| (p.at.0 / hz - **b).abs() < 0.02);
    assert_eq!(expected.iter().filter(found).count(), expected.len());
}

#[test]
fn an_artefact_a_hundred_times_larger_costs_seconds_not_minutes() {
    let hz = 250.0;
    let (mut samples, beats) = ecg(hz, 60.0);
    for (i, x) in samples.iter_mut().enumerate().skip(2500).take(250) {
        *x += if i % 100 < 50 { 100_000.0 } else { -100_000.0 };
    }
    let peaks = detect(hz, &samples);
    for beat in beats.iter().filter(|b| **b < 9.5 || **b > 19.0) {
        assert!(peaks.iter().any(|p| (p.at.0 / hz - beat).abs() < 0.02), "beat at {beat:.2} s");
    }
}

#[test]
fn any_input_is_survived() {
    let spikes = [0.0, 20_000.0, -20_000.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN];
    let (mut holes, _) = ecg(250.0, 30.0);
    holes.iter_mut().skip(500).step_by(3).for_each(|x| *x = f32::NAN);
    let inputs: Vec<Vec<f32>> = vec![
        vec![],
        vec![1.0],
        vec![f32::NAN],
        vec![f32::NAN; 9000],
        vec![7.0; 9000],
        spikes.repeat(900),
        (0..9000).map(|i| if i / 700 % 2 == 0 { -20_000.0 } else { 20_000.0 }).collect(),
        (0..9000).map(|i| i as f32 * 1e5).collect(),
        holes,
    ];
    for hz in [50.0, 130.34, 2000.0] {
        for input in &inputs {
            let peaks = detect(hz, input);
            assert!(peaks.iter().all(|p| p.amplitude.0.is_finite()));
            assert!(peaks.iter().all(|p| p.at.0 >= 0.0 && p.at.0 < input.len() as f64));
            assert!(peaks.windows(2).all(|p| p[0].at < p[1].at));
        }
    }
    assert!(detect(250.0, &[7.0; 9000]).is_empty(), "a constant has no beats");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn chunks_do_not_matter(
        cuts in prop::collection::vec(1_usize..600, 1..12),
        hz in 50.0_f64..600.0,
        noise in 0.0_f32..400.0,
        seed in 1_u32..1_000_000,
        hole in 0_u64..2000,
    ) {
        let (mut samples, _) = ecg(hz, 20.0);
        let mut state = seed;
        for x in &mut samples {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *x += noise * (state as f32 / u32::MAX as f32 - 0.5);
            if state % 311 == 0 {
                *x = f32::NAN;
            }
        }
        let half = samples.len() / 2;
        let run = |sizes: &[usize]| {
            let mut detector = Detector::new(rate(hz));
            let mut peaks = Vec::new();
            let mut sizes = sizes.iter().cycle();
            for part in [&samples[..half], &samples[half..]] {
                let mut rest = part;
                while !rest.is_empty() {
                    let size = sizes.next().copied().unwrap_or(1);
                    let (now, later) = rest.split_at(size.min(rest.len()));
                    detector.push(now, &mut peaks);
                    rest = later;
                }
                detector.skip(SampleCount(hole), &mut peaks);
            }
            detector.finish(&mut peaks);
            peaks.iter().map(|p| (p.at.0.to_bits(), p.amplitude.0.to_bits())).collect::<Vec<_>>()
        };
        prop_assert_eq!(run(&[usize::MAX]), run(&cuts));
    }
}
