//! Visits, for the clinician who made them. Anybody else's is unknown.

use axum::extract::State;
use axum::http::StatusCode;
use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::body::StrictJson;
use crate::caller::Clinician;
use crate::clinic::Clinic;
use crate::clock::{ago_ms, millis, now_ms};
use crate::error::Error;
use crate::live::Live;
use crate::secret::{is_hex_128, Secret};
use crate::settings::Settings;
use crate::state::Portal;
use crate::store::results::ResultRow;
use crate::store::visits::{Mode, Test, VisitRow};

use super::route::{Route, VisitId};

/// A result counts as live for this long after the end of its recording.
const LIVE_RESULT_MS: i64 = 5 * 60 * 1000;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/visits", list),
        Route::post("/api/visits", make),
        Route::get("/api/visits/{id}", show),
        Route::post("/api/visits/{id}/invitation", invite_again),
        Route::post("/api/visits/{id}/acknowledgement", acknowledge),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewVisit {
    mode: Mode,
    test: Test,
}

/// Where a visit stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    Invited,
    Opened,
    Live,
    Done,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Visit {
    id: String,
    code: String,
    mode: Mode,
    test: Test,
    created_ago_s: i64,
    status: Status,
    /// A red flag that nobody acknowledged.
    flag_waits: bool,
}

#[derive(Serialize)]
struct Visits {
    visits: Vec<Visit>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OneVisit {
    #[serde(flatten)]
    visit: Visit,
    live: Option<Live>,
    result: Option<VisitResult>,
    opened_on: i64,
}

/// A stored result as the clinician's page gets it, here and in the event stream.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VisitResult {
    id: String,
    summary: Box<RawValue>,
    recorded_ago_ms: i64,
    received_ago_ms: i64,
    live: bool,
    acknowledgement: Option<Acknowledgement>,
}

/// What becomes of the red flags of a result. Only clinicians are told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Acknowledgement {
    responsible: String,
    within_ms: i64,
    done: Option<Done>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    by: String,
    ago_ms: i64,
}

/// Whose flags are acknowledged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledging {
    result: String,
}

/// A link to send; its token is shown this once.
#[derive(Serialize)]
struct Invitation {
    url: String,
}

#[derive(Serialize)]
struct Invited {
    visit: Visit,
    invitation: Invitation,
}

#[derive(Serialize)]
struct InvitedAgain {
    invitation: Invitation,
}

/// `GET /api/visits`: the clinician's newest visits, newest first.
async fn list(State(portal): State<Portal>, clinician: Clinician) -> Result<Json<Visits>, Error> {
    let rows = portal.store.visits(clinician.id).await?;
    let now = now_ms();
    Ok(Json(Visits { visits: rows.into_iter().map(|row| Visit::of(row, now, &portal.settings)).collect() }))
}

/// `POST /api/visits`: 201 with the visit and its first link.
async fn make(
    State(portal): State<Portal>,
    clinician: Clinician,
    StrictJson(NewVisit { mode, test }): StrictJson<NewVisit>,
) -> Result<(StatusCode, Json<Invited>), Error> {
    let (token, times) = (Secret::random()?, invitation_times(&portal.settings));
    let row = portal.store.add_visit(clinician.id, mode, test, token.digest(), times).await?;
    let visit = Visit::of(row, times.0, &portal.settings);
    Ok((StatusCode::CREATED, Json(Invited { visit, invitation: Invitation::with(&token) })))
}

/// `GET /api/visits/{id}`: the visit with what is known of it now.
async fn show(
    State(portal): State<Portal>,
    clinician: Clinician,
    VisitId(id): VisitId,
) -> Result<Json<OneVisit>, Error> {
    let row = portal.store.visit(clinician.id, &id).await?;
    let result = portal.store.newest_result(&row.id).await?;
    let now = now_ms();
    let live = fresh_live(&row, now, &portal.settings);
    let result = result.map(|row| VisitResult::of(row, now, &portal.settings.clinic)).transpose()?;
    let opened_on = row.opened_on;
    Ok(Json(OneVisit { visit: Visit::of(row, now, &portal.settings), live, result, opened_on }))
}

