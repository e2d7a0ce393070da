//! From R peaks to waves and classes: what needs the signal around a beat and the beat after it.

use super::report::WavesRow;
use crate::beats::{Classified, Classifier, Sighting};
use crate::delineate::Delineator;
use crate::dsp::Strip;
use crate::rhythm::{Label, NoLabel, ObservedBeat, Observer, SilenceWatch};
use crate::signal::{Fiducials, QualityWindow, RPeak};
use crate::units::{Hertz, SampleCount, SamplePlace, Seconds};
use std::collections::VecDeque;

/// So long the next beat is waited for: 24 a minute.
const LONGEST_WAIT: Seconds = Seconds(2.5);
/// Signal kept: the longest wait for each beat that a class waits for, and what lies around a beat.
const KEPT: Seconds = Seconds(LONGEST_WAIT.0 * (Classifier::LAG as f64 + 1.0) + 2.0);

/// Quality windows that wait for the beats in them, before more room is made: the longest wait of a beat holds two.
const WINDOWS: usize = 16;

/// Follows the beats of one lead. A beat is looked at once the next one is known and its own signal is there.
pub(super) struct BeatTrack {
    strip: Strip,
    delineator: Delineator,
    classifier: Classifier,
    observer: Observer,
    silence: SilenceWatch,
    /// Quality windows that wait for the beats in them.
    judged: VecDeque<(QualityWindow, Seconds, Seconds)>,
    /// Beats that were not looked at, the oldest first, and the last one that was.
    open: VecDeque<RPeak>,
    before: Option<SamplePlace>,
    /// Beats whose class is not known, the oldest first, with their waves.
    unclassed: VecDeque<(RPeak, Fiducials)>,
    /// What was found, beat by beat in the order in which they came.
    pub(super) waves: Vec<Fiducials>,
    pub(super) classes: Vec<Classified>,
    /// A word for the rhythm, once the record has ended.
    pub(super) label: Option<Result<Label, NoLabel>>,
}

impl BeatTrack {
    pub(super) fn new(rate: Hertz) -> Self {
        Self {
            strip: Strip::new(rate, KEPT),
            delineator: Delineator::new(),
            classifier: Classifier::new(),
            observer: Observer::new(),
            silence: SilenceWatch::default(),
            judged: VecDeque::with_capacity(WINDOWS),
            open: VecDeque::with_capacity(32),
            before: None,
            unclassed: VecDeque::with_capacity(2 * Classifier::LAG),
            waves: Vec::new(),
            classes: Vec::new(),
            label: None,
        }
    }

    /// Samples in microvolts, as they came.
    pub(super) fn push(&mut self, samples_uv: &[f32]) {
        self.strip.push(samples_uv);
    }

    /// The next beat.
    pub(super) fn beat(&mut self, peak: RPeak) {
        self.open.push_back(peak);
    }

    /// The next quality window, from one time to another: whether beats that are not found in it are not there.
    pub(super) fn window(&mut self, window: QualityWindow, start: Seconds, end: Seconds) -> bool {
        self.judged.push_back((window, start, end));
        self.silence.hears(&self.strip, &window)
    }

    /// Looks at the beats whose signal and successor are there; every beat before `told` has been told.
    pub(super) fn look(&mut self, told: SamplePlace, time: impl Fn(SamplePlace) -> Seconds) {
        while let Some(&peak) = self.open.front() {
            let followed = self.open.len() > 1 || self.strip.reaches(peak.at, LONGEST_WAIT);
            let after = Seconds(Classifier::AFTER.0.max(Delineator::REACH.0));
            if !followed || !self.strip.reaches(peak.at, after) {
                break;
            }
            self.take(&time);
        }
        let first = self.unclassed.front().map(|(peak, _)| peak).or(self.open.front());
        let settled = first.map_or(told, |peak| SamplePlace(peak.at.0.min(told.0)));
        self.settle(time(settled));
    }

    /// The observer hears the windows that begin before a time.
    fn settle(&mut self, before: Seconds) {
        while let Some((window, start, end)) =
            self.judged.front().copied().filter(|(_, start, _)| start.0 < before.0)
        {
            self.judged.pop_front();
            self.observer.window(&window, start, end);
        }
    }

    /// Samples were lost: what waits is looked at as it is, and nothing is measured across the hole.
    pub(super) fn skip(&mut self, gap: SampleCount, time: impl Fn(SamplePlace) -> Seconds) {
        self.close(time);
        self.strip.skip(gap);
        self.observer.gap();
    }

    /// The record ends.
    pub(super) fn finish(&mut self, time: impl Fn(SamplePlace) -> Seconds) {
        self.close(time);
        self.settle(Seconds(f64::INFINITY));
        self.label = Some(self.observer.finish());
    }

    /// No more samples follow directly.
    fn close(&mut self, time: impl Fn(SamplePlace) -> Seconds) {
        while !self.open.is_empty() {
            self.take(&time);
        }
        let known = self.classes.len();
        self.classifier.flush(&mut self.classes);
        self.observe(known, &time);
        self.delineator.reset();
        self.before = None;
    }

    fn take(&mut self, time: &impl Fn(SamplePlace) -> Seconds) {
        let Some(peak) = self.open.pop_front() else { return };
        let after = self.open.front().map(|next| next.at);
        let fiducials = self.delineator.beat(&self.strip, peak.at, self.before, after);
        self.before = Some(peak.at);
        self.waves.push(fiducials);
        self.unclassed.push_back((peak, fiducials));
        let known = self.classes.len();
        self.classifier.beat(&self.strip, Sighting { r: peak, fiducials }, &mut self.classes);
        self.observe(known, time);
    }

    /// The observer hears the beats whose classes are new.
    fn observe(&mut self, known: usize, time: &impl Fn(SamplePlace) -> Seconds) {
        for found in self.classes.get(known..).unwrap_or_default() {
            let Some((r, fiducials)) = self.unclassed.pop_front() else { return };
            let (time, fiducials) = (time(r.at), Some(fiducials));
            let beat = ObservedBeat { r, time, class: found.class, chances: found.chances, fiducials };
            self.observer.beat(&self.strip, &beat);
        }
    }
}

/// The waves of a beat in times; `None` when nothing of it was found.
pub(super) fn waves_row(
    beat: u64,
    found: &Fiducials,
    time: impl Fn(SamplePlace) -> Seconds,
) -> Option<WavesRow> {
    let at = |place: Option<SamplePlace>| place.map(|place| time(place).0);
    let (p, t) = (found.p.unwrap_or_default(), found.t.unwrap_or_default());
    let row = WavesRow {
        beat,
        p_onset_s: at(p.onset),
        p_peak_s: at(p.peak),
        p_end_s: at(p.end),
        qrs_onset_s: at(found.qrs_onset),
        qrs_end_s: at(found.qrs_end),
        t_onset_s: at(t.onset),
        t_peak_s: at(t.peak),
        t_end_s: at(t.end),
    };
    let all = [
        row.p_onset_s,
        row.p_peak_s,
        row.p_end_s,
        row.qrs_onset_s,
        row.qrs_end_s,
        row.t_onset_s,
        row.t_peak_s,
        row.t_end_s,
    ];
    all.iter().any(Option::is_some).then_some(row)
}
