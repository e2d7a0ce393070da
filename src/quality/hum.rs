//! Amplitude of the mains hum in a window.

use crate::units::Hertz;
use core::f64::consts::TAU;

/// Frequencies looked at below this would mistake a QRS complex for an aliased hum.
const LOWEST_ALIAS_HZ: f64 = 35.0;

/// One Hann-weighted frequency bin (Goertzel's sum as a rotating phasor, started anew in each window so that
/// rounding cannot pile up).
#[derive(Debug, Clone, Copy)]
struct Bin {
    step: (f64, f64),
    phasor: (f64, f64),
    sum: (f64, f64),
}

impl Bin {
    fn new(rate: Hertz, hz: f64) -> Option<Self> {
        let alias = (hz - rate.get() * (hz / rate.get()).round()).abs();
        let (sin, cos) = (TAU * alias / rate.get()).sin_cos();
        (alias >= LOWEST_ALIAS_HZ).then_some(Self { step: (cos, sin), phasor: (1.0, 0.0), sum: (0.0, 0.0) })
    }

    fn push(&mut self, x: f64) {
        let ((c, s), (re, im)) = (self.step, self.phasor);
        self.sum.0 += x * re;
        self.sum.1 += x * im;
        self.phasor = (re * c - im * s, re * s + im * c);
    }
}

/// Watches 50 and 60 Hz over one window at a time. A sampling rate at which they fold below 35 Hz leaves
/// them unwatched.
#[derive(Debug, Clone)]
pub(super) struct Hum {
    bins: [Option<Bin>; 2],
    hann: Bin,
    weight: f64,
    reference: Option<f64>,
}

impl Hum {
    /// For windows of `length` samples.
    pub(super) fn new(rate: Hertz, length: usize) -> Self {
        let (sin, cos) = (TAU / length.max(1) as f64).sin_cos();
        Self {
            bins: [Bin::new(rate, 50.0), Bin::new(rate, 60.0)],
            hann: Bin { step: (cos, sin), phasor: (1.0, 0.0), sum: (0.0, 0.0) },
            weight: 0.0,
            reference: None,
        }
    }

    /// The next sample; `None` where one is lost.
    pub(super) fn push(&mut self, sample: Option<f64>) {
        let weight = 0.5 - 0.5 * self.hann.phasor.0;
        self.hann.push(0.0);
        let x = sample.map_or(0.0, |s| {
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
            amplitude = amplitude.max(scale * bin.sum.0.hypot(bin.sum.1));
            bin.sum = (0.0, 0.0);
            bin.phasor = (1.0, 0.0);
        }
        self.hann.phasor = (1.0, 0.0);
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
