//! What a reader hands over.

use super::opened::{LeadInfo, Mark, RecordedGap};
use crate::units::Hertz;

/// One lead of a record. It stays with whoever opened the file: it has no way to be serialised.
#[derive(Clone, PartialEq)]
pub struct RecordedLead {
    /// The lead's name as the file gives it; empty when it gives none.
    pub name: String,
    /// Samples a second of this lead.
    pub rate: Hertz,
    /// The samples, in microvolts; NaN where there are none: a gap, or a sample that the file marks as invalid.
    pub samples_uv: Vec<f32>,
    /// Microvolts of one unit of the converter, where the file stores whole units.
    pub step_uv: Option<f64>,
    /// Whether the file's checksum agrees; `None` when it has none or announces no length.
    pub checksum_agrees: Option<bool>,
}

impl RecordedLead {
    pub(super) fn new(info: LeadInfo, samples_uv: Vec<f32>, checksum_agrees: Option<bool>) -> Self {
        Self { name: info.name, rate: info.rate, samples_uv, step_uv: info.step_uv, checksum_agrees }
    }
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

/// A record: its voltage leads, all from the same instant. Names, age, sex, dates and remarks of the file are
/// not kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// At least one lead, in the order of the file.
    pub leads: Vec<RecordedLead>,
    /// What the file marks, in its order.
    pub marks: Vec<Mark>,
    /// Stretches without samples of any lead, in order of time.
    pub gaps: Vec<RecordedGap>,
}

impl Recording {
    /// The lead of this name, or the ECG lead that is named first when no name is given.
    #[must_use]
    pub fn lead(&self, name: Option<&str>) -> Option<&RecordedLead> {
        self.leads.get(super::lead_name::chosen(self.leads.iter().map(|l| l.name.as_str()), name)?)
    }
}
