//! How results are handed over: as the JSON text that is stored and sent, read by JavaScript.

use super::error::error;
use crate::export::json;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A plain object with the same fields as the JSON.
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    parsed(json::text(value))
}

fn parsed(text: Option<String>) -> Result<JsValue, JsValue> {
    let text = text.ok_or_else(|| error("internal.serialize", "a result could not be handed over"))?;
    js_sys::JSON::parse(&text)
}
