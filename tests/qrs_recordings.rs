//! Invariance of the detector on recordings: what does not change the heart must not change its beats.

#![allow(clippy::expect_used)]

use pqrst::detect::Detector;
use pqrst::dsp::resample;
use pqrst::import::wfdb::{read_annotations, read_recording};
use pqrst::import::MemorySource;
use pqrst::units::Hertz;
use std::path::PathBuf;

/// Ten minutes are enough to see a difference.
const SECONDS: f64 = 600.0;

struct Record {
    name: &'static str,
    hz: f64,
    samples: Vec<f32>,
    beats: Vec<f64>,
}

fn record(name: &'static str) -> Option<Record> {
    let data = std::env::var_os("PQRST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let mut files = MemorySource::new();
    for ending in ["hea", "dat", "atr"] {
        let file = format!("{name}.{ending}");
        let Ok(bytes) = std::fs::read(data.join("mitdb").join(&file)) else {
            println!("SKIPPED: mitdb/{file} is not there; invariance on recordings is unproved");
            return None;
        };
        files.insert(&file, bytes);
    }
    let recording = read_recording(&files, &format!("{name}.hea")).expect("a readable record");
    let annotations = read_annotations(&files, &format!("{name}.atr")).expect("readable annotations");
    let lead = recording.leads.into_iter().next()?;
    let hz = lead.rate.get();
    assert_eq!(lead.checksum_agrees, Some(true), "{name}: every sample is read right");
    let beats = annotations.beats(lead.rate).map(|p| p.0 as f64 / hz).filter(|t| *t < SECONDS).collect();
    let samples = lead.samples_uv.into_iter().take((SECONDS * hz) as usize).collect();
    Some(Record { name, hz, samples, beats })
}

fn detect(hz: f64, samples: &[f32]) -> Vec<f64> {
    let mut detector = Detector::new(Hertz::new(hz).expect("a supported rate"));
    let mut peaks = Vec::new();
    detector.push(samples, &mut peaks);
    detector.finish(&mut peaks);
    peaks.iter().map(|p| p.at.0 / hz).collect()
}

/// Missed and false beats within 150 ms, in order of time.
fn errors(beats: &[f64], found: &[f64]) -> usize {
    let matched =
        |a: &[f64], b: &[f64]| a.iter().filter(|t| !b.iter().any(|u| (*t - u).abs() <= 0.15)).count();
    matched(beats, found) + matched(found, beats)
}

#[test]
fn rate_gain_sign_and_offset_leave_the_beats_alone() {
    for name in ["101", "119", "209", "223"] {
        let Some(record) = record(name) else { return };
        let plain = detect(record.hz, &record.samples);
        let allowed = errors(&record.beats, &plain) + 2;
        let check = |what: &str, found: &[f64]| {
            let n = errors(&record.beats, found);
            assert!(n <= allowed, "{} {what}: {n} errors of {} beats", record.name, record.beats.len());
            let moved = errors(&plain, found);
            assert!(moved <= 4, "{} {what}: {moved} beats differ", record.name);
        };
        assert!(allowed * 50 < record.beats.len(), "{}: {allowed}", record.name);
        for to in [100.0, 130.0, 130.34, 250.0, 500.0, 1000.0] {
            let x = resample(&record.samples, record.hz, to);
            check(&format!("at {to} Hz"), &detect(to, &x));
        }
        for (gain, offset) in [(0.3, 0.0), (5.0, 0.0), (-1.0, 0.0), (1.0, 8000.0), (-0.3, -20_000.0)] {
            let x: Vec<f32> = record.samples.iter().map(|x| gain * x + offset).collect();
            check(&format!("gain {gain}, offset {offset}"), &detect(record.hz, &x));
        }
    }
}
