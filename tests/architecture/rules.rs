//! The rules themselves, on source text, so that they can be tried on made-up sources.

use super::tokens::{tokens, Token};

/// From the foundation to the roof; modules on one floor do not know each other. The order is that of
/// `docs/ARCHITECTURE.md`.
pub const FLOORS: [&[&str]; 13] = [
    &["units", "weights"],
    &["signal"],
    &["device", "import", "dsp", "synth"],
    &["quality"],
    &["detect"],
    &["delineate"],
    &["beats"],
    &["rhythm", "hrv", "intervals"],
    &["pipeline"],
    &["summary"],
    &["export"],
    &["simulate", "session"],
    &["wasm"],
];

/// Crates with one door each: the crate's name in code, and where it may be named.
pub const DOORS: [(&str, &str); 9] = [
    ("biquad", "src/dsp/biquad.rs"),
    ("quick_xml", "src/import/aecg/xml.rs"),
    ("rustfft", "src/dsp/spectrum.rs"),
    ("wasm_bindgen", "src/wasm/"),
    ("wasm_bindgen_futures", "src/wasm/"),
    ("js_sys", "src/wasm/"),
    ("web_sys", "src/wasm/"),
    ("serde_wasm_bindgen", "src/wasm/types.rs"),
    ("zmij", "src/export/json.rs"),
];

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// Module path of a file below `src/`: `src/dsp/filter.rs` is `[dsp, filter]`, `src/dsp/mod.rs` is `[dsp]`.
fn module_path(file: &str) -> Vec<String> {
    let inner = file.trim_start_matches("src/").trim_end_matches(".rs");
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    inner.split('/').map(str::to_owned).collect()
}

/// Top-level modules of the library that the file names, each with the line.
fn named_modules(file: &str, code: &[Token]) -> Vec<(String, usize)> {
    let mut path = module_path(file);
    let mut depth = 0_usize;
    let mut inline = Vec::new(); // brace depth at which each inline module ends
    let mut found = Vec::new();
    let text = |i: usize| code.get(i).map_or("", |token: &Token| token.text.as_str());
    for (i, token) in code.iter().enumerate() {
        match token.text.as_str() {
            "{" => {
                if i >= 2 && text(i - 2) == "mod" {
                    inline.push(depth);
                    path.push(text(i - 1).to_owned());
                }
                depth += 1;
            }
            "}" => {
                depth = depth.saturating_sub(1);
                if inline.last() == Some(&depth) {
                    inline.pop();
                    path.pop();
                }
            }
            "crate" if text(i + 1) == "::" => found.extend(heads(code, i + 2)),
            "super" if text(i.wrapping_sub(2)) != "super" && text(i + 1) == "::" => {
                let mut climbed = 1;
                while text(i + 2 * climbed) == "super" {
                    climbed += 1;
                }
                if climbed >= path.len() {
                    found.extend(heads(code, i + 2 * climbed));
                }
            }
            _ => {}
        }
    }
    found
}

