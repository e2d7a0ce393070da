//! `cargo xtask size`: what each wasm module, and the file of weights, weighs on the wire.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{write::GzEncoder, Compression};

use crate::{build, Result};

/// A module is downloaded before a test can start, often over a phone's network.
const BUDGET_BYTES: usize = 150_000;

/// Prints raw and gzipped sizes of every built module and of the weights; an error when one is above its budget.
pub fn check() -> Result<()> {
    let folder = build::wasm_folder();
    let modules = modules_in(&folder)?;
    if modules.is_empty() {
        return Err(format!("no wasm module in {}: `cargo xtask build` first", folder.display()));
    }
    let mut too_big = Vec::new();
    for module in modules {
        let name = module.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = fs::read(&module).map_err(|error| format!("{name}: {error}"))?;
        let zipped = gzipped(&bytes)?;
        println!("size {name}: {} bytes raw, {zipped} bytes gzipped, budget {BUDGET_BYTES}", bytes.len());
        if zipped > BUDGET_BYTES {
            too_big.push(format!("{name} is {zipped} bytes gzipped, above {BUDGET_BYTES}"));
        }
    }
    if too_big.is_empty() {
        return Ok(());
    }
    Err(too_big.join("; "))
}

fn modules_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("{}: {error}; `cargo xtask build` first", folder.display()))?;
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut modules: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "wasm" || e == "bin")).collect();
    modules.sort();
    Ok(modules)
}

/// Size after gzip at its best level, as a web server sends it.
fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map(|out| out.len()).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_weighs_little_and_noise_its_full_size() {
        assert!(gzipped(&[7; 100_000]).unwrap() < 500);
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(100_000)
        .collect();
        assert!(gzipped(&noise).unwrap() > 99_000);
    }
}
