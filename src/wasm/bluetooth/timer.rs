//! Waiting, and waiting with a limit.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64, argument: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Waits.
pub(super) async fn sleep(ms: f64) {
    let promise = Promise::new(&mut |resolve: Function, _| {
        set_timeout(&resolve, ms, &JsValue::UNDEFINED);
    });
    let _ = JsFuture::from(promise).await;
}

/// A promise with a limit of its own, since GATT calls are known to hang for ever. `None` when it ran out.
pub(super) async fn within(promise: Promise, ms: f64) -> Option<Result<JsValue, JsValue>> {
    let marker: JsValue = js_sys::Object::new().into();
    let mut timer = JsValue::UNDEFINED;
    let late = marker.clone();
    let limit = Promise::new(&mut |resolve: Function, _| {
        timer = set_timeout(&resolve, ms, &late);
    });
    let both = js_sys::Array::of2(&promise, &limit);
    let first = JsFuture::from(Promise::race(&both)).await;
    clear_timeout(&timer);
    match first {
        Ok(value) if value == marker => None,
        settled => Some(settled),
    }
}
