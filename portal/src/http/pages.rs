//! The built pages: `/`, `/patient/`, `/clinician/` and their files.

use std::path::Path;

use axum::Router;
use tower_http::services::ServeDir;

use crate::state::Portal;

/// Serves the folder at every address that no other route has; without a folder nothing is there.
pub fn router(www: Option<&Path>) -> Router<Portal> {
    match www {
        Some(folder) => Router::new().fallback_service(ServeDir::new(folder)),
        None => Router::new(),
    }
}
