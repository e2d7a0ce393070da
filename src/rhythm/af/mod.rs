//! How likely atrial fibrillation is at every beat, from RR intervals alone.

mod features;
mod fitted;
mod model;

use crate::signal::RrInterval;
use crate::units::Seconds;
use features::FEWEST;
use std::collections::VecDeque;

pub use features::{features as window_features, FEATURES as AF_FEATURES, WINDOW as AF_WINDOW};
pub use model::{AfModel, WEIGHTS};

/// Intervals that are farther apart than this begin another series.
const LONGEST_HOLE: Seconds = Seconds(10.0);
/// Intervals are held inside this range, in milliseconds: what is outside says no more than its bound.
const RANGE_MS: [f64; 2] = [200.0, 3000.0];
/// Windows whose evidence is put together for the longer span.
const LONG: usize = 97;
/// Most intervals that wait: twice the longer span, so that half of the beats may come from a ventricle.
const WAITING: usize = 2 * (AF_WINDOW + LONG);

/// Intervals that one decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfSpan {
    /// 32 with the beat in their middle; known 16 beats later.
    Beats32,
    /// 128 with the beat in their middle; known 64 beats later.
    Beats128,
}

/// What is said of one interval and the beat that closes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AfBeat {
    /// When the beat happened.
    pub end: Seconds,
    /// Length of the interval, in seconds.
    pub rr: Seconds,
    /// Probability of atrial fibrillation, 0 to 1; `None` in a series of fewer than 8 intervals.
    pub chance: Option<f32>,
}

/// Follows RR intervals and gives each its probability of atrial fibrillation, in the order of time.
///
/// At the ends of a series the window is the first or the last that is whole; a series shorter than the window is
/// judged by what there is. Memory is constant and nothing is allocated for a beat but the room in the caller's list.
/// Ectopic beats belong in the series: the model knows them. Intervals in signal that is not usable do not; a hole of up
/// to 10 s is bridged, a longer one begins another series.
pub struct AfTrack {
    model: AfModel,
    span: AfSpan,
    /// The latest intervals, in milliseconds.
    rr_ms: Window<AF_WINDOW>,
    /// The logits of the latest windows' middles.
    logits: Window<LONG>,
    /// Intervals that wait for their probability, and whether each is in the windows.
    waiting: VecDeque<(AfBeat, bool)>,
    /// Windows of the series so far.
    windows: usize,
    end: Option<Seconds>,
}

/// The latest `N` values of a series, as one slice.
struct Window<const N: usize> {
    values: Vec<f32>,
}

impl<const N: usize> Window<N> {
    fn new() -> Self {
        Self { values: Vec::with_capacity(4 * N) }
    }

    fn push(&mut self, value: f32) {
        if self.values.len() == 4 * N {
            self.values.copy_within(3 * N.., 0);
            self.values.truncate(N);
        }
        self.values.push(value);
    }

    fn latest(&self) -> &[f32] {
        self.values.get(self.values.len().saturating_sub(N)..).unwrap_or_default()
    }
}

impl AfTrack {
    /// A track with the fitted model.
    #[must_use]
    pub fn new(span: AfSpan) -> Self {
        Self::with_model(span, AfModel::fitted())
    }

    /// The same with another model: for learning.
    #[must_use]
    pub fn with_model(span: AfSpan, model: AfModel) -> Self {
        Self {
            model,
            span,
            rr_ms: Window::new(),
            logits: Window::new(),
            waiting: VecDeque::with_capacity(WAITING),
            windows: 0,
            end: None,
        }
    }

    /// Intervals from one to its decision, those next to ventricular beats not counted.
    #[must_use]
    pub fn delay(&self) -> usize {
        AF_WINDOW / 2 + self.half()
    }

