//! What was recorded to Report and Summary, and Summary to Bundle: a module of its own, since no live test needs it before
//! its end.

use super::error::invalid;
use super::plain::from_js;
use super::types::to_js;
use crate::export::fhir::{self, VisitId};
use crate::pipeline::{Recorded, RedFlagLimits, ReportId};
use crate::summary::Summary;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// The Report of what the main module recorded, its summary inside, by the usual limits of red flags or a clinic's own.
#[wasm_bindgen]
pub fn report(recorded: &str, red_flags: JsValue) -> Result<JsValue, JsValue> {
    let limits = limits(red_flags)?;
    let recorded: Recorded =
        serde_json::from_str(recorded).map_err(|_| invalid("not what the main module recorded"))?;
    let report = recorded.report_within(&limits);
    let plain = to_js(&report)?;
    Reflect::set(&plain, &JsValue::from_str("summary"), &to_js(&Summary::from(&report))?)?;
    Ok(plain)
}

/// Refuses limits of red flags that no report could be made with, before a test begins.
#[wasm_bindgen(js_name = checkRedFlags)]
pub fn check_red_flags(red_flags: JsValue) -> Result<(), JsValue> {
    limits(red_flags).map(|_| ())
}

fn limits(given: JsValue) -> Result<RedFlagLimits, JsValue> {
    const WANTED: &str = "redFlags holds limits that a person can reach, or null for those that are off";
    if given.is_undefined() {
        return Ok(RedFlagLimits::default());
    }
    let limits: RedFlagLimits = from_js(given, WANTED)?;
    limits.are_sound().then_some(limits).ok_or_else(|| invalid(WANTED))
}

/// The Bundle for a summary. See `toFhir` of the package.
#[wasm_bindgen(js_name = toFhir)]
pub fn to_fhir(summary: JsValue, visit_id: &str, id: &str) -> Result<JsValue, JsValue> {
    let summary: Summary = from_js(summary, "not a pqrst.summary.v1")?;
    let visit =
        VisitId::parse(visit_id).map_err(|_| invalid("visitId is 32 lower-case hexadecimal digits"))?;
    let id = ReportId::parse(id).map_err(|_| invalid("id is 32 lower-case hexadecimal digits"))?;
    to_js(&fhir::from_summary(&summary, visit, id))
}
