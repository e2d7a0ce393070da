//! Request bodies: the right content type, a small size, nothing unknown inside.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{header, StatusCode};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// Bytes that a FHIR delivery may have.
pub const FHIR_LIMIT: usize = 64 * 1024;

/// Bytes that any other body may have.
pub const JSON_LIMIT: usize = 4 * 1024;

/// A JSON body of a type that denies unknown fields.
pub struct StrictJson<T>(pub T);

/// The bytes of a FHIR body.
pub struct FhirBody(pub Bytes);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for StrictJson<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let bytes = bytes_of("application/json", request, state).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|e| {
            if e.is_data() {
                Error::Unacceptable
            } else {
                Error::Malformed
            }
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for FhirBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        bytes_of("application/fhir+json", request, state).await.map(Self)
    }
}

/// Reads the whole body; the route's limit ends it early.
async fn bytes_of<S: Send + Sync>(content_type: &str, request: Request, state: &S) -> Result<Bytes, Error> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|given| given.split(';').next()).map(str::trim);
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case(content_type)) {
        return Err(Error::WrongContentType);
    }
    Bytes::from_request(request, state).await.map_err(|rejection| {
        match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            _ => Error::Malformed, // it broke off, or came too slowly
        }
    })
}
