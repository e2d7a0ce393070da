//! DICOM ECG waveforms (PS3.3 A.34 and C.10.9; PS3.5, PS3.10): the multiplex groups of the Waveform Sequence, with
//! sensitivity, correction and baseline applied. Explicit and implicit little-endian and explicit big-endian
//! syntaxes. Every element outside the waveform, the patient's among them, is stepped over.

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
    Opened::whole(pieces::assembled(waveforms.pieces)?, Vec::new())
}
