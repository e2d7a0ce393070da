//! What the clinician's page hears, in order, and again after a break.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use portal::Settings;
use serde_json::{json, Value};

use crate::clinic::{bundle, id, summary, Clinic, ADA, PATIENCE};
use crate::contract::Contract;

pub struct Heard {
    pub id: i64,
    pub kind: String,
    pub data: Value,
}

/// A client of an event stream that reads as the standard says: fields by line, events by blank line.
pub struct Stream {
    body: Incoming,
    text: String,
}

impl Stream {
    pub async fn open(clinic: &Clinic, cookie: &str, visit: &str, last: Option<i64>) -> Self {
        let mut call = clinic.get(&format!("/api/visits/{visit}/events")).cookie(cookie);
        if let Some(last) = last {
            call = call.header("last-event-id", last.to_string());
        }
        let response = call.response().await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next block of lines; `None` when the server ends the stream.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("in time")?;
            self.text.push_str(std::str::from_utf8(frame.ok()?.data_ref()?).unwrap());
        }
    }

    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
            if let (Some(id), Some(kind), Some(data)) = (field("id: "), field("event: "), field("data: ")) {
                let (id, data) = (id.parse().unwrap(), serde_json::from_str(data).unwrap());
                let component = match kind {
                    "live" => "Live",
                    "result" => "Result",
                    "opened" => "OpenedOn",
                    kind => panic!("an event that is not in the document: {kind}"),
                };
                assert_eq!(Contract::shared().faults(component, &data), Vec::<String>::new(), "{data}");
                return Some(Heard { id, kind: kind.to_owned(), data });
            }
        }
    }
}

fn status(state: &str, elapsed_s: f64) -> Value {
    json!({ "state": state, "elapsedS": elapsed_s, "durationS": 30.0, "contact": "yes", "bpm": 71,
        "reasons": [], "bloodPressure": null, "simulated": false })
}

async fn tell(clinic: &Clinic, token: &str, live: &Value) {
    let answer = clinic.post("/api/live").bearer(token).json(live).send().await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

#[tokio::test]
async fn a_whole_visit_is_heard_in_order() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let mut stream = Stream::open(&clinic, &cookie, &visit, None).await;
    assert_eq!(stream.block().await.as_deref(), Some("retry: 2000"));

    let opening = json!({ "opener": id(1) });
    let opened = clinic.post("/api/invitation").bearer(&token).json(&opening).send().await.json();
    assert_eq!(opened["watched"], true);
    let mut seen = vec![stream.next().await.unwrap()];
    assert_eq!((seen[0].kind.as_str(), &seen[0].data), ("opened", &json!({ "openedOn": 1 })));
    for (state, elapsed) in [("connecting", 0.0), ("contact", 0.0), ("recording", 1.0), ("recording", 2.0)] {
        tell(&clinic, &token, &status(state, elapsed)).await;
        seen.push(stream.next().await.unwrap());
        let last = seen.last().unwrap();
        assert_eq!((last.kind.as_str(), &last.data), ("live", &status(state, elapsed)));
    }
    let sent =
        clinic.post("/fhir").bearer(&token).fhir(bundle(&visit, &id(1), false).to_string()).send().await;
    assert_eq!(sent.status, 201);
    seen.push(stream.next().await.unwrap());
    let last = seen.last().unwrap();
    assert_eq!(last.kind, "result");
    assert_eq!(last.data["summary"], serde_json::to_value(summary(false)).unwrap());
    assert_eq!((&last.data["recordedAgoMs"], &last.data["live"]), (&json!(2000), &json!(true)));
    assert!(seen.windows(2).all(|pair| pair[0].id < pair[1].id), "ids rise");
}

#[tokio::test]
async fn a_broken_stream_goes_on_where_it_was() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let mut stream = Stream::open(&clinic, &cookie, &visit, None).await;
    tell(&clinic, &token, &status("recording", 1.0)).await;
    let last = stream.next().await.unwrap().id;
    drop(stream);
    // Meanwhile three updates and a result; of the updates only the newest is kept.
    for elapsed in [2.0, 3.0, 4.0] {
        tell(&clinic, &token, &status("recording", elapsed)).await;
    }
    clinic.post("/fhir").bearer(&token).fhir(bundle(&visit, &id(1), false).to_string()).send().await;
    assert_eq!(clinic.rows("event").await, 2);

    let mut stream = Stream::open(&clinic, &cookie, &visit, Some(last)).await;
    let (one, two) = (stream.next().await.unwrap(), stream.next().await.unwrap());
    assert_eq!((one.kind.as_str(), &one.data["elapsedS"]), ("live", &json!(4.0)));
    assert_eq!(two.kind, "result");
    assert!(last < one.id && one.id < two.id);
    drop(stream);

    let mut stream = Stream::open(&clinic, &cookie, &visit, Some(two.id)).await;
    tell(&clinic, &token, &status("recording", 5.0)).await;
    let next = stream.next().await.unwrap();
    assert_eq!((next.kind.as_str(), &next.data["elapsedS"]), ("live", &json!(5.0)), "nothing is told twice");
    // A number that was never given, as after a restored backup, starts from the beginning.
    let mut stream = Stream::open(&clinic, &cookie, &visit, Some(1_000_000)).await;
    assert_eq!(stream.next().await.unwrap().kind, "result");
}

