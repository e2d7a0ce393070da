//! Samples as files for the user's own disk: WFDB, EDF+ and CSV, without anything that tells whose they are.
//!
//! An ECG can be matched to a person, so nothing here can be sent: [`LocalFiles`] turns into names and bytes and
//! cannot be serialised. Of the record's texts only names of the closed list [`crate::import::LEAD_NAMES`] are
//! written, and of its marks codes and names of rhythms of a closed list; dates, remarks and marks in words are not.

mod csv;
mod edf;
mod ends;
mod grid;
mod label;
mod marks;
mod wfdb;

use crate::import::Recording;

/// A format that can be written.
pub struct Writer {
    /// Stable identifier.
    pub id: &'static str,
    /// Writes a record under a name that the user chose.
    pub write: fn(&Recording, &str) -> Result<LocalFiles, WriteError>,
}

/// Every format that can be written.
pub const WRITERS: &[Writer] = &[
    Writer { id: "wfdb", write: wfdb::write },
    Writer { id: "edf", write: edf::write },
    Writer { id: "csv", write: csv::write },
];

/// Files for the user's own disk.
pub struct LocalFiles {
    /// Names and bytes, the one that is opened first in front.
    pub files: Vec<(String, Vec<u8>)>,
    /// Largest difference between a sample and what a reader will see, in microvolts; 0 when nothing was rounded.
    /// The eight characters of EDF's voltages may cost a hundredth of the converter's step.
    pub rounding_uv: f64,
}

/// Why a record could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The rates of the leads have no frame in common.
    #[error("this format cannot hold leads of these rates")]
    Rates,
    /// A header field is too small for the record.
    #[error("this format cannot hold a record of this length")]
    Length,
}

impl WriteError {
    /// A stable code for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rates => "export.rates",
            Self::Length => "export.length",
        }
    }
}
