//! Annotation files beside a record become its marks: beats, rhythms and waves by their codes. Words that somebody typed
//! are left out, since they may name a person.

use super::annotation_reader::AnnotationReader;
use super::annotations::{resolution, Annotation, AnnotationCode, MAX_ANNOTATION_BYTES};
use crate::import::opened::{in_order_of_time, Mark};
use crate::import::{ImportError, Source};
use crate::units::Seconds;

/// Endings of annotation files, in the order in which they are believed: references, beats that programs found, waves (the
/// QT Database's, LUDB's of lead II).
const ANNOTATORS: [&str; 20] = [
    "atr", "qrs", "ecg", "qrsc", "ari", "man", "q1c", "q2c", "qt1", "qt2", "pu", "pu0", "pu1", "wqrs",
    "gqrs", "xqrs", "sqrs", "ann", "ii", "i",
];

/// Largest annotation file that is read beside any record: weeks of beats.
const MAX_BYTES: u64 = 1 << 22;

/// Bytes of an annotation at least. In a larger file no frame has more than one.
const LEAST_BYTES: u64 = 2;

/// Most marks that are kept.
const MAX_MARKS: usize = 1 << 22;

/// Rhythms by the names that the databases of PhysioNet use. Any other text of an annotation is not kept.
const RHYTHMS: [&str; 29] = [
    "(AB", "(AFIB", "(AFL", "(AT", "(ASYS", "(B", "(BI", "(BII", "(BIII", "(HGEA", "(IVR", "(J", "(N",
    "(NOD", "(NOISE", "(NSR", "(P", "(PAT", "(PM", "(PREX", "(SAB", "(SBR", "(SVTA", "(T", "(VER", "(VF",
    "(VFIB", "(VFL", "(VT",
];

/// The rhythm that a text names, in a usual name of WFDB.
#[must_use]
pub fn rhythm_name(text: &str) -> Option<&'static str> {
    RHYTHMS.into_iter().find(|name| *name == text.trim_end())
}

/// What the annotation files of a record mark. Of beats, rhythms, waves and the rest each comes from the first file that
/// has any, so that no beat is marked twice. `record` is the header's name without its ending.
///
/// # Errors
/// [`ImportError::TooLarge`] for more marks than are kept.
pub(super) fn beside(
    source: &dyn Source,
    record: &str,
    frame_rate_hz: f64,
    frames: Option<u64>,
) -> Result<Vec<Mark>, ImportError> {
    let most = frames.map_or(MAX_ANNOTATION_BYTES, |n| n.saturating_mul(LEAST_BYTES)).max(MAX_BYTES);
    let mut marks = Vec::new();
    // Kinds are bits.
    let mut had = 0;
    for ending in ANNOTATORS {
        let name = format!("{record}.{ending}");
        if source.size(&name).is_ok_and(|bytes| bytes <= most) {
            let before = marks.len();
            match read(source, &name, frame_rate_hz, frames, had, &mut marks) {
                Ok(here) => had |= here,
                Err(ImportError::TooLarge) => return Err(ImportError::TooLarge),
                // What cannot be read is no annotation file, whatever its name.
                Err(_) => marks.truncate(before),
            }
        }
    }
    Ok(in_order_of_time(marks))
}

/// Adds the marks of a file that are of new kinds. The kinds that the file has.
fn read(
    source: &dyn Source,
    name: &str,
    frame_rate_hz: f64,
    frames: Option<u64>,
    had: u8,
    marks: &mut Vec<Mark>,
) -> Result<u8, ImportError> {
    let mut reader = AnnotationReader::of(source, name);
    let (mut clock_hz, mut last, mut here, mut is_too_large) = (None, 0, 0, false);
    let end_s = frames.map_or(f64::INFINITY, |n| n as f64 / frame_rate_hz);
    while let Some(annotation) = reader.next()? {
        let at = annotation.at.0;
        if at < last {
            return Err(reader.invalid());
        }
        last = at;
        if at == 0 {
            clock_hz = clock_hz.or_else(|| resolution(&annotation));
        }
        let at = Seconds(at as f64 / clock_hz.unwrap_or(frame_rate_hz));
        if let Some((kind, mark)) = mark(&annotation, at).filter(|_| at.0 < end_s) {
            here |= kind;
            if had & kind == 0 {
                is_too_large |= marks.len() >= MAX_MARKS;
                marks.extend(Some(mark).filter(|_| !is_too_large));
            }
        }
    }
    // Any text would pass for annotations without an end mark: a few of them are forgiven.
    let is_whole = reader.is_marked || source.size(name)? <= MAX_BYTES;
    if !is_whole || !reader.ends_empty()? {
        return Err(reader.invalid());
    }
    if is_too_large {
        return Err(ImportError::TooLarge);
    }
    Ok(here)
}

/// A mark and its kind; `None` for what is words.
fn mark(annotation: &Annotation, at: Seconds) -> Option<(u8, Mark)> {
    let code = annotation.code;
    let mut mark = Mark::coded(at, code);
    let kind = match code {
        AnnotationCode::RHYTHM => {
            rhythm_name(&annotation.text)?.clone_into(&mut mark.text);
            8
        }
        _ if code.is_beat() => 1,
        _ if code.is_wave() => {
            mark.number = u8::try_from(annotation.number).unwrap_or(0);
            2
        }
        // Notes, measurements and links (ecgcodes.h) say nothing but their words.
        AnnotationCode(22 | 23 | 36) => return None,
        _ => 4,
    };
    Some((kind, mark))
}
