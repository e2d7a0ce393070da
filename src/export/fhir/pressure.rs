//! The Observation of a complete rested series: the mean of its readings, derived from theirs.

use super::bundle::{Bundle, CodeableConcept, Entry, Identifier, LogicalReference, Observation, Request};
use super::readings::identifier;
use super::{code, Component, VisitId};
use crate::device::reading::{Panel, Quantity};
use crate::pipeline::ReportId;
use crate::summary::Summary;

/// Blood pressure panel mean systolic and mean diastolic.
pub(super) const LOINC_PANEL_MEAN: &str = "96607-7";
/// Systolic blood pressure mean.
pub(super) const LOINC_SYSTOLIC_MEAN: &str = "96608-5";
/// Diastolic blood pressure mean.
pub(super) const LOINC_DIASTOLIC_MEAN: &str = "96609-3";

/// Adds it to a bundle, where the series came to a mean.
pub(super) fn add(summary: &Summary, visit: VisitId, id: ReportId, bundle: &mut Bundle) {
    let Some(mean) = summary.blood_pressure.as_ref().and_then(|series| series.mean) else { return };
    let own = Identifier { system: code::READING_SYSTEM, value: format!("{id}-mean") };
    let request = Request::create(&own);
    let what = code::loinc(LOINC_PANEL_MEAN, "Blood pressure, mean");
    let base = Observation::of(what, super::readings::device_text(Panel::BloodPressure), summary, visit, own);
    let of_mean = |before_end_s| [mean.first_before_end_s, mean.last_before_end_s].contains(&before_end_s);
    let rows = summary.readings.iter().enumerate();
    let derived_from = rows
        .filter(|(_, row)| row.panel == Panel::BloodPressure && of_mean(row.before_end_s))
        .map(|(i, _)| LogicalReference { identifier: identifier(id, i) })
        .collect();
    let pressure =
        |loinc, text, value| Component::quantity(code::loinc(loinc, text), value, Quantity::Systolic.ucum());
    let component = vec![
        pressure(LOINC_SYSTOLIC_MEAN, "Systolic blood pressure, mean", mean.systolic),
        pressure(LOINC_DIASTOLIC_MEAN, "Diastolic blood pressure, mean", mean.diastolic),
        Component::quantity(code::local("readings", "Readings of the mean"), f64::from(mean.readings), "1"),
    ];
    let method: Option<CodeableConcept> = Some(code::local(
        "restedSeries",
        "Mean of seated readings after five minutes of rest, a minute apart",
    ));
    let category = [code::category("vital-signs", "Vital Signs")];
    let resource = Observation { category, method, derived_from, component, ..base };
    bundle.entry.push(Entry { resource, request });
}
