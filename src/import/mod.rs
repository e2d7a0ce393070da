//! Record files become signals.
//!
//! Readers take a [`Source`]: a set of named files that can be read in ranges, so that a header with its data
//! files works alike from a disk, from files dropped on a page and in a test. One folder or file and one row of
//! [`IMPORTERS`] add a format. A reader allocates by what the files really hold, never by what a header claims,
//! and keeps nothing that could tell whose record it is.

mod aecg;
mod alivecor;
mod bytes;
mod calendar;
mod dicom;
mod edf;
mod error;
mod hints;
mod ishne;
mod lead_name;
mod matlab;
mod mdc;
mod number;
mod opened;
mod pieces;
mod recording;
mod rr_list;
mod sbem;
mod scp;
mod source;
mod text;
mod unit;
pub mod wfdb;

pub use edf::{words as edf_words, END as EDF_END, LOST as EDF_LOST};
pub use error::ImportError;
pub use hints::{Hints, VoltageUnit};
pub use lead_name::{standard as standard_lead_name, LEAD_NAMES};
pub use opened::{in_order_of_time, Block, LeadInfo, Mark, Opened, RecordedGap, Stream, MAX_SAMPLES_HELD};
pub use recording::{RecordedLead, Recording};
pub use rr_list::{read_rr_list, RrListError};
pub use source::{MemorySource, Source};
pub use text::RATE_REMARK as CSV_RATE_REMARK;

/// A format that can be read.
pub struct Importer {
    /// Stable identifier.
    pub id: &'static str,
    /// Endings of the file that is opened first, without the dot, in lower case.
    pub extensions: &'static [&'static str],
    /// Whether the first bytes of a file are of this format.
    pub sniff: fn(&[u8]) -> bool,
    /// Opens the record whose first file has the given name.
    pub open: fn(&dyn Source, &str, &Hints) -> Result<Opened, ImportError>,
}

/// Bytes that `sniff` is shown, or fewer when the file is shorter.
pub const SNIFFED_BYTES: usize = 4096;

/// Every format that can be read. Content is asked first, in this order, then the ending.
pub const IMPORTERS: &[Importer] = &[
    Importer { id: "edf", extensions: &["edf", "bdf", "rec"], sniff: edf::sniff, open: edf::open },
    Importer { id: "ishne", extensions: &["ecg"], sniff: ishne::sniff, open: ishne::open },
    Importer { id: "alivecor", extensions: &["atc"], sniff: alivecor::sniff, open: alivecor::open },
    Importer { id: "dicom", extensions: &["dcm"], sniff: dicom::sniff, open: dicom::open },
    Importer { id: "aecg", extensions: &["xml", "aecg"], sniff: aecg::sniff, open: aecg::open },
    Importer { id: "scp-ecg", extensions: &["scp"], sniff: scp::sniff, open: scp::open },
    Importer { id: "movesense", extensions: &["sbem"], sniff: sbem::sniff, open: sbem::open },
    Importer { id: "matlab", extensions: &["mat"], sniff: matlab::sniff, open: matlab::open },
    Importer { id: "apple-health", extensions: &[], sniff: text::apple::sniff, open: text::apple::open },
    Importer {
        id: "polar-sensor-logger",
        extensions: &[],
        sniff: text::polar::sniff,
        open: text::polar::open,
    },
    Importer { id: "wfdb", extensions: &["hea"], sniff: wfdb::sniff, open: wfdb::open },
    Importer {
        id: "csv",
        extensions: &["csv", "txt", "tsv"],
        sniff: text::columns::sniff,
        open: text::columns::open,
    },
];

/// The importer for a file: the one that knows its content, else the one that knows its ending.
///
/// # Errors
/// [`ImportError::UnknownFormat`] when there is none, and what the source reports.
pub fn importer(source: &dyn Source, name: &str) -> Result<&'static Importer, ImportError> {
    let head = source.read(name, 0, SNIFFED_BYTES)?;
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let named = |i: &&Importer| ending.as_deref().is_some_and(|e| i.extensions.contains(&e));
    let known = IMPORTERS.iter().find(|i| (i.sniff)(&head));
    known.or_else(|| IMPORTERS.iter().find(named)).ok_or(ImportError::UnknownFormat)
}

/// The file of a set that is opened first: the header of a multi-segment record, else a header, else the first file
/// that an importer knows.
#[must_use]
pub fn first_file(source: &dyn Source, names: &[String]) -> Option<String> {
    let rank = |name: &str| {
        let known = importer(source, name).ok()?;
        if known.id != "wfdb" {
            return Some(2);
        }
        let segments = wfdb::Header::read(source, name).is_ok_and(|header| !header.segments.is_empty());
        Some(if segments { 0 } else { 1 })
    };
    // The set comes as a folder lists it; names decide between equals, so that its order does not.
    let known = names.iter().filter_map(|name| Some((rank(name)?, name)));
    known.min().map(|(_, name)| name.clone())
}

/// Place of the lead with this name; without one, of the ECG lead that is named first.
#[must_use]
pub fn chosen_lead(leads: &[LeadInfo], name: Option<&str>) -> Option<usize> {
    lead_name::chosen(leads.iter().map(|l| l.name.as_str()), name)
}

/// Opens the record whose first file has this name: its header is read, its samples wait to be streamed.
///
/// # Errors
/// As [`importer`], and what the importer reports.
pub fn open(source: &dyn Source, name: &str, hints: &Hints) -> Result<Opened, ImportError> {
    (importer(source, name)?.open)(source, name, hints)
}

/// Reads the whole record whose first file has this name.
///
/// # Errors
/// As [`open`], and [`ImportError::TooLarge`] for what cannot be held at once.
pub fn read(source: &dyn Source, name: &str) -> Result<Recording, ImportError> {
    open(source, name, &Hints::default())?.read(source)
}
