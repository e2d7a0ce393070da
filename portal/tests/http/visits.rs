//! Visits belong to the clinician who made them.

use std::collections::HashSet;

use serde_json::json;

use crate::clinic::{bundle, id, Clinic, ADA, BEN};

#[tokio::test]
async fn a_visit_has_a_code_a_pseudonym_and_a_link() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let made =
        clinic.post("/api/visits").cookie(&cookie).json(&json!({ "mode": "demo", "test": "rest-5min" }));
    let made = made.send().await;
    assert_eq!(made.status, 201);
    let visit = &made.json()["visit"];
    let (visit_id, code) = (visit["id"].as_str().unwrap(), visit["code"].as_str().unwrap());
    assert!(portal::secret::is_hex_128(visit_id));
    assert!(code.len() == 4 && code.chars().all(|c| "23456789ABCDEFGHJKMNPQRSTUVWXYZ".contains(c)), "{code}");
    let shown = clinic.get(&format!("/api/visits/{visit_id}")).cookie(&cookie).send().await;
    assert_eq!(
        shown.json(),
        json!({ "id": visit_id, "code": code, "mode": "demo", "test": "rest-5min", "createdAgoS": 0,
            "status": "invited", "flagWaits": false, "live": null, "result": null, "openedOn": 0 })
    );
    assert!(!String::from_utf8_lossy(&shown.body).contains(&crate::clinic::token_of(&made.json())));
}

#[tokio::test]
async fn another_clinicians_visit_is_no_visit() {
    let clinic = Clinic::open().await;
    let (ada, ben) = (clinic.sign_in(ADA).await, clinic.sign_in(BEN).await);
    let (visit, token) = clinic.invite(&ada, "real").await;
    let unknown = clinic.get(&format!("/api/visits/{}", id(7))).cookie(&ben).send().await;
    for (method, path) in [("GET", ""), ("GET", "/events"), ("POST", "/invitation")] {
        let path = format!("/api/visits/{visit}{path}");
        let answer = clinic.call(method, &path).cookie(&ben).send().await;
        assert_eq!(answer.refusal(), (404, "visit.unknown".into()), "{method} {path}");
        assert_eq!(answer.body, unknown.body, "the same answer as for no visit at all");
    }
    assert_eq!(clinic.get("/api/visits").cookie(&ben).send().await.json(), json!({ "visits": [] }));
    let open = clinic.post("/api/invitation").bearer(&token).json(&json!({ "opener": id(1) })).send().await;
    assert_eq!(open.status, 200, "ben's attempt to replace the link changed nothing");
}

#[tokio::test]
async fn without_a_session_there_is_nothing() {
    let clinic = Clinic::open().await;
    let (visit, token) = clinic.invite(&clinic.sign_in(ADA).await, "real").await;
    for (method, path) in [
        ("GET", "/api/session".to_owned()),
        ("DELETE", "/api/session".to_owned()),
        ("GET", "/api/visits".to_owned()),
        ("POST", "/api/visits".to_owned()),
        ("GET", format!("/api/visits/{visit}")),
        ("GET", format!("/api/visits/{visit}/events")),
        ("POST", format!("/api/visits/{visit}/invitation")),
    ] {
        for cookie in ["", "pqrst_session=x", &format!("pqrst_session={token}")] {
            let answer = clinic.call(method, &path).cookie(cookie).bearer(&token).send().await;
            assert_eq!(answer.refusal(), (401, "auth.signInRequired".into()), "{method} {path} {cookie}");
        }
    }
}

#[tokio::test]
async fn the_list_is_newest_first_with_different_codes_and_true_status() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let mut visits = Vec::new();
    for _ in 0..12 {
        visits.push(clinic.invite(&cookie, "demo").await);
    }
    let open =
        clinic.post("/api/invitation").bearer(&visits[1].1).json(&json!({ "opener": id(1) })).send().await;
    assert_eq!(open.status, 200);
    let live = json!({ "state": "recording", "elapsedS": 1, "durationS": 30, "contact": "yes", "bpm": 70,
        "reasons": [], "bloodPressure": null, "simulated": true });
    assert_eq!(clinic.post("/api/live").bearer(&visits[2].1).json(&live).send().await.status, 204);
    let sent = bundle(&visits[3].0, &id(3), true).to_string();
    assert_eq!(clinic.post("/fhir").bearer(&visits[3].1).fhir(sent).send().await.status, 201);

    let list = clinic.get("/api/visits").cookie(&cookie).send().await.json();
    let list = list["visits"].as_array().unwrap();
    let ids: Vec<_> = list.iter().rev().map(|visit| visit["id"].as_str().unwrap()).collect();
    assert_eq!(ids, visits.iter().map(|(id, _)| id).collect::<Vec<_>>());
    assert_eq!(list.iter().map(|visit| visit["code"].to_string()).collect::<HashSet<_>>().len(), 12);
    let status: Vec<_> = list.iter().rev().take(4).map(|visit| visit["status"].as_str().unwrap()).collect();
    assert_eq!(status, ["invited", "opened", "live", "done"]);
}

#[tokio::test]
async fn only_the_known_modes_and_tests_are_made() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    for new in [
        json!({ "mode": "real", "test": "monitor" }),
        json!({ "mode": "fake", "test": "rest-30s" }),
        json!({ "mode": "real" }),
        json!({ "mode": "real", "test": "rest-30s", "patient": "Anna" }),
    ] {
        let answer = clinic.post("/api/visits").cookie(&cookie).json(&new).send().await;
        assert_eq!(answer.refusal(), (422, "body.unacceptable".into()), "{new}");
    }
    let broken = clinic.post("/api/visits").cookie(&cookie).header("content-type", "application/json");
    assert_eq!(broken.raw("{\"mode\":").send().await.refusal(), (400, "body.malformed".into()));
    let untyped = clinic.post("/api/visits").cookie(&cookie).raw("{}").send().await;
    assert_eq!(untyped.refusal(), (415, "body.contentType".into()));
    assert_eq!(clinic.rows("visit").await, 0);
}
