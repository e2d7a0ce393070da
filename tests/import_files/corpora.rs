//! Every file that fuzzing kept is read again.

use super::goldens::all;
use pqrst::import::{read, MemorySource, IMPORTERS};
use std::path::{Path, PathBuf};

fn corpus(importer: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(importer)
}

/// Fuzzing starts from the goldens. `PQRST_WRITE_SEEDS` writes them anew after a golden has changed.
#[test]
fn every_golden_is_a_seed() {
    for golden in all() {
        let folder = corpus(golden.importer);
        let seed = folder.join(format!("seed-{}", golden.first.to_lowercase().replace("canary", "a")));
        if std::env::var_os("PQRST_WRITE_SEEDS").is_some() {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&seed, &golden.files[0].1).expect("a seed");
        }
        let kept = std::fs::read(&seed).unwrap_or_default();
        assert!(kept == golden.files[0].1, "{} differs from its golden", seed.display());
    }
}

#[test]
fn what_fuzzing_kept_is_read_without_harm() {
    let mut files = 0;
    for importer in IMPORTERS {
        let folder = corpus(importer.id);
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
