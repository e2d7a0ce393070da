//! `weights FILE` writes what the main wasm module leaves out: the numbers of the fitted models.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: weights FILE");
        return ExitCode::from(2);
    };
    match std::fs::write(&path, pqrst::weights::file(pqrst::pipeline::WEIGHTS)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{path}: {why}");
            ExitCode::FAILURE
        }
    }
}
