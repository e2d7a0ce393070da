//! Where the sections lie, and the leads that section 3 defines.

use super::checksum;
use crate::import::bytes::Bytes;
use crate::import::ImportError;

/// Checksum, number, length, versions and reserved bytes of a section.
const SECTION_HEADER_BYTES: usize = 16;

const POINTER_BYTES: usize = 10;

/// Tables, leads, beats, reference beat and rhythm.
const READ: core::ops::RangeInclusive<u16> = 2..=6;

/// The sections that are read, by their numbers.
pub(super) struct Sections<'a> {
    name: &'a str,
    file: &'a [u8],
    /// The file as far as its record goes.
    record: &'a [u8],
    /// Number, first byte, length.
    pointers: Vec<(u16, usize, usize)>,
}

impl<'a> Sections<'a> {
    pub(super) fn find(name: &'a str, file: &'a [u8]) -> Result<Self, ImportError> {
        let mut bytes = Bytes::new(name, file);
        bytes.skip(2)?;
        let record = bytes.u32()? as usize;
        let record = file.get(..record).unwrap_or(file);
        bytes.skip(4)?;
        let length = bytes.u32()? as usize;
        bytes.skip(SECTION_HEADER_BYTES - 8)?;
        let mut table = bytes.part(length.saturating_sub(SECTION_HEADER_BYTES))?;
        let mut pointers = Vec::new();
        while table.left() >= POINTER_BYTES {
            let (number, length, index) = (table.u16()?, table.u32()? as usize, table.u32()? as usize);
            // Counted from 1; a section that is not there has no length.
            if length > SECTION_HEADER_BYTES && index > 0 {
                pointers.push((number, index - 1 + SECTION_HEADER_BYTES, length - SECTION_HEADER_BYTES));
            }
        }
        Ok(Self { name, file, record, pointers })
    }

    /// The content of a section; `None` when it is not there.
    pub(super) fn get(&self, number: u16) -> Result<Option<Bytes<'a>>, ImportError> {
        let Some((_, start, length)) = self.pointers.iter().find(|(n, ..)| *n == number) else {
            return Ok(None);
        };
        let mut bytes = Bytes::new(self.name, self.file);
        bytes.skip(*start)?;
        bytes.part(*length).map(Some)
    }

    /// Whether the samples are as they were written: by the record's checksum, or by those of all sections that they are
    /// made of, since records lose their own when a name is taken out. `None` where too few checksums were made to tell.
    pub(super) fn agree(&self) -> Option<bool> {
        let record = checksum::agrees(self.record);
        let read = self.pointers.iter().filter(|(number, ..)| READ.contains(number));
        let each = read.map(|(_, start, length)| {
            let section = self.file.get(start - SECTION_HEADER_BYTES..start.saturating_add(*length));
            section.and_then(checksum::agrees)
        });
        let sections = each.reduce(|a, b| match (a, b) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            _ => a.and(b),
        });
        match (record, sections.flatten()) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (record, sections) => record.or(sections),
        }
    }

    /// The content of a section that must be there.
    pub(super) fn need(&self, number: u16) -> Result<Bytes<'a>, ImportError> {
        self.get(number)?.ok_or(ImportError::NoEcg)
    }
}

/// The leads, and how they are coded.
pub(super) struct Leads {
    pub subtracted: bool,
    pub list: Vec<Lead>,
}

/// A lead of section 3. Places are counted from 1.
pub(super) struct Lead {
    pub first: u32,
    pub last: u32,
    pub number: u8,
}

impl Lead {
    pub(super) const fn samples(&self) -> usize {
        (self.last as usize + 1).saturating_sub(self.first as usize)
    }
}

impl Leads {
    pub(super) fn read(mut bytes: Bytes) -> Result<Self, ImportError> {
        let (count, flags) = (bytes.u8()?, bytes.u8()?);
        let mut list = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            list.push(Lead { first: bytes.u32()?, last: bytes.u32()?, number: bytes.u8()? });
        }
        Ok(Self { subtracted: flags & 1 == 1, list })
    }
}
