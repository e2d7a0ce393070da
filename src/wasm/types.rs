//! The one door of `serde-wasm-bindgen`, and the way of large results.

use super::error::error;
#[cfg(not(feature = "devices"))]
use crate::export::json;
use serde::Serialize;
use wasm_bindgen::JsValue;

fn failed() -> JsValue {
    error("internal.serialize", "a result could not be handed over")
}

/// A plain object with the same fields as the JSON: for what is small and frequent.
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|_| failed())
}

/// A large result as a plain object, by way of the JSON text that is stored and sent.
#[cfg(not(feature = "devices"))]
pub(super) fn through_json<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(&json::text(value).ok_or_else(failed)?)
}
