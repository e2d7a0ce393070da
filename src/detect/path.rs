//! Which candidates are beats: the sum over all paths through them.
//!
//! A conditional random field (Lafferty 2001; in its semi-Markov form Sarawagi 2004) over the candidates that are
//! still open: every set of beats has a weight, the product of what each beat earns for its looks, each interval
//! for its length and the silence at the end for its duration. The probability of a beat is the part of the total
//! weight that the sets with it have. The sums run from each candidate to the next, so that they cost the square of
//! a handful.

use super::candidates::Candidate;
use super::front::seconds;
use super::model::Model;
use super::succession::{link, silence, Expectation};

/// Height below which nothing is a beat, in microvolts: that of complexes of about 40 uV, as much as the noise that an
/// amplifier may have of itself (IEC 60601-2-25: 30 uV).
const SMALLEST_UV: f32 = 18.0;
/// Candidates that can be open at once: they are at least 72 ms apart.
pub(super) const ROOM: usize = 32;

/// A candidate that is still open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub candidate: Candidate,
    pub expected: Expectation,
    /// Odds of a beat by its looks alone.
    odds: f64,
    /// Weight of following the settled beat.
    start: f64,
    /// Where its links stand.
    slot: usize,
}

#[cfg(test)]
impl Open {
    pub(super) const fn for_tests(candidate: Candidate, expected: Expectation) -> Self {
        Self { candidate, expected, odds: 1.0, start: 1.0, slot: 0 }
    }
}

/// What was last settled: a beat, or the start of the segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    /// Place, in feature samples.
    pub at: i64,
    /// The beat; `None` at the start of a segment.
    pub beat: Option<Candidate>,
    pub expected: Expectation,
}

/// Everything open, with the weights between.
pub(super) struct Paths {
    model: Model,
    open: Vec<Open>,
    added: usize,
    /// Weight of a candidate for following another, by their slots.
    links: Vec<f64>,
    silences: [f64; ROOM],
    chances: [f64; ROOM],
}

impl Paths {
    pub(super) fn new(model: Model) -> Self {
        Self {
            model,
            open: Vec::with_capacity(ROOM),
            added: 0,
            links: vec![0.0; ROOM * ROOM],
            silences: [0.0; ROOM],
            chances: [0.0; ROOM],
        }
    }

    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
    }

    pub(super) fn open(&self) -> &[Open] {
        &self.open
    }

    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= ROOM
    }

    /// Opens a candidate whose looks earn this score; one below [`SMALLEST_UV`] earns nothing.
    pub(super) fn add(&mut self, candidate: Candidate, expected: Expectation, score: f32, settled: &Settled) {
        let slot = self.added % ROOM;
        self.added += 1;
        let weight = |last: &Candidate| {
            let inputs = link(last, &candidate, &expected);
            inputs.map_or(0.0, |inputs| f64::from(self.model.link(&inputs)).exp())
        };
        let start = settled.beat.as_ref().map_or(1.0, weight);
        for other in &self.open {
            if let Some(entry) = self.links.get_mut(slot * ROOM + other.slot) {
                *entry = weight(&other.candidate);
            }
        }
        let odds = if candidate.height < SMALLEST_UV { 0.0 } else { f64::from(score).exp() };
        self.open.push(Open { candidate, expected, odds, start, slot });
    }

    /// Takes out the first `count` open candidates.
    pub(super) fn drop_first(&mut self, count: usize) {
        self.open.drain(..count.min(self.open.len()));
    }

    /// Takes out the candidates up to the one of this index, which is a beat and which the others now follow.
    pub(super) fn settle(&mut self, index: usize) -> Option<Settled> {
        let own = *self.open.get(index)?;
        self.open.drain(..=index);
        for later in &mut self.open {
            later.start = self.links.get(later.slot * ROOM + own.slot).copied().unwrap_or(0.0);
        }
        Some(Settled { at: own.candidate.at, beat: Some(own.candidate), expected: own.expected })
    }

    /// The probability of a beat for every open candidate, as last weighed.
    pub(super) fn chances(&self) -> &[f64] {
        self.chances.get(..self.open.len()).unwrap_or(&[])
    }

    /// Weighs every open candidate at the time `now`.
    pub(super) fn weigh(&mut self, settled: &Settled, now: i64) {
        let quiet = |since: i64, expected: &Expectation| {
            f64::from(self.model.silence(&silence(seconds(now - since), expected))).exp()
        };
        let nothing = quiet(settled.at, &settled.expected);
        for (slot, open) in self.silences.iter_mut().zip(&self.open) {
            *slot = quiet(open.candidate.at, &open.expected);
        }
        // Backwards: the weight of all that can follow each candidate; `chances` holds them for now.
        let links =
            |next: &Open, last: &Open| self.links.get(next.slot * ROOM + last.slot).copied().unwrap_or(0.0);
        let mut total = nothing;
        for (i, own) in self.open.iter().enumerate().rev() {
            let mut after = self.silences.get(i).copied().unwrap_or(0.0);
            for (next, follows) in self.open.iter().zip(&self.chances).skip(i + 1) {
                after += links(next, own) * next.odds * follows;
            }
            total += own.start * own.odds * after;
            if let Some(slot) = self.chances.get_mut(i) {
                *slot = after;
            }
        }
        // Forwards: the weight of all that can lead to each candidate.
        let mut before = [0.0; ROOM];
        for (i, own) in self.open.iter().enumerate() {
            let mut sum = own.start;
            for (last, reached) in self.open.iter().zip(&before).take(i) {
                sum += links(own, last) * reached;
            }
            let (Some(slot), Some(chance)) = (before.get_mut(i), self.chances.get_mut(i)) else { break };
            *slot = own.odds * sum;
            *chance *= *slot / total;
        }
    }
}
