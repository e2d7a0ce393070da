//! The few FHIR R4 shapes that are written. Fixed texts are `&'static str`, so a caller cannot put words in.

use super::code;
use serde::Serialize;

/// A transaction Bundle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
    /// `Bundle`.
    pub resource_type: &'static str,
    /// `transaction`.
    pub r#type: &'static str,
    /// The Observation that carries the summary, one for each reading of a home test, and one for the mean of a rested
    /// series.
    pub entry: Vec<Entry>,
}

/// A resource and what to do with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The Observation.
    pub resource: Observation,
    /// Create it once.
    pub request: Request,
}

/// The request of a transaction entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// `POST`.
    pub method: &'static str,
    /// `Observation`.
    pub url: &'static str,
    /// Search that finds an earlier delivery.
    pub if_none_exist: String,
}

/// A base Observation without a profile and without a date.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// `Observation`.
    pub resource_type: &'static str,
    /// Security labels.
    pub meta: Meta,
    /// The device, by class only.
    pub contained: [ContainedDevice; 1],
    /// The report's id, or one made of it.
    pub identifier: [Identifier; 1],
    /// `preliminary`: a clinician has not read it.
    pub status: &'static str,
    /// `procedure`; `vital-signs` or `laboratory` for a home test.
    pub category: [CodeableConcept; 1],
    /// EKG study, or heart rate for a device that sends no ECG; what a home test measures.
    pub code: CodeableConcept,
    /// The visit's pseudonym, a logical reference.
    pub subject: Subject,
    /// How a mean was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<CodeableConcept>,
    /// The contained device.
    pub device: Reference,
    /// The readings that a mean is of, by their identifiers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived_from: Vec<LogicalReference>,
    /// The value of a home test that measures one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_quantity: Option<Quantity>,
    /// The values.
    pub component: Vec<Component>,
}

/// A reference within the resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reference {
    /// `#device`.
    pub reference: &'static str,
}

/// A reference by business identifier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogicalReference {
    /// Which.
    pub identifier: Identifier,
}

/// Security labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Meta {
    /// The labels.
    pub security: Vec<Coding>,
}

/// A device without an identifier.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainedDevice {
    /// `Device`.
    pub resource_type: &'static str,
    /// `device`.
    pub id: &'static str,
    /// The class in words.
    pub device_name: [DeviceName; 1],
    /// The class in words.
    pub r#type: CodeableConcept,
}

/// A class in the place where FHIR wants a name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviceName {
    /// The class in words.
    pub name: &'static str,
    /// `user-friendly-name`.
    pub r#type: &'static str,
}

impl ContainedDevice {
    pub(super) fn named(name: &'static str) -> Self {
        Self {
            resource_type: "Device",
            id: "device",
            device_name: [DeviceName { name, r#type: "user-friendly-name" }],
            r#type: CodeableConcept { coding: Vec::new(), text: Some(name) },
        }
    }
}

/// A business identifier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Identifier {
    /// Whose.
    pub system: &'static str,
    /// Which.
    pub value: String,
}

/// The visit's pseudonym.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subject {
    /// The pseudonym.
    pub identifier: Identifier,
}

/// A concept by code and text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodeableConcept {
    /// Codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    /// Words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'static str>,
}

/// A code of a system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coding {
    /// The system.
    pub system: &'static str,
    /// The code.
    pub code: &'static str,
    /// Its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<&'static str>,
}

/// A measured amount with its UCUM unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// The unit as printed.
    pub unit: &'static str,
    /// UCUM.
    pub system: &'static str,
    /// The unit's code.
    pub code: &'static str,
}

/// One value, or why it is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// What.
    pub code: CodeableConcept,
    /// A number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_quantity: Option<Quantity>,
    /// A coded finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_codeable_concept: Option<CodeableConcept>,
    /// The summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_string: Option<String>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_absent_reason: Option<CodeableConcept>,
}

impl Quantity {
    pub(super) const fn new(value: f64, unit: &'static str) -> Self {
        Self { value, unit, system: code::UCUM_SYSTEM, code: unit }
    }
}

impl Request {
    /// Creates a resource once.
    pub(super) fn create(identifier: &Identifier) -> Self {
        let if_none_exist = format!("identifier={}|{}", identifier.system, identifier.value);
        Self { method: "POST", url: "Observation", if_none_exist }
    }
}

impl Component {
    pub(super) fn empty(code: CodeableConcept) -> Self {
        Self {
            code,
            value_quantity: None,
            value_codeable_concept: None,
            value_string: None,
            data_absent_reason: None,
        }
    }

    pub(super) fn quantity(code: CodeableConcept, value: f64, unit: &'static str) -> Self {
        Self { value_quantity: Some(Quantity::new(value, unit)), ..Self::empty(code) }
    }

    pub(super) fn concept(code: CodeableConcept, concept: CodeableConcept) -> Self {
        Self { value_codeable_concept: Some(concept), ..Self::empty(code) }
    }

    pub(super) fn text(code: CodeableConcept, text: String) -> Self {
        Self { value_string: Some(text), ..Self::empty(code) }
    }
}
