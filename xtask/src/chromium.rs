//! The browser that the tests drive.

use std::path::PathBuf;

use crate::process::{command, find, output, run};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser: env `CHROMIUM`, else the first known name on the path.
pub fn browser() -> Option<PathBuf> {
    named("CHROMIUM").or_else(|| find(&BROWSERS))
}

/// Its driver: env `CHROMEDRIVER`, else on the path.
pub fn driver() -> Option<PathBuf> {
    named("CHROMEDRIVER").or_else(|| find(&["chromedriver"]))
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

/// What to do when it is missing.
pub const REMEDY: &str =
    "install Chromium and its chromedriver (Debian: apt-get install chromium chromium-driver), \
                          or name them in CHROMIUM and CHROMEDRIVER";

/// Installs both by apt where that is possible: on Debian, as root. Elsewhere nothing happens here.
pub fn ensure() {
    if browser().is_some() && driver().is_some() {
        return;
    }
    let is_root = output("id", &["-u"]).as_deref() == Some("0");
    if !is_root || find(&["apt-get"]).is_none() {
        return;
    }
    let apt = |words: &[&str]| run(command("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"));
    let installed = apt(&["update"]).and_then(|()| {
        apt(&[
            "install",
            "--yes",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
            "fonts-dejavu-core",
        ])
    });
    if let Err(why) = installed {
        eprintln!("cargo xtask: {why}");
    }
}
