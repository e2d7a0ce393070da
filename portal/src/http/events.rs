//! `GET /api/visits/{id}/events`: what happens in a visit, as Server-Sent Events.
//!
//! A fresh stream begins with the state so far (events are states, so seeing one twice is harmless); one with
//! `Last-Event-ID` goes on after it. It ends when the session ends.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::IntoResponse;
use futures_util::stream;
use serde_json::json;

use crate::caller::Clinician;
use crate::clock::{ago_ms, millis, now_ms};
use crate::error::Error;
use crate::live::Live;
use crate::secret::SecretDigest;
use crate::settings::Settings;
use crate::state::Portal;
use crate::store::events::{EventRow, What};
use crate::watch::Watch;

use super::route::{Route, VisitId};
use super::visits::VisitResult;

/// What a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(2);

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/api/visits/{id}/events", events)]
}

async fn events(
    State(portal): State<Portal>,
    clinician: Clinician,
    VisitId(id): VisitId,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Error> {
    let visit = portal.store.visit(clinician.id, &id).await?;
    // Listening begins before the first reading, so nothing falls between.
    let watch = portal.watches.begin(&visit.id, clinician.id).ok_or(Error::TooManyStreams)?;
    let after = resume_after(&portal, &headers).await?;
    let keep_alive = KeepAlive::new().interval(portal.settings.event_poll);
    let ready = VecDeque::from([Event::default().retry(RETRY)]);
    let reader = Reader { portal, session: clinician.session, watch, after, ready };
    let events = stream::unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok::<_, Infallible>(event), reader))
    });
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(events).keep_alive(keep_alive)))
}

/// The number to go on after. One that was never given (from before a restored backup) begins anew.
async fn resume_after(portal: &Portal, headers: &HeaderMap) -> Result<i64, Error> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let Some(last) = last.filter(|last: &i64| *last > 0) else { return Ok(0) };
    Ok(if last > portal.store.newest_seq().await? { 0 } else { last })
}

struct Reader {
    portal: Portal,
    session: SecretDigest,
    watch: Watch,
    after: i64,
    ready: VecDeque<Event>,
}

impl Reader {
    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        let ended = |e: &Error| tracing::error!(error = ?e, "event stream ended");
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let came = self.read().await.inspect_err(ended).ok()?;
            // Asked after the reading: what came after the session has no reader.
            self.portal.store.session(self.session, now_ms()).await.inspect_err(ended).ok()??;
            if came {
                continue;
            }
            tokio::select! {
                () = self.watch.heard() => {}
                () = tokio::time::sleep(self.portal.settings.event_poll) => {}
                () = self.portal.closed() => return None,
            }
        }
    }

    /// Reads what came since; `false` when there is nothing more for now.
    async fn read(&mut self) -> Result<bool, Error> {
        let rows = self.portal.store.events_after(self.watch.visit_id(), self.after).await?;
        let Some(last) = rows.last() else { return Ok(false) };
        self.after = last.seq;
        let now = now_ms();
        for row in rows {
            self.ready.extend(event(row, now, &self.portal.settings)?);
        }
        Ok(true)
    }
}

/// The event as sent; `None` for a status that nobody should see any more.
fn event(row: EventRow, now: i64, settings: &Settings) -> Result<Option<Event>, Error> {
    let (kind, data) = match row.what {
        What::Live(stored) => {
            match Live::told(&stored, ago_ms(now, row.at_ms), millis(settings.live_lifetime)) {
                Some(live) => ("live", serde_json::to_string(&live)),
                None => return Ok(None),
            }
        }
        What::Opened(count) => ("opened", Ok(json!({ "openedOn": count }).to_string())),
        What::Result(result) => {
            ("result", serde_json::to_string(&VisitResult::of(result, now, &settings.clinic)?))
        }
    };
    Ok(Some(Event::default().id(row.seq.to_string()).event(kind).data(data.map_err(Error::internal)?)))
}
