//! The Report: everything known about a recording. It stays with the patient; the Summary is what leaves.
//!
//! `docs/schemas/report.v1.json` fixes every field.

mod beats;
mod intervals;
mod rhythm;

pub use beats::{BeatRow, Ectopy, WavesRow};
pub use intervals::{Intervals, Spread};
pub use rhythm::{FindingRow, LabelChances, LabelRow, Regularity, Rhythm, RhythmConfidence};

use super::{Context, Library, PressureSeries, ReadingRow, RedFlagRow, ReportId, Value};
use crate::hrv::HrvRecipe;
use crate::quality::{Outcome, Verdict, VerdictReason};
use crate::signal::{DeviceClass, GapCause, IntervalSource, Lead, NnRejection, QualityReason};
use serde::{Deserialize, Serialize, Serializer};

/// The schema's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ReportSchema {
    /// First version.
    #[serde(rename = "pqrst.report.v1")]
    V1,
}

/// Which test was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TestKind {
    /// Half a minute at rest.
    #[serde(rename = "rest-30s")]
    Rest30s,
    /// Five minutes at rest.
    #[serde(rename = "rest-5min")]
    Rest5min,
    /// Open end.
    #[serde(rename = "monitor")]
    Monitor,
    /// A finished recording.
    #[serde(rename = "recording")]
    Recording,
}

/// The source of the signal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceInfo {
    /// Its class.
    pub class: DeviceClass,
    /// Band that the device itself lets through.
    pub band: Option<BandRow>,
}

/// A pass band in hertz.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BandRow {
    /// Lower corner.
    pub low_hz: f64,
    /// Upper corner.
    pub high_hz: f64,
}

/// Heart rate over the accepted intervals, beats a minute.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeartRate {
    /// Mean.
    pub mean_bpm: Value,
    /// Lowest over five successive intervals.
    pub min_bpm: Value,
    /// Highest over five successive intervals.
    pub max_bpm: Value,
}

/// Heart rate variability. NN intervals only.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hrv {
    /// RMSSD in milliseconds, from 60 s.
    pub rmssd_ms: Value,
    /// pNN50 over the number of differences, percent, from 60 s.
    pub pnn50_percent: Value,
    /// SD1 in milliseconds, from 60 s.
    pub sd1_ms: Value,
    /// SD2 in milliseconds, from 5 min.
    pub sd2_ms: Value,
    /// SDNN in milliseconds, from 5 min.
    pub sdnn_ms: Value,
    /// Power 0.04 to 0.15 Hz in ms^2, from 5 min.
    pub lf_ms2: Value,
    /// Power 0.15 to 0.40 Hz in ms^2, from 5 min.
    pub hf_ms2: Value,
    /// LF over HF.
    pub lf_hf: Value,
    /// How the spectrum was made.
    pub recipe: HrvRecipe,
    /// Share of the intervals that were left out, percent.
    pub rejected_percent: Option<f64>,
}

/// Three figures after the point; printed as the other numbers are, which spares the page a second way of printing.
fn short<S: Serializer>(value: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((f64::from(*value) * 1000.0).round() / 1000.0)
}

/// An RR interval and whether it counts as NN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RrRow {
    /// When the closing beat happened.
    pub end_s: f64,
    /// Length in milliseconds.
    pub rr_ms: f64,
    /// Who measured it.
    pub source: IntervalSource,
    /// Why it is no NN interval; null when it is one.
    pub rejected: Option<NnRejection>,
}

/// A judged stretch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QualityRow {
    /// Start in seconds.
    pub start_s: f64,
    /// Length in seconds.
    pub duration_s: f64,
    /// 0 to 1.
    #[serde(serialize_with = "short")]
    pub score: f32,
    /// Whether beats found here count.
    pub usable: bool,
    /// Why not, the strongest first.
    pub reasons: Vec<QualityReason>,
    /// Whether the body moved in it, by acceleration; null where that is not known. Movement alone closes no window.
    pub moving: Option<bool>,
}

/// A hole in the record.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GapRow {
    /// Start in seconds.
    pub start_s: f64,
    /// Length in seconds.
    pub duration_s: f64,
    /// Why.
    pub cause: GapCause,
    /// True when the length rests on arrival times.
    pub timing_unverified: bool,
}

/// How the link behaved, exact: local only.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransportRow {
    /// Frames placed.
    pub frames: u64,
    /// Frames that could not be decoded.
    pub bad_frames: u64,
    /// Frames that came twice or too late.
    pub stale_frames: u64,
    /// Samples received.
    pub samples: u64,
    /// Samples lost.
    pub samples_lost: u64,
    /// Gaps.
    pub gaps: u64,
    /// How often the link came back.
    pub reconnects: u64,
    /// True rate on the device's clock.
    pub true_rate_hz: Option<f64>,
    /// Device clock against host clock.
    pub drift_ppm: Option<f64>,
    /// Time without a link, seconds.
    pub disconnected_s: f64,
}

