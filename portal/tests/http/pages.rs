//! Pages, headers, health and addresses that do not exist.

use portal::Settings;

use crate::clinic::Clinic;

#[tokio::test]
async fn pages_come_from_the_folder_and_nothing_from_outside_it() {
    let www = tempfile::tempdir().unwrap();
    let inside = www.path().join("dist");
    std::fs::create_dir_all(inside.join("patient")).unwrap();
    std::fs::write(inside.join("index.html"), "<h1>landing</h1>").unwrap();
    std::fs::write(inside.join("patient/index.html"), "<h1>patient</h1>").unwrap();
    std::fs::write(inside.join("pqrst_bg.wasm"), b"\0asm").unwrap();
    std::fs::write(www.path().join("secret.txt"), "outside").unwrap();
    let clinic = Clinic::open_with(Settings { www: Some(inside), ..Settings::default() }).await;

    for (path, body, kind) in [
        ("/", "<h1>landing</h1>", "text/html"),
        ("/patient/", "<h1>patient</h1>", "text/html"),
        ("/pqrst_bg.wasm", "\0asm", "application/wasm"),
    ] {
        let page = clinic.get(path).send().await;
        assert_eq!((page.status, &page.body[..]), (200, body.as_bytes()), "{path}");
        assert!(page.header("content-type").starts_with(kind), "{path}: {}", page.header("content-type"));
        assert_eq!(page.header("cache-control"), "no-cache");
    }
    for path in ["/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/nowhere"] {
        assert_eq!(clinic.get(path).send().await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let clinic = Clinic::open().await;
    for (method, path) in
        [("GET", "/"), ("GET", "/healthz"), ("GET", "/api/session"), ("POST", "/fhir"), ("GET", "/x")]
    {
        let answer = clinic.call(method, path).send().await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "connect-src 'self';",
            "frame-ancestors 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'")
                && !policy.contains("http")
        );
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(answer.header("permissions-policy").contains("bluetooth=(self)"));
        let caching = if path.starts_with("/api") || path == "/fhir" { "no-store" } else { "no-cache" };
        assert_eq!(answer.header("cache-control"), caching, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "no other origin may read");
    }
}

#[tokio::test]
async fn health_and_unknown_addresses() {
    let clinic = Clinic::open().await;
    let health = clinic.get("/healthz").send().await;
    assert_eq!((health.status, &health.body[..]), (200, &b"ok\n"[..]));
    assert_eq!(clinic.get("/api/nothing").send().await.refusal(), (404, "address.unknown".into()));
    assert_eq!(clinic.get("/fhir").send().await.status, 405, "nobody reads bundles back");
    clinic.store.close().await;
    assert_eq!(clinic.get("/healthz").send().await.status, 503);
    let failed = clinic.get("/api/session").cookie(&format!("pqrst_session={}", "A".repeat(43))).send().await;
    assert_eq!(failed.refusal(), (500, "portal.failed".into()), "the cause is not shown");
}
