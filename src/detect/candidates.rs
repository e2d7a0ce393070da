//! Deflections that might be QRS complexes.

use crate::dsp::{sort_short, Track};

/// Distances within which a candidate has no larger neighbour, before and after it, in feature samples.
const RIVAL_BEFORE: usize = 11;
const RIVAL_AFTER: usize = 8;
/// Samples of the energy average (72 ms).
const SPREAD: usize = 9;
/// How far the two wavelets reach from their centre.
const REACH: i64 = 7;
/// Feature samples by which a candidate is known after its place (152 ms).
pub(super) const CONFIRMED_AFTER: i64 = RIVAL_AFTER as i64 + (SPREAD / 2) as i64 + REACH;
/// Energy of the even wavelet against the odd one, so that both answer alike around 11 Hz.
const EVEN_WEIGHT: f32 = 0.35;
/// Gain of the odd wavelet at 10 Hz: brings the envelope to about the size of the deflection in microvolts.
const GAIN: f32 = 7.6;
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
/// Places in the signal around a candidate, in feature samples: every one within 80 ms, every second from 320 ms
/// before to 144 ms after.
const KNOTS: [i64; STEPS + 1] = [
    -40, -38, -36, -34, -32, -30, -28, -26, -24, -22, -20, -18, -16, -14, -12, -10, -9, -8, -7, -6, -5, -4,
    -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18,
];
/// Steps of the signal between the knots.
pub(super) const STEPS: usize = 39;
/// The first and the number of those steps that lie within 80 ms.
pub(super) const CENTRE: (usize, usize) = (15, 20);

/// A local maximum of the envelope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Place, in feature samples since the start of the segment.
    pub at: i64,
    /// Height of the envelope, in microvolts.
    pub height: f32,
    /// Largest change over 32 ms nearby, in microvolts.
    pub slope: f32,
    /// Largest second difference over 24 ms nearby, in microvolts.
    pub sharpness: f32,
    /// Level of the envelope before it.
    pub surroundings: f32,
    /// Level of the envelope 64 ms after it.
    pub aftermath: f32,
    /// Steps of the signal around it, in microvolts. Noise of the body lies below the QRS complex in frequency; the
    /// slope's noise is flatter, so that likeness of slopes comes close to a matched filter (Thakor 1984 on the
    /// spectra).
    pub steps: [f32; STEPS],
}

/// Samples over which the wavelets reach.
const WAVELETS: usize = 13;
/// Samples of the envelope that decide whether one of them is a peak.
const PEAK: usize = RIVAL_BEFORE + 1 + RIVAL_AFTER;

/// Turns the signal at the feature rate into candidates.
pub(super) struct Candidates {
    signal: Track,
    /// Sums of five samples, by the place of the last.
    fives: Track,
    energy: Track,
    /// Squares of the envelope, times a constant.
    power: Track,
    /// Place of the next sample to be looked at.
    looked: i64,
}

impl Candidates {
    pub(super) fn new() -> Self {
        let track = || Track::new(KEPT);
        Self { signal: track(), fives: track(), energy: track(), power: track(), looked: 0 }
    }

    pub(super) fn clear(&mut self) {
        let all = [&mut self.signal, &mut self.fives, &mut self.energy, &mut self.power];
        all.into_iter().for_each(Track::clear);
        self.looked = 0;
    }

    /// Feature samples looked at since the start of the segment.
    pub(super) fn now(&self) -> i64 {
        self.looked
    }

    /// The latest sample.
    pub(super) fn last(&self) -> f32 {
        self.signal.get(self.signal.end() - 1)
    }

