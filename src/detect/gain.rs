//! Which open candidates are beats while none is sure: the set from which most is gained.

use super::front::FEATURE_HZ;
use super::path::{Open, ROOM};
use super::succession::REFRACTORY_S;

/// No two beats are closer, in feature samples.
const APART: i64 = (REFRACTORY_S * FEATURE_HZ) as i64;
/// A beat told this far from its place is still found, in feature samples (150 ms: ANSI/AAMI EC57).
const TOLERANCE: i64 = 18;
/// Each decision counts this much of the next one.
const KEPT: f64 = 0.96;
/// Fewest beats that are reckoned with: a doubt after a long silence is no noise.
const FEWEST: f64 = 5.0;
/// Share of the doubt at which beats begin to be lost in noise, and by which they are.
const LOST: (f64, f64) = (0.25, 0.1);

/// How much of the latest beats was in doubt.
#[derive(Default)]
pub(super) struct Doubtful {
    doubt: f64,
    beats: f64,
}

impl Doubtful {
    /// A candidate with this probability of a beat is decided.
    pub(super) fn decided(&mut self, chance: f64) {
        self.doubt = KEPT * self.doubt + chance * (1.0 - chance);
        self.beats = KEPT * self.beats + chance;
    }

    /// How far beats are lost in noise, 0 to 1.
    pub(super) fn lost(&self) -> f64 {
        ((self.doubt / self.beats.max(FEWEST) - LOST.0) / LOST.1).clamp(0.0, 1.0)
    }
}

/// Whether the first open candidate belongs to the set of beats, none too close to another, that gains most. A beat
/// gains its probability less the one from which on it is `wanted`. Where beats are `lost` (0 to 1), what lies
/// within the tolerance speaks for it as well: it is not known any more which of them is the beat.
pub(super) fn first_belongs(
    open: &[Open],
    chances: &[f64],
    lost: f64,
    wanted: impl Fn(&Open) -> f64,
) -> bool {
    let at = |i: usize| open.get(i).map_or(i64::MAX, |o| o.candidate.at);
    // The greatest gain from each candidate on.
    let mut gains = [0.0; ROOM + 1];
    let gain = |gains: &[f64], i: usize| gains.get(i).copied().unwrap_or(0.0);
    for (i, (own, chance)) in open.iter().zip(chances).enumerate().rev() {
        let here = own.candidate.at;
        let around = open.iter().zip(chances).filter(|(o, _)| (o.candidate.at - here).abs() <= TOLERANCE);
        let others: f64 = around.map(|(_, chance)| chance).sum::<f64>() - chance;
        let next = (i + 1..open.len()).find(|j| at(*j) - here >= APART).unwrap_or(open.len());
        let with = chance + lost * others - wanted(own) + gain(&gains, next);
        let without = gain(&gains, i + 1);
        if i == 0 {
            return with >= without;
        }
        if let Some(slot) = gains.get_mut(i) {
            *slot = with.max(without);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::candidates::{Candidate, STEPS};
    use super::super::levels::Levels;
    use super::super::succession::Expectation;
    use super::*;

    fn first(places: &[i64], chances: &[f64], lost: f64) -> bool {
        let opened = |at: &i64| {
            let (height, steps) = (1000.0, [0.0; STEPS]);
            let candidate = Candidate {
                at: *at,
                height,
                slope: 400.0,
                sharpness: 500.0,
                surroundings: 20.0,
                aftermath: 20.0,
                steps,
            };
            Open::for_tests(candidate, Expectation::first(&Levels::new()))
        };
        let open: Vec<Open> = places.iter().map(opened).collect();
        first_belongs(&open, chances, lost, |_| 0.2)
    }

    #[test]
    fn of_two_that_exclude_each_other_the_likelier_one_belongs() {
        assert!(first(&[0], &[0.3], 0.0));
        assert!(!first(&[0], &[0.1], 0.0));
        assert!(!first(&[0, 20], &[0.3, 0.6], 0.0));
        assert!(first(&[0, 20], &[0.6, 0.3], 0.0));
        // A likelier one farther off excludes nothing, ...
        assert!(first(&[0, 40], &[0.3, 0.6], 0.0));
        // ... and one that gives way to another lets the first one in.
        assert!(first(&[0, 20, 45], &[0.4, 0.5, 0.5], 0.0));
    }

    #[test]
    fn lost_in_noise_neighbours_speak_for_each_other() {
        assert!(!first(&[0, 12], &[0.15, 0.12], 0.0));
        assert!(first(&[0, 12], &[0.15, 0.12], 1.0));
    }

    #[test]
    fn beats_are_lost_where_most_are_in_doubt_and_not_by_one_doubt_after_a_silence() {
        let mut doubtful = Doubtful::default();
        doubtful.decided(0.5);
        assert_eq!(doubtful.lost(), 0.0);
        (0..100).for_each(|_| doubtful.decided(0.5));
        assert_eq!(doubtful.lost(), 1.0);
        (0..100).for_each(|i| doubtful.decided(f64::from(i % 2)));
        assert_eq!(doubtful.lost(), 0.0);
        (0..100_000).for_each(|_| doubtful.decided(0.0));
        doubtful.decided(0.3);
        assert_eq!(doubtful.lost(), 0.0);
    }
}
