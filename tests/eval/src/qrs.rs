//! QRS detection on reference databases, through the whole pipeline.

pub mod tables;

use crate::bootstrap::{self, Figure};
use crate::peers;
use crate::records;
use crate::score::{Counts, Matched};
use crate::streamed::{quantile, stream, worked_s};
use crate::Options;
use pqrst::detect::Detector;
use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;
use pqrst::pipeline::TestKind;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// The learning period that EC57 leaves out.
const LEARNING_S: f64 = 300.0;
/// Errors are grouped by this much time.
const MOMENT_S: f64 = 10.0;
/// Groups that are printed.
const WORST: usize = 10;

/// Records and what is scored in each.
const SETS: &[Set] = &[
    Set { folder: "mitdb", annotator: "atr", lead: None, protocol: Protocol::Whole },
    Set { folder: "nstdb", annotator: "atr", lead: None, protocol: Protocol::NoisyBlocks },
    // No beat of these was seen when the detector was fitted.
    Set { folder: "ludb", annotator: "ii", lead: Some("ii"), protocol: Protocol::MarkedSpan },
    Set { folder: "qtdb", annotator: "q1c", lead: None, protocol: Protocol::MarkedBeats },
];

struct Set {
    folder: &'static str,
    /// Ending of the reference annotations.
    annotator: &'static str,
    /// The first lead when `None`.
    lead: Option<&'static str>,
    protocol: Protocol,
}

#[derive(Clone, Copy, PartialEq)]
enum Protocol {
    /// From the first sample to the last.
    Whole,
    /// The same, and the noisy blocks apart.
    NoisyBlocks,
    /// Between the first and the last annotated beat: the ends are not annotated.
    MarkedSpan,
    /// Only some beats are annotated: detections around them that they do not claim are not errors.
    MarkedBeats,
}

/// One record's result.
pub struct Row {
    pub record: String,
    pub whole: Counts,
    pub after_learning: Counts,
    pub in_noise: Option<Counts>,
    pub rate_hz: f64,
}

/// One database's result.
pub struct Scored {
    pub folder: &'static str,
    pub rows: Vec<Row>,
    /// The detector alone.
    pub ns_per_sample: f64,
    pub samples: usize,
    /// Median and 99th percentile of the time from beat to report, in milliseconds.
    pub delay_ms: (f64, f64),
    /// Other detectors on the same recordings, the best first.
    pub peers: Vec<Peer>,
}

/// Another detector's result.
pub struct Peer {
    /// Its name, or the folder of `--against`.
    pub name: String,
    /// Its gross F1 in percent.
    pub f1: f64,
    /// Ours less its, in points.
    pub ahead: Figure,
}

impl Scored {
    /// Counts of all records together.
    pub fn gross(&self) -> Counts {
        bootstrap::sum(self.rows.iter().map(|row| &row.whole))
    }

    /// Gross F1 from the sixth minute on.
    pub fn gross_later(&self) -> Counts {
        bootstrap::sum(self.rows.iter().map(|row| &row.after_learning))
    }

    /// Se, +P and F1 as means of the records' own, in percent.
    pub fn average(&self) -> (f64, f64, f64) {
        let mean = |of: fn(&Counts) -> f64| {
            let values = self.rows.iter().map(|row| of(&row.whole)).filter(|v| v.is_finite());
            let values: Vec<f64> = values.collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        (mean(Counts::se), mean(Counts::ppv), mean(Counts::f1))
    }

    /// Gross F1 with its interval.
    pub fn f1(&self) -> Figure {
        bootstrap::gross_f1(&self.rows.iter().map(|row| &row.whole).collect::<Vec<_>>())
    }

    /// The moments with the most errors: record, start in seconds, missed, false.
    pub fn worst(&self) -> Vec<(&str, f64, usize, usize)> {
        let mut moments: BTreeMap<(&str, u64), (usize, usize)> = BTreeMap::new();
        for row in &self.rows {
            for (place, sign) in &row.whole.errors {
                let moment = (*place as f64 / row.rate_hz / MOMENT_S) as u64;
                let entry = moments.entry((&row.record, moment)).or_default();
                *(if *sign == '-' { &mut entry.0 } else { &mut entry.1 }) += 1;
            }
        }
        let mut list: Vec<_> =
            moments.into_iter().map(|((r, m), (a, b))| (r, m as f64 * MOMENT_S, a, b)).collect();
        list.sort_by_key(|(_, _, a, b)| std::cmp::Reverse(a + b));
        list.truncate(WORST);
        list
    }
}

/// Scores every set, printing tables or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let all = measure(options)?;
    if options.json {
        let sets: serde_json::Map<_, _> =
            all.iter().map(|s| (s.folder.to_owned(), tables::to_json(s))).collect();
        println!("{}", Value::Object(sets));
    } else {
        all.iter().for_each(|scored| tables::print(scored, options));
    }
    Ok(())
}

