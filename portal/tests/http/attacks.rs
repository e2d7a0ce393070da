//! What a hostile caller tries: odd methods, names, paths and bodies, slow heads, many streams.

use std::time::{Duration, Instant};

use portal::watch::STREAMS_PER_CLINICIAN;
use portal::Settings;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::clinic::{id, Clinic, ADA, BEN, PATIENCE};
use crate::events::Stream;

#[tokio::test]
async fn methods_that_an_address_does_not_take() {
    let clinic = Clinic::open().await;
    let listed = portal::served();
    for (_, path) in &listed {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FROBNICATE"] {
            if listed.iter().any(|(m, p)| m.as_str() == method && p == path) {
                continue;
            }
            let at = path.replace("{id}", &id(1));
            let answer = clinic.call(method, &at).header("origin", "https://evil.example").send().await;
            let refusal = answer.refusal();
            assert_eq!(refusal, (405, "address.method".into()), "{method} {path}");
            assert!(!answer.header("allow").is_empty(), "{method} {path}");
            for (name, _) in &answer.headers {
                assert!(!name.as_str().starts_with("access-control"), "no other origin is let in: {name}");
            }
        }
    }
    let head = clinic.call("HEAD", "/healthz").send().await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(clinic.call("HEAD", "/api/visits").send().await.status, 401);
}

#[tokio::test]
async fn names_that_are_no_names() {
    let clinic = Clinic::open().await;
    for user in [
        "a".repeat(3_000),
        "ada\r\nSet-Cookie: pqrst_session=x".into(),
        "ada\0".into(),
        "' OR 1=1 --".into(),
        "\u{202e}ada".into(),
        "%".into(),
    ] {
        let credentials = json!({ "user": user, "password": ADA.1 });
        let answer = clinic.post("/api/session").json(&credentials).send().await;
        assert_eq!(answer.refusal(), (401, "auth.wrongCredentials".into()), "{user:?}");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let long = json!({ "user": "a".repeat(5_000), "password": ADA.1 });
    let answer = clinic.post("/api/session").json(&long).send().await;
    assert_eq!(answer.refusal(), (413, "body.tooLarge".into()));
    let long = json!({ "user": ADA.0, "password": "p".repeat(3_000) });
    let started = Instant::now();
    let answer = clinic.post("/api/session").json(&long).send().await;
    assert_eq!(answer.refusal(), (401, "auth.wrongCredentials".into()));
    assert!(started.elapsed() < Duration::from_secs(5), "no hash is made of it");
}

#[tokio::test]
async fn visits_that_are_no_visits() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let upper = "ABCDEF".repeat(6);
    for no_id in ["%ff", "%00", "..%2f..", "x", &upper[..32], &"1".repeat(4_000), "' OR 1=1 --"] {
        let no_id = no_id.replace(' ', "%20");
        for (method, rest) in [("GET", ""), ("GET", "/events"), ("POST", "/invitation")] {
            let path = format!("/api/visits/{no_id}{rest}");
            let answer = clinic.call(method, &path).cookie(&cookie).send().await;
            assert_eq!(answer.refusal(), (404, "visit.unknown".into()), "{path}");
        }
    }
}

#[tokio::test]
async fn bodies_that_are_deep() {
    let clinic = Clinic::open().await;
    let (_, token) = clinic.invite(&clinic.sign_in(ADA).await, "real").await;
    for open in ["[", "{\"a\":"] {
        let deep = open.repeat(60_000 / open.len());
        let answer = clinic.post("/fhir").bearer(&token).fhir(deep).send().await;
        assert_eq!(answer.refusal(), (400, "body.malformed".into()), "{open}");
    }
    let closed = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(clinic.post("/fhir").bearer(&token).fhir(closed).send().await.status, 400);
    let deep = format!("{{\"state\":{}", "[".repeat(3_000));
    let live = clinic.post("/api/live").bearer(&token).header("content-type", "application/json");
    let status = live.raw(deep).send().await.status;
    assert!([400, 422].contains(&status), "{status}");
    assert_eq!(clinic.get("/healthz").send().await.status, 200, "and it stands");
}

