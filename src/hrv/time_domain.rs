//! Time domain and Poincare indices. Each one is `None` when its formula has too few terms.

use super::entropy::{sample_entropy as entropy, Match};
use super::fluctuation::{alpha, Scales};
use super::nn::is_nn;
use crate::signal::NnInterval;

/// Width of a bin of the triangular index, milliseconds (Task Force 1996).
pub(super) const BIN_MS: f64 = 1000.0 / 128.0;

/// Differences between accepted intervals that follow each other directly, milliseconds.
#[must_use]
pub fn successive_differences(nn: &[NnInterval]) -> Vec<f64> {
    nn.windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a.rejected.is_none() && b.rejected.is_none() && b.rr.follows => {
                Some(b.rr.rr.0 - a.rr.rr.0)
            }
            _ => None,
        })
        .collect()
}

/// The NN intervals one after another, holes closed, milliseconds.
#[must_use]
pub fn accepted(nn: &[NnInterval]) -> Vec<f64> {
    nn.iter().filter(|n| is_nn(n)).map(|interval| interval.rr.rr.0).collect()
}

/// Standard deviation in two passes, over n + `less`.
pub(super) fn deviation_over(values: &[f64], less: i32) -> Option<f64> {
    let n = values.len() as f64;
    let over = n + f64::from(less);
    if values.is_empty() || over <= 0.0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    Some((squares / over).sqrt())
}

/// Sample standard deviation (n - 1).
pub(super) fn deviation(values: &[f64]) -> Option<f64> {
    deviation_over(values, -1)
}

/// Standard deviation of all NN intervals (n - 1), milliseconds.
#[must_use]
pub fn sdnn_ms(nn: &[NnInterval]) -> Option<f64> {
    deviation(&accepted(nn))
}

/// Standard deviation of successive differences (n - 1), milliseconds.
#[must_use]
pub fn sdsd_ms(nn: &[NnInterval]) -> Option<f64> {
    deviation(&successive_differences(nn))
}

/// Root mean square of successive differences, milliseconds.
#[must_use]
pub fn rmssd_ms(nn: &[NnInterval]) -> Option<f64> {
    let d = successive_differences(nn);
    (!d.is_empty()).then(|| (d.iter().map(|x| x * x).sum::<f64>() / d.len() as f64).sqrt())
}

/// Share of successive differences above 50 ms, percent of the number of *differences*.
#[must_use]
pub fn pnn50_percent(nn: &[NnInterval]) -> Option<f64> {
    let d = successive_differences(nn);
    let above = d.iter().filter(|x| x.abs() > 50.0).count();
    (!d.is_empty()).then(|| 100.0 * above as f64 / d.len() as f64)
}

/// Poincare width: SDSD (n - 1) over the root of 2, milliseconds.
#[must_use]
pub fn sd1_ms(nn: &[NnInterval]) -> Option<f64> {
    sdsd_ms(nn).map(|sdsd| sdsd / core::f64::consts::SQRT_2)
}

/// Poincare length: root of 2 SDNN^2 - SDSD^2 / 2, milliseconds (Brennan 2001).
#[must_use]
pub fn sd2_ms(nn: &[NnInterval]) -> Option<f64> {
    let (sdnn, sdsd) = (sdnn_ms(nn)?, sdsd_ms(nn)?);
    Some((2.0 * sdnn * sdnn - sdsd * sdsd / 2.0).max(0.0).sqrt())
}

/// HRV triangular index: all NN intervals over those in the fullest bin of 1/128 s; bins begin at 0 and hold their lower
/// edge (Task Force 1996).
#[must_use]
pub fn triangular_index(nn: &[NnInterval]) -> Option<f64> {
    let all = accepted(nn);
    fullest(all.iter().map(|ms| (ms / BIN_MS).floor() as i64)).map(|most| all.len() as f64 / most as f64)
}

/// How many fall into the fullest bin.
pub(super) fn fullest(bins: impl Iterator<Item = i64>) -> Option<usize> {
    let mut bins: Vec<i64> = bins.collect();
    bins.sort_unstable();
    bins.chunk_by(|a, b| a == b).map(<[i64]>::len).max()
}

/// Sample entropy: templates of two intervals, tolerance 0.2 SDNN, closed; no template reaches over a hole (Richman and
/// Moorman 2000).
#[must_use]
pub fn sample_entropy(nn: &[NnInterval]) -> Option<f64> {
    let tolerance = 0.2 * sdnn_ms(nn)?;
    let runs = nn.chunk_by(|a, b| is_nn(a) && is_nn(b) && b.rr.follows).filter(|run| run.iter().all(is_nn));
    let runs: Vec<Vec<f64>> = runs.map(accepted).collect();
    entropy(runs.iter().map(Vec::as_slice), Match { tolerance, closed: true })
}

/// Windows of the short-term exponent: 4 to 16 beats (Peng 1995).
pub(super) const ALPHA1: Scales = Scales { from: 4, to: 16, overlap: false };

/// Short-term exponent of detrended fluctuation analysis, windows of 4 to 16 beats, side by side from the first interval
/// (Peng 1995). Holes are closed.
#[must_use]
pub fn dfa_alpha1(nn: &[NnInterval]) -> Option<f64> {
    alpha(&accepted(nn), ALPHA1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{IntervalSource, NnRejection, RrInterval};
    use crate::units::{Milliseconds, Seconds};

    fn nn(ms: &[f64]) -> Vec<NnInterval> {
        let rr = |&rr: &f64| RrInterval {
            end: Seconds(0.0),
            rr: Milliseconds(rr),
            source: IntervalSource::Ecg,
            follows: true,
        };
        ms.iter().map(|ms| NnInterval { rr: rr(ms), rejected: None }).collect()
    }

    #[test]
    fn indices_by_hand() {
        // Differences 60, -20, -40, 100: squares 3600 + 400 + 1600 + 10000 = 15600.
        let series = nn(&[800.0, 860.0, 840.0, 800.0, 900.0]);
        assert!((rmssd_ms(&series).unwrap() - 3900f64.sqrt()).abs() < 1e-12);
        assert_eq!(pnn50_percent(&series), Some(50.0));
        // Mean 840, squares 1600 + 400 + 0 + 1600 + 3600 = 7200 over 4.
        assert!((sdnn_ms(&series).unwrap() - 1800f64.sqrt()).abs() < 1e-12);
        // Mean of the differences 25: squares 35^2 + 45^2 + 65^2 + 75^2 = 13100 over 3.
        let sdsd2: f64 = 13_100.0 / 3.0;
        assert!((sd1_ms(&series).unwrap() - (sdsd2 / 2.0).sqrt()).abs() < 1e-12);
        assert!((sd2_ms(&series).unwrap() - (2.0 * 1800.0 - sdsd2 / 2.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn no_difference_is_taken_over_a_hole_or_a_rejected_interval() {
        let mut series = nn(&[800.0, 900.0, 800.0, 700.0]);
        series[1].rr.follows = false;
        series[3].rejected = Some(NnRejection::Ectopic);
        assert_eq!(successive_differences(&series), vec![-100.0]);
        assert_eq!(rmssd_ms(&nn(&[800.0])), None);
        assert_eq!(sdnn_ms(&[]), None);
        assert_eq!(sd1_ms(&nn(&[800.0, 810.0])), None);
    }
}
