//! The open "movesense-ble-ecg" firmware (Primbs 2022): ECG as a plain characteristic of an activity service.
//!
//! Experimental: three generations differ in UUIDs and time stamps, and the layout follows published sources, not a
//! sensor. Its characteristics squat on numbers of the Generic Health Sensor Service; the service tells them apart.

mod adapter;
mod ecg;
mod generation;

pub use adapter::MovesenseActivityAdapter;
pub use ecg::{decode, decode_old, encode, ActivityEcg};

use super::Uuid;

/// Activity service.
pub const SERVICE: Uuid = Uuid::from_u16(0x1859);
/// ECG service, which the first firmware had instead.
pub const FIRST_SERVICE: Uuid = Uuid::from_u16(0x1857);
/// ECG of firmware 0.8 and newer: notify.
pub const ECG: Uuid = Uuid::from_u16(0x2BF1);
/// Its configuration, whose first byte is the sampling interval in milliseconds: read, write.
pub const CONFIGURATION: Uuid = Uuid::from_u16(0x2BF3);
/// ECG of firmware 0.7 and older, in either service: notify.
pub const OLD_ECG: Uuid = Uuid::from_u16(0x2BDD);
/// Its sampling interval in milliseconds, u16: read, write.
pub const OLD_INTERVAL: Uuid = Uuid::from_u16(0x2BE3);
/// The same in the ECG service (Measurement Interval of the Bluetooth SIG, which counts seconds).
pub const FIRST_INTERVAL: Uuid = Uuid::from_u16(0x2A21);
