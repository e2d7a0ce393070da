//! A reading of a home test as JavaScript sees it.

use crate::device::reading::{Condition, Measured, Measurement, MeasurementLimit, Panel, Quantity};
use serde::Serialize;

#[derive(Serialize)]
struct Value {
    quantity: Quantity,
    loinc: &'static str,
    unit: &'static str,
    value: f64,
}

/// The `detail` of the event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reading<'a> {
    panel: Panel,
    loinc: &'static str,
    values: Vec<Value>,
    conditions: &'a [Condition],
    limits: &'static [MeasurementLimit],
    age_s: Option<f64>,
    received_ms: f64,
}

impl<'a> From<&'a Measurement> for Reading<'a> {
    fn from(m: &'a Measurement) -> Self {
        let value = |&Measured { quantity, value }: &Measured| Value {
            quantity,
            loinc: quantity.loinc(),
            unit: quantity.ucum(),
            value,
        };
        Self {
            panel: m.panel,
            loinc: m.panel.loinc(),
            values: m.values.iter().map(value).collect(),
            conditions: &m.conditions,
            limits: m.panel.limits(),
            age_s: m.age.map(|age| age.0),
            received_ms: m.received.0,
        }
    }
}
