//! Variability: how far recipes are from their packages, what correction and detected beats do to it, spectra of series with
//! holes, and breathing.

mod breath;
mod gaps;
mod packages;
mod records;

use crate::Options;
use pqrst::hrv;
use pqrst::signal::{IntervalSource, NnInterval, RrInterval};
use pqrst::units::{Milliseconds, Seconds};
use serde_json::json;

/// Prints all of it, or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let quiet = options.json;
    let packages = packages::report(quiet)?;
    let records = records::all(options)?;
    let beats = records::report(&records, quiet);
    let gaps = gaps::report(&records, quiet);
    let breath = breath::report(options)?;
    if quiet {
        let all = json!({ "packages": packages, "beats": beats, "gaps": gaps, "respiration": breath });
        println!("{}", serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?);
    }
    Ok(())
}

/// Intervals between beats at these times, in seconds.
fn intervals(beats_s: &[f64]) -> Vec<RrInterval> {
    let interval = |pair: &[f64]| RrInterval {
        end: Seconds(pair[1]),
        rr: Milliseconds(1000.0 * (pair[1] - pair[0])),
        source: IntervalSource::Ecg,
        follows: true,
    };
    let mut all: Vec<RrInterval> = beats_s.windows(2).map(interval).collect();
    if let Some(first) = all.first_mut() {
        first.follows = false;
    }
    all
}

fn rejected(rr: &[RrInterval]) -> Vec<NnInterval> {
    hrv::reject(rr, |_, _| true)
}

/// Difference to the truth, percent of it.
fn off_percent(found: Option<f64>, truth: Option<f64>) -> Option<f64> {
    Some(100.0 * (found? / truth? - 1.0)).filter(|off| off.is_finite())
}
