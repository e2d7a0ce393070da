//! What the detector saw of a recording: for learning from it.

use super::candidates::{Candidate, Candidates, CONFIRMED_AFTER};
use super::decision::{Decision, Judged, TICK};
use super::front::{seconds, Front, BLOCK};
use super::looks::INPUTS;
use super::model::Model;
use super::place;
use super::succession::{link, silence, Expectation, LINK, SILENCE};
use super::KEPT_S;
use crate::signal::RPeak;
use crate::units::Hertz;

/// A candidate as the detector judged it, with what it then knew.
pub struct Sighting {
    candidate: Candidate,
    expected: Expectation,
    /// Inputs of the network for looks.
    pub looks: [f32; INPUTS],
    /// Where the beat would be.
    pub peak: RPeak,
}

impl Sighting {
    /// Time in the segment, in seconds.
    #[must_use]
    pub fn at_s(&self) -> f64 {
        seconds(self.candidate.at)
    }

    /// Inputs of the network for intervals when this is the beat after `last`; `None` where it cannot be.
    #[must_use]
    pub fn link(&self, last: &Self) -> Option<[f32; LINK]> {
        link(&last.candidate, &self.candidate, &self.expected)
    }

    /// Inputs of the network for silences when no beat follows for so many seconds.
    #[must_use]
    pub fn silence(&self, for_s: f64) -> [f32; SILENCE] {
        silence(for_s, &self.expected)
    }
}

/// One uninterrupted recording, heard to its end. Memory grows with it.
pub struct Rehearsal {
    /// All candidates, in order of time.
    pub sightings: Vec<Sighting>,
    /// The beats that a [`super::Detector`] with this model finds.
    pub beats: Vec<RPeak>,
}

impl Rehearsal {
    /// Hears a recording in microvolts.
    #[must_use]
    pub fn new(samples_uv: &[f32], rate: Hertz, model: Model) -> Self {
        let (mut front, mut finder) = (Front::new(rate, KEPT_S), Candidates::new());
        let mut decision = Decision::new(model);
        let mut new = Self { sightings: Vec::new(), beats: Vec::new() };
        let mut features = Vec::new();
        for part in samples_uv.chunks(BLOCK) {
            features.clear();
            front.push(part, |x| features.push(x));
            for part in features.chunks(BLOCK) {
                finder.extend(part);
                new.hear(&mut finder, &mut decision, (&front, rate));
            }
        }
        features.clear();
        front.finish(|x| features.push(x));
        finder.extend(&features);
        new.hear(&mut finder, &mut decision, (&front, rate));
        features.clear();
        features.resize(CONFIRMED_AFTER as usize, finder.last());
        finder.extend(&features);
        new.hear(&mut finder, &mut decision, (&front, rate));
        new.decide(&mut Vec::new(), &mut decision, (finder.now(), true), (&front, rate));
        new
    }

    fn hear(&mut self, finder: &mut Candidates, decision: &mut Decision, original: (&Front, Hertz)) {
        let mut judged = Vec::new();
        while let Some(candidate) = finder.look() {
            let look = candidate.is_some() || finder.now() % TICK == 0;
            if let Some(candidate) = candidate {
                decision.add(candidate, |j| judged.push(j));
            }
            if look {
                self.decide(&mut judged, decision, (finder.now(), false), original);
            }
        }
    }

    fn decide(
        &mut self,
        judged: &mut Vec<Judged>,
        decision: &mut Decision,
        (now, end): (i64, bool),
        (front, rate): (&Front, Hertz),
    ) {
        decision.begin(now, end, |j| judged.push(j));
        let place = |at: i64| place::locate(front.raw(), rate, front.original_place(at as f64), 0);
        for Judged { candidate, expected, looks } in judged.drain(..) {
            self.sightings.push(Sighting { candidate, expected, looks, peak: place(candidate.at) });
        }
        while let Some(decided) = decision.next(now, end) {
            if decided.beat {
                self.beats.push(place(decided.at));
            }
        }
    }
}
