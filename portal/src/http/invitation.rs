//! `POST /api/invitation`: the patient's page opens the link.

use axum::extract::State;
use axum::Json;
use pqrst::pipeline::RedFlagLimits;
use serde::{Deserialize, Serialize};

use crate::body::StrictJson;
use crate::caller::InvitationHolder;
use crate::clock::now_ms;
use crate::error::Error;
use crate::secret::{is_hex_128, SecretDigest};
use crate::state::Portal;
use crate::store::visits::{Mode, Test};

use super::route::Route;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::post("/api/invitation", open)]
}

/// A tab, by a random name that it made for itself: 32 hex digits.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    opener: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    visit_id: String,
    code: String,
    mode: Mode,
    test: Test,
    watched: bool,
    emergency_number: String,
    red_flags: RedFlagLimits,
    red_flag_notice: Option<String>,
}

/// Tells the page what it is for, and the clinician on how many tabs the link was opened.
async fn open(
    State(portal): State<Portal>,
    holder: InvitationHolder,
    StrictJson(Opening { opener }): StrictJson<Opening>,
) -> Result<Json<Opened>, Error> {
    if !is_hex_128(&opener) {
        return Err(Error::Unacceptable);
    }
    let visit = holder.visit;
    if portal.store.count_opener(&visit.id, SecretDigest::of(&opener), now_ms()).await? {
        portal.watches.hint(&visit.id);
    }
    Ok(Json(Opened {
        watched: portal.watches.is_watched(&visit.id),
        emergency_number: portal.settings.emergency_number.as_str().to_owned(),
        red_flags: portal.settings.clinic.red_flags,
        red_flag_notice: portal.settings.clinic.red_flag_notice.clone(),
        visit_id: visit.id,
        code: visit.code,
        mode: visit.mode,
        test: visit.test,
    }))
}
