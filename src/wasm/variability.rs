//! Lists of RR intervals, variability by recipe, and breathing.

use super::error::{error, invalid};
use super::plain::from_js;
use super::types::{text, to_js};
use crate::hrv::HrvRecipe;
use crate::import::read_rr_list;
use crate::pipeline::{hrv_by_recipe, respiration_of, Recorded, ReportId};
use crate::units::Milliseconds;
use wasm_bindgen::prelude::*;

/// What the report of a plain list of RR intervals is made of. See `analyzeRr` of the package; `id` is 32 hexadecimal digits.
#[wasm_bindgen(js_name = recordedRr)]
pub fn recorded_rr(list: &str, id: &str) -> Result<String, JsValue> {
    let list = read_rr_list(list).map_err(|why| error(why.code(), &why.to_string()))?;
    let id = ReportId::parse(id).map_err(|_| invalid("id is 32 lower-case hexadecimal digits"))?;
    text(&Recorded::of_rr_list(id, list.into_iter().map(Milliseconds)))
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
