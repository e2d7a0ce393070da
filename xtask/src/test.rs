//! `cargo xtask test`: sets up and runs everything, goes on after a failure, and says at the end what was proved.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::outcome::{self, Outcome, Transcript};
use crate::process::{command, output, run_seen};
use crate::rust::{cargo, cargo_wasm, NATIVE, WASM};
use crate::{build, chromium, locks, node, project, size, Result};

type Step = (&'static str, fn(&mut Transcript) -> Result<()>);

const STEPS: [Step; 15] = [
    ("tools", tools),
    ("format", format),
    ("lint", lint),
    ("lint-wasm", lint_wasm),
    ("trees", trees),
    ("locks", |_| locks::check()),
    ("native", native),
    ("build", |_| build::wasm().and_then(|()| build::package()).and_then(|()| build::pages())),
    ("size", |_| size::check()),
    ("types", types),
    ("units-js", units_js),
    ("units-wasm", units_wasm),
    ("driver", |seen| observed(seen, &mut node_tests("tests/driver")?)),
    ("packaging", packaging),
    ("browser", browser),
];

/// Runs all steps, or those named.
pub fn run(wanted: &[String]) -> Result<()> {
    let known = |word: &String| STEPS.iter().any(|(name, _)| name == word);
    if let Some(word) = wanted.iter().find(|word| !known(word)) {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(format!("no step `{word}`; there are {}", names.join(", ")));
    }
    let mut outcomes = Vec::new();
    for (name, step) in STEPS {
        if !wanted.is_empty() && !wanted.iter().any(|word| word == name) {
            continue;
        }
        println!("\n== {name}");
        let mut seen = Transcript::default();
        let started = Instant::now();
        let error = step(&mut seen).err();
        error.iter().for_each(|why| println!("{why}"));
        outcomes.push(Outcome::new(name, seen, error, started.elapsed()));
    }
    if outcome::print(&outcomes) {
        return Ok(());
    }
    std::process::exit(1) // the counts stay the last line
}

fn tools(seen: &mut Transcript) -> Result<()> {
    chromium::ensure();
    if project::recordings().is_none() {
        skip(seen, "reference recordings are absent: what they prove is listed by each test");
    }
    build::tools()
}

fn skip(seen: &mut Transcript, what: &str) {
    let line = format!("SKIPPED {what}");
    println!("{line}");
    seen.see(&line);
}

fn observed(seen: &mut Transcript, command: &mut Command) -> Result<()> {
    command.env("NO_COLOR", "1").env("CARGO_TERM_COLOR", "never");
    run_seen(command, |line| seen.see(line))
}

fn format(seen: &mut Transcript) -> Result<()> {
    observed(seen, &mut cargo(&["fmt", "--all", "--check"]))
}

fn lint(seen: &mut Transcript) -> Result<()> {
    let words = ["clippy", "--workspace", "--all-targets", "--profile", NATIVE, "--", "-D", "warnings"];
    observed(seen, &mut cargo(&words))
}

fn lint_wasm(seen: &mut Transcript) -> Result<()> {
    let words = ["clippy", "--package", "pqrst", "--lib", "--release", "--target", WASM];
    build::MODULES.iter().try_for_each(|(_, features)| {
        observed(seen, cargo_wasm(&words).args(*features).args(["--", "-D", "warnings"]))
    })
}

/// The portal has no browser in it, and the browser no server.
fn trees(_: &mut Transcript) -> Result<()> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let tree = |args: &[&str], strange: &str| {
        let all = [&["tree", "--edges", "normal", "--prefix", "none", "--package"], args].concat();
        let tree = output(&program, &all).ok_or_else(|| format!("`cargo {}` failed", all.join(" ")))?;
        println!("{} crates in `cargo {}`", tree.lines().count(), all.join(" "));
        let name = |line: &str| line.split_whitespace().next().unwrap_or_default() == strange;
        if tree.lines().any(name) {
            return Err(format!("`cargo {}` has {strange}", all.join(" ")));
        }
        Ok(())
    };
    tree(&["portal"], "wasm-bindgen")?;
    tree(&["pqrst", "--target", WASM], "tokio")
}

fn native(seen: &mut Transcript) -> Result<()> {
    // Captured output is shown so that a test which proved nothing can say so.
    let words = ["test", "--workspace", "--profile", NATIVE, "--no-fail-fast", "--", "--show-output"];
    observed(seen, &mut cargo(&words))
}

fn types(seen: &mut Transcript) -> Result<()> {
    observed(seen, &mut node::npm(&["run", "check", "--workspaces", "--if-present"]))
}

fn units_js(seen: &mut Transcript) -> Result<()> {
    observed(seen, &mut node::npm(&["run", "test", "--workspace", "pqrst"]))?;
    observed(seen, &mut node::npm(&["run", "test", "--workspace", "www"]))
}

/// Rust tests that need a browser, in headless Chromium (`webdriver.json`).
fn units_wasm(seen: &mut Transcript) -> Result<()> {
    let targets = browser_test_targets()?;
    if targets.is_empty() {
        return Err("no Rust test runs in the browser".to_owned());
    }
    let Some(driver) = chromium::driver() else {
        skip(
            seen,
            &format!("no chromedriver: the wasm classes in a browser are unproved; {}", chromium::REMEDY),
        );
        return Ok(());
    };
    let mut test = cargo_wasm(&["test", "--package", "pqrst", "--target", WASM]);
    observed(seen, test.args(targets).env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_TIMEOUT", "120"))
}

/// `--test NAME` for each file of tests/ that runs in a browser, and `--lib` when the library has such tests.
fn browser_test_targets() -> Result<Vec<String>> {
    let mut targets = Vec::new();
    if has_browser_tests(&project::root().join("src")) {
        targets.push("--lib".to_owned());
    }
    for entry in fs::read_dir(project::root().join("tests")).map_err(|e| e.to_string())?.flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "rs") && has_browser_tests(&path) {
            targets.extend(["--test".to_owned(), name]);
        }
    }
    Ok(targets)
}

fn has_browser_tests(path: &Path) -> bool {
    if path.is_file() {
        return fs::read_to_string(path).is_ok_and(|text| text.contains("#[wasm_bindgen_test]"));
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| has_browser_tests(&path))
}

fn packaging(seen: &mut Transcript) -> Result<()> {
    observed(seen, &mut node_tests("tests/packaging")?)
}

fn browser(seen: &mut Transcript) -> Result<()> {
    let portal = build::portal()?;
    observed(seen, node_tests("tests/browser")?.env("PORTAL_BIN", portal))
}

/// `node --test` on the test files of a folder, one after the other: they share the machine's clock and cores.
fn node_tests(folder: &str) -> Result<Command> {
    let entries = fs::read_dir(project::root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut files: Vec<String> =
        names.filter(|name| name.ends_with(".test.mjs")).map(|name| format!("{folder}/{name}")).collect();
    files.sort();
    let mut node = command("node");
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(files);
    if let Some(path) = chromium::browser() {
        node.env("CHROMIUM", path);
    }
    Ok(node)
}
