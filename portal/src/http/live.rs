//! `POST /api/live`: where the test stands now.

use axum::extract::State;
use axum::http::StatusCode;

use crate::body::StrictJson;
use crate::caller::InvitationHolder;
use crate::clock::now_ms;
use crate::error::Error;
use crate::live::Live;
use crate::state::Portal;
use crate::store::visits::Mode;

use super::route::Route;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::post("/api/live", tell)]
}

/// 204; the status takes the place of the last one.
async fn tell(
    State(portal): State<Portal>,
    holder: InvitationHolder,
    StrictJson(live): StrictJson<Live>,
) -> Result<StatusCode, Error> {
    let live = live.checked()?;
    if live.simulated && holder.visit.mode == Mode::Real {
        return Err(Error::SimulatedInRealVisit);
    }
    let json = serde_json::to_string(&live).map_err(Error::internal)?;
    portal.store.store_live(&holder.visit.id, &json, now_ms()).await?;
    portal.watches.hint(&holder.visit.id);
    Ok(StatusCode::NO_CONTENT)
}
