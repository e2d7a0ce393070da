//! Time domain and Poincare indices. Each one is `None` when its formula has too few terms.

use crate::signal::NnInterval;

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

fn accepted(nn: &[NnInterval]) -> impl Iterator<Item = f64> + '_ {
    nn.iter().filter(|interval| interval.rejected.is_none()).map(|interval| interval.rr.rr.0)
}

/// Sample standard deviation (n - 1) in two passes.
fn deviation(values: &[f64]) -> Option<f64> {
    let n = values.len();
    if n < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    Some((squares / (n - 1) as f64).sqrt())
}

/// Standard deviation of all NN intervals (n - 1), milliseconds.
#[must_use]
pub fn sdnn_ms(nn: &[NnInterval]) -> Option<f64> {
    deviation(&accepted(nn).collect::<Vec<_>>())
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
    deviation(&successive_differences(nn)).map(|sdsd| sdsd / core::f64::consts::SQRT_2)
}

/// Poincare length: root of 2 SDNN^2 - SDSD^2 / 2, milliseconds (Brennan 2001).
#[must_use]
pub fn sd2_ms(nn: &[NnInterval]) -> Option<f64> {
    let (sdnn, sdsd) = (sdnn_ms(nn)?, deviation(&successive_differences(nn))?);
    Some((2.0 * sdnn * sdnn - sdsd * sdsd / 2.0).max(0.0).sqrt())
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
