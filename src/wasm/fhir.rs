//! Summary to Bundle: a module of its own, since it reads a whole summary back and no live test needs that.

use super::error::invalid;
use super::plain::from_js;
use super::types::to_js;
use crate::export::fhir::{self, VisitId};
use crate::pipeline::ReportId;
use crate::summary::Summary;
use wasm_bindgen::prelude::*;

/// The Bundle for a summary. See `toFhir` of the package.
#[wasm_bindgen(js_name = toFhir)]
pub fn to_fhir(summary: JsValue, visit_id: &str, id: &str) -> Result<JsValue, JsValue> {
    let summary: Summary = from_js(summary, "not a pqrst.summary.v1")?;
    let visit =
        VisitId::parse(visit_id).map_err(|_| invalid("visitId is 32 lower-case hexadecimal digits"))?;
    let id = ReportId::parse(id).map_err(|_| invalid("id is 32 lower-case hexadecimal digits"))?;
    to_js(&fhir::from_summary(&summary, visit, id))
}