#[tokio::test]
async fn pages_give_nothing_from_outside_their_folder() {
    let www = tempfile::tempdir().unwrap();
    let inside = www.path().join("dist");
    std::fs::create_dir_all(inside.join("patient")).unwrap();
    std::fs::write(inside.join("index.html"), "landing").unwrap();
    std::fs::write(www.path().join("portal.db"), "OUTSIDE").unwrap();
    let clinic = Clinic::open_with(Settings { www: Some(inside), ..Settings::default() }).await;
    let absolute = www.path().join("portal.db");
    let absolute = absolute.to_str().unwrap();
    // As bytes on the wire: a client would tidy such addresses up.
    for path in [
        "/../portal.db",
        "/patient/../../portal.db",
        "/patient/%2e%2e/%2e%2e/portal.db",
        "/%2e%2e%2fportal.db",
        "/..%5cportal.db",
        "/%252e%252e/portal.db",
        "/%00",
        "/index.html%00.db",
        "/%ff",
        absolute,
        &format!("/{absolute}"),
        &format!("/{}", "a".repeat(6_000)),
        &"/a".repeat(3_000),
    ] {
        let answer = exchange(&clinic, &format!("GET {path} HTTP/1.1")).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("OUTSIDE"), "{path}");
    }
    for (method, status) in [("POST", 405), ("PUT", 405), ("DELETE", 405), ("OPTIONS", 405)] {
        assert_eq!(clinic.call(method, "/index.html").send().await.status, status, "{method}");
    }
}

/// Sends a head as it stands and reads the answer to its end.
async fn exchange(clinic: &Clinic, request_line: &str) -> String {
    let mut stream = TcpStream::connect(clinic.address).await.unwrap();
    let head = format!("{request_line}\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("in time").unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_head_that_comes_slowly_or_never_ends() {
    let settings = Settings { head_deadline: Duration::from_millis(500), ..Settings::default() };
    let clinic = Clinic::open_with(settings).await;
    let mut slow = TcpStream::connect(clinic.address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut silent = TcpStream::connect(clinic.address).await.unwrap();
    for stream in [&mut slow, &mut silent] {
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "a connection that sends no whole head is closed");
        assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    }
    let long = format!("GET /healthz HTTP/1.1\r\nX-Long: {}", "a".repeat(100_000));
    let answer = exchange_unchecked(&clinic, &long).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert_eq!(clinic.get("/healthz").send().await.status, 200);
}

/// Like [`exchange`], for heads that the server may stop reading.
async fn exchange_unchecked(clinic: &Clinic, head: &str) -> String {
    let mut stream = TcpStream::connect(clinic.address).await.unwrap();
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("in time");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn streams_of_one_clinician_are_bounded() {
    let clinic = Clinic::open().await;
    let (ada, ben) = (clinic.sign_in(ADA).await, clinic.sign_in(BEN).await);
    let (one, _) = clinic.invite(&ada, "real").await;
    let (two, _) = clinic.invite(&ben, "real").await;
    let mut open = Vec::new();
    for _ in 0..STREAMS_PER_CLINICIAN {
        open.push(Stream::open(&clinic, &ada, &one, None).await);
    }
    let events = format!("/api/visits/{one}/events");
    let refused = clinic.get(&events).cookie(&ada).send().await;
    assert_eq!(refused.refusal(), (429, "events.tooMany".into()));
    Stream::open(&clinic, &ben, &two, None).await;
    open.clear();
    for _ in 0..100 {
        if clinic.get(&events).cookie(&ada).response().await.status() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("closed streams still count");
}

#[tokio::test]
async fn an_answer_takes_nothing_from_the_request() {
    let clinic = Clinic::open().await;
    let (visit, token) = clinic.invite(&clinic.sign_in(ADA).await, "real").await;
    let canary = "canary-7f3a";
    let at = format!("/api/visits/{visit}?{canary}");
    for (method, path) in
        [("GET", at.as_str()), ("POST", "/fhir"), ("GET", "/api/canary-7f3a"), ("GET", "/canary-7f3a")]
    {
        let call = clinic.call(method, path).bearer(&token).cookie(&format!("pqrst_session={canary}"));
        let call =
            call.header("origin", format!("https://{canary}.example")).header("x-forwarded-host", canary);
        let answer = call.header("last-event-id", canary).header("accept-language", canary).send().await;
        let all = format!("{:?}{}", answer.headers, String::from_utf8_lossy(&answer.body));
        assert!(!all.contains(canary), "{method} {path}: {all}");
    }
}
