//! Data elements of a DICOM file, walked in their order.

use super::annotations::{ANNOTATIONS, CONCEPT, CONCEPT_NAME};
use super::PREAMBLE_BYTES;
use crate::import::bytes::{latin_1, Bytes, Order};
use crate::import::ImportError;

/// A tag: group and element.
pub(super) type Tag = u32;

/// Length of what ends with a delimiter.
const UNDEFINED: u32 = u32::MAX;

const TRANSFER_SYNTAX: Tag = 0x0002_0010;
const ITEM: Tag = 0xfffe_e000;
const ITEM_END: Tag = 0xfffe_e00d;
const SEQUENCE_END: Tag = 0xfffe_e0dd;

/// Sequences that are followed, and whose items a file of implicit types does not announce: waveforms, channels,
/// their sources and units; annotations, and their codes.
const SEQUENCES: [Tag; 7] =
    [0x5400_0100, 0x003a_0200, 0x003a_0208, 0x003a_0211, ANNOTATIONS, CONCEPT_NAME, CONCEPT];

/// Items inside items that are followed.
const MAX_DEPTH: usize = 8;

/// Told of every element that is not a sequence, and of the ends of items.
pub(super) trait Visitor {
    /// `path` holds the tags of the sequences around the element.
    fn element(&mut self, path: &[Tag], tag: Tag, value: Bytes) -> Result<(), ImportError>;
    /// An item of the innermost sequence of `path` ends.
    fn item_end(&mut self, path: &[Tag]) -> Result<(), ImportError>;
}

#[derive(Clone, Copy)]
struct Syntax {
    explicit: bool,
    order: Order,
}

/// Walks a file.
pub(super) fn walk(name: &str, file: &[u8], visitor: &mut dyn Visitor) -> Result<(), ImportError> {
    let mut bytes = Bytes::new(name, file);
    bytes.skip(PREAMBLE_BYTES + 4)?;
    let mut syntax = Syntax { explicit: true, order: Order::Little };
    // The file's own elements are explicit; they say how the rest is written.
    while let Ok(tag) = peek(&bytes, Order::Little) {
        if tag >> 16 != 2 {
            break;
        }
        let element = next(&mut bytes, Syntax { explicit: true, order: Order::Little })?;
        if element.tag == TRANSFER_SYNTAX {
            let uid = latin_1(element.content(&mut bytes)?.take_all());
            syntax = match uid.as_str() {
                "1.2.840.10008.1.2" => Syntax { explicit: false, order: Order::Little },
                "1.2.840.10008.1.2.1" => syntax,
                "1.2.840.10008.1.2.2" => Syntax { explicit: true, order: Order::Big },
                _ => return Err(ImportError::Unsupported { what: "DICOM transfer syntax" }),
            };
        } else {
            element.content(&mut bytes)?;
        }
    }
    let mut bytes = bytes.ordered(syntax.order);
    dataset(&mut bytes, syntax, &mut Vec::new(), visitor)
}

/// The head of an element.
struct Element {
    tag: Tag,
    is_sequence: bool,
    length: u32,
}

impl Element {
    fn content<'a>(&self, bytes: &mut Bytes<'a>) -> Result<Bytes<'a>, ImportError> {
        bytes.part(self.length as usize)
    }
}

fn peek(bytes: &Bytes, order: Order) -> Result<Tag, ImportError> {
    tag(&mut bytes.clone().ordered(order))
}

fn tag(bytes: &mut Bytes) -> Result<Tag, ImportError> {
    Ok(u32::from(bytes.u16()?) << 16 | u32::from(bytes.u16()?))
}

fn next(bytes: &mut Bytes, syntax: Syntax) -> Result<Element, ImportError> {
    let tag = tag(bytes)?;
    // Items and delimiters have no type in any syntax.
    if !syntax.explicit || tag >> 16 == 0xfffe {
        let length = bytes.u32()?;
        let is_sequence = SEQUENCES.contains(&tag) || length == UNDEFINED;
        return Ok(Element { tag, is_sequence, length });
    }
    let kind = bytes.take(2)?;
    let is_long = matches!(
        kind,
        b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT" | b"UV"
    );
    let length = if is_long {
        bytes.skip(2)?;
        bytes.u32()?
    } else {
        u32::from(bytes.u16()?)
    };
    Ok(Element { tag, is_sequence: kind == b"SQ" || length == UNDEFINED, length })
}

/// Elements until the bytes or the item ends.
fn dataset(
    bytes: &mut Bytes,
    syntax: Syntax,
    path: &mut Vec<Tag>,
    visitor: &mut dyn Visitor,
) -> Result<(), ImportError> {
    while !bytes.is_empty() {
        let element = next(bytes, syntax)?;
        match element.tag {
            ITEM_END => {
                return Ok(());
            }
            tag if element.is_sequence => {
                if path.len() >= MAX_DEPTH {
                    return Err(ImportError::Invalid { what: "depth of DICOM sequences" });
                }
                path.push(tag);
                if element.length == UNDEFINED {
                    items(bytes, syntax, path, visitor)?;
                } else {
                    items(&mut element.content(bytes)?, syntax, path, visitor)?;
                }
                path.pop();
            }
            tag => visitor.element(path, tag, element.content(bytes)?)?,
        }
    }
    Ok(())
}

/// Items until the bytes or the sequence ends.
fn items(
    bytes: &mut Bytes,
    syntax: Syntax,
    path: &mut Vec<Tag>,
    visitor: &mut dyn Visitor,
) -> Result<(), ImportError> {
    while !bytes.is_empty() {
        let item = next(bytes, syntax)?;
        match item.tag {
            SEQUENCE_END => return Ok(()),
            ITEM if item.length == UNDEFINED => dataset(bytes, syntax, path, visitor)?,
            ITEM => dataset(&mut item.content(bytes)?, syntax, path, visitor)?,
            _ => return Err(ImportError::Invalid { what: "DICOM sequence" }),
        }
        visitor.item_end(path)?;
    }
    Ok(())
}
