//! What the patient answered before the test: coded, never free text.

use serde::{Deserialize, Serialize};

/// Answers to the questions before a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Context {
    /// Chest pain, fainting, breathlessness at rest, signs of stroke.
    pub symptoms: Symptoms,
    /// Pacemaker or implanted defibrillator: variability is withheld.
    pub pacemaker: Pacemaker,
    /// Posture during the test.
    pub posture: Posture,
}

impl Context {
    /// A pacemaker, or the patient does not know.
    #[must_use]
    pub const fn paced(&self) -> bool {
        matches!(self.pacemaker, Pacemaker::Yes | Pacemaker::Unsure)
    }
}

/// Whether the patient felt any of the listed symptoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Symptoms {
    /// None of them.
    None,
    /// At least one.
    Present,
    /// Nobody asked.
    #[default]
    NotAsked,
}

/// Whether the patient has a pacemaker or an implanted defibrillator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Pacemaker {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The patient does not know.
    Unsure,
    /// Nobody asked.
    #[default]
    NotAsked,
}

/// Posture during the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Posture {
    /// Sitting.
    Sitting,
    /// Lying.
    Lying,
    /// Standing.
    Standing,
    /// Nobody asked.
    #[default]
    NotAsked,
}
