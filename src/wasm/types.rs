//! How results are handed over, and the one door of `serde-wasm-bindgen`.

use super::error::error;
use serde::Serialize;
use wasm_bindgen::JsValue;

fn failed() -> JsValue {
    error("internal.serialize", "a result could not be handed over")
}

/// A plain object with the same fields as the JSON.
#[cfg(feature = "devices")]
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|_| failed())
}

/// The same by way of the JSON text, whose writer the main module has anyway.
#[cfg(not(feature = "devices"))]
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    parsed(&crate::export::json::text(value).ok_or_else(failed)?)
}

#[cfg(not(feature = "devices"))]
fn parsed(text: &str) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(text)
}
