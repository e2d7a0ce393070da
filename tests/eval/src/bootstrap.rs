//! Intervals by drawing whole records with replacement: errors of one record belong together.

use crate::score::{Counts, Draw};
use crate::streamed::quantile;

/// Samples of records drawn for an interval.
const RESAMPLES: usize = 2000;

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Of all records as they are.
    pub own: f64,
    /// 2.5 % of the draws lie below.
    pub low: f64,
    /// 2.5 % of the draws lie above.
    pub high: f64,
}

/// Gross F1 in percent.
pub fn gross_f1(counts: &[&Counts]) -> Figure {
    figure(counts.len(), |picked| f1(counts, picked))
}

/// Gross F1 less that of another detector on the same records, in points. The same are drawn for both.
pub fn ahead(ours: &[&Counts], theirs: &[&Counts]) -> Figure {
    figure(ours.len().min(theirs.len()), |picked| f1(ours, picked) - f1(theirs, picked))
}

/// Counts of several records together.
pub fn sum<'a>(counts: impl IntoIterator<Item = &'a Counts>) -> Counts {
    let mut sum = Counts::default();
    counts.into_iter().for_each(|c| sum.add(c));
    sum
}

fn f1(counts: &[&Counts], picked: &[usize]) -> f64 {
    let picked = || picked.iter().filter_map(|i| counts.get(*i));
    let found: u64 = picked().map(|c| c.tp).sum();
    let errors: u64 = picked().map(|c| c.fp + c.r#fn).sum();
    200.0 * found as f64 / (2 * found + errors) as f64
}

/// A figure of any kind, of records given by their indices.
pub fn figure(n: usize, of: impl Fn(&[usize]) -> f64) -> Figure {
    let mut draw = Draw(1);
    let mut picked: Vec<usize> = (0..n).collect();
    let own = of(&picked);
    let mut once = || {
        picked.iter_mut().for_each(|i| *i = draw.below(n));
        of(&picked)
    };
    let mut all: Vec<f64> = (0..RESAMPLES).map(|_| once()).collect();
    Figure { own, low: quantile(&mut all, 0.025), high: quantile(&mut all, 0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_equal_records_is_a_point_and_that_of_unequal_ones_is_not() {
        let counts = |errors| Counts { tp: 90, r#fn: errors, fp: errors, ..Counts::default() };
        let (equal, worse) = (vec![counts(5); 5], [1, 9, 2, 8, 5].map(counts));
        let (equal, worse): (Vec<_>, Vec<_>) = (equal.iter().collect(), worse.iter().collect());
        let f1 = counts(5).f1();
        assert_eq!(gross_f1(&equal), Figure { own: f1, low: f1, high: f1 });
        assert_eq!(ahead(&equal, &equal), Figure { own: 0.0, low: 0.0, high: 0.0 });
        let wide = gross_f1(&worse);
        assert!(wide.low < wide.own - 1.0 && wide.own + 1.0 < wide.high, "{wide:?}");
    }
}
