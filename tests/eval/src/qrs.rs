//! QRS detection on the MIT-BIH Arrhythmia and Noise Stress Test databases.

use crate::score::{Counts, Matched};
use crate::Options;
use pqrst::detect::Detector;
use pqrst::import::wfdb::{read_annotations, read_recording, Annotations};
use pqrst::import::{MemorySource, RecordedLead};
use std::path::Path;
use std::time::Instant;

/// The learning period that EC57 leaves out.
const LEARNING_S: f64 = 300.0;

/// Records and what is scored in each.
const SETS: &[Set] = &[
    Set { folder: "mitdb", annotator: "atr", lead: None, protocol: Protocol::Whole },
    Set { folder: "nstdb", annotator: "atr", lead: None, protocol: Protocol::NoisyBlocks },
    // No beat of this set was seen when the detector was fitted.
    Set { folder: "ludb", annotator: "ii", lead: Some("ii"), protocol: Protocol::MarkedSpan },
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
}

struct Row {
    record: String,
    whole: Counts,
    after_learning: Counts,
    in_noise: Option<Counts>,
}

/// Scores every set, printing a table or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let mut json = Vec::new();
    for set in SETS {
        let folder = options.data.join(set.folder);
        let Ok(list) = std::fs::read_to_string(folder.join("RECORDS")) else {
            println!("SKIPPED {}: no recordings at {}", set.folder, folder.display());
            continue;
        };
        let mut rows = Vec::new();
        let (mut samples, mut seconds) = (0, 0.0);
        for record in
            list.split_whitespace().filter(|r| folder.join(format!("{r}.{}", set.annotator)).exists())
        {
            if !options.only.is_empty() && !options.only.iter().any(|o| o == record) {
                continue;
            }
            let (lead, annotations) = load(set, &folder, record)?;
            let started = Instant::now();
            let detections = detect(&lead);
            seconds += started.elapsed().as_secs_f64();
            samples += lead.samples_uv.len();
            write_csv(options, set, record, &detections)?;
            rows.push(score(record, &lead, &annotations, &detections, set.protocol));
        }
        if options.json {
            json.push(format!("\"{}\":{}", set.folder, to_json(&rows)));
        } else {
            print(set.folder, &rows, options);
            println!("{:.1} ns a sample over {samples} samples\n", seconds * 1e9 / samples.max(1) as f64);
        }
    }
    if options.json {
        println!("{{{}}}", json.join(","));
    }
    Ok(())
}

