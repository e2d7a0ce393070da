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

/// The one lead of a recording in a MATLAB file.
pub fn matlab(folder: &Path, record: &str) -> Result<RecordedLead, String> {
    let name = format!("{record}.mat");
    let files = files(folder, std::slice::from_ref(&name))?;
    let recording = pqrst::import::read(&files, &name).map_err(|e| format!("{record}: {e}"))?;
    recording.lead(None).cloned().ok_or(format!("{record}: no lead"))
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

/// The recordings of CinC Challenge 2011 in one of its lists, with their names.
pub fn twelve_leads(data: &Path, list: &str) -> Result<Vec<(String, Recording)>, String> {
    let data = data.join("cinc2011");
    let folder = unpacked(&data, "set-a_half.tar.xz")?;
    let names = std::fs::read_to_string(data.join(list)).map_err(|e| format!("{list}: {e}"))?;
    names.split_whitespace().map(|name| Ok((name.to_owned(), recording(&folder, name)?))).collect()
}

/// A folder with what an archive holds, unpacked once beside other temporary files.
pub fn unpacked(folder: &Path, archive: &str) -> Result<std::path::PathBuf, String> {
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let target = std::env::temp_dir().join(format!("pqrst-eval-{name}"));
    if target.join("complete").exists() {
        return Ok(target);
    }
    std::fs::create_dir_all(&target).map_err(|e| e.to_string())?;
    let archive = folder.join(archive);
    let status = std::process::Command::new("tar").arg("xf").arg(&archive).arg("-C").arg(&target).status();
    if !status.is_ok_and(|s| s.success()) {
        return Err(format!("cannot unpack {}", archive.display()));
    }
    std::fs::write(target.join("complete"), "").map_err(|e| e.to_string())?;
    Ok(target)
}
