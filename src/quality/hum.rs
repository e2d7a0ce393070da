//! Amplitude of the mains hum in a window.

use crate::units::Hertz;
use core::f64::consts::TAU;

/// Frequencies looked at below this would mistake a QRS complex for an aliased hum.
const LOWEST_ALIAS_HZ: f64 = 35.0;

/// One frequency bin: Goertzel's recursion, `2 cos w` and its last two values, started anew in each window so that
/// rounding cannot pile up.
#[derive(Debug, Clone, Copy)]
struct Bin {
    twice_cos: f64,
    last: f64,
    before: f64,
}

impl Bin {
    fn new(rate: Hertz, hz: f64) -> Option<Self> {
        let alias = (hz - rate.get() * (hz / rate.get()).round()).abs();
        let twice_cos = 2.0 * (TAU * alias / rate.get()).cos();
        (alias >= LOWEST_ALIAS_HZ).then_some(Self { twice_cos, last: 0.0, before: 0.0 })
    }

    fn push(&mut self, x: f64) {
        let next = x + self.twice_cos * self.last - self.before;
        (self.before, self.last) = (self.last, next);
    }

    /// Magnitude of the sum; starts anew.
    fn take(&mut self) -> f64 {
        let (a, b) = (core::mem::take(&mut self.last), core::mem::take(&mut self.before));
        (a * a + b * b - self.twice_cos * a * b).max(0.0).sqrt()
    }
}

/// Watches 50 and 60 Hz over one Hann-weighted window at a time. A sampling rate at which they fold below 35 Hz leaves
/// them unwatched.
#[derive(Debug, Clone)]
pub(super) struct Hum {
    bins: [Option<Bin>; 2],
    /// The window's cosine: `2 cos w`, this value, the one before.
    cosine: (f64, f64, f64),
    angle_cos: f64,
    weight: f64,
    reference: Option<f64>,
}

impl Hum {
    /// For windows of `length` samples.
    pub(super) fn new(rate: Hertz, length: usize) -> Self {
        let cos = (TAU / length.max(1) as f64).cos();
        Self {
            bins: [Bin::new(rate, 50.0), Bin::new(rate, 60.0)],
            cosine: (2.0 * cos, 1.0, cos),
            angle_cos: cos,
            weight: 0.0,
            reference: None,
        }
    }

    /// The next sample; `None` where one is lost.
    pub(super) fn push(&mut self, sample: Option<f64>) {
        let (twice, cos, before) = self.cosine;
        self.cosine = (twice, twice * cos - before, cos);
        let x = sample.map_or(0.0, |s| {
            let weight = 0.5 - 0.5 * cos;
            // Without its offset, a level of many millivolts cannot leak into the bins.
            let reference = *self.reference.get_or_insert(s);
            self.weight += weight;
            (s - reference) * weight
        });
        for bin in self.bins.iter_mut().flatten() {
            bin.push(x);
        }
    }

    /// Amplitude (half of peak to peak) of the stronger of the two, in the unit of the samples; starts anew.
    pub(super) fn take(&mut self) -> f64 {
        let scale = if self.weight > 0.0 { 2.0 / self.weight } else { 0.0 };
        let mut amplitude = 0.0_f64;
        for bin in self.bins.iter_mut().flatten() {
            amplitude = amplitude.max(scale * bin.take());
        }
        self.cosine = (self.cosine.0, 1.0, self.angle_cos);
        self.weight = 0.0;
        self.reference = None;
        amplitude
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_the_amplitude_of_a_slightly_drifting_hum_on_a_large_offset() {
        for (rate, hz) in [(130.0, 50.0), (130.34, 60.0), (250.0, 49.9), (360.0, 60.1), (2000.0, 50.0)] {
            let n = (2.0 * rate) as usize;
            let mut hum = Hum::new(Hertz::new(rate).unwrap(), n);
            for i in 0..n {
                hum.push(Some(50_000.0 + 300.0 * (TAU * hz * i as f64 / rate).sin()));
            }
            let a = hum.take();
            assert!((250.0..310.0).contains(&a), "{rate} {hz}: {a}");
            for _ in 0..n {
                hum.push(Some(50_000.0));
            }
            assert!(hum.take() < 1e-6);
        }
    }

    #[test]
    fn does_not_watch_a_frequency_that_folds_into_the_heart_band() {
        assert!(Bin::new(Hertz::new(55.0).unwrap(), 50.0).is_none());
        assert!(Bin::new(Hertz::new(100.0).unwrap(), 60.0).is_some());
    }
}
