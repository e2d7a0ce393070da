//! One router per resource, merged here.

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::from_fn;
use axum::routing::any;
use axum::Router;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::body::{FHIR_LIMIT, JSON_LIMIT};
use crate::error::Error;
use crate::origin;
use crate::state::Portal;

use route::{router, Route};

mod events;
mod fhir;
mod headers;
mod health;
mod invitation;
mod live;
mod pages;
mod route;
mod session;
mod visits;

/// A body must have come within this time.
const BODY_DEADLINE: Duration = Duration::from_secs(20);

/// The whole portal: pages and API on one origin.
pub fn app(portal: Portal) -> Router {
    let clinician = router(for_clinicians())
        .layer(from_fn(origin::refuse_others))
        .layer(DefaultBodyLimit::max(JSON_LIMIT));
    let patient = router(for_patients()).layer(DefaultBodyLimit::max(JSON_LIMIT));
    let deliveries = router(fhir::routes()).layer(DefaultBodyLimit::max(FHIR_LIMIT));
    let pages = pages::router(portal.settings.www.as_deref());
    Router::new()
        .merge(clinician)
        .merge(patient)
        .merge(deliveries)
        .merge(router(health::routes()))
        .route("/api/{*rest}", any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .merge(pages)
        .layer(RequestBodyDeadlineLayer::new(BODY_DEADLINE))
        .layer(from_fn(headers::set))
        .with_state(portal)
}

/// Every method and address of the API, as `docs/openapi.json` describes them; `{id}` stands for a visit's id.
pub fn served() -> Vec<(Method, &'static str)> {
    let routes = for_clinicians().into_iter().chain(for_patients());
    let routes = routes.chain(fhir::routes()).chain(health::routes());
    routes.map(|route| (route.method, route.path)).collect()
}

fn for_clinicians() -> Vec<Route> {
    session::routes().into_iter().chain(visits::routes()).chain(events::routes()).collect()
}

fn for_patients() -> Vec<Route> {
    invitation::routes().into_iter().chain(live::routes()).collect()
}

/// axum adds the `Allow` header.
async fn wrong_method() -> Error {
    Error::WrongMethod
}

async fn unknown() -> Error {
    Error::UnknownAddress
}
