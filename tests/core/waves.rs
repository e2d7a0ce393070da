//! The waves of real beats against marks made by hand: lead II of a part of LUDB, beats as the detector finds them.

use crate::files::{channel, folder, records};
use pqrst::delineate::Delineator;
use pqrst::detect::Detector;
use pqrst::dsp::Strip;
use pqrst::import::wfdb::read_annotations;
use pqrst::import::MemorySource;
use pqrst::signal::Fiducials;
use pqrst::units::{Hertz, Seconds};
use std::path::Path;

/// Number of lead II in its record, and the ending of its marks.
const LEAD: (usize, &str) = (1, "ii");
/// One record in so many.
const PART: usize = 4;
/// A detection within this of a mark, in seconds, stands for it.
const WINDOW_S: f64 = 0.15;
/// Fiducials: what marks them, whether the mark before it, itself or the mark after it, and the largest standard
/// deviation of the errors, in milliseconds: a bit above what is measured. The model has seen these records; `eval
/// delineation --cross-validate` says what it is worth on others.
const BARS: [(&str, i64, f64); 7] = [
    ("P onset", -1, 12.0),
    ("P peak", 0, 7.0),
    ("P end", 1, 11.0),
    ("QRS onset", -1, 9.0),
    ("QRS end", 1, 13.0),
    ("T peak", 0, 10.0),
    ("T end", 1, 17.0),
];

/// Times of one fiducial, in seconds.
fn told(f: &Fiducials, name: &str, hz: f64) -> Option<f64> {
    let place = match name {
        "P onset" => f.p?.onset,
        "P peak" => f.p?.peak,
        "P end" => f.p?.end,
        "QRS onset" => f.qrs_onset,
        "QRS end" => f.qrs_end,
        "T peak" => f.t?.peak,
        _ => f.t?.end,
    };
    place.map(|p| p.0 / hz)
}

/// Times of the marks of one fiducial, in seconds.
fn marks(folder: &Path, record: &str, name: &str, side: i64, hz: f64) -> Vec<f64> {
    let file = format!("{record}.{}", LEAD.1);
    let mut files = MemorySource::new();
    files.insert(&file, std::fs::read(folder.join(&file)).unwrap());
    let all = read_annotations(&files, &file).unwrap().list;
    let kind = match name.as_bytes()[0] {
        b'P' => 'p',
        b'Q' => 'N',
        _ => 't',
    };
    let peaks = (0..all.len() as i64).filter(|i| all[*i as usize].code.mnemonic() == Some(kind));
    peaks.filter_map(|i| all.get((i + side) as usize)).map(|a| a.at.0 as f64 / hz).collect()
}

fn found(folder: &Path, record: &str) -> (Vec<Fiducials>, f64) {
    let signal = channel(folder, record, LEAD.0);
    let rate = Hertz::new(signal.rate).unwrap();
    let (mut detector, mut peaks) = (Detector::new(rate), Vec::new());
    detector.push(&signal.samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    let mut strip = Strip::new(rate, Seconds(12.0));
    strip.push(&signal.samples_uv);
    let (mut delineator, mut before) = (Delineator::new(), None);
    let mut beat = |i: usize| {
        let (r, after) = (peaks[i].at, peaks.get(i + 1).map(|p| p.at));
        delineator.beat(&strip, r, before.replace(r), after)
    };
    ((0..peaks.len()).map(&mut beat).collect(), signal.rate)
}

#[test]
fn waves_lie_where_people_marked_them() {
    let Some(folder) = folder().map(|f| f.join("ludb")).filter(|f| f.is_dir()) else {
        println!("SKIPPED: no recordings of LUDB beside the project (PQRST_DATA)");
        return;
    };
    let mut errors_ms = [const { Vec::new() }; BARS.len()];
    let mut missed = [0; BARS.len()];
    for record in records(&folder).iter().step_by(PART) {
        let (beats, hz) = found(&folder, record);
        for (k, (name, side, _)) in BARS.into_iter().enumerate() {
            for mark in marks(&folder, record, name, side, hz) {
                let errors = beats.iter().filter_map(|f| told(f, name, hz)).map(|t| t - mark);
                let nearest =
                    errors.filter(|e| e.abs() <= WINDOW_S).min_by(|a, b| a.abs().total_cmp(&b.abs()));
                errors_ms[k].extend(nearest.map(|e| 1000.0 * e));
                missed[k] += u32::from(nearest.is_none());
            }
        }
    }
    for (k, (name, _, bar)) in BARS.into_iter().enumerate() {
        let n = errors_ms[k].len() as f64;
        let mean = errors_ms[k].iter().sum::<f64>() / n;
        let sd = (errors_ms[k].iter().map(|e| (e - mean).powi(2)).sum::<f64>() / n).sqrt();
        println!("{name:10} {n} found, {} missed, {mean:+.1} +- {sd:.1} ms", missed[k]);
        assert!(n > 100.0 && f64::from(missed[k]) <= 0.02 * n, "{name}: {} of {n} missed", missed[k]);
        assert!(mean.abs() < 6.0 && sd < bar, "{name}: {mean:+.1} +- {sd:.1} ms");
    }
}
