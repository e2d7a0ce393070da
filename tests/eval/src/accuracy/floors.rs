//! Sections on the floors above the detector, each as its own command prints it.

use crate::Options;
use std::fmt::Write;
use std::process::Command;

/// Title, arguments and what to know before reading.
const SECTIONS: [(&str, &[&str], &str); 8] = [
    (
        "Classes of beats",
        &["beats"],
        "The model of the first table saw these records; the second one is of models that did not see the record. F beats called V \
         count neither for nor against V (EC57). One record can decide: 209 holds 383 of the 944 S beats, 208 nearly all F beats. \
         Published figures often use reference QRS, two leads, or minutes of the test patient's own labels.",
    ),
    (
        "Fibrillation from RR intervals",
        &["af", "--cross-validate"],
        "Beats of the AF Database are automatic and come without signals; flutter counts as no fibrillation and is told apart.",
    ),
    (
        "A word for the rhythm",
        &["label", "--cross-validate"],
        "CinC 2017 labels whole recordings, and errs itself; patients are not known, so that one may be in several parts.",
    ),
    (
        "Findings",
        &["findings"],
        "The same rules on annotated beats are the truth. Our classes come from a model that saw these records.",
    ),
    (
        "Red flags",
        &["red-flags"],
        "Labels are of whole recordings by people, who were not asked about flags: what is raised on a normal one is taken to be raised \
         for nothing. From a thousand of the normal recordings and all fibrillating ones the classes of beats were learnt.",
    ),
    (
        "Waves",
        &["delineation", "--cross-validate", "--evaluations", "12000"],
        "LUDB leaves the first and last beats unmarked: scored inside the marked span. The QT Database marks about thirty beats, so \
         that no +P can be told there. Nowhere is the better of two leads picked by the truth.",
    ),
    ("Intervals", &["intervals"], "Medians of a record against medians of the marks; the delineator's model saw these records."),
    ("Variability and breathing", &["hrv"], "The packages' own numbers on synthetic series stand in tests/golden."),
];

/// All sections; a command that fails leaves its reason.
pub fn sections(page: &mut String, options: &Options) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    for (title, arguments, traps) in SECTIONS {
        let done = Command::new(&program).args(arguments).arg("--data").arg(&options.data).output();
        let done = done.map_err(|e| format!("{title}: {e}"))?;
        if !done.status.success() {
            return Err(format!("{title}: {}", String::from_utf8_lossy(&done.stderr)));
        }
        let told = String::from_utf8_lossy(&done.stdout);
        let told = told.replace("NaN", "  -");
        let lines: Vec<&str> = told.lines().map(str::trim_end).collect();
        let _ = writeln!(page, "## {title}\n\n`cargo xtask eval {}`. {traps}\n\n```", arguments.join(" "));
        let _ = writeln!(page, "{}\n```\n", lines.join("\n").trim());
    }
    Ok(())
}
