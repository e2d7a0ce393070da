//! One method at one address. The routers and [`super::served`] are made from the same list, so nothing is served
//! that is not on it.

use axum::extract::{FromRequestParts, Path};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::Method;
use axum::routing::{self, MethodRouter};
use axum::Router;

use crate::error::Error;
use crate::secret::is_hex_128;
use crate::state::Portal;

/// A method at an address, and what answers it.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    answer: MethodRouter<Portal>,
}

impl Route {
    pub(super) fn get<H: Handler<T, Portal>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { method: Method::GET, path, answer: routing::get(handler) }
    }

    pub(super) fn post<H: Handler<T, Portal>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { method: Method::POST, path, answer: routing::post(handler) }
    }

    pub(super) fn delete<H: Handler<T, Portal>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { method: Method::DELETE, path, answer: routing::delete(handler) }
    }
}

/// The router of some routes.
pub(super) fn router(routes: Vec<Route>) -> Router<Portal> {
    routes.into_iter().fold(Router::new(), |router, route| router.route(route.path, route.answer))
}

/// The visit that an address names: 32 hex digits. Anything else is no visit, and no database is asked.
pub(super) struct VisitId(pub(super) String);

impl FromRequestParts<Portal> for VisitId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Error> {
        let Path(id) =
            Path::<String>::from_request_parts(parts, portal).await.map_err(|_| Error::UnknownVisit)?;
        is_hex_128(&id).then_some(Self(id)).ok_or(Error::UnknownVisit)
    }
}
