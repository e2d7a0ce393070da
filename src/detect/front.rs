//! The detector's front end: any rate in, one fixed rate out.

use super::pulses::Pulses;
use crate::dsp::{RawTrack, Track};
use crate::units::Hertz;

/// The rate at which features are computed: 8 ms resolve a QRS complex, whose energy lies below 40 Hz.
pub(super) const FEATURE_HZ: f64 = 125.0;

/// Length of a number of feature samples, in seconds.
pub(super) fn seconds(feature_samples: i64) -> f64 {
    feature_samples as f64 / FEATURE_HZ
}

/// A feature sample is the mean of the signal over this much time on each side of it, in seconds: 3 dB less at
/// 37 Hz, nothing at 83 Hz, 9 dB less of a hum of 60 Hz.
const HALF_S: f64 = 0.006;
/// Most samples that are taken at once.
pub(super) const BLOCK: usize = 256;

/// Holds missing samples, keeps the recent past at the original rate, and hands on the signal at [`FEATURE_HZ`].
///
/// A feature sample is the mean of the straight lines between the samples: no delay but the wait for what it averages.
pub(super) struct Front {
    pulses: Pulses,
    /// Samples without pulses.
    clean: Vec<f32>,
    step: f64,
    half: f64,
    produced: i64,
    raw: RawTrack,
}

impl Front {
    pub(super) fn new(rate: Hertz, keep_s: f64) -> Self {
        let hz = rate.get();
        Self {
            pulses: Pulses::new(rate),
            clean: Vec::with_capacity(4 * BLOCK),
            step: hz / FEATURE_HZ,
            half: HALF_S * hz,
            produced: 0,
            raw: RawTrack::new((keep_s * hz) as usize + BLOCK),
        }
    }

    pub(super) fn clear(&mut self) {
        self.raw.clear();
        self.produced = 0;
    }

    /// Samples taken since the start of the segment.
    pub(super) fn samples(&self) -> i64 {
        self.raw().end()
    }

    /// The signal as it came, offset removed.
    pub(super) fn raw(&self) -> &Track {
        self.raw.track()
    }

    /// How much later than its input the signal comes out at most, in seconds.
    pub(super) fn delay_s(&self) -> f64 {
        HALF_S + (1 + self.pulses.longest_wait()) as f64 / (self.step * FEATURE_HZ)
    }

    /// Place at the original rate, since the start of the segment, of a place at the feature rate.
    pub(super) fn original_place(&self, feature_place: f64) -> f64 {
        feature_place * self.step
    }

    /// Takes at most [`BLOCK`] samples in microvolts; `each` gets every feature sample that they complete.
    pub(super) fn push(&mut self, samples_uv: &[f32], each: impl FnMut(f32)) {
        let mut clean = core::mem::take(&mut self.clean);
        self.pulses.push(samples_uv, &mut clean);
        self.hear(clean, each);
    }

    /// No sample follows directly: lets go of those that wait.
    pub(super) fn finish(&mut self, each: impl FnMut(f32)) {
        let mut clean = core::mem::take(&mut self.clean);
        self.pulses.finish(&mut clean);
        self.hear(clean, each);
    }

    fn hear(&mut self, mut clean: Vec<f32>, mut each: impl FnMut(f32)) {
        clean.chunks(BLOCK).for_each(|part| self.average(part, &mut each));
        clean.clear();
        self.clean = clean;
    }

    fn average(&mut self, samples_uv: &[f32], each: &mut impl FnMut(f32)) {
        self.raw.push(samples_uv);
        let last = (self.samples() - 1) as f64;
        loop {
            let at = self.produced as f64 * self.step;
            if at + self.half > last {
                break;
            }
            each(self.raw.mean(at - self.half, at + self.half, 2.0 * self.half));
            self.produced += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(front: &mut Front, samples: &[f32], out: &mut Vec<f32>) {
        samples.chunks(BLOCK).for_each(|part| front.push(part, |y| out.push(y)));
    }

    #[test]
    fn a_bump_keeps_its_place_and_an_offset_is_gone_at_every_rate() {
        for hz in [50.0, 99.9, 130.34, 360.0, 2000.0] {
            let mut front = Front::new(Hertz::new(hz).unwrap(), 1.0);
            // A bump of QRS width at 1 s.
            let bump = |i: i32| 900.0 * (-0.5 * ((f64::from(i) / hz - 1.0) / 0.015).powi(2)).exp();
            let samples: Vec<f32> = (0..(2.0 * hz) as i32).map(|i| 7000.0 + bump(i) as f32).collect();
            let mut out = Vec::new();
            push(&mut front, &samples, &mut out);
            assert!(out[0].abs() < 1e-6);
            let top = out.iter().enumerate().max_by(|a, b| f32::total_cmp(a.1, b.1)).unwrap().0;
            let place = front.original_place(top as f64) / hz;
            assert!((place - 1.0).abs() < 0.012, "{place} s at {hz} Hz");
            assert!((out.len() as f64 / FEATURE_HZ - 2.0).abs() < 0.1);
            let size = if hz > 90.0 { 650.0..900.0 } else { 400.0..900.0 };
            assert!(size.contains(&out[top]), "{} at {hz} Hz", out[top]);
        }
    }

    #[test]
    fn missing_samples_are_held() {
        let mut front = Front::new(Hertz::new(125.0).unwrap(), 1.0);
        let mut out = Vec::new();
        push(&mut front, &[f32::NAN, 5.0, 8.0, f32::INFINITY, f32::MAX], &mut out);
        assert!(out.iter().all(|y| y.is_finite()));
        assert_eq!([0, 1, 2, 3].map(|i| front.raw().get(i)), [0.0, 0.0, 3.0, 3.0]);
        assert_eq!(front.raw().get(4), 1e7 - 5.0);
    }

    #[test]
    fn pieces_do_not_matter() {
        let samples: Vec<f32> = (0..5000_i32).map(|i| ((i * i) % 977) as f32).collect();
        let (mut whole, mut single) = (Vec::new(), Vec::new());
        push(&mut Front::new(Hertz::new(360.0).unwrap(), 1.0), &samples, &mut whole);
        let mut front = Front::new(Hertz::new(360.0).unwrap(), 1.0);
        samples.iter().for_each(|x| front.push(&[*x], |y| single.push(y)));
        assert_eq!(whole, single);
    }
}
