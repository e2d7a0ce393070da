//! The same recordings at other rates, gains, offsets and scales, and in other pieces: the result must stay.

use crate::bootstrap;
use crate::peers::listed;
use crate::records;
use crate::score::{Counts, Matched};
use crate::Options;
use pqrst::detect::Detector;
use pqrst::dsp::resample;
use pqrst::import::wfdb::{read_recording, Annotations};
use pqrst::import::{MemorySource, RecordedLead};
use pqrst::signal::RPeak;
use pqrst::units::Hertz;
use serde_json::{json, Value};
use std::path::Path;

/// Every so many recordings, unless `--all`.
const EVERY: usize = 3;
/// Gross F1 may fall by this much, in points.
pub const MAY_FALL: f64 = 0.1;
/// Rates to which recordings are brought.
const RATES_HZ: &[f64] = &[100.0, 130.0, 200.0, 250.0, 500.0, 1000.0];
/// Pieces in which the samples come.
const PIECES: &[usize] = &[1, 7, 100];

/// One change.
pub struct Line {
    /// What was changed.
    pub what: String,
    /// Counts with it.
    pub counts: Counts,
    /// Gross F1 less that of the unchanged recordings, in points.
    pub change: f64,
}

/// What changes and what must not.
pub struct Invariance {
    /// Recordings looked at.
    pub records: usize,
    /// Without any change.
    pub plain: Counts,
    pub lines: Vec<Line>,
    /// Recordings whose beats differ in any bit with the size of the pieces; must be empty.
    pub by_pieces: Vec<String>,
    /// Recordings whose samples differ when the header declares microvolts instead of millivolts; must be empty.
    pub by_scale: Vec<String>,
}

/// Prints the table or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let Some(all) = measure(options)? else { return Ok(()) };
    if options.json {
        let line = |l: &Line| json!({"what": l.what, "f1": l.counts.f1(), "change": l.change});
        let lines: Vec<Value> = all.lines.iter().map(line).collect();
        println!(
            "{}",
            json!({"records": all.records, "f1": all.plain.f1(), "changed": lines, "differByPieces": all.by_pieces,
                   "differByDeclaredScale": all.by_scale})
        );
        return Ok(());
    }
    println!("{} recordings of mitdb, unchanged: F1 {:.3}", all.records, all.plain.f1());
    println!("{:34}     F1 %   change   missed  false", "changed");
    for l in &all.lines {
        let note = if l.change < -MAY_FALL { "  falls too far" } else { "" };
        let c = &l.counts;
        println!("{:34} {:8.3} {:+8.3} {:8} {:6}{note}", l.what, c.f1(), l.change, c.r#fn, c.fp);
    }
    let list = |l: &[String]| if l.is_empty() { "the same to the bit".to_owned() } else { l.join(", ") };
    println!("in pieces of 1, 7, 100 and all samples: {}", list(&all.by_pieces));
    println!("declared in microvolts: {}", list(&all.by_scale));
    Ok(())
}

/// Measures; `None` when the recordings are absent.
pub fn measure(options: &Options) -> Result<Option<Invariance>, String> {
    let folder = options.data.join("mitdb");
    let Ok(list) = listed(&folder, "atr") else {
        eprintln!("SKIPPED invariance: no recordings at {}", folder.display());
        return Ok(None);
    };
    let (mut plain, mut by_pieces, mut by_scale) = (Vec::new(), Vec::new(), Vec::new());
    let mut changed: Vec<(String, Vec<Counts>)> = Vec::new();
    let wanted = |r: &&String| options.only.is_empty() || options.only.contains(r);
    let some: Vec<&String> =
        list.iter().filter(wanted).step_by(if options.all { 1 } else { EVERY }).collect();
    for record in &some {
        let lead = records::lead(&folder, record, None)?;
        let truth = records::annotations(&folder, record, "atr")?;
        plain.push(counts(&lead, &lead, &truth));
        for (index, (what, other)) in changes(&lead)?.enumerate() {
            if changed.len() <= index {
                changed.push((what, Vec::new()));
            }
            changed[index].1.push(counts(&other, &lead, &truth));
        }
        let whole = peaks(&lead, usize::MAX);
        if PIECES.iter().any(|piece| peaks(&lead, *piece) != whole) {
            by_pieces.push((*record).clone());
        }
        if !same_in_microvolts(&folder, record, &lead)? {
            by_scale.push((*record).clone());
        }
    }
    let plain = bootstrap::sum(&plain);
    let line = |(what, counts): (String, Vec<Counts>)| {
        let counts = bootstrap::sum(&counts);
        Line { what, change: counts.f1() - plain.f1(), counts }
    };
    let lines = changed.into_iter().map(line).collect();
    Ok(Some(Invariance { records: some.len(), plain, lines, by_pieces, by_scale }))
}

