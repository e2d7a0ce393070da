//! Readings of home tests: what they are, whose they are, and of when.
//!
//! A reading's user index and time stamp are read to decide whether it may be passed on, and go no further:
//! [`Measurement`] has no field for either.

mod adapter;
mod date_time;
mod filter;
mod float;
mod measurement;
mod words;

pub(crate) use adapter::{Decoded, ReadingAdapter};
pub(crate) use date_time::date_time;
pub use date_time::CivilTime;
pub(crate) use filter::Taken;
pub use filter::{LeftOut, LocalClock, ReadingFilter, UserIndex};
pub use float::{decode_float, decode_sfloat, encode_float, encode_sfloat, MedicalFloat};
pub use measurement::{Condition, Measured, Measurement, MeasurementLimit, Panel, Quantity};
