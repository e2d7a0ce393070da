//! Power of an NN series with holes: the periodogram of Lomb (1976) and Scargle (1982), which needs no even series and
//! so no bridge.

use super::frequency::Bands;
use super::nn::is_nn;
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

/// Length of a piece, seconds, and how far the next begins: the short-term recording of the Task Force (1996), half
/// overlapping. A day costs no more than its minutes.
const PIECE_S: f64 = 300.0;

/// Distance of the frequencies, hertz: a tenth of what a piece resolves.
const STEP_HZ: f64 = 1.0 / (10.0 * PIECE_S);

/// A piece must be covered by NN intervals to this share, or it is left out.
const COVERED: f64 = 0.5;

/// Powers of the two bands over the NN intervals alone. Pieces of five minutes, each about its mean; density = 2 x
/// periodogram x mean NN interval; mean over pieces, trapezoid from the lower edge to the upper one. `None` when no piece
/// is half covered.
#[must_use]
pub fn gapped_bands(nn: &[NnInterval]) -> Option<Bands> {
    let accepted: Vec<(f64, f64)> = nn.iter().filter(|n| is_nn(n)).map(|n| (n.rr.end.0, n.rr.rr.0)).collect();
    let (first, last) = (accepted.first()?.0, accepted.last()?.0);
    let pieces = (((last - first) / PIECE_S * 2.0).floor() as usize).saturating_sub(1).max(1);
    let grid = |low: f64, high: f64| -> Vec<f64> {
        let steps = ((high - low) / STEP_HZ).round() as usize;
        (0..=steps).map(|i| low + (high - low) * i as f64 / steps as f64).collect()
    };
    let (lf, hf) = (grid(0.04, 0.15), grid(0.15, 0.40));
    let (mut count, mut sum) = (0.0, (0.0, 0.0));
    for piece in 0..pieces {
        let from = first + piece as f64 * PIECE_S / 2.0;
        let to = if piece + 1 == pieces { f64::INFINITY } else { from + PIECE_S };
        let begin = accepted.partition_point(|(at, _)| *at < from);
        let end = accepted.partition_point(|(at, _)| *at < to);
        let (times, values): (Vec<f64>, Vec<f64>) =
            accepted.get(begin..end).unwrap_or_default().iter().map(|(at, ms)| (at - from, *ms)).unzip();
        let time_in_nn = values.iter().sum::<f64>() / 1000.0;
        if time_in_nn < COVERED * PIECE_S.min(last - first) {
            continue;
        }
        let step = time_in_nn / values.len() as f64;
        let power = |hz: &[f64]| 2.0 * step * trapezoid(hz, &lomb_scargle(&times, &values, hz));
        sum = (sum.0 + power(&lf), sum.1 + power(&hf));
        count += 1.0;
    }
    (count > 0.0).then(|| Bands { lf_ms2: sum.0 / count, hf_ms2: sum.1 / count })
}

/// Integral over unevenly spaced places.
pub(super) fn trapezoid(at: &[f64], values: &[f64]) -> f64 {
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
