//! The one door of `quick-xml`: elements, their attributes and their text, in order.

use crate::import::ImportError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::Reader;

const INVALID: ImportError = ImportError::Invalid { what: "XML" };

/// Elements inside elements that are followed.
const MAX_DEPTH: usize = 64;

/// An element that begins.
pub(super) struct Start<'a>(BytesStart<'a>);

impl Start<'_> {
    /// The value of an attribute, without a namespace; entities stay as they are written.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let found =
            self.0.attributes().flatten().find(|a| AsRef::<str>::as_ref(&a.key.local_name()) == name)?;
        Some(found.value.into_owned())
    }
}

/// Told of what is met. `path` holds the names of the elements around, without namespaces.
pub(super) trait Visitor {
    /// An element begins; it is the last of `path`.
    fn start(&mut self, path: &[String], start: &Start) -> Result<(), ImportError>;
    /// Text inside the last of `path`; it may come in several parts.
    fn text(&mut self, path: &[String], text: &str) -> Result<(), ImportError>;
    /// The last of `path` ends.
    fn end(&mut self, path: &[String]) -> Result<(), ImportError>;
}

/// Reads a document.
pub(super) fn read(document: &str, visitor: &mut dyn Visitor) -> Result<(), ImportError> {
    let mut reader = Reader::from_str(document);
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event().map_err(|_| INVALID)? {
            Event::Start(start) => {
                enter(&mut path, &start)?;
                visitor.start(&path, &Start(start))?;
            }
            Event::Empty(start) => {
                enter(&mut path, &start)?;
                visitor.start(&path, &Start(start))?;
                visitor.end(&path)?;
                path.pop();
            }
            Event::End(_) => {
                visitor.end(&path)?;
                path.pop();
            }
            Event::Text(text) => visitor.text(&path, &text)?,
            Event::CData(text) => visitor.text(&path, &text)?,
            // A number of a character, as `&#10;` between two samples. Other references stand for no digit or blank.
            Event::GeneralRef(reference) => {
                let number = reference.strip_prefix('#').map(|n| match n.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => n.parse().ok(),
                });
                let character = match number {
                    Some(number) => number.and_then(char::from_u32).ok_or(INVALID)?,
                    None => '&',
                };
                visitor.text(&path, character.encode_utf8(&mut [0; 4]))?;
            }
            Event::Eof if path.is_empty() => return Ok(()),
            Event::Eof => return Err(INVALID),
            _ => {}
        }
    }
}

fn enter(path: &mut Vec<String>, start: &BytesStart) -> Result<(), ImportError> {
    if path.len() >= MAX_DEPTH {
        return Err(INVALID);
    }
    path.push(AsRef::<str>::as_ref(&start.local_name()).to_owned());
    Ok(())
}

/// The text of a document: UTF-8, or UTF-16 with a byte order mark. Other encodings agree with UTF-8 in what is
/// read of them.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let wide = |of: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).skip(1).filter_map(|b| b.try_into().ok()).map(of);
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).into_owned(),
    }
}
