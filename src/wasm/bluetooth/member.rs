//! Calls by name, with every throw caught: web-sys declares these methods as if they never threw.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A member; undefined when it is not there.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Whether an object has a method of this name.
pub(super) fn has(object: &JsValue, name: &str) -> bool {
    get(object, name).is_function()
}

/// Calls a method; a missing one is an error like any other.
pub(super) fn call(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(object, name)
        .dyn_into()
        .map_err(|_| js_sys::TypeError::new(&[name, " is not there"].concat()))?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    Reflect::apply(&method, object, &list)
}

/// Calls a method that answers by a promise; a throw becomes a rejection.
pub(super) fn promise(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Promise {
    match call(object, name, arguments) {
        Ok(value) => Promise::resolve(&value),
        Err(thrown) => Promise::reject(&thrown),
    }
}
