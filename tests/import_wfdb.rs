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

/// Records of every signal format, with what a checksum cannot tell: leads, rate, samples.
const FORMATS: [(&str, usize, f64, usize); 13] = [
    ("310derive", 2, 250.0, 1026),
    ("310derive_2", 1, 360.0, 1020),
    ("310derive_3", 1, 360.0, 1018),
    ("311derive", 1, 250.0, 1026),
    ("311derive_2", 1, 360.0, 1020),
    ("311derive_3", 1, 360.0, 1019),
    ("311derive_4", 1, 360.0, 1018),
    ("a103l", 2, 250.0, 82_500),
    ("binformats", 10, 200.0, 499),
    ("flacformats", 3, 200.0, 499),
    ("mixedsignals", 3, 249.89, 57_600),
    ("test01_00s", 4, 500.0, 4000),
    ("flac_3_constant", 3, 250.0, 5_600_000),
];

fn format_files() -> Option<MemorySource> {
    let data = std::env::var_os("PQRST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let Ok(folder) = std::fs::read_dir(data.join("formats/wfdb")) else {
        println!("SKIPPED: formats/wfdb is not there; real records of every signal format are unproved");
        return None;
    };
    let mut files = MemorySource::new();
    for entry in folder.flatten() {
        files.insert(&entry.file_name().to_string_lossy(), std::fs::read(entry.path()).expect("a file"));
    }
    Some(files)
}

#[test]
fn every_signal_format_agrees_with_its_checksums() {
    let Some(files) = format_files() else { return };
    for (record, leads, rate, samples) in FORMATS {
        let recording = read(&files, &format!("{record}.hea")).expect(record);
        assert_eq!(recording.leads.len(), leads, "{record}");
        for lead in &recording.leads {
            assert_eq!((lead.rate.get(), lead.samples_uv.len()), (rate, samples), "{record}");
            assert_eq!(lead.checksum_agrees, Some(true), "{record}");
        }
    }
    // The file's own baselines and gains; 24 and 32 bit samples too large for a checksum alone.
    let formats = read(&files, "binformats.hea").expect("every packed format");
    let first: Vec<f32> = formats.leads.iter().map(|l| l.samples_uv[0]).collect();
    let units = [
        -2047.0,
        -32_766.0,
        -32_765.0,
        -124.0,
        -32_763.0,
        -2042.0,
        -505.0,
        -504.0,
        -8_388_599.0,
        -2_147_483_638.0,
    ];
    assert_eq!(first, units.map(|u: f64| (u * 5.0) as f32));
    let constant = read(&files, "flac_3_constant.hea").expect("constant subframes");
    assert!(constant
        .leads
        .iter()
        .zip([125.0, 250.0, 375.0])
        .all(|(l, v)| l.samples_uv.iter().all(|s| *s == v)));
}

#[test]
fn skew_and_frames_of_several_samples_are_taken_out() {
    let Some(files) = format_files() else { return };
    let lead = |record: &str, i: usize| {
        read(&files, &format!("{record}.hea")).expect(record).leads[i].samples_uv.clone()
    };
    let (plain, late) = (lead("test01_00s", 1), lead("test01_00s_skew", 1));
    assert_eq!(late[..3997], plain[3..]);
    assert!(late[3997..].iter().all(|v| v.is_nan()));
    let (second, third, double) = (plain, lead("test01_00s", 2), lead("test01_00s_frame", 1));
    let alternate: Vec<f32> = second.iter().zip(&third).flat_map(|(a, b)| [*a, *b]).collect();
    assert_eq!(double, alternate);
    assert_eq!(lead("test01_00s_skewframe", 0)[..3997], lead("test01_00s", 0)[3..]);
}

#[test]
fn segments_follow_each_other_with_their_gaps() {
    let mut files = MemorySource::new();
    let mut put = |name: &str, text: &str| files.insert(name, text.as_bytes().to_vec());
    // Variable layout: lead V1 is missing in the second segment, 3 frames are missing between the two.
    put("m.hea", "m/4 2 100 9\nm_layout 0\nm_1 2\n~ 3\nm_2 4\n");
    put("m_layout.hea", "m_layout 2 100 0\n~ 0 1/uV 8 0 0 0 0 II\n~ 0 1/uV 8 0 0 0 0 V1\n");
    put("m_1.hea", "m_1 2 100 2\nm_1.dat 80 1/uV 8 0 0 0 0 V1\nm_1.dat 80 1/uV 8 0 0 0 0 II\n");
    put("m_2.hea", "m_2 1 100 4\nm_2.dat 80 1/uV 8 0 0 0 0 II\n");
    put("f.hea", "f/2 1 100 8\nm_2 4\nm_2 4\n");
    put("n.hea", "n/1 1 100 4\nf 4\n");
    files.insert("m_1.dat", vec![129, 130, 131, 132]);
    files.insert("m_2.dat", vec![133, 134, 135, 136]);
    let r = read(&files, "m.hea").expect("segments");
    let shown: Vec<String> = r.leads.iter().map(|l| format!("{:?}", l.samples_uv)).collect();
    assert_eq!(
        shown,
        ["[2.0, 4.0, NaN, NaN, NaN, 5.0, 6.0, 7.0, 8.0]", "[1.0, 3.0, NaN, NaN, NaN, NaN, NaN, NaN, NaN]"]
    );
    assert_eq!(r.gaps.iter().map(|g| (g.start.0, g.duration.0)).collect::<Vec<_>>(), [(0.02, 0.03)]);
    assert_eq!(
        read(&files, "f.hea").expect("fixed layout").leads[0].samples_uv,
        [5.0, 6.0, 7.0, 8.0, 5.0, 6.0, 7.0, 8.0]
    );
    assert_eq!(read(&files, "n.hea").expect_err("segments of segments").code(), "import.unsupported");
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
        line in "r [0-9]{1,3} [0-9]{2,4}( [0-9]{0,22})?\nr.dat (8|16|24|32|61|80|160|212|310|311|516)(x[0-9]{1,6})?(:[0-9]{1,21})?([+][0-9]{1,21})? [0-9.e]{1,6}([(]-?[0-9]{1,11}[)])?(/[mu]?V)?( -?[0-9]{1,12}){0,6}\n",
        data in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut files = MemorySource::new();
        files.insert("r.dat", data.clone());
        files.insert("r.atr", data);
        for text in [header, line.into_bytes()] {
            files.insert("r.hea", text);
            if let Ok(recording) = read(&files, "r.hea") {
                prop_assert!(recording.leads.iter().all(|l| l.samples_uv.len() <= 300));
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
