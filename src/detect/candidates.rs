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
/// Past that is kept, in feature samples (8 s).
const KEPT: usize = 1024;

/// Samples of a candidate's shape on each side of its place (80 ms).
pub(super) const SHAPE_HALF: i64 = 10;
/// Samples of a shape.
pub(super) const SHAPE: usize = 21;

/// A local maximum of the envelope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Place, in feature samples since the start of the segment.
    pub at: i64,
    /// Height of the envelope, in microvolts.
    pub height: f64,
    /// Steepest change over 32 ms nearby, in microvolts.
    pub slope: f64,
    /// Mean of the envelope around it, the complex itself left out.
    pub surroundings: f64,
    /// The same, after it.
    pub aftermath: f64,
    /// The signal around it, its mean removed, scaled to length 1.
    pub shape: [f32; SHAPE],
}

/// Turns the signal at the feature rate into candidates.
pub(super) struct Candidates {
    signal: Ring,
    energy: Ring,
    envelope: Ring,
}

impl Candidates {
    pub(super) fn new() -> Self {
        Self { signal: Ring::new(KEPT), energy: Ring::new(64), envelope: Ring::new(KEPT) }
    }

    pub(super) fn clear(&mut self) {
        self.signal.clear();
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
        let centre = self.signal.end() - 1 - REACH;
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
        self.candidate(middle - RIVAL)
    }

    /// Energy of a pair of Haar-like wavelets in quadrature, odd and even, centred near 11 Hz: together they do
    /// not depend on where in the complex they look, nor on its sign.
    fn wavelet_energy(&self, n: i64) -> f64 {
        let sum = |from: i64, to: i64| (from..=to).map(|k| self.signal.get(n + k)).sum::<f64>();
        let odd = sum(1, 5) - sum(-5, -1);
        let even = 2.0 * sum(-2, 2) - sum(3, 7) - sum(-7, -3);
        odd * odd + EVEN_WEIGHT * even * even
    }

    fn candidate(&self, at: i64) -> Option<Candidate> {
        if at < 0 {
            return None;
        }
        let height = self.envelope.get(at);
        let before = (1..=RIVAL).all(|k| at < k || self.envelope.get(at - k) < height);
        let after = (1..=RIVAL).all(|k| self.envelope.get(at + k) <= height);
        if !(before && after && height > 0.0) {
            return None;
        }
        let slope = (-8..=8)
            .map(|k| (self.signal.get(at + k + 2) - self.signal.get(at + k - 2)).abs())
            .fold(0.0, f64::max);
        let around: f64 = (12..=62).map(|k| self.envelope.get(at - k)).sum();
        let after: f64 = (12..=RIVAL + 11).map(|k| self.envelope.get(at + k)).sum();
        Some(Candidate {
            at,
            height,
            slope,
            surroundings: around / 51.0,
            aftermath: after / RIVAL as f64,
            shape: self.shape(at),
        })
    }

    fn shape(&self, at: i64) -> [f32; SHAPE] {
        let mut raw = [0.0; SHAPE];
        for (value, k) in raw.iter_mut().zip(-SHAPE_HALF..) {
            *value = self.signal.get(at + k);
        }
        let mean = raw.iter().sum::<f64>() / SHAPE as f64;
        let length = raw.iter().map(|v| (v - mean).powi(2)).sum::<f64>().sqrt().max(1e-9);
        raw.map(|v| ((v - mean) / length) as f32)
    }
}
