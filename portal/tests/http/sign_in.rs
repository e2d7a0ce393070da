//! Signing in and out, guessing, and other sites.

use std::time::Duration;

use portal::Settings;
use serde_json::json;

use crate::clinic::{Clinic, ADA, BEN};

#[tokio::test]
async fn right_wrong_and_out_again() {
    let clinic = Clinic::open().await;
    for (user, password) in [("ada", "wrong password 1"), ("nobody", ADA.1), ("", ""), (BEN.0, ADA.1)] {
        let answer =
            clinic.post("/api/session").json(&json!({ "user": user, "password": password })).send().await;
        assert_eq!(answer.refusal(), (401, "auth.wrongCredentials".into()));
        assert_eq!(answer.header("set-cookie"), "");
    }
    let cookie = clinic.sign_in(ADA).await;
    let me = clinic.get("/api/session").cookie(&cookie).send().await;
    assert_eq!((me.status, me.json()), (200, json!({ "user": "ada", "emergencyNumber": "112" })));
    assert_eq!(me.header("cache-control"), "no-store");

    let out = clinic.call("DELETE", "/api/session").cookie(&cookie).send().await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let after = clinic.get("/api/session").cookie(&cookie).send().await;
    assert_eq!(after.refusal(), (401, "auth.signInRequired".into()), "the cookie opens nothing any more");
}

#[tokio::test]
async fn the_cookie_stays_at_home() {
    let clinic = Clinic::open().await;
    let credentials = json!({ "user": ADA.0, "password": ADA.1 });
    let answer = clinic.post("/api/session").json(&credentials).send().await;
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["pqrst_session=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "localhost has no TLS");
    let host = clinic.address.to_string();
    let tls = clinic
        .post("/api/session")
        .header("origin", format!("https://{host}"))
        .json(&credentials)
        .send()
        .await;
    assert!(tls.header("set-cookie").contains("Secure"), "a page over TLS gets a cookie that insists on it");
}

#[tokio::test]
async fn guessing_is_slowed_down_by_name_and_tells_nothing() {
    let clinic = Clinic::open().await;
    let attempt = |user: &'static str, password: &'static str| {
        clinic.post("/api/session").json(&json!({ "user": user, "password": password })).send()
    };
    for user in ["ada", "nobody"] {
        for n in 0..5 {
            assert_eq!(attempt(user, "wrong password").await.status, 401, "{user} {n}");
        }
        let refused = attempt(user, "wrong password").await;
        assert_eq!(refused.refusal(), (429, "auth.tooManyAttempts".into()), "{user}");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=31).contains(&wait), "{wait}");
    }
    let right = attempt(ADA.0, ADA.1).await;
    assert_eq!(right.status, 429, "the right password waits as well");
    let other_case = attempt("ADA", ADA.1).await;
    assert_eq!(other_case.status, 429, "another spelling is the same name");
    clinic.sign_in(BEN).await;
}

#[tokio::test]
async fn attempts_made_at_once_count_each() {
    let clinic = Clinic::open().await;
    let wrong = json!({ "user": "ada", "password": "wrong password" });
    let attempts = (0..16).map(|_| clinic.post("/api/session").json(&wrong).send());
    let answers = futures_util::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 5);
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 11);
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let settings = Settings { session_lifetime: Duration::from_millis(3000), ..Settings::default() };
    let clinic = Clinic::open_with(settings).await;
    let cookie = clinic.sign_in(ADA).await;
    assert_eq!(clinic.get("/api/visits").cookie(&cookie).send().await.status, 200);
    tokio::time::sleep(Duration::from_millis(3100)).await;
    assert_eq!(clinic.get("/api/visits").cookie(&cookie).send().await.status, 401);
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let hash = portal::password::hash("a quite new password").unwrap();
    assert!(clinic.store.set_password("ada", &hash).await.unwrap());
    assert_eq!(clinic.get("/api/session").cookie(&cookie).send().await.status, 401);
    clinic.sign_in(("ada", "a quite new password")).await;
}

#[tokio::test]
async fn sessions_of_one_clinician_are_bounded_and_the_newest_stays() {
    let clinic = Clinic::open().await;
    let first = clinic.sign_in(ADA).await;
    let mut last = String::new();
    for _ in 0..10 {
        last = clinic.sign_in(ADA).await;
    }
    assert_eq!(clinic.rows("session").await, 10);
    assert_eq!(clinic.get("/api/session").cookie(&first).send().await.status, 401);
    assert_eq!(clinic.get("/api/session").cookie(&last).send().await.status, 200);
}

#[tokio::test]
async fn other_sites_cannot_act_with_the_cookie() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let new = json!({ "mode": "real", "test": "rest-30s" });
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        for path in ["/api/visits", "/api/session"] {
            let answer = clinic.post(path).cookie(&cookie).header(name, value).json(&new).send().await;
            assert_eq!(answer.refusal(), (403, "auth.crossOrigin".into()), "{path} {name}: {value}");
        }
        let out = clinic.call("DELETE", "/api/session").cookie(&cookie).header(name, value).send().await;
        assert_eq!(out.status, 403);
    }
    assert_eq!(clinic.rows("visit").await, 0);
    let own = clinic.post("/api/visits").cookie(&cookie).header("sec-fetch-site", "same-origin");
    assert_eq!(own.json(&new).send().await.status, 201);
}
