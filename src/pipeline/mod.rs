//! The one composition from samples to a [`Report`]: `analyze()`, the session, the command line and the
//! evaluation all run this.

mod algorithm;
mod context;
mod ecg_track;
mod event;
mod identifier;
mod live_rate;
mod measures;
mod recorder;
mod report;
mod rr_track;
mod value;

pub use algorithm::{Algorithm, AlgorithmName, Library, Version};
pub use context::{Context, Pacemaker, Posture, Symptoms};
pub use event::{Event, Stretch};
pub use identifier::{IdentifierError, ReportId};
pub use recorder::{EcgSource, Pipeline, Request};
pub use report::{
    BandRow, BeatRow, Contact, DeviceInfo, FilterInfo, GapRow, HeartRate, Hrv, Limit, QualityRow, Regularity,
    Report, ReportSchema, Rhythm, RhythmConfidence, RrRow, TestKind, TransportRow, VerdictRow,
};
pub use value::{NullReason, Value, Window};
