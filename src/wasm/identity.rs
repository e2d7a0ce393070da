//! Randomness for identifiers.

use super::error::error;
use crate::pipeline::ReportId;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn random_values(into: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// A fresh random identifier.
pub(super) fn report_id() -> Result<ReportId, JsValue> {
    let bytes = Uint8Array::new_with_length(16);
    random_values(&bytes).map_err(|_| error("host.noRandomness", "no source of randomness"))?;
    let mut id = [0u8; 16];
    bytes.copy_to(&mut id);
    Ok(ReportId(id))
}
