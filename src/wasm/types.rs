//! The one door of `serde-wasm-bindgen`, and the way of results where the writer of JSON text is there anyway.

use super::error::error;
use serde::Serialize;
use wasm_bindgen::JsValue;

fn failed() -> JsValue {
    error("internal.serialize", "a result could not be handed over")
}

/// The JSON text that is stored and sent.
pub(super) fn text<T: Serialize>(value: &T) -> Result<String, JsValue> {
    crate::export::json::text(value).ok_or_else(failed)
}

/// A plain object by way of its JSON text.
#[cfg(not(feature = "records"))]
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(&text(value)?)
}

/// A plain object with the same fields as the JSON.
#[cfg(feature = "records")]
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|_| failed())
}
