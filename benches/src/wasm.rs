//! The same for Node.

use wasm_bindgen::prelude::*;

/// A stage at the start of a pass.
#[wasm_bindgen]
pub struct Pass(super::Pass);

#[wasm_bindgen]
impl Pass {
    /// A stage by its name; undefined when there is none.
    #[wasm_bindgen(js_name = of)]
    #[must_use]
    pub fn of(stage: &str, rate_hz: f64) -> Option<Pass> {
        super::Pass::new(stage, rate_hz).map(Self)
    }

    /// The next samples.
    pub fn push(&mut self, samples_uv: &[f32]) {
        self.0.push(samples_uv);
    }

    /// The end of the signal.
    pub fn finish(self) {
        self.0.finish();
    }
}

/// Names of the stages.
#[wasm_bindgen]
#[must_use]
pub fn stages() -> Vec<String> {
    super::STAGES.map(str::to_owned).to_vec()
}

/// Samples that arrive together.
#[wasm_bindgen(js_name = frameLength)]
#[must_use]
pub fn frame_length() -> usize {
    super::FRAME
}
