//! Power of the NN series by Welch's method. Packages disagree up to twofold because their recipes differ, so
//! ours has a name and is written down: recipe `pqrst` = natural cubic spline over (end time, NN) at 4 Hz,
//! mean of each segment removed, Hann 256, 50 % overlap, padded to 4096, trapezoid over the bins of the band
//! (lower edge included, upper not). NN intervals that are left out are bridged by the spline; a record with holes of more than
//! 5 % never comes here.

use super::limits::MAX_RESAMPLED;
use crate::dsp::Welch;
use crate::signal::NnInterval;

/// Rate at which the NN series is sampled, hertz.
pub const RESAMPLED_HZ: f64 = 4.0;

/// Samples of a Welch segment: 64 s, so that the lowest frequency of LF fits in more than twice.
const SEGMENT: usize = 256;

/// Length of the padded transform: bins 0.001 Hz apart, so that the edges of the bands cost nothing.
const TRANSFORM: usize = 4096;

/// Powers of the two bands, ms^2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// 0.04 to 0.15 Hz.
    pub lf_ms2: f64,
    /// 0.15 to 0.40 Hz.
    pub hf_ms2: f64,
}

impl Bands {
    /// LF over HF; `None` when nothing varies.
    #[must_use]
    pub fn ratio(self) -> Option<f64> {
        Some(self.lf_ms2 / self.hf_ms2).filter(|ratio| ratio.is_finite())
    }
}

/// The accepted intervals as an even series at [`RESAMPLED_HZ`], milliseconds. Empty below four intervals and above
/// [`MAX_RESAMPLED`] samples.
#[must_use]
pub fn resampled(nn: &[NnInterval]) -> Vec<f64> {
    let mut knots: Vec<(f64, f64)> = Vec::with_capacity(nn.len());
    for interval in nn.iter().filter(|n| n.rejected.is_none()) {
        let (at, ms) = (interval.rr.end.0, interval.rr.rr.0);
        if knots.last().is_none_or(|&(last, _)| at > last) {
            knots.push((at, ms));
        }
    }
    let (Some(&(first, _)), Some(&(last, _))) = (knots.first(), knots.last()) else { return Vec::new() };
    if knots.len() < 4 || !(last - first).is_finite() {
        return Vec::new();
    }
    let steps = ((last - first) * RESAMPLED_HZ).floor() as usize;
    if steps >= MAX_RESAMPLED {
        return Vec::new();
    }
    let curvature = natural_spline(&knots);
    let mut segment = 0;
    (0..=steps)
        .map(|i| {
            let at = first + i as f64 / RESAMPLED_HZ;
            while segment + 2 < knots.len() && knots.get(segment + 1).is_some_and(|k| k.0 < at) {
                segment += 1;
            }
            evaluate(&knots, &curvature, segment, at)
        })
        .collect()
}

/// Second derivatives of the natural cubic spline through the knots (tridiagonal system, Thomas algorithm).
fn natural_spline(knots: &[(f64, f64)]) -> Vec<f64> {
    let n = knots.len();
    let (mut upper, mut right) = (vec![0.0; n], vec![0.0; n]);
    for (i, three) in knots.windows(3).enumerate() {
        let [(x0, y0), (x1, y1), (x2, y2)] = three else { continue };
        let (h0, h1) = (x1 - x0, x2 - x1);
        let slope = 6.0 * ((y2 - y1) / h1 - (y1 - y0) / h0);
        let pivot = 2.0 * (h0 + h1) - h0 * upper[i];
        upper[i + 1] = h1 / pivot;
        right[i + 1] = (slope - h0 * right[i]) / pivot;
    }
    let mut curvature = vec![0.0; n];
    for i in (1..n.saturating_sub(1)).rev() {
        curvature[i] = right[i] - upper[i] * curvature[i + 1];
    }
    curvature
}

fn evaluate(knots: &[(f64, f64)], curvature: &[f64], segment: usize, at: f64) -> f64 {
    let (Some([(x0, y0), (x1, y1)]), Some([c0, c1])) = (
        knots.get(segment..segment + 2).and_then(|k| <&[(f64, f64); 2]>::try_from(k).ok()),
        curvature.get(segment..segment + 2).and_then(|c| <&[f64; 2]>::try_from(c).ok()),
    ) else {
        return 0.0;
    };
    let h = x1 - x0;
    let (a, b) = ((x1 - at) / h, (at - x0) / h);
    a * y0 + b * y1 + ((a * a * a - a) * c0 + (b * b * b - b) * c1) * h * h / 6.0
}

/// Powers of the two bands, or `None` when the series is shorter than one segment (64 s).
#[must_use]
pub fn bands(nn: &[NnInterval]) -> Option<Bands> {
    let density = Welch::new(SEGMENT, TRANSFORM).density(&resampled(nn), RESAMPLED_HZ)?;
    Some(Bands { lf_ms2: density.power(0.04, 0.15), hf_ms2: density.power(0.15, 0.40) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{IntervalSource, RrInterval};
    use crate::units::{Milliseconds, Seconds};

    #[test]
    fn a_spline_goes_through_its_knots_and_is_exact_on_a_line() {
        let line: Vec<(f64, f64)> =
            (0..6).map(|i| (f64::from(i) * 0.9, 800.0 + 10.0 * f64::from(i))).collect();
        let curvature = natural_spline(&line);
        for i in 0..5 {
            let middle = (line[i].0 + line[i + 1].0) / 2.0;
            assert!((evaluate(&line, &curvature, i, middle) - (line[i].1 + 5.0)).abs() < 1e-9);
        }
        let bent = [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (3.5, 5.0)];
        let curvature = natural_spline(&bent);
        for (i, knot) in bent.iter().enumerate().take(3) {
            assert!((evaluate(&bent, &curvature, i, knot.0) - knot.1).abs() < 1e-12);
        }
    }

    fn tachogram(modulation_hz: f64, depth_ms: f64) -> Vec<NnInterval> {
        let mut end = 0.0;
        (0..400)
            .map(|_| {
                let rr = 900.0 + depth_ms * (core::f64::consts::TAU * modulation_hz * end).sin();
                end += rr / 1000.0;
                let rr = RrInterval {
                    end: Seconds(end),
                    rr: Milliseconds(rr),
                    source: IntervalSource::Ecg,
                    follows: true,
                };
                NnInterval { rr, rejected: None }
            })
            .collect()
    }

    #[test]
    fn a_modulation_lands_in_its_band_with_its_power() {
        let slow = bands(&tachogram(0.1, 30.0)).unwrap();
        assert!((slow.lf_ms2 / 450.0 - 1.0).abs() < 0.05, "{slow:?}");
        assert!(slow.hf_ms2 < 0.02 * slow.lf_ms2, "{slow:?}");
        let breathing = bands(&tachogram(0.25, 30.0)).unwrap();
        assert!((breathing.hf_ms2 / 450.0 - 1.0).abs() < 0.08, "{breathing:?}");
        assert!(breathing.lf_ms2 < 0.02 * breathing.hf_ms2, "{breathing:?}");
    }

    #[test]
    fn a_minute_is_too_short() {
        assert_eq!(bands(&tachogram(0.1, 30.0)[..60]), None);
        assert_eq!(bands(&[]), None);
    }
}
