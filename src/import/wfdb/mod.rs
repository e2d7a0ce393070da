//! WFDB records: a text header (`.hea`), signal files and MIT annotation files, as the WFDB Applications Guide
//! describes them (header(5), signal(5), annot(5), physionet.org).
//!
//! Read here: every signal format, FLAC among them; several signals in one file or in several, at several rates,
//! with skew and prolog; multi-segment records of fixed and variable layout; the annotation files beside them.

mod annotation_reader;
mod annotations;
mod bits;
mod flac;
mod formats;
mod header;
mod marks;
mod segments;
mod signals;

pub use annotations::{read_annotations, Annotation, AnnotationCode, Annotations};
pub use header::{Header, Segment, SignalSpec};
pub use marks::rhythm_name;

use super::source::folder;
use super::{Hints, ImportError, Opened, Recording, Source};

pub(super) fn sniff(_: &[u8]) -> bool {
    // A header is plain text without a mark of its own: only the ending tells.
    false
}

pub(super) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let header = Header::read(source, name)?;
    let mut opened = if header.segments.is_empty() {
        signals::open(source, folder(name), &header)?
    } else {
        segments::open(source, folder(name), &header)?
    };
    let record = name.rsplit_once('.').map_or(name, |(record, _)| record);
    opened.marks = marks::beside(source, record, header.frame_rate_hz, header.frames)?;
    Ok(opened)
}

/// Reads the record whose header file has this name. Signals that are no voltages are left out.
///
/// # Errors
/// Every [`ImportError`] but those of annotation files. A signal file shorter than its header announces is
/// [`ImportError::Truncated`]; a longer one is read as far as announced.
pub fn read_recording(source: &dyn Source, name: &str) -> Result<Recording, ImportError> {
    open(source, name, &Hints::default())?.read(source)
}
