//! The detector's front end: any rate in, one fixed rate out.

use super::ring::Ring;
use crate::dsp::Section;
use crate::units::Hertz;

/// The rate at which features are computed: 8 ms resolve a QRS complex, whose energy lies below 40 Hz.
pub(super) const FEATURE_HZ: f64 = 125.0;

/// Length of a number of feature samples, in seconds.
pub(super) fn seconds(feature_samples: i64) -> f64 {
    feature_samples as f64 / FEATURE_HZ
}

/// Corner of the fourth-order Butterworth low-pass before the change of rate.
const CORNER_HZ: f64 = 40.0;
/// Quality factors of its two sections.
const QUALITIES: [f64; 2] = [0.541_196, 1.306_563];
/// Its delay at QRS frequencies in seconds: the sum of 1/Q over the corner's angular frequency.
const DELAY_S: f64 = (1.0 / 0.541_196 + 1.0 / 1.306_563) / (core::f64::consts::TAU * CORNER_HZ);
/// Rates below this have nothing to filter off.
const LOWEST_FILTERED_HZ: f64 = 100.0;

/// Largest magnitude taken at face value: 10 V in microvolts.
const LARGEST_UV: f32 = 1e7;

/// Holds missing samples, keeps the recent past at the original rate, and hands on the signal at [`FEATURE_HZ`].
pub(super) struct Front {
    step: f64,
    delay: f64,
    low_pass: [Option<Section>; 2],
    origin: Option<f64>,
    held: f64,
    /// Low-passed signal, the last four values.
    recent: [f64; 4],
    samples: i64,
    produced: i64,
    /// The signal as it came, offset removed.
    pub(super) raw: Ring,
}

impl Front {
    pub(super) fn new(rate: Hertz, keep_s: f64) -> Self {
        let hz = rate.get();
        let filtered = hz >= LOWEST_FILTERED_HZ;
        let section = |q| Section::low_pass_q(hz, CORNER_HZ, q).filter(|_| filtered);
        Self {
            step: hz / FEATURE_HZ,
            delay: if filtered { DELAY_S * hz } else { 0.0 },
            low_pass: QUALITIES.map(section),
            origin: None,
            held: 0.0,
            recent: [0.0; 4],
            samples: 0,
            produced: 0,
            raw: Ring::new((keep_s * hz) as usize + 8),
        }
    }

    pub(super) fn clear(&mut self) {
        self.low_pass.iter_mut().flatten().for_each(Section::reset);
        self.raw.clear();
        self.origin = None;
        self.held = 0.0;
        self.recent = [0.0; 4];
        self.samples = 0;
        self.produced = 0;
    }

    /// Samples taken since the start of the segment.
    pub(super) fn samples(&self) -> i64 {
        self.samples
    }

    /// How much later than its input the signal comes out, the wait for whole samples included, in seconds.
    pub(super) fn delay_s(&self) -> f64 {
        (self.delay + 3.0) / (self.step * FEATURE_HZ)
    }

    /// Place at the original rate, since the start of the segment, of a place at the feature rate.
    pub(super) fn original_place(&self, feature_place: f64) -> f64 {
        feature_place * self.step - self.delay
    }

    /// Takes one sample in microvolts, calling `each` for every feature-rate sample that it completes.
    pub(super) fn push(&mut self, sample_uv: f32, mut each: impl FnMut(f64)) {
        if sample_uv.is_finite() {
            let x = f64::from(sample_uv.clamp(-LARGEST_UV, LARGEST_UV));
            self.held = x - *self.origin.get_or_insert(x);
        }
        self.raw.push(self.held);
        let mut y = self.held;
        for section in self.low_pass.iter_mut().flatten() {
            y = section.run(y);
        }
        let [_, b, c, d] = self.recent;
        self.recent = [b, c, d, y];
        self.samples += 1;
        // The cubic lies between the second and the third of the four values.
        let start = (self.samples - 3) as f64;
        loop {
            let at = self.produced as f64 * self.step - start;
            if at >= 1.0 {
                break;
            }
            each(cubic(self.recent, at));
            self.produced += 1;
        }
    }
}

/// Catmull-Rom interpolation between `b` and `c`.
fn cubic([a, b, c, d]: [f64; 4], at: f64) -> f64 {
    let slope_b = (c - a) / 2.0;
    let slope_c = (d - b) / 2.0;
    let step = c - b;
    b + at * (slope_b + at * ((3.0 * step - 2.0 * slope_b - slope_c) + at * (slope_b + slope_c - 2.0 * step)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bump_keeps_its_place_and_an_offset_is_gone_at_every_rate() {
        for hz in [50.0, 99.9, 130.34, 360.0, 2000.0] {
            let mut front = Front::new(Hertz::new(hz).unwrap(), 1.0);
            let mut out = Vec::new();
            // A bump of QRS width at 1 s.
            for i in 0..(2.0 * hz) as i32 {
                let x = 900.0 * (-0.5 * ((f64::from(i) / hz - 1.0) / 0.015).powi(2)).exp();
                front.push(7000.0 + x as f32, |y| out.push(y));
            }
            assert!(out[0].abs() < 1e-9);
            let top = out.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
            let place = front.original_place(top as f64) / hz;
            assert!((place - 1.0).abs() < 0.009, "{place} s at {hz} Hz");
            assert!((out.len() as f64 / FEATURE_HZ - 2.0).abs() < 0.1);
        }
    }

    #[test]
    fn missing_samples_are_held() {
        let mut front = Front::new(Hertz::new(125.0).unwrap(), 1.0);
        for x in [f32::NAN, 5.0, 8.0, f32::INFINITY, f32::MAX] {
            front.push(x, |y| assert!(y.is_finite()));
        }
        assert_eq!([0, 1, 2, 3].map(|i| front.raw.get(i)), [0.0, 0.0, 3.0, 3.0]);
        assert_eq!(front.raw.get(4), 1e7 - 5.0);
    }
}
