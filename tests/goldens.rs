//! Decode vectors of the reference recordings, where they are at hand: `$PQRST_DATA/ble/goldens.json`.

// Tests say what they expect, in their helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pqrst::device::reading::{decode_float, decode_sfloat, MedicalFloat};
use pqrst::device::{heart_rate, polar, viatom, zephyr};
use pqrst::units::{DeviceTime, Hertz};
use serde_json::Value;
use std::path::PathBuf;

fn goldens(what: &str) -> Option<Value> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let data = std::env::var_os("PQRST_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let path = data.join("ble/goldens.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!(
            "SKIPPED {what}: no ble/goldens.json under PQRST_DATA; unproved: the reference decode vectors"
        );
        return None;
    };
    Some(serde_json::from_str(&text).expect("goldens.json is JSON"))
}

fn hex(value: &Value) -> Vec<u8> {
    let text: String = value.as_str().expect("hex").chars().filter(|c| !c.is_whitespace()).collect();
    let byte = |i: usize| u8::from_str_radix(&text[i..i + 2], 16).expect("hex digits");
    (0..text.len()).step_by(2).map(byte).collect()
}

fn list<'a>(goldens: &'a Value, name: &str) -> &'a Vec<Value> {
    let list = goldens[name].as_array().expect("a list of vectors");
    assert!(!list.is_empty(), "{name} is empty");
    list
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().expect("a list").iter().map(|v| v.as_i64().expect("a number")).collect()
}

#[test]
fn heart_rate_measurements() {
    let Some(goldens) = goldens("heart_rate_measurements") else { return };
    for vector in list(&goldens, "hrs") {
        let m = heart_rate::decode(&hex(&vector["hex"])).unwrap_or_else(|e| panic!("{vector}: {e}"));
        assert_eq!(Some(u64::from(m.rate_bpm)), vector["hr"].as_u64(), "{vector}");
        assert_eq!(m.contact, vector["contact"].as_bool(), "{vector}");
        assert_eq!(m.energy_kj.map(u64::from), vector["energy"].as_u64(), "{vector}");
        let raw: Vec<i64> = m.rr_raw.iter().map(|raw| i64::from(*raw)).collect();
        assert_eq!(raw, numbers(&vector["rr_raw"]), "{vector}");
        let ms: Vec<i64> = m.rr_raw.iter().map(|raw| heart_rate::rr_ms(*raw).0 as i64).collect();
        assert_eq!(ms, numbers(&vector["rr_ms"]), "{vector}");
        assert!(!m.trailing_byte, "{vector}");
    }
    for vector in list(&goldens, "hrs_invalid") {
        assert!(heart_rate::decode(&hex(vector)).is_err(), "{vector} was accepted");
    }
}

#[test]
fn polar_ecg_frames() {
    let Some(goldens) = goldens("polar_ecg_frames") else { return };
    for vector in list(&goldens, "pmd_ecg") {
        let data = polar::decode_ecg(&hex(&vector["hex"])).unwrap_or_else(|e| panic!("{vector}: {e}"));
        assert_eq!(vector["ts_ns"].as_u64(), Some(data.last_sample.0), "{vector}");
        assert_eq!(vector["frame_type"].as_u64(), Some(data.variant as u64), "{vector}");
        let samples: Vec<i64> = data.samples.iter().map(|uv| i64::from(*uv)).collect();
        assert_eq!(samples, numbers(&vector["uv"]), "{vector}");
    }
}

#[test]
fn polar_sample_times() {
    let Some(goldens) = goldens("polar_sample_times") else { return };
    let nominal = Hertz::new(130.0).expect("a rate");
    for vector in list(&goldens, "pmd_times") {
        let stamp = |name: &str| DeviceTime(vector[name].as_u64().expect("nanoseconds"));
        let n = vector["n"].as_u64().expect("a count") as usize;
        let times = polar::sample_times(Some(stamp("prev")), stamp("ts"), n, nominal).expect("valid stamps");
        let times: Vec<i64> = times.iter().map(|t| t.0 as i64).collect();
        assert_eq!(times, numbers(&vector["out"]), "{vector}");
    }
}

#[test]
fn medical_floats() {
    let Some(goldens) = goldens("medical_floats") else { return };
    let same = |decoded: MedicalFloat, vector: &Value| match vector["value"].as_str() {
        Some("nan") => assert_eq!(decoded, MedicalFloat::NotANumber, "{vector}"),
        Some("nres") => assert_eq!(decoded, MedicalFloat::NotAtThisResolution, "{vector}"),
        Some("+inf") => assert_eq!(decoded, MedicalFloat::PositiveInfinity, "{vector}"),
        Some("-inf") => assert_eq!(decoded, MedicalFloat::NegativeInfinity, "{vector}"),
        _ => assert_eq!(decoded.number(), vector["value"].as_f64(), "{vector}"),
    };
    for vector in list(&goldens, "sfloat") {
        let bytes = hex(&vector["hex"]);
        same(decode_sfloat(u16::from_le_bytes([bytes[0], bytes[1]])), vector);
    }
    for vector in list(&goldens, "float32") {
        let bytes = hex(&vector["hex"]);
        same(decode_float(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])), vector);
    }
}

#[test]
fn viatom_packets() {
    let Some(goldens) = goldens("viatom_packets") else { return };
    for vector in list(&goldens, "viatom_a5") {
        let bytes = hex(vector);
        let mut packets = viatom::Packets::default();
        packets.push(&bytes);
        let packet = packets.next_packet().unwrap_or_else(|| panic!("{vector} is no packet"));
        assert_eq!(viatom::encode(&packet), bytes, "{vector}");
        assert!(!packets.take_broken());
    }
}

#[test]
fn zephyr_packets() {
    let Some(goldens) = goldens("zephyr_packets") else { return };
    for vector in list(&goldens, "zephyr") {
        let bytes = hex(&vector["hex"]);
        let mut packets = zephyr::Packets::default();
        packets.push(&bytes);
        let packet = packets.next_packet().unwrap_or_else(|| panic!("{vector} is no packet"));
        assert_eq!(Some(u64::from(packet.message)), vector["msg"].as_u64(), "{vector}");
        assert_eq!(packet.payload, hex(&vector["payload"]), "{vector}");
        assert_eq!(zephyr::encode(&packet), bytes, "{vector}");
    }
    for vector in list(&goldens, "zephyr_ecg10") {
        // The golden's four samples, in front of a packet of zeros.
        let mut payload = vec![0; 9];
        payload.extend(hex(&vector["hex"]));
        payload.resize(88, 0);
        let data = zephyr::decode_ecg(&payload).expect("a whole payload");
        let expected: Vec<f32> = numbers(&vector["counts"]).iter().map(|c| *c as f32 * 25.0).collect();
        assert_eq!(data.samples_uv[..expected.len()], expected, "{vector}");
    }
}
