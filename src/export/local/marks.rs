//! What a record marks, as it may be written: codes, numbers and names of closed lists, in the order of time.

use crate::import::wfdb::{rhythm_name, AnnotationCode};
use crate::import::{in_order_of_time, Mark, Recording};
use crate::units::Seconds;

/// Waves by their codes in HL7 aECG (IEEE 11073-10102), and their numbers.
const WAVES: [(&str, u8); 3] =
    [("MDC_ECG_WAVC_PWAVE", 0), ("MDC_ECG_WAVC_QRSWAVE", 1), ("MDC_ECG_WAVC_TWAVE", 2)];

/// The coded marks of a record. Of the file's words there are none but names of rhythms.
pub(super) fn coded(recording: &Recording) -> Vec<Mark> {
    let new = |at: Seconds, code, number| Mark {
        at,
        duration: None,
        code: Some(code),
        number,
        text: String::new(),
    };
    let mut all = Vec::new();
    for mark in recording.marks.iter().filter(|m| m.at.0 >= 0.0) {
        let wave = WAVES.iter().find(|(name, _)| *name == mark.text);
        match (mark.code, wave) {
            (Some(AnnotationCode::RHYTHM), _) => {
                all.extend(rhythm_name(&mark.text).map(|rhythm| Mark {
                    text: rhythm.to_owned(),
                    ..new(mark.at, AnnotationCode::RHYTHM, 0)
                }))
            }
            (Some(code), _) => all.push(new(mark.at, code, mark.number)),
            (None, Some((_, number))) => {
                all.push(new(mark.at, AnnotationCode::WAVE_ONSET, *number));
                let end = mark.duration.map(|d| Seconds(mark.at.0 + d.0));
                all.extend(end.map(|end| new(end, AnnotationCode::WAVE_END, *number)));
            }
            (None, None) => {}
        }
    }
    in_order_of_time(all)
}
