//! Glucose Service 0x1808. A meter speaks only when it is asked for its records (Record Access Control Point 0x2A52).

mod adapter;
mod measurement;

pub use adapter::GlucoseAdapter;
pub(crate) use measurement::reading;
pub use measurement::{decode, encode, Glucose};

use super::Uuid;

/// Glucose Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x1808);
/// Glucose Measurement: notify.
pub const MEASUREMENT: Uuid = Uuid::from_u16(0x2A18);
/// Record Access Control Point: write, indicate.
pub const RECORD_ACCESS: Uuid = Uuid::from_u16(0x2A52);

/// Asks for the last record.
pub const REPORT_LAST: [u8; 2] = [1, 6];
/// Asks for every record.
pub const REPORT_ALL: [u8; 2] = [1, 1];
/// First byte of the answer, and the value that means that all went well.
pub const RESPONSE: u8 = 6;
