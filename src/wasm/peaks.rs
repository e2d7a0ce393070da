//! R peaks of samples that come block by block, for annotation files.

use super::rate::hertz;
use crate::detect::Detector;
use crate::export::wfdb_annotations::WfdbAnnotations;
use crate::signal::RPeak;
use wasm_bindgen::prelude::*;

/// Finds R peaks in blocks of samples.
#[wasm_bindgen]
pub struct PeakFinder {
    detector: Detector,
    peaks: Vec<RPeak>,
}

#[wasm_bindgen]
impl PeakFinder {
    /// For samples of this rate.
    #[wasm_bindgen(constructor)]
    pub fn new(rate: f64) -> Result<PeakFinder, JsValue> {
        Ok(Self { detector: Detector::new(hertz(rate)?), peaks: Vec::new() })
    }

    /// The next samples, in microvolts.
    pub fn push(&mut self, samples_uv: &[f32]) {
        self.detector.push(samples_uv, &mut self.peaks);
    }

    /// No more samples come.
    pub fn finish(&mut self) {
        self.detector.finish(&mut self.peaks);
    }

    /// R peaks so far as fractional sample places.
    pub fn places(&self) -> Vec<f64> {
        self.peaks.iter().map(|peak| peak.at.0).collect()
    }

    /// R peaks so far as a WFDB annotation file, label N.
    pub fn annotations(&self) -> Vec<u8> {
        let mut writer = WfdbAnnotations::new();
        self.peaks.iter().for_each(|peak| writer.push_beat(peak.at));
        writer.into_bytes()
    }
}
