//! The sampling rate at the door.

use super::error::error;
use crate::units::Hertz;
use wasm_bindgen::JsValue;

/// A supported sampling rate.
pub(super) fn hertz(rate: f64) -> Result<Hertz, JsValue> {
    Hertz::new(rate).map_err(|why| error("samplingRate.unsupported", &why.to_string()))
}