#[tokio::test]
async fn a_stream_goes_on_after_a_restart() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let mut stream = Stream::open(&clinic, &cookie, &visit, None).await;
    tell(&clinic, &token, &status("recording", 1.0)).await;
    let last = stream.next().await.unwrap().id;
    let clinic = clinic.restart().await;
    assert!(stream.next().await.is_none(), "a stopping server ends its streams");
    tell(&clinic, &token, &status("recording", 9.0)).await;
    let mut stream = Stream::open(&clinic, &cookie, &visit, Some(last)).await;
    let next = stream.next().await.unwrap();
    assert!(next.id > last);
    assert_eq!(next.data["elapsedS"], 9.0);
}

#[tokio::test]
async fn visits_do_not_hear_each_other() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (one, one_token) = clinic.invite(&cookie, "real").await;
    let (two, two_token) = clinic.invite(&cookie, "real").await;
    let mut stream = Stream::open(&clinic, &cookie, &one, None).await;
    tell(&clinic, &two_token, &status("recording", 1.0)).await;
    tell(&clinic, &one_token, &status("recording", 2.0)).await;
    assert_eq!(stream.next().await.unwrap().data["elapsedS"], 2.0);
    let opening = json!({ "opener": id(1) });
    let watched = clinic.post("/api/invitation").bearer(&two_token).json(&opening).send().await.json();
    assert_eq!(watched["watched"], false, "{two} has no watcher");
}

#[tokio::test]
async fn watching_ends_with_the_stream() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let watched = |n: u32| {
        let call = clinic.post("/api/invitation").bearer(&token).json(&json!({ "opener": id(n) })).send();
        async move { call.await.json()["watched"].as_bool().unwrap() }
    };
    assert!(!watched(1).await);
    let stream = Stream::open(&clinic, &cookie, &visit, None).await;
    assert!(watched(1).await);
    drop(stream);
    for _ in 0..100 {
        if !watched(1).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a closed stream still counts as a watcher");
}

#[tokio::test]
async fn signing_out_ends_the_stream() {
    let settings = Settings { event_poll: Duration::from_millis(100), ..Settings::default() };
    let clinic = Clinic::open_with(settings).await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let mut stream = Stream::open(&clinic, &cookie, &visit, None).await;
    assert_eq!(clinic.call("DELETE", "/api/session").cookie(&cookie).send().await.status, 204);
    tell(&clinic, &token, &status("recording", 1.0)).await;
    assert!(stream.next().await.is_none(), "nothing is told after the session");
}

#[tokio::test]
async fn a_quiet_stream_is_kept_alive() {
    let settings = Settings { event_poll: Duration::from_millis(100), ..Settings::default() };
    let clinic = Clinic::open_with(settings).await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, _) = clinic.invite(&cookie, "real").await;
    let mut stream = Stream::open(&clinic, &cookie, &visit, None).await;
    assert_eq!(stream.block().await.as_deref(), Some("retry: 2000"));
    for _ in 0..3 {
        assert_eq!(stream.block().await.map(|block| block.starts_with(':')), Some(true));
    }
}

#[tokio::test]
async fn a_status_that_stopped_coming_does_not_freeze_on_the_screen() {
    let settings = Settings { live_lifetime: Duration::from_millis(2000), ..Settings::default() };
    let clinic = Clinic::open_with(settings).await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    tell(&clinic, &token, &status("recording", 1.0)).await;
    tokio::time::sleep(Duration::from_millis(2200)).await;
    let shown = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
    assert_eq!(shown["live"], Value::Null);
    let mut stream = Stream::open(&clinic, &cookie, &visit, None).await;
    tell(&clinic, &token, &status("recording", 2.0)).await;
    assert_eq!(stream.next().await.unwrap().data["elapsedS"], 2.0, "the old one is not told");
}

#[tokio::test]
async fn a_status_holds_nothing_else() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let mut named = status("recording", 1.0);
    named["deviceName"] = json!("Polar H10 1A2B3C4D");
    let mut simulated = status("recording", 1.0);
    simulated["simulated"] = json!(true);
    let mut wrong = status("recording", 1.0);
    wrong["reasons"] = json!(["Polar H10 1A2B3C4D"]);
    for (live, code) in
        [(named, "body.unacceptable"), (wrong, "body.unacceptable"), (simulated, "bundle.simulated")]
    {
        let answer = clinic.post("/api/live").bearer(&token).json(&live).send().await;
        assert_eq!(answer.refusal(), (422, code.into()), "{live}");
    }
    let long = json!({ "state": "x".repeat(5000) });
    let answer = clinic.post("/api/live").bearer(&token).json(&long).send().await;
    assert_eq!(answer.refusal(), (413, "body.tooLarge".into()));
    assert_eq!(clinic.rows("event").await, 0);
    for n in 0..50 {
        tell(&clinic, &token, &status("recording", f64::from(n))).await;
    }
    assert_eq!(clinic.rows("event").await, 1, "one status a visit, however often it is told");
    let shown = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
    assert_eq!(shown["live"]["elapsedS"], 49.0);
    let bytes = clinic.stop().await.bytes();
    assert!(!bytes.windows(8).any(|w| w == b"1A2B3C4D"));
}
