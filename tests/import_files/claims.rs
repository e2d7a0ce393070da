//! Whatever a header claims, memory stays small: every field of every golden claims as much as it can.

use super::goldens::{all, Golden};
use pqrst::import::read;

/// Memory that a file of some kilobytes may take at most while it is read, bytes. What is held at once are gaps, which
/// are filled up to a limit.
const MOST_BYTES: u64 = 32 << 20;

/// Most memory held at once while an altered golden is read, bytes.
fn peak(golden: &Golden, altered: usize, bytes: &[u8]) -> u64 {
    let mut source = golden.source();
    source.insert(golden.files[altered].0, bytes.to_vec());
    let counted = allocation_counter::measure(|| {
        let _ = read(&source, golden.first);
    });
    counted.bytes_max
}

/// The file with every field that may be a number at its largest, one at a time.
fn claims(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    // Binary fields of two, four and eight bytes, in both orders; a sign is left out.
    for largest in [&[0xff, 0x7f][..], &[0x7f, 0xff], &[0xff, 0xff, 0xff, 0x7f], &[0x7f, 0xff, 0xff, 0xff]] {
        for at in 0..bytes.len().min(1500).saturating_sub(largest.len()) {
            let mut claim = bytes.to_vec();
            claim[at..at + largest.len()].copy_from_slice(largest);
            all.push(claim);
        }
    }
    // Numbers in text, as they stand and of nineteen digits.
    let mut at = 0;
    while at < bytes.len().min(4000) {
        let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 {
            let nines = |n: usize| [&bytes[..at], &vec![b'9'; n], &bytes[at + digits..]].concat();
            all.extend([nines(digits), nines(19)]);
        }
        at += digits.max(1);
    }
    all
}

#[test]
fn no_claim_takes_memory_that_the_file_has_no_bytes_for() {
    let mut worst = (0, "");
    for golden in all() {
        for (i, (name, bytes)) in golden.files.iter().enumerate() {
            for claim in claims(bytes) {
                let took = peak(&golden, i, &claim);
                assert!(took < MOST_BYTES, "{name}: {took} bytes for a file of {}", claim.len());
                worst = worst.max((took, golden.importer));
            }
        }
    }
    println!("at most {} bytes at once, by {}", worst.0, worst.1);
}
