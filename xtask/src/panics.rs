//! Panics become traps: their messages cannot be read in a browser, where the standard library prints nothing.
//!
//! A panic ends in the instruction `unreachable` anyway. Putting it at the start of every function that only prepares
//! one lets `wasm-opt` drop what they print, and the arguments at each place that can panic: 3 kB gzipped.

use crate::Result;

/// Beginnings of the names of functions that never return, without the hashes of crates.
const PANICS: [&str; 12] = [
    "core::panicking::",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::cell::panic_already",
    "core::cell::lazy::panic_poisoned",
    "alloc::raw_vec::handle_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::alloc::handle_alloc_error",
    "std::panicking::",
];

/// And those of methods.
const FAILED: &str = "::assert_failed";

/// Beginnings of the names of functions that write what `format!` and its like ask for. The main module asks for nothing
/// (a test of the architecture holds it): there they serve panics alone, and tables of functions keep them.
const FORMATS: [&str; 6] = [
    "core::fmt::write",
    "core::fmt::Write::",
    "<core::fmt::Formatter>::pad",
    "<alloc::string::String as core::fmt::Write>::write_char",
    "<alloc::string::String as core::fmt::Write>::write_fmt",
    "<std::panicking::",
];

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;

/// Whether a module writes texts of the standard library's making.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// It may.
    Kept,
    /// It does not: what writes them serves panics alone.
    Cut,
}

/// The module with the functions that prepare a panic cut short. Their names must still be in it.
pub fn into_traps(module: &[u8], texts: Texts) -> Result<Vec<u8>> {
    let sections = sections(module).ok_or("no WebAssembly module")?;
    let find = |wanted: u8| sections.iter().filter(move |(id, _)| *id == wanted).map(|(_, body)| *body);
    let imported = find(IMPORT).next().map_or(Some(0), imported_functions).ok_or("unknown imports")?;
    let panics =
        find(CUSTOM).find_map(|body| panics(body, texts)).ok_or("the module does not name its functions")?;
    let mut out = module.get(..8).unwrap_or_default().to_vec();
    for (id, body) in &sections {
        out.push(*id);
        if *id == CODE {
            let code = cut(body, imported, &panics).ok_or("unknown code")?;
            write_number(&mut out, code.len());
            out.extend(code);
        } else {
            write_number(&mut out, body.len());
            out.extend_from_slice(body);
        }
    }
    Ok(out)
}

/// Reads the binary format (WebAssembly Core Specification, chapter 5).
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// What stands behind its length.
    fn block(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (block, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(block)
    }

    fn limits(&mut self) -> Option<()> {
        let bounded = self.byte()? & 1 == 1;
        self.number()?;
        if bounded {
            self.number()?;
        }
        Some(())
    }
}

fn sections(module: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut reader = Reader(module.strip_prefix(b"\0asm\x01\0\0\0")?);
    let mut sections = Vec::new();
    while let Some(id) = reader.byte() {
        sections.push((id, reader.block()?));
    }
    Some(sections)
}

fn imported_functions(body: &[u8]) -> Option<usize> {
    let mut reader = Reader(body);
    let mut functions = 0;
    for _ in 0..reader.number()? {
        reader.block()?;
        reader.block()?;
        match reader.byte()? {
            0 => {
                reader.number()?;
                functions += 1;
            }
            1 => {
                reader.byte()?;
                reader.limits()?;
            }
            2 => reader.limits()?,
            3 => {
                reader.byte()?;
                reader.byte()?;
            }
            _ => return None,
        }
    }
    Some(functions)
}

/// Places of the functions that prepare a panic, from a custom section if it is the one of names.
fn panics(body: &[u8], texts: Texts) -> Option<Vec<usize>> {
    let mut reader = Reader(body);
    if reader.block()? != b"name" {
        return None;
    }
    while let Some(kind) = reader.byte() {
        let mut names = Reader(reader.block()?);
        if kind != 1 {
            continue;
        }
        let mut found = Vec::new();
        for _ in 0..names.number()? {
            let place = names.number()?;
            if prepares_panic(&String::from_utf8_lossy(names.block()?), texts) {
                found.push(place);
            }
        }
        return Some(found);
    }
    None
}

fn prepares_panic(name: &str, texts: Texts) -> bool {
    // Crates are written `core[c5930c85a12de822]`.
    let mut plain = String::with_capacity(name.len());
    let mut inside = false;
    for c in name.chars() {
        inside = c == '[' || (inside && c != ']');
        if !inside && c != ']' {
            plain.push(c);
        }
    }
    let begins = |list: &[&str]| list.iter().any(|start| plain.starts_with(start));
    begins(&PANICS) || plain.ends_with(FAILED) || (texts == Texts::Cut && begins(&FORMATS))
}

fn cut(body: &[u8], imported: usize, panics: &[usize]) -> Option<Vec<u8>> {
    /// No locals; unreachable; end.
    const TRAP: [u8; 3] = [0, 0x00, 0x0b];
    let mut reader = Reader(body);
    let count = reader.number()?;
    let mut out = Vec::with_capacity(body.len());
    write_number(&mut out, count);
    for place in 0..count {
        let code = reader.block()?;
        let code = if panics.contains(&(imported + place)) { &TRAP } else { code };
        write_number(&mut out, code.len());
        out.extend_from_slice(code);
    }
    Some(out)
}

fn write_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One import, then two functions that return 7, the second one named.
    fn module(name: &str) -> Vec<u8> {
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |id: u8, body: &[u8]| {
            out.push(id);
            write_number(&mut out, body.len());
            out.extend_from_slice(body);
        };
        section(1, &[1, 0x60, 0, 1, 0x7f]);
        section(IMPORT, &[1, 1, b'a', 1, b'b', 0, 0]);
        section(3, &[2, 0, 0]);
        section(CODE, &[2, 4, 0, 0x41, 7, 0x0b, 4, 0, 0x41, 7, 0x0b]);
        let mut names = vec![4, b'n', b'a', b'm', b'e', 1, name.len() as u8 + 3, 1, 2, name.len() as u8];
        names.extend_from_slice(name.as_bytes());
        section(CUSTOM, &names);
        out
    }

    #[test]
    fn what_prepares_a_panic_traps_and_nothing_else_changes() {
        let calm = module("core[12]::fmt::write");
        assert_eq!(into_traps(&calm, Texts::Kept).unwrap(), calm);
        assert_ne!(into_traps(&calm, Texts::Cut).unwrap(), calm);
        for name in ["core[c59]::panicking::panic_fmt", "<alloc[1]::vec::Vec<_, _>>::remove::assert_failed"] {
            let cut = into_traps(&module(name), Texts::Kept).unwrap();
            let expected = [2, 4, 0, 0x41, 7, 0x0b, 3, 0, 0, 0x0b];
            assert!(cut.windows(10).any(|w| w == expected), "{cut:?}");
        }
    }

    #[test]
    fn what_is_no_named_module_is_refused() {
        let whole = module("core::panicking::panic");
        assert!(
            (0..whole.len()).all(|length| length == 8 || into_traps(&whole[..length], Texts::Kept).is_err())
        );
        assert!(into_traps(b"\0asm\x01\0\0\0", Texts::Kept).is_err());
    }
}
