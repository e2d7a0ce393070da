//! Beats and their waves.

use super::short;
use crate::pipeline::Value;
use crate::signal::BeatClass;
use serde::{Deserialize, Serialize};

/// A beat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BeatRow {
    /// Counts from 0.
    pub id: u64,
    /// Seconds from the first sample.
    pub time_s: f64,
    /// Fractional sample place; lost samples count.
    pub sample: f64,
    /// Deflection over the local baseline, microvolts.
    #[serde(serialize_with = "short")]
    pub amplitude_uv: f32,
    /// Probability of a beat when it was decided, 0 to 1.
    #[serde(serialize_with = "short")]
    pub confidence: f32,
    /// Found later than half a second after it, on second thoughts.
    pub late: bool,
    /// Its class; `Q` when it cannot be said.
    pub class: BeatClass,
    /// Probability of the class, 0 to 1.
    #[serde(serialize_with = "short")]
    pub class_confidence: f32,
}

/// The waves of a beat, in seconds from the first sample. What is null is not there or unclear.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WavesRow {
    /// The beat's id.
    pub beat: u64,
    /// Onset of the P wave.
    pub p_onset_s: Option<f64>,
    /// Peak of the P wave.
    pub p_peak_s: Option<f64>,
    /// End of the P wave.
    pub p_end_s: Option<f64>,
    /// Onset of the QRS complex.
    pub qrs_onset_s: Option<f64>,
    /// End of the QRS complex.
    pub qrs_end_s: Option<f64>,
    /// Onset of the T wave.
    pub t_onset_s: Option<f64>,
    /// Peak of the T wave.
    pub t_peak_s: Option<f64>,
    /// End of the T wave.
    pub t_end_s: Option<f64>,
}

/// Ectopic beats in usable signal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ectopy {
    /// Beats of class V a minute.
    pub ventricular_per_min: Value,
    /// Beats of class S a minute.
    pub supraventricular_per_min: Value,
}
