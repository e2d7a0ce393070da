//! Cut and altered files end in a value or an error with a code, and claim no memory they have no bytes for.

use super::goldens::{all, Golden};
use pqrst::import::{open, read, Hints, MemorySource, Source};

/// Altered files of each golden.
const ALTERED: u64 = 600;

/// Samples that a file of some kilobytes may stand for: gaps are filled up to this.
const MOST_SAMPLES: usize = 1 << 24;

/// The same numbers at every run (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize) % below.max(1)
    }
}

/// Reads a golden whose first or second file was altered.
pub fn try_read(golden: &Golden, altered: usize, bytes: Vec<u8>) {
    let mut source = golden.source();
    source.insert(golden.files[altered].0, bytes);
    match read(&source, golden.first) {
        Ok(recording) => {
            let samples: usize = recording.leads.iter().map(|l| l.samples_uv.len()).sum();
            assert!(samples <= MOST_SAMPLES, "{}: {samples} samples", golden.first);
            assert!(
                recording.leads.iter().all(|l| l.samples_uv.iter().all(|v| !v.is_infinite())),
                "{}",
                golden.first
            );
            assert!(recording.marks.iter().all(|m| m.at.0.is_finite()), "{}", golden.first);
        }
        Err(error) => assert!(error.code().starts_with("import."), "{}", golden.first),
    }
}

#[test]
fn files_cut_anywhere() {
    for golden in all() {
        for (i, (_, bytes)) in golden.files.iter().enumerate() {
            (0..bytes.len()).for_each(|end| try_read(&golden, i, bytes[..end].to_vec()));
        }
    }
}

#[test]
fn files_altered_anywhere() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for golden in all() {
        for (i, (_, bytes)) in golden.files.iter().enumerate() {
            for _ in 0..ALTERED {
                let mut altered = bytes.clone();
                for _ in 0..=random.next(4) {
                    let at = random.next(altered.len());
                    match random.next(4) {
                        0 => altered[at] ^= 1 << random.next(8),
                        1 => altered[at] = [0, 0xff, 0x7f, 0x80, b'9', b'-', b',', b' '][random.next(8)],
                        2 => drop(
                            altered.splice(at..at, bytes[random.next(bytes.len())..].iter().take(9).copied()),
                        ),
                        _ => drop(altered.drain(at..(at + random.next(9)).min(altered.len()))),
                    }
                    if altered.is_empty() {
                        break;
                    }
                }
                try_read(&golden, i, altered);
            }
        }
    }
}

