//! The one composition from samples to a [`Report`]: `analyze()`, the session, the command line and the
//! evaluation all run this.

mod algorithm;
mod beat_track;
mod breath;
mod contact_share;
mod context;
mod ecg_track;
mod event;
mod hrv_recipes;
mod identifier;
mod interval_measures;
mod live_rate;
mod measures;
mod pressure;
mod readings;
mod recorded;
mod recorder;
mod red_flag_limits;
mod red_flags;
mod report;
mod rhythm_measures;
mod rr_track;
mod value;
mod weights;

pub use algorithm::{Algorithm, AlgorithmName, Library, Version};
pub use breath::{respiration_of, BreathRow, RespirationRow};
pub use context::{Context, Pacemaker, Posture, Symptoms};
pub use event::{Event, Stretch};
pub use hrv_recipes::{hrv_by_recipe, RecipeHrv};
pub use identifier::{IdentifierError, ReportId};
pub use pressure::{NotCountedRow, PressureMean, PressureSeries, PressureStep};
pub use readings::{ReadingRow, ReadingValue};
pub use recorded::Recorded;
pub use recorder::{EcgSource, Pipeline, Request};
pub use red_flag_limits::RedFlagLimits;
pub use red_flags::{Priority, RedFlag, RedFlagRow};
pub use report::{
    BandRow, BeatRow, Contact, DeviceInfo, Ectopy, FilterInfo, FindingRow, GapRow, HeartRate, Hrv, Intervals,
    LabelChances, LabelRow, Limit, QualityRow, Regularity, Report, ReportSchema, Rhythm, RhythmConfidence,
    RrRow, Spread, TestKind, TransportRow, VerdictRow, WavesRow,
};
pub use value::{NullReason, Value, Window};
pub use weights::WEIGHTS;
