//! The bands in which beats are looked for, at a reduced rate that is the same for every device.
//!
//! Hum is notched out, the rest low-passed and decimated by a whole factor to 100 to 200 Hz (input below
//! 200 Hz stays as it is). Recursions run in `f64`, sample by sample: chunking cannot change them.

use crate::units::Hertz;

/// Second-order section in transposed direct form II; coefficients by the bilinear transform
/// (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients").
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
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

    pub(super) fn low_pass(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::angle(rate, hz, q);
        let b = (1.0 - cos) / 2.0;
        Self::new([b, 2.0 * b, b], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    pub(super) fn high_pass(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::angle(rate, hz, q);
        let b = (1.0 + cos) / 2.0;
        Self::new([b, -2.0 * b, b], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    fn notch(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::angle(rate, hz, q);
        Self::new([1.0, -2.0 * cos, 1.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    pub(super) fn push(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.s[0];
        self.s[0] = self.b[1] * x - self.a[0] * y + self.s[1];
        self.s[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    /// Puts the section where an endless constant `x` would have left it; returns its output there.
    pub(super) fn settle(&mut self, x: f64) -> f64 {
        let y = x * self.b.iter().sum::<f64>() / (1.0 + self.a[0] + self.a[1]);
        self.s[1] = self.b[2] * x - self.a[1] * y;
        self.s[0] = self.b[1] * x - self.a[0] * y + self.s[1];
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
    /// One for each mains frequency below half the rate.
    notches: [Section; 2],
    notched: usize,
    high: Option<Section>,
    high_sum: f64,
    high_count: usize,
    low: [Section; 2],
    shape: Section,
    qrs: Section,
    baseline: Section,
    swing: Section,
    /// First-order high-pass of the swing: share kept a sample, last input, output.
    keep: f64,
    last: f64,
    kept: f64,
}

impl Bands {
    pub(super) fn new(rate: Hertz) -> Self {
        const BUTTERWORTH_4: [f64; 2] = [0.541_196_1, 1.306_563];
        let factor = factor(rate);
        let hz = rate.get();
        let reduced = hz / factor as f64;
        let corner = 22.0_f64.min(0.4 * hz);
        Self {
            factor,
            phase: 0,
            settled: false,
            notches: HUMS_HZ.map(|f| Section::notch(hz, f, 2.0)),
            notched: HUMS_HZ.iter().filter(|f| **f < 0.48 * hz).count(),
            high: (hz >= 80.0).then(|| Section::high_pass(hz, 25.0, core::f64::consts::FRAC_1_SQRT_2)),
            high_sum: 0.0,
            high_count: 0,
            low: BUTTERWORTH_4.map(|q| Section::low_pass(hz, corner, q)),
            shape: Section::high_pass(reduced, 2.0, core::f64::consts::FRAC_1_SQRT_2),
            qrs: Section::high_pass(reduced, 6.0, core::f64::consts::FRAC_1_SQRT_2),
            baseline: Section::low_pass(reduced, 0.8, core::f64::consts::FRAC_1_SQRT_2),
            swing: Section::low_pass(reduced, 0.8, core::f64::consts::FRAC_1_SQRT_2),
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

    pub(super) fn push(&mut self, sample: f64) -> Option<BandSample> {
        if !self.settled {
            self.settle(sample);
        }
        let mut x = sample;
        for section in self.notches.iter_mut().take(self.notched) {
            x = section.push(x);
        }
        if let Some(high) = &mut self.high {
            self.high_sum += high.push(x).abs();
            self.high_count += 1;
        }
        for section in &mut self.low {
            x = section.push(x);
        }
        self.phase += 1;
        if self.phase < self.factor {
            return None;
        }
        self.phase = 0;
        let shape = self.shape.push(x);
        self.kept = self.keep * (self.kept + x - self.last);
        self.last = x;
        Some(BandSample {
            shape,
            qrs: self.qrs.push(shape),
            baseline: self.baseline.push(x),
            swing: self.swing.push(self.kept),
        })
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
        let mean = self.high_sum / self.high_count.max(1) as f64;
        (self.high_sum, self.high_count) = (0.0, 0);
        mean
    }

    fn settle(&mut self, sample: f64) {
        let mut x = sample;
        for section in self.notches.iter_mut().take(self.notched) {
            x = section.settle(x);
        }
        if let Some(high) = &mut self.high {
            high.settle(x);
        }
        for section in &mut self.low {
            x = section.settle(x);
        }
        let shape = self.shape.settle(x);
        self.qrs.settle(shape);
        self.baseline.settle(x);
        self.swing.settle(0.0);
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
            if let Some(b) = bands.push((core::f64::consts::TAU * hz * t).sin()) {
                if t > 4.0 {
                    qrs = qrs.max(b.qrs.abs());
                    shape = shape.max(b.shape.abs());
                }
            }
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
        for _ in 0..2000 {
            if let Some(b) = bands.push(123_456.0) {
                assert!(b.shape.abs() < 1e-3 && b.qrs.abs() < 1e-3 && (b.baseline - 123_456.0).abs() < 1e-3);
            }
        }
    }
}
