//! QRS detection on reference databases, through the whole pipeline.

use crate::records;
use crate::score::{Counts, Draw, Matched};
use crate::streamed::{quantile, stream, worked_s};
use crate::Options;
use pqrst::detect::Detector;
use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;
use pqrst::pipeline::TestKind;
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// The learning period that EC57 leaves out.
const LEARNING_S: f64 = 300.0;
/// Samples of records drawn for an interval.
const RESAMPLES: usize = 2000;
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
    /// F1 less that of the detections in `--against`, with its 95 % interval, in points.
    pub ahead: Option<[f64; 3]>,
}

impl Scored {
    /// Counts of all records together.
    pub fn gross(&self) -> Counts {
        sum(self.rows.iter().map(|row| &row.whole))
    }

    /// Gross F1 from the sixth minute on.
    pub fn gross_later(&self) -> Counts {
        sum(self.rows.iter().map(|row| &row.after_learning))
    }

    /// 95 % interval of gross F1: whole records are drawn with replacement, because errors of one record belong
    /// together.
    pub fn interval(&self) -> (f64, f64) {
        let counts: Vec<&Counts> = self.rows.iter().map(|row| &row.whole).collect();
        let mut f1 = drawn(counts.len(), |picked| f1(&counts, picked));
        (quantile(&mut f1, 0.025), quantile(&mut f1, 0.975))
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

fn sum<'a>(counts: impl Iterator<Item = &'a Counts>) -> Counts {
    let mut sum = Counts::default();
    counts.for_each(|c| sum.add(c));
    sum
}

/// Gross F1 of some of the records, in percent.
fn f1(counts: &[&Counts], picked: &[usize]) -> f64 {
    let picked = || picked.iter().filter_map(|i| counts.get(*i));
    let found: u64 = picked().map(|c| c.tp).sum();
    let errors: u64 = picked().map(|c| c.fp + c.r#fn).sum();
    200.0 * found as f64 / (2 * found + errors) as f64
}

/// A figure of many random draws of `n` out of `n` records.
fn drawn(n: usize, figure: impl Fn(&[usize]) -> f64) -> Vec<f64> {
    let mut draw = Draw(1);
    let mut picked = vec![0; n];
    let mut once = || {
        picked.iter_mut().for_each(|i| *i = draw.below(n));
        figure(&picked)
    };
    (0..RESAMPLES).map(|_| once()).collect()
}

/// Scores every set, printing tables or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let all = measure(options)?;
    if options.json {
        let sets: serde_json::Map<_, _> = all.iter().map(|s| (s.folder.to_owned(), to_json(s))).collect();
        println!("{}", Value::Object(sets));
    } else {
        all.iter().for_each(|scored| print(scored, options));
    }
    Ok(())
}

/// Scores every set whose recordings are there.
pub fn measure(options: &Options) -> Result<Vec<Scored>, String> {
    let mut all = Vec::new();
    for set in SETS {
        let folder = options.data.join(set.folder);
        match records::list(&folder, set.annotator) {
            Some(list) => all.push(measure_set(set, &folder, &list, options)?),
            None => eprintln!("SKIPPED {}: no recordings at {}", set.folder, folder.display()),
        }
    }
    Ok(all)
}

fn measure_set(set: &Set, folder: &Path, list: &[String], options: &Options) -> Result<Scored, String> {
    let (mut rows, mut others, mut waits) = (Vec::new(), Vec::new(), Vec::new());
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
        if let Some(other) = read_csv(options, set, record)? {
            others.push(score(record, &lead, &truth, &other, set.protocol).whole);
        }
        rows.push(score(record, &lead, &truth, &streamed.beats, set.protocol));
    }
    let ahead = (others.len() == rows.len() && !rows.is_empty()).then(|| ahead(&rows, &others));
    let delay_ms = (1000.0 * quantile(&mut waits, 0.5), 1000.0 * quantile(&mut waits, 0.99));
    let ns_per_sample = seconds * 1e9 / samples.max(1) as f64;
    Ok(Scored { folder: set.folder, rows, ns_per_sample, samples, delay_ms, ahead })
}