    /// Takes samples, at most [`super::front::BLOCK`] of them.
    pub(super) fn extend(&mut self, samples: &[f32]) {
        let all = [&mut self.signal, &mut self.fives, &mut self.energy, &mut self.power];
        all.into_iter().for_each(|track| track.make_room(samples.len()));
        self.signal.extend(samples.iter().copied());
        self.fives.follow(&self.signal, |[a, b, c, d, e]: &[f32; 5]| (a + e) + (b + d) + c);
        self.energy.follow(&self.fives, wavelet_energy);
        self.power.follow(&self.energy, |e: &[f32; SPREAD]| {
            let [a, b, c, d, e, f, g, h, i] = e;
            ((a + b) + (c + d)) + ((e + f) + (g + h)) + i
        });
    }

    /// Looks at the next sample: whether there was one, and the candidate that it confirms.
    #[inline]
    pub(super) fn look(&mut self) -> Option<Option<Candidate>> {
        if self.looked >= self.power.end() {
            return None;
        }
        self.looked += 1;
        let recent = self.power.before::<PEAK>(self.looked);
        let peak = recent.is_some_and(is_peak) && self.looked > CONFIRMED_AFTER;
        Some(peak.then(|| self.describe(self.looked - 1 - CONFIRMED_AFTER)))
    }

    /// Height of the envelope at a place of the signal.
    fn envelope(&self, at: i64) -> f32 {
        const SCALE: f32 = 1.0 / (SPREAD as f32 * GAIN * GAIN);
        (self.power.get(at + CONFIRMED_AFTER - RIVAL_AFTER as i64) * SCALE).sqrt()
    }

    fn describe(&self, at: i64) -> Candidate {
        let x = |k: i64| self.signal.get(at + k);
        let mut near = [0.0; 2 * (NEARBY as usize + 3) + 1];
        for (value, k) in near.iter_mut().zip(-NEARBY - 3..) {
            *value = x(k);
        }
        let largest = |top: f32, value: f32| if value > top { value } else { top };
        let slope = near.windows(7).map(|w| if let [_, a, .., b, _] = w { (b - a).abs() } else { 0.0 });
        let bend = near.windows(7).map(|w| if let [a, _, _, b, _, _, c] = w { 2.0 * b - a - c } else { 0.0 });
        let mut steps = [0.0; STEPS];
        let mut last = x(-40);
        for (step, knot) in steps.iter_mut().zip(KNOTS.iter().skip(1)) {
            let next = x(*knot);
            *step = next - last;
            last = next;
        }
        Candidate {
            at,
            height: self.envelope(at),
            slope: slope.fold(0.0, largest),
            sharpness: bend.map(f32::abs).fold(0.0, largest),
            surroundings: self.surroundings(at),
            aftermath: self.envelope(at + RIVAL_AFTER as i64),
            steps,
        }
    }

    fn surroundings(&self, at: i64) -> f32 {
        // As long as the other short lists.
        let mut levels = [f32::MAX; 32];
        for (level, k) in levels.iter_mut().take(LOOKS.0).zip(0..) {
            let place = at + CONFIRMED_AFTER - RIVAL_AFTER as i64 - APART - LOOKS.1 * k;
            *level = self.power.get(place);
        }
        sort_short(&mut levels);
        let power = levels.get(RANK).copied().unwrap_or(0.0);
        (power / (SPREAD as f32 * GAIN * GAIN)).sqrt()
    }
}

/// Energy of a pair of Haar-like wavelets in quadrature, odd and even, centred near 11 Hz: together they do not depend
/// on where in the complex they look, nor on its sign.
fn wavelet_energy(fives: &[f32; WAVELETS]) -> f32 {
    let [early, _, _, _, before, _, _, middle, _, _, after, _, late] = fives;
    let odd = after - before;
    let even = 2.0 * middle - late - early;
    odd * odd + EVEN_WEIGHT * even * even
}

fn is_peak(recent: &[f32; PEAK]) -> bool {
    let (before, rest) = recent.split_at(RIVAL_BEFORE);
    let Some((own, after)) = rest.split_first() else { return false };
    *own > 0.0 && after.iter().all(|p| p <= own) && before.iter().rev().all(|p| p < own)
}
