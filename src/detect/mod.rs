//! R peaks, streaming.

mod candidates;
mod front;
mod levels;
mod path;
mod place;
mod ring;

use crate::signal::RPeak;
use crate::units::{Hertz, SampleCount, Seconds};
use candidates::{Candidate, Candidates, CONFIRMED_AFTER};
use front::{Front, FEATURE_HZ};
use levels::{seconds_between, Levels};
use path::{Paths, Settled};

pub(crate) fn candidates_hz() -> f64 {
    FEATURE_HZ
}

/// A way to find R peaks.
pub struct DetectorInfo {
    /// Stable identifier, named with every result.
    pub id: &'static str,
    /// Changes whenever results change.
    pub version: &'static str,
    /// Makes one.
    pub new: fn(Hertz) -> Detector,
}

/// Every detector.
pub const DETECTORS: &[DetectorInfo] = &[DetectorInfo { id: "pqrst.path", version: "1", new: Detector::new }];

/// Signal from which the first levels of a segment are taken, in feature samples (1.6 s).
const OPENING: i64 = 200;
/// A candidate is decided at the latest after this long, in feature samples.
const LATEST: i64 = 162;
/// ... and not before this long.
const EARLIEST: i64 = 50;
/// The score by which a beat must win to be settled early.
const CLEAR_WIN: f64 = 4.0;
/// Feature samples between two looks when no candidate comes.
const TICK: i64 = 16;
/// Without a beat for this long, in feature samples (2.5 s), expectations fade.
const PATIENCE: i64 = 312;
const FADE: f64 = 0.95;

/// Finds R peaks in raw ECG.
pub struct Detector {
    rate: Hertz,
    front: Front,
    candidates: Candidates,
    levels: Levels,
    paths: Paths,
    pending: Vec<Candidate>,
    settled: Option<Settled>,
    begun: bool,
    offset: u64,
}

impl Detector {
    /// A detector for raw samples of this rate.
    #[must_use]
    pub fn new(rate: Hertz) -> Self {
        Self {
            rate,
            front: Front::new(rate, 4.0),
            candidates: Candidates::new(),
            levels: Levels::new(),
            paths: Paths::new(),
            pending: Vec::with_capacity(64),
            settled: None,
            begun: false,
            offset: 0,
        }
    }

    /// The longest time between a beat and its report.
    #[must_use]
    pub fn delay(&self) -> Seconds {
        Seconds((LATEST + CONFIRMED_AFTER + TICK) as f64 / FEATURE_HZ)
    }

    /// Takes raw samples in microvolts and appends the beats that they settle, in order.
    pub fn push(&mut self, samples_uv: &[f32], out: &mut Vec<RPeak>) {
        for sample in samples_uv {
            let mut news = false;
            let (candidates, pending) = (&mut self.candidates, &mut self.pending);
            self.front.push(*sample, |x| {
                if let Some(candidate) = candidates.push(x) {
                    pending.push(candidate);
                    news = true;
                }
                news |= candidates.now() % TICK == 0;
            });
            if news {
                self.decide(false, out);
            }
        }
    }

    /// Samples were lost.
    pub fn skip(&mut self, gap: SampleCount, out: &mut Vec<RPeak>) {
        if gap.0 > 0 {
            self.end_segment(out);
            self.offset = self.offset.saturating_add(gap.0);
        }
    }

    /// Appends the beats that are still open.
    pub fn finish(&mut self, out: &mut Vec<RPeak>) {
        self.end_segment(out);
        self.levels = Levels::new();
        self.offset = 0;
    }

    fn end_segment(&mut self, out: &mut Vec<RPeak>) {
        let last = self.candidates.last();
        for _ in 0..CONFIRMED_AFTER {
            self.pending.extend(self.candidates.push(last));
        }
        self.decide(true, out);
        self.offset = self.offset.saturating_add(self.front.samples().unsigned_abs());
        self.front.clear();
        self.candidates.clear();
        self.pending.clear();
        self.settled = None;
        self.begun = false;
    }

    fn decide(&mut self, end: bool, out: &mut Vec<RPeak>) {
        let now = self.candidates.now();
        if !self.begun {
            if now < OPENING && !end {
                return;
            }
            self.levels.begin(&self.pending);
            self.begun = true;
        }
        loop {
            let (chosen, margin) = self.paths.best(self.settled.as_ref(), &self.pending, &self.levels, now);
            let Some(first) = chosen.first().copied() else { break };
            let Some(beat) = self.pending.get(first).copied() else { break };
            let age = now - beat.at;
            let due = end || age >= LATEST || (age >= EARLIEST && margin > CLEAR_WIN);
            if !due {
                break;
            }
            for other in self.pending.drain(..=first).take(first) {
                self.levels.no_beat(&other);
            }
            let since = self.settled.as_ref().map(|s| seconds_between(&s.beat, &beat));
            self.levels.beat(&beat, since);
            self.settled = Some(Settled { beat });
            let near = self.front.original_place(beat.at as f64);
            out.push(place::locate(&self.front.raw, self.rate, near, self.offset));
        }
        self.forget(now);
    }

    fn forget(&mut self, now: i64) {
        while let Some(first) = self.pending.first().copied() {
            if now - first.at < LATEST {
                break;
            }
            self.levels.no_beat(&first);
            self.pending.remove(0);
        }
        let since = self.settled.as_ref().map_or(0, |s| s.beat.at);
        if now - since > PATIENCE {
            self.levels.fade(FADE);
        }
    }
}
