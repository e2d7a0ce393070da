//! Record files become signals.
//!
//! Readers take a [`Source`]: a set of named files that can be read in ranges, so that a header with its data
//! files works alike from a disk, from files dropped on a page and in a test. One folder and one row of
//! [`IMPORTERS`] add a format. A reader allocates by what the files really hold, never by what a header claims,
//! and keeps nothing that could tell whose record it is.

mod error;
mod recording;
mod source;
pub mod wfdb;

pub use error::ImportError;
pub use recording::{RecordedLead, Recording};
pub use source::{MemorySource, Source};

/// A format that can be read.
pub struct Importer {
    /// Stable identifier.
    pub id: &'static str,
    /// Ending of the file that is opened first, without the dot, in lower case.
    pub extension: &'static str,
    /// Reads the record whose first file has the given name.
    pub read: fn(&dyn Source, &str) -> Result<Recording, ImportError>,
}

/// Every format that can be read.
pub const IMPORTERS: &[Importer] = &[Importer { id: "wfdb", extension: "hea", read: wfdb::read_recording }];

/// Reads a record with the importer that its first file's ending names.
///
/// # Errors
/// [`ImportError::UnknownFormat`] when no importer knows the ending, otherwise what the importer reports.
pub fn read(source: &dyn Source, name: &str) -> Result<Recording, ImportError> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let importer = IMPORTERS.iter().find(|i| ending.as_deref() == Some(i.extension));
    (importer.ok_or(ImportError::UnknownFormat)?.read)(source, name)
}
