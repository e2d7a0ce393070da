//! Summaries and Bundles, character by character. `UPDATE_GOLDEN=1 cargo test -p pqrst --test core golden` renews them.

use crate::hearts::{
    breathing, home_tests, report_of, request, rested_series, samples, sensor, sinus, strap, ID,
};
use pqrst::export::fhir::{from_summary, parse, VisitId};
use pqrst::pipeline::{Report, TestKind};
use pqrst::summary::Summary;
use pqrst::synth::Noise;
use pqrst::units::Seconds;
use serde::Serialize;
use serde_json::{json, Map, Value};

const VISIT: VisitId = VisitId([0xc3; 16]);

fn kinds() -> Vec<(&'static str, Report)> {
    let half_minute = samples(&sinus(21, 71.0), 130.0, 34.2);
    let five_minutes = samples(&sinus(22, 63.0), 130.0, 304.2);
    let off = sinus(23, 70.0).with_between(Noise::FlatLine, Seconds(12.0), Seconds(26.0));
    let off = samples(&off, 130.0, 34.2);
    vec![
        ("rest 30 s", report_of(request(TestKind::Rest30s), strap(), &[(&half_minute, None)])),
        ("rest 5 min", report_of(request(TestKind::Rest5min), strap(), &[(&five_minutes, None)])),
        ("heart rate only", sensor(TestKind::Rest5min, &breathing(67.0, 302.0))),
        ("home tests", home_tests()),
        ("retake", report_of(request(TestKind::Rest30s), strap(), &[(&off, None)])),
        ("rested series", rested_series()),
    ]
}

fn compare(file: &str, made: &impl Serialize) {
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    let made = serde_json::to_string_pretty(made).unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(made.lines()).position(|(a, b)| a != b);
    assert!(
        kept == made,
        "{file} differs, first in line {}; where that is wanted, renew it with UPDATE_GOLDEN=1 and read the difference",
        differs.map_or(kept.lines().count().min(made.lines().count()), |line| line) + 1
    );
}

#[test]
fn summaries_are_as_kept() {
    let all: Map<String, Value> = kinds()
        .iter()
        .map(|(name, report)| ((*name).to_owned(), serde_json::to_value(Summary::from(report)).unwrap()))
        .collect();
    compare("summary.v1.json", &all);
}

#[test]
fn bundles_are_as_kept() {
    let bundle = |report: &Report| {
        let bundle = from_summary(&Summary::from(report), VISIT, ID);
        let body = serde_json::to_vec(&bundle).unwrap();
        assert_eq!(parse(&body).unwrap().summary, Summary::from(report));
        serde_json::to_value(bundle).unwrap()
    };
    let all: Map<String, Value> =
        kinds().iter().map(|(name, report)| ((*name).to_owned(), bundle(report))).collect();
    compare("fhir.v1.json", &json!(all));
}

#[test]
fn the_kinds_are_what_their_names_say() {
    let all = kinds();
    let summary = |i: usize| serde_json::to_value(Summary::from(&all[i].1)).unwrap();
    let kind = |i: usize| summary(i)["verdict"]["kind"].clone();
    assert_eq!(
        [kind(0), kind(1), kind(2), kind(4)],
        [json!("usable"), json!("usable"), json!("usable"), json!("retake")]
    );
    assert_eq!(summary(0)["hrv"]["rmssdMs"]["reason"], "tooShort");
    assert!(summary(1)["hrv"]["sdnnMs"]["value"].is_number());
    assert_eq!(summary(2)["device"]["class"], "heartRateSensor");
    assert_eq!(summary(3)["readings"].as_array().unwrap().len(), 5);
    assert_eq!(summary(5)["redFlags"].as_array().unwrap().len(), 2);
    assert_eq!(summary(4)["verdict"]["reasons"][0], "leadOff");
}
