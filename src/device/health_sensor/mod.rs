//! Generic Health Sensor Service 0x1840: live observations of the kinds that the other services send too.
//!
//! Experimental: no shipping device was at hand, and the layout follows public simulators of the adopted service. What
//! is read: numeric and compound numeric observations of known types. Its numbers are also used by a Movesense
//! firmware for other ends; what a characteristic is follows from its service, never from its own number.

mod adapter;
mod observation;

pub use adapter::HealthSensorAdapter;
pub use observation::encode;
pub(crate) use observation::{decode, Segments};

use super::Uuid;

/// Generic Health Sensor Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x1840);
/// Live Health Observations: notify or indicate. Stored observations (0x2BDD) are not asked for.
pub const LIVE: Uuid = Uuid::from_u16(0x2B8B);
