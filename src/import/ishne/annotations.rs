//! Annotation files beside ISHNE records (Badilini and others, "ISHNE annotation file format"): the record's own header, the
//! place of the first beat, then label, a byte of the program's own and the samples since the annotation before.

use super::FIXED_BYTES;
use crate::import::bytes::Bytes;
use crate::import::opened::Mark;
use crate::import::wfdb::AnnotationCode;
use crate::import::{ImportError, Source};
use crate::units::{Hertz, SampleCount};

/// Largest file that is read unasked: weeks of beats.
const MAX_BYTES: usize = 1 << 22;

/// Labels and their codes: normal, ventricular and supraventricular ectopic, bundle branch block, paced, unknown, artefact.
/// Calibration pulses and timeouts mark no beat.
const LABELS: [(u8, u8); 7] =
    [(b'N', 1), (b'V', 5), (b'S', 9), (b'B', 25), (b'P', 12), (b'U', 13), (b'X', 16)];

/// What the annotation file beside a record marks; nothing where there is none, or another file of its name.
pub(super) fn beside(source: &dyn Source, name: &str, rate: Hertz, frames: u64) -> Vec<Mark> {
    let record = name.rsplit_once('.').map_or(name, |(record, _)| record);
    let file = ["ann", "ANN"].map(|ending| format!("{record}.{ending}"));
    let found = file.iter().find(|file| source.size(file).is_ok_and(|bytes| bytes <= MAX_BYTES as u64));
    found.and_then(|file| read(source, file, rate, frames).ok()).unwrap_or_default()
}

fn read(source: &dyn Source, name: &str, rate: Hertz, frames: u64) -> Result<Vec<Mark>, ImportError> {
    let file = source.read(name, 0, MAX_BYTES)?;
    let mut bytes = Bytes::new(name, &file);
    if bytes.take(8)? != b"ANN  1.0" {
        return Err(ImportError::Annotation { name: name.to_owned() });
    }
    bytes.skip(2)?;
    let variable_bytes = bytes.u32()?;
    bytes.skip((variable_bytes as usize).saturating_add(FIXED_BYTES - 8 - 2 - 4))?;
    let mut place = u64::from(bytes.u32()?);
    let mut marks = Vec::new();
    while let (Ok(label), Ok(_), Ok(step)) = (bytes.u8(), bytes.u8(), bytes.u16()) {
        place += u64::from(step);
        let code = LABELS.iter().find(|(known, _)| *known == label).map(|(_, code)| AnnotationCode(*code));
        let at = rate.seconds(SampleCount(place));
        marks.extend(code.filter(|_| place < frames).map(|code| Mark::coded(at, code)));
    }
    Ok(marks)
}
