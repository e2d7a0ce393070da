//! Several leads of one record, judged together.

use super::object::object;
use super::rate::hertz;
use crate::quality::{advice, JudgedLead, LeadsRule, LeadsVerdict, Outcome, VerdictReason};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// Leads of one record. See `judgeLeads` of the package.
#[wasm_bindgen]
#[derive(Default)]
pub struct LeadsCore(Vec<JudgedLead>);

#[wasm_bindgen]
impl LeadsCore {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Judges one more lead, in microvolts: its place in the order of leads is what it is known by.
    pub fn push(&mut self, samples_uv: &[f32], rate: f64) -> Result<JsValue, JsValue> {
        let lead = JudgedLead::new(samples_uv, hertz(rate)?);
        let judged = object(&[
            ("usable", JsValue::from_bool(lead.verdict.outcome == Outcome::Usable)),
            ("score", JsValue::from_f64((f64::from(lead.score()) * 1000.0).round() / 1000.0)),
            ("reasons", words(&lead.verdict.reasons)),
        ]);
        self.0.push(lead);
        judged
    }

    /// The verdict on all of them.
    pub fn verdict(&self) -> Result<JsValue, JsValue> {
        let verdict = LeadsVerdict::of(&self.0);
        let kind = match verdict.outcome {
            Outcome::Usable => "usable",
            Outcome::Retake => "retake",
            Outcome::NoVerdict => "noVerdict",
        };
        let rule = match verdict.rule {
            LeadsRule::JointLeads => "jointLeads",
            LeadsRule::BestLead => "bestLead",
        };
        object(&[
            ("kind", JsValue::from_str(kind)),
            ("reasons", words(&verdict.reasons)),
            ("rule", JsValue::from_str(rule)),
            ("accepted", JsValue::from_f64((verdict.accepted * 1000.0).round() / 1000.0)),
        ])
    }
}

/// The words of reasons: the keys of their advice end with them.
fn words(reasons: &[VerdictReason]) -> JsValue {
    let word = |reason: &VerdictReason| advice(*reason).rsplit('.').next().map(JsValue::from_str);
    reasons.iter().filter_map(word).collect::<Array>().into()
}