/// Headers that claim 2^60 samples, or as much as their fields can say.
#[test]
fn claims_without_bytes_are_refused_at_once() {
    let goldens = all();
    let golden = |importer: &str, first: &str| {
        goldens
            .iter()
            .find(|g| g.importer == importer && (first.is_empty() || g.first == first))
            .expect(importer)
    };
    let replaced = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|w| w == from).expect("the field");
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let code = |first: &str, name: &str, bytes: Vec<u8>, others: &[(&'static str, Vec<u8>)]| {
        let mut source = MemorySource::new();
        others.iter().for_each(|(name, bytes)| source.insert(name, bytes.clone()));
        source.insert(name, bytes);
        read(&source, first).err().map(|e| e.code())
    };
    let edf = golden("edf", "CANARY.edf");
    let many = replaced(&edf.files[0].1, b"3       0.05    ", b"999999990.05    ");
    assert_eq!(code("a.edf", "a.edf", many, &[]), Some("import.truncated"));
    let late = replaced(&edf.files[0].1, b"+1.12\x14\x14\0\0\0\0\0\0", b"+99999999\x14\x14\0\0");
    assert_eq!(code("a.edf", "a.edf", late, &[]), Some("import.invalid"), "a gap of three years");
    let day = replaced(&edf.files[0].1, b"+1.12\x14\x14\0\0", b"+86400\x14\x14\0");
    assert_eq!(
        code("a.edf", "a.edf", day, &[]),
        Some("import.tooLarge"),
        "a gap of a day in a file of a second"
    );
    let wfdb = golden("wfdb", "");
    let many = replaced(&wfdb.files[0].1, b"100 3 ", b"100 1152921504606846976 ");
    assert_eq!(code("r.hea", "r.hea", many, &wfdb.files), Some("import.truncated"));
    let ishne = golden("ishne", "");
    let many = replaced(&ishne.files[0].1, &[3, 0, 0, 0, 10, 2, 0, 0], &[255, 255, 255, 255, 10, 2, 0, 0]);
    assert_eq!(code("a.ecg", "a.ecg", many, &[]), Some("import.truncated"));
    let matlab = golden("matlab", "");
    let many = replaced(&matlab.files[0].1, &[1, 0, 0, 0, 3, 0, 0, 0], &[60, 0, 0, 0, 255, 255, 255, 255]);
    assert_eq!(code("a.mat", "a.mat", many, &[]), Some("import.truncated"));
    let many = replaced(&matlab.files[0].1, &[1, 0, 0, 0, 3, 0, 0, 0], &[1, 0, 0, 0, 255, 255, 255, 255]);
    assert_eq!(code("a.mat", "a.mat", many, &[]), Some("import.truncated"));
    let dicom = golden("dicom", "a.dcm");
    let many = replaced(&dicom.files[0].1, b"\x10\0UL\x04\0\x02\0\0\0", b"\x10\0UL\x04\0\xff\xff\xff\xff");
    assert_eq!(code("a.dcm", "a.dcm", many, &[]), Some("import.truncated"));
    let scp = golden("scp-ecg", "");
    let many = replaced(&scp.files[0].1, &[1, 0, 0, 0, 6, 0, 0, 0, 2], &[1, 0, 0, 0, 255, 255, 255, 255, 2]);
    assert_eq!(code("a.scp", "a.scp", many, &[]), Some("import.invalid"));
}

/// Any size of block gives the same samples: one lead alone, all at once, and a source that hands out what it likes.
#[test]
fn a_lead_read_alone_is_the_same() {
    for golden in all() {
        let source = golden.source();
        let whole = read(&source, golden.first).expect(golden.first);
        for (i, lead) in whole.leads.iter().enumerate() {
            let mut opened = open(&source, golden.first, &Hints::default()).expect(golden.first);
            let mut block = pqrst::import::Block::new(opened.leads.len(), Some(i));
            while opened.stream.next(&source, &mut block).expect(golden.first) {}
            assert!(super::goldens::same(&block.leads[i], &lead.samples_uv), "{}", golden.first);
            assert!(block.leads.iter().enumerate().all(|(j, l)| j == i || l.is_empty()), "{}", golden.first);
            assert!((0.0..=1.0).contains(&block.progress), "{}", golden.first);
        }
    }
}

/// A source that fails after some reads: the error comes through, nothing hangs.
struct Failing {
    inner: MemorySource,
    left: std::cell::Cell<u32>,
}

impl Source for Failing {
    fn size(&self, name: &str) -> Result<u64, pqrst::import::ImportError> {
        self.inner.size(name)
    }

    fn read(&self, name: &str, offset: u64, len: usize) -> Result<Vec<u8>, pqrst::import::ImportError> {
        let left = self.left.get().checked_sub(1);
        self.left.set(left.ok_or(pqrst::import::ImportError::Unreadable { name: name.to_owned() })?);
        self.inner.read(name, offset, len)
    }
}

#[test]
fn a_source_that_fails_is_told_of() {
    for golden in all() {
        for reads in 0..4 {
            let source = Failing { inner: golden.source(), left: std::cell::Cell::new(reads) };
            if let Err(error) = read(&source, golden.first) {
                assert_eq!(error.code(), "import.unreadable", "{}", golden.first);
            }
        }
    }
}