/// The detector alone, for its speed.
fn detect(lead: &RecordedLead) -> usize {
    let mut detector = Detector::new(lead.rate);
    let mut peaks = Vec::new();
    detector.push(&lead.samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    peaks.len()
}

/// How far ours are ahead, the same records drawn for both.
fn ahead(rows: &[Row], others: &[Counts]) -> [f64; 3] {
    let (ours, theirs): (Vec<&Counts>, Vec<&Counts>) =
        (rows.iter().map(|r| &r.whole).collect(), others.iter().collect());
    let of = |picked: &[usize]| f1(&ours, picked) - f1(&theirs, picked);
    let mut all = drawn(rows.len(), of);
    let own = of(&(0..rows.len()).collect::<Vec<_>>());
    [own, quantile(&mut all, 0.025), quantile(&mut all, 0.975)]
}

/// One sample index a line, a folder for each set.
fn write_csv(options: &Options, set: &Set, record: &str, detections: &[i64]) -> Result<(), String> {
    let Some(folder) = &options.csv else { return Ok(()) };
    let folder = folder.join(set.folder);
    let lines: String = detections.iter().map(|d| format!("{d}\n")).collect();
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    std::fs::write(folder.join(format!("{record}.csv")), lines).map_err(|e| e.to_string())
}

/// Detections of another detector, written in the same way.
fn read_csv(options: &Options, set: &Set, record: &str) -> Result<Option<Vec<i64>>, String> {
    let Some(folder) = &options.against else { return Ok(None) };
    let Ok(text) = std::fs::read_to_string(folder.join(set.folder).join(format!("{record}.csv"))) else {
        return Ok(None);
    };
    let numbers: Result<_, _> = text.split_whitespace().map(str::parse).collect();
    numbers.map(Some).map_err(|e| format!("{record}.csv: {e}"))
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

fn average(rows: &[Row], of: impl Fn(&Row) -> f64) -> f64 {
    let values: Vec<f64> = rows.iter().map(of).filter(|v| v.is_finite()).collect();
    values.iter().sum::<f64>() / values.len() as f64
}

fn print(scored: &Scored, options: &Options) {
    let rows = &scored.rows;
    println!("{}, window 150 ms", scored.folder);
    println!(
        "record        TP    FN    FP     Se %     +P %     F1 %  bias ms  SD ms | F1 % from 5:00 | in noise"
    );
    // Of many short records only those with errors are worth a line.
    for row in rows.iter().filter(|r| rows.len() < 40 || r.whole.r#fn + r.whole.fp > 0) {
        line(&row.record, &row.whole, &row.after_learning, row.in_noise.as_ref());
        if !options.only.is_empty() {
            let errors: Vec<_> = row.whole.errors.iter().map(|(t, sign)| format!("{sign}{t}")).collect();
            println!("  {}", errors.join(" "));
        }
    }
    line("gross", &scored.gross(), &scored.gross_later(), None);
    println!(
        "average {:>37.3} {:8.3} {:8.3}",
        average(rows, |r| r.whole.se()),
        average(rows, |r| r.whole.ppv()),
        average(rows, |r| r.whole.f1()),
    );
    let (low, high) = scored.interval();
    println!("gross F1, 95 % interval over records: {low:.3} to {high:.3}");
    if let Some([own, low, high]) = scored.ahead {
        println!("F1 less that of the other detections: {own:+.3} ({low:+.3} to {high:+.3})");
    }
    let worst: Vec<String> =
        scored.worst().iter().map(|(r, s, a, b)| format!("{r} {} -{a} +{b}", minutes(*s))).collect();
    println!("worst 10 s (missed, false): {}", worst.join("; "));
    println!("beat to report: median {:.0} ms, 99 % within {:.0} ms", scored.delay_ms.0, scored.delay_ms.1);
    println!("detector {:.1} ns a sample over {} samples\n", scored.ns_per_sample, scored.samples);
}

/// Seconds as m:ss.
pub fn minutes(seconds: f64) -> String {
    format!("{}:{:02}", seconds as u64 / 60, seconds as u64 % 60)
}

fn line(name: &str, whole: &Counts, later: &Counts, noise: Option<&Counts>) {
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
}

/// The result as JSON; what was not measured is null.
pub fn to_json(scored: &Scored) -> Value {
    let counts = |c: &Counts| {
        let (bias, sd) = c.bias_and_sd_ms();
        json!({"tp": c.tp, "fn": c.r#fn, "fp": c.fp, "f1": c.f1(), "biasMs": bias, "sdMs": sd})
    };
    let records: Vec<Value> = scored
        .rows
        .iter()
        .map(|r| {
            json!({"record": r.record, "whole": counts(&r.whole), "from5min": counts(&r.after_learning),
                   "inNoise": r.in_noise.as_ref().map(counts)})
        })
        .collect();
    let worst: Vec<Value> = scored
        .worst()
        .iter()
        .map(|(r, s, a, b)| json!({"record": r, "startS": s, "missed": a, "false": b}))
        .collect();
    json!({
        "records": records, "gross": counts(&scored.gross()), "grossFrom5min": counts(&scored.gross_later()),
        "f1Interval95": [scored.interval().0, scored.interval().1], "ahead": scored.ahead, "worst": worst,
        "delayMs": {"median": scored.delay_ms.0, "p99": scored.delay_ms.1},
        "detectorNsPerSample": scored.ns_per_sample,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (low, high) = scored.interval();
        assert!(low < counts.f1() && counts.f1() < high && high - low < 0.5, "{low} to {high}");
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

    #[test]
    fn the_interval_of_equal_records_is_a_point() {
        let whole = Counts { tp: 90, r#fn: 5, fp: 5, ..Counts::default() };
        let f1 = whole.f1();
        let row = |_| Row {
            record: "x".to_owned(),
            whole: whole.clone(),
            after_learning: Counts::default(),
            in_noise: None,
            rate_hz: 360.0,
        };
        let rows = (0..5).map(row).collect();
        let scored =
            Scored { folder: "", rows, ns_per_sample: 0.0, samples: 0, delay_ms: (0.0, 0.0), ahead: None };
        assert_eq!(scored.interval(), (f1, f1));
        assert_eq!(ahead(&scored.rows, &vec![whole; 5]), [0.0; 3]);
    }
}
