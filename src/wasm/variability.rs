//! Lists of RR intervals, variability by recipe, and breathing.

use super::error::{error, invalid};
use super::plain::from_js;
use super::types::to_js;
use crate::hrv::HrvRecipe;
use crate::import::read_rr_list;
use crate::pipeline::{hrv_by_recipe, respiration_of, Context, Pipeline, ReportId, Request, TestKind};
use crate::summary::Summary;
use crate::units::Milliseconds;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// The Report of a plain list of RR intervals. See `analyzeRr` of the package; `id` is 32 hexadecimal digits.
#[wasm_bindgen(js_name = analyzeRr)]
pub fn analyze_rr(text: &str, id: &str) -> Result<JsValue, JsValue> {
    let list = read_rr_list(text).map_err(|why| error(why.code(), &why.to_string()))?;
    let id = ReportId::parse(id).map_err(|_| invalid("id is 32 lower-case hexadecimal digits"))?;
    let request =
        Request { test: TestKind::Recording, context: Context::default(), simulated: false, retakes: 0 };
    let mut pipeline = Pipeline::new(request);
    pipeline.push_rr_list(list.into_iter().map(Milliseconds));
    let report = pipeline.finish(id);
    let plain = to_js(&report)?;
    Reflect::set(&plain, &JsValue::from_str("summary"), &to_js(&Summary::from(&report))?)?;
    Ok(plain)
}

/// `hrv` of a report by a recipe, from its `hrv` and its `rr`. See `hrvByRecipe` of the package.
#[wasm_bindgen(js_name = hrvByRecipe)]
pub fn by_recipe(hrv: JsValue, rr: JsValue, recipe: &str, corrected: bool) -> Result<JsValue, JsValue> {
    let recipe = HrvRecipe::named(recipe)
        .ok_or_else(|| invalid("recipe is pqrst, hrv-analysis, pyhrv, systole or neurokit"))?;
    let (hrv, rows) =
        (from_js(hrv, "not the hrv of a report")?, from_js::<Vec<_>>(rr, "not the rr of a report")?);
    to_js(&hrv_by_recipe(&hrv, &rows, recipe, corrected))
}

/// Breathing of a report, from its `beats` and its `rr`. See `respirationOf` of the package.
#[wasm_bindgen(js_name = respirationOf)]
pub fn breathing(beats: JsValue, rr: JsValue) -> Result<JsValue, JsValue> {
    let beats = from_js::<Vec<_>>(beats, "not the beats of a report")?;
    to_js(&respiration_of(&beats, &from_js::<Vec<_>>(rr, "not the rr of a report")?))
}
