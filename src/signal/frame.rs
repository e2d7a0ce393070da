//! ECG on its way: as a device framed it, and as the timeline placed it.

use super::Gap;
use crate::units::{DeviceTime, HostTime, SampleIndex};

/// Consecutive ECG samples of one notification.
#[derive(Debug, Clone, PartialEq)]
pub struct EcgFrame {
    /// The samples, in microvolts.
    pub samples_uv: Vec<f32>,
    /// Device clock at the *last* sample, where the device stamps its frames.
    pub last_sample: Option<DeviceTime>,
    /// When the frame arrived.
    pub received: HostTime,
}

/// Samples with their place in the record, preceded by a gap where some were lost.
#[derive(Debug, Clone, PartialEq)]
pub struct EcgChunk {
    /// Place of the first sample.
    pub start: SampleIndex,
    /// The samples, in microvolts.
    pub samples_uv: Vec<f32>,
    /// What is missing just before `start`.
    pub gap: Option<Gap>,
}
