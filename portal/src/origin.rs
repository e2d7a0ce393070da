//! Requests that act with the clinician's cookie must come from the portal's own pages.
//!
//! `SameSite=Strict` keeps the cookie at home already; this is the second lock, and it also covers the sign-in, where
//! no cookie exists yet. Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; what
//! sends neither is no browser, and no page of another site can make it act.

use axum::extract::Request;
use axum::http::{header, HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::Error;

/// Lets a request through unless it changes something and comes from another origin.
pub async fn refuse_others(request: Request, next: Next) -> Result<Response, Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_own(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(Error::CrossOrigin)
    }
}

fn is_own(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let from = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    from.is_some_and(|(_, from)| host == Some(from))
}

/// Whether the request's page was loaded over TLS, so that a cookie can insist on it.
pub fn is_https(headers: &HeaderMap) -> bool {
    headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        is_own(&pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect())
    }

    #[test]
    fn only_the_portals_own_pages_act() {
        assert!(own(&[("host", "clinic.example")]), "no browser");
        assert!(own(&[("sec-fetch-site", "same-origin"), ("host", "clinic.example")]));
        assert!(own(&[("origin", "https://clinic.example"), ("host", "clinic.example")]));
        for site in ["cross-site", "same-site", "none", "x"] {
            assert!(!own(&[("sec-fetch-site", site), ("host", "clinic.example")]), "{site}");
        }
        for origin in ["https://evil.example", "https://clinic.example:444", "null", "clinic.example", ""] {
            assert!(!own(&[("origin", origin), ("host", "clinic.example")]), "{origin}");
        }
        assert!(!own(&[("origin", "https://clinic.example")]), "no host to compare with");
    }
}
