//! A recording prepared for deciding its beats many times, under other weights each time.

use super::candidates::{Candidate, Candidates, CONFIRMED_AFTER};
use super::decision::{Decision, TICK};
use super::front::Front;
use super::place;
use super::weights::Weights;
use super::KEPT_S;
use crate::signal::RPeak;
use crate::units::Hertz;

/// The candidates of one uninterrupted recording with the moments at which a [`super::Detector`] decides: the work
/// that does not depend on the weights, done once. Memory grows with the recording; this is for fitting.
pub struct Rehearsal {
    candidates: Vec<(Candidate, RPeak)>,
    /// Time and number of candidates known by then.
    looks: Vec<(i64, usize)>,
}

impl Rehearsal {
    /// Prepares a recording in microvolts.
    #[must_use]
    pub fn new(samples_uv: &[f32], rate: Hertz) -> Self {
        let (mut front, mut finder) = (Front::new(rate, KEPT_S), Candidates::new());
        let mut new = Self { candidates: Vec::new(), looks: Vec::new() };
        let mut found = Vec::new();
        for sample in samples_uv {
            let mut look = false;
            front.push(*sample, |x| {
                let candidate = finder.push(x);
                look |= candidate.is_some() || finder.now() % TICK == 0;
                found.extend(candidate);
            });
            new.take(&mut found, &front, rate);
            if look {
                new.looks.push((finder.now(), new.candidates.len()));
            }
        }
        let last = finder.last();
        found.extend((0..CONFIRMED_AFTER).filter_map(|_| finder.push(last)));
        new.take(&mut found, &front, rate);
        new.looks.push((finder.now(), new.candidates.len()));
        new
    }

    fn take(&mut self, found: &mut Vec<Candidate>, front: &Front, rate: Hertz) {
        for candidate in found.drain(..) {
            let near = front.original_place(candidate.at as f64);
            self.candidates.push((candidate, place::locate(&front.raw, rate, near, 0)));
        }
    }

    /// The beats that a detector with these weights finds in the recording, in order of time.
    #[must_use]
    pub fn beats(&self, weights: &Weights) -> Vec<RPeak> {
        let mut decision = Decision::new(*weights);
        let mut beats = Vec::new();
        let mut waiting = self.candidates.iter();
        let mut known = 0;
        for (index, (now, count)) in self.looks.iter().enumerate() {
            waiting.by_ref().take(count - known).for_each(|(candidate, _)| decision.add(*candidate));
            known = *count;
            while let Some(beat) = decision.next(*now, index + 1 == self.looks.len()) {
                let found = self.candidates.binary_search_by_key(&beat.at, |(c, _)| c.at);
                beats.extend(found.ok().and_then(|i| self.candidates.get(i)).map(|(_, peak)| *peak));
            }
        }
        beats
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector;
    use crate::synth::EcgSynth;
    use crate::units::Seconds;

    #[test]
    fn a_rehearsal_finds_what_the_detector_finds() {
        let rate = Hertz::new(360.0).unwrap();
        let ecg = EcgSynth::new(7).ectopic(0.1, 0.05).render(rate, Seconds(120.0));
        let rehearsal = Rehearsal::new(&ecg.samples_uv, rate);
        for weights in [Weights::FITTED, Weights::PLAUSIBLE] {
            let mut detector = Detector::with_weights(rate, weights);
            let mut peaks = Vec::new();
            detector.push(&ecg.samples_uv, &mut peaks);
            detector.finish(&mut peaks);
            assert!(peaks.len() > 100);
            let places = |peaks: &[RPeak]| peaks.iter().map(|p| p.at.0).collect::<Vec<_>>();
            let (streamed, rehearsed) = (places(&peaks), places(&rehearsal.beats(&weights)));
            assert_eq!(streamed, rehearsed);
        }
    }
}
