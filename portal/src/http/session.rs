//! Signing in and out.

use std::time::Instant;

use axum::extract::State;
use axum::http::{header, HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::Json;
use serde::{Deserialize, Serialize};

use crate::body::StrictJson;
use crate::caller::{Clinician, SESSION_COOKIE};
use crate::clock::{millis, now_ms};
use crate::error::Error;
use crate::origin;
use crate::password;
use crate::secret::Secret;
use crate::state::Portal;
use crate::throttle::Subject;

use super::route::Route;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let path = "/api/session";
    vec![Route::get(path, whoami), Route::post(path, sign_in), Route::delete(path, sign_out)]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    user: String,
    password: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whoami {
    user: String,
    emergency_number: String,
}

/// `POST /api/session`: 204 with the cookie, 401, or 429 while the name has to wait.
async fn sign_in(
    State(portal): State<Portal>,
    headers: HeaderMap,
    StrictJson(Credentials { user, password }): StrictJson<Credentials>,
) -> Result<impl IntoResponse, Error> {
    if password.len() > password::LONGEST {
        return Err(Error::WrongCredentials);
    }
    let found = portal.store.clinician(&user).await?;
    let folded = user.to_ascii_lowercase();
    let subject = found.as_ref().map_or(Subject::Unknown(&folded), |(row, _)| Subject::Known(row.id));
    portal
        .throttle()
        .begin(subject, Instant::now())
        .map_err(|wait| Error::TooManyAttempts { retry_after_s: wait.as_secs().saturating_add(1) })?;
    let (row, stored) = found.clone().unzip();
    let right = portal.passwords.verify(password, stored).await?;
    let row = row.filter(|_| right).ok_or(Error::WrongCredentials)?;
    portal.throttle().succeeded(subject);

    let token = Secret::random()?;
    let (now, lifetime) = (now_ms(), portal.settings.session_lifetime);
    let expires = now.saturating_add(millis(lifetime));
    portal.store.begin_session(row.id, token.digest(), now, expires).await?;
    let cookie = cookie(token.reveal(), lifetime.as_secs(), &headers);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}

/// `GET /api/session`: who is signed in.
async fn whoami(State(portal): State<Portal>, clinician: Clinician) -> Json<Whoami> {
    let emergency_number = portal.settings.emergency_number.as_str().to_owned();
    Json(Whoami { user: clinician.name, emergency_number })
}

/// `DELETE /api/session`: 204, and the cookie opens nothing any more.
async fn sign_out(
    State(portal): State<Portal>,
    clinician: Clinician,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Error> {
    portal.store.end_session(clinician.session).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie("", 0, &headers))]))
}

fn cookie(value: &str, max_age_s: u64, headers: &HeaderMap) -> String {
    let secure = if origin::is_https(headers) { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}")
}
