//! Power spectral density: the one door to `rustfft`.
//!
//! `Radix4` of a fixed power of two, not the planner, which would bring every algorithm into the wasm module.

use rustfft::algorithm::{Dft, Radix4};
use rustfft::FftDirection;
pub(super) use rustfft::{num_complex::Complex, Fft};
use std::sync::Arc;

/// Longest transform.
const MAX_FFT: usize = 1 << 16;

/// A transform of a power of two. It starts from a plain one of 1 or 2 points, whose work grows with the square of its
/// points: the unrolled ones of 16 and 32 points are little faster and four gzipped kilobytes.
pub(super) fn transform(length: usize) -> Radix4<f64> {
    let exponent = length.trailing_zeros();
    let base = exponent % 2;
    Radix4::new_with_base((exponent - base) / 2, Arc::new(Dft::new(1 << base, FftDirection::Forward)))
}

/// Welch's estimate (Welch 1967): segments of a fixed length with 50 % overlap, each freed of its mean, Hann
/// window (periodic), one-sided, scaled to density: the sum over bins times [`Density::bin_hz`] is the mean
/// square of the series.
pub struct Welch {
    window: Vec<f64>,
    window_power: f64,
    fft: Radix4<f64>,
    work: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

/// A one-sided density, in the square of the series' unit per hertz.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Density {
    /// Distance between bins; the first lies at 0 Hz.
    pub bin_hz: f64,
    /// The density, from 0 Hz to half the rate.
    pub values: Vec<f64>,
}

impl Welch {
    /// Segments of `segment` samples, padded with zeros to `fft` for a finer grid. Both are brought into the
    /// possible range: `segment` to 8 to 65536, `fft` to the next power of two that holds a segment.
    #[must_use]
    pub fn new(segment: usize, fft: usize) -> Self {
        let segment = segment.clamp(8, MAX_FFT);
        let fft = fft.clamp(segment, MAX_FFT).next_power_of_two();
        let step = core::f64::consts::TAU / segment as f64;
        let window: Vec<f64> = (0..segment).map(|i| 0.5 - 0.5 * (step * i as f64).cos()).collect();
        let transform = transform(fft);
        let scratch = vec![Complex::default(); transform.get_inplace_scratch_len()];
        Self {
            window_power: window.iter().map(|w| w * w).sum(),
            window,
            work: vec![Complex::default(); fft],
            fft: transform,
            scratch,
        }
    }

    /// Samples that a series needs at least: one segment.
    #[must_use]
    pub fn segment(&self) -> usize {
        self.window.len()
    }

    /// The density of a series. `None` when it is shorter than a segment, holds a value that is not finite, or
    /// the rate is not a positive number.
    #[must_use]
    pub fn density(&mut self, series: &[f64], rate_hz: f64) -> Option<Density> {
        let mut density = Density::default();
        self.density_into(series, rate_hz, &mut density).then_some(density)
    }

    /// As [`Welch::density`], into a density that is used again. False where that gives `None`.
    pub fn density_into(&mut self, series: &[f64], rate_hz: f64, out: &mut Density) -> bool {
        let n = self.window.len();
        let sane = rate_hz > 0.0 && rate_hz.is_finite();
        if series.len() < n || !sane || !series.iter().all(|x| x.is_finite()) {
            return false;
        }
        let bins = self.work.len() / 2 + 1;
        out.bin_hz = rate_hz / self.work.len() as f64;
        out.values.clear();
        out.values.resize(bins, 0.0);
        let mut segments = series.windows(n).step_by(n / 2);
        let mut count = 0.0;
        while let Some(first) = segments.next() {
            let second = segments.next();
            count += if second.is_some() { 2.0 } else { 1.0 };
            self.transform(first, second);
            // Two real series share a complex transform: their powers add up to the mean over a bin and its mirror.
            let mirrored = self.work.iter().take(1).chain(self.work.iter().rev());
            for ((sum, bin), mirror) in out.values.iter_mut().zip(&self.work).zip(mirrored) {
                *sum += 0.5 * (bin.norm_sqr() + mirror.norm_sqr());
            }
        }
        let scale = 1.0 / (count * rate_hz * self.window_power);
        for (i, value) in out.values.iter_mut().enumerate() {
            // 0 Hz and half the rate have no mirror image.
            let sides = if i == 0 || i == bins - 1 { 1.0 } else { 2.0 };
            *value *= scale * sides;
        }
        true
    }

