//! What every target does with its bytes: takes them for the first file of a record, read to the end by one importer, or
//! for a conversation with one device.

mod conversation;

pub use conversation::converse;

use pqrst::import::{Block, Hints, MemorySource, Source, IMPORTERS};

/// Samples after which a stream is taken for endless enough: gaps may be long.
const MOST_SAMPLES: usize = 1 << 22;

/// Reads `bytes` with the importer of this identifier. Headers of several files find their data in the same bytes.
pub fn read(id: &str, bytes: &[u8]) {
    let importer = IMPORTERS.iter().find(|i| i.id == id).expect("an importer of this name");
    let mut source = MemorySource::new();
    source.insert("r.dat", bytes.to_vec());
    source.insert("r.hea", bytes.to_vec());
    let name = if id == "wfdb" { "r.hea" } else { "r" };
    source.insert(name, bytes.to_vec());
    let _ = (importer.sniff)(bytes);
    let Ok(mut opened) = (importer.open)(&source as &dyn Source, name, &Hints::default()) else { return };
    let mut block = Block::new(opened.leads.len(), None);
    let mut samples = 0;
    while samples < MOST_SAMPLES && matches!(opened.stream.next(&source, &mut block), Ok(true)) {
        for lead in &mut block.leads {
            assert!(lead.iter().all(|v| !v.is_infinite()));
            samples += lead.len();
            lead.clear();
        }
        assert!((0.0..=1.0).contains(&block.progress));
    }
}
