//! Where things are in the project.

use std::path::{Path, PathBuf};

/// The project's root: the folder above this crate.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's output folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Reference recordings, where the tests look for them: `PQRST_DATA`, else `../shared/data`.
pub fn recordings() -> Option<PathBuf> {
    let named = std::env::var_os("PQRST_DATA").unwrap_or_else(|| "../shared/data".into());
    Some(root().join(named)).filter(|folder| folder.join("mitdb").is_dir())
}

/// The version of a package as Cargo.lock pins it.
pub fn locked_version(package: &str) -> crate::Result<String> {
    let lock = read("Cargo.lock")?;
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name).ok_or_else(|| format!("Cargo.lock has no {package}"))?;
    let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).ok_or_else(|| format!("Cargo.lock states no version of {package}"))
}

/// The text of a file below the root.
pub fn read(file: &str) -> crate::Result<String> {
    std::fs::read_to_string(root().join(file)).map_err(|error| format!("{file}: {error}"))
}
