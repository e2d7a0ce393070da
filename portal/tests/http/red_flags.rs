//! Red flags: the clinic's limits reach the patient's page, who is responsible reaches clinicians only, and an
//! acknowledgement is stored once.

use serde_json::{json, Value};

use crate::clinic::{bundle, flagged_bundle, id, Clinic, ADA, BEN};

const NAME: &str = "Cardiology on call";

async fn clinic() -> Clinic {
    let text = json!({ "redFlags": { "rateAboveBpm": 130, "pauseAboveS": null }, "responsible": NAME,
        "redFlagNotice": "Please stay where we can reach you.", "acknowledgeWithinMin": 5 });
    let clinic = portal::clinic::Clinic::parse(&text.to_string()).unwrap();
    Clinic::open_with(portal::Settings { clinic, ..portal::Settings::default() }).await
}

async fn shown(clinic: &Clinic, cookie: &str, visit: &str) -> Value {
    clinic.get(&format!("/api/visits/{visit}")).cookie(cookie).send().await.json()
}

async fn deliver(clinic: &Clinic, token: &str, body: String) {
    let stored = clinic.post("/fhir").bearer(token).fhir(body).send().await;
    assert_eq!(stored.status, 201, "{stored:?}");
    assert!(!format!("{stored:?}").contains(NAME));
}

#[tokio::test]
async fn the_patients_page_gets_the_limits_and_the_words_and_no_name() {
    let clinic = clinic().await;
    let (_, token) = clinic.invite(&clinic.sign_in(ADA).await, "demo").await;
    let opening = json!({ "opener": id(1) });
    let opened = clinic.post("/api/invitation").bearer(&token).json(&opening).send().await;
    let told = opened.json();
    assert_eq!(told["redFlags"]["rateAboveBpm"], 130.0);
    assert_eq!(told["redFlags"]["pauseAboveS"], Value::Null);
    assert_eq!(told["redFlags"]["systolicAbove"], 180.0);
    assert_eq!(told["redFlagNotice"], "Please stay where we can reach you.");
    assert!(!format!("{opened:?}").contains(NAME));
}

#[tokio::test]
async fn a_flag_waits_until_it_is_acknowledged_once() {
    let clinic = clinic().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "demo").await;
    deliver(&clinic, &token, bundle(&visit, &id(1), true).to_string()).await;
    let plain = shown(&clinic, &cookie, &visit).await;
    assert_eq!((&plain["result"]["acknowledgement"], &plain["flagWaits"]), (&Value::Null, &json!(false)));

    deliver(&clinic, &token, flagged_bundle(&visit, &id(2))).await;
    let waiting = shown(&clinic, &cookie, &visit).await;
    assert_eq!(
        waiting["result"]["acknowledgement"],
        json!({ "responsible": NAME, "withinMs": 300_000, "done": null })
    );
    assert_eq!(waiting["flagWaits"], true);
    let list = clinic.get("/api/visits").cookie(&cookie).send().await.json();
    assert_eq!(list["visits"][0]["flagWaits"], true);

    let at = format!("/api/visits/{visit}/acknowledgement");
    let acknowledge = |result: String| clinic.post(&at).cookie(&cookie).json(&json!({ "result": result }));
    for (result, code) in [(id(1), (409, "visit.noFlag")), (id(3), (409, "visit.noFlag"))] {
        let (status, said) = acknowledge(result).send().await.refusal();
        assert_eq!((status, said.as_str()), code);
    }
    assert_eq!(acknowledge("Anna".into()).send().await.refusal(), (422, "body.unacceptable".into()));
    let before = clinic.rows("event").await;
    for _ in 0..2 {
        assert_eq!(acknowledge(id(2)).send().await.status, 204);
    }
    assert_eq!((clinic.rows("acknowledgement").await, clinic.rows("event").await), (1, before + 1));
    let done = shown(&clinic, &cookie, &visit).await;
    assert_eq!(done["result"]["acknowledgement"]["done"]["by"], "ada");
    assert_eq!((&done["result"]["id"], &done["flagWaits"]), (&json!(id(2)), &json!(false)));

    // It outlives the process.
    let clinic = clinic.restart().await;
    let kept = shown(&clinic, &cookie, &visit).await;
    assert_eq!(kept["result"]["acknowledgement"]["done"]["by"], "ada");
}

#[tokio::test]
async fn another_clinician_acknowledges_nothing() {
    let clinic = clinic().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "demo").await;
    deliver(&clinic, &token, flagged_bundle(&visit, &id(1))).await;
    let at = format!("/api/visits/{visit}/acknowledgement");
    let body = json!({ "result": id(1) });
    let ben = clinic.sign_in(BEN).await;
    let refused = clinic.post(&at).cookie(&ben).json(&body).send().await;
    assert_eq!(refused.refusal(), (404, "visit.unknown".into()));
    assert_eq!(clinic.post(&at).json(&body).send().await.refusal().0, 401);
    let foreign = clinic.post(&at).cookie(&cookie).header("origin", "https://elsewhere.example").json(&body);
    assert_eq!(foreign.send().await.refusal(), (403, "auth.crossOrigin".into()));
    assert_eq!(clinic.rows("acknowledgement").await, 0);
}

#[tokio::test]
async fn a_result_that_came_later_stays_the_newest() {
    let clinic = clinic().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "demo").await;
    deliver(&clinic, &token, flagged_bundle(&visit, &id(1))).await;
    deliver(&clinic, &token, bundle(&visit, &id(2), true).to_string()).await;
    assert_eq!(shown(&clinic, &cookie, &visit).await["flagWaits"], true);
    let at = format!("/api/visits/{visit}/acknowledgement");
    let answer = clinic.post(&at).cookie(&cookie).json(&json!({ "result": id(1) })).send().await;
    assert_eq!(answer.status, 204);
    let now = shown(&clinic, &cookie, &visit).await;
    assert_eq!((&now["result"]["id"], &now["flagWaits"]), (&json!(id(2)), &json!(false)));
}
