//! The nouns that every floor shares: frames, chunks, gaps, peaks, beats, intervals, quality windows.

mod beat;
mod beat_class;
mod device_class;
mod fiducials;
mod frame;
mod gap;
mod interval;
mod lead;
mod quality_window;
mod timeline;
mod transport_stats;

pub use beat::{Beat, Doubt, RPeak};
pub use beat_class::BeatClass;
pub use device_class::DeviceClass;
pub use fiducials::{Fiducials, Wave};
pub use frame::{EcgChunk, EcgFrame};
pub use gap::{Gap, GapCause};
pub use interval::{IntervalSource, NnInterval, NnRejection, RrInterval};
pub use lead::Lead;
pub use quality_window::{QualityReason, QualityReasons, QualityWindow};
pub use timeline::{Placement, Timeline};
pub use transport_stats::TransportStats;
