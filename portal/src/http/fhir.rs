//! `POST /fhir`: a patient's browser delivers its Bundle.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{header, StatusCode};
use axum::response::IntoResponse;
use serde_json::json;

use crate::body::FhirBody;
use crate::bundle::{self, Delivery};
use crate::caller::InvitationHolder;
use crate::clock::now_ms;
use crate::error::Error;
use crate::state::Portal;
use crate::store::results::{NewResult, Stored};
use crate::store::visits::Mode;

use super::route::Route;

/// The header that carries the age of the recording, refreshed on every retry.
const RECORDED_AGO: &str = "pqrst-recorded-ago-ms";

/// The oldest recording that is taken: 30 days.
const OLDEST_MS: i64 = 30 * 24 * 3600 * 1000;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::post("/fhir", deliver)]
}

/// Milliseconds since the recording ended.
struct RecordedAgo(i64);

impl FromRequestParts<Portal> for RecordedAgo {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self, Error> {
        let text = parts.headers.get(RECORDED_AGO).and_then(|value| value.to_str().ok());
        let digits = text.filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
        let age = digits.and_then(|digits| digits.parse().ok()).filter(|age| *age <= OLDEST_MS);
        age.map(Self).ok_or(Error::RecordedAgo)
    }
}

/// 201 when it is stored now, 200 with the same body when it was stored before.
async fn deliver(
    State(portal): State<Portal>,
    holder: InvitationHolder,
    RecordedAgo(recorded_ago_ms): RecordedAgo,
    FhirBody(received): FhirBody,
) -> Result<impl IntoResponse, Error> {
    let delivery = bundle::read(&received)?;
    if delivery.visit_id != holder.visit.id {
        return Err(Error::OtherVisit);
    }
    if delivery.simulated && holder.visit.mode == Mode::Real {
        return Err(Error::SimulatedInRealVisit);
    }
    let stored = portal
        .store
        .store_result(NewResult {
            report_id: &delivery.id,
            visit_id: &holder.visit.id,
            summary: &delivery.summary,
            received: &received,
            received_at_ms: now_ms(),
            recorded_ago_ms,
            flagged: delivery.flagged,
        })
        .await?;
    let status = match stored {
        Stored::Now => StatusCode::CREATED,
        Stored::Before => StatusCode::OK,
    };
    portal.watches.hint(&holder.visit.id);
    Ok((status, [(header::CONTENT_TYPE, "application/fhir+json")], response(&delivery)))
}

/// A pure function of the bundle, so that a replay gets the same bytes. The first Observation carries the summary, the
/// others are readings of home tests and the mean of a rested series.
fn response(delivery: &Delivery) -> String {
    let uuid = &delivery.uuid;
    let entry = |i: usize| {
        let place = if i == 0 { format!("Observation/{uuid}") } else { format!("Observation/{uuid}-{i}") };
        json!({ "response": { "status": "201 Created", "location": place } })
    };
    let entries: Vec<_> = (0..delivery.observations).map(entry).collect();
    json!({ "resourceType": "Bundle", "type": "transaction-response", "entry": entries }).to_string()
}
