//! Files as some programs write them: allowed, or nearly so, and not as the specification's examples look.

use super::goldens::all;
use pqrst::import::{read, ImportError, MemorySource, Recording};

/// Reads one file.
fn one(name: &str, bytes: &[u8]) -> Result<Recording, ImportError> {
    let mut source = MemorySource::new();
    source.insert(name, bytes.to_vec());
    read(&source, name)
}

fn golden(first: &str) -> Vec<u8> {
    all().into_iter().find(|g| g.first == first).expect(first).files.remove(0).1
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|w| w == from).expect("the field");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn an_unused_edf_channel_does_not_cost_the_others() {
    let edf = golden("a.bdf");
    // The second signal becomes a voltage without a range.
    let unused = |low: &str, high: &str| {
        let bytes = replaced(&edf, b"%       ", b"uV      ");
        let bytes = replaced(&bytes, b"-262144 0       ", format!("-262144 {low:<8}").as_bytes());
        replaced(&bytes, b"262143.9100     ", format!("262143.9{high:<8}").as_bytes())
    };
    for (low, high) in [("0", "0"), ("", ""), ("0", "")] {
        let r = one("a.bdf", &unused(low, high)).expect("the other channel");
        assert_eq!(r.leads.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(), ["A1"]);
        assert_eq!(r.leads[0].samples_uv.len(), 4);
    }
    let none = replaced(&unused("0", "0"), b"-262144 ", b"262143.9");
    assert_eq!(one("a.bdf", &none).err().map(|e| e.code()), Some("import.invalid"), "none is left");
}

#[test]
fn digits_of_an_aecg_may_be_cdata_or_hold_references() {
    let text = String::from_utf8(golden("a.xml")).expect("text");
    let samples = |digits: &str| {
        let file = text.replace("4\n5", digits);
        one("a.xml", file.as_bytes()).map(|r| r.leads[1].samples_uv[1..].to_vec()).map_err(|e| e.code())
    };
    for digits in ["<![CDATA[4 5]]>", "4&#10;5", "4&#xD;&#xA;5", "4 <![CDATA[5]]>", "&#52;&#x20;5"] {
        assert_eq!(samples(digits), Ok(vec![21.0, 26.0]), "{digits}");
    }
    for digits in ["4&amp;5", "4&lt;5", "4&#9999999999;5", "4&unknown;5"] {
        assert_eq!(samples(digits), Err("import.invalid"), "{digits}");
    }
}

/// CRC-CCITT bit by bit, over what stands behind it, put in its place.
fn with_checksum(bytes: &mut [u8]) {
    let mut sum = 0xffff_u32;
    for byte in &bytes[2..] {
        for bit in (0..8).rev() {
            let carry = sum >> 15 & 1 ^ u32::from(byte >> bit & 1);
            sum = (sum << 1 & 0xffff) ^ (0x1021 * carry);
        }
    }
    bytes[..2].copy_from_slice(&(sum as u16).to_le_bytes());
}

#[test]
fn the_checksums_of_alivecor_are_told_and_a_wrong_one_is_refused() {
    for name in ["a.atc", "signed.atc"] {
        let mut bytes = golden(name);
        let told =
            one(name, &bytes).expect("sound").leads.iter().map(|l| l.checksum_agrees).collect::<Vec<_>>();
        assert!(!told.is_empty() && told.iter().all(|agrees| *agrees == Some(true)), "{name}: {told:?}");
        // The last sum of the file.
        let last = bytes.len() - 4;
        bytes[last] ^= 1;
        assert!(matches!(one(name, &bytes), Err(ImportError::Invalid { .. })), "{name}");
    }
}

#[test]
fn a_checksum_of_scp_ecg_is_told_and_refuses_nothing() {
    let bare = golden("a.scp");
    let u32_at = |at: usize| u32::from_le_bytes(bare[at..at + 4].try_into().expect("four bytes")) as usize;
    // The pointers behind the header of section 0: first byte and length of sections 1 to 6.
    let place = |i: usize| (u32_at(22 + 10 * i + 6) - 1, u32_at(22 + 10 * i + 2));
    let sections = |bytes: &mut [u8], which: &[usize]| {
        which.iter().map(|i| place(*i)).for_each(|(at, length)| with_checksum(&mut bytes[at..at + length]));
    };
    let expected = one("a.scp", &bare).expect("no checksum at all").leads[0].samples_uv.clone();
    let told = |bytes: &[u8]| {
        let lead = one("a.scp", bytes).expect("readable").leads.remove(0);
        (lead.checksum_agrees, lead.samples_uv == expected)
    };
    assert_eq!(told(&bare), (None, true));
    let mut record = bare.clone();
    with_checksum(&mut record);
    assert_eq!(told(&record), (Some(true), true));
    // The sum of a whole record also tells of what nobody reads.
    let mut damaged = record.clone();
    damaged[place(1).0 + 20] ^= 1;
    assert_eq!(told(&damaged), (Some(false), true), "by the record's alone");
    sections(&mut damaged, &[2, 3, 4, 5, 6]);
    assert_eq!(told(&damaged), (Some(true), true), "those of all sections that are read");
    damaged[place(5).0] = 0;
    damaged[place(5).0 + 1] = 0;
    assert_eq!(told(&damaged), (Some(false), true), "one of them was not made");
    damaged[..2].fill(0xff);
    assert_eq!(told(&damaged), (None, true), "nor that of the record");
    // The last sample, under a sum of its section.
    let mut damaged = bare.clone();
    sections(&mut damaged, &[6]);
    let (at, length) = place(6);
    damaged[at + length - 1] = 0b0001_0000;
    assert_eq!(told(&damaged), (Some(false), false));
    // A record that claims to go beyond its file.
    record[2..6].fill(0xff);
    assert_eq!(told(&record), (Some(false), true));
}
