//! The one door of `serde-wasm-bindgen`: plain JavaScript objects for rare things.

use super::error::{error, invalid};
use serde::de::DeserializeOwned;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A large result as a plain object, by way of its JSON: one serialiser for what is stored, sent and shown, and
/// a third of the code size of walking the object.
pub(super) fn through_json<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(value)
        .map_err(|_| error("internal.serialize", "a result could not be written"))?;
    js_sys::JSON::parse(&text)
}

/// The same the other way round.
pub(super) fn from_json<T: DeserializeOwned>(value: &JsValue, what: &str) -> Result<T, JsValue> {
    let text = js_sys::JSON::stringify(value).map_err(|_| invalid(what))?;
    text.as_string().and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(|| invalid(what))
}

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
