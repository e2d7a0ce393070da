//! Signals for other detectors, and what they found (`cargo xtask eval peers`). Everything lies in a folder that is no
//! part of the project, by default `target/peers`: `signals/<set>/<record>.f32` and `found/<detector>/<set>/<record>.csv`.

use crate::mixtures::{self, LEVELS_DB, NOISES};
use crate::records;
use crate::Options;
use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;
use std::path::Path;

/// The record of the Noise Stress Test Database, which is not mixed again.
const STRESSED: &str = "118";
/// Of mixed recordings this stretch is used, in seconds: two minutes clean, two noisy, two clean, two noisy.
pub const STRETCH_S: (f64, f64) = (180.0, 660.0);

/// A recording that every detector gets as it is.
pub struct Signal {
    /// `mitdb`, `nstdb`, or noise and level, as in `ma6` or `em-6`.
    pub set: String,
    /// Name within the set.
    pub record: String,
    /// The samples.
    pub lead: RecordedLead,
    /// Its beats.
    pub truth: Annotations,
    /// Time of its first sample in the recording that it was taken from, in seconds.
    pub start_s: f64,
}

/// The sets of mixed recordings: name, noise, level.
pub fn mixtures() -> Vec<(String, &'static str, i32)> {
    let levels = |noise: &'static str| LEVELS_DB.iter().map(move |db| (format!("{noise}{db}"), noise, *db));
    NOISES.iter().flat_map(|noise| levels(noise)).collect()
}

/// Writes the signals; a file that is right is left alone, so that nothing is done again for it.
pub fn run(options: &Options) -> Result<(), String> {
    let folder = options.peers.join("signals");
    let mut samples = 0;
    for (set, annotator) in [("mitdb", "atr"), ("nstdb", "atr")] {
        for record in listed(&options.data.join(set), annotator)? {
            let lead = records::lead(&options.data.join(set), &record, None)?;
            samples += lead.samples_uv.len();
            write(&folder.join(set), &record, &lead)?;
        }
    }
    for (set, noise, db) in mixtures() {
        for signal in mixed(options, &set, noise, db, false)? {
            samples += signal.lead.samples_uv.len();
            write(&folder.join(&set), &signal.record, &signal.lead)?;
        }
    }
    println!("{samples} samples in {}", folder.display());
    Ok(())
}

/// The records of a database, or that there are none.
pub fn listed(folder: &Path, annotator: &str) -> Result<Vec<String>, String> {
    records::list(folder, annotator).ok_or_else(|| format!("no recordings at {}", folder.display()))
}

/// Every recording of DS1 but the stress test's own, with a noise in it: the common stretch, or all of it.
pub fn mixed(options: &Options, set: &str, noise: &str, db: i32, whole: bool) -> Result<Vec<Signal>, String> {
    let mitdb = options.data.join("mitdb");
    let noise = records::lead(&options.data.join("nstdb"), noise, None)?;
    let wanted = |r: &String| r != STRESSED && (options.only.is_empty() || options.only.contains(r));
    let one = |record: String| {
        let lead = records::lead(&mitdb, &record, None)?;
        let truth = records::annotations(&mitdb, &record, "atr")?;
        let mut lead = mixtures::mixed(&lead, &truth, &noise, db);
        let place = |t: f64| ((t * lead.rate.get()) as usize).min(lead.samples_uv.len());
        let (from, to) = if whole { (0.0, f64::INFINITY) } else { STRETCH_S };
        lead.samples_uv = lead.samples_uv.get(place(from)..place(to)).unwrap_or_default().to_vec();
        Ok(Signal { set: set.to_owned(), record, lead, truth, start_s: from })
    };
    listed(&mitdb, "atr")?.into_iter().filter(wanted).map(one).collect()
}

fn write(folder: &Path, record: &str, lead: &RecordedLead) -> Result<(), String> {
    let path = folder.join(format!("{record}.f32"));
    let bytes: Vec<u8> = lead.samples_uv.iter().flat_map(|x| x.to_le_bytes()).collect();
    if std::fs::read(&path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    std::fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}

/// The detectors that have been run.
pub fn names(options: &Options) -> Vec<String> {
    let entries = std::fs::read_dir(options.peers.join("found")).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

/// What a detector found in a signal, counted from the signal's first sample; `None` where it was not run.
pub fn found(folder: &Path, set: &str, record: &str) -> Result<Option<Vec<i64>>, String> {
    let path = folder.join(set).join(format!("{record}.csv"));
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
    let numbers: Result<_, _> = text.split_whitespace().map(str::parse).collect();
    numbers.map(Some).map_err(|e| format!("{}: {e}", path.display()))
}
