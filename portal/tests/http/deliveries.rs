//! What is stored, once.

use futures_util::future::join_all;
use serde_json::{json, Value};

use crate::clinic::{bundle, id, summary, Clinic, ADA};

#[tokio::test]
async fn a_delivery_is_stored_once_and_a_replay_gets_the_same_answer() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let body = bundle(&visit, &id(1), false).to_string();

    let first = clinic.post("/fhir").bearer(&token).fhir(body.clone()).send().await;
    assert_eq!(first.status, 201, "{first:?}");
    let uuid = "00000000-0000-0000-0000-000000000001";
    let created = |place: String| json!({ "response": { "status": "201 Created", "location": place } });
    assert_eq!(
        first.json(),
        json!({ "resourceType": "Bundle", "type": "transaction-response",
            "entry": [created(format!("Observation/{uuid}")), created(format!("Observation/{uuid}-1"))] })
    );
    let before = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
    let again = clinic.post("/fhir").bearer(&token).fhir_after(body, "7200000").send().await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!((clinic.rows("result").await, clinic.rows("event").await), (1, 1));
    let after = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
    assert_eq!(
        after["result"]["recordedAgoMs"], before["result"]["recordedAgoMs"],
        "a replay changes nothing"
    );
}

#[tokio::test]
async fn the_clinician_reads_the_exact_summary_with_its_age() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    for (age_ms, live) in [(2_000, true), (3 * 3600 * 1000, false)] {
        let (visit, token) = clinic.invite(&cookie, "real").await;
        let body = bundle(&visit, &id(age_ms), false).to_string();
        let sent = clinic.post("/fhir").bearer(&token).fhir_after(body, &age_ms.to_string()).send().await;
        assert_eq!(sent.status, 201);
        let shown = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
        let result = &shown["result"];
        assert_eq!(result["summary"], serde_json::to_value(summary(false)).unwrap());
        assert_eq!((&result["recordedAgoMs"], &result["live"]), (&json!(age_ms), &json!(live)));
        assert!((0..5_000).contains(&result["receivedAgoMs"].as_i64().unwrap()));
        assert_eq!(shown["status"], "done");
    }
}

#[tokio::test]
async fn eight_replays_at_once_make_one_row() {
    let clinic = Clinic::open().await;
    let (visit, token) = clinic.invite(&clinic.sign_in(ADA).await, "real").await;
    let body = bundle(&visit, &id(1), false).to_string();
    let answers =
        join_all((0..8).map(|_| clinic.post("/fhir").bearer(&token).fhir(body.clone()).send())).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    let replayed = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((created, replayed), (1, 7), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    assert_eq!((clinic.rows("result").await, clinic.rows("event").await), (1, 1));
}

#[tokio::test]
async fn simulated_data_is_for_demo_visits() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (real, real_token) = clinic.invite(&cookie, "real").await;
    let (demo, demo_token) = clinic.invite(&cookie, "demo").await;
    let refused =
        clinic.post("/fhir").bearer(&real_token).fhir(bundle(&real, &id(1), true).to_string()).send().await;
    assert_eq!(refused.refusal(), (422, "bundle.simulated".into()));
    assert_eq!((clinic.rows("result").await, clinic.rows("event").await), (0, 0));
    let taken =
        clinic.post("/fhir").bearer(&demo_token).fhir(bundle(&demo, &id(1), true).to_string()).send().await;
    assert_eq!(taken.status, 201);
    let strap =
        clinic.post("/fhir").bearer(&demo_token).fhir(bundle(&demo, &id(2), false).to_string()).send().await;
    assert_eq!(strap.status, 201, "a demo may use a real strap");
}

#[tokio::test]
async fn an_id_is_used_for_one_thing() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (one, one_token) = clinic.invite(&cookie, "demo").await;
    let (two, two_token) = clinic.invite(&cookie, "demo").await;
    let send = |token: &str, body: Value| clinic.post("/fhir").bearer(token).fhir(body.to_string()).send();
    assert_eq!(send(&one_token, bundle(&one, &id(1), true)).await.status, 201);
    let other_content = send(&one_token, bundle(&one, &id(1), false)).await;
    assert_eq!(other_content.refusal(), (409, "bundle.idTaken".into()));
    let other_visit = send(&two_token, bundle(&two, &id(1), true)).await;
    assert_eq!(other_visit.refusal(), (409, "bundle.idTaken".into()));
    assert_eq!(clinic.rows("result").await, 1);
}

#[tokio::test]
async fn a_visit_takes_a_bounded_number_of_results_and_shows_the_newest() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    for n in 1..=16 {
        let body = bundle(&visit, &id(n), false).to_string();
        let sent = clinic.post("/fhir").bearer(&token).fhir_after(body, &(n * 1000).to_string()).send().await;
        assert_eq!(sent.status, 201);
    }
    let full =
        clinic.post("/fhir").bearer(&token).fhir(bundle(&visit, &id(17), false).to_string()).send().await;
    assert_eq!(full.refusal(), (409, "visit.full".into()));
    let replay =
        clinic.post("/fhir").bearer(&token).fhir(bundle(&visit, &id(1), false).to_string()).send().await;
    assert_eq!(replay.status, 200, "what is there is still confirmed");
    assert_eq!(clinic.rows("result").await, 16);
    let shown = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
    assert_eq!(shown["result"]["recordedAgoMs"], 16_000);
}
