//! Recordings for the evidence: a small reader of WFDB headers, signal formats 212 and 16, and annotations.
//! Found by `PQRST_DATA`, by default `../shared/data` seen from the project's root.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

/// The folder of the recordings, when it is there.
pub fn folder() -> Option<PathBuf> {
    let path = std::env::var_os("PQRST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    path.join("mitdb").is_dir().then_some(path)
}

/// The records of a database, from its `RECORDS` file.
pub fn records(folder: &Path) -> Vec<String> {
    let list = std::fs::read_to_string(folder.join("RECORDS")).unwrap();
    list.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
}

/// One channel of a record.
pub struct Channel {
    pub rate: f64,
    pub samples_uv: Vec<f32>,
}

/// Reads channel `number` of `folder/record`.
pub fn channel(folder: &Path, record: &str, number: usize) -> Channel {
    let header = std::fs::read_to_string(folder.join(format!("{record}.hea"))).unwrap();
    let mut lines = header.lines().filter(|l| !l.starts_with('#'));
    let first: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    let (signals, rate): (usize, f64) =
        (first[1].parse().unwrap(), first[2].split('/').next().unwrap().parse().unwrap());
    let line: Vec<&str> = lines.nth(number).unwrap().split_whitespace().collect();
    let gain_text = line[2].split('/').next().unwrap();
    let (gain, baseline) = match gain_text.split_once('(') {
        Some((g, b)) => (g.parse::<f32>().unwrap(), b.trim_end_matches(')').parse::<f32>().unwrap()),
        None => (gain_text.parse().unwrap(), line.get(4).map_or(0.0, |z| z.parse().unwrap())),
    };
    // A gain of 0 means the usual 200 units a millivolt.
    let gain = if gain == 0.0 { 200.0 } else { gain };
    let bytes = std::fs::read(folder.join(line[0])).unwrap();
    let all: Vec<i16> = match line[1] {
        "16" => bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect(),
        "212" => bytes.chunks_exact(3).flat_map(unpack_212).collect(),
        other => panic!("format {other}"),
    };
    let samples_uv = all
        .iter()
        .skip(number)
        .step_by(signals)
        .map(|v| (f32::from(*v) - baseline) * 1000.0 / gain)
        .collect();
    Channel { rate, samples_uv }
}

fn unpack_212(b: &[u8]) -> [i16; 2] {
    let sign = |v: u16| ((v << 4) as i16) >> 4;
    let (low, middle, high) = (u16::from(b[0]), u16::from(b[1]), u16::from(b[2]));
    [sign(low | (middle & 0x0f) << 8), sign(high | (middle & 0xf0) << 4)]
}

/// Annotations as (sample, code); see the WFDB manual, annot(5).
pub fn annotations(path: &Path) -> Vec<(u64, u8)> {
    let bytes = std::fs::read(path).unwrap();
    let (mut found, mut time, mut i) = (Vec::new(), 0_u64, 0);
    while i + 1 < bytes.len() {
        let word = u16::from_le_bytes([bytes[i], bytes[i + 1]]);
        let (code, interval) = ((word >> 10) as u8, u64::from(word & 0x3ff));
        i += 2;
        match code {
            0 if interval == 0 => break,
            59 => {
                let high = u32::from(u16::from_le_bytes([bytes[i], bytes[i + 1]]));
                let low = u32::from(u16::from_le_bytes([bytes[i + 2], bytes[i + 3]]));
                time = time.wrapping_add_signed(i64::from((high << 16 | low) as i32));
                i += 4;
            }
            60..=62 => {}
            63 => i += (interval as usize).div_ceil(2) * 2,
            _ => {
                time += interval;
                found.push((time, code));
            }
        }
    }
    found
}

/// The same signal at another rate: windowed-sinc interpolation, cut off below the lower Nyquist rate.
pub fn resample(samples: &[f32], from: f64, to: f64) -> Vec<f32> {
    let cut = (to / from).min(1.0) * 0.95;
    let half = (12.0 / cut).ceil() as i64;
    let count = (samples.len() as f64 * to / from).floor() as usize;
    (0..count)
        .map(|i| {
            let at = i as f64 * from / to;
            let centre = at.round() as i64;
            let (mut sum, mut weights) = (0.0, 0.0);
            for k in centre - half..=centre + half {
                let d = at - k as f64;
                let x = std::f64::consts::PI * d * cut;
                let sinc = if x.abs() < 1e-9 { 1.0 } else { x.sin() / x };
                let w = sinc * (0.5 + 0.5 * (std::f64::consts::PI * d / (half as f64 + 1.0)).cos());
                let k = k.clamp(0, samples.len() as i64 - 1) as usize;
                sum += w * f64::from(samples[k]);
                weights += w;
            }
            (sum / weights) as f32
        })
        .collect()
}
