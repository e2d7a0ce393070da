//! Observations of home tests: one for each row of the summary's readings, beside the one that carries the summary.

use super::bundle::{Bundle, Entry, Identifier, Observation, Quantity, Request};
use super::{code, CodeableConcept, Component, VisitId};
use crate::device::reading::Panel;
use crate::pipeline::{ReadingRow, ReportId};
use crate::summary::Summary;

/// Adds them to a bundle.
pub(super) fn add(summary: &Summary, visit: VisitId, id: ReportId, bundle: &mut Bundle) {
    for (i, row) in summary.readings.iter().enumerate() {
        // An identifier of its own, since each resource is created once.
        let identifier = identifier(id, i);
        let request = Request::create(&identifier);
        let (what, device) = (code::loinc(row.panel.loinc(), panel_text(row.panel)), device_text(row.panel));
        let base = Observation::of(what, device, summary, visit, identifier);
        let resource = observation(row, base);
        bundle.entry.push(Entry { resource, request });
    }
}

/// The identifier of a row.
pub(super) fn identifier(id: ReportId, row: usize) -> Identifier {
    Identifier { system: code::READING_SYSTEM, value: format!("{id}-{}", row + 1) }
}

fn observation(row: &ReadingRow, base: Observation) -> Observation {
    let panel = row.panel;
    let mut component = Vec::with_capacity(row.values.len() + row.conditions.len() + 1);
    let mut value_quantity = None;
    for value in &row.values {
        let (loinc, unit) = (value.quantity.loinc(), value.quantity.ucum());
        if loinc == panel.loinc() {
            value_quantity = Some(Quantity::new(value.value, unit));
        } else {
            let code = code::loinc(loinc, value.quantity.word());
            component.push(Component::quantity(code, value.value, unit));
        }
    }
    for condition in &row.conditions {
        let condition = code::local(condition.word(), condition.word());
        component.push(Component::concept(code::local("condition", "How it was measured"), condition));
    }
    component.push(Component::quantity(
        code::local("beforeEndS", "Measured before the end of the recording"),
        row.before_end_s,
        "s",
    ));
    Observation { category: [category(panel)], value_quantity, component, ..base }
}

const fn panel_text(panel: Panel) -> &'static str {
    match panel {
        Panel::PulseOximetry => "Oxygen saturation by pulse oximetry",
        Panel::BodyTemperature => "Body temperature",
        Panel::Glucose => "Glucose",
        Panel::BodyWeight => "Body weight",
        _ => "Blood pressure",
    }
}

pub(super) const fn device_text(panel: Panel) -> &'static str {
    match panel {
        Panel::PulseOximetry => "pulse oximeter",
        Panel::BodyTemperature => "thermometer",
        Panel::Glucose => "glucose meter",
        Panel::BodyWeight => "scale",
        _ => "blood pressure monitor",
    }
}

/// Vital signs, but for what a laboratory measures as well. The category claims no profile.
fn category(panel: Panel) -> CodeableConcept {
    match panel {
        Panel::Glucose => code::category("laboratory", "Laboratory"),
        _ => code::category("vital-signs", "Vital Signs"),
    }
}
