//! `cargo xtask build`: Rust to WebAssembly, to the npm package, to the pages.

use std::fs;
use std::path::PathBuf;

use crate::panics::Texts;
use crate::process::{command, run};
use crate::rust::{cargo, cargo_wasm, NATIVE, WASM};
use crate::{node, panics, project, rust, size, Result};

/// The folder of the built module: `pqrst.js`, `pqrst.d.ts`, `pqrst_bg.wasm`.
pub fn wasm_folder() -> PathBuf {
    project::root().join("pkg/dist/wasm")
}

/// Installs what is missing and can be installed.
pub fn tools() -> Result<()> {
    rust::ensure_wasm_target()?;
    rust::ensure_bindgen()?;
    node::ensure_modules()
}

/// Everything a browser gets, with the sizes at the end.
pub fn everything() -> Result<()> {
    tools()?;
    wasm()?;
    package()?;
    pages()?;
    size::check()
}

/// The wasm modules with their JavaScript glue and types, optimised for their size on the wire.
pub fn wasm() -> Result<()> {
    MODULES.iter().try_for_each(|(name, features)| module(name, features))?;
    run(cargo(&["run", "--profile", NATIVE, "--package", "weights", "--"]).arg(wasm_folder().join(WEIGHTS)))
}

/// The fitted models of the main module, in a file beside it.
const WEIGHTS: &str = "pqrst_weights.bin";

/// The module that every page loads.
const MAIN: &str = "pqrst";

/// The modules that are built from the one library: their name and the features that select them.
pub const MODULES: [(&str, &[&str]); 6] = [
    (MAIN, &["--features", "apart"]),
    ("pqrst_results", &["--features", "results"]),
    ("pqrst_tools", &["--features", "tools"]),
    ("pqrst_records", &["--features", "records"]),
    ("pqrst_files", &["--features", "files"]),
    ("pqrst_devices", &["--features", "devices"]),
];

fn module(name: &str, features: &[&str]) -> Result<()> {
    let words = ["build", "--release", "--package", "pqrst", "--lib", "--target", WASM];
    run(cargo_wasm(&words).args(features))?;
    let built = project::target().join(WASM).join("release/pqrst.wasm");
    let folder = wasm_folder();
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    run(command("wasm-bindgen")
        .args(["--target", "web", "--out-name", name, "--out-dir"])
        .arg(&folder)
        .arg(&built))?;
    let texts = if name == MAIN { Texts::Cut } else { Texts::Kept };
    optimise(&folder.join(format!("{name}_bg.wasm")), texts)
}

/// Panics made traps, then `wasm-opt`, in place: flattened first, which finds one gzipped
/// kilobyte more, and neighbours by name, whose likeness gzip sees (1.8 kB less than by use). The features are those that rustc uses for this target and every browser with Web Bluetooth has.
pub fn optimise(module: &PathBuf, texts: Texts) -> Result<()> {
    let failed = |error: std::io::Error| format!("{}: {error}", module.display());
    let bytes = panics::into_traps(&fs::read(module).map_err(failed)?, texts)?;
    fs::write(module, bytes).map_err(failed)?;
    let program = project::root().join("node_modules/.bin/wasm-opt");
    let smaller = module.with_extension("opt");
    run(command(program)
        .args([
            "--flatten",
            "--rereloop",
            "-Oz",
            "-Oz",
            "--reorder-functions-by-name",
            // The stack begins at address 0 and grows down to it: its last kilobyte belongs to a program that overflows.
            "--low-memory-unused",
            "--strip-producers",
            "--strip-debug",
            "--enable-bulk-memory",
            "--enable-nontrapping-float-to-int",
        ])
        .args(["--enable-sign-ext", "--enable-mutable-globals", "--enable-reference-types"])
        .args(["--enable-multivalue", "--enable-simd", "-o"])
        .arg(&smaller)
        .arg(module))?;
    fs::rename(&smaller, module).map_err(failed)
}

/// The npm package `pqrst` around the module.
pub fn package() -> Result<()> {
    run(&mut node::npm(&["run", "build", "--workspace", "pqrst"]))
}

/// The two pages.
pub fn pages() -> Result<()> {
    run(&mut node::npm(&["run", "build", "--workspace", "www"]))
}

/// The portal; returns the program.
pub fn portal() -> Result<PathBuf> {
    run(&mut cargo(&["build", "--profile", NATIVE, "--package", "portal"]))?;
    Ok(project::target().join(NATIVE).join(format!("portal{}", std::env::consts::EXE_SUFFIX)))
}
