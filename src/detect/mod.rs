//! R peaks, streaming.
//!
//! The samples come raw and at any rate from 50 to 2000 Hz. In the order of the flow:
//! 1. `pulses`, `front`: pulses of a pacemaker go, missing samples are held, the signal is brought to 125 Hz.
//! 2. `candidates`: local maxima of the envelope of a wavelet pair near 11 Hz. On the reference recordings all but
//!    0.03 % of the beats are among them.
//! 3. `levels`, `shapes`: what beats, rhythm and noise of this signal look like so far.
//! 4. `looks`, `succession`: a candidate, an interval and a silence as numbers; `model`: small networks that say what
//!    each is worth, learnt once and kept in `fitted`.
//! 5. `path`: the probability of each open candidate, summed over all sets of beats.
//! 6. `decision`: a candidate is decided as soon as it is clear; an unclear one waits for what follows, and then the set
//!    of beats is taken from which most is gained (`gain`).
//! 7. `place`: the dominant deflection at the original rate, between samples.
//!
//! Nothing is lost for learning: the first levels come from the first 1.6 s of a segment, which are then judged
//! from their start.

mod candidates;
mod decision;
mod fitted;
mod front;
mod gain;
mod levels;
mod looks;
mod model;
mod path;
mod place;
mod pulses;
mod rehearsal;
mod shapes;
mod succession;

use crate::signal::{Doubt, RPeak};
use crate::units::{Hertz, SampleCount, SamplePlace, Seconds};
use candidates::{Candidates, CONFIRMED_AFTER};
use decision::{longest_wait_s, Decision, TICK};
use front::{seconds, Front, BLOCK};

pub use model::{Model, WEIGHTS};
pub use pulses::tells_pulses;
pub use rehearsal::{Rehearsal, Sighting};

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
pub const DETECTORS: &[DetectorInfo] =
    &[DetectorInfo { id: "pqrst.field", version: "6", new: Detector::new }];

/// Signal kept to find the exact place, in seconds: the longest wait and what lies around a beat.
const KEPT_S: f64 = 2.5;
/// No beat follows another one so soon, in seconds: 240 beats a minute.
const REFRACTORY_S: f64 = 0.25;
/// A beat reported later than this after its place is late, in seconds.
const LATE_S: f64 = 0.5;
/// Doubts that wait to be taken.
const DOUBTS: usize = 100;

/// Finds R peaks in raw ECG of either sign, any offset and any usual gain.
///
/// NaN and infinities count as missing and are held. The result does not depend on how the samples are divided
/// among calls of [`Detector::push`], bit for bit. Memory is constant, and nothing is allocated for a sample.
pub struct Detector {
    rate: Hertz,
    front: Front,
    candidates: Candidates,
    decision: Decision,
    doubts: Vec<Doubt>,
    /// Feature samples on their way.
    features: Vec<f32>,
    /// Place in the record of the segment's first sample.
    start: u64,
    /// Place of the latest beat.
    latest: f64,
}

impl Detector {
    /// A detector for raw samples of this rate. Its places count from the first sample pushed.
    #[must_use]
    pub fn new(rate: Hertz) -> Self {
        Self::with_model(rate, Model::fitted())
    }

    /// The same with another model: for learning.
    #[must_use]
    pub fn with_model(rate: Hertz, model: Model) -> Self {
        Self {
            rate,
            front: Front::new(rate, KEPT_S),
            candidates: Candidates::new(),
            decision: Decision::new(model),
            doubts: Vec::with_capacity(DOUBTS),
            features: Vec::with_capacity(4 * BLOCK),
            start: 0,
            latest: 0.0,
        }
    }

    /// The longest time between a beat and its report; the median is about 0.2 s. Places are not shifted by it.
    #[must_use]
    pub fn delay(&self) -> Seconds {
        Seconds(longest_wait_s() + seconds(CONFIRMED_AFTER) + self.front.delay_s())
    }

    /// Takes raw samples in microvolts and appends the beats that they settle, in order of time.
    pub fn push(&mut self, samples_uv: &[f32], out: &mut Vec<RPeak>) {
        for part in samples_uv.chunks(BLOCK) {
            self.features.clear();
            let features = &mut self.features;
            self.front.push(part, |x| features.push(x));
            self.hear(out);
        }
    }

    /// How likely each decision since the last call was wrong, whether for a beat or against one, in order of time.
    /// The latest hundred wait to be taken.
    pub fn doubts(&mut self) -> std::vec::Drain<'_, Doubt> {
        self.doubts.drain(..)
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
        self.decision.reset();
        self.start = 0;
        self.latest = 0.0;
    }

    fn end_segment(&mut self, out: &mut Vec<RPeak>) {
        // The signal goes on at its last value until every candidate in it is known.
        self.features.clear();
        let features = &mut self.features;
        self.front.finish(|x| features.push(x));
        self.hear(out);
        self.features.clear();
        self.features.resize(CONFIRMED_AFTER as usize, self.candidates.last());
        self.hear(out);
        self.decide(true, out);
        self.start = self.start.saturating_add(self.front.samples().unsigned_abs());
        self.front.clear();
        self.candidates.clear();
        self.decision.restart();
    }

    fn hear(&mut self, out: &mut Vec<RPeak>) {
        let features = core::mem::take(&mut self.features);
        for part in features.chunks(BLOCK) {
            self.candidates.extend(part);
            while let Some(candidate) = self.candidates.look() {
                let look = candidate.is_some() || self.candidates.now() % TICK == 0;
                if let Some(candidate) = candidate {
                    self.decision.add(candidate, |_| ());
                }
                if look {
                    self.decide(false, out);
                }
            }
        }
        self.features = features;
    }

    fn decide(&mut self, end: bool, out: &mut Vec<RPeak>) {
        let now = self.candidates.now();
        self.decision.begin(now, end, |_| ());
        while let Some(decided) = self.decision.next(now, end) {
            let near = self.front.original_place(decided.at as f64);
            if self.doubts.len() >= DOUBTS {
                self.doubts.remove(0);
            }
            self.doubts.push(Doubt {
                at: SamplePlace(self.start as f64 + near.max(0.0)),
                wrong: decided.wrong as f32,
            });
            if decided.beat {
                let late = seconds(now - decided.at) > LATE_S;
                let place = place::locate(self.front.raw(), self.rate, near, self.start);
                // What is left of a beat behind a hole.
                let behind = self.latest > 0.0 && self.latest < self.start as f64;
                if behind && place.at.0 - self.latest < REFRACTORY_S * self.rate.get() {
                    continue;
                }
                // Places found between samples never run back.
                self.latest = place.at.0.max(self.latest);
                let at = SamplePlace(self.latest);
                out.push(RPeak { at, confidence: decided.chance as f32, late, ..place });
            }
        }
    }
}
