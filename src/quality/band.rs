//! The bands in which beats are looked for, at a reduced rate that is the same for every device.
//!
//! Hum is notched out, the rest low-passed and decimated by a whole factor to 100 to 200 Hz (input below
//! 200 Hz stays as it is). Recursions run in `f64`, two sections side by side and sample by sample: chunking cannot
//! change them.

use crate::dsp::Two;
use crate::units::Hertz;

/// Second-order section in transposed direct form II; coefficients by the bilinear transform
/// (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients").
#[derive(Debug, Clone, Copy)]
struct Section {
    b: [f64; 3],
    a: [f64; 2],
    s: [f64; 2],
}

impl Section {
    fn new(b: [f64; 3], a: [f64; 3]) -> Self {
        let [a0, a1, a2] = a;
        Self { b: b.map(|v| v / a0), a: [a1 / a0, a2 / a0], s: [0.0; 2] }
    }

    fn angle(rate: f64, hz: f64, q: f64) -> (f64, f64) {
        let (sin, cos) = (core::f64::consts::TAU * hz / rate).sin_cos();
        (cos, sin / (2.0 * q))
    }

    fn low_pass(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::angle(rate, hz, q);
        let b = (1.0 - cos) / 2.0;
        Self::new([b, 2.0 * b, b], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    fn high_pass(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::angle(rate, hz, q);
        let b = (1.0 + cos) / 2.0;
        Self::new([b, -2.0 * b, b], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    fn notch(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::angle(rate, hz, q);
        Self::new([1.0, -2.0 * cos, 1.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// Leaves everything as it is.
    fn identity() -> Self {
        Self::new([1.0, 0.0, 0.0], [1.0, 0.0, 0.0])
    }

    #[inline]
    fn push(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.s[0];
        self.s[0] = (self.b[1] * x + self.s[1]) - self.a[0] * y;
        self.s[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    /// Puts the section where an endless constant `x` would have left it; returns its output there.
    fn settle(&mut self, x: f64) -> f64 {
        let y = x * self.b.iter().sum::<f64>() / (1.0 + self.a[0] + self.a[1]);
        self.s[1] = self.b[2] * x - self.a[1] * y;
        self.s[0] = self.b[1] * x - self.a[0] * y + self.s[1];
        y
    }
}

/// Two sections side by side.
#[derive(Debug, Clone, Copy)]
struct Pair {
    b: [Two; 3],
    a: [Two; 2],
    s: [Two; 2],
}

impl Pair {
    fn new(one: Section, other: Section) -> Self {
        let ([b0, b1, b2], [a1, a2], [s0, s1]) = (one.b, one.a, one.s);
        let ([d0, d1, d2], [c1, c2], [t0, t1]) = (other.b, other.a, other.s);
        Self {
            b: [Two::new([b0, d0]), Two::new([b1, d1]), Two::new([b2, d2])],
            a: [Two::new([a1, c1]), Two::new([a2, c2])],
            s: [Two::new([s0, t0]), Two::new([s1, t1])],
        }
    }

    /// The two as they are now.
    fn parts(&self) -> [Section; 2] {
        let ([b0, b1, b2], [a1, a2], [s0, s1]) =
            (self.b.map(Two::lanes), self.a.map(Two::lanes), self.s.map(Two::lanes));
        [
            Section { b: [b0[0], b1[0], b2[0]], a: [a1[0], a2[0]], s: [s0[0], s1[0]] },
            Section { b: [b0[1], b1[1], b2[1]], a: [a1[1], a2[1]], s: [s0[1], s1[1]] },
        ]
    }

    /// Each section takes a number of its own, as [`Section::push`] does.
    #[inline(always)]
    fn push(&mut self, x: [f64; 2]) -> [f64; 2] {
        let x = Two::new(x);
        let ([b0, b1, b2], [a1, a2], [s0, s1]) = (self.b, self.a, self.s);
        let y = b0 * x + s0;
        self.s = [(b1 * x + s1) - a1 * y, b2 * x - a2 * y];
        y.lanes()
    }

    fn settle(&mut self, x: [f64; 2]) -> [f64; 2] {
        let [mut one, mut other] = self.parts();
        let y = [one.settle(x[0]), other.settle(x[1])];
        *self = Self::new(one, other);
        y
    }
}

/// Mains frequencies, ascending.
const HUMS_HZ: [f64; 2] = [50.0, 60.0];

/// One sample at the reduced rate.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BandSample {
    /// 2 to 22 Hz: the shape of P, QRS and T.
    pub shape: f64,
    /// 6 to 22 Hz: QRS.
    pub qrs: f64,
    /// Below 0.8 Hz: the baseline.
    pub baseline: f64,
    /// The same above 0.7 Hz (first order): what of it a strap's own high-pass leaves.
    pub swing: f64,
}

/// Raw samples in, [`BandSample`]s out, one for every `factor` samples.
#[derive(Debug, Clone)]
pub(super) struct Bands {
    factor: usize,
    phase: usize,
    settled: bool,
    /// One for each mains frequency below half the rate, the second behind the first.
    notches: Pair,
    /// What lies above 25 Hz, where there is such a thing; and the first half of the low-pass.
    high_low: Pair,
    has_high: bool,
    high_sum: f64,
    high_count: usize,
    /// The second half of the low-pass.
    low: Section,
    shape_baseline: Pair,
    qrs_swing: Pair,
    /// First-order high-pass of the swing: share kept a sample, last input, output.
    keep: f64,
    last: f64,
    kept: f64,
}

impl Bands {
    pub(super) fn new(rate: Hertz) -> Self {
        const BUTTERWORTH_4: [f64; 2] = [0.541_196_1, 1.306_563];
        const BUTTERWORTH_2: f64 = core::f64::consts::FRAC_1_SQRT_2;
        let factor = factor(rate);
        let hz = rate.get();
        let reduced = hz / factor as f64;
        let corner = 22.0_f64.min(0.4 * hz);
        let has_high = hz >= 80.0;
        let [first, second] =
            HUMS_HZ.map(|f| if f < 0.48 * hz { Section::notch(hz, f, 2.0) } else { Section::identity() });
        let [low, lower] = BUTTERWORTH_4.map(|q| Section::low_pass(hz, corner, q));
        let high = if has_high { Section::high_pass(hz, 25.0, BUTTERWORTH_2) } else { Section::identity() };
        let slow = Section::low_pass(reduced, 0.8, BUTTERWORTH_2);
        Self {
            factor,
            phase: 0,
            settled: false,
            notches: Pair::new(first, second),
            high_low: Pair::new(high, low),
            has_high,
            high_sum: 0.0,
            high_count: 0,
            low: lower,
            shape_baseline: Pair::new(Section::high_pass(reduced, 2.0, BUTTERWORTH_2), slow),
            qrs_swing: Pair::new(Section::high_pass(reduced, 6.0, BUTTERWORTH_2), slow),
            keep: (-core::f64::consts::TAU * 0.7 / reduced).exp(),
            last: 0.0,
            kept: 0.0,
        }
    }

    /// Forgets the past: the next sample is taken as the level that always was.
    pub(super) fn restart(&mut self) {
        self.settled = false;
    }

    /// As [`restart`](Self::restart), with the decimation aligned to a window that begins here.
    pub(super) fn restart_at_window(&mut self) {
        self.restart();
        self.phase = 0;
    }

    /// Takes samples; `each` gets every reduced sample that they complete. What is left of them is their low-pass.
    pub(super) fn push(&mut self, samples: &mut [f64], each: impl FnMut(BandSample)) {
        let [first, ..] = samples else { return };
        if !self.settled {
            self.settle(*first);
        }
        self.filter(samples);
        self.reduce(samples, each);
    }

    /// Hum off, what is above 25 Hz summed up, the rest low-passed.
    fn filter(&mut self, samples: &mut [f64]) {
        // The second notch is a sample behind the first, so that both work at once: the first one of the block is the
        // first notch's alone, the last one the second's.
        let [mut ahead, behind] = self.notches.parts();
        let Some((first, _)) = samples.split_first() else { return };
        let mut between = ahead.push(*first);
        let mut notches = Pair::new(ahead, behind);
        let (mut high_low, mut lower, mut high_sum) = (self.high_low, self.low, self.high_sum);
        let mut pass = |x: f64| {
            let [high, low] = high_low.push([x, x]);
            high_sum += high.abs();
            lower.push(low)
        };
        for i in 1..samples.len() {
            let Some([slot, x]) = samples.get_mut(i - 1..).and_then(|s| s.first_chunk_mut()) else { break };
            let [next, y] = notches.push([*x, between]);
            between = next;
            *slot = pass(y);
        }
        let [ahead, mut behind] = notches.parts();
        let y = behind.push(between);
        if let Some(last) = samples.last_mut() {
            *last = pass(y);
        }
        self.notches = Pair::new(ahead, behind);
        (self.high_low, self.low, self.high_sum) = (high_low, lower, high_sum);
        self.high_count += samples.len();
    }

    /// One sample in `factor`, in its bands.
    fn reduce(&mut self, low_passed: &[f64], mut each: impl FnMut(BandSample)) {
        let first = self.factor - 1 - self.phase;
        for x in low_passed.iter().skip(first).step_by(self.factor).copied() {
            self.kept = self.keep * (self.kept + x - self.last);
            self.last = x;
            let [shape, baseline] = self.shape_baseline.push([x, x]);
            let [qrs, swing] = self.qrs_swing.push([shape, self.kept]);
            each(BandSample { shape, qrs, baseline, swing });
        }
        self.phase = (self.phase + low_passed.len()) % self.factor;
    }

    /// A lost sample keeps the count; true when it completes a reduced sample.
    pub(super) fn lose(&mut self) -> bool {
        self.restart();
        self.phase += 1;
        if self.phase < self.factor {
            return false;
        }
        self.phase = 0;
        true
    }

    /// Mean magnitude above 25 Hz since the last call, hum taken out; 0 for input below 80 Hz.
    pub(super) fn take_high(&mut self) -> f64 {
        let mean = if self.has_high { self.high_sum / self.high_count.max(1) as f64 } else { 0.0 };
        (self.high_sum, self.high_count) = (0.0, 0);
        mean
    }

    fn settle(&mut self, sample: f64) {
        let [mut first, mut second] = self.notches.parts();
        let x = second.settle(first.settle(sample));
        self.notches = Pair::new(first, second);
        let [_, low] = self.high_low.settle([x, x]);
        let x = self.low.settle(low);
        let [shape, _] = self.shape_baseline.settle([x, x]);
        self.qrs_swing.settle([shape, 0.0]);
        (self.kept, self.last) = (0.0, x);
        self.settled = true;
    }
}

/// Whole decimation factor that brings the rate to 100 to 200 Hz.
pub(super) fn factor(rate: Hertz) -> usize {
    // The supported rates keep the quotient between 0 and 20.
    ((rate.get() / 100.0).floor() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(rate: f64, hz: f64) -> (f64, f64) {
        let rate = Hertz::new(rate).unwrap();
        let mut bands = Bands::new(rate);
        let (mut qrs, mut shape) = (0.0_f64, 0.0_f64);
        for i in 0..(rate.get() * 6.0) as usize {
            let t = i as f64 / rate.get();
            bands.push(&mut [(core::f64::consts::TAU * hz * t).sin()], |b| {
                if t > 4.0 {
                    qrs = qrs.max(b.qrs.abs());
                    shape = shape.max(b.shape.abs());
                }
            });
        }
        (qrs, shape)
    }

    #[test]
    fn passes_qrs_and_stops_hum_and_wander_at_every_rate() {
        for rate in [125.0, 130.0, 250.0, 360.0, 500.0, 1000.0, 2000.0] {
            assert!(level(rate, 12.0).0 > 0.75, "{rate}: {:?}", level(rate, 12.0));
            assert!(level(rate, 0.3).1 < 0.05, "{rate}: {:?}", level(rate, 0.3));
            for hum in [50.0, 60.0] {
                assert!(level(rate, hum).1 < 0.01, "{rate} {hum}: {:?}", level(rate, hum));
            }
        }
    }

    #[test]
    fn an_offset_leaves_no_trace_from_the_first_sample_on() {
        let mut bands = Bands::new(Hertz::new(360.0).unwrap());
        bands.push(&mut [123_456.0; 2000], |b| {
            assert!(b.shape.abs() < 1e-3 && b.qrs.abs() < 1e-3 && (b.baseline - 123_456.0).abs() < 1e-3);
        });
    }
}
