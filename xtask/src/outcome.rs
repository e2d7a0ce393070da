//! What the tests said: counts and `SKIPPED` lines, read from the output of three test runners.

use std::collections::BTreeSet;
use std::time::Duration;

/// Tests that passed, failed, or proved nothing because something was absent.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Counts {
    fn total(self) -> usize {
        self.passed + self.failed + self.skipped
    }
}

/// Reads the output of one step, line by line.
#[derive(Debug, Default)]
pub struct Transcript {
    counts: Counts,
    skipped_lines: BTreeSet<String>,
    // Of the Rust test binary that is talking: whose captured output this is, and who said `SKIPPED`.
    speaker: Option<String>,
    among_failures: bool,
    skipped_here: BTreeSet<String>,
}

impl Transcript {
    /// Takes in one line of output.
    pub fn see(&mut self, line: &str) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            self.speaker = Some(name.to_owned());
        } else if line == "successes:" || line == "failures:" {
            self.among_failures = line == "failures:";
            self.speaker = None;
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.end_of_rust_binary(result);
        } else if line.starts_with("SKIPPED") || line.starts_with("# SKIPPED") {
            self.skipped_lines.insert(line.trim_start_matches("# ").to_owned());
            if let (Some(name), false) = (&self.speaker, self.among_failures) {
                self.skipped_here.insert(name.clone());
            }
        } else if let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
            self.node_count(rest);
        } else if let Some(rest) = line.strip_prefix("Tests  ") {
            self.vitest_counts(rest);
        }
    }

    /// `ok. 3 passed; 0 failed; 1 ignored; ..`. A test that passed and said `SKIPPED` proved nothing.
    fn end_of_rust_binary(&mut self, result: &str) {
        let silent = std::mem::take(&mut self.skipped_here).len();
        let after_state = result.split_once(". ").map_or("", |(_, counts)| counts);
        for part in after_state.split(';') {
            match number_and_word(part) {
                Some((n, "passed")) => {
                    self.counts.passed += n.saturating_sub(silent);
                    self.counts.skipped += silent.min(n);
                }
                Some((n, "failed")) => self.counts.failed += n,
                Some((n, "ignored")) => self.counts.skipped += n,
                _ => {}
            }
        }
        (self.speaker, self.among_failures) = (None, false);
    }

    /// `pass 5`, `fail 0`, `cancelled 0`, `skipped 1`, at the end of `node --test`.
    fn node_count(&mut self, rest: &str) {
        let Some((word, number)) = rest.split_once(' ') else { return };
        let Ok(n) = number.trim().parse::<usize>() else { return };
        match word {
            "pass" => self.counts.passed += n,
            "fail" | "cancelled" => self.counts.failed += n,
            "skipped" | "todo" => self.counts.skipped += n,
            _ => {}
        }
    }

    /// `3 failed | 12 passed | 1 skipped (16)`.
    fn vitest_counts(&mut self, rest: &str) {
        for part in rest.split('(').next().unwrap_or_default().split('|') {
            match number_and_word(part) {
                Some((n, "passed")) => self.counts.passed += n,
                Some((n, "failed")) => self.counts.failed += n,
                Some((n, "skipped" | "todo")) => self.counts.skipped += n,
                _ => {}
            }
        }
    }
}

fn number_and_word(part: &str) -> Option<(usize, &str)> {
    let mut words = part.split_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?))
}

/// One step of `cargo xtask test`, ended.
#[derive(Debug)]
pub struct Outcome {
    pub step: &'static str,
    pub counts: Counts,
    pub skipped_lines: BTreeSet<String>,
    pub error: Option<String>,
    pub took: Duration,
}

impl Outcome {
    /// A step without test counts of its own counts as one test; a step that failed has at least one failure.
    pub fn new(step: &'static str, seen: Transcript, error: Option<String>, took: Duration) -> Self {
        let Transcript { mut counts, skipped_lines, .. } = seen;
        if error.is_some() {
            counts.failed = counts.failed.max(1);
        } else if counts.total() == 0 {
            match skipped_lines.len() {
                0 => counts.passed = 1,
                n => counts.skipped = n,
            }
        }
        Self { step, counts, skipped_lines, error, took }
    }
}

/// Prints the table of steps, every `SKIPPED` line, every error, and the counts alone on the last line.
/// Returns whether nothing failed.
pub fn print(outcomes: &[Outcome]) -> bool {
    println!("\n{:<14} {:>7} {:>7} {:>8} {:>9}", "step", "passed", "failed", "skipped", "seconds");
    let mut sum = Counts::default();
    for Outcome { step, counts, took, .. } in outcomes {
        println!(
            "{step:<14} {:>7} {:>7} {:>8} {:>9.1}",
            counts.passed,
            counts.failed,
            counts.skipped,
            took.as_secs_f64()
        );
        sum.passed += counts.passed;
        sum.failed += counts.failed;
        sum.skipped += counts.skipped;
    }
    for outcome in outcomes {
        outcome.skipped_lines.iter().for_each(|line| println!("{line} [{}]", outcome.step));
    }
    for outcome in outcomes {
        outcome.error.iter().for_each(|error| println!("FAILED {}: {error}", outcome.step));
    }
    let Counts { passed, failed, skipped } = sum;
    println!("\n{passed} passed, {failed} failed, {skipped} skipped");
    failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(output: &str, error: Option<&str>) -> (usize, usize, usize, usize) {
        let mut seen = Transcript::default();
        output.lines().for_each(|line| seen.see(line));
        let done = Outcome::new("step", seen, error.map(str::to_owned), Duration::ZERO);
        (done.counts.passed, done.counts.failed, done.counts.skipped, done.skipped_lines.len())
    }

    #[test]
    fn a_rust_test_that_said_skipped_did_not_pass() {
        let output =
            "test a ... ok\n\nsuccesses:\n\n---- a stdout ----\nSKIPPED no data: x\nSKIPPED no data: y\n\n\
            ---- b stdout ----\nfine\n\nsuccesses:\n    a\n    b\n\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(counts(output, None), (5, 0, 2, 2));
    }

    #[test]
    fn a_failed_test_stays_failed_whatever_it_says() {
        let output = "failures:\n\n---- a stdout ----\nSKIPPED half of it\n\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(counts(output, Some("exit status: 101")), (1, 1, 0, 1));
    }

    #[test]
    fn node_and_vitest_are_counted() {
        let spec = "ℹ tests 7\nℹ suites 0\nℹ pass 5\nℹ fail 0\nℹ cancelled 0\nℹ skipped 2\nℹ todo 0\nℹ duration_ms 9815.2";
        assert_eq!(counts(spec, None), (5, 0, 2, 0));
        let tap = "# SKIPPED no chromium\n# tests 2\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 0";
        assert_eq!(counts(tap, Some("x")), (1, 1, 0, 1));
        let vitest = " Test Files  2 passed (2)\n      Tests  3 failed | 12 passed | 1 skipped (16)";
        assert_eq!(counts(vitest, Some("x")), (12, 3, 1, 0));
    }

    #[test]
    fn a_step_without_counts_is_one_test() {
        assert_eq!(counts("Finished", None), (1, 0, 0, 0));
        assert_eq!(counts("error: no", Some("x")), (0, 1, 0, 0));
        assert_eq!(counts("SKIPPED no chromedriver", None), (0, 0, 1, 1));
        let broken = "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(counts(broken, Some("another target does not compile")), (4, 1, 0, 0));
    }
}
