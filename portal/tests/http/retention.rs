//! What has ended goes; what is still read stays.

use std::time::Duration;

use portal::clock::now_ms;
use portal::secret::Secret;
use portal::Settings;
use serde_json::json;

use crate::clinic::{bundle, id, Clinic, ADA, PATIENCE};

#[tokio::test]
async fn a_sweep_takes_what_has_ended_and_nothing_else() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let opening = json!({ "opener": id(1) });
    clinic.post("/api/invitation").bearer(&token).json(&opening).send().await;
    let live = json!({ "state": "recording", "elapsedS": 1, "durationS": 30, "contact": "yes", "bpm": 70,
        "reasons": [], "bloodPressure": null, "simulated": false });
    clinic.post("/api/live").bearer(&token).json(&live).send().await;
    let sent = clinic.post("/fhir").bearer(&token).fhir(bundle(&visit, &id(1), false).to_string());
    assert_eq!(sent.send().await.status, 201);
    let rows =
        || async { (clinic.rows("session").await, clinic.rows("event").await, clinic.rows("opener").await) };
    assert_eq!(rows().await, (1, 3, 1));
    let now = now_ms();

    clinic.store.sweep(now, now - 60_000).await.unwrap();
    assert_eq!(rows().await, (1, 3, 1), "nothing has ended yet");
    let digest = Secret::presented(&token).unwrap().digest();
    assert!(clinic.store.invited(digest, now).await.unwrap().is_some());

    // A day on, the session and the status have ended; the link still works.
    let day = 24 * 3600 * 1000;
    clinic.store.sweep(now + day, now + day - 60_000).await.unwrap();
    assert_eq!(rows().await, (0, 2, 1));
    assert!(clinic.store.invited(digest, now + day).await.unwrap().is_some());
    // Eight days on the link is gone as well, whatever the clock says afterwards; what a clinician reads stays.
    clinic.store.sweep(now + 8 * day, now + 8 * day).await.unwrap();
    assert!(clinic.store.invited(digest, now).await.unwrap().is_none());
    assert_eq!((rows().await, clinic.rows("result").await), ((0, 2, 1), 1));
    let cookie = clinic.sign_in(ADA).await;
    let shown = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
    assert_eq!((&shown["status"], &shown["openedOn"]), (&json!("done"), &json!(1)));
    // And a new link opens the visit again.
    let again = clinic.post(&format!("/api/visits/{visit}/invitation")).cookie(&cookie).send().await;
    let token = crate::clinic::token_of(&again.json());
    let opened = clinic.post("/api/invitation").bearer(&token).json(&opening).send().await;
    assert_eq!(opened.json()["visitId"], visit.as_str());
}

#[tokio::test]
async fn a_running_portal_sweeps_by_itself() {
    let settings = Settings {
        session_lifetime: Duration::from_millis(300),
        sweep_every: Duration::from_millis(100),
        ..Settings::default()
    };
    let clinic = Clinic::open_with(settings).await;
    clinic.sign_in(ADA).await;
    let gone = async {
        while clinic.rows("session").await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("an ended session is removed without another sign-in");
}
