//! Self-made boards behind the Nordic UART service, or behind the service of the common ESP32 example: numbers as
//! lines of text or as bytes, as the page says ([`UartFormat`]). Nothing is guessed; without a format nothing is read.

mod adapter;
mod format;
mod samples;

pub use adapter::UartAdapter;
pub use format::{UartEncoding, UartFormat, Word};
pub use samples::{encode, UartSample, UartSamples};

use super::Uuid;

/// Nordic UART service.
pub const SERVICE: Uuid = Uuid::new(0x6e400001_b5a3_f393_e0a9_e50e24dcca9e);
/// What the board sends: notify.
pub const TRANSMIT: Uuid = Uuid::new(0x6e400003_b5a3_f393_e0a9_e50e24dcca9e);
/// Service of the ESP32 Arduino example.
pub const ESP32_SERVICE: Uuid = Uuid::new(0x4fafc201_1fb5_459e_8fcc_c5c9c331914b);
/// Its characteristic: notify.
pub const ESP32_TRANSMIT: Uuid = Uuid::new(0xbeb5483e_36e1_4688_b7f5_ea07361b26a8);
