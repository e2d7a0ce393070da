//! Links: who holds one may act in one visit, until it is replaced or expires.

use std::time::Duration;

use portal::Settings;
use serde_json::{json, Value};

use crate::clinic::{bundle, id, token_of, Answer, Clinic, ADA};

async fn open(clinic: &Clinic, token: &str, opener: &str) -> Answer {
    clinic.post("/api/invitation").bearer(token).json(&json!({ "opener": opener })).send().await
}

async fn shown(clinic: &Clinic, cookie: &str, visit: &str) -> Value {
    clinic.get(&format!("/api/visits/{visit}")).cookie(cookie).send().await.json()
}

#[tokio::test]
async fn a_link_opens_its_visit() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let code = shown(&clinic, &cookie, &visit).await["code"].clone();
    let opened = open(&clinic, &token, &id(1)).await;
    assert_eq!(opened.status, 200);
    assert_eq!(
        opened.json(),
        json!({ "visitId": visit, "code": code, "mode": "real", "test": "rest-30s", "watched": false,
            "emergencyNumber": "112", "redFlagNotice": null, "redFlags": portal::Settings::default().clinic.red_flags })
    );
}

#[tokio::test]
async fn every_further_tab_is_counted_once() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    for (opener, expected) in [(1, 1), (1, 1), (2, 2), (1, 2), (3, 3)] {
        assert_eq!(open(&clinic, &token, &id(opener)).await.status, 200);
        assert_eq!(shown(&clinic, &cookie, &visit).await["openedOn"], expected);
    }
    for opener in ["", "x", "0", &"g".repeat(32), &"A".repeat(32)] {
        assert_eq!(open(&clinic, &token, opener).await.refusal(), (422, "body.unacceptable".into()));
    }
    for opener in 10..200 {
        open(&clinic, &token, &id(opener)).await;
    }
    assert_eq!(clinic.rows("opener").await, 64, "a flood stays small");
}

#[tokio::test]
async fn an_unknown_token_opens_nothing() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let mut near = token.clone().into_bytes();
    near[10] = if near[10] == b'A' { b'B' } else { b'A' };
    let near = String::from_utf8(near).unwrap();
    for wrong in [near.as_str(), "", "x", &visit, &"A".repeat(43), &token[..42], &format!("{token}A")] {
        let refusal = (401, "invitation.unknown".to_owned());
        assert_eq!(open(&clinic, wrong, &id(1)).await.refusal(), refusal, "{wrong}");
        assert_eq!(clinic.post("/api/live").bearer(wrong).json(&json!({})).send().await.refusal(), refusal);
        let sent =
            clinic.post("/fhir").bearer(wrong).fhir(bundle(&visit, &id(1), false).to_string()).send().await;
        assert_eq!(sent.refusal(), refusal);
        assert_eq!(sent.header("www-authenticate"), "Bearer");
    }
    let basic = clinic.post("/api/invitation").header("authorization", format!("Basic {token}"));
    assert_eq!(basic.json(&json!({ "opener": id(1) })).send().await.status, 401);
    let by_cookie =
        clinic.post("/api/invitation").cookie(&cookie).json(&json!({ "opener": id(1) })).send().await;
    assert_eq!(by_cookie.status, 401, "a session is no invitation");
    assert_eq!(
        (clinic.rows("opener").await, clinic.rows("result").await, clinic.rows("event").await),
        (0, 0, 0)
    );
}

#[tokio::test]
async fn a_new_link_kills_the_old_one_and_counts_afresh() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, old) = clinic.invite(&cookie, "real").await;
    open(&clinic, &old, &id(1)).await;
    open(&clinic, &old, &id(2)).await;
    let answer = clinic.post(&format!("/api/visits/{visit}/invitation")).cookie(&cookie).send().await;
    assert_eq!(answer.status, 201);
    let new = token_of(&answer.json());
    assert_ne!(new, old);
    assert_eq!(open(&clinic, &old, &id(1)).await.refusal(), (401, "invitation.unknown".into()));
    let late = clinic.post("/fhir").bearer(&old).fhir(bundle(&visit, &id(1), false).to_string()).send().await;
    assert_eq!(late.status, 401);
    assert_eq!(shown(&clinic, &cookie, &visit).await["openedOn"], 0);
    assert_eq!(open(&clinic, &new, &id(3)).await.json()["visitId"], visit.as_str());
    assert_eq!(shown(&clinic, &cookie, &visit).await["openedOn"], 1);
}

#[tokio::test]
async fn a_link_expires() {
    let settings = Settings { invitation_lifetime: Duration::from_millis(3000), ..Settings::default() };
    let clinic = Clinic::open_with(settings).await;
    let (visit, token) = clinic.invite(&clinic.sign_in(ADA).await, "real").await;
    assert_eq!(open(&clinic, &token, &id(1)).await.status, 200);
    tokio::time::sleep(Duration::from_millis(3100)).await;
    assert_eq!(open(&clinic, &token, &id(1)).await.refusal(), (401, "invitation.unknown".into()));
    let late =
        clinic.post("/fhir").bearer(&token).fhir(bundle(&visit, &id(1), false).to_string()).send().await;
    assert_eq!(late.status, 401);
    assert_eq!(clinic.rows("result").await, 0);
}
