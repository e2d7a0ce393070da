//! Samples to what a report is made of.

use super::error::invalid;
use super::identity::report_id;
use super::rate::hertz;
use super::types::text;
use crate::pipeline::{Context, EcgSource, Pipeline, Request, TestKind};
use crate::signal::{DeviceClass, Lead};
use wasm_bindgen::prelude::*;

/// Runs the whole pipeline over samples that come block by block. See `analyze` of the package.
#[wasm_bindgen]
pub struct AnalysisCore(Option<Pipeline>);

#[wasm_bindgen]
impl AnalysisCore {
    /// For samples of this rate, of a lead that a file names or of an unknown one.
    #[wasm_bindgen(constructor)]
    pub fn new(rate: f64, named: bool) -> Result<AnalysisCore, JsValue> {
        let lead = if named { Lead::FromFile } else { Lead::Unknown };
        let mut pipeline = Pipeline::new(Request {
            test: TestKind::Recording,
            context: Context::default(),
            simulated: false,
            retakes: 0,
        });
        pipeline.open_ecg(EcgSource { class: DeviceClass::Recording, lead, rate: hertz(rate)?, band: None });
        Ok(Self(Some(pipeline)))
    }

    /// The next samples, in microvolts; NaN marks those that are missing.
    pub fn push(&mut self, samples_uv: &[f32]) {
        let Some(pipeline) = &mut self.0 else { return };
        // In pieces, so that display events never pile up.
        for piece in samples_uv.chunks(4096) {
            pipeline.push_samples(piece, None);
            pipeline.drain();
        }
    }

    /// What a report is made of, for the module of results. Nothing can be pushed afterwards.
    pub fn finish(&mut self) -> Result<String, JsValue> {
        let mut pipeline = self.0.take().ok_or_else(|| invalid("the analysis has ended"))?;
        text(&pipeline.end(report_id()?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::{report, to_fhir};
    use super::*;
    use js_sys::Reflect;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    const RATE_HZ: f64 = 250.0;
    const BPM: f64 = 75.0;
    const VISIT: &str = "0123456789abcdef0123456789abcdef";

    /// A minute of Gaussian R and T waves at a steady rate.
    fn ecg() -> Vec<f32> {
        let beat_s = 60.0 / BPM;
        let wave = |t: f64, at: f64, width: f64, uv: f64| uv * (-((t - at) / width).powi(2) / 2.0).exp();
        let sample = |i: u32| {
            let t = (f64::from(i) / RATE_HZ) % beat_s;
            wave(t, 0.3, 0.011, 1100.0) + wave(t, 0.55, 0.045, 250.0) - wave(t, 0.325, 0.01, 200.0)
        };
        (0..15_000).map(|i| sample(i) as f32).collect()
    }

    fn at(object: &JsValue, path: &[&str]) -> JsValue {
        path.iter().fold(object.clone(), |inner, key| Reflect::get(&inner, &JsValue::from_str(key)).unwrap())
    }

    #[wasm_bindgen_test]
    fn a_report_and_its_bundle_are_plain_objects() {
        let mut analysis = AnalysisCore::new(RATE_HZ, false).unwrap();
        ecg().chunks(1000).for_each(|block| analysis.push(block));
        let report = report(&analysis.finish().unwrap(), JsValue::UNDEFINED).unwrap();
        assert!(analysis.finish().is_err());
        let mean = at(&report, &["heartRate", "meanBpm", "value"]).as_f64().unwrap();
        assert!((mean - BPM).abs() < 0.5, "{mean} bpm");
        let summary = at(&report, &["summary"]);
        assert_eq!(at(&summary, &["heartRate", "meanBpm", "value"]).as_f64(), Some(BPM));
        let id = at(&summary, &["id"]).as_string().unwrap();
        let bundle = to_fhir(summary, VISIT, &id).unwrap();
        assert_eq!(at(&bundle, &["resourceType"]).as_string().as_deref(), Some("Bundle"));
    }

    #[wasm_bindgen_test]
    fn a_refusal_is_an_error_with_a_code() {
        for rate in [-1.0, 0.0, f64::NAN, f64::INFINITY] {
            let refused = AnalysisCore::new(rate, false).map(|_| ()).unwrap_err();
            assert_eq!(at(&refused, &["code"]).as_string().as_deref(), Some("samplingRate.unsupported"));
        }
        assert!(to_fhir(JsValue::NULL, VISIT, "0").is_err());
    }
}
