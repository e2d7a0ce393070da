//! Heart Rate Service 0x180D (Heart Rate Service 1.0): rate, contact and RR intervals.

mod adapter;
mod measurement;

pub use adapter::HeartRateAdapter;
pub use measurement::{decode, encode, rr_ms, Measurement};

use super::Uuid;

/// Heart Rate Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x180D);
/// Heart Rate Measurement.
pub const MEASUREMENT: Uuid = Uuid::from_u16(0x2A37);