    /// The next interval; appends the decisions that it completes. An interval that begins or ends with a beat from a
    /// ventricle, where somebody told (`ventricular`), says nothing of the atria: it gets the probability of those
    /// around it.
    pub fn push(&mut self, interval: &RrInterval, ventricular: bool, out: &mut Vec<AfBeat>) {
        let rr = Seconds::from(interval.rr);
        let far = |end: Seconds| (interval.end - rr - end).0 > LONGEST_HOLE.0;
        if self.end.is_some_and(far) {
            self.finish(out);
        }
        self.end = Some(interval.end);
        if self.waiting.len() >= WAITING {
            // Hardly any beat comes from above.
            self.waiting.pop_front().into_iter().for_each(|(beat, _)| out.push(beat));
        }
        self.waiting.push_back((AfBeat { end: interval.end, rr, chance: None }, !ventricular));
        if ventricular {
            return;
        }
        self.rr_ms.push(interval.rr.0.clamp(RANGE_MS[0], RANGE_MS[1]) as f32);
        if self.rr_ms.latest().len() < AF_WINDOW {
            return;
        }
        self.look();
        if self.windows > self.half() {
            let first = self.windows == self.half() + 1;
            self.decide(self.half(), if first { AF_WINDOW / 2 + 1 } else { 1 }, out);
        }
    }

    /// The series ends: decides what still waits. The track is then as new.
    pub fn finish(&mut self, out: &mut Vec<AfBeat>) {
        if self.windows == 0 && self.rr_ms.latest().len() >= FEWEST {
            self.look();
        }
        let open = self.windows.min(self.half());
        if self.windows > 0 {
            for ahead in (0..open).rev() {
                // The first window speaks for the beats before its middle, too.
                let first = ahead + 1 == self.windows;
                self.decide(ahead, if first { AF_WINDOW / 2 + 1 } else { 1 }, out);
            }
            self.decide(0, usize::MAX, out);
        }
        out.extend(self.waiting.drain(..).map(|(beat, _)| beat));
        self.rr_ms.values.clear();
        self.logits.values.clear();
        self.windows = 0;
        self.end = None;
    }

    fn half(&self) -> usize {
        match self.span {
            AfSpan::Beats32 => 0,
            AfSpan::Beats128 => LONG / 2,
        }
    }

    fn look(&mut self) {
        if let Some(features) = window_features(self.rr_ms.latest()) {
            self.logits.push(self.model.logit(&features));
            self.windows += 1;
        }
    }

