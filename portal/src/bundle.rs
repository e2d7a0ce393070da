//! The door to the library: bytes from a patient's browser become a [`Delivery`] or are refused.
//!
//! The library derives the Bundle again from the Summary inside it and refuses any difference. Here the rest is
//! closed: repeated keys, which only the kept bytes would still show, and numbers finer than a Summary's, whose
//! last digits could carry something else.

use pqrst::export::fhir::{self, FhirError};
use pqrst::pipeline::{Value, Window};
use pqrst::summary::Summary;

use crate::error::Error;
use crate::unambiguous::Unambiguous;

/// A bundle that may be stored.
#[derive(Debug)]
pub struct Delivery {
    /// 32 hex digits: stored once under it.
    pub id: String,
    /// `id` grouped as a UUID.
    pub uuid: String,
    /// The visit's pseudonym that the bundle names, 32 hex digits.
    pub visit_id: String,
    /// The Summary as canonical JSON.
    pub summary: String,
    /// Whether the signal came from a virtual device.
    pub simulated: bool,
}

/// Reads a bundle.
///
/// # Errors
/// [`Error::Malformed`] for what is no JSON, [`Error::NotPqrst`] for everything that the library would not have
/// written.
pub fn read(body: &[u8]) -> Result<Delivery, Error> {
    let walked = serde_json::from_slice::<Unambiguous>(body);
    walked.map_err(|e| if e.is_data() { Error::NotPqrst } else { Error::Malformed })?;
    let parsed = fhir::parse(body).map_err(|e| match e {
        FhirError::NotJson => Error::Malformed,
        _ => Error::NotPqrst,
    })?;
    if !is_coarse(&parsed.summary) {
        return Err(Error::NotPqrst);
    }
    Ok(Delivery {
        id: parsed.id.to_string(),
        uuid: parsed.id.grouped(),
        visit_id: parsed.visit.to_string(),
        summary: serde_json::to_string(&parsed.summary).map_err(Error::internal)?,
        simulated: parsed.summary.simulated,
    })
}

/// Whether every number has the steps that the Summary's contract gives it: values are whole, times of evidence and
/// gaps are tenths of a second.
fn is_coarse(summary: &Summary) -> bool {
    let values = summary.values();
    let numbers = values.iter().all(|(_, value)| value.value.is_none_or(is_whole) && is_told(value));
    let windows = values.iter().filter_map(|(_, value)| value.evidence).chain(summary.rhythm.evidence);
    let gaps = summary.gaps.iter().all(|gap| is_tenth(gap.start_s) && is_tenth(gap.duration_s));
    numbers
        && gaps
        && summary.gaps.len() <= Summary::MAX_GAPS
        && windows.into_iter().all(|Window { start_s, end_s }| is_tenth(start_s) && is_tenth(end_s))
}

/// A number and a reason for its absence exclude each other.
fn is_told(value: &Value) -> bool {
    value.value.is_some() != value.reason.is_some()
}

fn is_whole(number: f64) -> bool {
    number.is_finite() && number.fract() == 0.0 && number.abs() < 1e6
}

fn is_tenth(seconds: f64) -> bool {
    seconds.is_finite() && seconds.abs() < 1e7 && (seconds * 10.0).round() / 10.0 == seconds
}
