//! `cargo xtask eval peers`: other detectors on the signals that `eval peers` wrote, each of them once. They come from public
//! registries into `target/peers`; nothing of them is linked to pqrst.

use std::path::{Path, PathBuf};

use crate::process::{command, find, output, run};
use crate::rust::cargo;
use crate::{project, Result};

/// The detectors in Python, with their versions.
const REQUIREMENTS: &str = "tests/eval/peers/requirements.txt";

/// Installs what is missing and runs all; what is done already is not done again.
pub fn run_all(folder: &Path) -> Result<()> {
    run_crate(folder)?;
    let python = environment(folder)?;
    run(command(python).args(["-B", "-u"]).arg("tests/eval/peers/detect.py").arg(folder))
}

/// The Python of the environment with the detectors.
pub fn environment(folder: &Path) -> Result<PathBuf> {
    let python = python(folder);
    if !python.is_file() {
        let system = find(&["python3", "python3.exe", "python.exe"])
            .ok_or("Python 3 is missing (https://www.python.org)")?;
        run(command(system).args(["-m", "venv"]).arg(folder.join("venv")))?;
    }
    let installed = folder.join("venv/requirements.txt");
    let wanted = project::read(REQUIREMENTS)?;
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }
    run(command(&python).args(["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]))?;
    std::fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(python)
}

/// The environment's Python, whether it is there or not.
pub fn python(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "venv/Scripts/python.exe" } else { "venv/bin/python" })
}

/// The program around the crate `qrs_detector`, built as a package of its own.
pub fn crate_program(folder: &Path) -> Result<PathBuf> {
    let built = folder.join("christov");
    let words =
        ["build", "--release", "--manifest-path", "tests/eval/peers/christov/Cargo.toml", "--target-dir"];
    run(cargo(&words).arg(&built))?;
    Ok(built.join("release").join(format!("christov{}", std::env::consts::EXE_SUFFIX)))
}

fn run_crate(folder: &Path) -> Result<()> {
    run(command(crate_program(folder)?).arg(folder))
}

/// Version of Python 3, if it is there.
pub fn python_version() -> Option<String> {
    output("python3", &["--version"])
}
