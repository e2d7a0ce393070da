//! One router per resource, merged here.

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::any;
use axum::Router;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::body::{FHIR_LIMIT, JSON_LIMIT};
use crate::error::Error;
use crate::origin;
use crate::state::Portal;

mod events;
mod fhir;
mod headers;
mod health;
mod invitation;
mod live;
mod pages;
mod session;
mod visits;

/// A body must have come within this time.
const BODY_DEADLINE: Duration = Duration::from_secs(20);

/// The whole portal: pages and API on one origin.
pub fn app(portal: Portal) -> Router {
    let clinician = session::router()
        .merge(visits::router())
        .merge(events::router())
        .layer(from_fn(origin::refuse_others))
        .layer(DefaultBodyLimit::max(JSON_LIMIT));
    let patient = invitation::router().merge(live::router()).layer(DefaultBodyLimit::max(JSON_LIMIT));
    let deliveries = fhir::router().layer(DefaultBodyLimit::max(FHIR_LIMIT));
    let pages = pages::router(portal.settings.www.as_deref());
    Router::new()
        .merge(clinician)
        .merge(patient)
        .merge(deliveries)
        .merge(health::router())
        .route("/api/{*rest}", any(unknown))
        .merge(pages)
        .layer(RequestBodyDeadlineLayer::new(BODY_DEADLINE))
        .layer(from_fn(headers::set))
        .with_state(portal)
}

async fn unknown() -> Error {
    Error::UnknownAddress
}
