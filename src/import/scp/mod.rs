//! SCP-ECG (EN 1064:2020, ISO 11073-91064): sections found by the pointers of section 0. Read are the Huffman
//! tables (2), the leads (3), the beats (4), the reference beat (5) and the rhythm (6), with difference coding,
//! reference beat subtraction and bimodal compression undone. Section 1, which says whose ECG it is, is never
//! looked at, but for the record's checksum.

mod beats;
mod checksum;
mod huffman;
mod rhythm;
mod sections;

use super::opened::Opened;
use super::source::read_whole;
use super::{Hints, ImportError, Source};

pub(super) fn sniff(head: &[u8]) -> bool {
    // Section 0 stands after the record's checksum and length; most writers put a word into its reserved bytes.
    let is_section_0 = head.get(8..10) == Some(&[0, 0]);
    let first_pointer = head.get(22..24) == Some(&[0, 0]) && head.get(28..32) == Some(&[7, 0, 0, 0]);
    is_section_0 && (head.get(16..22) == Some(b"SCPECG") || first_pointer)
}

pub(super) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let file = read_whole(source, name)?;
    let sections = sections::Sections::find(name, &file)?;
    rhythm::decode(&sections)
}
