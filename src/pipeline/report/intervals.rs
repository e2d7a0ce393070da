//! PR, QRS and QT.

use crate::pipeline::Value;
use serde::{Deserialize, Serialize};

/// Medians over the recording, in milliseconds. An estimate from one lead in the monitor band, not for decisions on drugs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Intervals {
    /// Onset of P to onset of QRS.
    pub pr_ms: Value,
    /// Onset of QRS to its end.
    pub qrs_ms: Value,
    /// Onset of QRS to the end of T.
    pub qt_ms: Value,
    /// QT corrected for the rate by Fridericia (1920).
    pub qtc_fridericia_ms: Value,
    /// By Bazett (1920).
    pub qtc_bazett_ms: Value,
    /// By the Framingham study (Sagie 1992).
    pub qtc_framingham_ms: Value,
    /// By Hodges (1983).
    pub qtc_hodges_ms: Value,
    /// How far the beats differ.
    pub spread: Spread,
}

/// Interquartile ranges over the beats, milliseconds; null where there is no interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Spread {
    /// Of PR.
    pub pr_ms: Option<f64>,
    /// Of QRS.
    pub qrs_ms: Option<f64>,
    /// Of QT.
    pub qt_ms: Option<f64>,
}
