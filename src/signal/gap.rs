//! Samples that never arrived.

use crate::units::{SampleCount, SampleIndex};
use serde::{Deserialize, Serialize};

/// Why samples are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum GapCause {
    /// Frames were lost while the link stood.
    FramesLost,
    /// The link was down.
    Disconnected,
    /// The caller left a hole between two pushes.
    SourceHole,
}

/// A hole in the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Place of the first missing sample.
    pub start: SampleIndex,
    /// How many are missing.
    pub length: SampleCount,
    /// Why.
    pub cause: GapCause,
    /// True when the length rests on arrival times, not on the device's clock or counter.
    pub timing_unverified: bool,
}
