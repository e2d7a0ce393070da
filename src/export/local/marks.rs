//! What a record marks, as it may be written: codes, numbers and names of closed lists, in the order of time.

use crate::import::wfdb::{rhythm_name, AnnotationCode};
use crate::import::{Mark, Recording};

/// Waves by their codes in HL7 aECG (IEEE 11073-10102), and their numbers.
const WAVES: [(&str, u8); 3] =
    [("MDC_ECG_WAVC_PWAVE", 0), ("MDC_ECG_WAVC_QRSWAVE", 1), ("MDC_ECG_WAVC_TWAVE", 2)];

/// A mark that may be written.
pub(super) struct Coded {
    /// Since the first sample.
    pub at_s: f64,
    pub code: AnnotationCode,
    /// Which wave an onset or end is of.
    pub number: u8,
    /// A rhythm's name; empty for everything else.
    pub rhythm: &'static str,
}

/// The coded marks of a record. Words of the file are not among them.
pub(super) fn coded(recording: &Recording) -> Vec<Coded> {
    let mut all: Vec<Coded> = recording.marks.iter().flat_map(of).filter(|m| m.at_s >= 0.0).collect();
    all.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    all
}

fn of(mark: &Mark) -> impl Iterator<Item = Coded> + use<> {
    let new = |at_s, code, number, rhythm| Coded { at_s, code, number, rhythm };
    let at_s = mark.at.0;
    let own = match mark.code {
        Some(AnnotationCode::RHYTHM) => {
            rhythm_name(&mark.text).map(|rhythm| new(at_s, AnnotationCode::RHYTHM, 0, rhythm))
        }
        Some(code) => Some(new(at_s, code, mark.number, "")),
        None => None,
    };
    let wave = WAVES.iter().find(|(name, _)| mark.code.is_none() && *name == mark.text);
    let onset = wave.map(|(_, number)| new(at_s, AnnotationCode::WAVE_ONSET, *number, ""));
    let end = wave
        .zip(mark.duration)
        .map(|((_, number), d)| new(at_s + d.0, AnnotationCode::WAVE_END, *number, ""));
    own.into_iter().chain(onset).chain(end)
}
