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
