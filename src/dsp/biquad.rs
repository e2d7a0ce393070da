//! Second-order recursive sections: the one door to the `biquad` crate.

use biquad::{Biquad, Coefficients, DirectForm2Transposed, Type};

/// Quality factor of a maximally flat (Butterworth) second-order section.
pub const BUTTERWORTH_Q: f64 = core::f64::consts::FRAC_1_SQRT_2;

/// A second-order section in 64 bit, transposed direct form II.
#[derive(Clone, Copy)]
pub struct Section {
    filter: DirectForm2Transposed<f64>,
}

impl Section {
    /// Low-pass, -3 dB at `corner_hz`. `None` unless the corner lies between 0 and half the rate.
    #[must_use]
    pub fn low_pass(rate_hz: f64, corner_hz: f64) -> Option<Self> {
        Self::new(Type::LowPass, rate_hz, corner_hz, BUTTERWORTH_Q)
    }

    /// Low-pass with a chosen quality factor, to build steeper cascades.
    #[must_use]
    pub fn low_pass_q(rate_hz: f64, corner_hz: f64, q: f64) -> Option<Self> {
        Self::new(Type::LowPass, rate_hz, corner_hz, q)
    }

    /// High-pass, -3 dB at `corner_hz`. `None` unless the corner lies between 0 and half the rate.
    #[must_use]
    pub fn high_pass(rate_hz: f64, corner_hz: f64) -> Option<Self> {
        Self::new(Type::HighPass, rate_hz, corner_hz, BUTTERWORTH_Q)
    }

    /// Notch of a width in hertz between its -3 dB points. `None` unless both numbers are positive and the
    /// centre lies below half the rate.
    #[must_use]
    pub fn notch(rate_hz: f64, centre_hz: f64, width_hz: f64) -> Option<Self> {
        // The bilinear transform narrows a notch by sin(w)/w; the quality factor takes it back.
        let angle = core::f64::consts::TAU * centre_hz / rate_hz;
        Self::new(Type::Notch, rate_hz, centre_hz, centre_hz / width_hz * angle.sin() / angle)
    }

    fn new(kind: Type<f64>, rate_hz: f64, hz: f64, q: f64) -> Option<Self> {
        let normalized = 2.0 * hz / rate_hz;
        // NaN fails every comparison.
        let sane = normalized > 0.0 && normalized < 1.0 && q > 0.0 && q.is_finite();
        let coefficients = sane.then(|| Coefficients::from_normalized_params(kind, normalized, q))?.ok()?;
        Some(Self { filter: DirectForm2Transposed::new(coefficients) })
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

#[cfg(test)]
mod tests {
    use super::*;

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
