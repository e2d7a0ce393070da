//! What a device says about itself cannot be seen in a summary, and no summary holds a word that is not on the list.

use crate::hearts::{many, request, samples, sinus, ID};
use pqrst::device::polar::{self, encode_ecg};
use pqrst::device::{battery, heart_rate, information, Uuid};
use pqrst::export::fhir::{from_summary, VisitId};
use pqrst::pipeline::{ReportId, TestKind};
use pqrst::session::Session;
use pqrst::summary::Summary;
use pqrst::units::{DeviceTime, HostTime};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// What makes one strap another, and one afternoon another.
#[derive(Debug, Clone)]
struct Identity {
    source: String,
    model: Vec<u8>,
    serial: Vec<u8>,
    clock_start: u64,
    host_start: f64,
    battery: u8,
}

/// The same heart on a strap of this identity.
fn summary_of(who: &Identity) -> Summary {
    let ecg = samples(&sinus(31, 70.0), 130.0, 35.0);
    let mut session = Session::new(request(TestKind::Rest30s));
    let mut say = |service, characteristic, bytes: &[u8], at: f64| {
        let _ = session.push_notification(&who.source, (service, characteristic), bytes, HostTime(at));
    };
    say(information::SERVICE, information::MODEL_NUMBER, &who.model, who.host_start);
    // The serial number is not read; a transport may hand it over all the same.
    say(information::SERVICE, Uuid::from_u16(0x2A25), &who.serial, who.host_start);
    say(battery::SERVICE, battery::LEVEL, &[who.battery], who.host_start);
    for (k, chunk) in ecg.chunks(73).enumerate() {
        let last = (k * 73 + chunk.len()) as f64 / 130.0;
        let stamp = DeviceTime(who.clock_start + (last * 1e9) as u64);
        let samples: Vec<i32> = chunk.iter().map(|x| *x as i32).collect();
        say(polar::SERVICE, polar::DATA, &encode_ecg(stamp, &samples), who.host_start + last * 1000.0);
        say(heart_rate::SERVICE, heart_rate::MEASUREMENT, &[0x06, 70], who.host_start + last * 1000.0);
    }
    Summary::from(&session.finish(ID))
}

fn identity() -> impl Strategy<Value = Identity> {
    (
        "[ -~]{0,40}",
        prop::collection::vec(any::<u8>(), 0..24),
        prop::collection::vec(any::<u8>(), 0..24),
        1_u64..1 << 60,
        // Whole milliseconds below 2^40: the same differences, exactly.
        0_u64..1 << 40,
        20_u8..=100,
    )
        .prop_map(|(source, model, serial, clock_start, host, battery)| Identity {
            source,
            model,
            serial,
            clock_start,
            host_start: host as f64,
            battery,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn another_strap_at_another_time_gives_the_same_bytes(one in identity(), other in identity()) {
        let text = |who| serde_json::to_string(&summary_of(who)).unwrap();
        prop_assert_eq!(text(&one), text(&other));
    }
}

/// Every word and every key that the schema of the summary allows.
fn vocabulary() -> (BTreeSet<String>, BTreeSet<String>) {
    fn walk(json: &Value, words: &mut BTreeSet<String>, keys: &mut BTreeSet<String>) {
        match json {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match (key.as_str(), value) {
                        ("enum", Value::Array(list)) => {
                            words.extend(list.iter().filter_map(Value::as_str).map(str::to_owned))
                        }
                        ("const", Value::String(word)) => {
                            words.insert(word.clone());
                        }
                        ("properties", Value::Object(fields)) => keys.extend(fields.keys().cloned()),
                        _ => {}
                    }
                    walk(value, words, keys);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, words, keys)),
            _ => {}
        }
    }
    let path = format!("{}/docs/schemas/summary.v1.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut words, mut keys) = (BTreeSet::new(), BTreeSet::new());
    walk(&schema, &mut words, &mut keys);
    (words, keys)
}

/// Strings and keys of a JSON tree.
fn said(json: &Value, words: &mut Vec<String>, keys: &mut Vec<String>) {
    match json {
        Value::String(word) => words.push(word.clone()),
        Value::Array(items) => items.iter().for_each(|item| said(item, words, keys)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            keys.push(key.clone());
            said(value, words, keys);
        }),
        _ => {}
    }
}

fn only_known_words(summary: &Summary) {
    let (known_words, known_keys) = vocabulary();
    let (mut words, mut keys) = (Vec::new(), Vec::new());
    said(&serde_json::to_value(summary).unwrap(), &mut words, &mut keys);
    let (id, version) = (summary.id.to_string(), env!("CARGO_PKG_VERSION"));
    for word in words.iter().filter(|word| **word != id && *word != version) {
        assert!(known_words.contains(word), "{word}");
    }
    for key in keys {
        assert!(known_keys.contains(&key), "{key}");
    }
}

#[test]
fn summaries_hold_only_words_on_the_list() {
    assert!(vocabulary().0.len() > 60);
    many().iter().for_each(|(_, report)| only_known_words(&Summary::from(report)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_device_says_no_word_of_it_gets_out(
        who in identity(),
        messages in prop::collection::vec((0_usize..4, "[A-Za-z0-9 ]{4,60}", 0.0..90_000.0), 0..60),
    ) {
        let places = [
            (heart_rate::SERVICE, heart_rate::MEASUREMENT),
            (polar::SERVICE, polar::DATA),
            (polar::SERVICE, polar::CONTROL_POINT),
            (information::SERVICE, information::MODEL_NUMBER),
        ];
        let mut session = Session::new(request(TestKind::Monitor));
        for (place, text, at) in &messages {
            let mut bytes = text.as_bytes().to_vec();
            // Half of them in the clothes of a frame that decodes.
            if *place == 1 && text.len() % 2 == 0 {
                bytes.splice(0..0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 0]);
            }
            let _ = session.push_notification(&who.source, places[*place], &bytes, HostTime(*at));
        }
        let report = session.finish(ID);
        let summary = Summary::from(&report);
        only_known_words(&summary);
        let checked = summary.check();
        prop_assert!(checked.is_ok(), "{:?} {:?}", checked, report);
        let bundle = serde_json::to_string(&from_summary(&summary, VisitId([1; 16]), ReportId([2; 16]))).unwrap();
        for (_, text, _) in messages.iter().filter(|(_, text, _)| text.trim().len() > 8) {
            prop_assert!(!bundle.contains(text.trim()));
        }
    }
}
