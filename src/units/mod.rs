//! Units as types: a number with a physical meaning never travels bare through a public signature.
//!
//! Conversions between milliseconds and samples belong to [`Hertz`]; only meaningful arithmetic exists.

mod digits;
mod order;
mod place;
mod quantity;
mod time;

pub use digits::{push_decimal, push_hex};
pub use order::{larger, nth_smallest, smaller, sort_ascending, sort_ascending_f32, sort_by};
pub use place::{SampleCount, SampleIndex, SamplePlace};
pub use quantity::{BeatsPerMinute, Hertz, Microvolts, UnitError};
pub use time::{DeviceTime, HostTime, Milliseconds, Seconds};
