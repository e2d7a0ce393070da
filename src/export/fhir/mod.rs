//! FHIR R4: a transaction Bundle with one base Observation, one more for each reading of a home test, and one
//! for the mean of a rested series of blood pressures.
//!
//! No vital-signs profile is claimed, because its invariant `vs-1` demands a date of day precision and no
//! date leaves. The labels are PSEUDED and DEVAST (v3-ObservationValue): a summary is pseudonymised, and it is
//! health data again on arrival. `ifNoneExist` on the report's id makes a repeated delivery harmless.

mod bundle;
mod code;
mod parse;
mod pressure;
mod readings;
mod unambiguous;
mod visit_id;

pub use bundle::{
    Bundle, CodeableConcept, Coding, Component, ContainedDevice, DeviceName, Entry, Identifier,
    LogicalReference, Meta, Observation, Quantity, Request, Subject,
};
pub use code::loinc_check_digit;
pub use parse::{parse, FhirError, Parsed};
pub use visit_id::VisitId;

use crate::export::json;
use crate::pipeline::{NullReason, RedFlagRow, ReportId};
use crate::summary::Summary;

/// The Bundle for a summary.
///
/// `visit` is the pseudonym of the visit and `id` the identifier under which the receiver stores the
/// Observation once; neither is the bearer token, which travels only in the `Authorization` header.
#[must_use]
pub fn from_summary(summary: &Summary, visit: VisitId, id: ReportId) -> Bundle {
    let identifier = Identifier { system: code::URI_SYSTEM, value: format!("urn:uuid:{}", id.grouped()) };
    let request = Request::create(&identifier);
    let entry = vec![Entry { resource: observation(summary, visit, identifier), request }];
    let mut bundle = Bundle { resource_type: "Bundle", r#type: "transaction", entry };
    readings::add(summary, visit, id, &mut bundle);
    pressure::add(summary, visit, id, &mut bundle);
    bundle
}

fn observation(summary: &Summary, visit: VisitId, identifier: Identifier) -> Observation {
    let class = summary.device.class;
    let base = Observation::of(code::study(class), code::device_text(class), summary, visit, identifier);
    Observation { component: components(summary), ..base }
}

impl Observation {
    /// What all have in common.
    fn of(
        code: CodeableConcept,
        device: &'static str,
        summary: &Summary,
        visit: VisitId,
        identifier: Identifier,
    ) -> Self {
        Self {
            resource_type: "Observation",
            meta: Meta { security: code::labels(summary.simulated) },
            contained: [ContainedDevice::named(device)],
            identifier: [identifier],
            status: "preliminary",
            category: [code::category("procedure", "Procedure")],
            code,
            subject: Subject {
                identifier: Identifier { system: code::VISIT_SYSTEM, value: visit.to_string() },
            },
            method: None,
            derived_from: Vec::new(),
            device: bundle::Reference { reference: "#device" },
            value_quantity: None,
            component: Vec::new(),
        }
    }
}

fn components(summary: &Summary) -> Vec<Component> {
    let mut rows: Vec<Component> = summary
        .values()
        .into_iter()
        .map(|(name, value)| match (value.value, value.reason) {
            (Some(number), _) => Component::quantity(code::value(name), number, code::unit(name)),
            (None, reason) => Component::absent(code::value(name), reason),
        })
        .collect();
    rows.push(Component::quantity(
        code::local("durationS", "Length of the recording"),
        f64::from(summary.duration_s),
        "s",
    ));
    if let Some(usable) = summary.usable_s {
        rows.push(Component::quantity(code::local("usableS", "Usable length"), f64::from(usable), "s"));
    }
    rows.push(Component::concept(code::rhythm(), code::regularity(&summary.rhythm)));
    let (label, hint) = (&summary.rhythm.label, code::local("rhythmLabel", "Hint on the rhythm"));
    rows.push(match label.value {
        Some(word) => Component::concept(hint, code::label(word)),
        None => Component::absent(hint, label.reason),
    });
    rows.push(Component::concept(
        code::local("verdict", "Verdict on the recording"),
        code::verdict(&summary.verdict),
    ));
    let flag = |row: &RedFlagRow| {
        let beyond = code::local("redFlag", "Beyond a limit of the clinic");
        Component::concept(beyond, code::red_flag(row.flag))
    };
    rows.extend(summary.red_flags.iter().map(flag));
    // The exact summary travels along, so that a portal need not guess it back from the codes.
    let canonical = json::text(summary).unwrap_or_default();
    rows.push(Component::text(code::summary(), canonical));
    rows
}

/// `data-absent-reason` for a value that is null.
fn absent(reason: Option<NullReason>) -> &'static str {
    match reason {
        Some(NullReason::Pacemaker | NullReason::Irregular | NullReason::TooShort | NullReason::WideQrs) => {
            "not-performed"
        }
        Some(NullReason::NoSignal | NullReason::PoorQuality) => "error",
        _ => "unknown",
    }
}

impl Component {
    fn absent(code: CodeableConcept, why: Option<NullReason>) -> Self {
        let (reason, text) = (absent(why), why.map(code::reason_text));
        Self {
            data_absent_reason: Some(CodeableConcept {
                coding: vec![Coding { system: code::ABSENT_SYSTEM, code: reason, display: None }],
                text,
            }),
            ..Self::empty(code)
        }
    }
}
