//! Virtual devices: peripherals that speak the bytes of real ones, without a radio.
//!
//! What they send is simulated, and whatever is made of it must be marked so.

mod ecg_stream;
mod firmware;
mod heart;
mod heart_rate;
mod kind;
mod movesense;
mod options;
mod polar_h10;
mod polar_motion;
mod random;
mod readings;
mod resample;
mod samplers;
mod values;
mod viatom;
mod virtual_device;
mod zephyr;

pub use heart::Pulse;
pub use kind::VirtualKind;
pub use options::Options;
pub use virtual_device::{VirtualDevice, VirtualNotification};
