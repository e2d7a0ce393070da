//! Breathing from the beats of synthetic ECG whose rate is known, and whether what is said of real records can be. No
//! recording here has a breathing signal beside it.

use super::records::Record;
use super::{intervals, rejected};
use crate::streamed::quantile;
use pqrst::detect::Detector;
use pqrst::hrv::{respiration, BreathBeat, NoRespiration};
use pqrst::signal::{NnInterval, RPeak};
use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{BeatsPerMinute, Hertz, Milliseconds, Seconds};
use serde_json::{json, Value};

/// Breaths a minute.
const RATES: [f64; 6] = [8.0, 10.0, 12.0, 15.0, 20.0, 24.0];

/// Depth of the breath in the height of the whole signal.
const DEPTHS: [f64; 4] = [0.0, 0.02, 0.05, 0.10];

pub fn report(records: &[Record], quiet: bool) -> Result<Value, String> {
    let mut rows = Vec::new();
    if !quiet {
        println!("breathing in synthetic ECG, two minutes at 250 Hz with noise 15 dB below, six rates of 8 to 24 a minute");
    }
    for depth in DEPTHS {
        let (mut off, mut told) = (Vec::new(), 0);
        for (seed, per_minute) in (1_u64..).zip(RATES) {
            let found = breathing(seed, per_minute, depth)?;
            if let Ok(found) = found {
                told += 1;
                off.push((found - per_minute).abs());
            }
        }
        let (median, most) = (quantile(&mut off, 0.5), quantile(&mut off, 1.0));
        if !quiet {
            println!(
                "  depth {:4.0} %: told {told} of {}, median error {median:.2}, largest {most:.2} a minute",
                100.0 * depth,
                RATES.len()
            );
        }
        rows.push(json!({ "depth": depth, "told": told, "of": RATES.len(), "medianError": finite(median), "largestError": finite(most) }));
    }
    let (mut rates, mut why) = (Vec::new(), Vec::new());
    for record in records {
        match respiration(&beats(&record.peaks, &record.detected_s)) {
            Ok(found) => rates.push((record.name.clone(), found.per_minute, found.confidence)),
            Err(reason) => why.push((record.name.clone(), reason)),
        }
    }
    if !quiet {
        let told: Vec<String> =
            rates.iter().map(|(name, rate, sure)| format!("{name} {rate:.1} ({sure:.2})")).collect();
        println!("  MIT-BIH records in sinus rhythm, half an hour, without a reference: {}", told.join(", "));
        println!(
            "  not told: {}",
            why.iter().map(|(name, why)| format!("{name} {why:?}")).collect::<Vec<_>>().join(", ")
        );
    }
    let told: Vec<Value> = rates
        .iter()
        .map(|(name, rate, sure)| json!({"record": name, "perMinute": rate, "confidence": sure}))
        .collect();
    let not: Vec<Value> =
        why.iter().map(|(name, why)| json!({"record": name, "reason": format!("{why:?}")})).collect();
    Ok(json!({ "synthetic": rows, "plausibility": told, "notTold": not }))
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// What is said of an ECG whose height breathes, without any breath in its intervals.
fn breathing(seed: u64, per_minute: f64, depth: f64) -> Result<Result<f64, NoRespiration>, String> {
    let rate = Hertz::new(250.0).map_err(|e| e.to_string())?;
    let ecg = EcgSynth::new(seed)
        .heart_rate(BeatsPerMinute(68.0))
        .variability(Milliseconds(0.0), Milliseconds(25.0), Milliseconds(15.0))
        .with(Noise::White(Level::SnrDb(15.0)))
        .render(rate, Seconds(120.0));
    let breath =
        |i: usize| 1.0 + depth * (core::f64::consts::TAU * per_minute / 60.0 * i as f64 / 250.0).sin();
    let samples: Vec<f32> =
        ecg.samples_uv.iter().enumerate().map(|(i, x)| (f64::from(*x) * breath(i)) as f32).collect();
    let (mut detector, mut peaks) = (Detector::new(rate), Vec::new());
    detector.push(&samples, &mut peaks);
    detector.finish(&mut peaks);
    let times: Vec<f64> = peaks.iter().map(|p| p.at.0 / 250.0).collect();
    Ok(respiration(&beats(&peaks, &times)).map(|found| found.per_minute))
}

/// Beats with the intervals that they end; what is no NN interval says nothing, nor does its beat's height.
fn beats(peaks: &[RPeak], times_s: &[f64]) -> Vec<BreathBeat> {
    let nn: Vec<NnInterval> = rejected(&intervals(times_s));
    let interval = |i: usize| i.checked_sub(1).and_then(|i| nn.get(i)).filter(|n| n.rejected.is_none());
    let beat = |(i, (peak, at)): (usize, (&RPeak, &f64))| BreathBeat {
        at: Seconds(*at),
        amplitude: interval(i).map(|_| peak.amplitude),
        nn: interval(i).map(|n| n.rr.rr),
    };
    peaks.iter().zip(times_s).enumerate().map(beat).collect()
}
