//! Where the sections lie, and the leads that section 3 defines.

use crate::import::bytes::Bytes;
use crate::import::ImportError;

/// Checksum and length of the record.
const RECORD_HEADER_BYTES: usize = 6;

/// Checksum, number, length, versions and reserved bytes of a section.
const SECTION_HEADER_BYTES: usize = 16;

const POINTER_BYTES: usize = 10;

/// The sections that are read, by their numbers.
pub(super) struct Sections<'a> {
    name: &'a str,
    file: &'a [u8],
    /// Number, first byte, length.
    pointers: Vec<(u16, usize, usize)>,
}

impl<'a> Sections<'a> {
    pub(super) fn find(name: &'a str, file: &'a [u8]) -> Result<Self, ImportError> {
        let mut bytes = Bytes::new(name, file);
        bytes.skip(RECORD_HEADER_BYTES + 4)?;
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
        Ok(Self { name, file, pointers })
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
