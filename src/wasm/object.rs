//! Plain JavaScript objects, field by field.

use super::error::error;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// A plain object with these fields.
pub(super) fn object(fields: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), value)
            .map_err(|_| error("internal.object", "a result could not be handed over"))?;
    }
    Ok(object.into())
}
