//! R peaks, streaming.
//!
//! The samples come raw and at any rate from 50 to 2000 Hz. In the order of the flow:
//! 1. `front`: missing samples are held, the signal is brought to 125 Hz.
//! 2. `candidates`: local maxima of the envelope of a wavelet pair near 11 Hz. On the reference recordings all but
//!    0.03 % of the beats are among them.
//! 3. `levels`, `shapes`: what beats, rhythm and noise of this signal look like so far.
//! 4. `path`, `weights`: the best path through the candidates of a bounded window says which are beats.
//! 5. `decision`: a beat is settled as soon as nothing that can still come is likely to change it.
//! 6. `place`: the dominant deflection at the original rate, between samples.
//!
//! Nothing is lost for learning: the first levels come from the first 1.6 s of a segment, which are then judged
//! from their start.

mod candidates;
mod decision;
mod fitted;
mod front;
mod levels;
mod path;
mod place;
mod rehearsal;
mod ring;
mod shapes;
mod weights;

use crate::signal::RPeak;
use crate::units::{Hertz, SampleCount, Seconds};
use candidates::{Candidates, CONFIRMED_AFTER};
use decision::{longest_wait_s, Decision, TICK};
use front::{seconds, Front};

pub use rehearsal::Rehearsal;
pub use weights::Weights;

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
pub const DETECTORS: &[DetectorInfo] = &[DetectorInfo { id: "pqrst.path", version: "2", new: Detector::new }];

/// Signal kept to find the exact place, in seconds: the longest wait and what lies around a beat.
const KEPT_S: f64 = 2.5;

/// Finds R peaks in raw ECG of either sign, any offset and any usual gain.
///
/// NaN and infinities count as missing and are held. The result does not depend on how the samples are divided
/// among calls of [`Detector::push`], bit for bit. Memory is constant, and nothing is allocated for a sample.
pub struct Detector {
    rate: Hertz,
    front: Front,
    candidates: Candidates,
    decision: Decision,
    /// Place in the record of the segment's first sample.
    start: u64,
    weights: Weights,
}

impl Detector {
    /// A detector for raw samples of this rate. Its places count from the first sample pushed.
    #[must_use]
    pub fn new(rate: Hertz) -> Self {
        Self::with_weights(rate, Weights::FITTED)
    }

    /// The same with other weights: for fitting them.
    #[must_use]
    pub fn with_weights(rate: Hertz, weights: Weights) -> Self {
        Self {
            rate,
            front: Front::new(rate, KEPT_S),
            candidates: Candidates::new(),
            decision: Decision::new(weights),
            start: 0,
            weights,
        }
    }

    /// The longest time between a beat and its report; the median is about 0.5 s. Places are not shifted by it.
    #[must_use]
    pub fn delay(&self) -> Seconds {
        Seconds(longest_wait_s() + seconds(CONFIRMED_AFTER) + self.front.delay_s())
    }

    /// Takes raw samples in microvolts and appends the beats that they settle, in order of time.
    pub fn push(&mut self, samples_uv: &[f32], out: &mut Vec<RPeak>) {
        for sample in samples_uv {
            let mut look = false;
            let (candidates, decision) = (&mut self.candidates, &mut self.decision);
            self.front.push(*sample, |x| {
                if let Some(candidate) = candidates.push(x) {
                    decision.add(candidate);
                    look = true;
                }
                look |= candidates.now() % TICK == 0;
            });
            if look {
                self.decide(false, out);
            }
        }
    }

    /// Samples were lost: the beats before the hole are settled, and those after it are found from its end on.
    /// The expected interval is kept, the levels are taken anew.
    pub fn skip(&mut self, gap: SampleCount, out: &mut Vec<RPeak>) {
        if gap.0 > 0 {
            self.end_segment(out);
            self.start = self.start.saturating_add(gap.0);
        }
    }

    /// Appends the beats that are still open; the detector is then as new.
    pub fn finish(&mut self, out: &mut Vec<RPeak>) {
        self.end_segment(out);
        self.decision = Decision::new(self.weights);
        self.start = 0;
    }

    fn end_segment(&mut self, out: &mut Vec<RPeak>) {
        // The signal goes on at its last value until every candidate in it is known.
        let last = self.candidates.last();
        for _ in 0..CONFIRMED_AFTER {
            if let Some(candidate) = self.candidates.push(last) {
                self.decision.add(candidate);
            }
        }
        self.decide(true, out);
        self.start = self.start.saturating_add(self.front.samples().unsigned_abs());
        self.front.clear();
        self.candidates.clear();
        self.decision.restart();
    }

    fn decide(&mut self, end: bool, out: &mut Vec<RPeak>) {
        let now = self.candidates.now();
        while let Some(beat) = self.decision.next(now, end) {
            let near = self.front.original_place(beat.at as f64);
            out.push(place::locate(&self.front.raw, self.rate, near, self.start));
        }
    }
}
