//! ProtoCentral HealthyPi 5 and HealthyPi Move: `n x int32` counts at 128 Hz, without a time stamp or a counter.
//!
//! Their firmware drops packets silently when its radio is busy: what is lost shows in the arrivals alone
//! ([`EcgTiming::Arrival`](super::EcgTiming)). Experimental: the scale is that of the Move's amplifier (MAX30001 at
//! gain 40); the HealthyPi 5 may have another. The temperature that some versions send in a characteristic of the
//! environment is not read.

mod adapter;
mod samples;

pub use adapter::HealthyPiAdapter;
pub use samples::{decode, encode};

use super::Uuid;

/// ECG service.
pub const SERVICE: Uuid = Uuid::from_u16(0x1122);
/// ECG samples: notify.
pub const ECG: Uuid = Uuid::from_u16(0x1424);
/// Samples a second.
pub const RATE_HZ: f64 = 128.0;
