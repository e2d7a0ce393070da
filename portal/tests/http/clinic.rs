//! A clinic to test in: a running portal, its callers, and bundles as a patient's browser makes them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use portal::store::Store;
use portal::{password, Portal, Settings};
use pqrst::export::fhir::{from_summary, VisitId};
use pqrst::pipeline::ReportId;
use pqrst::summary::Summary;
use serde_json::{json, Value};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::contract::Contract;

type Bytes = axum::body::Bytes;

/// Nothing in these tests takes longer.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const ADA: (&str, &str) = ("ada", "a long enough password");
pub const BEN: (&str, &str) = ("ben", "another long password");

/// A portal that runs, with two clinicians.
pub struct Clinic {
    pub address: SocketAddr,
    pub folder: TempDir,
    pub store: Store,
    settings: Settings,
    portal: Portal,
    serving: JoinHandle<()>,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and stable code of a refusal; its shape is asserted on the way.
    pub fn refusal(&self) -> (u16, String) {
        let json = self.json();
        assert_eq!(json["resourceType"], "OperationOutcome", "{self:?}");
        assert_eq!(self.header("content-type"), "application/fhir+json");
        let code = json["issue"][0]["details"]["coding"][0]["code"].as_str().expect("a code");
        (self.status, code.to_owned())
    }
}

/// A request in the making.
pub struct Call<'a> {
    clinic: &'a Clinic,
    method: String,
    path: String,
    request: axum::http::request::Builder,
    body: Vec<u8>,
}

impl<'a> Call<'a> {
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.request = self.request.header(name, value.as_ref());
        self
    }

    pub fn cookie(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    /// A FHIR body, recorded two seconds ago.
    pub fn fhir(self, body: impl Into<Vec<u8>>) -> Self {
        self.fhir_after(body, "2000")
    }

    pub fn fhir_after(mut self, body: impl Into<Vec<u8>>, recorded_ago_ms: &str) -> Self {
        self.body = body.into();
        self.header("content-type", "application/fhir+json").header("pqrst-recorded-ago-ms", recorded_ago_ms)
    }

    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub async fn response(self) -> axum::http::Response<Incoming> {
        let request = self.request.body(Full::new(self.body.into())).unwrap();
        tokio::time::timeout(PATIENCE, self.clinic.client.request(request))
            .await
            .expect("in time")
            .expect("answer")
    }

    /// Sends, and holds the answer against the document of the API.
    pub async fn send(self) -> Answer {
        let (method, path) = (self.method.clone(), self.path.clone());
        let (parts, body) = self.response().await.into_parts();
        let body = tokio::time::timeout(PATIENCE, body.collect()).await.expect("in time").expect("body");
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes() };
        Contract::shared().hold_if_listed(&method, &path, &answer);
        answer
    }
}

impl Clinic {
    /// A fresh portal with Ada and Ben.
    pub async fn open() -> Self {
        Self::open_with(Settings::default()).await
    }

    pub async fn open_with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("portal.db")).await.unwrap();
        for (name, password) in [ADA, BEN] {
            assert!(store.add_clinician(name, &password::hash(password).unwrap(), 0).await.unwrap());
        }
        Self::start(folder, store, settings).await
    }

    async fn start(folder: TempDir, store: Store, settings: Settings) -> Self {
        let portal = Portal::new(store.clone(), settings.clone()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(portal::server::serve(listener, portal.clone()));
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { address, folder, store, settings, portal, serving, client }
    }

    /// Stops the server and starts another one on the same file.
    pub async fn restart(self) -> Self {
        let Stopped { folder, settings } = self.stop().await;
        let store = Store::open(&folder.path().join("portal.db")).await.unwrap();
        Self::start(folder, store, settings).await
    }

    /// Stops the server and closes the database.
    pub async fn stop(self) -> Stopped {
        let Self { folder, store, settings, portal, serving, client, .. } = self;
        drop(client);
        portal.close();
        tokio::time::timeout(PATIENCE, serving).await.expect("the server stops").unwrap();
        store.close().await;
        Stopped { folder, settings }
    }

    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        let uri = format!("http://{}{path}", self.address);
        let request = axum::http::Request::builder().method(method).uri(uri);
        Call { clinic: self, method: method.into(), path: path.into(), request, body: Vec::new() }
    }

    pub fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str) -> Call<'_> {
        self.call("POST", path)
    }

    /// Signs in; the cookie as a browser would send it back.
    pub async fn sign_in(&self, (user, password): (&str, &str)) -> String {
        let answer =
            self.post("/api/session").json(&json!({ "user": user, "password": password })).send().await;
        assert_eq!(answer.status, 204, "{answer:?}");
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    /// Makes a visit: its id and the invitation's token.
    pub async fn invite(&self, cookie: &str, mode: &str) -> (String, String) {
        let new = json!({ "mode": mode, "test": "rest-30s" });
        let answer = self.post("/api/visits").cookie(cookie).json(&new).send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let json = answer.json();
        (json["visit"]["id"].as_str().unwrap().to_owned(), token_of(&json))
    }

    /// Rows of a table.
    pub async fn rows(&self, table: &str) -> i64 {
        let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", self.db().display())).await.unwrap();
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let count = sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }

    pub fn db(&self) -> PathBuf {
        self.folder.path().join("portal.db")
    }
}

/// A portal's belongings between two runs.
pub struct Stopped {
    pub folder: TempDir,
    settings: Settings,
}

