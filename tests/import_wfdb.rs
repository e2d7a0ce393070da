//! Every WFDB record of the reference data is read, and its own checksums agree.

#![allow(clippy::expect_used)]

use pqrst::export::wfdb_annotations::WfdbAnnotations;
use pqrst::import::wfdb::read_annotations;
use pqrst::import::{read, MemorySource};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// Folder, endings of the annotation files, leads.
const SETS: [(&str, &[&str], usize); 4] =
    [("mitdb", &["atr"], 2), ("nstdb", &["atr"], 2), ("qtdb", &["q1c"], 2), ("ludb", &["i", "ii", "v6"], 12)];

fn folder(name: &str) -> Option<PathBuf> {
    let data = std::env::var_os("PQRST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let folder = data.join(name);
    let there = folder.join("RECORDS").exists();
    if !there {
        println!("SKIPPED: {name} is not there; reading real WFDB records is unproved for it");
    }
    there.then_some(folder)
}

fn files(folder: &Path, record: &str, endings: &[&str]) -> MemorySource {
    let mut files = MemorySource::new();
    for ending in ["hea", "dat"].iter().chain(endings) {
        let name = format!("{record}.{ending}");
        if let Ok(bytes) = std::fs::read(folder.join(&name)) {
            files.insert(&name, bytes);
        }
    }
    files
}

#[test]
fn checksums_of_real_records_agree_and_annotations_lie_inside() {
    for (set, endings, leads) in SETS {
        let Some(folder) = folder(set) else { continue };
        let records = std::fs::read_to_string(folder.join("RECORDS")).expect("a list of records");
        let mut compared = 0;
        for record in records.split_whitespace() {
            let files = files(&folder, record, endings);
            let recording = read(&files, &format!("{record}.hea")).expect(record);
            assert_eq!(recording.leads.len(), leads, "{set}/{record}");
            for lead in &recording.leads {
                assert_ne!(lead.checksum_agrees, Some(false), "{set}/{record}");
                compared += usize::from(lead.checksum_agrees == Some(true));
            }
            for ending in endings {
                let Ok(annotations) = read_annotations(&files, &format!("{record}.{ending}")) else {
                    continue;
                };
                let end = recording.leads[0].samples_uv.len() as u64;
                assert!(annotations.list.iter().all(|a| a.at.0 < end), "{set}/{record}.{ending}");
                assert!(annotations.beats(recording.leads[0].rate).count() > 0, "{set}/{record}.{ending}");
            }
        }
        assert!(compared > 0, "{set}: no checksum was compared");
    }
}

#[test]
fn real_beats_survive_writing_and_reading() {
    let Some(folder) = folder("mitdb") else { return };
    let mut files = files(&folder, "207", &["atr"]);
    let truth = read_annotations(&files, "207.atr").expect("annotations");
    let beats: Vec<_> = truth.list.iter().filter(|a| a.code.is_beat()).map(|a| (a.at, a.code)).collect();
    let mut writer = WfdbAnnotations::new();
    beats.iter().for_each(|(at, code)| writer.push(*at, code.0));
    files.insert("207.pqrst", writer.into_bytes());
    let back = read_annotations(&files, "207.pqrst").expect("what was written");
    assert_eq!(back.list.iter().map(|a| (a.at, a.code)).collect::<Vec<_>>(), beats);
}

proptest! {
    #[test]
    fn no_bytes_break_the_readers(
        header in prop::collection::vec(any::<u8>(), 0..200),
        line in "r [0-9]{1,3} [0-9]{2,4}( [0-9]{0,22})?\nr.dat (16|212)(x[0-9]{1,6})?(:[0-9]{1,21})?([+][0-9]{1,21})? [0-9.e]{1,6}([(]-?[0-9]{1,11}[)])?(/[mu]?V)?( -?[0-9]{1,12}){0,6}\n",
        data in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut files = MemorySource::new();
        files.insert("r.dat", data.clone());
        files.insert("r.atr", data);
        for text in [header, line.into_bytes()] {
            files.insert("r.hea", text);
            if let Ok(recording) = read(&files, "r.hea") {
                prop_assert!(recording.leads.iter().all(|l| l.samples_uv.len() <= 200));
            }
        }
        let _ = read_annotations(&files, "r.atr");
    }

    #[test]
    fn a_record_cut_anywhere_is_an_error_with_a_code(cut in 0_usize..600) {
        let mut files = MemorySource::new();
        files.insert("r.hea", b"r 2 360 200\nr.dat 212 200\nr.dat 212 200\n".to_vec());
        files.insert("r.dat", vec![0; cut]);
        let code = read(&files, "r.hea").expect_err("an incomplete file").code();
        prop_assert_eq!(code, "import.truncated");
    }
}
