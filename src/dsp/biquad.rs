//! Second-order recursive sections: the one door to the `biquad` crate.

use biquad::{Biquad, Coefficients, DirectForm2Transposed};

/// Quality factor of a maximally flat (Butterworth) second-order section.
pub const BUTTERWORTH_Q: f64 = core::f64::consts::FRAC_1_SQRT_2;

/// What a section lets pass.
#[derive(Clone, Copy)]
enum Kind {
    LowPass,
    HighPass,
    Notch,
}

/// What `Coefficients::from_normalized_params` gives, to the bit, for these three kinds: it knows seven more, which are
/// two gzipped kilobytes of the browser's module.
fn coefficients(kind: Kind, normalized: f64, q: f64) -> Coefficients<f64> {
    let angle = core::f64::consts::PI * normalized;
    let (sin, cos) = (angle.sin(), angle.cos());
    let alpha = sin / (2.0 * q);
    let (outer, inner) = match kind {
        Kind::LowPass => ((1.0 - cos) / 2.0, 1.0 - cos),
        Kind::HighPass => ((1.0 + cos) / 2.0, -(1.0 + cos)),
        Kind::Notch => (1.0, -2.0 * cos),
    };
    let part = 1.0 / (1.0 + alpha);
    let (b0, b1, b2) = (outer * part, inner * part, outer * part);
    Coefficients { b0, b1, b2, a1: -2.0 * cos * part, a2: (1.0 - alpha) * part }
}

/// A second-order section in 64 bit, transposed direct form II.
#[derive(Clone, Copy)]
pub struct Section {
    of: Coefficients<f64>,
    filter: DirectForm2Transposed<f64>,
}

impl Section {
    /// Low-pass, -3 dB at `corner_hz`. `None` unless the corner lies between 0 and half the rate.
    #[must_use]
    pub fn low_pass(rate_hz: f64, corner_hz: f64) -> Option<Self> {
        Self::new(Kind::LowPass, rate_hz, corner_hz, BUTTERWORTH_Q)
    }

    /// Low-pass with a chosen quality factor, to build steeper cascades.
    #[must_use]
    pub fn low_pass_q(rate_hz: f64, corner_hz: f64, q: f64) -> Option<Self> {
        Self::new(Kind::LowPass, rate_hz, corner_hz, q)
    }

    /// High-pass, -3 dB at `corner_hz`. `None` unless the corner lies between 0 and half the rate.
    #[must_use]
    pub fn high_pass(rate_hz: f64, corner_hz: f64) -> Option<Self> {
        Self::new(Kind::HighPass, rate_hz, corner_hz, BUTTERWORTH_Q)
    }

    /// Notch of a width in hertz between its -3 dB points. `None` unless both numbers are positive and the
    /// centre lies below half the rate.
    #[must_use]
    pub fn notch(rate_hz: f64, centre_hz: f64, width_hz: f64) -> Option<Self> {
        // The bilinear transform narrows a notch by sin(w)/w; the quality factor takes it back.
        let angle = core::f64::consts::TAU * centre_hz / rate_hz;
        Self::new(Kind::Notch, rate_hz, centre_hz, centre_hz / width_hz * angle.sin() / angle)
    }

    fn new(kind: Kind, rate_hz: f64, hz: f64, q: f64) -> Option<Self> {
        let normalized = 2.0 * hz / rate_hz;
        // NaN fails every comparison.
        let sane = normalized > 0.0 && normalized < 1.0 && q > 0.0 && q.is_finite();
        sane.then(|| {
            let of = coefficients(kind, normalized, q);
            Self { of, filter: DirectForm2Transposed::new(of) }
        })
    }

    /// The next output. Finite input gives finite output.
    pub fn run(&mut self, input: f64) -> f64 {
        self.filter.run(input)
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.filter.reset_state();
    }
}

/// A second-order section for whole blocks, in direct form I: the shortest way from one output to the next, and a
/// past that can be set to a level.
#[derive(Clone, Copy)]
pub(super) struct BlockSection {
    of: Coefficients<f64>,
    inputs: [f64; 2],
    outputs: [f64; 2],
}

/// The past of a section decays into numbers that processors are slow with; what is below this is nothing.
const NOTHING: f64 = 1e-30;

impl BlockSection {
    /// With a past of nothing but zeros.
    pub(super) fn new(section: &Section) -> Self {
        Self { of: section.of, inputs: [0.0; 2], outputs: [0.0; 2] }
    }

