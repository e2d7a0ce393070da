//! Heart rate of a record.

use crate::signal::{NnInterval, NnRejection};
use crate::units::{BeatsPerMinute, Milliseconds};

/// How many successive intervals the lowest and highest rate average over.
const RUN: usize = 5;

/// Mean, lowest and highest rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// 60 s over the mean accepted interval.
    pub mean: BeatsPerMinute,
    /// Lowest over five successive intervals.
    pub min: BeatsPerMinute,
    /// Highest over five successive intervals.
    pub max: BeatsPerMinute,
}

/// Rates over the intervals that lie in trusted signal; ectopic beats are beats and count here.
#[must_use]
pub fn rates(nn: &[NnInterval]) -> Option<Rates> {
    let counts = |n: &NnInterval| matches!(n.rejected, None | Some(NnRejection::Ectopic));
    let lengths: Vec<f64> = nn.iter().filter(|n| counts(n)).map(|n| n.rr.rr.0).collect();
    if lengths.len() < RUN {
        return None;
    }
    let rate = |mean_ms: f64| BeatsPerMinute::from_interval(Milliseconds(mean_ms));
    let mean = rate(lengths.iter().sum::<f64>() / lengths.len() as f64)?;
    let (mut longest, mut shortest) = (f64::MIN, f64::MAX);
    // Runs must not reach over a hole: walk stretches of intervals that follow each other.
    let mut run: Vec<f64> = Vec::with_capacity(RUN);
    for interval in nn {
        if !counts(interval) {
            run.clear();
            continue;
        }
        if !interval.rr.follows {
            run.clear();
        }
        if run.len() == RUN {
            run.remove(0);
        }
        run.push(interval.rr.rr.0);
        if run.len() == RUN {
            let average = run.iter().sum::<f64>() / RUN as f64;
            longest = longest.max(average);
            shortest = shortest.min(average);
        }
    }
    let (min, max) = if longest < shortest { (mean, mean) } else { (rate(longest)?, rate(shortest)?) };
    Some(Rates { mean, min, max })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{IntervalSource, RrInterval};
    use crate::units::Seconds;

    fn nn(ms: &[f64]) -> Vec<NnInterval> {
        ms.iter()
            .map(|&rr| NnInterval {
                rr: RrInterval {
                    end: Seconds(0.0),
                    rr: Milliseconds(rr),
                    source: IntervalSource::Ecg,
                    follows: true,
                },
                rejected: None,
            })
            .collect()
    }

    #[test]
    fn mean_is_of_intervals_not_of_rates() {
        let rates = rates(&nn(&[1000.0, 1000.0, 1000.0, 500.0, 500.0])).unwrap();
        assert!((rates.mean.0 - 75.0).abs() < 1e-9);
        assert_eq!(rates.min, rates.max);
    }

    #[test]
    fn lowest_and_highest_average_five_intervals_and_do_not_cross_a_hole() {
        let mut series = nn(&[[1000.0; 5], [500.0; 5]].concat());
        let all = rates(&series).unwrap();
        assert!((all.min.0 - 60.0).abs() < 1e-9 && (all.max.0 - 120.0).abs() < 1e-9);
        series[5].rr.follows = false;
        series[4].rejected = Some(NnRejection::PoorQuality);
        let cut = rates(&series).unwrap();
        assert!((cut.min.0 - 120.0).abs() < 1e-9, "four intervals make no run");
        assert_eq!(rates(&nn(&[800.0; 4])), None);
    }
}