/// What is to be done with the recording, and why. Judged by [`Verdict::of`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerdictRow {
    /// Usable, to be repeated, or neither.
    pub kind: Outcome,
    /// The fault that cost the most time first.
    pub reasons: Vec<VerdictReason>,
}

impl From<Verdict> for VerdictRow {
    fn from(verdict: Verdict) -> Self {
        Self { kind: verdict.outcome, reasons: verdict.reasons }
    }
}

/// Skin contact as the device reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Contact {
    /// Reported.
    Yes,
    /// Lost at least once during the recording and not back at its end.
    No,
    /// The device does not tell.
    #[default]
    Unknown,
}

/// The filters that the displayed signal went through.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterInfo {
    /// Our high-pass corner; null when the device's own was kept.
    pub high_pass_hz: Option<f64>,
    /// Our low-pass corner.
    pub low_pass_hz: f64,
    /// The mains frequency that was taken out, if any.
    pub notch_hz: Option<f64>,
}

/// What the result cannot show. Travels with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Limit {
    /// One lead only.
    SingleLead,
    /// Nobody checked where the electrodes sat.
    PlacementUnverified,
    /// Monitor band, not diagnostic.
    MonitorBand,
    /// ST level means nothing in this band.
    NoSt,
    /// Rates and intervals from the device; no waveform was seen.
    NoWaveform,
    /// Intervals are between pulses that an optical sensor sees, not between heart beats.
    PulseIntervals,
    /// Pulses of the pacemaker can be counted as beats: at this sampling rate they look alike.
    PacerPulses,
    /// A gap's length rests on arrival times.
    TimingUnverified,
}

/// Everything known about a recording.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `pqrst.report.v1`.
    pub schema: ReportSchema,
    /// Random, made once.
    pub id: ReportId,
    /// This library and its version.
    pub algorithm: Library,
    /// True when the signal came from a virtual device.
    pub simulated: bool,
    /// Which test.
    pub test: TestKind,
    /// The source.
    pub device: DeviceInfo,
    /// Who measured the intervals.
    pub source: IntervalSource,
    /// The lead.
    pub lead: Lead,
    /// Rate that the device or the file states.
    pub nominal_sampling_rate_hz: Option<f64>,
    /// Rate measured on the device's clock; the stated one where there is no clock.
    pub sampling_rate_hz: Option<f64>,
    /// Where the judged part begins: after the device's start-up transient, seconds from the first sample.
    pub settled_s: f64,
    /// Length of the judged part in seconds, gaps included.
    pub duration_s: f64,
    /// Seconds of it that can be used; null without a waveform.
    pub usable_s: Option<f64>,
    /// Good, to be repeated, or neither.
    pub verdict: VerdictRow,
    /// Heart rate.
    pub heart_rate: HeartRate,
    /// Regularity, a word for the rhythm, and what was found in it.
    pub rhythm: Rhythm,
    /// Beats that come from elsewhere than the sinus node.
    pub ectopy: Ectopy,
    /// PR, QRS and QT over the whole recording.
    pub intervals: Intervals,
    /// Variability.
    pub hrv: Hrv,
    /// Beats, in the order of time.
    pub beats: Vec<BeatRow>,
    /// Their waves, beat by beat; a beat without any found has no row.
    pub waves: Vec<WavesRow>,
    /// RR intervals, in the order of time.
    pub rr: Vec<RrRow>,
    /// Quality windows.
    pub quality: Vec<QualityRow>,
    /// Share of the judged time of which acceleration is known in windows in which the body moved, percent.
    pub motion_percent: Option<f64>,
    /// Gaps.
    pub gaps: Vec<GapRow>,
    /// Link.
    pub transport: TransportRow,
    /// Last battery level, percent.
    pub battery_percent: Option<u8>,
    /// Skin contact.
    pub contact: Contact,
    /// Share of the time that the device spoke of during which the electrodes touched the skin, percent.
    pub contact_percent: Option<f64>,
    /// Readings of home tests, the oldest first.
    pub readings: Vec<ReadingRow>,
    /// The rested series of blood pressures; null where there was none.
    pub blood_pressure: Option<PressureSeries>,
    /// What lies beyond a limit of the clinic, by priority.
    pub red_flags: Vec<RedFlagRow>,
    /// The patient's answers.
    pub context: Context,
    /// Filters.
    pub filters: Option<FilterInfo>,
    /// Limits.
    pub limits: Vec<Limit>,
}
