//! Annotation files of samples that come block by block.

use super::rate::hertz;
use crate::export::annotated::annotations;
use crate::pipeline::{Context, EcgSource, Pipeline, Report, ReportId, Request, TestKind};
use crate::signal::{DeviceClass, Lead};
use wasm_bindgen::prelude::*;

/// Runs the pipeline over blocks of samples and writes what it found as annotations.
#[wasm_bindgen]
pub struct Annotator {
    pipeline: Pipeline,
    report: Option<Report>,
}

#[wasm_bindgen]
impl Annotator {
    /// For samples of this rate.
    #[wasm_bindgen(constructor)]
    pub fn new(rate: f64) -> Result<Annotator, JsValue> {
        let context = Context::default();
        let request = Request { test: TestKind::Recording, context, simulated: false, retakes: 0 };
        let mut pipeline = Pipeline::new(request);
        let (class, lead) = (DeviceClass::Recording, Lead::FromFile);
        pipeline.open_ecg(EcgSource { class, lead, rate: hertz(rate)?, band: None });
        Ok(Self { pipeline, report: None })
    }

    /// The next samples, in microvolts; NaN marks those that are missing.
    pub fn push(&mut self, samples_uv: &[f32]) {
        for piece in samples_uv.chunks(4096) {
            self.pipeline.push_samples(piece, None);
            self.pipeline.drain();
        }
    }

    /// No more samples come.
    pub fn finish(&mut self) {
        // The id goes nowhere: no field of the file holds one.
        self.report = Some(self.pipeline.finish(ReportId([0; 16])));
    }

    /// R peaks as fractional sample places; none before the end.
    pub fn places(&self) -> Vec<f64> {
        self.report.iter().flat_map(|report| report.beats.iter().map(|beat| beat.sample)).collect()
    }

    /// A WFDB annotation file, with the waves on demand; empty before the end.
    pub fn annotations(&self, waves: bool) -> Vec<u8> {
        self.report.as_ref().map(|report| annotations(report, waves)).unwrap_or_default()
    }
}
