//! To be built.
use serde::{Deserialize, Serialize};

/// Placeholder until merged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verdict {
    /// Kind.
    pub kind: VerdictKind,
    /// Reasons.
    pub reasons: Vec<VerdictReason>,
}

/// Kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VerdictKind {
    /// a
    Usable,
    /// b
    Retake,
    /// c
    NoVerdict,
}

/// Reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VerdictReason {
    /// a
    TooShort,
}
