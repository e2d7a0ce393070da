//! Cargo, the wasm32 target, and `wasm-bindgen` of exactly the locked version.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{command, output, run};
use crate::{peers, project, Result};

/// The target of the browser module.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The profile of everything that runs on this machine: optimised and checked, without the long link of a release.
pub const NATIVE: &str = "native";

/// Cargo with the words given.
pub fn cargo(words: &[&str]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(words);
    cargo
}

/// Cargo for the browser. The flags are given here because an outer `RUSTFLAGS` replaces those of
/// `.cargo/config.toml`; paths of this machine are kept out of the module.
pub fn cargo_wasm(words: &[&str]) -> Command {
    let outer = std::env::var("RUSTFLAGS").unwrap_or_default();
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .unwrap_or_default();
    let mut flags =
        vec![outer, "--cfg=web_sys_unstable_apis".to_owned(), "-Ctarget-feature=+simd128".to_owned()];
    flags.push(format!("--remap-path-prefix={}=pqrst", project::root().display()));
    if !home.is_empty() {
        flags.push(format!("--remap-path-prefix={home}=cargo"));
    }
    let mut cargo = cargo(words);
    cargo.env("RUSTFLAGS", flags.join(" ").trim()).env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
}

/// Whether the standard library for the browser is installed.
pub fn has_wasm_target() -> bool {
    let Some(sysroot) = output("rustc", &["--print", "sysroot"]) else { return false };
    PathBuf::from(sysroot).join("lib/rustlib").join(WASM).join("lib").is_dir()
}

/// Adds the wasm32 target when it is missing.
pub fn ensure_wasm_target() -> Result<()> {
    if has_wasm_target() {
        return Ok(());
    }
    run(command("rustup").args(["target", "add", WASM]))
        .map_err(|why| format!("{why}; install the target {WASM} for this toolchain by hand"))
}

/// The project's own copy of `wasm-bindgen-cli`, where one was installed.
pub fn bindgen_folder() -> Option<PathBuf> {
    let version = project::locked_version("wasm-bindgen").ok()?;
    Some(project::target().join("tools").join(format!("wasm-bindgen-{version}"))).filter(|p| p.is_dir())
}

/// The version of the `wasm-bindgen` that would be run.
pub fn bindgen_version() -> Option<String> {
    let answer = output("wasm-bindgen", &["--version"])?;
    answer.split_whitespace().nth(1).map(str::to_owned)
}

/// Installs `wasm-bindgen-cli` of exactly the locked version, below `target/`, unless it is there.
pub fn ensure_bindgen() -> Result<()> {
    let version = project::locked_version("wasm-bindgen")?;
    if bindgen_version().as_deref() == Some(&version) {
        return Ok(());
    }
    let folder = project::target().join("tools").join(format!("wasm-bindgen-{version}"));
    let wanted = format!("={version}");
    // Not --locked: the tool's own lock file may name versions that a registry has withdrawn.
    let mut install = cargo(&["install", "wasm-bindgen-cli", "--version", &wanted, "--root"]);
    run(install.arg(&folder)).map_err(|why| format!("{why}; wasm-bindgen-cli {version} is needed"))
}

/// `cargo xtask eval`: accuracy on reference recordings.
pub fn eval(args: &[String]) -> Result<()> {
    let peers = project::target().join("peers");
    let words = ["run", "--profile", NATIVE, "--package", "eval", "--"];
    let (what, rest) = args.split_at(args.len().min(1));
    let mut eval = cargo(&words);
    eval.args(what);
    if !what.is_empty() {
        eval.arg("--peers").arg(&peers);
    }
    run(eval.args(rest))?;
    match what.first().map(String::as_str) {
        Some("peers") => peers::run_all(&peers),
        _ => Ok(()),
    }
}
