//! Polar Measurement Data (PMD): the ECG stream of Polar chest straps.
//!
//! Layouts follow Polar's published SDK. Order of the handshake: subscribe to the control point, read the features,
//! subscribe to the data, ask for the settings, start. Starting before subscribing delays the first ECG by up to 30 s.

mod adapter;
mod control;
mod ecg;
mod motion;
mod settings;
mod status;
mod times;

pub use adapter::PolarAdapter;
pub use control::{decode_control, encode_control, Command, Control, Features, Response};
pub use ecg::{decode_ecg, encode_ecg, encode_ecg_data, Beside, EcgData, EcgVariant};
pub use motion::{decode_acceleration, decode_pulse_intervals, encode_acceleration, AccelerationData};
pub use settings::{Setting, SettingKind, Settings};
pub use status::Status;
pub use times::sample_times;

use super::{DeviceBand, Uuid};
use crate::units::{Microvolts, Seconds};

/// PMD service.
pub const SERVICE: Uuid = Uuid::new(0xfb005c80_02e7_f387_1cad_8acd2d8df0c8);
/// PMD control point: read, write, indicate.
pub const CONTROL_POINT: Uuid = Uuid::new(0xfb005c81_02e7_f387_1cad_8acd2d8df0c8);
/// PMD data: notify.
pub const DATA: Uuid = Uuid::new(0xfb005c82_02e7_f387_1cad_8acd2d8df0c8);

/// Measurement type of ECG.
pub const ECG: u8 = 0;

/// Measurement type of acceleration.
pub const ACCELERATION: u8 = 2;
/// Measurement type of pulse-to-pulse intervals.
pub const PULSE_INTERVALS: u8 = 3;

/// What the H10 filters itself, by Polar's "H10 ECG explained"; the swing-in time is measured on a real strap.
pub const BAND: DeviceBand = DeviceBand {
    high_pass_hz: 0.7,
    low_pass_hz: 40.0,
    full_scale: Microvolts(20_000.0),
    settling: Seconds(4.0),
};
