//! The file of weights that stands beside the main module.

use super::error::error;
use crate::pipeline::WEIGHTS;
use crate::weights;
use wasm_bindgen::prelude::*;

/// Takes the file's bytes, before anything else is called. See `load` of the package.
#[wasm_bindgen(js_name = giveWeights)]
pub fn give_weights(file: &[u8]) -> Result<(), JsValue> {
    let taken = weights::give(file, WEIGHTS);
    taken
        .then_some(())
        .ok_or_else(|| error("wasm.load", "the file of weights is not the one of this version"))
}
