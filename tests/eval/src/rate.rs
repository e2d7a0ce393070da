//! Mean heart rate of half minutes against the reference annotations.

use crate::records;
use crate::streamed::{quantile, stream};
use crate::Options;
use pqrst::pipeline::TestKind;
use serde_json::json;

/// Length of a test.
const TEST_S: f64 = 30.0;
/// Every so many half minutes of a record.
const EVERY: usize = 2;

/// How the rates compare.
pub struct Rates {
    /// Half minutes looked at.
    pub windows: usize,
    /// ... for which a rate was given.
    pub given: usize,
    /// Mean of ours less the reference, beats a minute.
    pub bias: f64,
    /// Mean size of the difference.
    pub mean_error: f64,
    /// 95 % of the differences are at most this large.
    pub p95: f64,
    /// Share of rates within one beat a minute, in percent.
    pub within_1: f64,
    /// Share within the larger of five beats a minute and a tenth of the rate, in percent, as IEC 60601-2-27 asks of
    /// heart rate meters.
    pub within_standard: f64,
}

/// Prints the figures.
pub fn run(options: &Options) -> Result<(), String> {
    let Some(r) = measure(options)? else { return Ok(()) };
    if options.json {
        println!(
            "{}",
            json!({"windows": r.windows, "given": r.given, "biasBpm": r.bias, "meanErrorBpm": r.mean_error,
                   "p95Bpm": r.p95, "within1BpmPercent": r.within_1, "withinStandardPercent": r.within_standard})
        );
    } else {
        println!("mitdb, mean rate of half minutes: {} of {} given", r.given, r.windows);
        println!(
            "bias {:+.2}, mean error {:.2}, 95 % within {:.2} beats a minute",
            r.bias, r.mean_error, r.p95
        );
        println!("within 1 beat a minute: {:.1} %; within 5 or 10 %: {:.1} %", r.within_1, r.within_standard);
    }
    Ok(())
}

/// Compares; `None` when the recordings are absent.
pub fn measure(options: &Options) -> Result<Option<Rates>, String> {
    let folder = options.data.join("mitdb");
    let Some(list) = records::list(&folder, "atr") else {
        eprintln!("SKIPPED rate: no recordings at {}", folder.display());
        return Ok(None);
    };
    let (mut windows, mut pairs) = (0, Vec::new());
    for record in &list {
        let lead = records::lead(&folder, record, None)?;
        let truth = records::annotations(&folder, record, "atr")?;
        let length = (TEST_S * lead.rate.get()) as usize;
        let beats: Vec<usize> = truth.beats(lead.rate).map(|p| p.0 as usize).collect();
        for (number, samples) in lead.samples_uv.chunks_exact(length).enumerate().step_by(EVERY) {
            let inside = beats.iter().filter(|b| **b / length == number);
            let (Some(first), Some(last), count) =
                (inside.clone().min(), inside.clone().max(), inside.count())
            else {
                continue;
            };
            windows += 1;
            let reference = 60.0 * (count - 1) as f64 * lead.rate.get() / (last - first).max(1) as f64;
            let report = stream(samples, lead.rate, TestKind::Rest30s, None).report;
            pairs.extend(report.heart_rate.mean_bpm.value.map(|ours| (ours, reference)));
        }
    }
    Ok(Some(compared(windows, &pairs)))
}

fn compared(windows: usize, pairs: &[(f64, f64)]) -> Rates {
    let n = pairs.len().max(1) as f64;
    let mut errors: Vec<f64> = pairs.iter().map(|(a, b)| (a - b).abs()).collect();
    let share = |within: &dyn Fn(f64) -> f64| {
        100.0 * pairs.iter().filter(|(a, b)| (a - b).abs() <= within(*b)).count() as f64 / n
    };
    Rates {
        windows,
        given: pairs.len(),
        bias: pairs.iter().map(|(a, b)| a - b).sum::<f64>() / n,
        mean_error: errors.iter().sum::<f64>() / n,
        within_1: share(&|_| 1.0),
        within_standard: share(&|rate| (rate / 10.0).max(5.0)),
        p95: quantile(&mut errors, 0.95),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_counted() {
        let r = compared(5, &[(60.0, 60.0), (61.5, 60.0), (95.0, 100.0), (110.0, 100.0)]);
        assert_eq!((r.windows, r.given), (5, 4));
        assert_eq!((r.within_1, r.within_standard), (25.0, 100.0));
        assert!((r.bias - 1.625).abs() < 1e-9 && (r.mean_error - 4.125).abs() < 1e-9);
    }
}