/// First words of the path or of the braced group of paths that starts at `at`.
fn heads(code: &[Token], at: usize) -> Vec<(String, usize)> {
    let Some(first) = code.get(at) else { return Vec::new() };
    if first.text != "{" {
        return vec![(first.text.clone(), first.line)];
    }
    let (mut depth, mut names) = (0, Vec::new());
    for (i, token) in code.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && token.is_word() && matches!(code[i - 1].text.as_str(), "{" | ",") => {
                names.push((token.text.clone(), token.line));
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// Uses of a module that stands beside or above the file's own.
pub fn floor_breaks(file: &str, source: &str) -> Vec<String> {
    let own = module_path(file).swap_remove(0);
    let Some(own_floor) = floor_of(&own) else {
        return vec![format!("{file}: `{own}` has no floor")];
    };
    let mut breaks = Vec::new();
    for (module, line) in named_modules(file, &tokens(source)) {
        match floor_of(&module) {
            _ if module == own => {}
            Some(floor) if floor < own_floor => {}
            Some(_) => breaks.push(format!("{file}:{line}: `{own}` may not use `{module}`")),
            None => breaks.push(format!("{file}:{line}: `{own}` uses `{module}`, which has no floor")),
        }
    }
    breaks
}

/// Crates named outside their door. A module may be called like the crate behind it (`dsp::biquad`).
pub fn door_breaks(file: &str, source: &str) -> Vec<String> {
    let code = tokens(source);
    let mut breaks = Vec::new();
    for (i, token) in code.iter().enumerate() {
        let Some((name, door)) = DOORS.iter().find(|(name, _)| *name == token.text) else { continue };
        let before = |n: usize| i.checked_sub(n).and_then(|at| code.get(at)).map_or("", |t| t.text.as_str());
        let module =
            declares(&code, name) || before(1) == "::" && !matches!(before(2), "" | "use" | ";" | "{" | ",");
        if !(file.starts_with(door) || module && *name == "biquad") {
            breaks.push(format!("{file}:{}: `{name}` is named outside {door}", token.line));
        }
    }
    let bluetooth = |t: &&Token| t.text.starts_with("Bluetooth") && t.text != "BluetoothError";
    if file.starts_with("src/wasm/") && !file.starts_with("src/wasm/bluetooth") && names(&code, "web_sys") {
        breaks.extend(
            code.iter()
                .find(bluetooth)
                .map(|t| format!("{file}:{}: web-sys Bluetooth is named outside src/wasm/bluetooth", t.line)),
        );
    }
    breaks
}

/// Whether the file declares a module of this name, which then hides the crate.
fn declares(code: &[Token], name: &str) -> bool {
    code.windows(2).any(|pair| pair[0].text == "mod" && pair[1].text == name)
}

fn names(code: &[Token], word: &str) -> bool {
    code.iter().any(|token| token.text == word)
}

/// Words after which `[` opens a type, an array or a pattern, not an index.
const NOT_INDEXED: [&str; 13] =
    ["mut", "in", "return", "else", "match", "if", "dyn", "const", "as", "break", "impl", "for", "let"];

/// Index expressions below `src/device/`, tests aside: only the reader may have them.
pub fn index_breaks(file: &str, source: &str) -> Vec<String> {
    if !file.starts_with("src/device/") || file == "src/device/reader.rs" {
        return Vec::new();
    }
    let code = without_tests(tokens(source));
    let indexes = |pair: &[Token]| {
        let value = pair[0].is_word() && !NOT_INDEXED.contains(&pair[0].text.as_str());
        pair[1].text == "[" && (value || matches!(pair[0].text.as_str(), ")" | "]"))
    };
    let found = code.windows(2).filter(|pair| indexes(pair));
    found.map(|pair| format!("{file}:{}: only src/device/reader.rs indexes", pair[1].line)).collect()
}

/// Where the main module of WebAssembly comes from, and what of it only other modules have.
const MAIN_MODULE: [&str; 14] = [
    "src/beats/",
    "src/delineate/",
    "src/detect/",
    "src/device/",
    "src/dsp/",
    "src/export/json.rs",
    "src/pipeline/",
    "src/quality/",
    "src/rhythm/",
    "src/session/",
    "src/signal/",
    "src/units/",
    "src/wasm/",
    "src/weights.rs",
];
const OTHER_MODULES: [&str; 4] =
    ["src/device/uart/samples.rs", "src/wasm/record.rs", "src/wasm/strap.rs", "src/wasm/variability.rs"];

/// Text that the standard library formats in the main module, tests aside: `xtask/src/panics.rs` cuts what does it there.
/// `to_string` is only for what is a text or writes one whole.
pub fn format_breaks(file: &str, source: &str) -> Vec<String> {
    const MACROS: [&str; 8] =
        ["format", "write", "writeln", "format_args", "print", "println", "eprint", "eprintln"];
    if !MAIN_MODULE.iter().any(|room| file.starts_with(room)) || OTHER_MODULES.contains(&file) {
        return Vec::new();
    }
    let code = without_tests(tokens(source));
    let formats = |pair: &[Token]| MACROS.contains(&pair[0].text.as_str()) && pair[1].text == "!";
    let number = |pair: &[Token]| !file.starts_with("src/wasm/") && pair[1].text == "to_string";
    let found = code.windows(2).filter(|pair| formats(pair) || number(pair));
    let mut breaks: Vec<String> =
        found.map(|pair| format!("{file}:{}: the main module formats nothing", pair[1].line)).collect();
    let attributes = source.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("#[error("));
    breaks.extend(
        attributes
            .filter(|(_, line)| line.contains('{'))
            .map(|(at, _)| format!("{file}:{}: the main module formats nothing", at + 1)),
    );
    breaks
}

fn without_tests(code: Vec<Token>) -> Vec<Token> {
    let marker = ["#", "[", "cfg", "(", "test", ")", "]"];
    let is_marker = |at: &usize| {
        code[*at..].len() > marker.len() && marker.iter().zip(&code[*at..]).all(|(m, t)| *m == t.text)
    };
    let Some(start) = (0..code.len()).find(is_marker) else { return code };
    let mut depth = 0;
    let mut end = code.len();
    for (i, token) in code.iter().enumerate().skip(start + marker.len()) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(token.text.as_str(), "}" | ";") {
            end = i + 1;
            break;
        }
    }
    let rest = without_tests(code[end..].to_vec());
    code[..start].iter().cloned().chain(rest).collect()
}

/// A file name that says nothing of the domain, or a file that has grown past 600 lines.
pub fn shape_breaks(file: &str, source: &str) -> Vec<String> {
    const NAMELESS: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "manager", "managers"];
    let mut breaks = Vec::new();
    let nameless = |part: &str| NAMELESS.contains(&part.split('.').next().unwrap_or(part));
    if file.split('/').any(nameless) {
        breaks.push(format!("{file}: name it after what it holds"));
    }
    let lines = source.lines().count();
    if lines > 600 {
        breaks.push(format!("{file}: {lines} lines, it probably holds two things"));
    }
    breaks
}
