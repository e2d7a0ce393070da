//! Welch's estimate on any grid of frequencies, with segments of any length: the chirp transform makes a convolution of
//! a Fourier transform of any length (Bluestein 1970). Long segments go through it in blocks.

use super::spectrum::{transform, Complex, Fft};
use core::f64::consts::{PI, TAU};

/// Samples of a block: what a transform of 131,072 points holds beside the frequencies of a day.
const BLOCK: usize = 1 << 16;

/// The window over a segment, periodic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taper {
    /// 0.5 - 0.5 cos.
    Hann,
    /// 0.54 - 0.46 cos.
    Hamming,
}

impl Taper {
    fn at(self, place: usize, length: usize) -> f64 {
        let floor = if self == Self::Hann { 0.5 } else { 0.54 };
        floor - (1.0 - floor) * (TAU * place as f64 / length as f64).cos()
    }
}

/// Density at one frequency, one-sided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The frequency.
    pub hz: f64,
    /// Square of the series' unit per hertz.
    pub density: f64,
}

/// Settings of an estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zoom {
    /// The window.
    pub taper: Taper,
    /// Samples of a segment; a shorter series is one segment.
    pub segment: usize,
    /// The transform's length: frequencies are a `grid`-th of the rate apart. At least a segment.
    pub grid: usize,
    /// Whether each segment loses its mean.
    pub detrend: bool,
}

impl Zoom {
    /// Mean density over segments with half overlap, on the lines of the grid from `low_hz` to `high_hz` and one beyond
    /// either. `None` for a series without two samples, with a value that is not finite, or without a rate.
    #[must_use]
    pub fn lines(&self, series: &[f64], rate_hz: f64, low_hz: f64, high_hz: f64) -> Option<Vec<Line>> {
        let segment = self.segment.clamp(1, series.len().max(1));
        let grid = self.grid.max(segment);
        let sane = rate_hz > 0.0 && rate_hz.is_finite() && series.iter().all(|x| x.is_finite());
        if segment < 2 || !sane {
            return None;
        }
        // As numpy's rfftfreq: a product, so that edges of bands fall alike.
        let step_hz = 1.0 / (grid as f64 * (1.0 / rate_hz));
        let first = (low_hz / step_hz).floor().max(1.0) as usize;
        let last = ((high_hz / step_hz).ceil() as usize).min((grid - 1) / 2);
        let count = (last + 1).checked_sub(first).filter(|count| *count > 0)?;
        let mut chirp = Chirp::new(segment.min(BLOCK), first, count, grid);
        let window: Vec<f64> = (0..segment).map(|i| self.taper.at(i, segment)).collect();
        let mut power = vec![0.0; count];
        let mut segments = 0.0;
        let mut tapered = Vec::with_capacity(segment);
        for piece in series.windows(segment).step_by(segment - segment / 2) {
            let mean = if self.detrend { piece.iter().sum::<f64>() / segment as f64 } else { 0.0 };
            tapered.clear();
            tapered.extend(piece.iter().zip(&window).map(|(x, w)| (x - mean) * w));
            chirp.transform(&tapered);
            power.iter_mut().zip(&chirp.sum).for_each(|(sum, bin)| *sum += bin.norm_sqr());
            segments += 1.0;
        }
        let scale = 2.0 / (segments * rate_hz * window.iter().map(|w| w * w).sum::<f64>());
        let line =
            |(i, power): (usize, f64)| Line { hz: (first + i) as f64 * step_hz, density: power * scale };
        Some(power.into_iter().enumerate().map(line).collect())
    }
}

/// Bins `first` to `first + count` of a transform of `grid` points.
struct Chirp {
    first: u64,
    grid: u64,
    /// exp(-i pi n^2 / grid).
    chirp: Vec<Complex<f64>>,
    /// Transform of the chirp turned the other way.
    kernel: Vec<Complex<f64>>,
    block: usize,
    sum: Vec<Complex<f64>>,
}

