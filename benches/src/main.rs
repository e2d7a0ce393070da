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
/// Passes of each stage, in turn with the others. What else runs on the machine only adds, so the best counts: of each
/// part of the signal on its own, since hardly a whole pass goes undisturbed.
const ROUNDS: usize = 20;
const PARTS: usize = 60;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: stages FOLDER");
        return ExitCode::from(2);
    };
    let mut signals = Vec::new();
    for rate in RATES_HZ.iter().filter_map(|hz| Hertz::new(*hz).ok()) {
        let samples = signal(rate);
        let bytes: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
        if let Err(why) = std::fs::write(folder.join(format!("{}.f32", rate.get())), bytes) {
            eprintln!("{}: {why}", folder.display());
            return ExitCode::from(3);
        }
        signals.push((rate.get(), samples, [[f64::INFINITY; PARTS + 1]; STAGES.len()]));
    }
    for _ in 0..ROUNDS {
        for (hz, samples, best) in &mut signals {
            for (stage, best) in STAGES.iter().zip(best) {
                once(stage, *hz, samples, best);
            }
        }
    }
    for (hz, samples, best) in &signals {
        for (stage, ns) in STAGES.iter().zip(best) {
            println!("{hz} {stage} {:.3}", ns.iter().sum::<f64>() / samples.len() as f64);
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

/// A pass; `best` holds the least nanoseconds of each part so far, and of the end.
fn once(stage: &str, rate_hz: f64, samples: &[f32], best: &mut [f64; PARTS + 1]) {
    let mut since = Instant::now();
    let Some(mut pass) = Pass::new(stage, rate_hz) else { return };
    let length = samples.len().div_ceil(PARTS);
    let piece = if stage == UNIT { length } else { FRAME };
    let mut least = best.iter_mut();
    let mut stop = || {
        let took = since.elapsed().as_secs_f64() * 1e9;
        since = Instant::now();
        least.next().into_iter().for_each(|least| *least = least.min(took));
    };
    for part in std::hint::black_box(samples).chunks(length) {
        part.chunks(piece).for_each(|samples| pass.push(samples));
        stop();
    }
    pass.finish();
    stop();
}
