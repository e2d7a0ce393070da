//! The host's clock.

use crate::units::HostTime;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// The monotonic clock.
pub(super) fn now() -> HostTime {
    HostTime(performance_now())
}
