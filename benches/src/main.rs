//! Times every stage natively. `stages FOLDER` leaves the signals there for wasm and for others, and prints a line for
//! each stage and rate: `130 detector 35.12`, in nanoseconds a sample.

use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{Hertz, Microvolts, Milliseconds, Seconds};
use stages::{Pass, FRAME, RATES_HZ, STAGES, UNIT};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Length of the signals: a test of five minutes.
const LENGTH: Seconds = Seconds(300.0);
/// Passes of each stage, in turn with the others. The best counts: what else runs on the machine only adds.
const ROUNDS: usize = 20;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: stages FOLDER");
        return ExitCode::from(2);
    };
    for hz in RATES_HZ {
        let Ok(rate) = Hertz::new(hz) else { continue };
        let samples = signal(rate);
        let bytes: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
        if let Err(why) = std::fs::write(folder.join(format!("{hz}.f32")), bytes) {
            eprintln!("{}: {why}", folder.display());
            return ExitCode::from(3);
        }
        let mut best = [f64::INFINITY; STAGES.len()];
        for _ in 0..ROUNDS {
            for (stage, best) in STAGES.iter().zip(&mut best) {
                *best = best.min(once(stage, hz, &samples));
            }
        }
        for (stage, ns) in STAGES.iter().zip(best) {
            println!("{hz} {stage} {ns:.3}");
        }
    }
    ExitCode::SUCCESS
}

/// Some ectopic beats, a little noise and wander.
fn signal(rate: Hertz) -> Vec<f32> {
    EcgSynth::new(1)
        .variability(Milliseconds(40.0), Milliseconds(25.0), Milliseconds(10.0))
        .ectopic(0.05, 0.05)
        .with(Noise::White(Level::Rms(Microvolts(10.0))))
        .with(Noise::BaselineWander(Level::Rms(Microvolts(100.0))))
        .render(rate, LENGTH)
        .samples_uv
}

/// Nanoseconds a sample.
fn once(stage: &str, rate_hz: f64, samples: &[f32]) -> f64 {
    let started = Instant::now();
    let Some(mut pass) = Pass::new(stage, rate_hz) else { return f64::NAN };
    let piece = if stage == UNIT { samples.len() } else { FRAME };
    std::hint::black_box(samples).chunks(piece).for_each(|samples| pass.push(samples));
    pass.finish();
    started.elapsed().as_secs_f64() * 1e9 / samples.len() as f64
}
