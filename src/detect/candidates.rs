//! Deflections that might be QRS complexes.

use super::ring::Ring;

/// Half the distance within which a candidate has no larger neighbour, in feature samples (88 ms).
const RIVAL: i64 = 11;
/// Half the width of the energy average, in feature samples (72 ms in all).
const SPREAD: i64 = 4;
/// How far the two wavelets reach from their centre.
const REACH: i64 = 7;
/// Feature samples by which a candidate is known after its place.
pub(super) const CONFIRMED_AFTER: i64 = RIVAL + SPREAD + REACH;
/// Energy of the even wavelet against the odd one, so that both answer alike around 11 Hz.
const EVEN_WEIGHT: f64 = 0.35;
/// Gain of the odd wavelet at 10 Hz: brings the envelope to about the size of the deflection in microvolts.
const GAIN: f64 = 7.6;
/// Past that is kept, in feature samples (2 s).
const KEPT: usize = 256;
/// Slope and sharpness are looked for within this distance, in feature samples (64 ms).
const NEARBY: i64 = 8;
/// Distance from which on the envelope around a candidate is not its own, in feature samples.
const APART: i64 = 12;
/// The envelope before a candidate is looked at in so many places, so many feature samples apart (0.8 s) ...
const LOOKS: (usize, i64) = (25, 4);
/// ... and the one of this rank says how quiet it is: the complexes in it do not count.
const RANK: usize = 10;

/// Samples of a shape on each side of its centre (80 ms).
const SHAPE_HALF: i64 = 10;
/// Samples of a shape.
pub(super) const SHAPE: usize = 21;
/// The course of something around a candidate, its mean removed, scaled to length 1.
pub(super) type Course = [f32; SHAPE];

/// What a candidate looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// The signal.
    pub signal: Course,
    /// Its slope. Noise of the body lies below the QRS complex in frequency; the slope's noise is flatter, so that
    /// likeness of slopes comes close to a matched filter (Thakor 1984 on the spectra).
    pub slope: Course,
}

/// A local maximum of the envelope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Place, in feature samples since the start of the segment.
    pub at: i64,
    /// Height of the envelope, in microvolts.
    pub height: f64,
    /// Largest change over 32 ms nearby, in microvolts.
    pub slope: f64,
    /// Largest second difference over 24 ms nearby, in microvolts.
    pub sharpness: f64,
    /// Level of the envelope before it.
    pub surroundings: f64,
    /// Level of the envelope 88 ms after it.
    pub aftermath: f64,
    /// Its shape.
    pub shape: Shape,
}

/// Turns the signal at the feature rate into candidates.
pub(super) struct Candidates {
    signal: Ring,
    /// Sums of five samples, by the place of the last.
    fives: Ring,
    energy: Ring,
    envelope: Ring,
}

impl Candidates {
    pub(super) fn new() -> Self {
        Self {
            signal: Ring::new(KEPT),
            fives: Ring::new(64),
            energy: Ring::new(64),
            envelope: Ring::new(KEPT),
        }
    }

    pub(super) fn clear(&mut self) {
        self.signal.clear();
        self.fives.clear();
        self.energy.clear();
        self.envelope.clear();
    }

    /// Feature samples taken since the start of the segment.
    pub(super) fn now(&self) -> i64 {
        self.signal.end()
    }

    /// The latest sample.
    pub(super) fn last(&self) -> f64 {
        self.signal.get(self.now() - 1)
    }

    /// Takes a sample; gives the candidate that it confirms.
    pub(super) fn push(&mut self, sample: f64) -> Option<Candidate> {
        self.signal.push(sample);
        let now = self.signal.end() - 1;
        self.fives.push((now - 4..=now).map(|n| self.signal.get(n)).sum());
        let centre = now - REACH;
        if centre < 0 {
            return None;
        }
        self.energy.push(self.wavelet_energy(centre));
        let middle = centre - SPREAD;
        if middle < 0 {
            return None;
        }
        let sum: f64 = (-SPREAD..=SPREAD).map(|k| self.energy.get(middle + k)).sum();
        self.envelope.push((sum / (2 * SPREAD + 1) as f64).sqrt() / GAIN);
        let at = middle - RIVAL;
        (at >= 0 && self.is_peak(at)).then(|| self.describe(at))
    }

    /// Energy of a pair of Haar-like wavelets in quadrature, odd and even, centred near 11 Hz: together they do
    /// not depend on where in the complex they look, nor on its sign.
    fn wavelet_energy(&self, n: i64) -> f64 {
        let five = |last: i64| self.fives.get(n + last);
        let odd = five(5) - five(-1);
        let even = 2.0 * five(2) - five(7) - five(-3);
        odd * odd + EVEN_WEIGHT * even * even
    }

    fn is_peak(&self, at: i64) -> bool {
        let height = self.envelope.get(at);
        height > 0.0
            && (1..=RIVAL).all(|k| self.envelope.get(at + k) <= height)
            && (1..=RIVAL).all(|k| at < k || self.envelope.get(at - k) < height)
    }

    fn describe(&self, at: i64) -> Candidate {
        let x = |k: i64| self.signal.get(at + k);
        let largest = |of: &dyn Fn(i64) -> f64| (-NEARBY..=NEARBY).map(of).fold(0.0, f64::max);
        Candidate {
            at,
            height: self.envelope.get(at),
            slope: largest(&|k| (x(k + 2) - x(k - 2)).abs()),
            sharpness: largest(&|k| (2.0 * x(k) - x(k - 3) - x(k + 3)).abs()),
            surroundings: self.surroundings(at),
            aftermath: self.envelope.get(at + RIVAL),
            shape: self.shape(at),
        }
    }

    fn surroundings(&self, at: i64) -> f64 {
        let mut levels = [0.0; LOOKS.0];
        for (level, k) in levels.iter_mut().zip(0..) {
            *level = self.envelope.get(at - APART - LOOKS.1 * k);
        }
        *levels.select_nth_unstable_by(RANK, f64::total_cmp).1
    }

    fn shape(&self, at: i64) -> Shape {
        let x = |k: i64| self.signal.get(at + k);
        Shape { signal: course(x), slope: course(|k| x(k + 1) - x(k - 1)) }
    }
}

fn course(of: impl Fn(i64) -> f64) -> Course {
    let mut raw = [0.0; SHAPE];
    for (value, k) in raw.iter_mut().zip(-SHAPE_HALF..) {
        *value = of(k);
    }
    let mean = raw.iter().sum::<f64>() / SHAPE as f64;
    let length = raw.iter().map(|v| (v - mean).powi(2)).sum::<f64>().sqrt().max(1e-9);
    raw.map(|v| ((v - mean) / length) as f32)
}
