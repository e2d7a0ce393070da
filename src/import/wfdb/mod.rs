//! WFDB records: a text header (`.hea`), signal files and MIT annotation files, as the WFDB Applications Guide
//! describes them (header(5), signal(5), annot(5), physionet.org).
//!
//! Read here: single-segment records, signal formats 16 and 212, several signals in one file or in several,
//! several samples a frame, skew and prolog. Other formats and multi-segment records give
//! [`ImportError::Unsupported`](super::ImportError::Unsupported).

mod annotations;
mod formats;
mod header;
mod signals;

pub use annotations::{read_annotations, Annotation, AnnotationCode, Annotations};
pub use header::{Header, SignalSpec};
pub use signals::read_recording;
