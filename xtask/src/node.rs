//! Node and npm.

use std::fs;
use std::process::Command;
use std::time::SystemTime;

use crate::process::{command, output, run};
use crate::{project, Result};

/// The oldest Node that is supported.
pub const OLDEST_NODE: u32 = 20;

/// npm with the words given.
pub fn npm(words: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(words);
    npm
}

/// The major version of the Node on the path.
pub fn node_version() -> Option<u32> {
    output("node", &["--version"])?.trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Whether `node_modules` is what the lock file says.
pub fn modules_are_fresh() -> bool {
    let changed = |file: &str| -> Option<SystemTime> {
        fs::metadata(project::root().join(file)).and_then(|meta| meta.modified()).ok()
    };
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

/// Runs `npm ci` unless the modules are there and not older than the lock file.
pub fn ensure_modules() -> Result<()> {
    match node_version() {
        None => {
            return Err(format!("Node is missing: install Node {OLDEST_NODE} or newer (https://nodejs.org)"))
        }
        Some(old) if old < OLDEST_NODE => {
            return Err(format!(
                "Node {old} is too old: install Node {OLDEST_NODE} or newer (https://nodejs.org)"
            ));
        }
        Some(_) => {}
    }
    if modules_are_fresh() {
        return Ok(());
    }
    run(&mut npm(&["ci"]))
}
