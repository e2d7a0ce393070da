//! The recording at the device's own sampling instants.

use crate::units::Hertz;
use core::f64::consts::PI;

/// Half width of the interpolation kernel in samples of the slower of the two rates.
const HALF_WIDTH: f64 = 16.0;
/// Corner of the kernel, as a share of the slower rate's Nyquist frequency.
const CORNER: f64 = 0.92;

/// A recording that can be read between its samples: sinc interpolation under a Hann window, band-limited to what the
/// device's rate can carry.
#[derive(Debug, Clone)]
pub(super) struct Recording {
    samples_uv: Vec<f32>,
    hz: f64,
    /// Corner over the recording's Nyquist frequency.
    corner: f64,
    /// Half width in samples of the recording.
    reach: f64,
}

impl Recording {
    /// Samples that are not numbers count as 0.
    pub(super) fn new(samples_uv: &[f32], rate: Hertz, device_hz: f64) -> Self {
        let ratio = (device_hz / rate.get()).min(1.0);
        let finite = |x: &f32| if x.is_finite() { *x } else { 0.0 };
        Self {
            samples_uv: samples_uv.iter().map(finite).collect(),
            hz: rate.get(),
            corner: CORNER * ratio,
            reach: HALF_WIDTH / ratio,
        }
    }

    /// Length in seconds, from the first sample to the last.
    pub(super) fn seconds(&self) -> f64 {
        self.samples_uv.len().saturating_sub(1) as f64 / self.hz
    }

    /// Voltage at a time, in microvolts; the ends are continued by their last value.
    pub(super) fn at(&self, seconds: f64) -> f64 {
        let place = seconds * self.hz;
        let last = self.samples_uv.len().saturating_sub(1) as f64;
        let (from, to) = ((place - self.reach).ceil() as i64, (place + self.reach).floor() as i64);
        let (mut sum, mut weights) = (0.0, 0.0);
        for i in from..=to {
            let clamped = (i as f64).clamp(0.0, last) as usize;
            let value = self.samples_uv.get(clamped).map_or(0.0, |x| f64::from(*x));
            let weight = self.kernel(place - i as f64);
            sum += weight * value;
            weights += weight;
        }
        if weights == 0.0 {
            0.0
        } else {
            sum / weights
        }
    }

    fn kernel(&self, distance: f64) -> f64 {
        let x = PI * self.corner * distance;
        let sinc = if x.abs() < 1e-9 { 1.0 } else { x.sin() / x };
        sinc * 0.5 * (1.0 + (PI * distance / self.reach).cos())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, rate: f64) -> Vec<f32> {
        (0..4000).map(|i| (1000.0 * (2.0 * PI * hz * f64::from(i) / rate).sin()) as f32).collect()
    }

    #[test]
    fn a_sine_within_the_band_is_kept_and_one_above_is_not_folded_down() {
        let (rate, device) = (Hertz::new(360.0).unwrap(), 130.0);
        let low = Recording::new(&sine(17.0, 360.0), rate, device);
        let high = Recording::new(&sine(120.0, 360.0), rate, device);
        for k in 130..1000 {
            let t = f64::from(k) / 130.0;
            let expected = 1000.0 * (2.0 * PI * 17.0 * t).sin();
            assert!((low.at(t) - expected).abs() < 5.0, "at {t} s: {} for {expected}", low.at(t));
            assert!(high.at(t).abs() < 10.0, "at {t} s: {}", high.at(t));
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        let hz = Hertz::new(130.0).unwrap();
        assert_eq!(Recording::new(&[], hz, 130.0).at(1.0), 0.0);
        assert_eq!(Recording::new(&[f32::NAN; 9], hz, 130.0).at(0.01), 0.0);
    }
}
