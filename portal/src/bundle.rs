//! The door to the library: bytes from a patient's browser become a [`Delivery`] or are refused.
//!
//! The library derives the Bundle again from the Summary inside it and refuses any difference, repeated keys, which
//! only the kept bytes would still show, and numbers finer than a Summary's, whose last digits could carry something
//! else.

use pqrst::export::fhir::{self, FhirError};

use crate::error::Error;

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
    /// Whether it raises a red flag.
    pub flagged: bool,
    /// Observations in the bundle.
    pub observations: usize,
}

/// Reads a bundle.
///
/// # Errors
/// [`Error::Malformed`] for what is no JSON, [`Error::NotPqrst`] for everything that the library would not have
/// written.
pub fn read(body: &[u8]) -> Result<Delivery, Error> {
    let parsed = fhir::parse(body).map_err(|e| match e {
        FhirError::NotJson => Error::Malformed,
        _ => Error::NotPqrst,
    })?;
    Ok(Delivery {
        id: parsed.id.to_string(),
        uuid: parsed.id.grouped(),
        visit_id: parsed.visit.to_string(),
        summary: serde_json::to_string(&parsed.summary).map_err(Error::internal)?,
        simulated: parsed.summary.simulated,
        flagged: !parsed.summary.red_flags.is_empty(),
        observations: parsed.observations,
    })
}
