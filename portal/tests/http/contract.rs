//! `docs/openapi.json` and the server say the same: every address and method, every status, every body.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use axum::http::StatusCode;
use jsonschema::{Resource, Validator};
use serde_json::{json, Value};

use crate::clinic::{bundle, id, Answer, Clinic, ADA};

/// Where the document and the schemas beside it are found by their references.
const BASE: &str = "https://pqrst.invalid/docs";

/// The document, ready to judge answers.
pub struct Contract {
    document: Value,
    summary: Value,
}

impl Contract {
    pub fn read() -> Self {
        let read = |name: &str| {
            let file = format!("{}/../docs/{name}", env!("CARGO_MANIFEST_DIR"));
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
        };
        Self { document: read("openapi.json"), summary: read("schemas/summary.v1.json") }
    }

    /// Read once for all tests.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Contract> = OnceLock::new();
        SHARED.get_or_init(Self::read)
    }

    /// Every method and address of the document.
    pub fn operations(&self) -> BTreeSet<(String, String)> {
        let paths = self.document["paths"].as_object().unwrap();
        let methods = |item: &Value| item.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let all = paths
            .iter()
            .flat_map(|(path, item)| methods(item).into_iter().map(move |method| (method, path.clone())));
        all.filter(|(method, _)| method != "parameters")
            .map(|(method, path)| (method.to_uppercase(), path))
            .collect()
    }

    /// The operation, by method and address as the document writes them.
    pub fn operation(&self, method: &str, path: &str) -> &Value {
        let operation = &self.document["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is not in the document");
        operation
    }

    /// Codes of refusals with the statuses that the document gives them.
    pub fn codes(&self) -> BTreeSet<(u16, String)> {
        let mut codes = BTreeSet::new();
        for (method, path) in self.operations() {
            for (status, response) in self.operation(&method, &path)["responses"].as_object().unwrap() {
                let schema = &response["content"]["application/fhir+json"]["schema"];
                let one = [schema.clone()];
                let all = schema["oneOf"].as_array().map_or(&one[..], Vec::as_slice);
                let names = all.iter().filter_map(|schema| schema["$ref"].as_str()?.rsplit('/').next());
                let named = names.filter(|name| name.contains('.'));
                codes.extend(named.map(|name| (status.parse().unwrap(), name.to_owned())));
            }
        }
        codes
    }

    /// The document's schema at a JSON pointer.
    fn validator(&self, pointer: &str) -> Validator {
        let resource = |value: &Value| Resource::from_contents(value.clone()).unwrap();
        jsonschema::options()
            .with_resource(format!("{BASE}/openapi.json"), resource(&self.document))
            .with_resource(format!("{BASE}/schemas/summary.v1.json"), resource(&self.summary))
            .with_draft(jsonschema::Draft::Draft202012)
            .build(&json!({ "$ref": format!("{BASE}/openapi.json#{pointer}") }))
            .unwrap()
    }

    /// What is wrong with a value that should be what the component says.
    pub fn faults(&self, component: &str, value: &Value) -> Vec<String> {
        self.faults_at(&format!("/components/schemas/{component}"), value)
    }

    fn faults_at(&self, pointer: &str, value: &Value) -> Vec<String> {
        let validator = self.validator(pointer);
        validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path)).collect()
    }

    /// Holds the answer of an actual address, when its method is one of the document's.
    pub fn hold_if_listed(&self, method: &str, path: &str, answer: &Answer) {
        let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let actual = parts(path);
        let fits = |listed: &str| {
            let listed = parts(listed);
            let same = |(l, a): (&String, &String)| l == a || (l == "{id}" && !a.is_empty());
            listed.len() == actual.len() && listed.iter().zip(&actual).all(same)
        };
        let operations = self.operations();
        if let Some((_, listed)) = operations.iter().find(|(m, listed)| m == method && fits(listed)) {
            self.hold(method, listed, answer);
        }
    }

    /// Holds an answer against the document: status, headers, content type, body.
    pub fn hold(&self, method: &str, path: &str, answer: &Answer) {
        let what = format!("{method} {path}: {answer:?}");
        let response = &self.operation(method, path)["responses"][answer.status.to_string()];
        assert!(response.is_object(), "a status that is not in the document: {what}");
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let value = answer.header(name);
            let value = value.parse::<u64>().map_or_else(|_| json!(value), |number| json!(number));
            let at = format!("{}/headers/{name}/schema", pointer_to(method, path, answer.status));
            assert!(header["required"] == true, "{name}");
            assert_eq!(self.faults_at(&at, &value), Vec::<String>::new(), "{name}: {what}");
        }
        let Some((kind, _)) = response["content"].as_object().and_then(|content| content.iter().next())
        else {
            assert!(answer.body.is_empty(), "a body that is not in the document: {what}");
            return;
        };
        assert_eq!(answer.header("content-type").split(';').next(), Some(kind.as_str()), "{what}");
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        let value = if kind.ends_with("json") { serde_json::from_str(&text).unwrap() } else { json!(text) };
        let kind = kind.replace('/', "~1");
        let at = format!("{}/content/{kind}/schema", pointer_to(method, path, answer.status));
        assert_eq!(self.faults_at(&at, &value), Vec::<String>::new(), "{what}");
    }
}

