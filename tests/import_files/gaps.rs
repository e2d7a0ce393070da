//! Gaps that a record is too small for are refused when they are announced; long ones of long records are read.

use pqrst::import::{open, read, Block, Hints, ImportError, MemorySource};

/// Samples of the first lead that come out of a stream, and its end.
fn streamed(source: &MemorySource, name: &str) -> (usize, Result<(), ImportError>) {
    let mut opened = match open(source, name, &Hints::default()) {
        Ok(opened) => opened,
        Err(error) => return (0, Err(error)),
    };
    let mut block = Block::new(opened.leads.len(), Some(0));
    let mut samples = 0;
    loop {
        let more = opened.stream.next(source, &mut block);
        samples += std::mem::take(&mut block.leads[0]).len();
        match more {
            Ok(true) => {}
            Ok(false) => return (samples, Ok(())),
            Err(error) => return (samples, Err(error)),
        }
    }
}

/// A record of segments; each is its name, its frames as announced and its frames as they are, of one byte.
fn segments(rate: u32, parts: &[(&str, u64, usize)]) -> MemorySource {
    let mut source = MemorySource::new();
    let frames: u64 = parts.iter().map(|p| p.1).sum();
    let mut master = format!("m/{} 1 {rate} {frames}\nlayout 0\n", parts.len() + 1);
    source.insert("layout.hea", format!("layout 1 {rate} 0\n~ 0 1/uV 8 0 0 0 0 II\n").into_bytes());
    for (name, announced, there) in parts {
        master += &format!("{name} {announced}\n");
        let header = format!("{name} 1 {rate} {there}\n{name}.dat 80 1/uV 8 0 0 0 0 II\n");
        source.insert(&format!("{name}.hea"), header.into_bytes());
        source.insert(&format!("{name}.dat"), vec![129; *there]);
    }
    source.insert("m.hea", master.into_bytes());
    source
}

#[test]
fn a_gap_that_few_bytes_claim_is_refused_before_it_is_put_out() {
    let week = 6 * 86_400 * 1000;
    let mut csv = MemorySource::new();
    csv.insert("a.csv", b"time_s,II_mV\n0,1\n0.004,2\n0.008,1\n0.012,2\n500000,1\n".to_vec());
    let mut edf =
        super::goldens::all().into_iter().find(|g| g.first == "CANARY.edf").expect("edf").files.remove(0).1;
    let at = edf.windows(12).position(|w| w.starts_with(b"+1.12\x14\x14")).expect("the third record");
    edf[at..at + 9].copy_from_slice(b"+86400\x14\x14\0");
    let mut day = MemorySource::new();
    day.insert("a.edf", edf);
    for (what, source, name) in [
        ("a gap", segments(1000, &[("a", 10, 10), ("~", week, 0), ("b", 10, 10)]), "m.hea"),
        ("a gap in front", segments(1000, &[("~", week, 0), ("b", 10, 10)]), "m.hea"),
        ("many gaps", segments(1000, &[("~", week / 2, 0), ("~", week / 2, 0), ("b", 10, 10)]), "m.hea"),
        ("a segment shorter than announced", segments(1000, &[("a", week, 10)]), "m.hea"),
        ("a jump of the clock", csv, "a.csv"),
        ("a data record a day later", day, "a.edf"),
    ] {
        let (samples, end) = streamed(&source, name);
        assert_eq!(end.map_err(|e| e.code()), Err("import.tooLarge"), "{what}");
        assert!(samples < 1 << 22, "{what}: {samples} samples");
        assert_eq!(read(&source, name).err().map(|e| e.code()), Some("import.tooLarge"), "{what}");
    }
}

#[test]
fn long_gaps_of_long_records_are_read() {
    let hour = 3600 * 250;
    // A monitor that was started ten hours before it was put on.
    let source = segments(250, &[("~", 10 * hour, 0), ("a", 2 * hour, 2 * hour as usize)]);
    let (samples, end) = streamed(&source, "m.hea");
    assert_eq!((samples as u64, end), (12 * hour, Ok(())));
    let recording = read(&source, "m.hea").expect("the whole record");
    let there = recording.leads[0].samples_uv.iter().filter(|v| !v.is_nan()).count();
    assert_eq!(there as u64, 2 * hour);
    // Four hours fit into any record.
    let source = segments(250, &[("a", 10, 10), ("~", 4 * hour, 0), ("b", 10, 10)]);
    assert_eq!(streamed(&source, "m.hea"), (4 * hour as usize + 20, Ok(())));
}