/// The one place that says what is evaluated.
fn detect(lead: &RecordedLead) -> Vec<i64> {
    let mut detector = Detector::new(lead.rate);
    let mut peaks = Vec::new();
    detector.push(&lead.samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    peaks.iter().map(|p| p.at.0.round() as i64).collect()
}

fn load(set: &Set, folder: &Path, record: &str) -> Result<(RecordedLead, Annotations), String> {
    let mut files = MemorySource::new();
    for ending in ["hea", "dat", set.annotator] {
        let name = format!("{record}.{ending}");
        let bytes = std::fs::read(folder.join(&name)).map_err(|e| format!("{name}: {e}"))?;
        files.insert(&name, bytes);
    }
    let recording = read_recording(&files, &format!("{record}.hea")).map_err(|e| format!("{record}: {e}"))?;
    let annotations = read_annotations(&files, &format!("{record}.{}", set.annotator))
        .map_err(|e| format!("{record}: {e}"))?;
    let lead = recording.lead(set.lead).ok_or(format!("{record}: no such lead"))?;
    Ok((lead.clone(), annotations))
}

/// One sample index a line, as tools/score_qrs.py reads it; a folder for each set.
fn write_csv(options: &Options, set: &Set, record: &str, detections: &[i64]) -> Result<(), String> {
    let Some(folder) = &options.csv else { return Ok(()) };
    let folder = folder.join(set.folder);
    let lines: String = detections.iter().map(|d| format!("{d}\n")).collect();
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    std::fs::write(folder.join(format!("{record}.csv")), lines).map_err(|e| e.to_string())
}

fn score(record: &str, lead: &RecordedLead, truth: &Annotations, found: &[i64], protocol: Protocol) -> Row {
    let matched = Matched::new(truth, found, lead.rate);
    // From 5:00 on, two minutes with noise alternate with two without.
    let in_noise = |t: f64| t >= LEARNING_S && (((t - LEARNING_S) / 120.0) as u64).is_multiple_of(2);
    let span = matched.span_s();
    let counted = |t: f64| protocol != Protocol::MarkedSpan || span.contains(&t);
    Row {
        record: record.to_owned(),
        whole: matched.counts(counted),
        after_learning: matched.counts(|t| t >= LEARNING_S && counted(t)),
        in_noise: (protocol == Protocol::NoisyBlocks).then(|| matched.counts(in_noise)),
    }
}

fn gross(rows: &[Row], of: impl Fn(&Row) -> &Counts) -> Counts {
    let mut sum = Counts::default();
    rows.iter().for_each(|row| sum.add(of(row)));
    sum
}

fn average(rows: &[Row], of: impl Fn(&Row) -> f64) -> f64 {
    let values: Vec<f64> = rows.iter().map(of).filter(|v| v.is_finite()).collect();
    values.iter().sum::<f64>() / values.len() as f64
}

fn print(name: &str, rows: &[Row], options: &Options) {
    println!("{name}, window 150 ms");
    println!(
        "record        TP    FN    FP     Se %     +P %     F1 %  bias ms  SD ms | F1 % from 5:00 | in noise"
    );
    let line = |name: &str, whole: &Counts, later: &Counts, noise: Option<&Counts>| {
        let (bias, sd) = whole.bias_and_sd_ms();
        let noise = noise.map_or(String::new(), |n| format!("{:8.2}", n.f1()));
        // Short records end before the learning period does.
        let later = if later.f1().is_finite() { format!("{:.3}", later.f1()) } else { "-".to_owned() };
        println!(
            "{name:8} {:7} {:5} {:5} {:8.3} {:8.3} {:8.3} {bias:8.2} {sd:6.2} | {later:>14} | {noise}",
            whole.tp,
            whole.r#fn,
            whole.fp,
            whole.se(),
            whole.ppv(),
            whole.f1()
        );
    };
    // Of many short records only those with errors are worth a line.
    for row in rows.iter().filter(|r| rows.len() < 50 || r.whole.r#fn + r.whole.fp > 0) {
        line(&row.record, &row.whole, &row.after_learning, row.in_noise.as_ref());
        if !options.only.is_empty() {
            let errors: Vec<_> = row.whole.errors.iter().map(|(t, sign)| format!("{sign}{t}")).collect();
            println!("  {}", errors.join(" "));
        }
    }
    line("gross", &gross(rows, |r| &r.whole), &gross(rows, |r| &r.after_learning), None);
    println!(
        "average {:>37.3} {:8.3} {:8.3} {:>33.3}",
        average(rows, |r| r.whole.se()),
        average(rows, |r| r.whole.ppv()),
        average(rows, |r| r.whole.f1()),
        average(rows, |r| r.after_learning.f1())
    );
}

/// JSON knows no NaN: what was not measured is null.
fn number(x: f64) -> String {
    if x.is_finite() {
        format!("{x:.4}")
    } else {
        "null".to_owned()
    }
}

fn to_json(rows: &[Row]) -> String {
    let counts = |c: &Counts| {
        let (bias, sd) = c.bias_and_sd_ms();
        format!(
            "{{\"tp\":{},\"fn\":{},\"fp\":{},\"f1\":{},\"biasMs\":{},\"sdMs\":{}}}",
            c.tp,
            c.r#fn,
            c.fp,
            number(c.f1()),
            number(bias),
            number(sd)
        )
    };
    let entry = |name: &str, whole: &Counts, later: &Counts, noise: Option<&Counts>| {
        let noise = noise.map_or(String::new(), |n| format!(",\"inNoise\":{}", counts(n)));
        format!("{{\"record\":\"{name}\",\"whole\":{},\"from5min\":{}{noise}}}", counts(whole), counts(later))
    };
    let mut entries: Vec<_> =
        rows.iter().map(|r| entry(&r.record, &r.whole, &r.after_learning, r.in_noise.as_ref())).collect();
    entries.push(entry("gross", &gross(rows, |r| &r.whole), &gross(rows, |r| &r.after_learning), None));
    format!("[{}]", entries.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gross counts of a set; `None` when its recordings are absent.
    fn gross_of(folder: &str) -> Option<(Counts, Vec<Row>)> {
        let set = SETS.iter().find(|s| s.folder == folder)?;
        let data = crate::parse(std::iter::empty())?.data.join(folder);
        let Ok(list) = std::fs::read_to_string(data.join("RECORDS")) else {
            println!("SKIPPED: no recordings at {folder}; the accuracy of QRS detection there is unproved");
            return None;
        };
        let mut rows = Vec::new();
        for record in list.split_whitespace().filter(|r| data.join(format!("{r}.{}", set.annotator)).exists())
        {
            let (lead, truth) = load(set, &data, record).unwrap();
            rows.push(score(record, &lead, &truth, &detect(&lead), set.protocol));
        }
        Some((gross(&rows, |r| &r.whole), rows))
    }

    #[test]
    fn beats_of_the_arrhythmia_database_are_found() {
        let Some((counts, rows)) = gross_of("mitdb") else { return };
        assert!(counts.f1() >= 99.8, "gross F1 {:.3}", counts.f1());
        let worst = rows.iter().map(|r| r.whole.f1()).fold(100.0, f64::min);
        assert!(worst >= 98.5, "worst record F1 {worst:.3}");
        let (bias, sd) = counts.bias_and_sd_ms();
        assert!(bias.abs() < 5.0 && sd < 12.0, "places: {bias:.2} +- {sd:.2} ms");
    }

    #[test]
    fn beats_in_noise_are_found() {
        let Some((_, rows)) = gross_of("nstdb") else { return };
        for (record, least) in [("118e24", 99.9), ("118e12", 99.0), ("118e06", 84.0), ("118e00", 64.0)] {
            let row = rows.iter().find(|r| r.record == record).unwrap();
            let f1 = row.in_noise.as_ref().map_or(0.0, Counts::f1);
            assert!(f1 >= least, "{record}: F1 {f1:.2} in noise");
        }
    }

    #[test]
    fn beats_of_another_database_are_found() {
        let Some((counts, _)) = gross_of("ludb") else { return };
        assert!(counts.f1() >= 99.0, "gross F1 {:.3}", counts.f1());
    }
}
