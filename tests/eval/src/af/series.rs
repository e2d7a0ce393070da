//! Series of RR intervals with the rhythm at every beat.

use crate::records;
use crate::streamed;
use pqrst::import::wfdb::Annotations;
use pqrst::import::{read, MemorySource};
use pqrst::signal::{BeatClass, IntervalSource, RrInterval};
use pqrst::units::{Hertz, Milliseconds, Seconds};
use std::path::Path;

/// Rate of the AF database, of which there are no signals here.
const AFDB_HZ: f64 = 250.0;
/// Annotation code of a change of rhythm.
const RHYTHM: u8 = 28;

/// What the reference says of a beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    Fibrillation,
    Flutter,
    Other,
}

/// Where a series comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    Afdb,
    Mitdb,
    Cinc,
    /// Drawn at random.
    Drawn,
}

/// The intervals of a record.
pub struct Series {
    pub name: String,
    pub set: Set,
    pub rr: Vec<RrInterval>,
    /// One for each interval: at the beat that closes it.
    pub truth: Vec<Truth>,
    /// Whether an interval begins or ends with a beat that our classifier calls ventricular (or a fusion).
    pub ventricular: Vec<bool>,
    /// Records of one fold are left out together.
    pub fold: usize,
}

impl Series {
    /// Whether any beat is in fibrillation.
    pub fn has_af(&self) -> bool {
        self.truth.contains(&Truth::Fibrillation)
    }
}

/// Records are dealt to so many parts.
pub const FOLDS: usize = 12;

/// The AF database: automatic beats, no signals; and MIT-BIH DS1 with the beats that our detector finds.
pub fn load(data: &Path) -> Result<Vec<Series>, String> {
    let mut all = Vec::new();
    let afdb = data.join("afdb");
    for name in records::list(&afdb, "qrs").ok_or("no recordings of afdb")? {
        let rate = Hertz::new(AFDB_HZ).map_err(|e| e.to_string())?;
        let beats = records::annotations(&afdb, &name, "qrs")?;
        let rhythms = records::annotations(&afdb, &name, "atr")?;
        let beats_s: Vec<f64> = beats.beats(rate).map(|at| at.0 as f64 / AFDB_HZ).collect();
        all.push(series(name, Set::Afdb, &beats_s, &changes(&rhythms, rate)));
    }
    let mitdb = data.join("mitdb");
    for name in records::list(&mitdb, "atr").ok_or("no recordings of mitdb")? {
        let lead = records::lead(&mitdb, &name, None)?;
        let rhythms = changes(&records::annotations(&mitdb, &name, "atr")?, lead.rate);
        let beats = crate::heard::beats(&lead.samples_uv, lead.rate);
        let beats_s: Vec<f64> = beats.iter().map(|beat| beat.r.at.0 / lead.rate.get()).collect();
        let v: Vec<bool> =
            beats.iter().map(|beat| matches!(beat.class, BeatClass::V | BeatClass::F)).collect();
        let mut own = series(name, Set::Mitdb, &beats_s, &rhythms);
        if own.rr.len() + 1 == v.len() {
            own.ventricular = v.windows(2).map(|pair| pair[0] || pair[1]).collect();
        }
        all.push(own);
    }
    for set in [Set::Afdb, Set::Mitdb] {
        all.iter_mut().filter(|s| s.set == set).enumerate().for_each(|(i, s)| s.fold = i % FOLDS);
    }
    Ok(all)
}

/// Labelled recordings of CinC 2017 with our beats, but for the noisy ones: one label for a whole recording.
pub fn cinc(data: &Path) -> Result<Vec<Series>, String> {
    let folder = data.join("cinc2017");
    let files = records::unpacked(&folder, "training2017_even.tar.xz")?;
    let mut all = Vec::new();
    for (name, label) in cinc_labels(&folder)? {
        if label == '~' {
            continue;
        }
        let lead = cinc_lead(&files, &name)?;
        let told = streamed::told(&lead.samples_uv, lead.rate, &[]);
        let beats_s: Vec<f64> = told.iter().map(|beat| beat.at / lead.rate.get()).collect();
        let truth = if label == 'A' { Truth::Fibrillation } else { Truth::Other };
        all.push(series(name, Set::Cinc, &beats_s, &[(0.0, truth)]));
    }
    all.iter_mut().enumerate().for_each(|(i, s)| s.fold = i % FOLDS);
    Ok(all)
}

/// The labels of CinC 2017 and what they stand for, in the order of `RhythmLabel::ALL`.
pub const CINC_LABELS: [(char, &str); 4] = [('N', "normal"), ('A', "af"), ('O', "other"), ('~', "noisy")];

/// Names and labels of the recordings of CinC 2017.
pub fn cinc_labels(folder: &Path) -> Result<Vec<(String, char)>, String> {
    let text = std::fs::read_to_string(folder.join("REFERENCE-v3.csv"))
        .map_err(|e| format!("{}: {e}", folder.display()))?;
    let row = |line: &str| {
        let (name, label) = line.trim().split_once(',')?;
        Some((name.to_owned(), label.chars().next()?))
    };
    Ok(text.lines().filter_map(row).collect())
}

/// The one lead of a recording of CinC 2017.
pub fn cinc_lead(files: &Path, name: &str) -> Result<pqrst::import::RecordedLead, String> {
    let name = format!("{name}.mat");
    let bytes = std::fs::read(files.join(&name)).map_err(|e| format!("{name}: {e}"))?;
    let mut source = MemorySource::new();
    source.insert(&name, bytes);
    let recording = read(&source, &name).map_err(|e| format!("{name}: {e}"))?;
    recording.lead(None).cloned().ok_or(format!("{name}: no lead"))
}

/// Changes of rhythm, in seconds.
fn changes(annotations: &Annotations, rate: Hertz) -> Vec<(f64, Truth)> {
    let told = annotations.list.iter().filter(|a| a.code.0 == RHYTHM);
    let truth = |text: &str| match text.trim_end_matches('\0') {
        "(AFIB" => Truth::Fibrillation,
        "(AFL" => Truth::Flutter,
        _ => Truth::Other,
    };
    told.map(|a| (annotations.place(a, rate).0 as f64 / rate.get(), truth(&a.text))).collect()
}

pub fn series(name: String, set: Set, beats_s: &[f64], changes: &[(f64, Truth)]) -> Series {
    let (mut rr, mut truth) = (Vec::new(), Vec::new());
    for pair in beats_s.windows(2) {
        let ms = (pair[1] - pair[0]) * 1000.0;
        if ms <= 0.0 {
            continue;
        }
        let follows = !rr.is_empty();
        rr.push(RrInterval {
            end: Seconds(pair[1]),
            rr: Milliseconds(ms),
            source: IntervalSource::Ecg,
            follows,
        });
        let now = changes.partition_point(|(at, _)| *at <= pair[1]).checked_sub(1);
        truth.push(now.map_or(Truth::Other, |i| changes[i].1));
    }
    let ventricular = vec![false; rr.len()];
    Series { name, set, rr, truth, ventricular, fold: 0 }
}
