//! What a record marks reaches its reader and is written again: beats, rhythms and waves by their codes, nobody's words.

use super::goldens::all;
use pqrst::export::local::WRITERS;
use pqrst::export::wfdb_annotations::WfdbAnnotations;
use pqrst::import::wfdb::{read_annotations, AnnotationCode};
use pqrst::import::{open, read, Hints, Mark, MemorySource, Recording};
use pqrst::units::SampleIndex;

/// Hundredths of a second, mnemonic with its number, and words.
fn shown(marks: &[Mark]) -> Vec<String> {
    let code = |m: &Mark| m.code.and_then(AnnotationCode::mnemonic).map_or("-".to_owned(), String::from);
    let number = |m: &Mark| if m.number > 0 { m.number.to_string() } else { String::new() };
    let row = |m: &Mark| format!("{:.0} {}{} {}", m.at.0 * 100.0, code(m), number(m), m.text);
    marks.iter().map(|m| row(m).trim_end().to_owned()).collect()
}

fn record() -> MemorySource {
    let mut source = MemorySource::new();
    source.insert("r.hea", b"r 1 100 300\nr.dat 80 1/uV 8 0 0 0 0 II\n".to_vec());
    source.insert("r.dat", vec![129; 300]);
    source
}

/// An annotation file: place, code, number, text.
fn annotated(rows: &[(u64, u8, u8, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut last, mut numbered) = (0, 0);
    for (at, code, number, text) in rows {
        bytes.extend((u16::from(*code) << 10 | (at - last) as u16).to_le_bytes());
        if *number != numbered {
            bytes.extend((60_u16 << 10 | u16::from(*number)).to_le_bytes());
        }
        if !text.is_empty() {
            bytes.extend((63_u16 << 10 | text.len() as u16).to_le_bytes());
            bytes.extend(text.bytes());
            bytes.resize(bytes.len().next_multiple_of(2), 0);
        }
        (last, numbered) = (*at, *number);
    }
    bytes.extend([0, 0]);
    bytes
}

/// What a record is after it was written in this format and read again.
fn again(recording: &Recording, format: &str) -> Recording {
    let writer = WRITERS.iter().find(|w| w.id == format).expect("a format");
    let files = (writer.write)(recording, "x").expect("written").files;
    let mut source = MemorySource::new();
    files.iter().for_each(|(name, bytes)| source.insert(name, bytes.clone()));
    read(&source, &files[0].0).expect("read")
}

#[test]
fn annotation_files_beside_a_wfdb_record_are_its_marks() {
    let mut source = record();
    let rows = [
        (10, 28, 0, "(AFIB"),
        (12, 28, 0, "(CANARY"),
        (15, 22, 0, "CANARY, John"),
        (20, 39, 1, ""),
        (22, 5, 0, "CANARY"),
        (25, 40, 1, ""),
        (30, 14, 0, ""),
        (290, 1, 0, ""),
        (400, 1, 0, "behind the end"),
    ];
    source.insert("r.atr", annotated(&rows));
    let recording = read(&source, "r.hea").expect("a record");
    let expected = ["10 + (AFIB", "20 (1", "22 V", "25 )1", "30 ~", "290 N"];
    assert_eq!(shown(&recording.marks), expected);
    for format in ["wfdb", "edf"] {
        assert_eq!(shown(&again(&recording, format).marks), expected, "{format}");
    }
    assert!(again(&recording, "csv").marks.is_empty());
}

#[test]
fn each_kind_comes_from_the_first_annotator_that_has_it() {
    let mut source = record();
    source.insert("r.atr", annotated(&[(10, 28, 0, "(AFIB"), (50, 28, 0, "(N")]));
    source.insert("r.qrs", annotated(&[(20, 1, 0, ""), (120, 1, 0, "")]));
    source.insert("r.ecg", annotated(&[(21, 13, 0, ""), (121, 13, 0, "")]));
    source.insert("r.q1c", annotated(&[(15, 24, 0, ""), (20, 1, 0, ""), (40, 27, 0, "")]));
    let marks = read(&source, "r.hea").expect("a record").marks;
    assert_eq!(shown(&marks), ["10 + (AFIB", "15 p", "20 N", "40 t", "50 + (N", "120 N"]);
}

#[test]
fn other_files_with_such_endings_mark_nothing() {
    let ishne = all().into_iter().find(|g| g.importer == "ishne").expect("ishne").files.remove(0).1;
    let mut text = annotated(&[(10, 1, 0, ""), (20, 1, 0, "")]);
    text.extend(b"and more");
    for bytes in [ishne, b"some notes on the recording".to_vec(), text, vec![1; 4001], vec![]] {
        let mut source = record();
        source.insert("r.ecg", bytes);
        assert!(read(&source, "r.hea").expect("a record").marks.is_empty());
    }
    let mut source = record();
    source.insert("r.atr", vec![4; 5 << 20]);
    source.insert("r.qrs", annotated(&[(20, 1, 0, "")]));
    assert_eq!(shown(&read(&source, "r.hea").expect("a record").marks), ["20 N"], "far too large a file");
}

#[test]
fn a_long_record_has_a_large_annotation_file() {
    let frames = 3_000_000_u64;
    let record = |length: &str| {
        let mut source = MemorySource::new();
        source.insert("r.hea", format!("r 1 100{length}\nr.dat 80 1/uV 8 0 0 0 0 II\n").into_bytes());
        source.insert("r.dat", vec![129; frames as usize]);
        source
    };
    // Beats, onsets with their number and rhythms, each of another number of bytes.
    let rows: Vec<(u64, u8, u8, &str)> = (0..1_350_000)
        .map(|i| match i % 7 {
            0 => (2 * i, 28, 0, "(AFIB"),
            1 | 4 => (2 * i, 39, (i % 3) as u8, ""),
            _ => (2 * i, 5, 0, ""),
        })
        .collect();
    let file = annotated(&rows);
    assert!(file.len() > 5 << 20);
    let expected = rows.iter().map(|(at, code, number, text)| (*at, *code, *number, *text));
    // A record that says its length, and one that does not.
    for length in [" 3000000", ""] {
        let mut source = record(length);
        source.insert("r.atr", file.clone());
        let marks = read(&source, "r.hea").expect("a record").marks;
        let number = |m: &Mark| if m.code == Some(AnnotationCode::WAVE_ONSET) { m.number } else { 0 };
        let row = |m: &Mark| ((m.at.0 * 100.0).round() as u64, m.code.expect("a code").0, number(m));
        assert!(marks.iter().map(row).eq(expected.clone().map(|(at, code, number, _)| (at, code, number))));
        assert!(marks.iter().map(|m| m.text.as_str()).eq(expected.clone().map(|(.., text)| text)));
        // Cut short, with more behind it, or nothing but words, it is none.
        let words = b"no annotations\n".repeat(390_000);
        for bytes in [
            file[..file.len() - 2].to_vec(),
            file[..file.len() - 3].to_vec(),
            [file.as_slice(), &[0; 70_000], b"?"].concat(),
            words,
        ] {
            source.insert("r.atr", bytes);
            source.insert("r.qrs", annotated(&[(20, 1, 0, "")]));
            assert_eq!(shown(&read(&source, "r.hea").expect("a record").marks), ["20 N"]);
        }
    }
}

#[test]
fn more_marks_than_can_be_held_are_an_error() {
    let most = 1 << 22;
    let mut source = MemorySource::new();
    source.insert("r.hea", b"r 1 100 5000000\nr.dat 80 1/uV 8 0 0 0 0 II\n".to_vec());
    source.insert("r.dat", vec![129; 5_000_000]);
    for (marks, expected) in [(most, Ok(most)), (most + 1, Err("import.tooLarge"))] {
        let file = [[1, 4].repeat(marks), vec![0, 0]].concat();
        source.insert("r.atr", file);
        let opened = open(&source, "r.hea", &Hints::default());
        assert_eq!(opened.map(|o| o.marks.len()).map_err(|e| e.code()), expected);
    }
}

#[test]
fn segments_have_the_annotations_of_the_whole() {
    let mut source = record();
    source.insert("m.hea", b"m/3 1 100 900\nr 300\n~ 300\nr 300\n".to_vec());
    source.insert("m.atr", annotated(&[(100, 1, 0, ""), (700, 5, 0, "")]));
    let recording = read(&source, "m.hea").expect("segments");
    assert_eq!(shown(&recording.marks), ["100 N", "700 V"]);
}

#[test]
fn beats_of_other_formats_reach_every_format_that_has_room() {
    for importer in ["alivecor", "scp-ecg"] {
        let golden = all().into_iter().find(|g| g.importer == importer).expect(importer);
        let mut recording = read(&golden.source(), golden.first).expect(importer);
        // The golden is shorter than the place of its beat.
        recording.leads.iter_mut().for_each(|l| l.samples_uv.resize(1000, 0.0));
        let beats = shown(&recording.marks);
        assert!(!beats.is_empty());
        for format in ["wfdb", "edf"] {
            assert_eq!(shown(&again(&recording, format).marks), beats, "{importer} as {format}");
        }
    }
}

#[test]
fn more_marks_than_a_data_record_has_room_for_go_on_to_the_next() {
    let mut source = record();
    source.insert("r.atr", annotated(&vec![(7, 1, 0, ""); 70]));
    let recording = read(&source, "r.hea").expect("a record");
    assert_eq!(again(&recording, "edf").marks.len(), 70);
    // A day of samples with a million marks in its first second stays a file of its size.
    let mut crowded = recording.clone();
    crowded.marks = vec![recording.marks[0].clone(); 1 << 20];
    let edf = WRITERS.iter().find(|w| w.id == "edf").expect("edf");
    let files = (edf.write)(&crowded, "x").expect("written").files;
    assert!(files[0].1.len() < 10_000, "{} bytes", files[0].1.len());
}

/// A whole record of the reference data with what cardiologists marked.
#[test]
fn a_real_record_keeps_its_beats_and_rhythms() {
    let data =
        std::env::var_os("PQRST_DATA").map_or_else(|| "../shared/data".into(), std::path::PathBuf::from);
    let mut source = MemorySource::new();
    for ending in ["hea", "dat", "atr"] {
        let Ok(bytes) = std::fs::read(data.join(format!("mitdb/207.{ending}"))) else {
            println!("SKIPPED: mitdb is not there; marks of a real record are unproved");
            return;
        };
        source.insert(&format!("207.{ending}"), bytes);
    }
    let truth = read_annotations(&source, "207.atr").expect("annotations").list;
    let rhythms =
        truth.iter().filter(|a| a.code == AnnotationCode::RHYTHM && a.text.starts_with('(')).count();
    let beats: Vec<_> = truth.iter().filter(|a| a.code.is_beat()).map(|a| (a.at, a.code)).collect();
    let recording = read(&source, "207.hea").expect("a record");
    for again in [&recording, &again(&recording, "wfdb"), &again(&recording, "edf")] {
        let place = |m: &Mark| SampleIndex((m.at.0 * 360.0).round() as u64);
        let marked = again.marks.iter().filter_map(|m| Some((place(m), m.code?)));
        assert!(marked.filter(|(_, code)| code.is_beat()).eq(beats.iter().copied()));
        let named = again.marks.iter().filter(|m| m.code == Some(AnnotationCode::RHYTHM));
        assert!(rhythms > 5 && named.count() == rhythms);
    }
}

#[test]
fn what_the_annotation_writer_writes_is_read_beside_a_record() {
    let mut file = WfdbAnnotations::new();
    file.push_rhythm(SampleIndex(0), "(N");
    file.push(SampleIndex(100), 9);
    let mut source = record();
    source.insert("r.atr", file.into_bytes());
    assert_eq!(shown(&read(&source, "r.hea").expect("a record").marks), ["0 + (N", "100 S"]);
}

#[test]
fn an_annotation_file_beside_an_ishne_record_is_its_marks() {
    let golden = all().into_iter().find(|g| g.importer == "ishne").expect("ishne");
    let file = &golden.files[1].1;
    let marks = |file: &[u8]| {
        let mut source = MemorySource::new();
        // Ten seconds of two leads.
        let samples = vec![1; 2 * 2 * 2000];
        let mut record = golden.files[0].1.clone();
        record[14..18].copy_from_slice(&2000_u32.to_le_bytes());
        record.truncate(530);
        record.extend(samples);
        source.insert("a.ecg", record);
        source.insert("a.ann", file.to_vec());
        shown(&read(&source, "a.ecg").expect("a record").marks)
    };
    let beats = |first: u32, beats: &[(u8, u16)]| {
        let mut bytes = file[..530].to_vec();
        bytes.extend(first.to_le_bytes());
        beats.iter().for_each(|(label, step)| bytes.extend([*label, b'?', *step as u8, (*step >> 8) as u8]));
        bytes
    };
    let labels = [(b'N', 20), (b'V', 100), (b'S', 100), (b'B', 100), (b'P', 100), (b'U', 100), (b'X', 100)];
    assert_eq!(marks(&beats(80, &labels)), ["50 N", "100 V", "150 S", "200 B", "250 /", "300 Q", "350 |"]);
    // A timeout counts, and marks nothing; so does what no label is; what lies behind the end is left out.
    let odd = [(b'N', 200), (b'!', 300), (b'N', 200), (b'?', 100), (b'N', 100), (b'!', 65_535), (b'N', 1)];
    assert_eq!(marks(&beats(0, &odd)), ["100 N", "350 N", "450 N"]);
    for other in [&b"ANN"[..], b"no annotations", &golden.files[0].1, &file[..532]] {
        assert!(marks(other).is_empty());
    }
}

/// An aECG of one second of a lead, with these annotations.
fn aecg(clock: &str, head: &str, annotations: &str) -> Recording {
    let text = format!(
        "<AnnotatedECG><component><series><component><sequenceSet><component><sequence><code code=\"{clock}\"/>\
         <value><head value=\"{head}\" unit=\"s\"/><increment value=\"10\" unit=\"ms\"/></value></sequence></component>\
         <component><sequence><code code=\"MDC_ECG_LEAD_II\"/><value><origin value=\"0\" unit=\"uV\"/>\
         <scale value=\"1\" unit=\"uV\"/><digits>{}</digits></value></sequence></component></sequenceSet></component>\
         <subjectOf><annotationSet>{annotations}</annotationSet></subjectOf></series></component></AnnotatedECG>",
        "0 ".repeat(100)
    );
    let mut source = MemorySource::new();
    source.insert("a.xml", text.into_bytes());
    read(&source, "a.xml").expect("an aECG")
}

fn note(code: &str, clock: &str, span: Option<(&str, &str)>, inside: &str) -> String {
    let boundary = span.map_or(String::new(), |(low, high)| {
        format!(
            "<support><supportingROI><component><boundary><code code=\"{clock}\"/><value><low value=\"{low}\" unit=\"ms\"/>\
             <high value=\"{high}\" unit=\"ms\"/></value></boundary></component></supportingROI></support>"
        )
    });
    format!("<component><annotation><value code=\"{code}\"/>{boundary}{inside}</annotation></component>")
}

#[test]
fn an_aecg_marks_beats_that_hold_their_waves_and_relative_times() {
    let wave = |code: &str, low: &str, high: &str| note(code, "TIME_RELATIVE", Some((low, high)), "");
    let waves = |p: [&str; 2], qrs: [&str; 2]| {
        wave("MDC_ECG_WAVC_PWAVE", p[0], p[1]) + &wave("MDC_ECG_WAVC_QRSWAVE", qrs[0], qrs[1])
    };
    let annotations = [
        note("MDC_ECG_BEAT_NORMAL", "", None, &waves(["100", "180"], ["220", "320"])),
        note("MDC_ECG_BEAT_V_P_C", "TIME_RELATIVE", Some(("600", "900")), ""),
        note("MDC_ECG_BEAT_NORMAL", "", None, ""),
        note("CANARY", "TIME_RELATIVE", Some(("600", "900")), ""),
    ];
    let marked = [
        "10 - MDC_ECG_WAVC_PWAVE",
        "22 - MDC_ECG_WAVC_QRSWAVE",
        "27 N MDC_ECG_BEAT_NORMAL",
        "60 V MDC_ECG_BEAT_V_P_C",
    ];
    let derived = format!("<derivedSeries>{}</derivedSeries>", wave("MDC_ECG_WAVC_TWAVE", "10", "20"));
    for (clock, head) in [("TIME_ABSOLUTE", "19700101000000"), ("TIME_RELATIVE", "0")] {
        let recording = aecg(clock, head, &(annotations.concat() + &derived));
        assert_eq!(shown(&recording.marks), marked, "{clock}");
        for format in ["wfdb", "edf"] {
            let written = ["10 (", "18 )", "22 (1", "27 N", "32 )1", "60 V"];
            assert_eq!(shown(&again(&recording, format).marks), written, "{clock} as {format}");
        }
    }
    // A set that begins later than what its times count from.
    let late = aecg("TIME_RELATIVE", "0.5", &annotations.concat());
    assert_eq!(shown(&late.marks), ["10 V MDC_ECG_BEAT_V_P_C"]);
}
