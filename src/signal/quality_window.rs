//! How far a stretch of signal can be trusted, and why not.

use crate::units::{SampleCount, SampleIndex};
use serde::{Deserialize, Serialize};

/// Why a window is not usable. Each one is something a patient can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum QualityReason {
    /// No heart signal reaches the electrodes: flat line, or contact lost.
    LeadOff,
    /// The amplifier is at its limit.
    Saturation,
    /// Movement or muscle tension covers the heart's signal.
    Motion,
    /// Mains hum (50 or 60 Hz) covers the heart's signal.
    Mains,
    /// Samples did not arrive.
    TransportGap,
    /// Something else than an ECG.
    Noise,
}

/// The judgement over one window.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityWindow {
    /// Place of the first sample.
    pub start: SampleIndex,
    /// Length, lost samples included.
    pub length: SampleCount,
    /// 0 (nothing can be read) to 1 (clean).
    pub score: f32,
    /// Whether beats and intervals found here may be used.
    pub usable: bool,
    /// Why not, the strongest first; empty when usable.
    pub reasons: Vec<QualityReason>,
}
