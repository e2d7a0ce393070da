//! What a reader hands over.

use crate::units::Hertz;

/// One lead of a record. It stays with whoever opened the file: it has no way to be serialised.
#[derive(Clone, PartialEq)]
pub struct RecordedLead {
    /// The lead's name as the file gives it; empty when it gives none.
    pub name: String,
    /// Samples a second of this lead.
    pub rate: Hertz,
    /// The samples, in microvolts; NaN where the file marks a sample as invalid.
    pub samples_uv: Vec<f32>,
    /// Whether the file's checksum agrees; `None` when it has none or announces no length.
    pub checksum_agrees: Option<bool>,
}

impl core::fmt::Debug for RecordedLead {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // A name is free text of the file: it is not printed.
        f.debug_struct("RecordedLead")
            .field("rate", &self.rate)
            .field("samples", &self.samples_uv.len())
            .finish_non_exhaustive()
    }
}

/// A record: its voltage leads. Age, sex, dates and remarks of the file are not kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// At least one lead, in the order of the file.
    pub leads: Vec<RecordedLead>,
}

impl Recording {
    /// The lead of this name, or the first lead when no name is given.
    #[must_use]
    pub fn lead(&self, name: Option<&str>) -> Option<&RecordedLead> {
        match name {
            Some(name) => self.leads.iter().find(|l| l.name.eq_ignore_ascii_case(name)),
            None => self.leads.first(),
        }
    }
}