    /// Decides for the window that lies so far before the latest one, and so many intervals with it.
    fn decide(&mut self, ahead: usize, count: usize, out: &mut Vec<AfBeat>) {
        let logits = self.logits.latest();
        let width = (ahead + 1 + self.half()).min(logits.len());
        let own = logits.len().saturating_sub(ahead + 1);
        let chance = model::chance(match self.span {
            AfSpan::Beats32 => logits.get(own).copied().unwrap_or(0.0),
            AfSpan::Beats128 => model::together(logits.get(logits.len() - width..).unwrap_or_default()),
        });
        let mut left = count;
        while left > 0 {
            let Some((mut beat, counts)) = self.waiting.pop_front() else { break };
            beat.chance = Some(chance);
            out.push(beat);
            left -= usize::from(counts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::IntervalSource;
    use crate::units::Milliseconds;

    fn intervals(ms: impl IntoIterator<Item = f64>) -> Vec<RrInterval> {
        let mut end = 0.0;
        ms.into_iter()
            .map(|rr| {
                end += rr / 1000.0;
                let source = IntervalSource::Ecg;
                RrInterval { end: Seconds(end), rr: Milliseconds(rr), source, follows: true }
            })
            .collect()
    }

    fn judged(span: AfSpan, list: &[RrInterval]) -> Vec<AfBeat> {
        let (mut track, mut out) = (AfTrack::new(span), Vec::new());
        list.iter().for_each(|rr| track.push(rr, false, &mut out));
        track.finish(&mut out);
        out
    }

    /// As scattered as in fibrillation, and the same on every run.
    fn scattered(count: u32) -> Vec<RrInterval> {
        let mut state = 7_u32;
        intervals((0..count).map(move |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            450.0 + 550.0 * f64::from(state >> 8) / f64::from(1 << 24)
        }))
    }

    #[test]
    fn every_interval_gets_one_answer_in_order_whatever_the_length() {
        for span in [AfSpan::Beats32, AfSpan::Beats128] {
            for count in [0, 1, 7, 8, 15, 31, 32, 33, 48, 79, 80, 81, 127, 128, 129, 600] {
                let list = scattered(count);
                let out = judged(span, &list);
                assert_eq!(out.len(), list.len(), "{span:?} {count}");
                assert!(out.iter().zip(&list).all(|(beat, rr)| beat.end == rr.end));
                assert!(out.iter().all(|beat| beat.chance.is_some() == (count >= 8)), "{span:?} {count}");
            }
        }
    }

    #[test]
    fn decisions_come_when_promised() {
        for span in [AfSpan::Beats32, AfSpan::Beats128] {
            let (mut track, mut out) = (AfTrack::new(span), Vec::new());
            for (i, rr) in scattered(400).iter().enumerate() {
                track.push(rr, false, &mut out);
                let due = (i + 1).saturating_sub(track.delay() - 1);
                assert!(i < 150 || out.len() == due, "{span:?} {i}: {} for {due}", out.len());
            }
        }
    }

    #[test]
    fn a_scattered_series_is_likely_and_breathing_bigeminy_and_trigeminy_are_not() {
        let breathing = (0..300).map(|i| 850.0 + 60.0 * (f64::from(i) * 1.2).sin());
        let bigeminy = (0..300).map(|i| if i % 2 == 0 { 520.0 } else { 1080.0 } + f64::from(i * 7 % 5) * 8.0);
        let trigeminy =
            (0..300).map(|i| [800.0, 500.0, 1100.0][i as usize % 3] + f64::from(i * 7 % 11) * 4.0);
        for span in [AfSpan::Beats32, AfSpan::Beats128] {
            let mean = |list: &[RrInterval]| {
                let out = judged(span, list);
                out.iter().filter_map(|beat| beat.chance).sum::<f32>() / out.len() as f32
            };
            let likely = mean(&scattered(300));
            let others =
                [intervals(breathing.clone()), intervals(bigeminy.clone()), intervals(trigeminy.clone())];
            let others = others.map(|list| mean(&list));
            assert!(likely > 0.9 && others.iter().all(|p| *p < 0.1), "{span:?}: {likely}, {others:?}");
        }
    }

    #[test]
    fn ventricular_beats_in_an_even_rhythm_are_no_fibrillation_when_they_are_told() {
        // A normal beat, then an early and a late one, at changing places.
        let list: Vec<(f64, bool)> = (0..400)
            .flat_map(|i| match i * 7 % 5 {
                0 | 2 => vec![(520.0, true), (1100.0 + f64::from(i % 7) * 9.0, true)],
                _ => vec![(800.0 + f64::from(i % 3) * 12.0, false); 2],
            })
            .collect();
        for span in [AfSpan::Beats32, AfSpan::Beats128] {
            let (mut track, mut out) = (AfTrack::new(span), Vec::new());
            let all = intervals(list.iter().map(|(rr, _)| *rr));
            all.iter().zip(&list).for_each(|(rr, (_, v))| track.push(rr, *v, &mut out));
            track.finish(&mut out);
            assert_eq!(out.len(), all.len());
            assert!(out.iter().zip(&all).all(|(beat, rr)| beat.end == rr.end));
            assert!(out.iter().all(|beat| beat.chance.is_some_and(|p| p < 0.2)), "{span:?}");
        }
    }

    #[test]
    fn ventricular_beats_alone_wait_no_longer_than_there_is_room() {
        let (mut track, mut out) = (AfTrack::new(AfSpan::Beats128), Vec::new());
        for (i, rr) in scattered(5000).iter().enumerate() {
            track.push(rr, true, &mut out);
            assert!(out.len() + WAITING > i);
        }
        track.finish(&mut out);
        assert!(out.len() == 5000 && out.iter().all(|beat| beat.chance.is_none()));
    }

    #[test]
    fn odd_intervals_are_held_and_long_holes_begin_anew() {
        let odd = intervals([0.0, -5.0, f64::NAN, f64::INFINITY, 1e12, 800.0, 1.0, 800.0, 800.0, 800.0]);
        for beat in judged(AfSpan::Beats128, &odd) {
            assert!(beat.chance.is_none_or(|p| (0.0..=1.0).contains(&p)));
        }
        let mut apart = scattered(40);
        let hole = 20.0;
        apart.iter_mut().skip(36).for_each(|rr| rr.end = Seconds(rr.end.0 + hole));
        let out = judged(AfSpan::Beats32, &apart);
        assert!(out[..36].iter().all(|b| b.chance.is_some()) && out[36..].iter().all(|b| b.chance.is_none()));
    }
}
