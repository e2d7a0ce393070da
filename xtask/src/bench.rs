//! `cargo xtask bench`: cost of a sample in every stage, native and in wasm, and of other detectors, in one run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::panics::Texts;
use crate::process::{command, output, run, spelled};
use crate::rust::{cargo, cargo_wasm, WASM};
use crate::{build, node, peers, project, rust, Result};

/// Rates of the signals, as `benches/src/lib.rs` has them.
const RATES: [&str; 3] = ["130", "250", "360"];
/// The unit.
const UNIT: &str = "four biquads";

/// Nanoseconds a sample by stage and rate, in the order of the stages.
#[derive(Default)]
struct Costs {
    stages: Vec<String>,
    ns: BTreeMap<(String, String), f64>,
}

impl Costs {
    /// From lines like `130 detector 35.12`.
    fn read(text: &str) -> Self {
        let mut costs = Self::default();
        for line in text.lines() {
            let parts = line.split_once(' ').and_then(|(rate, rest)| Some((rate, rest.rsplit_once(' ')?)));
            let Some((rate, (stage, ns))) = parts else { continue };
            let (true, Ok(ns)) = (RATES.contains(&rate), ns.parse()) else { continue };
            if !costs.stages.iter().any(|known| known == stage) {
                costs.stages.push(stage.to_owned());
            }
            costs.ns.insert((stage.to_owned(), rate.to_owned()), ns);
        }
        costs
    }

    fn ns(&self, stage: &str, rate: &str) -> Option<f64> {
        self.ns.get(&(stage.to_owned(), rate.to_owned())).copied()
    }

    /// Nanoseconds and their ratio to the unit's, or a dash.
    fn cell(&self, unit: &Self, stage: &str, rate: &str) -> String {
        match (self.ns(stage, rate), unit.ns(UNIT, rate)) {
            (Some(ns), Some(one)) => format!("{ns:9.1} {:8.1}x", ns / one),
            _ => format!("{:>9} {:>9}", "-", "-"),
        }
    }
}

/// Builds, measures and prints; about a minute once everything is built. `--json` prints nanoseconds for machines at the end.
pub fn run_all(args: &[String]) -> Result<()> {
    let folder = project::target().join("bench");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let native = native_program()?;
    let module = wasm_module(&folder)?;
    let native = Costs::read(&lines(command(native).arg(&folder))?);
    let script = project::root().join("benches/stages.mjs");
    let wasm = match node::node_version() {
        Some(_) => Costs::read(&lines(command("node").arg(script).arg(&module).arg(&folder).args(RATES))?),
        None => Costs::default(),
    };
    let (others, skipped) = others(&folder);
    println!("\nnanoseconds a sample and parts of four biquads (f32, transposed direct form II), over 300 s, the best of twenty passes for each 5 s");
    println!("{:20} {:>57} | {:>57}", "", "native", "wasm");
    let head = RATES.map(|rate| format!("{rate:>13} Hz   ")).join(" ");
    println!("{:20} {head} | {head}", "");
    for stage in &native.stages {
        let row = |costs: &Costs| RATES.map(|rate| costs.cell(costs, stage, rate)).join(" ");
        println!("{stage:20} {} | {}", row(&native), row(&wasm));
    }
    for name in &others.stages {
        println!("{name:20} {}", RATES.map(|rate| others.cell(&native, name, rate)).join(" "));
    }
    skipped.iter().for_each(|line| println!("{line}"));
    let all = [("native", &native), ("wasm", &wasm), ("others", &others)];
    if args.iter().any(|word| word == "--json") {
        println!("{}", json(&all));
    }
    // For docs/ACCURACY.md, which `eval accuracy` writes.
    let kept = folder.join("costs.txt");
    std::fs::write(&kept, kept_lines(&all)).map_err(|error| format!("{}: {error}", kept.display()))
}

fn native_program() -> Result<PathBuf> {
    run(&mut cargo(&["build", "--profile", "bench", "--package", "stages", "--bin", "stages"]))?;
    Ok(project::target().join("release").join(format!("stages{}", std::env::consts::EXE_SUFFIX)))
}

