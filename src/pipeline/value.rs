//! A number that may leave, or the reason why there is none.

use super::Algorithm;
use serde::{Deserialize, Serialize};

/// The stretch of the record that a value rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// Start, seconds from the first sample of the record.
    pub start_s: f64,
    /// End, seconds from the first sample of the record.
    pub end_s: f64,
}

/// Why a value is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum NullReason {
    /// The recording is shorter than the measure needs.
    TooShort,
    /// Too few intervals remain.
    TooFewBeats,
    /// The signal cannot be trusted.
    PoorQuality,
    /// Nothing was received.
    NoSignal,
    /// The rhythm is irregular, so the measure would mean something else.
    Irregular,
    /// More than 5 % of the intervals had to be left out.
    Ectopic,
    /// Withheld with a pacemaker.
    Pacemaker,
    /// The rate drifted during the recording.
    NotStationary,
    /// The QRS complexes are wide, so that the measure would mean something else.
    WideQrs,
    /// The wave that it is measured from is missing or unclear in too many beats.
    UnclearWave,
}

/// A measured number with its evidence and its algorithm. The unit ends the name of the field that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The number; null when `reason` says why not. Always finite.
    pub value: Option<f64>,
    /// Why there is no number.
    pub reason: Option<NullReason>,
    /// What it rests on.
    pub evidence: Option<Window>,
    /// Who computed it.
    pub algorithm: Algorithm,
}

impl Value {
    /// A number; what is not finite becomes "too few beats", since only a division by nothing makes it so.
    #[must_use]
    pub fn measured(number: f64, evidence: Window, algorithm: Algorithm) -> Self {
        if number.is_finite() {
            Self { value: Some(number), reason: None, evidence: Some(evidence), algorithm }
        } else {
            Self::absent(NullReason::TooFewBeats, algorithm)
        }
    }

    /// No number, because ..
    #[must_use]
    pub const fn absent(reason: NullReason, algorithm: Algorithm) -> Self {
        Self { value: None, reason: Some(reason), evidence: None, algorithm }
    }

    /// The same value with its number rounded to a multiple of `step` and its evidence to 0.1 s.
    #[must_use]
    pub fn rounded(self, step: f64) -> Self {
        let evidence = self.evidence.map(|w| Window { start_s: tenth(w.start_s), end_s: tenth(w.end_s) });
        Self { value: self.value.map(|v| (v / step).round() * step + 0.0), evidence, ..self }
    }
}

/// Rounds to one decimal.
pub(crate) fn tenth(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0 + 0.0
}
