//! Everything that can be answered instead of the thing asked for: one enum, one HTTP mapping.
//!
//! The answer is a FHIR R4 OperationOutcome with a stable code in `issue[0].details.coding[0].code`. Inner causes
//! are logged here and shown nowhere.

use std::error::Error as StdError;

use axum::http::{header, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The system of the codes in [`Error::code`].
pub const CODE_SYSTEM: &str = "urn:pqrst:portal-error";

/// What a request can fail with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No valid session cookie.
    #[error("Sign in first.")]
    SignInRequired,
    /// Unknown name or wrong password; which of the two is not said.
    #[error("The name or the password is wrong.")]
    WrongCredentials,
    /// The name has to wait this many seconds.
    #[error("Too many attempts. Wait and try again.")]
    TooManyAttempts {
        /// Seconds until the next attempt is looked at.
        retry_after_s: u64,
    },
    /// A page of another origin tried to act with the clinician's cookie.
    #[error("Requests from another site are refused.")]
    CrossOrigin,
    /// No such visit among the caller's own.
    #[error("There is no such visit.")]
    UnknownVisit,
    /// No such address.
    #[error("There is nothing at this address.")]
    UnknownAddress,
    /// The address takes other methods.
    #[error("This address does not take this method.")]
    WrongMethod,
    /// The clinician has as many event streams open as one may.
    #[error("Too many pages listen at once. Close one.")]
    TooManyStreams,
    /// The token is unknown, replaced or expired; which of them is not said.
    #[error("This link does not work any more. Ask for a new one.")]
    UnknownInvitation,
    /// The body has the wrong Content-Type.
    #[error("The content type is not the expected one.")]
    WrongContentType,
    /// The body is larger than the route takes.
    #[error("The body is too large.")]
    TooLarge,
    /// The body is not JSON, or broke off.
    #[error("The body is not well-formed.")]
    Malformed,
    /// JSON, but not what this route takes: an unknown field, a value outside its range.
    #[error("The body is not what this address takes.")]
    Unacceptable,
    /// `Pqrst-Recorded-Ago-Ms` is missing or no whole number of milliseconds in range.
    #[error("The age of the recording is missing or out of range.")]
    RecordedAgo,
    /// A Bundle that the library did not derive from a Summary.
    #[error("This is not a bundle that pqrst makes.")]
    NotPqrst,
    /// The bundle names another visit than the token opens.
    #[error("The bundle belongs to another visit.")]
    OtherVisit,
    /// Simulated data for a visit with a real patient.
    #[error("Simulated data is refused in a real visit.")]
    SimulatedInRealVisit,
    /// The report id is stored already, with another content or for another visit.
    #[error("This id was used for something else.")]
    IdTaken,
    /// The visit holds as many results as it may.
    #[error("This visit takes no further result.")]
    VisitFull,
    /// No such result of the visit, or none that raised a flag.
    #[error("There is no flag to acknowledge.")]
    NothingToAcknowledge,
    /// The portal's own fault.
    #[error("The portal failed. Try again.")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// Wraps a cause that the caller must not see.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// The stable code, for programs.
    pub fn code(&self) -> &'static str {
        self.row().2
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.row().0
    }

    /// Status, FHIR issue type (value set `issue-type`), stable code.
    fn row(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::SignInRequired => (S::UNAUTHORIZED, "login", "auth.signInRequired"),
            Self::WrongCredentials => (S::UNAUTHORIZED, "login", "auth.wrongCredentials"),
            Self::TooManyAttempts { .. } => (S::TOO_MANY_REQUESTS, "throttled", "auth.tooManyAttempts"),
            Self::CrossOrigin => (S::FORBIDDEN, "security", "auth.crossOrigin"),
            Self::UnknownVisit => (S::NOT_FOUND, "not-found", "visit.unknown"),
            Self::UnknownAddress => (S::NOT_FOUND, "not-found", "address.unknown"),
            Self::WrongMethod => (S::METHOD_NOT_ALLOWED, "not-supported", "address.method"),
            Self::TooManyStreams => (S::TOO_MANY_REQUESTS, "throttled", "events.tooMany"),
            Self::UnknownInvitation => (S::UNAUTHORIZED, "login", "invitation.unknown"),
            Self::WrongContentType => (S::UNSUPPORTED_MEDIA_TYPE, "not-supported", "body.contentType"),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too-long", "body.tooLarge"),
            Self::Malformed => (S::BAD_REQUEST, "structure", "body.malformed"),
            Self::Unacceptable => (S::UNPROCESSABLE_ENTITY, "invalid", "body.unacceptable"),
            Self::RecordedAgo => (S::BAD_REQUEST, "required", "bundle.recordedAgo"),
            Self::NotPqrst => (S::UNPROCESSABLE_ENTITY, "invalid", "bundle.notPqrst"),
            Self::OtherVisit => (S::FORBIDDEN, "forbidden", "bundle.otherVisit"),
            Self::SimulatedInRealVisit => (S::UNPROCESSABLE_ENTITY, "business-rule", "bundle.simulated"),
            Self::IdTaken => (S::CONFLICT, "conflict", "bundle.idTaken"),
            Self::VisitFull => (S::CONFLICT, "business-rule", "visit.full"),
            Self::NothingToAcknowledge => (S::CONFLICT, "business-rule", "visit.noFlag"),
            Self::Internal(_) => (S::INTERNAL_SERVER_ERROR, "exception", "portal.failed"),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        Self::internal(cause)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, issue_type, code) = self.row();
        if let Self::Internal(cause) = &self {
            tracing::error!(cause = cause.as_ref(), "request failed");
        }
        let outcome = json!({
            "resourceType": "OperationOutcome",
            "issue": [{
                "severity": "error",
                "code": issue_type,
                "details": { "coding": [{ "system": CODE_SYSTEM, "code": code }], "text": self.to_string() },
            }],
        });
        let mut response = (status, outcome.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/fhir+json"));
        match self {
            Self::TooManyAttempts { retry_after_s } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
            }
            Self::UnknownInvitation => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response
    }
}
