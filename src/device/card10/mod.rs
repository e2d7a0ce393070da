//! card10, the badge of the Chaos Communication Camp 2019: a big-endian counter of samples, then the samples.
//!
//! Experimental: the sampling rate is a setting of the badge that it does not send; 128 Hz is its default.

mod adapter;
mod samples;

pub use adapter::Card10Adapter;
pub use samples::{decode, encode, Card10Samples};

use super::Uuid;

/// ECG service.
pub const SERVICE: Uuid = Uuid::new(0x42230300_2342_2342_2342_234223422342);
/// ECG samples: notify.
pub const ECG: Uuid = Uuid::new(0x42230301_2342_2342_2342_234223422342);
/// Samples a second.
pub const RATE_HZ: f64 = 128.0;
