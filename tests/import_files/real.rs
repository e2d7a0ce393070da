//! Real files of the reference data, against values known from elsewhere.

use pqrst::import::wfdb::AnnotationCode;
use pqrst::import::{read, MemorySource, Recording};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    let data = std::env::var_os("PQRST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    data.join("formats")
}

/// The files named, of which the first is opened; `None` and a word when they are not there.
fn set(folder: &Path, names: &[&str]) -> Option<(MemorySource, String)> {
    let mut source = MemorySource::new();
    for name in names {
        let Ok(bytes) = std::fs::read(folder.join(name)) else {
            println!("SKIPPED: {} is not there; reading it is unproved", names[0]);
            return None;
        };
        source.insert(name, bytes);
    }
    Some((source, names[0].rsplit('/').next().unwrap_or_default().to_owned()))
}

fn recording(names: &[&str]) -> Option<Recording> {
    let (source, first) = set(&folder(), names)?;
    Some(read(&source, &first).unwrap_or_else(|e| panic!("{first}: {e}")))
}

/// Real file sets for the writers: name, files, first file.
pub fn sets() -> Vec<(String, MemorySource, String)> {
    let files: [&[&str]; 10] = [
        &["waveform_ecg.dcm"],
        &["fda_subject1_0.xml"],
        &["movesense_sbem/ecg-flash-log.sbem"],
        &["wfdb/a103l.hea", "wfdb/a103l.mat"],
        &["wfdb/test01_00s_frame.hea", "wfdb/test01_00s.dat"],
        &["wfdb/test01_00s_skew.hea", "wfdb/test01_00s.dat"],
        &["wfdb/310derive.hea", "wfdb/310derive.dat"],
        &[
            "wfdb/mixedsignals.hea",
            "wfdb/mixedsignals_e.dat",
            "wfdb/mixedsignals_p.dat",
            "wfdb/mixedsignals_r.dat",
        ],
        &["wfdb/flacformats.hea", "wfdb/flacformats.d0", "wfdb/flacformats.d1", "wfdb/flacformats.d2"],
        &[
            "wfdb/binformats.hea",
            "wfdb/binformats.d0",
            "wfdb/binformats.d1",
            "wfdb/binformats.d2",
            "wfdb/binformats.d3",
            "wfdb/binformats.d4",
            "wfdb/binformats.d5",
            "wfdb/binformats.d6",
            "wfdb/binformats.d7",
            "wfdb/binformats.d8",
            "wfdb/binformats.d9",
        ],
    ];
    files
        .iter()
        .filter_map(|names| set(&folder(), names).map(|(source, first)| (names[0].to_owned(), source, first)))
        .collect()
}

#[test]
fn dicom_has_the_values_that_pydicom_tells() {
    let Some(r) = recording(&["waveform_ecg.dcm"]) else { return };
    let names: Vec<&str> = r.leads.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]);
    assert!(
        r.leads.iter().all(|l| l.rate.get() == 1000.0 && l.samples_uv.len() == 10_000),
        "the rhythm, not the average beat"
    );
    assert_eq!(r.leads[0].samples_uv[..5], [100.0, 81.25, 62.5, 43.75, 46.25]);
    assert_eq!(r.leads[1].samples_uv[..5], [112.5, 106.25, 100.0, 93.75, 96.25]);
    let beats: Vec<f64> =
        r.marks.iter().filter(|m| m.code.is_some_and(|c| c.is_beat())).map(|m| m.at.0).collect();
    assert_eq!(beats[..3], [0.5, 1.525, 2.506], "the first was marked twice");
}

#[test]
fn aecg_has_the_numbers_that_stand_in_it() {
    let Some(r) = recording(&["fda_subject1_0.xml"]) else { return };
    let names: Vec<&str> = r.leads.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6", "III", "aVR", "aVL", "aVF"]);
    assert!(r.leads.iter().all(|l| l.rate.get() == 500.0 && l.samples_uv.len() == 5000));
    // "-2 -2 -2 -2 -3 -4 -3 -5 -5" of 2.5 uV.
    assert_eq!(r.leads[0].samples_uv[..9], [-5.0, -5.0, -5.0, -5.0, -7.5, -10.0, -7.5, -12.5, -12.5]);
    assert!(r.marks.iter().any(|m| m.text == "MDC_ECG_WAVC_QRSWAVE"));
    let beats: Vec<_> = r.marks.iter().filter(|m| m.text == "MDC_ECG_BEAT_NORMAL").collect();
    assert!(
        beats.len() == 12 && beats.iter().all(|m| m.code == Some(AnnotationCode::NORMAL)),
        "{}",
        beats.len()
    );
}

#[test]
fn sbem_has_the_samples_of_the_makers_own_converter() {
    let Some(r) = recording(&["movesense_sbem/ecg-flash-log.sbem"]) else { return };
    let json = std::fs::read_to_string(folder().join("movesense_sbem/ecg-flash-log.expected.json"))
        .expect("expected");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let mut expected = Vec::new();
    let mut times = Vec::new();
    for entry in json["Samples"].as_array().expect("samples") {
        let packet = &entry["MeasECGmV"];
        times.extend(packet["MeasECGmV"]["Timestamp"].as_f64());
        expected.extend(packet["Samples"].as_array().into_iter().flatten().filter_map(|v| v.as_f64()));
    }
    assert_eq!(r.leads[0].rate.get(), 200.0);
    assert!(times.windows(2).all(|t| t[1] - t[0] == 80.0), "no packet is missing in this log");
    assert_eq!(r.leads[0].samples_uv, expected.iter().map(|v| *v as f32).collect::<Vec<f32>>());
}

#[test]
fn challenge_matrices_are_read_with_and_without_their_header() {
    let Some(with) = recording(&["wfdb/a103l.hea", "wfdb/a103l.mat"]) else { return };
    let (source, _) = set(&folder(), &["wfdb/a103l.mat"]).expect("the same file");
    let alone = pqrst::import::Hints { rate_hz: Some(250.0), ..pqrst::import::Hints::default() };
    let alone =
        pqrst::import::open(&source, "a103l.mat", &alone).expect("a matrix").read(&source).expect("a matrix");
    assert_eq!((with.leads.len(), alone.leads.len()), (2, 3));
    // 7247 units a millivolt with the header, 1000 without.
    let ratio = |i: usize| alone.leads[0].samples_uv[i] / with.leads[0].samples_uv[i];
    assert!((0..100)
        .filter(|i| with.leads[0].samples_uv[*i] != 0.0)
        .all(|i| (ratio(i) - 7.247).abs() < 1e-3));
}