/// `POST /api/visits/{id}/invitation`: 201 with a new link; the old one is dead.
async fn invite_again(
    State(portal): State<Portal>,
    clinician: Clinician,
    VisitId(id): VisitId,
) -> Result<(StatusCode, Json<InvitedAgain>), Error> {
    let (token, times) = (Secret::random()?, invitation_times(&portal.settings));
    portal.store.replace_invitation(clinician.id, &id, token.digest(), times).await?;
    portal.watches.hint(&id);
    Ok((StatusCode::CREATED, Json(InvitedAgain { invitation: Invitation::with(&token) })))
}

/// `POST /api/visits/{id}/acknowledgement`: 204; a repeated one changes nothing.
async fn acknowledge(
    State(portal): State<Portal>,
    clinician: Clinician,
    VisitId(id): VisitId,
    StrictJson(Acknowledging { result }): StrictJson<Acknowledging>,
) -> Result<StatusCode, Error> {
    portal.store.visit(clinician.id, &id).await?;
    if !is_hex_128(&result) {
        return Err(Error::Unacceptable);
    }
    portal.store.acknowledge(clinician.id, &id, &result, now_ms()).await?;
    portal.watches.hint(&id);
    Ok(StatusCode::NO_CONTENT)
}

/// Now, and when a link made now ends.
fn invitation_times(settings: &Settings) -> (i64, i64) {
    let now = now_ms();
    (now, now.saturating_add(millis(settings.invitation_lifetime)))
}

/// The live status, unless it is old or a result came after it.
fn fresh_live(row: &VisitRow, now: i64, settings: &Settings) -> Option<Live> {
    let (seq, data, at_ms) = row.live.as_ref()?;
    let overtaken = row.result_seq.is_some_and(|result| result > *seq);
    if overtaken {
        return None;
    }
    Live::told(data, ago_ms(now, *at_ms), millis(settings.live_lifetime))
}

impl Invitation {
    /// The token stands in the fragment, which a browser sends to no server.
    fn with(token: &Secret) -> Self {
        Self { url: format!("/patient/#{}", token.reveal()) }
    }
}

impl Visit {
    fn of(row: VisitRow, now: i64, settings: &Settings) -> Self {
        let live = fresh_live(&row, now, settings);
        let status = match live {
            Some(live) if live.is_under_way() => Status::Live,
            _ if row.result_seq.is_some() => Status::Done,
            Some(_) => Status::Live,
            None if row.opened_on > 0 => Status::Opened,
            None => Status::Invited,
        };
        let created_ago_s = ago_ms(now, row.created_at_ms) / 1000;
        let VisitRow { id, code, mode, test, waiting: flag_waits, .. } = row;
        Self { id, code, mode, test, created_ago_s, status, flag_waits }
    }
}

impl VisitResult {
    /// Ages are told as seen from `now`; the page adds the time that it has been open.
    pub(super) fn of(row: ResultRow, now: i64, clinic: &Clinic) -> Result<Self, Error> {
        let received_ago_ms = ago_ms(now, row.received_at_ms);
        let done = row.acknowledged.map(|done| Done { by: done.by, ago_ms: ago_ms(now, done.at_ms) });
        let acknowledgement = row.flagged.then(|| Acknowledgement {
            responsible: clinic.responsible.clone(),
            within_ms: clinic.acknowledge_within_ms(),
            done,
        });
        Ok(Self {
            id: row.report_id,
            acknowledgement,
            summary: RawValue::from_string(row.summary).map_err(Error::internal)?,
            recorded_ago_ms: row.recorded_ago_ms,
            received_ago_ms,
            live: row.recorded_ago_ms.saturating_add(received_ago_ms) <= LIVE_RESULT_MS,
        })
    }
}