/// The recording changed in every way, one after the other.
fn changes(lead: &RecordedLead) -> Result<impl Iterator<Item = (String, RecordedLead)> + '_, String> {
    let rates: Result<Vec<Hertz>, _> = RATES_HZ.iter().map(|hz| Hertz::new(*hz)).collect();
    let brought = rates.map_err(|e| e.to_string())?.into_iter().map(|rate| {
        let samples_uv = resample(&lead.samples_uv, lead.rate.get(), rate.get());
        (format!("brought to {} Hz", rate.get()), RecordedLead { rate, samples_uv, ..lead.clone() })
    });
    type Change = fn(f64, f32) -> f32;
    let drift: Change = |t, x| x + (2000.0 * (std::f64::consts::TAU * 0.1 * t).sin()) as f32;
    let each: [(&str, Change); 6] = [
        ("gain 0.3", |_, x| 0.3 * x),
        ("gain 5", |_, x| 5.0 * x),
        ("inverted", |_, x| -x),
        ("offset of +5 mV", |_, x| x + 5000.0),
        ("offset of -5 mV", |_, x| x - 5000.0),
        ("drift of 2 mV at 0.1 Hz", drift),
    ];
    let changed = each.into_iter().map(|(what, change)| {
        let timed = lead.samples_uv.iter().enumerate();
        let samples_uv = timed.map(|(i, x)| change(i as f64 / lead.rate.get(), *x)).collect();
        (what.to_owned(), RecordedLead { samples_uv, ..lead.clone() })
    });
    Ok(brought.chain(changed))
}

fn peaks(lead: &RecordedLead, piece: usize) -> Vec<RPeak> {
    let mut detector = Detector::new(lead.rate);
    let mut peaks = Vec::new();
    let pieces = lead.samples_uv.chunks(piece.min(lead.samples_uv.len().max(1)));
    pieces.for_each(|samples| detector.push(samples, &mut peaks));
    detector.finish(&mut peaks);
    peaks
}

/// Beats found in `lead`, compared on the clock of the recording that it was made from.
fn counts(lead: &RecordedLead, original: &RecordedLead, truth: &Annotations) -> Counts {
    let ratio = original.rate.get() / lead.rate.get();
    let found: Vec<i64> =
        peaks(lead, usize::MAX).iter().map(|peak| (peak.at.0 * ratio).round() as i64).collect();
    Matched::new(truth, &found, original.rate).counts(|_| true)
}

/// Whether the recording is read the same when its header gives the gain per microvolt.
fn same_in_microvolts(folder: &Path, record: &str, lead: &RecordedLead) -> Result<bool, String> {
    let name = |end: &str| format!("{record}.{end}");
    let read = |end: &str| std::fs::read(folder.join(name(end))).map_err(|e| format!("{}: {e}", name(end)));
    let header = String::from_utf8(read("hea")?).map_err(|e| e.to_string())?;
    let mut files = MemorySource::new();
    files.insert(&name("hea"), in_microvolts(&header).into_bytes());
    files.insert(&name("dat"), read("dat")?);
    let other = read_recording(&files, &name("hea")).map_err(|e| format!("{record}: {e}"))?;
    let other = other.lead(None).ok_or_else(|| format!("{record}: no lead"))?;
    let near = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-6 * a.abs();
    Ok(other.samples_uv.len() == lead.samples_uv.len()
        && other.samples_uv.iter().zip(&lead.samples_uv).all(near))
}

/// The header with every gain of units per millivolt told as units per microvolt.
fn in_microvolts(header: &str) -> String {
    let signal = |line: &str| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        if let Some(gain) = words.get(2).and_then(|word| word.parse::<f64>().ok()) {
            words[2] = format!("{}/uV", gain / 1000.0);
        }
        words.join(" ")
    };
    let lines = header.lines().enumerate();
    let changed =
        lines.map(|(i, line)| if i == 0 || line.starts_with('#') { line.to_owned() } else { signal(line) });
    changed.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_rate_nor_scale_nor_offset_nor_pieces_change_the_result() {
        let Some(options) = crate::parse(std::iter::empty()) else { return };
        let Some(all) = measure(&options).unwrap() else {
            println!(
                "SKIPPED: no recordings; that results do not depend on rate, scale and pieces is unproved"
            );
            return;
        };
        for l in &all.lines {
            assert!(l.change >= -MAY_FALL, "{}: F1 {:.3}, {:+.3}", l.what, l.counts.f1(), l.change);
        }
        assert!(
            all.by_pieces.is_empty() && all.by_scale.is_empty(),
            "{:?} {:?}",
            all.by_pieces,
            all.by_scale
        );
    }

    #[test]
    fn a_header_in_microvolts_has_other_gains() {
        let header = "101 2 360 650000\n101.dat 212 200 11 1024 955 29832 0 MLII\n# 75 M\n";
        assert_eq!(
            in_microvolts(header),
            "101 2 360 650000\n101.dat 212 0.2/uV 11 1024 955 29832 0 MLII\n# 75 M"
        );
    }
}