impl Stopped {
    /// Every byte that the portal left on the disk.
    pub fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

/// The token in a fresh invitation.
pub fn token_of(json: &Value) -> String {
    let url = json["invitation"]["url"].as_str().unwrap();
    let token = url.strip_prefix("/patient/#").unwrap_or_else(|| panic!("{url}"));
    assert_eq!(token.len(), 43);
    token.to_owned()
}

/// A summary of half a minute at rest.
pub fn summary(simulated: bool) -> Summary {
    let value = |number: f64, algorithm: &str| {
        json!({ "value": number, "reason": null, "algorithm": algorithm,
            "evidence": { "startS": 0.0, "endS": 30.1 } })
    };
    let none = |algorithm: &str| json!({ "value": null, "reason": "tooShort", "evidence": null, "algorithm": algorithm });
    let summary = json!({
        "schema": "pqrst.summary.v1",
        "id": "00112233445566778899aabbccddeeff",
        "algorithm": { "name": "pqrst", "version": "0.1.0" },
        "simulated": simulated,
        "test": "rest-30s",
        "device": { "class": "chestStrapEcg" },
        "lead": "chestStrapModified",
        "durationS": 30,
        "usableS": 29,
        "verdict": { "kind": "usable", "reasons": [] },
        "heartRate": {
            "meanBpm": value(72.0, "heartRate.mean/1"),
            "minBpm": value(65.0, "heartRate.min/1"),
            "maxBpm": value(80.0, "heartRate.max/1"),
        },
        "rhythm": { "regularity": "regular", "confidence": "likely", "reason": null,
            "evidence": { "startS": 0.0, "endS": 30.1 }, "algorithm": "rhythm.regularity/1",
            "label": { "value": "normal", "reason": null, "evidence": { "startS": 0.0, "endS": 30.1 },
                "probabilities": { "normal": 0.9, "af": 0.0, "other": 0.1, "noisy": 0.0 },
                "algorithm": "rhythm.label/1" },
            "findings": [{ "kind": "couplet", "startS": 12.0, "endS": 14.0, "beats": 2, "bpm": null }] },
        "ectopy": {
            "ventricularPerMin": value(4.0, "beats.ventricular/1"),
            "supraventricularPerMin": value(0.0, "beats.supraventricular/1"),
        },
        "intervals": {
            "prMs": value(160.0, "intervals.pr/1"), "qrsMs": value(90.0, "intervals.qrs/1"),
            "qtMs": value(390.0, "intervals.qt/1"),
            "qtcFridericiaMs": value(410.0, "intervals.qtc.fridericia/1"),
            "qtcBazettMs": value(420.0, "intervals.qtc.bazett/1"),
            "qtcFraminghamMs": value(410.0, "intervals.qtc.framingham/1"),
            "qtcHodgesMs": value(410.0, "intervals.qtc.hodges/1"),
            "spread": { "prMs": 10.0, "qrsMs": 0.0, "qtMs": 20.0 },
        },
        "hrv": {
            "rmssdMs": none("hrv.rmssd/1"), "pnn50Percent": none("hrv.pnn50/1"), "sd1Ms": none("hrv.sd1/1"),
            "sd2Ms": none("hrv.sd2/1"), "sdnnMs": none("hrv.sdnn/1"),
        },
        "quality": { "usablePercent": 97, "reasons": [{ "reason": "motion", "seconds": 1 }] },
        "gaps": [{ "startS": 12.3, "durationS": 2.8, "cause": "disconnected", "timingUnverified": false }],
        "transport": { "samplingRateHz": 130, "drift": "ok", "lossPercent": 9, "reconnects": 1,
            "battery": "ok", "contact": "yes", "contactPercent": 100 },
        "readings": [{ "panel": "pulseOximetry", "count": 3, "conditions": [], "beforeEndS": 4,
            "values": [{ "quantity": "oxygenSaturation", "value": 97, "lowest": 96, "highest": 97 }],
            "limits": ["coldFingers", "skinTone", "motionSensitive"] }],
        "bloodPressure": null,
        "redFlags": [],
        "context": { "symptoms": "none", "pacemaker": "no", "posture": "sitting" },
        "limits": ["singleLead", "placementUnverified", "monitorBand", "noSt"],
    });
    serde_json::from_value(summary).expect("a summary of the contract")
}

/// The bundle that a browser sends for [`summary`], as JSON to be bent by a test.
pub fn bundle(visit_id: &str, id: &str, simulated: bool) -> Value {
    let (visit, id) = (VisitId::parse(visit_id).unwrap(), ReportId::parse(id).unwrap());
    serde_json::to_value(from_summary(&summary(simulated), visit, id)).unwrap()
}

/// The same of a result that raises a red flag.
pub fn flagged_bundle(visit_id: &str, id: &str) -> String {
    let mut summary = serde_json::to_value(summary(true)).unwrap();
    summary["redFlags"] = json!([{ "flag": "rateAbove", "priority": "high", "value": 158.0, "limit": 150.0,
        "evidence": { "startS": 2.0, "endS": 24.5 }, "algorithm": "redFlags/1" }]);
    let summary: Summary = serde_json::from_value(summary).unwrap();
    let (visit, id) = (VisitId::parse(visit_id).unwrap(), ReportId::parse(id).unwrap());
    serde_json::to_string(&from_summary(&summary, visit, id)).unwrap()
}

/// The report id number `n`.
pub fn id(n: u32) -> String {
    format!("{n:032x}")
}
