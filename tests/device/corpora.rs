//! Every conversation that fuzzing kept is held again.

// The fuzzing targets are a workspace of their own; what they do with their bytes is here.
#[path = "../fuzz/src/conversation.rs"]
mod conversation;

use crate::host::{ramp, usual_choice, Host};
use conversation::{converse, id};
use pqrst::device::{AdapterRow, ADAPTERS};
use pqrst::simulate::{Options, VirtualKind};
use std::path::{Path, PathBuf};

/// Messages of a virtual device that a seed holds.
const MESSAGES: usize = 12;

fn corpus(row: &AdapterRow) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(id(row))
}

/// The beginning of what a virtual device says, as moves.
fn seed(row: &AdapterRow) -> Vec<u8> {
    let kind = VirtualKind::ALL.iter().find(|kind| kind.services().contains(&row.service)).unwrap();
    let mut host = Host::new(*kind, &ramp(8.0, 250.0), 250.0, Options::default()).choosing(&usual_choice());
    host.connect();
    host.run(6.0);
    let mut moves = vec![0b0001_1011];
    let mut told = 0;
    for (characteristic, bytes) in host.heard {
        let place = row.characteristics.iter().position(|known| *known == characteristic);
        if let Some(place) = place.filter(|_| told < MESSAGES && bytes.len() < 256) {
            moves.extend([(place as u8) << 4 | 8, bytes.len() as u8]);
            moves.extend(bytes);
            told += 1;
        }
    }
    moves
}

/// Fuzzing starts from the virtual devices. `PQRST_WRITE_SEEDS` writes the seeds anew after one has changed.
#[test]
fn every_virtual_device_is_a_seed() {
    for row in ADAPTERS {
        let (file, seed) = (corpus(row).join("seed"), seed(row));
        if std::env::var_os("PQRST_WRITE_SEEDS").is_some() {
            std::fs::create_dir_all(corpus(row)).expect("a folder");
            std::fs::write(&file, &seed).expect("a seed");
        }
        let kept = std::fs::read(&file).unwrap_or_default();
        assert!(kept == seed, "{} differs from its virtual device", file.display());
    }
}

#[test]
fn every_row_has_a_target() {
    let manifest = include_str!("../fuzz/Cargo.toml");
    for row in ADAPTERS {
        assert!(manifest.contains(&format!("name = \"{}\"", id(row))), "{} is not fuzzed", id(row));
    }
}

#[test]
fn what_fuzzing_kept_is_heard_without_harm() {
    for row in ADAPTERS {
        let folder = corpus(row);
        let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for entry in files.flatten() {
            converse(&id(row), &std::fs::read(entry.path()).expect("a file"));
        }
    }
}
