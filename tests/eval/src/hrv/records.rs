//! Records of the MIT-BIH Arrhythmia Database in sinus rhythm: annotated beats against detected ones, and what is left out
//! or mended of them.

use super::{intervals, off_percent, rejected};
use crate::streamed::quantile;
use crate::{records, Options};
use pqrst::detect::Detector;
use pqrst::hrv::{self, MAX_REJECTED_SHARE};
use pqrst::import::wfdb::AnnotationCode;
use pqrst::signal::{NnInterval, NnRejection};
use serde_json::{json, Value};

/// Least share of normal beats (N, L, R, e, j) of a record in sinus rhythm.
const NORMAL: f64 = 0.95;

/// A record.
pub struct Record {
    pub name: String,
    /// NN intervals by the annotations: between two normal beats.
    pub truth: Vec<NnInterval>,
    /// Annotated beats of every kind, in seconds.
    pub annotated_s: Vec<f64>,
    /// Detected beats, in seconds.
    pub detected_s: Vec<f64>,
}

/// Every record with hardly another rhythm or another kind of beat; none where the database is absent.
pub fn all(options: &Options) -> Result<Vec<Record>, String> {
    let folder = options.data.join("mitdb");
    let Some(names) = records::list(&folder, "atr") else {
        eprintln!("SKIPPED variability of records: no recordings at {}", folder.display());
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for name in names {
        let truth = records::annotations(&folder, &name, "atr")?;
        let lead = records::lead(&folder, &name, None)?;
        let rate = lead.rate;
        let time = |a| truth.place(a, rate).0 as f64 / rate.get();
        let beats: Vec<_> = truth.list.iter().filter(|a| a.code.is_beat()).collect();
        let normal = |code: AnnotationCode| code.mnemonic().is_some_and(|m| "NLRej".contains(m));
        let share = beats.iter().filter(|a| normal(a.code)).count() as f64 / beats.len() as f64;
        let other = truth.list.iter().any(|a| a.text.starts_with("(AF") || a.text.starts_with("(P"));
        if share < NORMAL || other {
            continue;
        }
        let annotated_s: Vec<f64> = beats.iter().map(|a| time(a)).collect();
        let mut nn = rejected(&intervals(&annotated_s));
        for (n, pair) in nn.iter_mut().zip(beats.windows(2)) {
            n.rejected = pair.iter().any(|a| !normal(a.code)).then_some(NnRejection::Ectopic);
        }
        let (mut detector, mut peaks) = (Detector::new(rate), Vec::new());
        detector.push(&lead.samples_uv, &mut peaks);
        detector.finish(&mut peaks);
        let detected_s = peaks.iter().map(|p| p.at.0 / rate.get()).collect();
        all.push(Record { name, truth: nn, annotated_s, detected_s });
    }
    Ok(all)
}

/// Shares left out and mended, and the errors of RMSSD and SDNN, record by record.
pub fn report(records: &[Record], quiet: bool) -> Value {
    if !quiet {
        println!(
            "MIT-BIH records in sinus rhythm ({}): difference to the annotated NN intervals, percent",
            records.len()
        );
        println!("  record  not N  left out  mended |  left out: RMSSD  SDNN | mended: RMSSD  SDNN | detected: RMSSD  SDNN   of annotated");
    }
    let mut rows = Vec::new();
    let (mut gone, mut mended_off, mut detected_off) = (Vec::new(), Vec::new(), Vec::new());
    for record in records {
        let rr = intervals(&record.annotated_s);
        let (left, corrected) = (rejected(&rr), hrv::correct(&rr));
        let found = rejected(&intervals(&record.detected_s));
        let share = |nn: &[NnInterval]| {
            nn.iter().filter(|n| n.rejected.is_some()).count() as f64 / nn.len().max(1) as f64
        };
        let of = |nn: &[NnInterval], truth: &[NnInterval]| {
            [
                off_percent(hrv::rmssd_ms(nn), hrv::rmssd_ms(truth)),
                off_percent(hrv::sdnn_ms(nn), hrv::sdnn_ms(truth)),
            ]
        };
        let errors = [of(&left, &record.truth), of(&corrected.nn, &record.truth), of(&found, &left)];
        gone.push(errors[0]);
        mended_off.push(errors[1]);
        detected_off.push(errors[2]);
        let percent = [100.0 * share(&record.truth), 100.0 * share(&left), 100.0 * corrected.share];
        if !quiet {
            let pair = |e: [Option<f64>; 2]| {
                format!("{:+8.1} {:+8.1}", e[0].unwrap_or(f64::NAN), e[1].unwrap_or(f64::NAN))
            };
            println!(
                "  {:6}{:7.2}{:9.2}{:8.2}{} | {} | {} | {}",
                record.name,
                percent[0],
                percent[1],
                percent[2],
                if corrected.share > MAX_REJECTED_SHARE { "*" } else { " " },
                pair(errors[0]),
                pair(errors[1]),
                pair(errors[2]),
            );
        }
        rows.push(json!({
            "record": record.name, "notNormalPercent": percent[0], "leftOutPercent": percent[1],
            "mendedPercent": percent[2], "leftOut": errors[0], "mended": errors[1], "detected": errors[2],
        }));
    }
    let median = |errors: &[[Option<f64>; 2]], which: usize| {
        let mut sizes: Vec<f64> = errors.iter().filter_map(|e| e[which]).map(f64::abs).collect();
        quantile(&mut sizes, 0.5)
    };
    let medians = [&gone, &mended_off, &detected_off].map(|e| [median(e, 0), median(e, 1)]);
    if !quiet {
        println!(
            "  median size: left out {:.1} {:.1}, mended {:.1} {:.1}, detected beats {:.1} {:.1}   (* above 5 %: withheld)",
            medians[0][0], medians[0][1], medians[1][0], medians[1][1], medians[2][0], medians[2][1],
        );
    }
    json!({ "records": rows, "medianSizePercent": { "leftOut": medians[0], "mended": medians[1], "detected": medians[2] } })
}
