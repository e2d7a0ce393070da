//! The one composition from samples to a [`Report`]: `analyze()`, the session, the command line and the
//! evaluation all run this.

mod algorithm;
mod context;
mod identifier;
mod report;
mod value;

pub use algorithm::{Algorithm, AlgorithmName, Library, Version};
pub use context::{Context, Pacemaker, Posture, Symptoms};
pub use identifier::{IdentifierError, ReportId};
pub use report::{
    BandRow, BeatRow, Contact, DeviceInfo, FilterInfo, GapRow, HeartRate, Hrv, HrvRecipe, IntervalRow, Limit,
    QualityRow, Regularity, Report, ReportSchema, Rhythm, RhythmConfidence, TestKind, TransportRow,
};
pub use value::{NullReason, Value, Window};
