//! From beats with classes to the word, the findings and the ectopic beats of a report.

use super::report::{BeatRow, Ectopy, FindingRow, GapRow, LabelChances, LabelRow, QualityRow};
use super::{Algorithm, NullReason, Value, Window};
use crate::rhythm::{
    self, AfBeat, AfSpan, AfTrack, FindingBeat, FindingWindow, Label, RhythmFinding, RhythmLabel,
};
use crate::signal::{BeatClass, RrInterval};
use crate::units::Seconds;

/// Usable signal behind a word for the rhythm (SAFETY.md: wording on fibrillation from 30 s on).
const LEAST_FOR_LABEL: Seconds = Seconds(30.0);
/// Times are sums of windows: this much short is not short, seconds.
const ROUNDING_S: f64 = 0.5;
/// Usable signal behind a rate of ectopic beats.
const LEAST_FOR_ECTOPY: Seconds = Seconds(20.0);

/// What is known of the beats of a record.
pub(super) struct Beats<'a> {
    pub rows: &'a [BeatRow],
    /// The judged part.
    pub judged: Window,
    /// Usable seconds in it.
    pub usable: Seconds,
    pub windows: &'a [QualityRow],
    /// Whether beats that are not found in a window are not there.
    pub hears: &'a [bool],
    pub gaps: &'a [GapRow],
    pub rr: &'a [RrInterval],
    /// A pacemaker, or nobody knows: its pulses cannot be seen here, and classes mean nothing.
    pub paced: bool,
}

impl Beats<'_> {
    /// Whether all signal from one time to another was judged and can be used.
    pub(super) fn trusted(&self, from: f64, to: f64) -> bool {
        trusted(self.windows, Seconds(from), Seconds(to))
    }

    /// Whether an interval begins or ends with a beat from a ventricle.
    fn ventricular(&self, rr: &RrInterval) -> bool {
        let next = self.rows.partition_point(|beat| beat.time_s <= rr.end.0);
        let ends = self.rows.get(next.saturating_sub(2)..next).unwrap_or_default();
        !self.paced && ends.iter().any(|beat| matches!(beat.class, BeatClass::V | BeatClass::F))
    }

    fn missing(&self, from: f64, to: f64) -> bool {
        self.gaps.iter().any(|gap| gap.start_s < to && gap.start_s + gap.duration_s > from)
    }

    /// Beats of the judged part.
    pub(super) fn inside(&self) -> impl Iterator<Item = &BeatRow> {
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

/// Whether all signal from one time to another was judged and can be used.
pub(super) fn trusted(windows: &[QualityRow], from: Seconds, to: Seconds) -> bool {
    let first = windows.partition_point(|row| row.start_s + row.duration_s <= from.0);
    let mut touched = windows.iter().skip(first).take_while(|row| row.start_s < to.0).peekable();
    touched.peek().is_some() && touched.all(|row| row.usable)
}

/// The word. What is too noisy to tell is said at any length.
pub(super) fn label(beats: &Beats<'_>, found: Option<Option<Label>>) -> LabelRow {
    let algorithm = Algorithm::RhythmLabel;
    let absent = |reason| LabelRow {
        value: None,
        reason: Some(reason),
        probabilities: None,
        evidence: None,
        algorithm,
    };
    let found = match found {
        None => return absent(NullReason::NoSignal),
        Some(None) => return absent(NullReason::TooShort),
        Some(Some(label)) => label,
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
            let trusted = |beat: &&BeatRow| beats.trusted(beat.time_s, beat.time_s);
            let count = beats.inside().filter(|beat| beat.class == class).filter(trusted).count();
            Value::measured(60.0 * count as f64 / beats.usable.0, beats.judged, algorithm)
        }
    };
    Ectopy {
        ventricular_per_min: value(BeatClass::V, Algorithm::Ventricular),
        supraventricular_per_min: value(BeatClass::S, Algorithm::Supraventricular),
    }
}

/// How likely fibrillation is at each interval in signal that can be read.
fn fibrillation(beats: &Beats<'_>) -> Vec<AfBeat> {
    let mut track = AfTrack::new(AfSpan::Beats128);
    let mut chances = Vec::with_capacity(beats.rr.len());
    let read = |rr: &&RrInterval| beats.trusted(rr.end.0 - rr.rr.0 / 1000.0, rr.end.0);
    for rr in beats.rr.iter().filter(read) {
        track.push(rr, beats.ventricular(rr), &mut chances);
    }
    track.finish(&mut chances);
    chances
}

/// Beats and windows as the rules of findings hear them, and what these find.
pub(super) struct Heard {
    pub beats: Vec<FindingBeat>,
    pub windows: Vec<FindingWindow>,
    pub found: Vec<RhythmFinding>,
}

impl Heard {
    pub(super) fn new(beats: Vec<FindingBeat>, windows: Vec<FindingWindow>) -> Self {
        let found = rhythm::find(&beats, &windows).list;
        Self { beats, windows, found }
    }
}

/// Beats of the judged part with what is known of them. With a pacemaker only what needs no class.
pub(super) fn heard(beats: &Beats<'_>) -> Heard {
    let mut before: Option<f64> = None;
    let chances = fibrillation(beats);
    let mut chances = chances.iter().peekable();
    let beat = |beat: &BeatRow| {
        let follows = before.replace(beat.time_s).is_some_and(|last| !beats.missing(last, beat.time_s));
        let class = if beats.paced { BeatClass::N } else { beat.class };
        while chances.next_if(|af| af.end.0 < beat.time_s).is_some() {}
        let af = chances.next_if(|af| af.end.0 <= beat.time_s).and_then(|af| af.chance);
        FindingBeat { time: Seconds(beat.time_s), class, follows, af }
    };
    let all: Vec<FindingBeat> = beats.inside().map(beat).collect();
    let window = |(row, hears): (&QualityRow, &bool)| FindingWindow {
        start: Seconds(row.start_s),
        end: Seconds(row.start_s + row.duration_s),
        usable: row.usable,
        hears: *hears,
    };
    Heard::new(all, beats.windows.iter().zip(beats.hears).map(window).collect())
}

/// Pauses, lasting rates, groups of ectopic beats.
pub(super) fn findings(heard: &Heard) -> Vec<FindingRow> {
    let row = |f: &RhythmFinding| FindingRow {
        kind: f.kind,
        start_s: f.start.0,
        end_s: f.end.0,
        beats: f.beats,
        bpm: f.rate.map(|rate| rate.0),
    };
    heard.found.iter().map(row).collect()
}

/// Whether the word is fibrillation.
pub(super) fn fibrillates(label: &LabelRow) -> bool {
    label.value == Some(RhythmLabel::Af)
}
