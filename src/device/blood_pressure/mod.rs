//! Blood Pressure Service 0x1810: a cuff's reading, and what a rested series of them says.

mod measurement;
mod series;

pub use measurement::{decode, encode, BloodPressure};
pub use series::{BloodPressureSeries, NextReading, NotCounted, SeriesResult};

use super::reading::ReadingAdapter;
use super::{Adapter, Uuid};

/// Blood Pressure Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x1810);
/// Blood Pressure Measurement: indicate.
pub const MEASUREMENT: Uuid = Uuid::from_u16(0x2A35);

/// State machine of the service. The cuff's pressure on its way up (0x2A36) is no reading and is not asked for.
#[must_use]
pub fn adapter() -> Box<dyn Adapter> {
    Box::new(ReadingAdapter::new(SERVICE, &[MEASUREMENT], |_, bytes| measurement::reading(bytes)))
}
