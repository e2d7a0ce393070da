//! The one build tool of pqrst. `cargo xtask` without a word prints what it can do.

mod bench;
mod build;
mod chromium;
mod demo;
mod doctor;
mod locks;
mod node;
mod outcome;
mod panics;
mod peers;
mod process;
mod project;
mod rust;
mod size;
mod test;

use std::process::ExitCode;

/// What goes wrong here is told to a person in one line.
type Result<T> = std::result::Result<T, String>;

const USAGE: &str = "\
cargo xtask demo [--port N]    build everything and serve both pages with their portal on one local address
cargo xtask test [STEP..]      set up and run every test (or the steps named); ends with `N passed, N failed, N skipped`
cargo xtask build              the wasm module, the npm package and the pages
cargo xtask eval [ARGS..]      accuracy on reference recordings; `eval peers` runs other detectors beside
cargo xtask bench              cost of a sample, stage by stage, native and in wasm, beside others
cargo xtask size               raw and gzipped size of each wasm module, against its budget
cargo xtask doctor             what is there, what is missing, and the remedy";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match words.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[] as &[String]),
    };
    let done = match command {
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "build" => build::everything(),
        "eval" => rust::eval(rest),
        "bench" => bench::run_all(rest),
        "size" => size::check(),
        "doctor" => doctor::run(),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("no command `{command}`\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("cargo xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
