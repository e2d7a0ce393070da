//! What stays, and what is nowhere.

use serde_json::json;

use crate::clinic::{bundle, id, Clinic, ADA, BEN};

#[tokio::test]
async fn a_restart_keeps_everything() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "real").await;
    let body = bundle(&visit, &id(1), false).to_string();
    let first = clinic.post("/fhir").bearer(&token).fhir(body.clone()).send().await;
    let before = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();

    let clinic = clinic.restart().await;
    let after = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await;
    assert_eq!(after.status, 200, "the session lasts");
    for part in ["id", "code", "mode", "test", "status", "openedOn"] {
        assert_eq!(after.json()[part], before[part], "{part}");
    }
    assert_eq!(after.json()["result"]["summary"], before["result"]["summary"]);
    let again = clinic.post("/fhir").bearer(&token).fhir(body).send().await;
    assert_eq!((again.status, again.body), (200, first.body), "the link lasts, and the replay is still one");
    clinic.sign_in(BEN).await;
}

#[tokio::test]
async fn no_secret_lies_on_the_disk() {
    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    let (visit, token) = clinic.invite(&cookie, "demo").await;
    let opener = "feedfacefeedfacefeedfacefeedface";
    clinic.post("/api/invitation").bearer(&token).json(&json!({ "opener": opener })).send().await;
    let sent = clinic
        .post("/fhir")
        .bearer(&token)
        .header("user-agent", "Canary Browser 7")
        .header("cookie", &cookie);
    assert_eq!(sent.fhir(bundle(&visit, &id(1), true).to_string()).send().await.status, 201);
    let session = cookie.split_once('=').unwrap().1;

    // The files of a running portal, WAL included, and those of a stopped one.
    let folder = clinic.folder.path().to_owned();
    let running: Vec<u8> = std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    let stopped = clinic.stop().await.bytes();
    for bytes in [running, stopped] {
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(has("ada") && has("$argon2id$") && has(&visit), "the scan sees what is stored");
        for secret in [ADA.1, BEN.1, token.as_str(), session, opener, "Canary Browser", "127.0.0.1"] {
            assert!(!has(secret), "{secret}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let clinic = Clinic::open().await;
    clinic.sign_in(ADA).await;
    let files = std::fs::read_dir(clinic.folder.path()).unwrap();
    for file in files {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}
