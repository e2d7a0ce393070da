//! Virtual devices: peripherals that speak the bytes of real ones, without a radio.
//!
//! What they send is simulated, and whatever is made of it must be marked so.

mod heart;
mod options;
mod polar_h10;
mod random;
mod resample;
mod virtual_device;

pub use heart::Pulse;
pub use options::Options;
pub use virtual_device::{VirtualDevice, VirtualKind, VirtualNotification};
