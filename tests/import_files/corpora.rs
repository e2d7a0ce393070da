//! Every file that fuzzing kept is read again.

use pqrst::import::{read, MemorySource, IMPORTERS};
use std::path::Path;

#[test]
fn what_fuzzing_kept_is_read_without_harm() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let mut files = 0;
    for importer in IMPORTERS {
        let folder = corpora.join(importer.id);
        for entry in
            std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())).flatten()
        {
            let bytes = std::fs::read(entry.path()).expect("a file");
            let mut source = MemorySource::new();
            let ending = importer.extensions.first().unwrap_or(&"csv");
            let name = format!("r.{ending}");
            // A header finds its data in itself: what matters is that nothing breaks.
            source.insert("r.dat", bytes.clone());
            source.insert(&name, bytes);
            if let Ok(recording) = read(&source, &name) {
                assert!(
                    recording.leads.iter().all(|l| l.samples_uv.iter().all(|v| !v.is_infinite())),
                    "{}",
                    entry.path().display()
                );
            }
            files += 1;
        }
    }
    assert!(files >= IMPORTERS.len(), "a corpus for every importer");
}
