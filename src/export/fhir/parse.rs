//! The receiving side: what was sent must be exactly what [`from_summary`](super::from_summary) makes of the
//! summary inside it, so that nothing can be smuggled along.

use super::unambiguous::Unambiguous;
use super::{code, from_summary, VisitId};
use crate::pipeline::ReportId;
use crate::summary::{Summary, SummaryError};
use serde_json::Value as Json;

/// Why a body is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FhirError {
    /// Not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// JSON, but no Bundle with a pqrst summary in it.
    #[error("the body is no Bundle with a pqrst summary")]
    NotAPqrstBundle,
    /// An object has a key twice: a reader sees one of the two, the bytes keep both.
    #[error("a key comes twice")]
    RepeatedKey,
    /// The summary has a missing, unknown or impossible field.
    #[error("the summary does not follow its schema")]
    BadSummary,
    /// The summary could not have come from a report; see [`Summary::check`].
    #[error("{0}")]
    Impossible(SummaryError),
    /// The Bundle differs from the one that its summary makes.
    #[error("the Bundle says something else than its summary")]
    Differs,
}

impl FhirError {
    /// A stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotJson => "fhir.notJson",
            Self::NotAPqrstBundle => "fhir.notAPqrstBundle",
            Self::RepeatedKey => "fhir.repeatedKey",
            Self::BadSummary => "fhir.badSummary",
            Self::Impossible(_) => "fhir.impossibleSummary",
            Self::Differs => "fhir.differs",
        }
    }
}

/// What a body says.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The summary.
    pub summary: Summary,
    /// The visit's pseudonym.
    pub visit: VisitId,
    /// The identifier under which it is stored once.
    pub id: ReportId,
    /// Observations in it.
    pub observations: usize,
}

/// Reads a body.
///
/// # Errors
/// [`FhirError`], by what is wrong; the body is never quoted in it.
pub fn parse(body: &[u8]) -> Result<Parsed, FhirError> {
    serde_json::from_slice::<Unambiguous>(body).map_err(|why| {
        if why.is_data() {
            FhirError::RepeatedKey
        } else {
            FhirError::NotJson
        }
    })?;
    let json: Json = serde_json::from_slice(body).map_err(|_| FhirError::NotJson)?;
    let at = |pointer: &str| json.pointer(pointer).and_then(Json::as_str).ok_or(FhirError::NotAPqrstBundle);
    let visit = VisitId::parse(at("/entry/0/resource/subject/identifier/value")?)
        .map_err(|_| FhirError::NotAPqrstBundle)?;
    let id = at("/entry/0/resource/identifier/0/value")?
        .strip_prefix("urn:uuid:")
        .and_then(|grouped| ReportId::parse(&grouped.replace('-', "")).ok())
        .ok_or(FhirError::NotAPqrstBundle)?;
    let summary: Summary = serde_json::from_str(embedded(&json)?).map_err(|_| FhirError::BadSummary)?;
    summary.check().map_err(FhirError::Impossible)?;
    let bundle = from_summary(&summary, visit, id);
    let ours = serde_json::to_value(&bundle).map_err(|_| FhirError::Differs)?;
    if same(&ours, &json) {
        Ok(Parsed { summary, visit, id, observations: bundle.entry.len() })
    } else {
        Err(FhirError::Differs)
    }
}

/// The text of the component that carries the summary.
fn embedded(json: &Json) -> Result<&str, FhirError> {
    let components = json.pointer("/entry/0/resource/component").and_then(Json::as_array);
    components
        .into_iter()
        .flatten()
        .find(|row| row.pointer("/code/coding/0/code").and_then(Json::as_str) == Some("summary"))
        .filter(|row| row.pointer("/code") == serde_json::to_value(code::summary()).ok().as_ref())
        .and_then(|row| row.get("valueString")?.as_str())
        .ok_or(FhirError::NotAPqrstBundle)
}

/// Equal as FHIR sees it: order of fields is free, 72 and 72.0 are one number.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (a, b) => a == b,
    }
}
