//! From RR to NN: which intervals count, and why the others do not.

use crate::signal::{NnInterval, NnRejection, RrInterval};
use crate::units::Seconds;

/// An interval that differs from the median of its neighbours by more than this share is ectopic, or a beat
/// was missed or invented (after Malik's 20 % rule; the median of up to eight neighbours replaces the single
/// predecessor, so that the interval after an ectopic beat is not judged by it).
pub const ECTOPIC_DEVIATION: f64 = 0.20;

/// Physiological range of an RR interval, milliseconds (240 down to 20 a minute).
pub(super) const RANGE_MS: core::ops::RangeInclusive<f64> = 250.0..=3000.0;

/// Neighbours on each side.
const NEIGHBOURS: usize = 4;

/// Judges every interval; `usable(from, to)` tells whether the signal between two times can be trusted.
pub fn reject(rr: &[RrInterval], usable: impl Fn(Seconds, Seconds) -> bool) -> Vec<NnInterval> {
    let first = |interval: &RrInterval| -> Option<NnRejection> {
        let begin = interval.end - Seconds::from(interval.rr);
        if !RANGE_MS.contains(&interval.rr.0) {
            Some(NnRejection::OutOfRange)
        } else if !usable(begin, interval.end) {
            Some(NnRejection::PoorQuality)
        } else {
            None
        }
    };
    let mut judged: Vec<NnInterval> = rr.iter().map(|&rr| NnInterval { rr, rejected: first(&rr) }).collect();
    let ectopic: Vec<bool> = (0..judged.len()).map(|i| is_ectopic(&judged, i)).collect();
    for (interval, _) in judged.iter_mut().zip(ectopic).filter(|(_, ectopic)| *ectopic) {
        interval.rejected = Some(NnRejection::Ectopic);
    }
    judged
}

/// Whether an interval counts as NN.
#[must_use]
pub fn is_nn(interval: &NnInterval) -> bool {
    interval.rejected.is_none()
}

/// Compares an interval with the median of its accepted neighbours; without neighbours nothing can be said.
fn is_ectopic(all: &[NnInterval], i: usize) -> bool {
    let Some(own) = all.get(i).filter(|interval| interval.rejected.is_none()) else { return false };
    let side = |range: &[NnInterval], backwards: bool| -> Vec<f64> {
        let accepted = |n: &&NnInterval| n.rejected.is_none();
        let length = |n: &NnInterval| n.rr.rr.0;
        if backwards {
            range.iter().rev().filter(accepted).take(NEIGHBOURS).map(length).collect()
        } else {
            range.iter().filter(accepted).take(NEIGHBOURS).map(length).collect()
        }
    };
    // A short look at the list on both sides: intervals far away say nothing about this one.
    let near = 2 * NEIGHBOURS;
    let before = all.get(i.saturating_sub(near)..i).unwrap_or_default();
    let after = all.get(i + 1..(i + 1 + near).min(all.len())).unwrap_or_default();
    let mut around = side(before, true);
    around.extend(side(after, false));
    match median(&mut around) {
        Some(median) => (own.rr.rr.0 - median).abs() > ECTOPIC_DEVIATION * median,
        None => false,
    }
}

/// The middle of a list; the mean of the two middle ones when their number is even.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    crate::units::sort_ascending(values);
    let (&low, &high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hrv::testing::series;

    #[test]
    fn a_premature_beat_loses_both_its_intervals_and_nothing_else() {
        let rr = series(&[800.0, 810.0, 790.0, 805.0, 500.0, 1100.0, 800.0, 795.0, 805.0, 800.0]);
        let rejected: Vec<_> = reject(&rr, |_, _| true).iter().map(|n| n.rejected).collect();
        let mut expected = vec![None; 10];
        expected[4] = Some(NnRejection::Ectopic);
        expected[5] = Some(NnRejection::Ectopic);
        assert_eq!(rejected, expected);
    }

    #[test]
    fn reasons_are_kept_and_range_comes_first() {
        let rr = series(&[800.0, 200.0, 3001.0, 800.0, f64::NAN]);
        let judged = reject(&rr, |from, _| from.0 > 0.5);
        assert_eq!(judged[0].rejected, Some(NnRejection::PoorQuality));
        assert_eq!(judged[1].rejected, Some(NnRejection::OutOfRange));
        assert_eq!(judged[2].rejected, Some(NnRejection::OutOfRange));
        assert_eq!(judged[3].rejected, None);
        assert_eq!(judged[4].rejected, Some(NnRejection::OutOfRange));
    }

    #[test]
    fn the_median_of_nothing_is_nothing() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0]), Some(2.0));
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
    }
}
