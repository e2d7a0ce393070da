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
const SETS: &[Set] =
    &[Set { folder: "mitdb", noisy_blocks: false }, Set { folder: "nstdb", noisy_blocks: true }];

struct Set {
    folder: &'static str,
    noisy_blocks: bool,
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
        for record in list.split_whitespace().filter(|r| folder.join(format!("{r}.atr")).exists()) {
            if !options.only.is_empty() && !options.only.iter().any(|o| o == record) {
                continue;
            }
            let (lead, annotations) = load(&folder, record)?;
            let started = Instant::now();
            let detections = detect(&lead);
            seconds += started.elapsed().as_secs_f64();
            samples += lead.samples_uv.len();
            write_csv(options, record, &detections)?;
            rows.push(score(record, &lead, &annotations, &detections, set.noisy_blocks));
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

fn load(folder: &Path, record: &str) -> Result<(RecordedLead, Annotations), String> {
    let mut files = MemorySource::new();
    for ending in ["hea", "dat", "atr"] {
        let name = format!("{record}.{ending}");
        let bytes = std::fs::read(folder.join(&name)).map_err(|e| format!("{name}: {e}"))?;
        files.insert(&name, bytes);
    }
    let recording = read_recording(&files, &format!("{record}.hea")).map_err(|e| format!("{record}: {e}"))?;
    let annotations =
        read_annotations(&files, &format!("{record}.atr")).map_err(|e| format!("{record}: {e}"))?;
    let lead = recording.leads.into_iter().next().ok_or("no lead")?;
    Ok((lead, annotations))
}

fn write_csv(options: &Options, record: &str, detections: &[i64]) -> Result<(), String> {
    let Some(folder) = &options.csv else { return Ok(()) };
    let lines: String = detections.iter().map(|d| format!("{d}\n")).collect();
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    std::fs::write(folder.join(format!("{record}.csv")), lines).map_err(|e| e.to_string())
}

fn score(record: &str, lead: &RecordedLead, truth: &Annotations, found: &[i64], noisy: bool) -> Row {
    let matched = Matched::new(truth, found, lead.rate);
    // From 5:00 on, two minutes with noise alternate with two without.
    let in_noise = |t: f64| t >= LEARNING_S && ((t - LEARNING_S) / 120.0) as u64 % 2 == 0;
    Row {
        record: record.to_owned(),
        whole: matched.counts(|_| true),
        after_learning: matched.counts(|t| t >= LEARNING_S),
        in_noise: noisy.then(|| matched.counts(in_noise)),
    }
}

fn gross(rows: &[Row], of: impl Fn(&Row) -> &Counts) -> Counts {
    let mut sum = Counts::default();
    rows.iter().for_each(|row| sum.add(of(row)));
    sum
}

fn average(rows: &[Row], of: impl Fn(&Row) -> f64) -> f64 {
    rows.iter().map(of).sum::<f64>() / rows.len() as f64
}

fn print(name: &str, rows: &[Row], options: &Options) {
    println!("{name}, first lead, window 150 ms");
    println!(
        "record        TP    FN    FP     Se %     +P %     F1 %  bias ms  SD ms | F1 % from 5:00 | in noise"
    );
    let line = |name: &str, whole: &Counts, later: &Counts, noise: Option<&Counts>| {
        let (bias, sd) = whole.bias_and_sd_ms();
        let noise = noise.map_or(String::new(), |n| format!("{:8.2}", n.f1()));
        println!(
            "{name:8} {:7} {:5} {:5} {:8.3} {:8.3} {:8.3} {bias:8.2} {sd:6.2} | {:14.3} | {noise}",
            whole.tp,
            whole.r#fn,
            whole.fp,
            whole.se(),
            whole.ppv(),
            whole.f1(),
            later.f1()
        );
    };
    for row in rows {
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

fn to_json(rows: &[Row]) -> String {
    let counts = |c: &Counts| {
        let (bias, sd) = c.bias_and_sd_ms();
        format!(
            "{{\"tp\":{},\"fn\":{},\"fp\":{},\"f1\":{:.4},\"biasMs\":{bias:.3},\"sdMs\":{sd:.3}}}",
            c.tp,
            c.r#fn,
            c.fp,
            c.f1()
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
