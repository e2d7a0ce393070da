//! The rhythm: regularity, a word for it, and what was found in it.

use crate::pipeline::{Algorithm, NullReason, Window};
use crate::rhythm::{FindingKind, RhythmLabel};
use serde::{Deserialize, Serialize};

/// Whether the beats come evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Regularity {
    /// Evenly.
    Regular,
    /// Not evenly.
    Irregular,
    /// It cannot be said, see the reason.
    CannotSay,
}

/// How sure the statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RhythmConfidence {
    /// Far from the limit.
    Likely,
    /// Near the limit.
    Possible,
}

/// The rhythm with its evidence. For a clinician: a patient's page names none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rhythm {
    /// Whether the beats come evenly.
    pub regularity: Regularity,
    /// How sure; null when nothing can be said.
    pub confidence: Option<RhythmConfidence>,
    /// Why nothing can be said.
    pub reason: Option<NullReason>,
    /// What it rests on.
    pub evidence: Option<Window>,
    /// Who said it.
    pub algorithm: Algorithm,
    /// A word for the rhythm.
    pub label: LabelRow,
    /// What was found in it, in the order of time.
    pub findings: Vec<FindingRow>,
}

/// A word for the rhythm, by the classes of the PhysioNet/CinC Challenge 2017. A hint, never more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LabelRow {
    /// The word; null when `reason` says why not.
    pub value: Option<RhythmLabel>,
    /// Why there is none.
    pub reason: Option<NullReason>,
    /// How likely each word is; null where there is none.
    pub probabilities: Option<LabelChances>,
    /// What it rests on.
    pub evidence: Option<Window>,
    /// Who said it.
    pub algorithm: Algorithm,
}

/// Probabilities of the words, 0 to 1, together 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelChances {
    /// No irregularity found.
    pub normal: f64,
    /// Like atrial fibrillation.
    pub af: f64,
    /// Something else.
    pub other: f64,
    /// Too noisy to tell.
    pub noisy: f64,
}

/// Something found in the rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindingRow {
    /// What.
    pub kind: FindingKind,
    /// Where it begins, seconds from the first sample.
    pub start_s: f64,
    /// Where it ends.
    pub end_s: f64,
    /// Beats in it.
    pub beats: u32,
    /// Its rate in beats a minute, where it has one.
    pub bpm: Option<f64>,
}
