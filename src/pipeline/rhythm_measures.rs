//! From beats with classes to the word, the findings and the ectopic beats of a report.

use super::report::{BeatRow, Ectopy, FindingRow, LabelChances, LabelRow};
use super::{Algorithm, NullReason, Value, Window};
use crate::rhythm::{self, Label, NoLabel, RhythmBeat, RhythmLabel};
use crate::signal::BeatClass;
use crate::units::Seconds;

/// Usable signal behind a word for the rhythm (SAFETY.md: wording on fibrillation from 30 s on).
const LEAST_FOR_LABEL: Seconds = Seconds(30.0);
/// Times are sums of windows: this much short is not short, seconds.
const ROUNDING_S: f64 = 0.5;
/// Usable signal behind a rate of ectopic beats.
const LEAST_FOR_ECTOPY: Seconds = Seconds(20.0);
/// More findings than this are not kept: a day of couplets fills no list.
const MOST_FINDINGS: usize = 2000;

/// What is known of the beats of a record.
pub(super) struct Beats<'a> {
    pub rows: &'a [BeatRow],
    /// The judged part.
    pub judged: Window,
    /// Usable seconds in it.
    pub usable: Seconds,
    /// Whether the signal from one time to another can be read.
    pub trusted: &'a dyn Fn(Seconds, Seconds) -> bool,
    /// A pacemaker, or nobody knows: its pulses cannot be seen here, and classes mean nothing.
    pub paced: bool,
}

impl Beats<'_> {
    fn inside(&self) -> impl Iterator<Item = &BeatRow> {
        self.rows.iter().filter(|beat| beat.time_s >= self.judged.start_s)
    }

    fn nothing(&self, least: Seconds) -> Option<NullReason> {
        let length = self.judged.end_s - self.judged.start_s;
        if self.paced {
            Some(NullReason::Pacemaker)
        } else if length <= 0.0 {
            Some(NullReason::NoSignal)
        } else if length < least.0 - ROUNDING_S {
            Some(NullReason::TooShort)
        } else {
            (self.usable.0 < least.0 - ROUNDING_S).then_some(NullReason::PoorQuality)
        }
    }
}

/// The word. What is too noisy to tell is said at any length.
pub(super) fn label(beats: &Beats<'_>, found: Option<Result<Label, NoLabel>>) -> LabelRow {
    let algorithm = Algorithm::RhythmLabel;
    let absent = |reason| LabelRow { value: None, reason: Some(reason), probabilities: None, evidence: None, algorithm };
    let found = match found {
        None => return absent(NullReason::NoSignal),
        Some(Err(NoLabel::TooShort)) => return absent(NullReason::TooShort),
        Some(Ok(label)) => label,
    };
    if let Some(reason) = beats.nothing(LEAST_FOR_LABEL) {
        return absent(reason);
    }
    let [normal, af, other, noisy] = found.probabilities.map(f64::from);
    LabelRow {
        value: Some(found.label),
        reason: None,
        probabilities: Some(LabelChances { normal, af, other, noisy }),
        evidence: Some(beats.judged),
        algorithm,
    }
}

/// Ectopic beats in usable signal.
pub(super) fn ectopy(beats: &Beats<'_>) -> Ectopy {
    let reason = beats.nothing(LEAST_FOR_ECTOPY);
    let value = |class: BeatClass, algorithm| match reason {
        Some(reason) => Value::absent(reason, algorithm),
        None => {
            let trusted = |beat: &&BeatRow| (beats.trusted)(Seconds(beat.time_s), Seconds(beat.time_s));
            let count = beats.inside().filter(|beat| beat.class == class).filter(trusted).count();
            Value::measured(60.0 * count as f64 / beats.usable.0, beats.judged, algorithm)
        }
    };
    Ectopy {
        ventricular_per_min: value(BeatClass::V, Algorithm::Ventricular),
        supraventricular_per_min: value(BeatClass::S, Algorithm::Supraventricular),
    }
}

/// Pauses, lasting rates, groups of ectopic beats. With a pacemaker only what needs no class.
pub(super) fn findings(beats: &Beats<'_>, gaps: impl Fn(f64, f64) -> bool) -> Vec<FindingRow> {
    let mut before: Option<f64> = None;
    let all: Vec<RhythmBeat> = beats
        .inside()
        .map(|beat| {
            let last = before.replace(beat.time_s);
            let class = if beats.paced { BeatClass::N } else { beat.class };
            let joined = |last: f64| (beats.trusted)(Seconds(last), Seconds(beat.time_s)) && !gaps(last, beat.time_s);
            RhythmBeat { time: Seconds(beat.time_s), class, follows: last.is_some_and(joined) }
        })
        .collect();
    let end = Seconds(beats.judged.end_s);
    let silent = before.filter(|last| (beats.trusted)(Seconds(*last), end) && !gaps(*last, end.0));
    let found = rhythm::findings(&all, if silent.is_some() { end } else { Seconds(0.0) });
    let row = |f: rhythm::Finding| FindingRow {
        kind: f.kind,
        start_s: f.start.0,
        end_s: f.end.0,
        beats: f.beats,
        bpm: f.rate.map(|rate| rate.0),
    };
    found.into_iter().map(row).take(MOST_FINDINGS).collect()
}

/// Whether the word is fibrillation.
pub(super) fn fibrillates(label: &LabelRow) -> bool {
    label.value == Some(RhythmLabel::Af)
}