/// Scores every set whose recordings are there.
pub fn measure(options: &Options) -> Result<Vec<Scored>, String> {
    let mut all = Vec::new();
    for set in SETS {
        let folder = options.data.join(set.folder);
        let wanted = |list: Vec<String>| -> Vec<String> {
            list.into_iter().filter(|r| options.only.is_empty() || options.only.contains(r)).collect()
        };
        match records::list(&folder, set.annotator).map(wanted) {
            Some(list) if list.is_empty() => {}
            Some(list) => all.push(measure_set(set, &folder, &list, options)?),
            None => eprintln!("SKIPPED {}: no recordings at {}", set.folder, folder.display()),
        }
    }
    Ok(all)
}

fn measure_set(set: &Set, folder: &Path, list: &[String], options: &Options) -> Result<Scored, String> {
    let (mut rows, mut waits) = (Vec::new(), Vec::new());
    let mut others: Vec<(String, Vec<Counts>)> = Vec::new();
    let (mut samples, mut seconds) = (0, 0.0);
    for record in list.iter().filter(|r| options.only.is_empty() || options.only.contains(r)) {
        let lead = records::lead(folder, record, set.lead)?;
        let truth = records::annotations(folder, record, set.annotator)?;
        let origin = Instant::now();
        let started = worked_s(origin);
        std::hint::black_box(detect(&lead));
        seconds += worked_s(origin) - started;
        samples += lead.samples_uv.len();
        let streamed = stream(&lead.samples_uv, lead.rate, TestKind::Recording, None);
        waits.extend(streamed.waits_s);
        write_csv(options, set, record, &streamed.beats)?;
        for (name, found) in others_found(options, set, record)? {
            let counts = score(record, &lead, &truth, &found, set.protocol).whole;
            match others.iter_mut().find(|(known, _)| *known == name) {
                Some((_, list)) => list.push(counts),
                None => others.push((name, vec![counts])),
            }
        }
        rows.push(score(record, &lead, &truth, &streamed.beats, set.protocol));
    }
    let peers = compared(&rows, &others);
    let delay_ms = (1000.0 * quantile(&mut waits, 0.5), 1000.0 * quantile(&mut waits, 0.99));
    let ns_per_sample = seconds * 1e9 / samples.max(1) as f64;
    Ok(Scored { folder: set.folder, rows, ns_per_sample, samples, delay_ms, peers })
}

