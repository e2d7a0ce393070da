//! DICOM ECG waveforms (PS3.3 A.34 and C.10.9; PS3.5, PS3.10): the multiplex groups of the Waveform Sequence, with
//! sensitivity, correction and baseline applied, and the coded places of the Waveform Annotation Sequence. Explicit and
//! implicit little-endian and explicit big-endian syntaxes. Every other element, the patient's among them, is stepped over.

mod annotations;
mod elements;
mod waveform;

use super::opened::Opened;
use super::source::read_whole;
use super::{pieces, Hints, ImportError, Source};

/// Bytes before the prefix.
const PREAMBLE_BYTES: usize = 128;

pub(super) fn sniff(head: &[u8]) -> bool {
    head.get(PREAMBLE_BYTES..PREAMBLE_BYTES + 4) == Some(b"DICM")
}

pub(super) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let file = read_whole(source, name)?;
    let mut waveforms = waveform::Waveforms::default();
    elements::walk(name, &file, &mut waveforms)?;
    let zero_s = waveforms.pieces.iter().map(|p| p.start_s).fold(f64::INFINITY, f64::min);
    let marks = annotations::marks(waveforms.items, &waveforms.groups, zero_s);
    Opened::whole(pieces::assembled(waveforms.pieces)?, marks)
}
