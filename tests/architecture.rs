//! Keeps the order of the floors, the one door of each big dependency, and the shape of the files
//! (`docs/ARCHITECTURE.md`).
#![allow(clippy::unwrap_used)]

#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/tokens.rs"]
mod tokens;

use std::fs;
use std::path::Path;

const SOURCE_EXTENSIONS: [&str; 7] = ["rs", "ts", "mts", "js", "mjs", "css", "html"];
const NOT_OURS: [&str; 6] = ["target", "node_modules", "dist", "golden", "fixtures", "data"];

/// Source files below `folder` as (path from the root with `/`, text).
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else if is_source(&entry.path()) {
                let path = entry.path();
                let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((relative, fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|e| SOURCE_EXTENSIONS.iter().any(|known| e == *known))
}

fn assert_kept(folder: &str, rule: fn(&str, &str) -> Vec<String>) {
    let files = sources(folder);
    assert!(!files.is_empty(), "no sources below {folder:?}");
    let breaks: Vec<String> = files.iter().flat_map(|(file, source)| rule(file, source)).collect();
    assert!(breaks.is_empty(), "\n{}", breaks.join("\n"));
}

#[test]
fn modules_use_only_floors_below() {
    assert_kept("src", |file, source| match file {
        "src/lib.rs" => Vec::new(), // the map names them all
        _ => rules::floor_breaks(file, source),
    });
}

#[test]
fn every_module_of_the_map_stands_in_its_order() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for module in map.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(rules::FLOORS.iter().any(|floor| floor.contains(&module)), "`{module}` has no floor");
    }
}

#[test]
fn big_dependencies_have_one_door() {
    assert_kept("src", rules::door_breaks);
}

#[test]
fn only_the_reader_indexes_bytes_of_devices() {
    assert_kept("src", rules::index_breaks);
}

#[test]
fn the_main_module_formats_nothing() {
    let flagged = |source: &str| rules::format_breaks("src/units/made_up.rs", source).len();
    assert_eq!(flagged("fn f(n: u8) -> String { format!(\"{n}\") }"), 1);
    assert_eq!(flagged("fn f(n: u8) -> String { n.to_string() }"), 1);
    assert_eq!(flagged("#[error(\"{0} is too much\")]\nstruct E(u8);"), 1);
    assert_eq!(flagged("#[cfg(test)]\nmod tests { fn f() { println!(\"x\"); } }"), 0);
    assert_kept("src", rules::format_breaks);
}

#[test]
fn files_are_short_nouns() {
    assert_kept("", rules::shape_breaks);
}

// The rules are shown to fail on what they forbid.

#[test]
fn an_upward_use_is_seen_in_every_spelling() {
    let breaks = |source: &str| rules::floor_breaks("src/dsp/filter.rs", source).len();
    assert_eq!(breaks("use crate::units::Hertz; use super::biquad::Section; use crate::signal;"), 0);
    assert_eq!(breaks("use crate::detect::Detector;"), 1, "above");
    assert_eq!(breaks("use crate::synth::Ecg;"), 1, "beside");
    assert_eq!(breaks("use crate::{units::{Hertz, wasm}, quality, pipeline::Report};"), 2, "in a group");
    assert_eq!(breaks("use super::super::quality::Window;"), 1, "by the way of super");
    assert_eq!(
        breaks("mod tests { use super::super::Section; fn f() { super::super::super::hrv::f() } }"),
        1
    );
    assert_eq!(breaks("fn f() -> crate::hrv::Rmssd { todo() }"), 1, "in a signature");
    assert_eq!(breaks("use crate::attic::Old;"), 1, "a module without a floor");
    assert_eq!(rules::floor_breaks("src/attic.rs", "").len(), 1, "a file without a floor");
    assert_eq!(rules::floor_breaks("src/session/mod.rs", "use crate::simulate::Strap;").len(), 1);
    assert_eq!(rules::floor_breaks("src/hrv/mod.rs", "use super::rhythm::Af;").len(), 1);
}

#[test]
fn comments_strings_and_lifetimes_are_not_uses() {
    let source = r###"//! See [crate::wasm] and crate::hrv::X.
        /* crate::pipeline /* crate::session */ crate::export */
        fn f<'a>(x: &'a str) -> char { let _ = ("crate::wasm::y \" crate::wasm", r#"crate::hrv::""#); '"' }
        fn g(r#type: u8) -> char { '\'' }"###;
    assert_eq!(rules::floor_breaks("src/dsp/mod.rs", source), Vec::<String>::new());
    assert_eq!(rules::floor_breaks("src/dsp/mod.rs", "let c = '\"'; crate::wasm::f()").len(), 1);
}

#[test]
fn a_crate_is_seen_outside_its_door() {
    let breaks = |file: &str, source: &str| rules::door_breaks(file, source).len();
    assert_eq!(breaks("src/dsp/biquad.rs", "use biquad::{Biquad, Coefficients};"), 0);
    assert_eq!(breaks("src/dsp/mod.rs", "mod biquad; pub use self::biquad::Section;"), 0);
    assert_eq!(
        breaks("src/dsp/mod.rs", "mod biquad; pub use biquad::Section;"),
        0,
        "the module hides the crate"
    );
    assert_eq!(breaks("src/quality/mod.rs", "use crate::dsp::biquad::Section;"), 0);
    assert_eq!(breaks("src/dsp/notch.rs", "use biquad::Biquad;"), 1);
    assert_eq!(breaks("src/dsp/notch.rs", "use ::biquad::Biquad;"), 1);
    assert_eq!(breaks("src/hrv/welch.rs", "let fft = rustfft::algorithm::Radix4::new(256, d);"), 1);
    assert_eq!(breaks("src/device/mod.rs", "use wasm_bindgen::prelude::*;"), 1);
    assert_eq!(breaks("src/wasm/session.rs", "use wasm_bindgen::prelude::*;"), 0);
    assert_eq!(breaks("src/wasm/session.rs", "use web_sys::BluetoothDevice;"), 1);
    assert_eq!(breaks("src/wasm/bluetooth/mod.rs", "use web_sys::BluetoothDevice;"), 0);
}

#[test]
fn an_index_is_seen_and_a_type_is_not_one() {
    let breaks = |source: &str| rules::index_breaks("src/device/polar/frame.rs", source).len();
    assert_eq!(breaks("let x = bytes[0]; let y = f(a)[1]; let z = table[0][1];"), 4);
    assert_eq!(
        breaks("fn f(b: &[u8], m: &mut [u8; 4]) -> [u8; 2] { for x in [1, 2] { vec![x]; } [0; 2] }"),
        0
    );
    assert_eq!(breaks("#[cfg(test)] mod tests { fn f(b: &[u8]) -> u8 { b[0] } } fn g() { b[0] }"), 1);
    assert_eq!(rules::index_breaks("src/device/reader.rs", "b[0]").len(), 0);
    assert_eq!(rules::index_breaks("src/dsp/mod.rs", "b[0]").len(), 0);
}

#[test]
fn a_long_or_nameless_file_is_seen() {
    assert_eq!(rules::shape_breaks("src/dsp/utils.rs", "").len(), 1);
    assert_eq!(rules::shape_breaks("www/common/page.ts", "").len(), 1);
    assert_eq!(rules::shape_breaks("src/dsp/a.rs", &"\n".repeat(601)).len(), 1);
    assert_eq!(rules::shape_breaks("src/dsp/a.rs", &"\n".repeat(600)).len(), 0);
}
