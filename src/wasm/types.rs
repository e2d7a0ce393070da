//! The one door of `serde-wasm-bindgen`: plain JavaScript objects for rare things.

use super::error::{error, invalid};
use serde::de::DeserializeOwned;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A plain object with the same fields as the JSON.
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|_| error("internal.serialize", "a result could not be handed over"))
}

/// Reads a plain object.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue, what: &str) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|_| invalid(what))
}
