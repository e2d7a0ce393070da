//! PR, QRS, QT and QTc of a record: medians over its normal beats, each with its spread, or the reason why it is not told.
//!
//! A pure function of the beats' fiducials. Estimates in the monitor band, not for decisions about drugs; never an ST level.

mod measure;
mod qtc;

pub use measure::{measure, Circumstances, Interval, IntervalBeat, Intervals, Unclear};
pub use qtc::Qtc;
