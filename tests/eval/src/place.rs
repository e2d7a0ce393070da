//! Where the R peak is put, on synthetic ECG whose truth is exact to the microsecond.

use crate::streamed::{quantile, told};
use crate::Options;
use pqrst::synth::{BeatLabel, EcgSynth, Level, Noise};
use pqrst::units::{BeatsPerMinute, Hertz, Microvolts, Milliseconds, Seconds};
use serde_json::{json, Value};

/// Rates of the signals.
const RATES_HZ: &[f64] = &[130.0, 250.0, 360.0, 500.0];
/// Length of each of the signals at a rate, in seconds.
const LENGTH_S: f64 = 300.0;
/// A detection this far from a beat is not of it, in seconds.
const NEAR_S: f64 = 0.15;

/// One kind of signal at one rate.
pub struct Line {
    pub what: &'static str,
    pub rate_hz: f64,
    /// Beats, and those of them that were found.
    pub beats: usize,
    pub found: usize,
    /// Mean of detection less truth, in milliseconds.
    pub bias_ms: f64,
    /// Median size of the same, and the size that 95 % do not exceed.
    pub median_ms: f64,
    pub p95_ms: f64,
}

/// Prints the table or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let lines = measure()?;
    if options.json {
        let line = |l: &Line| {
            json!({"signal": l.what, "samplingRateHz": l.rate_hz, "beats": l.beats, "found": l.found,
            "biasMs": l.bias_ms, "medianMs": l.median_ms, "p95Ms": l.p95_ms})
        };
        println!("{}", Value::Array(lines.iter().map(line).collect()));
        return Ok(());
    }
    println!("synthetic ECG                     Hz   beats   found  bias ms  median |ms|  95 % |ms|");
    for l in &lines {
        println!(
            "{:30} {:5} {:7} {:7} {:+8.3} {:12.3} {:10.3}",
            l.what, l.rate_hz, l.beats, l.found, l.bias_ms, l.median_ms, l.p95_ms
        );
    }
    Ok(())
}

/// Measures at every rate.
pub fn measure() -> Result<Vec<Line>, String> {
    let plain = |seed, rate| {
        EcgSynth::new(seed).heart_rate(BeatsPerMinute(rate)).variability(
            Milliseconds(40.0),
            Milliseconds(25.0),
            Milliseconds(10.0),
        )
    };
    let clean = [plain(1, 55.0), plain(2, 70.0), plain(3, 110.0)];
    let inverted = clean.clone().map(|s| s.r_height(Microvolts(-800.0)));
    let noisy = clean.clone().map(|s| {
        s.with(Noise::White(Level::Rms(Microvolts(20.0))))
            .with(Noise::BaselineWander(Level::Rms(Microvolts(150.0))))
    });
    let wide = clean.clone().map(|s| s.ectopic(0.15, 0.0));
    let mut lines = Vec::new();
    for hz in RATES_HZ {
        let rate = Hertz::new(*hz).map_err(|e| e.to_string())?;
        lines.push(line("clean", rate, &clean, BeatLabel::Normal));
        lines.push(line("R downwards", rate, &inverted, BeatLabel::Normal));
        lines.push(line("noise 20 uV, wander 150 uV", rate, &noisy, BeatLabel::Normal));
        lines.push(line("ventricular beats", rate, &wide, BeatLabel::Ventricular));
    }
    Ok(lines)
}

fn line(what: &'static str, rate: Hertz, signals: &[EcgSynth], label: BeatLabel) -> Line {
    let (mut beats, mut apart) = (0, Vec::new());
    for signal in signals {
        let ecg = signal.render(rate, Seconds(LENGTH_S));
        let found: Vec<f64> =
            told(&ecg.samples_uv, rate, &[]).iter().map(|beat| beat.at / rate.get()).collect();
        for truth in ecg.beats.iter().filter(|b| b.label == label && b.r.0 < LENGTH_S - NEAR_S) {
            beats += 1;
            let errors = found.iter().map(|t| t - truth.r.0).filter(|e| e.abs() < NEAR_S);
            apart.extend(errors.min_by(|a, b| a.abs().total_cmp(&b.abs())).map(|e| 1000.0 * e));
        }
    }
    let mut sizes: Vec<f64> = apart.iter().map(|e| e.abs()).collect();
    Line {
        what,
        rate_hz: rate.get(),
        beats,
        found: apart.len(),
        bias_ms: apart.iter().sum::<f64>() / apart.len() as f64,
        median_ms: quantile(&mut sizes, 0.5),
        p95_ms: quantile(&mut sizes, 0.95),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_peaks_are_placed_between_samples() {
        for l in measure().unwrap().iter().filter(|l| l.what == "clean") {
            assert_eq!(l.found, l.beats, "{} Hz", l.rate_hz);
            assert!(l.p95_ms <= 1.0, "{} Hz: 95 % within {:.3} ms", l.rate_hz, l.p95_ms);
        }
    }
}
