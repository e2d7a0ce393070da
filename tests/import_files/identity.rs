//! What tells whose record it is does not come out of a reader, nor of a writer.

use super::goldens::all;
use pqrst::export::local::WRITERS;
use pqrst::import::read;

#[test]
fn no_name_date_or_identifier_leaves_a_file() {
    for golden in all() {
        let raw: Vec<u8> = golden.files.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let told =
            |bytes: &[u8]| bytes.windows(6).any(|w| w == b"CANARY") || bytes.windows(4).any(|w| w == b"1970");
        let recording = read(&golden.source(), golden.first).expect(golden.first);
        let seen = format!("{recording:?}{:?}", recording.leads.iter().map(|l| &l.name).collect::<Vec<_>>());
        let marks: Vec<&str> = recording.marks.iter().map(|m| m.text.as_str()).collect();
        assert!(!told(seen.as_bytes()) && !told(marks.concat().as_bytes()), "{}", golden.first);
        for writer in WRITERS {
            for (name, bytes) in (writer.write)(&recording, "record").expect(writer.id).files {
                assert!(!told(&bytes) && !told(name.as_bytes()), "{} as {}", golden.first, writer.id);
            }
        }
        // The word is there to be found, where the format has room for it.
        assert!(
            told(&raw)
                || ["matlab", "csv", "dicom"].contains(&golden.importer)
                || golden.first == "implicit.dcm",
            "{}",
            golden.first
        );
    }
}

#[test]
fn a_label_that_is_no_lead_is_not_written() {
    let golden = all().into_iter().find(|g| g.first == "rate.csv").expect("columns");
    let mut recording = read(&golden.source(), golden.first).expect("columns");
    recording.leads[0].name = "John Q. Public".to_owned();
    recording.marks.push(pqrst::import::Mark {
        at: pqrst::units::Seconds(0.0),
        duration: None,
        code: None,
        number: 0,
        text: "Public, John".to_owned(),
    });
    for writer in WRITERS {
        let files = (writer.write)(&recording, "record").expect(writer.id).files;
        let text: Vec<u8> = files.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert!(!text.windows(6).any(|w| w == b"Public"), "{}", writer.id);
        assert!(text.windows(5).any(|w| w == b"lead1"), "{}", writer.id);
    }
}
