//! What a device does to the signal before it is sent.

use crate::units::{Microvolts, Seconds};
use serde::{Deserialize, Serialize};

/// The device's own filter and range, so that nothing is filtered twice at the same corner and limits can be stated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DeviceBand {
    /// Lower corner in hertz: what lies below is already gone, and ST levels with it.
    pub high_pass_hz: f64,
    /// Upper corner in hertz.
    pub low_pass_hz: f64,
    /// Largest voltage, either sign.
    pub full_scale: Microvolts,
    /// How long the signal swings in after the start of a stream.
    pub settling: Seconds,
}
