//! RR intervals, and the NN intervals that remain of them.

use crate::units::{Milliseconds, Seconds};
use serde::{Deserialize, Serialize};

/// Who measured an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IntervalSource {
    /// Our detector, from the ECG.
    Ecg,
    /// The device.
    Device,
}

/// Time between two successive R peaks. Never spans a gap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RrInterval {
    /// When the closing beat happened, since the start of the record.
    pub end: Seconds,
    /// How long.
    pub rr: Milliseconds,
    /// Who measured it.
    pub source: IntervalSource,
    /// True when the interval follows directly on the one before it in the series (no gap, no missed beat between).
    pub follows: bool,
}

/// Why an RR interval is no NN interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum NnRejection {
    /// Outside 250 to 3000 ms.
    OutOfRange,
    /// Much shorter or longer than its neighbours: an ectopic beat, or a beat missed or invented.
    Ectopic,
    /// Recorded while the signal was not usable.
    PoorQuality,
}

/// An RR interval judged for variability analysis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NnInterval {
    /// The interval.
    pub rr: RrInterval,
    /// Why it does not count; `None` when it counts.
    pub rejected: Option<NnRejection>,
}
