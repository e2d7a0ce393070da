//! Parts of the sources that fits write.

use std::fmt::Write;

/// The table of a fitted network's parameters.
pub fn steps_table(text: &mut String, steps: &[i8]) {
    let _ = writeln!(text, "#[rustfmt::skip]\npub(super) const STEPS: [i8; {}] = [", steps.len());
    for row in steps.chunks(24) {
        let row: Vec<String> = row.iter().map(i8::to_string).collect();
        let _ = writeln!(text, "    {},", row.join(", "));
    }
    let _ = writeln!(text, "];");
}
