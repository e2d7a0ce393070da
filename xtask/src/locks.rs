//! Both lock files name public registries only, so that a stranger can install what they pin.

use crate::{project, Result};

const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

/// An error that lists every source which is neither public nor part of the project.
pub fn check() -> Result<()> {
    let mut found = private_crates(&project::read("Cargo.lock")?);
    found.extend(private_packages(&project::read("package-lock.json")?));
    if found.is_empty() {
        println!("lock files: public registries only");
        return Ok(());
    }
    Err(format!("not from a public registry: {}", found.join(", ")))
}

fn private_crates(lock: &str) -> Vec<String> {
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = \"")?.strip_suffix('"'));
    sources.filter(|source| *source != CRATES).map(str::to_owned).collect()
}

fn private_packages(lock: &str) -> Vec<String> {
    let resolved = lock.lines().filter_map(|line| {
        let value = line.trim().strip_prefix("\"resolved\": \"")?;
        value.trim_end_matches(',').strip_suffix('"')
    });
    // A workspace is resolved to its folder, which has no scheme.
    resolved.filter(|url| url.contains("://") && !url.starts_with(NPM)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_registry_is_seen() {
        let public = format!("[[package]]\nname = \"a\"\nsource = \"{CRATES}\"\n");
        assert!(private_crates(&public).is_empty());
        assert_eq!(private_crates("source = \"registry+https://crates.example/index\"").len(), 1);
        assert_eq!(private_crates("source = \"git+https://git.example/a#0\"").len(), 1);

        let line = |url: &str| format!("      \"resolved\": \"{url}\",\n      \"link\": true\n");
        assert!(private_packages(&line("pkg")).is_empty());
        assert!(private_packages(&line(&format!("{NPM}vite/-/vite-8.3.8.tgz"))).is_empty());
        assert_eq!(private_packages(&line("http://npm.example/vite.tgz")).len(), 1);
    }
}
