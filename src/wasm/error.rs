//! JavaScript errors with a stable `code`.

use wasm_bindgen::JsValue;

/// An `Error` with `code`, such as `device.truncated`.
pub(super) fn error(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("PqrstError");
    // Setting a property of an object that was just made cannot fail.
    let _ = js_sys::Reflect::set(&error, &JsValue::from_str("code"), &JsValue::from_str(code));
    error.into()
}

/// An input of the wrong shape.
pub(super) fn invalid(what: &str) -> JsValue {
    error("argument.invalid", what)
}
