//! Annotation files beside a record become its marks: beats, rhythms and waves by their codes. Words that somebody typed
//! are left out, since they may name a person.

use super::annotations::{parse, Annotation, AnnotationCode};
use crate::import::opened::{in_order_of_time, Mark};
use crate::import::{ImportError, Source};
use crate::units::Seconds;

/// Endings of annotation files, in the order in which they are believed: references, beats that programs found, waves (the
/// QT Database's, LUDB's of lead II).
const ANNOTATORS: [&str; 20] = [
    "atr", "qrs", "ecg", "qrsc", "ari", "man", "q1c", "q2c", "qt1", "qt2", "pu", "pu0", "pu1", "wqrs",
    "gqrs", "xqrs", "sqrs", "ann", "ii", "i",
];

/// Largest annotation file that is read unasked: weeks of beats.
const MAX_BYTES: u64 = 1 << 22;

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
pub(super) fn beside(
    source: &dyn Source,
    record: &str,
    frame_rate_hz: f64,
    frames: Option<u64>,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    // Kinds are bits.
    let mut had = 0;
    for ending in ANNOTATORS {
        let name = format!("{record}.{ending}");
        if source.size(&name).is_ok_and(|bytes| bytes <= MAX_BYTES) {
            // What cannot be read is no annotation file, whatever its name.
            let new = read(source, &name, frame_rate_hz, frames).unwrap_or_default();
            let here = new.iter().fold(0, |kinds, (kind, _)| kinds | kind);
            marks.extend(new.into_iter().filter(|(kind, _)| had & kind == 0).map(|(_, mark)| mark));
            had |= here;
        }
    }
    in_order_of_time(marks)
}

/// Marks and their kinds.
fn read(
    source: &dyn Source,
    name: &str,
    frame_rate_hz: f64,
    frames: Option<u64>,
) -> Result<Vec<(u8, Mark)>, ImportError> {
    let bytes = source.read(name, 0, MAX_BYTES as usize)?;
    let (annotations, behind) = parse(name, &bytes)?;
    let in_order = annotations.list.is_sorted_by_key(|a| a.at);
    if !in_order || behind.iter().any(|b| *b != 0) {
        return Err(ImportError::Annotation { name: name.to_owned() });
    }
    let clock_hz = annotations.resolution_hz.unwrap_or(frame_rate_hz);
    let end_s = frames.map_or(f64::INFINITY, |n| n as f64 / frame_rate_hz);
    let marks = annotations.list.iter().filter_map(|a| mark(a, Seconds(a.at.0 as f64 / clock_hz)));
    Ok(marks.filter(|(_, m)| m.at.0 < end_s).collect())
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
