//! Ventricular flutter: no beats can be counted in it, and nobody may be told that they come regularly.

use crate::records;
use crate::score::Matched;
use crate::streamed::stream;
use crate::Options;
use pqrst::pipeline::{Regularity, TestKind};
use pqrst::quality::Outcome;
use serde_json::{json, Value};

/// The only development record with flutter.
const RECORD: &str = "207";
/// Length of a test, and the step from one to the next.
const TEST_S: f64 = 30.0;
const STEP_S: f64 = 5.0;
/// A test is looked at when at least so much of it is flutter.
const LEAST_S: f64 = 5.0;

/// A half minute with flutter in it.
pub struct Line {
    /// Start in the record, in seconds.
    pub start_s: f64,
    /// Length of the flutter in it.
    pub flutter_s: f64,
    pub outcome: Outcome,
    pub regularity: Regularity,
}

impl Line {
    /// The one answer that must not be given.
    pub fn is_forbidden(&self) -> bool {
        self.regularity == Regularity::Regular
    }
}

/// Prints each half minute, or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let lines = measure(options)?;
    if options.json {
        let line = |l: &Line| json!({"startS": l.start_s, "flutterS": l.flutter_s, "verdict": l.outcome, "regularity": l.regularity});
        println!("{}", Value::Array(lines.iter().map(line).collect()));
        return Ok(());
    }
    println!("half minutes of {RECORD} with ventricular flutter");
    for l in &lines {
        let note = if l.is_forbidden() { "  MUST NOT BE" } else { "" };
        println!(
            "  from {:6.1} s, {:4.1} s of flutter: {:?}, {:?}{note}",
            l.start_s, l.flutter_s, l.outcome, l.regularity
        );
    }
    let forbidden = lines.iter().filter(|l| l.is_forbidden()).count();
    println!("{} half minutes, {forbidden} called regular", lines.len());
    Ok(())
}

/// Runs every half minute that has enough of it.
pub fn measure(options: &Options) -> Result<Vec<Line>, String> {
    let folder = options.data.join("mitdb");
    if records::list(&folder, "atr").is_none() {
        eprintln!("SKIPPED flutter: no recordings at {}", folder.display());
        return Ok(Vec::new());
    }
    let lead = records::lead(&folder, RECORD, None)?;
    let truth = records::annotations(&folder, RECORD, "atr")?;
    let matched = Matched::new(&truth, &[], lead.rate);
    let length = (TEST_S * lead.rate.get()) as usize;
    let step = (STEP_S * lead.rate.get()) as usize;
    let windows = lead.samples_uv.windows(length).enumerate().step_by(step);
    let with_flutter = windows.filter_map(|(place, samples)| {
        let start_s = place as f64 / lead.rate.get();
        let flutter_s = matched.flutter_s(start_s, start_s + TEST_S);
        (flutter_s >= LEAST_S).then_some((start_s, flutter_s, samples))
    });
    let line = |(start_s, flutter_s, samples): (f64, f64, &[f32])| {
        let report = stream(samples, lead.rate, TestKind::Rest30s, None).report;
        Line { start_s, flutter_s, outcome: report.verdict.kind, regularity: report.rhythm.regularity }
    };
    Ok(with_flutter.map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flutter_is_never_called_regular() {
        let Some(options) = crate::parse(std::iter::empty()) else { return };
        let lines = measure(&options).unwrap();
        if lines.is_empty() {
            println!("SKIPPED: no recordings; that flutter is never called regular is unproved");
            return;
        }
        let forbidden: Vec<f64> = lines.iter().filter(|l| l.is_forbidden()).map(|l| l.start_s).collect();
        assert!(forbidden.is_empty(), "called regular: {forbidden:?}");
    }
}
