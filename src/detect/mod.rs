//! R peaks, streaming.

mod candidates;
mod decision;
mod front;
mod levels;
mod path;
mod place;
mod ring;

use crate::signal::RPeak;
use crate::units::{Hertz, SampleCount, Seconds};
use candidates::{Candidates, CONFIRMED_AFTER};
use decision::{Decision, LATEST, TICK};
use front::{Front, FEATURE_HZ};

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

/// Finds R peaks in raw ECG.
pub struct Detector {
    rate: Hertz,
    front: Front,
    candidates: Candidates,
    decision: Decision,
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
            decision: Decision::new(),
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
            let (candidates, decision) = (&mut self.candidates, &mut self.decision);
            self.front.push(*sample, |x| {
                if let Some(candidate) = candidates.push(x) {
                    decision.add(candidate);
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
        self.decision = Decision::new();
        self.offset = 0;
    }

    fn end_segment(&mut self, out: &mut Vec<RPeak>) {
        let last = self.candidates.last();
        for _ in 0..CONFIRMED_AFTER {
            if let Some(candidate) = self.candidates.push(last) {
                self.decision.add(candidate);
            }
        }
        self.decide(true, out);
        self.offset = self.offset.saturating_add(self.front.samples().unsigned_abs());
        self.front.clear();
        self.candidates.clear();
        self.decision.restart();
    }

    fn decide(&mut self, end: bool, out: &mut Vec<RPeak>) {
        let now = self.candidates.now();
        while let Some(beat) = self.decision.next(now, end) {
            let near = self.front.original_place(beat.at as f64);
            out.push(place::locate(&self.front.raw, self.rate, near, self.offset));
        }
    }
}