fn pointer_to(method: &str, path: &str, status: u16) -> String {
    // Braces are not allowed as they are in a URI's fragment.
    let path = path.replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
    format!("/paths/{path}/{}/responses/{status}", method.to_lowercase())
}

#[test]
fn the_document_lists_exactly_what_is_served() {
    let served = portal::served().into_iter().map(|(method, path)| (method.to_string(), path.to_owned()));
    assert_eq!(Contract::read().operations(), served.collect());
}

/// The codes as the source gives them, by the lines of the one mapping.
#[test]
fn the_document_and_the_security_page_list_every_code() {
    let source = include_str!("../../src/error.rs");
    let mut codes = BTreeSet::new();
    for line in source.lines().filter(|line| line.contains("=> (S::")) {
        let (_, row) = line.split_once("(S::").unwrap();
        let name = row.split(',').next().unwrap();
        let code = line.split('"').nth(3).unwrap();
        let status = (400..=599).find(|&status| {
            let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
            reason.is_some_and(|reason| reason.to_uppercase().replace([' ', '-'], "_") == name)
        });
        codes.insert((status.unwrap(), code.to_owned()));
    }
    assert!(codes.len() >= 20, "the scan sees the mapping: {codes:?}");
    let contract = Contract::read();
    let listed = &contract.document["components"]["schemas"]["OperationOutcome"];
    let listed = &listed["properties"]["issue"]["items"]["properties"]["details"];
    let listed = &listed["properties"]["coding"]["items"]["properties"]["code"]["enum"];
    let listed = listed.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    let names: BTreeSet<String> = codes.iter().map(|(_, code)| code.clone()).collect();
    assert_eq!(listed.collect::<BTreeSet<_>>(), names);
    // Two codes belong to no address of the document.
    let mut described = contract.codes();
    described.extend([(404, "address.unknown".to_owned()), (405, "address.method".to_owned())]);
    assert_eq!(described, codes);
    let page = include_str!("../../../docs/SECURITY.md");
    for code in names {
        assert!(page.contains(&format!("`{code}`")), "{code} is not in docs/SECURITY.md");
        assert!(contract.document["components"]["schemas"][&code]["description"].is_string(), "{code}");
    }
}

/// A judge that lets everything pass would prove nothing.
#[test]
fn the_schemas_refuse_what_they_should() {
    let contract = Contract::read();
    let live = json!({ "state": "recording", "elapsedS": 1.5, "durationS": 30, "contact": "yes", "bpm": null,
        "reasons": ["motion"], "bloodPressure": "rest", "simulated": false });
    assert_eq!(contract.faults("Live", &live), Vec::<String>::new());
    for (field, value) in [
        ("state", json!("sleeping")),
        ("elapsedS", json!(-1)),
        ("bpm", json!(72.5)),
        ("reasons", json!(["motion", "motion"])),
        ("reasons", json!(["Anna"])),
        ("name", json!("Anna")),
    ] {
        let mut bent = live.clone();
        bent[field] = value;
        assert!(!contract.faults("Live", &bent).is_empty(), "{field}");
    }
    let result = json!({ "summary": {}, "recordedAgoMs": 1, "receivedAgoMs": 1 });
    assert!(!contract.faults("Result", &result).is_empty(), "a field is missing");
    let summary = serde_json::to_value(crate::clinic::summary(false)).unwrap();
    assert_eq!(contract.faults("Summary", &summary), Vec::<String>::new());
    let mut named = summary;
    named["name"] = json!("Anna");
    assert!(!contract.faults("Summary", &named).is_empty(), "the Summary's own schema is followed");
}