/// The detector alone, for its speed.
fn detect(lead: &RecordedLead) -> usize {
    let mut detector = Detector::new(lead.rate);
    let mut peaks = Vec::new();
    detector.push(&lead.samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    peaks.len()
}

/// Those that found something in every record.
fn compared(rows: &[Row], others: &[(String, Vec<Counts>)]) -> Vec<Peer> {
    let ours: Vec<&Counts> = rows.iter().map(|r| &r.whole).collect();
    let complete = others.iter().filter(|(_, list)| list.len() == rows.len());
    let peer = |(name, list): &(String, Vec<Counts>)| Peer {
        name: name.clone(),
        f1: bootstrap::sum(list).f1(),
        ahead: bootstrap::ahead(&ours, &list.iter().collect::<Vec<_>>()),
    };
    let mut peers: Vec<Peer> = complete.map(peer).collect();
    peers.sort_by(|a, b| b.f1.total_cmp(&a.f1));
    peers
}

/// One sample index a line, a folder for each set.
fn write_csv(options: &Options, set: &Set, record: &str, detections: &[i64]) -> Result<(), String> {
    let Some(folder) = &options.csv else { return Ok(()) };
    let folder = folder.join(set.folder);
    let lines: String = detections.iter().map(|d| format!("{d}\n")).collect();
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    std::fs::write(folder.join(format!("{record}.csv")), lines).map_err(|e| e.to_string())
}

/// What others found in a record: those run by `cargo xtask eval peers`, and the folder named by `--against`.
fn others_found(options: &Options, set: &Set, record: &str) -> Result<Vec<(String, Vec<i64>)>, String> {
    let mut all = Vec::new();
    for name in peers::names(options) {
        let found = peers::found(&options.peers.join("found").join(&name), set.folder, record)?;
        all.extend(found.map(|found| (name, found)));
    }
    if let Some(folder) = &options.against {
        let found = peers::found(folder, set.folder, record)?;
        all.extend(found.map(|found| (folder.display().to_string(), found)));
    }
    Ok(all)
}

fn score(record: &str, lead: &RecordedLead, truth: &Annotations, found: &[i64], protocol: Protocol) -> Row {
    let matched = Matched::new(truth, found, lead.rate);
    // From 5:00 on, two minutes with noise alternate with two without.
    let in_noise = |t: f64| t >= LEARNING_S && (((t - LEARNING_S) / 120.0) as u64).is_multiple_of(2);
    let span = matched.span_s();
    let part = matches!(protocol, Protocol::MarkedSpan | Protocol::MarkedBeats);
    let counted = |t: f64| !part || span.contains(&t);
    let mut whole = matched.counts(counted);
    if protocol == Protocol::MarkedBeats {
        whole.fp = 0;
        whole.errors.retain(|(_, sign)| *sign == '-');
    }
    Row {
        record: record.to_owned(),
        whole,
        after_learning: matched.counts(|t| t >= LEARNING_S && !part),
        in_noise: (protocol == Protocol::NoisyBlocks).then(|| matched.counts(in_noise)),
        rate_hz: lead.rate.get(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::process::Command;

    /// A set's result; `None` when its recordings are absent.
    fn scored(folder: &str) -> Option<Scored> {
        let options = crate::parse(std::iter::empty())?;
        let set = SETS.iter().find(|s| s.folder == folder)?;
        let data = options.data.join(folder);
        let Some(list) = records::list(&data, set.annotator) else {
            println!("SKIPPED: no recordings at {folder}; the accuracy of QRS detection there is unproved");
            return None;
        };
        Some(measure_set(set, &data, &list, &options).unwrap())
    }

    #[test]
    fn beats_of_the_arrhythmia_database_are_found() {
        let Some(scored) = scored("mitdb") else { return };
        let counts = scored.gross();
        assert!(counts.f1() >= 99.85, "gross F1 {:.3}", counts.f1());
        let worst = scored.rows.iter().map(|r| r.whole.f1()).fold(100.0, f64::min);
        assert!(worst >= 99.0, "worst record F1 {worst:.3}");
        let (bias, sd) = counts.bias_and_sd_ms();
        assert!(bias.abs() < 5.0 && sd < 12.0, "places: {bias:.2} +- {sd:.2} ms");
        let f1 = scored.f1();
        assert!(f1.low < f1.own && f1.own < f1.high && f1.high - f1.low < 0.5, "{f1:?}");
    }

    /// The reference implementation of the scoring, in Python, beside the recordings.
    #[test]
    fn counts_are_those_of_the_reference_script() {
        let Some(mut options) = crate::parse(std::iter::empty()) else { return };
        let script = options.data.join("../tools/score_qrs.py");
        let data = options.data.join("mitdb");
        let python = |words: &[&OsStr]| Command::new("python3").args(words).output();
        let list = records::list(&data, "atr").filter(|_| script.exists());
        let (Some(list), Ok(_)) = (list, python(&["--version".as_ref()])) else {
            println!("SKIPPED: no recordings, no score_qrs.py or no python3; that counts equal those of bxb is unproved");
            return;
        };
        // One with flutter, and some with many errors.
        let found = std::env::temp_dir().join(format!("pqrst-counts-{}", std::process::id()));
        options.csv = Some(found.clone());
        options.only = ["101", "108", "203", "207", "208"].map(str::to_owned).to_vec();
        let set = SETS.iter().find(|s| s.folder == "mitdb").unwrap();
        let scored = measure_set(set, &data, &list, &options).unwrap();
        for (skip, ours) in [("0", scored.gross()), ("300", scored.gross_later())] {
            let found = found.join("mitdb");
            let out = python(&[
                script.as_ref(),
                "--ref".as_ref(),
                data.as_ref(),
                "--det".as_ref(),
                found.as_ref(),
                "--skip".as_ref(),
                skip.as_ref(),
                "--json".as_ref(),
            ]);
            let theirs: Value = serde_json::from_slice(&out.unwrap().stdout).unwrap();
            let gross = |key: &str| theirs["gross"][key].as_f64().unwrap();
            let counts = [ours.tp, ours.r#fn, ours.fp].map(|n| n as f64);
            assert_eq!(counts, [gross("tp"), gross("fn"), gross("fp")], "from {skip} s");
            let (bias, sd) = ours.bias_and_sd_ms();
            assert!((bias - gross("bias_ms")).abs() < 1e-6 && (sd - gross("sd_ms")).abs() < 1e-6);
        }
        std::fs::remove_dir_all(found).unwrap();
    }

    #[test]
    fn beats_in_noise_are_found() {
        let Some(scored) = scored("nstdb") else { return };
        for (record, least) in [("118e24", 99.9), ("118e12", 99.0), ("118e06", 87.0), ("118e00", 67.0)] {
            let row = scored.rows.iter().find(|r| r.record == record).unwrap();
            let f1 = row.in_noise.as_ref().map_or(0.0, Counts::f1);
            assert!(f1 >= least, "{record}: F1 {f1:.2} in noise");
        }
    }

    #[test]
    fn beats_of_other_databases_are_found() {
        let Some(ludb) = scored("ludb") else { return };
        assert!(ludb.gross().f1() >= 99.5, "gross F1 {:.3}", ludb.gross().f1());
        let Some(qtdb) = scored("qtdb") else { return };
        assert!(qtdb.gross().se() >= 99.5, "Se {:.3}", qtdb.gross().se());
    }
}
