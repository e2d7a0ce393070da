//! What is refused at `/fhir`, with nothing stored.

use serde_json::{json, Value};

use crate::clinic::{bundle, id, Clinic, ADA};

/// Something that must be found nowhere.
const CANARY: &str = "Anna Example 1A2B3C4D";

struct Ready {
    clinic: Clinic,
    visit: String,
    token: String,
}

async fn ready() -> Ready {
    let clinic = Clinic::open().await;
    let (visit, token) = clinic.invite(&clinic.sign_in(ADA).await, "real").await;
    Ready { clinic, visit, token }
}

impl Ready {
    async fn refused(&self, body: impl Into<Vec<u8>>, expected: (u16, &str)) {
        let answer = self.clinic.post("/fhir").bearer(&self.token).fhir(body).send().await;
        assert_eq!(answer.refusal(), (expected.0, expected.1.to_owned()));
        assert!(!String::from_utf8_lossy(&answer.body).contains(CANARY), "a refusal quotes nothing");
    }

    /// Nothing was stored by all that was refused; then the good bundle is taken.
    async fn nothing_stored(self) {
        assert_eq!((self.clinic.rows("result").await, self.clinic.rows("event").await), (0, 0));
        let body = bundle(&self.visit, &id(1), false).to_string();
        assert_eq!(self.clinic.post("/fhir").bearer(&self.token).fhir(body).send().await.status, 201);
        let bytes = self.clinic.stop().await.bytes();
        assert!(bytes.windows(16).any(|w| w == b"pqrst.summary.v1"), "the scan sees what is stored");
        assert!(!bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()), "the canary is on the disk");
    }
}

#[tokio::test]
async fn another_visits_bundle() {
    let ready = ready().await;
    ready.refused(bundle(&id(99), &id(1), false).to_string(), (403, "bundle.otherVisit")).await;
    let other = ready.clinic.invite(&ready.clinic.sign_in(ADA).await, "real").await.0;
    ready.refused(bundle(&other, &id(1), false).to_string(), (403, "bundle.otherVisit")).await;
    ready.nothing_stored().await;
}

#[tokio::test]
async fn oversized() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false).to_string();
    let padded = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
    ready.refused(padded(64 * 1024 + 1), (413, "body.tooLarge")).await;
    ready.refused(padded(3_000_000), (413, "body.tooLarge")).await;
    ready.nothing_stored().await;
}

#[tokio::test]
async fn the_largest_allowed_is_taken() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(2), false).to_string();
    let padded = format!("{good}{}", " ".repeat(64 * 1024 - good.len()));
    assert_eq!(ready.clinic.post("/fhir").bearer(&ready.token).fhir(padded).send().await.status, 201);
}

#[tokio::test]
async fn malformed() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false).to_string();
    for body in
        ["", "{", "not json", "\u{0}", &good[..good.len() - 1], &format!("{good}}}"), &"[".repeat(60_000)]
    {
        ready.refused(body, (400, "body.malformed")).await;
    }
    ready.refused(vec![0xff, 0xfe, 0x00], (400, "body.malformed")).await;
    ready.nothing_stored().await;
}

#[tokio::test]
async fn broken_off_at_every_byte() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false).to_string();
    for cut in (0..good.len()).step_by(97) {
        let answer =
            ready.clinic.post("/fhir").bearer(&ready.token).fhir(&good.as_bytes()[..cut]).send().await;
        assert_eq!(answer.status, 400, "cut at {cut}");
    }
    ready.nothing_stored().await;
}

/// Every object in a bundle, by JSON pointer.
fn objects(json: &Value, at: &str, found: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            found.push(at.to_owned());
            fields.iter().for_each(|(key, value)| objects(value, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| objects(item, &format!("{at}/{i}"), found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_further_field_anywhere() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false);
    let mut places = Vec::new();
    objects(&good, "", &mut places);
    assert!(places.len() > 40, "{}", places.len());
    for place in places {
        let mut bent = good.clone();
        bent.pointer_mut(&place).unwrap()["note"] = json!(CANARY);
        ready.refused(bent.to_string(), (422, "bundle.notPqrst")).await;
    }
    ready.nothing_stored().await;
}

#[tokio::test]
async fn a_further_field_in_the_summary() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false);
    let components = good["entry"][0]["resource"]["component"].as_array().unwrap();
    let at = components.iter().position(|c| c["code"]["coding"][0]["code"] == "summary").unwrap();
    let summary: Value = serde_json::from_str(components[at]["valueString"].as_str().unwrap()).unwrap();
    let mut places = Vec::new();
    objects(&summary, "", &mut places);
    assert!(places.len() > 20, "{}", places.len());
    for place in places {
        let mut bent = summary.clone();
        bent.pointer_mut(&place).unwrap()["name"] = json!(CANARY);
        let mut body = good.clone();
        body["entry"][0]["resource"]["component"][at]["valueString"] = json!(bent.to_string());
        ready.refused(body.to_string(), (422, "bundle.notPqrst")).await;
    }
    ready.nothing_stored().await;
}

