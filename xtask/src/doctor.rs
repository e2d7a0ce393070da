//! `cargo xtask doctor`: one line for each thing that is needed.

use crate::process::{find, output};
use crate::{chromium, node, peers, project, rust, Result};

/// Prints what is there and the remedy for what is not; an error when something needed is missing.
pub fn run() -> Result<()> {
    let bindgen = project::locked_version("wasm-bindgen")?;
    let mut missing = 0;
    let mut line = |name: &str, found: Option<String>, remedy: &str, needed: bool| match found {
        Some(what) => println!("ok       {name}: {what}"),
        None => {
            missing += usize::from(needed);
            println!("{}  {name}: {remedy}", if needed { "MISSING" } else { "absent " });
        }
    };
    let right_bindgen = rust::bindgen_version().filter(|version| *version == bindgen);
    let target = rust::has_wasm_target().then(|| rust::WASM.to_owned());
    let new_node = node::node_version().filter(|v| *v >= node::OLDEST_NODE).map(|v| format!("version {v}"));
    let modules = node::modules_are_fresh().then(|| "as locked".to_owned());
    let place = |path: Option<std::path::PathBuf>| path.map(|path| path.display().to_string());
    line("rustc", output("rustc", &["--version"]), "install rustup (https://rustup.rs)", true);
    line("wasm target", target, "`cargo xtask build` adds it by rustup", true);
    line("wasm-bindgen", right_bindgen, &format!("`cargo xtask build` installs {bindgen}"), true);
    line("node", new_node, "install Node 20 or newer (https://nodejs.org)", true);
    line("npm", place(find(&["npm", "npm.cmd"])), "it comes with Node", true);
    line("npm modules", modules, "`npm ci`; `cargo xtask build` runs it", true);
    line("C compiler", place(find(&["cc", "gcc", "clang"])), "Debian: apt-get install build-essential", true);
    line("chromium", place(chromium::browser()), chromium::REMEDY, false);
    line("chromedriver", place(chromium::driver()), chromium::REMEDY, false);
    let python = "other detectors cannot be run beside (https://www.python.org)";
    line("python3", peers::python_version(), python, false);
    line(
        "recordings",
        place(project::recordings()),
        "set PQRST_DATA; tests on recordings are skipped",
        false,
    );
    if missing == 0 {
        return Ok(());
    }
    Err(format!("{missing} missing"))
}
