//! pqrst reads heart devices in the patient's browser, analyses the ECG there, and lets out only a
//! pseudonymised summary.
//!
//! # Layout
//! The modules stand in floors, from the foundation to the roof; a module uses only modules listed
//! before its own (`tests/architecture.rs` keeps the order). `docs/ARCHITECTURE.md` is the map.
//!
//! It shows hints for a clinician, never a diagnosis.

pub mod units;
pub mod weights;

pub mod signal;

pub mod device;
pub mod dsp;
pub mod import;
pub mod synth;

pub mod quality;

pub mod detect;

pub mod delineate;

pub mod beats;

pub mod hrv;
pub mod intervals;
pub mod rhythm;

pub mod pipeline;

pub mod summary;

pub mod export;

pub mod session;
pub mod simulate;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