#[tokio::test]
async fn a_repeated_key_hides_nothing() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false).to_string();
    for key in ["\"status\":", "\"resourceType\":\"Observation\"", "\"type\":\"transaction\""] {
        let name = key.split(':').next().unwrap();
        let bent = good.replacen(key, &format!("{name}:\"{CANARY}\",{key}"), 1);
        assert_ne!(bent, good, "{key}");
        ready.refused(bent, (422, "bundle.notPqrst")).await;
    }
    ready.nothing_stored().await;
}

#[tokio::test]
async fn numbers_finer_than_a_summarys() {
    let ready = ready().await;
    // Built by the library itself from a summary that no Report gives, so only the portal can see it.
    for (pointer, number) in [
        ("/heartRate/meanBpm/value", 72.014_926),
        ("/heartRate/meanBpm/evidence/endS", 30.123_456),
        ("/rhythm/evidence/startS", 0.000_123),
        ("/gaps/0/startS", 12.345),
        ("/gaps/0/durationS", 1e300),
        ("/heartRate/maxBpm/value", 1e15),
    ] {
        let mut summary = serde_json::to_value(crate::clinic::summary(false)).unwrap();
        *summary.pointer_mut(pointer).unwrap() = json!(number);
        let summary = serde_json::from_value(summary).unwrap();
        let visit = pqrst::export::fhir::VisitId::parse(&ready.visit).unwrap();
        let id = pqrst::pipeline::ReportId::parse(&id(1)).unwrap();
        let body = serde_json::to_string(&pqrst::export::fhir::from_summary(&summary, visit, id)).unwrap();
        ready.refused(body, (422, "bundle.notPqrst")).await;
    }
    ready.nothing_stored().await;
}

#[tokio::test]
async fn other_bundles() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false);
    let mut two = good.clone();
    let entry = two["entry"][0].clone();
    two["entry"].as_array_mut().unwrap().push(entry);
    let mut dated = good.clone();
    dated["entry"][0]["resource"]["effectiveDateTime"] = json!("2026-11-22");
    let mut named = good.clone();
    named["entry"][0]["resource"]["contained"][0]["deviceName"][0]["name"] = json!(CANARY);
    let mut final_status = good.clone();
    final_status["entry"][0]["resource"]["status"] = json!("final");
    let patient = json!({ "resourceType": "Patient", "name": [{ "text": CANARY }] });
    for body in [two, dated, named, final_status, patient, json!({}), json!([]), json!("x"), json!(null)] {
        ready.refused(body.to_string(), (422, "bundle.notPqrst")).await;
    }
    ready.nothing_stored().await;
}

#[tokio::test]
async fn age_and_content_type_are_asked_for() {
    let ready = ready().await;
    let good = bundle(&ready.visit, &id(1), false).to_string();
    for age in ["", "-1", "1.5", "soon", "+5", "99999999999999999999", "2592000001"] {
        let answer =
            ready.clinic.post("/fhir").bearer(&ready.token).fhir_after(good.clone(), age).send().await;
        assert_eq!(answer.refusal(), (400, "bundle.recordedAgo".into()), "{age:?}");
    }
    let ageless =
        ready.clinic.post("/fhir").bearer(&ready.token).header("content-type", "application/fhir+json");
    assert_eq!(ageless.raw(good.clone()).send().await.refusal(), (400, "bundle.recordedAgo".into()));
    let typed = ready.clinic.post("/fhir").bearer(&ready.token).header("pqrst-recorded-ago-ms", "1");
    let typed = typed.header("content-type", "text/plain").raw(good).send().await;
    assert_eq!(typed.refusal(), (415, "body.contentType".into()));
    ready.nothing_stored().await;
}
