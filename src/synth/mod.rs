//! Synthetic ECG whose truth is known exactly: beats at stated times, and disturbances at stated strength.
//!
//! For tests that must never be skipped and for virtual devices; what it makes is simulated and must be
//! marked so by whoever passes it on.

mod beats;
mod ecg;
mod noise;
mod pacer;
mod random;

pub use beats::{BeatLabel, PatternBeat, Rhythm, TruthBeat};
pub use ecg::{EcgStream, EcgSynth, SyntheticEcg};
pub use noise::{Disturbance, Level, Noise};
pub use pacer::{Pacer, PacerTiming};
