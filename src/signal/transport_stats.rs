//! How the radio link behaved. Exact here, in the patient's browser; the Summary carries classes only.

use crate::units::Seconds;
use serde::{Deserialize, Serialize};

/// Counts kept while frames are placed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct TransportStats {
    /// Frames placed.
    pub frames: u64,
    /// Frames that could not be decoded.
    pub bad_frames: u64,
    /// Frames that came twice or too late and were dropped.
    pub stale_frames: u64,
    /// Samples placed.
    pub samples: u64,
    /// Samples that came twice or too late and were dropped.
    pub samples_dropped: u64,
    /// Samples lost in gaps.
    pub samples_lost: u64,
    /// Gaps.
    pub gaps: u64,
    /// How often the link came back.
    pub reconnects: u64,
    /// True sampling rate in hertz on the device's clock, once known.
    pub true_rate_hz: Option<f64>,
    /// Device clock against host clock in parts per million, once known.
    pub drift_ppm: Option<f64>,
    /// Time without a link.
    pub time_disconnected: Seconds,
}
