//! Breathing from the beats of synthetic ECG whose rate is known, and whether what is said of hand-held recordings can be
//! (CinC 2017): no recording here has a breathing signal beside it. Tapes are no use: the rates of the MIT-BIH recorders
//! flutter at 0.167 Hz, ten times a minute, as the database's own description says, and ten a minute is what is found there.

use super::{intervals, rejected};
use crate::af::series::{cinc_labels, cinc_lead};
use crate::streamed::quantile;
use crate::{records, Options};
use pqrst::detect::Detector;
use pqrst::hrv::{respiration, BreathBeat, NoRespiration};
use pqrst::signal::{NnInterval, RPeak};
use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{BeatsPerMinute, Hertz, Milliseconds, Seconds};
use serde_json::{json, Value};

/// Breaths a minute.
const RATES: [f64; 6] = [8.0, 10.0, 12.0, 15.0, 20.0, 24.0];

/// Recordings of each label that are looked at.
const RECORDINGS: usize = 200;

/// Depth of the breath in the height of the whole signal.
const DEPTHS: [f64; 4] = [0.0, 0.02, 0.05, 0.10];

pub fn report(options: &Options) -> Result<Value, String> {
    let quiet = options.json;
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
    let folder = options.data.join("cinc2017");
    let mut real = Vec::new();
    if folder.exists() {
        let files = records::unpacked(&folder, "training2017_even.tar.xz")?;
        for (label, name) in [('N', "normal"), ('A', "fibrillation")] {
            let of_kind = cinc_labels(&folder)?.into_iter().filter(|(_, l)| *l == label).take(RECORDINGS);
            let (mut rates, mut why, mut all) = (Vec::new(), Vec::new(), 0);
            for (record, _) in of_kind {
                let lead = cinc_lead(&files, &record)?;
                match respiration(&heard(&lead.samples_uv, lead.rate)) {
                    Ok(found) => rates.push(found.per_minute),
                    Err(reason) => why.push(format!("{reason:?}")),
                }
                all += 1;
            }
            let told = rates.len();
            let quarters = [0.1, 0.5, 0.9].map(|share| quantile(&mut rates, share));
            why.sort_unstable();
            let why: Vec<String> =
                why.chunk_by(|a, b| a == b).map(|same| format!("{} {}", same[0], same.len())).collect();
            if !quiet {
                println!(
                    "  CinC 2017, {name}, no reference: told {told} of {all}, 10 % below {:.1}, median {:.1}, 90 % below {:.1} a minute; not: {}",
                    quarters[0],
                    quarters[1],
                    quarters[2],
                    why.join(", "),
                );
            }
            real.push(json!({ "label": name, "told": told, "of": all, "quantiles10_50_90": quarters.map(finite), "notTold": why }));
        }
    } else {
        eprintln!("SKIPPED breathing in recordings: none at {}", folder.display());
    }
    Ok(json!({ "synthetic": rows, "plausibility": real }))
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
    Ok(respiration(&heard(&samples, rate)).map(|found| found.per_minute))
}

/// The beats of a signal.
fn heard(samples_uv: &[f32], rate: Hertz) -> Vec<BreathBeat> {
    let (mut detector, mut peaks) = (Detector::new(rate), Vec::new());
    detector.push(samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    let times: Vec<f64> = peaks.iter().map(|p| p.at.0 / rate.get()).collect();
    beats(&peaks, &times)
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
