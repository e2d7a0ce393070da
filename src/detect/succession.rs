//! How one beat follows another, as numbers of about one: the inputs of the networks for intervals and silences.

use super::candidates::Candidate;
use super::front::seconds;
use super::levels::Levels;
use super::looks::{log_ratio, noise, within};

/// Inputs of the network for an interval.
pub(super) const LINK: usize = 10;
/// Inputs of the network for a silence.
pub(super) const SILENCE: usize = 4;

/// No two beats are closer, in seconds: conducted ones are not, and closer ventricular ones are flutter.
pub(super) const REFRACTORY_S: f64 = 0.24;
/// Two complexes closer than this may be one and its T wave, in seconds.
const T_WAVE_S: f64 = 0.4;

/// What is expected at the time of a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expectation {
    /// Interval, in seconds.
    rr: f32,
    /// Deviation of intervals from the expected one, as a logarithm.
    irregularity: f32,
    /// Level of noise in parts of the height of beats.
    pub noise: f32,
    /// How much is known of this rhythm, 0 to 1.
    pub known: f32,
    /// Likeness with the shape of beats.
    like: f32,
}

impl Expectation {
    pub(super) fn new(c: &Candidate, levels: &Levels, like: f32) -> Self {
        Self {
            rr: levels.rr() as f32,
            irregularity: levels.irregularity() as f32,
            noise: noise(c, levels),
            known: levels.known(),
            like,
        }
    }

    /// The same before any candidate.
    pub(super) fn first(levels: &Levels) -> Self {
        Self {
            rr: levels.rr() as f32,
            irregularity: levels.irregularity() as f32,
            noise: 0.3,
            known: 0.0,
            like: 0.0,
        }
    }
}

/// The inputs for `next` as the beat after `last`; `None` where that cannot be.
pub(super) fn link(last: &Candidate, next: &Candidate, expected: &Expectation) -> Option<[f32; LINK]> {
    let rr = seconds(next.at - last.at);
    if rr < REFRACTORY_S {
        return None;
    }
    let relative = within((rr as f32 / expected.rr).ln(), 2.0);
    Some([
        relative,
        within(relative / (expected.irregularity + 0.04), 4.0) / 2.0,
        (expected.irregularity + 0.02).ln() + 2.0,
        (rr as f32).min(2.5) - 0.8,
        5.0 * (T_WAVE_S - rr).max(0.0) as f32,
        2.0 * expected.noise - 0.5,
        log_ratio(next.slope, last.slope) / 2.0,
        log_ratio(next.height, last.height) / 2.0,
        2.0 * expected.known - 1.0,
        expected.like,
    ])
}

/// The inputs for no beat at all for so many seconds.
pub(super) fn silence(for_s: f64, expected: &Expectation) -> [f32; SILENCE] {
    [
        (for_s as f32 / expected.rr).max(0.2).ln().min(2.0),
        (expected.irregularity + 0.02).ln() + 2.0,
        2.0 * expected.noise - 0.5,
        2.0 * expected.known - 1.0,
    ]
}
