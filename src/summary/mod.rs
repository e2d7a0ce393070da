//! The Summary: the contract with every portal, and the only thing that leaves.
//!
//! A pure function of the [`Report`]: rounded, relative times only, every value with its evidence window and
//! its algorithm. No field is free text, so no field can hold an identifier. `docs/schemas/summary.v1.json`
//! fixes every field.

mod builder;
mod check;
mod classes;
mod pressure;
mod readings;
mod red_flags;

pub use check::SummaryError;
pub use classes::{BatteryClass, DriftClass, TransportClasses};

use crate::pipeline::{
    Context, Ectopy, GapRow, HeartRate, Intervals, Library, Limit, PressureSeries, ReadingRow, RedFlagRow,
    ReportId, Rhythm, TestKind, Value, VerdictRow,
};
use crate::signal::{DeviceClass, Lead, QualityReason};
use serde::{Deserialize, Serialize};

/// The schema's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SummarySchema {
    /// First version.
    #[serde(rename = "pqrst.summary.v1")]
    V1,
}

/// The class of the source, and nothing else about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryDevice {
    /// The class.
    pub class: DeviceClass,
}

/// Variability, whole milliseconds and percent. No LF/HF: nobody should read a body from it by default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SummaryHrv {
    /// RMSSD in milliseconds, from 60 s.
    pub rmssd_ms: Value,
    /// pNN50 in percent, from 60 s.
    pub pnn50_percent: Value,
    /// SD1 in milliseconds, from 60 s.
    pub sd1_ms: Value,
    /// SD2 in milliseconds, from 5 min.
    pub sd2_ms: Value,
    /// SDNN in milliseconds, from 5 min.
    pub sdnn_ms: Value,
}

/// Time lost to one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonTime {
    /// The reason.
    pub reason: QualityReason,
    /// Seconds in windows where it was the strongest.
    pub seconds: u32,
}

/// Signal quality in the large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SummaryQuality {
    /// Usable share, percent; null without a waveform.
    pub usable_percent: Option<u8>,
    /// What cost time, the most costly first.
    pub reasons: Vec<ReasonTime>,
}

/// The summary of one recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Summary {
    /// `pqrst.summary.v1`.
    pub schema: SummarySchema,
    /// The report's random id.
    pub id: ReportId,
    /// What computed it.
    pub algorithm: Library,
    /// True when the signal came from a virtual device.
    pub simulated: bool,
    /// Which test.
    pub test: TestKind,
    /// The source's class.
    pub device: SummaryDevice,
    /// The lead.
    pub lead: Lead,
    /// Length of the judged part, whole seconds, gaps included.
    pub duration_s: u32,
    /// Usable seconds; null without a waveform.
    pub usable_s: Option<u32>,
    /// Good, to be repeated, or neither.
    pub verdict: VerdictRow,
    /// Heart rate, whole beats a minute.
    pub heart_rate: HeartRate,
    /// Regularity, a word for the rhythm with chances in tenths, and the first [`Summary::MAX_FINDINGS`] findings, in whole
    /// seconds and beats a minute.
    pub rhythm: Rhythm,
    /// Ectopic beats, whole numbers a minute.
    pub ectopy: Ectopy,
    /// PR, QRS and QT to 10 ms.
    pub intervals: Intervals,
    /// Variability.
    pub hrv: SummaryHrv,
    /// Quality.
    pub quality: SummaryQuality,
    /// The longest gaps, at most [`Summary::MAX_GAPS`], in the order of time; times to 0.1 s.
    pub gaps: Vec<GapRow>,
    /// Link and battery in coarse classes.
    pub transport: TransportClasses,
    /// The latest readings of home tests, at most [`Summary::MAX_READINGS`], the oldest first; whole units or tenths, whole
    /// seconds.
    pub readings: Vec<ReadingRow>,
    /// The rested series of blood pressures, whole mm\[Hg\] and seconds; null where there was none.
    pub blood_pressure: Option<PressureSeries>,
    /// What lies beyond a limit of the clinic, by priority; numbers rounded away from the limit, to whole ones or tenths.
    pub red_flags: Vec<RedFlagRow>,
    /// The patient's answers.
    pub context: Context,
    /// Limits.
    pub limits: Vec<Limit>,
}

impl Summary {
    /// More gaps than this say nothing more about the recording and much about the radio.
    pub const MAX_GAPS: usize = 16;

    /// More findings than this are for the strip, not for the top line.
    pub const MAX_FINDINGS: usize = 12;

    /// A visit needs no longer series of readings, and a portal takes no more than 64 kB.
    pub const MAX_READINGS: usize = 12;
}
