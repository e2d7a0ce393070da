//! The built pages: `/`, `/patient/`, `/clinician/` and their files.

use std::path::Path;

use axum::extract::Request;
use axum::middleware::{from_fn, Next};
use axum::response::Response;
use axum::Router;
use tower_http::services::ServeDir;

use crate::error::Error;
use crate::state::Portal;

/// No page's address is longer; a longer one could be one that the file system fails on.
const LONGEST_PATH: usize = 240;

/// Serves the folder at every address that no other route has; without a folder nothing is there.
pub fn router(www: Option<&Path>) -> Router<Portal> {
    match www {
        Some(folder) => Router::new().fallback_service(ServeDir::new(folder)).layer(from_fn(refuse_long)),
        None => Router::new(),
    }
}

async fn refuse_long(request: Request, next: Next) -> Result<Response, Error> {
    if request.uri().path().len() > LONGEST_PATH {
        return Err(Error::UnknownAddress);
    }
    Ok(next.run(request).await)
}
