//! Pure functions: samples to Report, Report to Summary to Bundle, synthetic ECG.

use super::error::{error, invalid};
use super::event::object;
use super::host::report_id;
use super::types::{from_json, through_json};
use crate::export::fhir::{self, VisitId};
use crate::pipeline::{Context, EcgSource, Pipeline, Report, ReportId, Request, TestKind};
use crate::signal::{DeviceClass, Lead};
use crate::summary::Summary;
use crate::units::Hertz;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// A supported sampling rate.
pub(super) fn hertz(rate: f64) -> Result<Hertz, JsValue> {
    Hertz::new(rate).map_err(|why| error("samplingRate.unsupported", &why.to_string()))
}

/// The report as a plain object, its summary inside.
pub(super) fn report_to_js(report: &Report) -> Result<JsValue, JsValue> {
    let summary = through_json(&Summary::from(report))?;
    let report = through_json(report)?;
    Reflect::set(&report, &JsValue::from_str("summary"), &summary)?;
    Ok(report)
}

/// Runs the whole pipeline over samples in microvolts. See `analyze` of the package.
#[wasm_bindgen]
pub fn analyze(samples_uv: &[f32], rate: f64, lead: Option<String>) -> Result<JsValue, JsValue> {
    let lead = if lead.is_some() { Lead::FromFile } else { Lead::Unknown };
    let mut pipeline = Pipeline::new(Request {
        test: TestKind::Recording,
        context: Context::default(),
        simulated: false,
        retakes: 0,
    });
    pipeline.open_ecg(EcgSource { class: DeviceClass::Recording, lead, rate: hertz(rate)?, band: None });
    // Second by second, so that display events never pile up.
    for second in samples_uv.chunks(4096) {
        pipeline.push_samples(second, None);
        pipeline.drain();
    }
    report_to_js(&pipeline.finish(report_id()?))
}

/// The Bundle for a summary. See `toFhir` of the package.
#[wasm_bindgen(js_name = toFhir)]
pub fn to_fhir(summary: JsValue, visit_id: &str, id: &str) -> Result<JsValue, JsValue> {
    let summary: Summary = from_json(&summary, "not a pqrst.summary.v1")?;
    let visit =
        VisitId::parse(visit_id).map_err(|_| invalid("visitId is 32 lower-case hexadecimal digits"))?;
    let id = ReportId::parse(id).map_err(|_| invalid("id is 32 lower-case hexadecimal digits"))?;
    through_json(&fhir::from_summary(&summary, visit, id))
}

/// The name and version of this build.
#[wasm_bindgen]
pub fn version() -> Result<JsValue, JsValue> {
    object(&[("version", JsValue::from_str(env!("CARGO_PKG_VERSION")))])
}