#[tokio::test]
async fn every_address_of_the_document_answers() {
    let clinic = Clinic::open().await;
    let contract = Contract::shared();
    for (method, path) in contract.operations() {
        let answer = clinic.call(&method, &path.replace("{id}", &id(1))).send().await;
        contract.hold(&method, &path, &answer);
        assert!(![404, 405].contains(&answer.status), "{method} {path}: {answer:?}");
    }
}

/// Every success that the document promises is seen; refusals are held against it by all the other tests.
#[tokio::test]
async fn every_documented_success_is_seen() {
    let clinic = Clinic::open().await;
    let contract = Contract::shared();
    let mut seen = BTreeSet::new();
    let mut see = |method: &str, path: &str, answer: &Answer| {
        contract.hold(method, path, answer);
        seen.insert((method.to_owned(), path.to_owned(), answer.status));
    };
    let credentials = json!({ "user": ADA.0, "password": ADA.1 });
    see("POST", "/api/session", &clinic.post("/api/session").json(&credentials).send().await);
    let cookie = clinic.sign_in(ADA).await;
    see("GET", "/api/session", &clinic.get("/api/session").cookie(&cookie).send().await);
    let new = json!({ "mode": "demo", "test": "rest-5min" });
    let made = clinic.post("/api/visits").cookie(&cookie).json(&new).send().await;
    see("POST", "/api/visits", &made);
    let visit = made.json()["visit"]["id"].as_str().unwrap().to_owned();
    let at = format!("/api/visits/{visit}");
    let again = clinic.post(&format!("{at}/invitation")).cookie(&cookie).send().await;
    see("POST", "/api/visits/{id}/invitation", &again);
    let token = crate::clinic::token_of(&again.json());
    let opening = json!({ "opener": id(1) });
    let opened = clinic.post("/api/invitation").bearer(&token).json(&opening).send().await;
    see("POST", "/api/invitation", &opened);
    let live = json!({ "state": "contact", "elapsedS": 0, "durationS": 300, "contact": "unknown", "bpm": null,
        "reasons": ["leadOff"], "bloodPressure": null, "simulated": true });
    see("POST", "/api/live", &clinic.post("/api/live").bearer(&token).json(&live).send().await);
    see("GET", "/api/visits/{id}", &clinic.get(&at).cookie(&cookie).send().await);
    let body = bundle(&visit, &id(1), true).to_string();
    for _ in 0..2 {
        see("POST", "/fhir", &clinic.post("/fhir").bearer(&token).fhir(body.clone()).send().await);
    }
    see("GET", "/api/visits/{id}", &clinic.get(&at).cookie(&cookie).send().await);
    let flagged = crate::clinic::flagged_bundle(&visit, &id(2));
    see("POST", "/fhir", &clinic.post("/fhir").bearer(&token).fhir(flagged).send().await);
    let seen_flag =
        clinic.post(&format!("{at}/acknowledgement")).cookie(&cookie).json(&json!({ "result": id(2) }));
    see("POST", "/api/visits/{id}/acknowledgement", &seen_flag.send().await);
    see("GET", "/api/visits", &clinic.get("/api/visits").cookie(&cookie).send().await);
    see("GET", "/healthz", &clinic.get("/healthz").send().await);
    see("DELETE", "/api/session", &clinic.call("DELETE", "/api/session").cookie(&cookie).send().await);
    // Its body never ends: `events` holds what it says against the document.
    seen.insert(("GET".into(), "/api/visits/{id}/events".into(), 200));

    let mut promised = BTreeSet::new();
    for (method, path) in contract.operations() {
        for status in contract.operation(&method, &path)["responses"].as_object().unwrap().keys() {
            let status: u16 = status.parse().unwrap();
            if status < 300 {
                promised.insert((method.clone(), path.clone(), status));
            }
        }
    }
    assert_eq!(seen, promised);
}
