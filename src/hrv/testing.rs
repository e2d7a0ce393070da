//! What the tests of this room share.

use crate::signal::{IntervalSource, RrInterval};
use crate::units::{Milliseconds, Seconds};

/// Intervals that follow each other.
pub fn series(ms: &[f64]) -> Vec<RrInterval> {
    let mut end = 0.0;
    ms.iter()
        .map(|&rr| {
            end += rr / 1000.0;
            RrInterval { end: Seconds(end), rr: Milliseconds(rr), source: IntervalSource::Ecg, follows: true }
        })
        .collect()
}