impl Chirp {
    fn new(block: usize, first: usize, count: usize, grid: usize) -> Self {
        let (first, grid) = (first as u64, grid as u64);
        // Squares are reduced as whole numbers, so that the angle is exact however far out.
        let chirp: Vec<Complex<f64>> = (0..block.max(count) as u64)
            .map(|n| Complex::from_polar(1.0, -PI * ((n * n) % (2 * grid)) as f64 / grid as f64))
            .collect();
        let length = (block + count).next_power_of_two();
        let mut kernel = vec![Complex::default(); length];
        for (slot, c) in kernel.iter_mut().zip(chirp.iter().take(count)) {
            *slot = c.conj();
        }
        for (slot, c) in kernel.iter_mut().rev().zip(chirp.iter().take(block).skip(1)) {
            *slot = c.conj();
        }
        transform(length).process(&mut kernel);
        Self { first, grid, chirp, kernel, block, sum: vec![Complex::default(); count] }
    }

    fn turn(&self, bin: u64, place: u64) -> Complex<f64> {
        Complex::from_polar(1.0, -TAU * ((bin * place) % self.grid) as f64 / self.grid as f64)
    }

    fn transform(&mut self, samples: &[f64]) {
        let fft = transform(self.kernel.len());
        let scale = 1.0 / self.kernel.len() as f64;
        let mut sum = core::mem::take(&mut self.sum);
        sum.fill(Complex::default());
        let mut work = vec![Complex::default(); self.kernel.len()];
        for (start, block) in (0_u64..).step_by(self.block).zip(samples.chunks(self.block)) {
            work.fill(Complex::default());
            for (n, ((slot, x), c)) in (0_u64..).zip(work.iter_mut().zip(block).zip(&self.chirp)) {
                *slot = self.turn(self.first, n) * c * x;
            }
            fft.process(&mut work);
            for (bin, k) in work.iter_mut().zip(&self.kernel) {
                *bin = (*bin * k).conj();
            }
            fft.process(&mut work);
            for (m, ((out, y), c)) in (0_u64..).zip(sum.iter_mut().zip(&work).zip(&self.chirp)) {
                *out += y.conj() * scale * c * self.turn(self.first + m, start);
            }
        }
        self.sum = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::Welch;

    fn series(n: usize) -> Vec<f64> {
        (0..n).map(|i| ((i * i) % 101) as f64 + 20.0 * (i as f64 * 0.37).sin()).collect()
    }

    #[test]
    fn where_both_exist_it_equals_the_fast_transform() {
        let density = Welch::new(256, 4096).density(&series(1000), 4.0).unwrap();
        let zoom = Zoom { taper: Taper::Hann, segment: 256, grid: 4096, detrend: true };
        for line in zoom.lines(&series(1000), 4.0, 0.04, 0.4).unwrap() {
            let there = density.values[(line.hz / density.bin_hz).round() as usize];
            assert!((line.density / there - 1.0).abs() < 1e-9, "{line:?} {there}");
        }
    }

    #[test]
    fn blocks_make_no_difference_and_any_length_is_a_plain_transform() {
        let (n, grid) = (777, 1000);
        let x = series(n);
        let mut whole = Chirp::new(n, 30, 50, grid);
        let mut parts = Chirp::new(100, 30, 50, grid);
        whole.transform(&x);
        parts.transform(&x);
        for (m, (a, b)) in whole.sum.iter().zip(&parts.sum).enumerate() {
            let term =
                |(i, x): (usize, &f64)| Complex::from_polar(*x, -TAU * ((30 + m) * i) as f64 / grid as f64);
            let plain: Complex<f64> = x.iter().enumerate().map(term).sum();
            assert!((a - plain).norm() < 1e-8 && (b - plain).norm() < 1e-8, "{m}: {a} {b} {plain}");
        }
    }

    #[test]
    fn what_has_no_spectrum_gives_none() {
        let zoom = Zoom { taper: Taper::Hamming, segment: 64, grid: 64, detrend: true };
        assert_eq!(zoom.lines(&[], 4.0, 0.1, 0.4), None);
        assert_eq!(zoom.lines(&[1.0], 4.0, 0.1, 0.4), None);
        assert_eq!(zoom.lines(&[f64::NAN; 80], 4.0, 0.1, 0.4), None);
        assert_eq!(zoom.lines(&[1.0; 80], 0.0, 0.1, 0.4), None);
        assert!(zoom.lines(&[1.0; 9], 4.0, 0.1, 0.4).unwrap().iter().all(|line| line.density < 1e-20));
    }
}
