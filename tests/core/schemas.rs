//! Every report and summary follows `docs/schemas`, and the schemas' words are exactly those of the types.

use crate::hearts::{many, published};
use jsonschema::{Resource, Validator};
use pqrst::device::blood_pressure::NotCounted;
use pqrst::device::reading::{Condition, MeasurementLimit, Panel, Quantity};
use pqrst::hrv::HrvRecipe;
use pqrst::pipeline::{
    Algorithm, Contact, Limit, NullReason, Pacemaker, Posture, Priority, RedFlag, Regularity,
    RhythmConfidence, Symptoms, TestKind,
};
use pqrst::quality::{Outcome, VerdictReason};
use pqrst::rhythm::FindingKind;
use pqrst::signal::{BeatClass, DeviceClass, GapCause, IntervalSource, Lead, NnRejection, QualityReason};
use pqrst::summary::{BatteryClass, DriftClass};
use serde::de::DeserializeOwned;
use serde_json::{json, Value};
use std::collections::BTreeSet;

fn schema(name: &str) -> Value {
    let path = format!("{}/docs/schemas/{name}.v1.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn validator() -> Validator {
    let summary = Resource::from_contents(schema("summary")).unwrap();
    jsonschema::options()
        .with_resource("urn:pqrst:schema:summary.v1", summary)
        .build(&schema("report"))
        .unwrap()
}

fn faults(validator: &Validator, json: &Value) -> Vec<String> {
    validator.iter_errors(json).map(|e| format!("{} at {}", e, e.instance_path)).collect()
}

#[test]
fn reports_and_summaries_of_many_kinds_follow_them() {
    let validator = validator();
    for (name, report) in many() {
        let json = published(&report);
        assert_eq!(faults(&validator, &json), Vec::<String>::new(), "{name}");
        pqrst::summary::Summary::from(&report).check().unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// Every place of a JSON tree, by pointer.
fn places(json: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match json {
        Value::Object(fields) => fields.iter().for_each(|(k, v)| places(v, &format!("{at}/{k}"), found)),
        Value::Array(items) => {
            items.iter().take(2).enumerate().for_each(|(i, v)| places(v, &format!("{at}/{i}"), found))
        }
        _ => {}
    }
}

#[test]
fn no_field_may_be_added_missing_or_free_text() {
    let validator = validator();
    let kinds = many();
    let report = published(&kinds.iter().find(|(name, _)| *name == "gaps").unwrap().1);
    assert!(validator.is_valid(&report));
    let mut all = Vec::new();
    places(&report, "", &mut all);
    assert!(all.len() > 150, "{}", all.len());
    for place in all {
        let at = |bent: &mut Value| bent.pointer(&place).cloned().unwrap();
        let mut bent = report.clone();
        match at(&mut bent) {
            Value::Object(fields) => {
                bent.pointer_mut(&place).unwrap()["note"] = json!(1);
                assert!(!validator.is_valid(&bent), "a field was added at {place}");
                for key in fields.keys() {
                    let mut bent = report.clone();
                    bent.pointer_mut(&place).unwrap().as_object_mut().unwrap().remove(key);
                    assert!(!validator.is_valid(&bent), "{key} was left out at {place}");
                }
            }
            Value::Array(_) => {
                bent.pointer_mut(&place).unwrap().as_array_mut().unwrap().push(json!("Anna"));
                assert!(!validator.is_valid(&bent), "a word was added at {place}");
            }
            _ => {
                *bent.pointer_mut(&place).unwrap() = json!("Anna");
                assert!(!validator.is_valid(&bent), "{place} may be any text");
            }
        }
    }
}

/// The words of an enumeration: serde lists them when it meets another one.
fn words<T: DeserializeOwned>() -> BTreeSet<String> {
    let Err(error) = serde_json::from_str::<T>("\"?\"") else { panic!("accepts any word") };
    let text = error.to_string();
    let quoted: BTreeSet<String> = text.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert!(quoted.len() > 1, "{text}");
    quoted
}

#[test]
fn enumerations_are_those_of_the_types() {
    for name in ["report", "summary"] {
        let schema = schema(name);
        let listed = |def: &str| -> Option<BTreeSet<String>> {
            let list = schema.pointer(&format!("/$defs/{def}/enum"))?.as_array()?;
            Some(list.iter().map(|v| v.as_str().unwrap().to_owned()).collect())
        };
        let mut known = BTreeSet::new();
        let mut same = |def: &str, words: BTreeSet<String>, both: bool| {
            match listed(def) {
                Some(listed) => assert_eq!(listed, words, "{def} in {name}"),
                None => assert!(!both, "{def} is missing in {name}"),
            }
            known.insert(def.to_owned());
        };
        same("test", words::<TestKind>(), true);
        same("deviceClass", words::<DeviceClass>(), true);
        same("lead", words::<Lead>(), true);
        same("outcome", words::<Outcome>(), true);
        same("verdictReason", words::<VerdictReason>(), true);
        same("nullReason", words::<NullReason>(), true);
        same("algorithm", words::<Algorithm>(), true);
        same("regularity", words::<Regularity>(), true);
        same("confidence", words::<RhythmConfidence>(), true);
        same("qualityReason", words::<QualityReason>(), true);
        same("gapCause", words::<GapCause>(), true);
        same("contact", words::<Contact>(), true);
        same("symptoms", words::<Symptoms>(), true);
        same("pacemaker", words::<Pacemaker>(), true);
        same("posture", words::<Posture>(), true);
        same("limit", words::<Limit>(), true);
        same("findingKind", words::<FindingKind>(), true);
        same("notCounted", words::<NotCounted>(), true);
        same("redFlag", words::<RedFlag>(), true);
        same("priority", words::<Priority>(), true);
        same("beatClass", words::<BeatClass>(), name == "report");
        same("intervalSource", words::<IntervalSource>(), name == "report");
        same("nnRejection", words::<NnRejection>(), name == "report");
        same("drift", words::<DriftClass>(), name == "summary");
        same("battery", words::<BatteryClass>(), name == "summary");
        let spoken = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<BTreeSet<String>>();
        // Height stays with the patient.
        let leaves = |quantity: &&Quantity| name == "report" || **quantity != Quantity::BodyHeight;
        same("panel", spoken(Panel::ALL.iter().map(|p| p.word()).collect()), true);
        same("quantity", spoken(Quantity::ALL.iter().filter(leaves).map(|q| q.word()).collect()), true);
        same("condition", spoken(Condition::ALL.iter().map(|c| c.word()).collect()), true);
        same("methodLimit", spoken(MeasurementLimit::ALL.iter().map(|l| l.word()).collect()), true);
        let definitions = schema["$defs"].as_object().unwrap();
        for (def, value) in definitions.iter().filter(|(_, value)| value.get("enum").is_some()) {
            assert!(known.contains(def), "{def} in {name} is not compared: {value}");
        }
    }
    assert_eq!(schema("report")["properties"]["hrv"]["properties"]["recipe"]["enum"], json!(HrvRecipe::ALL));
}