/// Built and optimised as the shipped module is, for Node.
fn wasm_module(folder: &Path) -> Result<PathBuf> {
    rust::ensure_wasm_target()?;
    rust::ensure_bindgen()?;
    node::ensure_modules()?;
    run(&mut cargo_wasm(&["build", "--release", "--package", "stages", "--lib", "--target", WASM]))?;
    let built = project::target().join(WASM).join("release/stages.wasm");
    run(command("wasm-bindgen").args(["--target", "nodejs", "--out-dir"]).arg(folder).arg(built))?;
    build::optimise(&folder.join("stages_bg.wasm"), Texts::Kept)?;
    // The generated module is in the older module format.
    std::fs::write(folder.join("package.json"), "{\"type\":\"commonjs\"}\n")
        .map_err(|error| error.to_string())?;
    Ok(folder.join("stages.js"))
}

/// What others cost, and why some of them are not there.
fn others(folder: &Path) -> (Costs, Vec<String>) {
    let home = project::target().join("peers");
    let mut text = String::new();
    let python = peers::python(&home);
    let script = project::root().join("benches/peers.py");
    let installed = if python.is_file() { python } else { "python3".into() };
    match lines(command(installed).arg("-B").arg(script).arg(folder).args(RATES)) {
        Ok(told) => text.push_str(&told),
        Err(why) => text
            .push_str(&format!("SKIPPED others in Python: {why}; `cargo xtask eval peers` installs them\n")),
    }
    match peers::crate_program(&home) {
        Ok(program) => {
            for rate in RATES {
                let signal = folder.join(format!("{rate}.f32"));
                let told = output(&program, &["--time", &signal.to_string_lossy(), rate]);
                text.push_str(&told.map_or(String::new(), |ns| format!("{rate} qrs_detector {ns}\n")));
            }
        }
        Err(why) => text.push_str(&format!("SKIPPED qrs_detector: {why}\n")),
    }
    let skipped = text.lines().filter(|line| line.starts_with("SKIPPED")).map(str::to_owned).collect();
    (Costs::read(&text), skipped)
}

/// Standard output of a program that succeeds.
fn lines(program: &mut Command) -> Result<String> {
    println!("$ {}", spelled(program));
    let done = program.output().map_err(|error| format!("{}: {error}", spelled(program)))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let why = String::from_utf8_lossy(&done.stderr);
    Err(why.lines().last().unwrap_or("it failed").to_owned())
}

fn kept_lines(all: &[(&str, &Costs)]) -> String {
    let mut text = String::new();
    for (place, costs) in all {
        for (stage, rate) in costs.stages.iter().flat_map(|stage| RATES.map(|rate| (stage, rate))) {
            let line = costs.ns(stage, rate).map(|ns| format!("{place} {rate} {stage} {ns}\n"));
            text.push_str(&line.unwrap_or_default());
        }
    }
    text
}

fn json(all: &[(&str, &Costs)]) -> String {
    let one = |(name, costs): &(&str, &Costs)| {
        let cells = costs.ns.iter().map(|((stage, rate), ns)| format!("\"{stage} {rate}\":{ns}"));
        format!("\"{name}\":{{{}}}", cells.collect::<Vec<_>>().join(","))
    };
    format!("{{{}}}", all.iter().map(one).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_a_table_and_others_are_left_alone() {
        let costs = Costs::read("130 four biquads 4.0\nSKIPPED x: y\n130 detector 10.0\n99 detector 1\n");
        assert_eq!(costs.stages, ["four biquads", "detector"]);
        assert_eq!(costs.cell(&costs, "detector", "130").trim(), "10.0      2.5x");
        assert_eq!(costs.cell(&costs, "detector", "360").split_whitespace().count(), 2);
        assert!(kept_lines(&[("native", &costs)]).contains("native 130 detector 10\n"));
        assert!(json(&[("native", &costs)]).contains("\"detector 130\":10"));
    }
}
