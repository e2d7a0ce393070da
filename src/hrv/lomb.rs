//! Power of an NN series with holes: the periodogram of Lomb (1976) and Scargle (1982), which needs no even series and
//! so no bridge.

use super::frequency::Bands;
use super::limits::MAX_RESAMPLED;
use super::nn::{is_nn, RANGE_MS};
use crate::signal::NnInterval;
use core::f64::consts::TAU;

/// Periodogram of values at times (seconds) about their mean, as `scipy.signal.lombscargle` gives it: for an even series
/// |X(f)|^2 / n. 0 at frequencies that nothing is known of.
#[must_use]
pub fn lomb_scargle(times: &[f64], values: &[f64], frequencies_hz: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    frequencies_hz.iter().map(|hz| power_at(times, values, mean, TAU * hz)).collect()
}

fn power_at(times: &[f64], values: &[f64], mean: f64, omega: f64) -> f64 {
    let (mut xc, mut xs, mut cc, mut cs) = (0.0, 0.0, 0.0, 0.0);
    for (t, y) in times.iter().zip(values) {
        let (s, c) = (omega * t).sin_cos();
        let y = y - mean;
        xc += y * c;
        xs += y * s;
        cc += c * c;
        cs += c * s;
    }
    let ss = times.len() as f64 - cc;
    let (s, c) = (0.5 * (2.0 * cs).atan2(cc - ss)).sin_cos();
    let part = |along: f64, weight: f64| if weight > 1e-12 { along * along / weight } else { 0.0 };
    0.5 * (part(c * xc + s * xs, c * c * cc + 2.0 * c * s * cs + s * s * ss)
        + part(c * xs - s * xc, c * c * ss - 2.0 * c * s * cs + s * s * cc))
}

/// Length of a piece, seconds: that of the segments of [`super::bands`], so that both see the same frequencies apart.
const PIECE_S: f64 = 64.0;

/// Distance of the frequencies, hertz: a quarter of what a piece tells apart.
const STEP_HZ: f64 = 0.25 / PIECE_S;

/// A piece must be covered by NN intervals to this share, or it is left out.
const COVERED: f64 = 0.5;

/// Powers of the two bands over the NN intervals alone, nothing bridged. Pieces of 64 s, half overlapping, each about its
/// mean and under a Hann window; density = 2 x periodogram x intervals x their mean / sum of squared weights; mean over the
/// pieces that are half covered, trapezoid over each band. `None` when there is no such piece.
#[must_use]
pub fn gapped_bands(nn: &[NnInterval]) -> Option<Bands> {
    let sound = |n: &&NnInterval| is_nn(n) && n.rr.end.0.is_finite() && RANGE_MS.contains(&n.rr.rr.0);
    let accepted: Vec<(f64, f64)> = nn.iter().filter(sound).map(|n| (n.rr.end.0, n.rr.rr.0)).collect();
    let (first, last) = (accepted.first()?.0, accepted.last()?.0);
    let pieces = ((last - first) / PIECE_S * 2.0).floor() as usize;
    if pieces > MAX_RESAMPLED {
        return None;
    }
    let grid = |low: f64, high: f64| -> Vec<f64> {
        let steps = ((high - low) / STEP_HZ).round() as usize;
        (0..=steps).map(|i| low + (high - low) * i as f64 / steps as f64).collect()
    };
    let (lf, hf) = (grid(0.04, 0.15), grid(0.15, 0.40));
    let (mut count, mut sum) = (0.0, (0.0, 0.0));
    for from in (0..pieces.saturating_sub(1)).map(|piece| first + piece as f64 * PIECE_S / 2.0) {
        let begin = accepted.partition_point(|(at, _)| *at < from);
        let end = accepted.partition_point(|(at, _)| *at < from + PIECE_S);
        let Some(piece) = accepted.get(begin..end) else { continue };
        let time_in_nn = piece.iter().map(|(_, ms)| ms).sum::<f64>() / 1000.0;
        if time_in_nn < COVERED * PIECE_S {
            continue;
        }
        let mean = 1000.0 * time_in_nn / piece.len() as f64;
        let weights: Vec<f64> =
            piece.iter().map(|(at, _)| 0.5 - 0.5 * (TAU * (at - from) / PIECE_S).cos()).collect();
        let times: Vec<f64> = piece.iter().map(|(at, _)| at - from).collect();
        let values: Vec<f64> = piece.iter().zip(&weights).map(|((_, ms), w)| (ms - mean) * w).collect();
        let scale = 2.0 * time_in_nn / weights.iter().map(|w| w * w).sum::<f64>();
        let power = |hz: &[f64]| {
            let lines: Vec<f64> = hz.iter().map(|hz| power_at(&times, &values, 0.0, TAU * hz)).collect();
            scale * trapezoid(hz, &lines)
        };
        sum = (sum.0 + power(&lf), sum.1 + power(&hf));
        count += 1.0;
    }
    (count > 0.0).then(|| Bands { lf_ms2: sum.0 / count, hf_ms2: sum.1 / count })
}

/// Integral over unevenly spaced places.
fn trapezoid(at: &[f64], values: &[f64]) -> f64 {
    let steps = at.windows(2).zip(values.windows(2));
    steps
        .map(|(x, y)| match (x, y) {
            ([a, b], [left, right]) => (b - a) * (left + right) / 2.0,
            _ => 0.0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_series_has_the_power_of_its_transform() {
        let n = 64;
        let times: Vec<f64> = (0..n).map(|i| f64::from(i) * 0.5).collect();
        let values: Vec<f64> = times.iter().map(|t| 3.0 * (TAU * 0.25 * t).cos() + 7.0).collect();
        let found = lomb_scargle(&times, &values, &[0.25, 0.5]);
        // |X|^2 / n = (n A / 2)^2 / n.
        assert!((found[0] - f64::from(n) * 9.0 / 4.0).abs() < 1e-9, "{found:?}");
        assert!(found[1] < 1e-18);
        assert_eq!(lomb_scargle(&[], &[], &[0.1]), [0.0]);
    }
}
