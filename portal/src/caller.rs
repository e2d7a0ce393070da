//! Who calls. A handler that takes a [`Clinician`] or an [`InvitationHolder`] runs for such callers only.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{header, HeaderMap};

use crate::clock::now_ms;
use crate::error::Error;
use crate::secret::{Secret, SecretDigest};
use crate::state::Portal;
use crate::store::clinicians::ClinicianRow;
use crate::store::invitations::InvitedVisit;

/// The session cookie's name.
pub const SESSION_COOKIE: &str = "pqrst_session";

/// A signed-in clinician.
#[derive(Clone, Debug)]
pub struct Clinician {
    /// Database id: every question about visits is asked with it.
    pub id: i64,
    /// Sign-in name.
    pub name: String,
    /// The session that the cookie opened.
    pub session: SecretDigest,
}

/// Whoever holds a working invitation token: may act in that visit, and nowhere else.
#[derive(Clone, Debug)]
pub struct InvitationHolder {
    /// The visit that the token opens.
    pub visit: InvitedVisit,
}

impl FromRequestParts<Portal> for Clinician {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Error> {
        let session = session_cookie(&parts.headers).ok_or(Error::SignInRequired)?.digest();
        let row = portal.store.session(session, now_ms()).await?;
        let ClinicianRow { id, name } = row.ok_or(Error::SignInRequired)?;
        Ok(Self { id, name, session })
    }
}

impl FromRequestParts<Portal> for InvitationHolder {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Error> {
        let token = bearer_token(&parts.headers).ok_or(Error::UnknownInvitation)?;
        let visit = portal.store.invited(token.digest(), now_ms()).await?;
        Ok(Self { visit: visit.ok_or(Error::UnknownInvitation)? })
    }
}

/// The session cookie, when there is exactly one.
pub fn session_cookie(headers: &HeaderMap) -> Option<Secret> {
    let pairs = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut found = pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == SESSION_COOKIE);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Secret::presented(value),
        _ => None,
    }
}

fn bearer_token(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Secret::presented(token)
    } else {
        None
    }
}
