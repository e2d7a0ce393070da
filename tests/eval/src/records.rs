//! Reads reference recordings.

use pqrst::import::wfdb::{read_annotations, read_recording, Annotations};
use pqrst::import::{MemorySource, RecordedLead, Recording};
use std::path::Path;

/// The records of a database that have annotations of this ending; `None` when the database is absent.
pub fn list(folder: &Path, annotator: &str) -> Option<Vec<String>> {
    let list = std::fs::read_to_string(folder.join("RECORDS")).ok()?;
    let annotated = |r: &&str| folder.join(format!("{r}.{annotator}")).exists();
    Some(list.split_whitespace().filter(annotated).map(str::to_owned).collect())
}

/// One lead of a record, the first when no name is given.
pub fn lead(folder: &Path, record: &str, name: Option<&str>) -> Result<RecordedLead, String> {
    recording(folder, record)?.lead(name).cloned().ok_or(format!("{record}: no such lead"))
}

/// All leads of a record.
pub fn recording(folder: &Path, record: &str) -> Result<Recording, String> {
    let files = files(folder, &[format!("{record}.hea"), format!("{record}.dat")])?;
    read_recording(&files, &format!("{record}.hea")).map_err(|e| format!("{record}: {e}"))
}

/// The reference annotations of a record.
pub fn annotations(folder: &Path, record: &str, annotator: &str) -> Result<Annotations, String> {
    let name = format!("{record}.{annotator}");
    let files = files(folder, std::slice::from_ref(&name))?;
    read_annotations(&files, &name).map_err(|e| format!("{name}: {e}"))
}

fn files(folder: &Path, names: &[String]) -> Result<MemorySource, String> {
    let mut files = MemorySource::new();
    for name in names {
        let bytes = std::fs::read(folder.join(name)).map_err(|e| format!("{name}: {e}"))?;
        files.insert(name, bytes);
    }
    Ok(files)
}
