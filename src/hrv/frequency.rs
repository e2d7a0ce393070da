//! Power of the NN series by Welch's method. Packages disagree up to twofold because their recipes differ, so
//! ours has a name and is written down: recipe `pqrst` = natural cubic spline over (end time, NN) at 4 Hz,
//! mean of each segment removed, Hann 256, 50 % overlap, no zero padding, trapezoid over the band, edges
//! interpolated. NN intervals that are left out are bridged by the spline; a record with holes of more than
//! 5 % never comes here.

use crate::signal::NnInterval;

/// Rate at which the NN series is sampled, hertz.
pub const RESAMPLED_HZ: f64 = 4.0;

/// Powers of the two bands, ms^2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// 0.04 to 0.15 Hz.
    pub lf_ms2: f64,
    /// 0.15 to 0.40 Hz.
    pub hf_ms2: f64,
}

/// The accepted intervals as an even series at [`RESAMPLED_HZ`], milliseconds. Empty below four intervals.
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
    let curvature = natural_spline(&knots);
    let steps = ((last - first) * RESAMPLED_HZ).floor() as usize;
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

/// Trapezoid of a one-sided density over `[from, to]`; bins are `step` apart from 0, edges interpolated.
#[must_use]
pub fn band_power(density: &[f64], step: f64, from: f64, to: f64) -> f64 {
    let at = |hz: f64| -> f64 {
        let place = hz / step;
        let low = place.floor().max(0.0) as usize;
        let (Some(a), Some(b)) = (density.get(low), density.get(low + 1).or(density.get(low))) else {
            return 0.0;
        };
        a + (b - a) * (place - low as f64)
    };
    if !(step > 0.0 && to > from) {
        return 0.0;
    }
    let mut edges = vec![from];
    edges.extend((0..density.len()).map(|bin| bin as f64 * step).filter(|hz| *hz > from && *hz < to));
    edges.push(to);
    edges.windows(2).map(|pair| (pair[1] - pair[0]) * (at(pair[0]) + at(pair[1])) / 2.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn power_of_a_flat_density_is_its_height_times_the_band() {
        let density = vec![2.0; 100];
        assert!((band_power(&density, 1.0 / 64.0, 0.04, 0.15) - 0.22).abs() < 1e-12);
        assert_eq!(band_power(&density, 0.0, 0.04, 0.15), 0.0);
    }
}
