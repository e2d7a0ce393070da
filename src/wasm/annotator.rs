//! Annotation files of what the main module recorded.

use super::error::invalid;
use crate::export::annotated;
use crate::pipeline::{Recorded, Report};
use wasm_bindgen::prelude::*;

fn report(recorded: &str) -> Result<Report, JsValue> {
    let recorded: Recorded =
        serde_json::from_str(recorded).map_err(|_| invalid("not what the main module recorded"))?;
    Ok(recorded.report())
}

/// R peaks as fractional sample places.
#[wasm_bindgen]
pub fn places(recorded: &str) -> Result<Vec<f64>, JsValue> {
    Ok(report(recorded)?.beats.iter().map(|beat| beat.sample).collect())
}

/// A WFDB annotation file, with the waves on demand.
#[wasm_bindgen]
pub fn annotations(recorded: &str, waves: bool) -> Result<Vec<u8>, JsValue> {
    Ok(annotated::annotations(&report(recorded)?, waves))
}
