//! The limits of red flags, which the clinic owns.

use super::value::tenth;
use serde::{Deserialize, Serialize};

/// Limits of red flags. The clinic owns them; a limit that is `None` is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RedFlagLimits {
    /// Sustained rate above this, beats a minute.
    pub rate_above_bpm: Option<f64>,
    /// Sustained rate below this, beats a minute.
    pub rate_below_bpm: Option<f64>,
    /// No beat for longer than this, seconds; pauses below 2 s are not looked for.
    pub pause_above_s: Option<f64>,
    /// So many beats from a ventricle in a row, 3 or more.
    pub wide_run_beats: Option<u32>,
    /// Likely fibrillation above this rate, sustained, beats a minute.
    pub rapid_irregular_above_bpm: Option<f64>,
    /// Systolic pressure above this, mm\[Hg\].
    pub systolic_above: Option<f64>,
    /// Diastolic pressure above this, mm\[Hg\].
    pub diastolic_above: Option<f64>,
    /// Systolic pressure below this, mm\[Hg\].
    pub systolic_below: Option<f64>,
}

/// Rates, pause and run as docs/SAFETY.md says; rapid of an irregular rhythm as lenient rate control (ESC 2020). 180 and
/// 120 are where the 2017 ACC/AHA guideline speaks of a hypertensive crisis (Whelton 2018, 11.2); below 90 a guideline
/// of sepsis or shock begins.
impl Default for RedFlagLimits {
    fn default() -> Self {
        Self {
            rate_above_bpm: Some(150.0),
            rate_below_bpm: Some(40.0),
            pause_above_s: Some(3.0),
            wide_run_beats: Some(3),
            rapid_irregular_above_bpm: Some(110.0),
            systolic_above: Some(180.0),
            diastolic_above: Some(120.0),
            systolic_below: Some(90.0),
        }
    }
}

impl RedFlagLimits {
    /// Whether every limit is a number that a person can reach, in whole units or tenths.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        let within = |limit: Option<f64>, least: f64, most: f64| {
            limit.is_none_or(|l| (least..=most).contains(&l) && tenth(l) == l)
        };
        within(self.rate_above_bpm, 60.0, 300.0)
            && within(self.rate_below_bpm, 10.0, 100.0)
            && within(self.pause_above_s, 2.0, 30.0)
            && within(self.wide_run_beats.map(f64::from), 3.0, 100.0)
            && within(self.rapid_irregular_above_bpm, 60.0, 300.0)
            && within(self.systolic_above, 100.0, 300.0)
            && within(self.diastolic_above, 60.0, 200.0)
            && within(self.systolic_below, 40.0, 150.0)
    }
}
