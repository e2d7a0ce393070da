//! `GET /healthz`: whether the portal can work.

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::Portal;

use super::route::Route;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/healthz", health)]
}

/// 200 `ok` when the database answers, else 503.
async fn health(State(portal): State<Portal>) -> (StatusCode, &'static str) {
    if portal.store.is_well().await {
        (StatusCode::OK, "ok\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
    }
}
