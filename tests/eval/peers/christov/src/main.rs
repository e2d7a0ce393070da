//! Runs the crate `qrs_detector` behind the preprocessing of its paper (I. Christov, "Real time electrocardiogram QRS
//! detection using combined adaptive threshold", BioMedical Engineering OnLine 3:28, 2004), as the crate expects.
//!
//! `christov FOLDER` goes through `FOLDER/signals` as `detect.py` does; `christov --time FILE RATE` prints the best time
//! of ten passes over one signal, in nanoseconds a sample.

use qrs_detector::sampling::SamplingFrequencyExt;
use qrs_detector::typenum::{U108, U12, U18, U39, U6, U75};
use qrs_detector::QrsDetector;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// The name of its folder.
const NAME: &str = "rust-qrs_detector";

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--time", file, rate] => time(Path::new(file), rate.parse().unwrap_or(360)),
        [folder] => detect(Path::new(folder)),
        _ => Err(std::io::Error::other("usage: christov FOLDER | --time FILE RATE")),
    }
}

fn detect(folder: &Path) -> std::io::Result<()> {
    for set in fs::read_dir(folder.join("signals"))? {
        let set = set?;
        let out = folder.join("found").join(NAME).join(set.file_name());
        fs::create_dir_all(&out)?;
        for signal in fs::read_dir(set.path())? {
            let signal = signal?.path();
            let found = places(&samples(&signal)?, 360);
            let lines: String = found.iter().map(|p| format!("{p}\n")).collect();
            fs::write(out.join(signal.file_name().unwrap_or_default()).with_extension("csv"), lines)?;
        }
    }
    Ok(())
}

fn time(file: &Path, rate_hz: usize) -> std::io::Result<()> {
    let samples = samples(file)?;
    let once = || {
        let started = Instant::now();
        std::hint::black_box(places(std::hint::black_box(&samples), rate_hz));
        started.elapsed().as_secs_f64() * 1e9 / samples.len() as f64
    };
    println!("{:.2}", (0..10).map(|_| once()).fold(f64::INFINITY, f64::min));
    Ok(())
}

fn samples(file: &Path) -> std::io::Result<Vec<f32>> {
    let bytes = fs::read(file)?;
    Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// Sample indices of the beats. The crate's buffers are 300 and 50 ms, told as types.
fn places(samples_uv: &[f32], rate_hz: usize) -> Vec<u32> {
    let mut steep = Steepness::new(rate_hz);
    macro_rules! run {
        ($maxima:ty, $signal:ty) => {{
            let mut detector = QrsDetector::<$maxima, $signal>::new(rate_hz.sps());
            samples_uv.iter().filter_map(|x| detector.update(steep.next(*x))).collect()
        }};
    }
    match rate_hz {
        130 => run!(U39, U6),
        250 => run!(U75, U12),
        360 => run!(U108, U18),
        _ => Vec::new(),
    }
}

/// The paper's signal: means over a mains period and over 28 ms, size of the slope, mean over 40 ms.
struct Steepness {
    mains: Mean,
    muscle: Mean,
    before: [f32; 2],
    slope: Mean,
}

impl Steepness {
    fn new(rate_hz: usize) -> Self {
        let mean = |seconds: f32| Mean::new((seconds * rate_hz as f32).round().max(1.0) as usize);
        Self { mains: mean(1.0 / 60.0), muscle: mean(0.028), before: [0.0; 2], slope: mean(0.04) }
    }

    fn next(&mut self, sample: f32) -> f32 {
        let smooth = self.muscle.next(self.mains.next(sample));
        let slope = (smooth - self.before[0]).abs();
        self.before = [self.before[1], smooth];
        self.slope.next(slope)
    }
}

/// Moving mean.
struct Mean {
    ring: Vec<f32>,
    at: usize,
    sum: f64,
}

impl Mean {
    fn new(length: usize) -> Self {
        Self { ring: vec![0.0; length], at: 0, sum: 0.0 }
    }

    fn next(&mut self, x: f32) -> f32 {
        self.sum += f64::from(x) - f64::from(self.ring[self.at]);
        self.ring[self.at] = x;
        self.at = (self.at + 1) % self.ring.len();
        (self.sum / self.ring.len() as f64) as f32
    }
}
