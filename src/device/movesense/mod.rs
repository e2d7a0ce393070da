//! Movesense GATT SensorData Protocol (GSP): ECG as raw counts or in whole microvolts.
//!
//! Delivery is not guaranteed; every frame carries the sensor's own milliseconds, so losses show.

mod adapter;
mod ecg;
mod message;

pub use adapter::MovesenseAdapter;
pub use ecg::{decode_ecg, encode_ecg, EcgFormat, EcgPacket, SAMPLES};
pub use message::{decode_command, decode_message, encode_command, encode_message, Command, Message};

use super::Uuid;

/// GSP service.
pub const SERVICE: Uuid = Uuid::new(0x34802252_7185_4d5d_b431_630e7050e8f0);
/// Commands: write.
pub const COMMAND: Uuid = Uuid::new(0x34800001_7185_4d5d_b431_630e7050e8f0);
/// Answers and data: notify.
pub const DATA: Uuid = Uuid::new(0x34800002_7185_4d5d_b431_630e7050e8f0);
