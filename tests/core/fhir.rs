//! The Bundle says what it must and nothing more, and reading one back refuses everything else.

use crate::hearts::{home_tests, many, report_of, request, samples, sinus, strap, ID};
use pqrst::export::fhir::{from_summary, loinc_check_digit, parse, FhirError, VisitId};
use pqrst::pipeline::{ReportId, Request, TestKind};
use pqrst::summary::{Summary, SummaryError};
use serde_json::{json, Value};

const VISIT: VisitId = VisitId([0x17; 16]);

fn good() -> Summary {
    let ecg = samples(&sinus(1, 72.0), 130.0, 70.0);
    let pieces: [(&[f32], Option<f64>); 2] =
        [(&ecg[..2000], Some(0.0)), (&ecg[2300..], Some(2300.0 / 130.0))];
    Summary::from(&report_of(request(TestKind::Monitor), strap(), &pieces))
}

fn bundle(summary: &Summary) -> Value {
    serde_json::to_value(from_summary(summary, VISIT, ID)).unwrap()
}

/// Every coding of a JSON tree, as (system, code).
fn codings(json: &Value, found: &mut Vec<(String, String)>) {
    match json {
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
            if let (Some(system), Some(code)) = (text("system"), text("code")) {
                found.push((system, code));
            }
            fields.values().for_each(|value| codings(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| codings(item, found)),
        _ => {}
    }
}

#[test]
fn codes_are_right_and_units_are_ucum() {
    for (name, report) in many() {
        let mut found = Vec::new();
        codings(&bundle(&Summary::from(&report)), &mut found);
        let (mut loinc, mut ucum) = (0, 0);
        for (system, code) in found {
            match system.as_str() {
                "http://loinc.org" => {
                    let (number, digit) = code.split_once('-').unwrap();
                    let right = loinc_check_digit(number).map(|d| d.to_string());
                    assert_eq!(right.as_deref(), Some(digit), "{code} in {name}");
                    loinc += 1;
                }
                "http://unitsofmeasure.org" => {
                    let home = ["mm[Hg]", "Cel", "mmol/L", "kg", "kg/m2"];
                    let known = ["/min", "ms", "%", "s", "1"].contains(&code.as_str());
                    assert!(known || home.contains(&code.as_str()), "{code} in {name}");
                    ucum += 1;
                }
                "http://terminology.hl7.org/CodeSystem/data-absent-reason" => {
                    assert!(["not-performed", "error", "unknown"].contains(&code.as_str()), "{code}");
                }
                "http://terminology.hl7.org/CodeSystem/v3-ObservationValue" => {
                    assert!(["PSEUDED", "DEVAST"].contains(&code.as_str()), "{code}");
                }
                "http://terminology.hl7.org/CodeSystem/v3-ActReason" => assert_eq!(code, "HTEST"),
                "http://terminology.hl7.org/CodeSystem/observation-category" => {
                    assert!(["procedure", "vital-signs", "laboratory"].contains(&code.as_str()), "{code}");
                }
                "urn:pqrst:code" => {}
                other => panic!("{other} in {name}"),
            }
        }
        assert!(loinc >= 6 && ucum >= 1, "{name}: {loinc} LOINC, {ucum} units");
    }
}

#[test]
fn labels_status_identifier_and_request_are_as_agreed() {
    let real = bundle(&good());
    let at = |pointer: &str| real.pointer(pointer).cloned().unwrap_or(Value::Null);
    let labels = |json: &Value| -> Vec<String> {
        let list = json.pointer("/entry/0/resource/meta/security").unwrap().as_array().unwrap();
        list.iter().map(|coding| coding["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(labels(&real), ["PSEUDED", "DEVAST"]);
    let ecg = samples(&sinus(1, 72.0), 130.0, 34.0);
    let asked = Request { simulated: true, ..request(TestKind::Rest30s) };
    let simulated = Summary::from(&report_of(asked, strap(), &[(&ecg, None)]));
    assert_eq!(labels(&bundle(&simulated)), ["PSEUDED", "DEVAST", "HTEST"]);
    assert_eq!((at("/resourceType"), at("/type")), (json!("Bundle"), json!("transaction")));
    assert_eq!(real["entry"].as_array().unwrap().len(), 1);
    let uuid = "urn:uuid:5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a";
    assert_eq!(at("/entry/0/resource/identifier"), json!([{ "system": "urn:ietf:rfc:3986", "value": uuid }]));
    assert_eq!(
        at("/entry/0/request"),
        json!({ "method": "POST", "url": "Observation",
            "ifNoneExist": format!("identifier=urn:ietf:rfc:3986|{uuid}") })
    );
    assert_eq!(at("/entry/0/resource/status"), "preliminary");
    assert_eq!(at("/entry/0/resource/code/coding/0/code"), "11524-6");
    let visit = json!({ "identifier": { "system": "urn:pqrst:visit", "value": "17".repeat(16) } });
    assert_eq!(at("/entry/0/resource/subject"), visit);
    // A contained resource is referred to, and no profile is claimed.
    assert_eq!(at("/entry/0/resource/device/reference"), "#device");
    assert_eq!(
        (at("/entry/0/resource/contained/0/id"), at("/entry/0/resource/meta/profile")),
        (json!("device"), Value::Null)
    );
}

#[test]
fn there_is_no_date_and_a_value_or_the_reason_of_its_absence() {
    fn keys(json: &Value, found: &mut Vec<String>) {
        match json {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                found.push(key.clone());
                keys(value, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    for (name, report) in many() {
        let json = bundle(&Summary::from(&report));
        let mut found = Vec::new();
        keys(&json, &mut found);
        for key in found {
            let timed = [
                "effective",
                "issued",
                "date",
                "time",
                "period",
                "lastupdated",
                "performer",
                "note",
                "extension",
            ]
            .iter()
            .any(|word| key.to_lowercase().contains(word));
            assert!(!timed, "{key} in {name}");
        }
        let components = json.pointer("/entry/0/resource/component").unwrap().as_array().unwrap();
        assert!(components.len() >= 12, "{name}");
        for component in components {
            let values = ["valueQuantity", "valueCodeableConcept", "valueString", "dataAbsentReason"];
            let told = values.iter().filter(|key| component.get(**key).is_some()).count();
            assert_eq!(told, 1, "{component} in {name}");
        }
        let body = json.to_string();
        assert!(body.len() < 64 * 1024, "{name}: {} bytes", body.len());
        assert_eq!(parse(body.as_bytes()).unwrap().summary, Summary::from(&report), "{name}");
    }
}

#[test]
fn each_reading_of_a_home_test_is_an_observation_of_its_own() {
    let json = bundle(&Summary::from(&home_tests()));
    let entries = json["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 6);
    let code = |coded: &Value| coded.pointer("/code/coding/0/code").unwrap().as_str().unwrap().to_owned();
    let mut told = Vec::new();
    for (i, entry) in entries.iter().enumerate().skip(1) {
        let resource = &entry["resource"];
        let identifier = format!("{ID}-{i}");
        assert_eq!(resource["identifier"], json!([{ "system": "urn:pqrst:reading", "value": identifier }]));
        assert_eq!(
            entry["request"]["ifNoneExist"],
            json!(format!("identifier=urn:pqrst:reading|{identifier}"))
        );
        for same in ["subject", "meta", "status"] {
            assert_eq!(resource[same], entries[0]["resource"][same]);
        }
        let quantity = |holder: &Value| {
            let quantity = &holder["valueQuantity"];
            (quantity["value"].as_f64().unwrap(), quantity["code"].as_str().unwrap().to_owned())
        };
        if resource.get("valueQuantity").is_some() {
            told.push((code(resource), quantity(resource)));
        }
        let components = resource["component"].as_array().unwrap();
        let measured = components.iter().filter(|c| c["valueQuantity"]["unit"] != "s");
        for component in measured.filter(|c| c.get("valueQuantity").is_some()) {
            told.push((format!("{} {}", code(resource), code(component)), quantity(component)));
        }
    }
    let expected = [
        ("85354-9 8480-6", 128.0, "mm[Hg]"),
        ("85354-9 8462-4", 82.0, "mm[Hg]"),
        ("85354-9 8478-0", 97.0, "mm[Hg]"),
        ("85354-9 8867-4", 62.0, "/min"),
        ("59408-5", 97.0, "%"),
        ("59408-5 8867-4", 61.0, "/min"),
        ("8310-5", 36.8, "Cel"),
        ("15074-8", 5.4, "mmol/L"),
        ("29463-7", 72.3, "kg"),
        ("29463-7 39156-5", 23.6, "kg/m2"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(c, v, u)| ((*c).to_owned(), (*v, (*u).to_owned()))).collect();
    assert_eq!(told, expected);
    assert!(json.to_string().contains("irregularPulse") && !json.to_string().contains("8302-2"));
}

#[test]
fn a_reading_that_no_report_gives_is_refused() {
    use SummaryError::{List, Number};
    let good = Summary::from(&home_tests());
    assert_eq!(good.check(), Ok(()));
    let bent = |pointer: &str, value: Value| {
        let mut json = serde_json::to_value(&good).unwrap();
        *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        serde_json::from_value::<Summary>(json).unwrap().check()
    };
    let height = json!({ "quantity": "bodyHeight", "value": 1.8, "lowest": 1.8, "highest": 1.8 });
    let other = json!({ "quantity": "glucose", "value": 5.4, "lowest": 5.4, "highest": 5.4 });
    for (pointer, value, why) in [
        ("/readings/0/values/0/value", json!(128.25), Number),
        ("/readings/0/values/0/lowest", json!(120.0), Number),
        ("/readings/0/values/0/highest", json!(900.0), Number),
        ("/readings/1/values/0/value", json!(20.0), Number),
        ("/readings/0/count", json!(0), Number),
        ("/readings/0/beforeEndS", json!(110.4), Number),
        ("/readings/0/beforeEndS", json!(1e9), Number),
        ("/readings/4/beforeEndS", json!(115.0), List),
        ("/readings/0/values", json!([]), List),
        ("/readings/0/values/0", other, List),
        ("/readings/4/values/0", height, List),
        ("/readings/0/conditions", json!(["lowPerfusion", "lowPerfusion"]), List),
        ("/readings/0/limits", json!(["skinTone"]), List),
        ("/readings/0/values/1/quantity", json!("systolic"), List),
    ] {
        assert_eq!(bent(pointer, value), Err(why), "{pointer}");
    }
    assert_eq!(bent("/transport/contactPercent", json!(55)), Err(Number));
    // Only as many as a visit needs.
    let mut many = good.clone();
    many.readings = vec![good.readings[0].clone(); 13];
    assert_eq!(many.check(), Err(List));
}

#[test]
fn a_repeated_key_is_refused_wherever_it_stands() {
    let text = bundle(&good()).to_string();
    for key in ["\"status\":", "\"system\":", "\"value\":", "\"method\":"] {
        let bent = text.replacen(key, &format!("{key}\"Anna\",{key}"), 1);
        assert_eq!(parse(bent.as_bytes()), Err(FhirError::RepeatedKey), "{key}");
    }
    let escaped = text.replacen("\"status\":", "\"st\\u0061tus\":\"Anna\",\"status\":", 1);
    assert_eq!(parse(escaped.as_bytes()), Err(FhirError::RepeatedKey));
    // Inside the embedded summary.
    let mut json = bundle(&good());
    for component in json.pointer_mut("/entry/0/resource/component").unwrap().as_array_mut().unwrap() {
        if let Some(Value::String(inner)) = component.get_mut("valueString") {
            *inner = inner.replacen("\"lead\":", "\"lead\":\"unknown\",\"lead\":", 1);
        }
    }
    assert_eq!(parse(json.to_string().as_bytes()), Err(FhirError::BadSummary));
}

#[test]
fn what_is_no_bundle_of_ours_is_refused_and_nothing_panics() {
    for body in ["", "{", "nul", "[1,]"] {
        assert_eq!(parse(body.as_bytes()), Err(FhirError::NotJson), "{body}");
    }
    for body in ["{}", "[]", "null", "1e999", "\"Bundle\"", "{\"entry\":[]}"] {
        assert!(parse(body.as_bytes()).is_err(), "{body}");
    }
    let text = bundle(&good()).to_string();
    for cut in 0..text.len() {
        assert_eq!(parse(&text.as_bytes()[..cut]), Err(FhirError::NotJson), "cut at {cut}");
    }
    for (pointer, word) in [
        ("/entry/0/resource/contained/0/deviceName/0/name", json!("Polar H10 1A2B3C4D")),
        ("/entry/0/resource/status", json!("final")),
        ("/entry/0/resource/component/0/valueQuantity/value", json!(1.0)),
        ("/entry/0/request/ifNoneExist", json!("identifier=Anna")),
        ("/entry/0/resource/meta/security", json!([])),
    ] {
        let mut bent = bundle(&good());
        *bent.pointer_mut(pointer).unwrap() = word;
        assert_eq!(parse(bent.to_string().as_bytes()), Err(FhirError::Differs), "{pointer}");
    }
    let mut dated = bundle(&good());
    dated["entry"][0]["resource"]["effectiveDateTime"] = json!("2026-11-22");
    assert_eq!(parse(dated.to_string().as_bytes()), Err(FhirError::Differs));
}

#[test]
fn identifiers_are_32_hexadecimal_digits_and_nothing_else() {
    let all = bundle(&good());
    for visit in ["Anna", "1717", &"A7".repeat(16), &"17".repeat(17), ""] {
        let mut bent = all.clone();
        *bent.pointer_mut("/entry/0/resource/subject/identifier/value").unwrap() = json!(visit);
        assert_eq!(parse(bent.to_string().as_bytes()), Err(FhirError::NotAPqrstBundle), "{visit}");
    }
    assert!(VisitId::parse(&"0g".repeat(16)).is_err());
    // A dash in another place is another text for the same bits: refused, since it is not what we write.
    let mut bent = all.clone();
    let uuid = "urn:uuid:5a5a5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a";
    *bent.pointer_mut("/entry/0/resource/identifier/0/value").unwrap() = json!(uuid);
    assert_eq!(parse(bent.to_string().as_bytes()), Err(FhirError::Differs));
    assert_eq!(parse(all.to_string().as_bytes()).unwrap().id, ReportId([0x5a; 16]));
}

/// The summary with one place changed, as a receiver would read it.
fn bent(pointer: &str, value: Value) -> Result<(), SummaryError> {
    let mut json = serde_json::to_value(good()).unwrap();
    *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    let summary: Summary = serde_json::from_value(json).unwrap();
    let body = serde_json::to_vec(&from_summary(&summary, VISIT, ID)).unwrap();
    let checked = summary.check();
    let expected = checked.map_err(FhirError::Impossible);
    assert_eq!(parse(&body).map(|_| ()), expected, "{pointer}");
    checked
}

#[test]
fn a_summary_that_no_report_gives_is_refused() {
    use SummaryError::{Algorithm, Contradiction, List, Number, Time};
    assert_eq!(good().check(), Ok(()));
    let mean = "/heartRate/meanBpm";
    let at = |rest: &str| format!("{mean}{rest}");
    for (value, why) in [
        (json!(72.5), Number),
        (json!(72.014_926), Number),
        (json!(-1.0), Number),
        (json!(1e9), Number),
        (json!(null), Contradiction),
    ] {
        assert_eq!(bent(&at("/value"), value), Err(why));
    }
    assert_eq!(bent(&at("/reason"), json!("tooShort")), Err(Contradiction));
    assert_eq!(bent(&at("/evidence"), json!(null)), Err(Contradiction));
    assert_eq!(bent(&at("/algorithm"), json!("hrv.rmssd/1")), Err(Algorithm));
    assert_eq!(bent(&at("/evidence/endS"), json!(30.123)), Err(Number));
    assert_eq!(bent(&at("/evidence/startS"), json!(-0.1)), Err(Number));
    assert_eq!(bent(&at("/evidence/endS"), json!(100_000.0)), Err(Time));
    assert_eq!(bent(&at("/evidence/endS"), json!(0.0)), Err(Time));
    assert_eq!(bent("/hrv/sdnnMs/reason", json!(null)), Err(Contradiction));
    assert_eq!(bent("/rhythm/confidence", json!(null)), Err(Contradiction));
    assert_eq!(bent("/rhythm/regularity", json!("cannotSay")), Err(Contradiction));
    assert_eq!(bent("/rhythm/algorithm", json!("hrv.sd1/1")), Err(Algorithm));
    assert_eq!(bent("/gaps/0/startS", json!(12.345)), Err(Number));
    assert_eq!(bent("/gaps/0/durationS", json!(-2.0)), Err(Number));
    assert_eq!(bent("/gaps/0/durationS", json!(1e6)), Err(Time));
    assert_eq!(bent("/durationS", json!(4_000_000_000_u32)), Err(Number));
    assert_eq!(bent("/usableS", json!(500)), Err(Number));
    assert_eq!(bent("/quality/usablePercent", json!(101)), Err(Number));
    assert_eq!(bent("/transport/lossPercent", json!(101)), Err(Number));
    assert_eq!(bent("/transport/samplingRateHz", json!(7)), Err(Number));
    let gap = json!({ "startS": 1.0, "durationS": 1.0, "cause": "framesLost", "timingUnverified": false });
    assert_eq!(bent("/gaps", json!(vec![gap.clone(); 17])), Err(List));
    let later = json!({ "startS": 9.0, "durationS": 1.0, "cause": "framesLost", "timingUnverified": false });
    assert_eq!(bent("/gaps", json!([later, gap])), Err(Time));
    assert_eq!(bent("/limits", json!(["noSt", "noSt"])), Err(List));
    assert_eq!(bent("/verdict/reasons", json!(["noise", "motion", "noise"])), Err(List));
    let reason = |seconds: u32, reason: &str| json!({ "reason": reason, "seconds": seconds });
    assert_eq!(bent("/quality/reasons", json!([reason(1, "noise"), reason(2, "motion")])), Err(List));
    assert_eq!(bent("/quality/reasons", json!([reason(1_000_000, "noise")])), Err(List));
    // A number that is not finite has no JSON; it can be in the type.
    let mut odd = good();
    for number in [f64::NAN, f64::INFINITY, -0.5] {
        odd.heart_rate.mean_bpm.value = Some(number);
        assert_eq!(odd.check(), Err(Number));
    }
}