    fn transform(&mut self, first: &[f64], second: Option<&[f64]>) {
        let mean = |segment: &[f64]| segment.iter().sum::<f64>() / segment.len() as f64;
        self.work.fill(Complex::default());
        let first_mean = mean(first);
        for ((out, x), w) in self.work.iter_mut().zip(first).zip(&self.window) {
            out.re = (x - first_mean) * w;
        }
        if let Some(second) = second {
            let second_mean = mean(second);
            for ((out, x), w) in self.work.iter_mut().zip(second).zip(&self.window) {
                out.im = (x - second_mean) * w;
            }
        }
        self.fft.process_with_scratch(&mut self.work, &mut self.scratch);
    }
}

impl Density {
    /// Power between two frequencies, `from_hz` included and `to_hz` not, by the trapezoid rule over the bins
    /// inside. 0 when fewer than two bins lie inside.
    #[must_use]
    pub fn power(&self, from_hz: f64, to_hz: f64) -> f64 {
        let inside = |i: &usize| {
            let hz = *i as f64 * self.bin_hz;
            hz >= from_hz && hz < to_hz
        };
        let pairs = self.values.windows(2).enumerate().filter(|(i, _)| inside(i) && inside(&(i + 1)));
        let sum: f64 = pairs.map(|(_, pair)| pair.iter().sum::<f64>() / 2.0).sum();
        sum * self.bin_hz
    }

    /// Mean square of the whole series, its mean left out.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.values.iter().sum::<f64>() * self.bin_hz
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, rate: f64, amplitude: f64, n: u32) -> Vec<f64> {
        (0..n).map(|i| amplitude * (core::f64::consts::TAU * hz * f64::from(i) / rate).sin()).collect()
    }

    #[test]
    fn a_sine_has_its_power_at_its_frequency() {
        let mut welch = Welch::new(256, 256);
        let d = welch.density(&sine(0.25, 4.0, 3.0, 4096), 4.0).unwrap();
        assert!((d.total() - 4.5).abs() < 1e-3, "{}", d.total());
        assert!((d.power(0.15, 0.40) - 4.5).abs() < 1e-3);
        assert!(d.power(0.04, 0.15) < 1e-6);
        let top = d.values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
        assert_eq!(top as f64 * d.bin_hz, 0.25);
    }

    #[test]
    fn white_noise_spreads_evenly() {
        // A 64 bit linear congruential generator (Knuth); uniform on +-1 has variance 1/3.
        let mut state = 1_u64;
        let noise: Vec<f64> = (0..200_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
            })
            .collect();
        let d = Welch::new(128, 512).density(&noise, 500.0).unwrap();
        let expected = (1.0 / 3.0) / 250.0;
        for value in &d.values[8..248] {
            assert!((value / expected - 1.0).abs() < 0.15, "{value} {expected}");
        }
        assert!((d.power(50.0, 150.0) / (expected * 100.0) - 1.0).abs() < 0.02);
    }

    #[test]
    fn what_has_no_spectrum_gives_none() {
        let mut welch = Welch::new(64, 0);
        assert!(welch.density(&[0.0; 63], 4.0).is_none());
        assert!(welch.density(&[f64::NAN; 64], 4.0).is_none());
        assert!(welch.density(&[0.0; 64], 0.0).is_none());
        assert_eq!(welch.density(&[7.0; 64], 4.0).unwrap().total(), 0.0);
    }
}