    /// The same section, as if `level` had come for ever. For sections that let a constant pass.
    pub(super) fn settled_at(self, level: f64) -> Self {
        Self { inputs: [level; 2], outputs: [level; 2], ..self }
    }

    /// The next output.
    #[inline(always)]
    pub(super) fn step(&mut self, x: f64) -> f64 {
        let ([x1, x2], [y1, y2]) = (self.inputs, self.outputs);
        let y = (self.of.b0 * x + self.of.b1 * x1 + self.of.b2 * x2 - self.of.a2 * y2) - self.of.a1 * y1;
        self.inputs = [x, x1];
        self.outputs = [y, y1];
        y
    }

    /// Filters a block that follows on the one before.
    pub(super) fn forward(&mut self, samples: &mut [f64]) {
        // A copy, so that the past stays in registers.
        let mut section = *self;
        for y in samples {
            *y = section.step(*y);
        }
        let kept = |x: f64| if x.abs() < NOTHING { 0.0 } else { x };
        *self = Self { inputs: section.inputs.map(kept), outputs: section.outputs.map(kept), ..section };
    }

    /// Filters from the last sample to the first, as if the last one went on for ever.
    pub(super) fn backward(self, samples: &mut [f64]) {
        let mut section = self.settled_at(samples.last().copied().unwrap_or(0.0));
        for y in samples.iter_mut().rev() {
            *y = section.step(*y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::biquad::Type;

    #[test]
    fn coefficients_are_those_of_the_crate() {
        for (kind, theirs) in
            [(Kind::LowPass, Type::LowPass), (Kind::HighPass, Type::HighPass), (Kind::Notch, Type::Notch)]
        {
            for (at, q) in [(0.001, 0.7), (0.31, BUTTERWORTH_Q), (0.5, 12.0), (0.97, 1.3)] {
                let theirs = Coefficients::from_normalized_params(theirs, at, q).unwrap();
                let ours = coefficients(kind, at, q);
                let list = |c: &Coefficients<f64>| [c.a1, c.a2, c.b0, c.b1, c.b2].map(f64::to_bits);
                assert_eq!(list(&ours), list(&theirs));
            }
        }
    }

    #[test]
    fn a_block_comes_out_as_sample_by_sample() {
        let mut section = Section::low_pass(250.0, 13.0).unwrap();
        let mut block = BlockSection::new(&section);
        let x: Vec<f64> = (0..500).map(|i| f64::from(i * i % 37)).collect();
        let expected: Vec<f64> = x.iter().map(|x| section.run(*x)).collect();
        let mut y = x.clone();
        let (first, second) = y.split_at_mut(123);
        block.forward(first);
        block.forward(second);
        assert!(y.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9));
        // Backward is forward over the mirror image; a constant stays.
        let mut mirrored: Vec<f64> = x.iter().rev().copied().collect();
        let mut back = x.clone();
        block.backward(&mut back);
        block.settled_at(x[499]).forward(&mut mirrored);
        assert!(back.iter().rev().eq(&mirrored));
        let mut level = [4.0; 50];
        block.backward(&mut level);
        assert!(level.iter().all(|y| (y - 4.0).abs() < 1e-9));
    }

    fn gain(mut section: Section, hz: f64) -> f64 {
        let rate = 250.0;
        let mut peak = 0.0_f64;
        for i in 0..5000 {
            let y = section.run((core::f64::consts::TAU * hz * f64::from(i) / rate).sin());
            if i > 2500 {
                peak = peak.max(y.abs());
            }
        }
        peak
    }

    #[test]
    fn corners_stand_where_asked() {
        let half_power = core::f64::consts::FRAC_1_SQRT_2;
        assert!((gain(Section::low_pass(250.0, 13.0).unwrap(), 13.0) - half_power).abs() < 1e-3);
        assert!((gain(Section::high_pass(250.0, 2.0).unwrap(), 2.0) - half_power).abs() < 1e-3);
        assert!((gain(Section::notch(250.0, 50.0, 2.0).unwrap(), 49.0) - half_power).abs() < 2e-2);
        assert!(gain(Section::notch(250.0, 50.0, 2.0).unwrap(), 50.0) < 1e-3);
    }

    #[test]
    fn impossible_filters_are_none() {
        assert!(Section::low_pass(100.0, 50.0).is_none());
        assert!(Section::low_pass(f64::NAN, 50.0).is_none());
        assert!(Section::high_pass(100.0, 0.0).is_none());
        assert!(Section::notch(100.0, 20.0, 0.0).is_none());
    }
}
