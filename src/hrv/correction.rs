//! Correction of an RR series after Lipponen and Tarvainen (J Med Eng Technol 43:173, 2019): beats are classed by the
//! pattern of their differences against limits that follow the series, and mended by class.
//!
//! As in the paper: limits 5.2 times the quartile deviation of 91 values around, `c1` = 0.13, `c2` = 0.17, median of 11
//! intervals, negative deviations from it doubled, one pass. Where the paper leaves a choice: windows are cut at the ends
//! of a run; a limit is at least [`LEAST_LIMIT_MS`], so that a series of whole milliseconds without any variation has no
//! artefacts; replaced intervals lie on the line between the nearest ones that stay. An ectopic beat has two intervals,
//! the one before it and the one after it: both are replaced, and the first is not called short as well. The interval after
//! an extra beat is used up with it.
//!
//! Packages differ from it:
//! - neurokit2 0.2.12 (`signal_fixpeaks`, "Kubios") repeats the pass until no fewer artefacts are found, moves peaks
//!   instead of replacing intervals (an ectopic or odd beat goes halfway between its neighbours), and never classes the
//!   last two beats;
//! - systole 0.3.1 (`correct_rr`) calls an interval long or short by |mRR| > 3 alone, also where the difference is small,
//!   never looks at the following beat (its test `is True` fails on numpy's values), and turns an edge away
//!   from every class but missed and extra;
//! - hrv-analysis 1.0.6 and pyhrv 0.5.0 have none: they offer Malik's and similar rules.

use super::nn::{median, RANGE_MS};
use crate::signal::{NnInterval, NnRejection, RrInterval};
use crate::units::{Milliseconds, Seconds};

/// Half of the window of the limits: 91 values.
const LIMIT_HALF: usize = 45;
/// Half of the window of the median: 11 values.
const MEDIAN_HALF: usize = 5;
/// Covers 99.95 % of normal differences (the paper's alpha).
const ALPHA: f64 = 5.2;
/// Edges of the ectopic classes.
const C1: f64 = 0.13;
const C2: f64 = 0.17;
/// A deviation above this many limits is long or short.
const DEVIATION: f64 = 3.0;
/// Least limit: what intervals in whole milliseconds differ by without any variation.
const LEAST_LIMIT_MS: f64 = 5.0;
/// A run of fewer intervals has no pattern.
const LEAST_RUN: usize = 8;

/// What an interval was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artefact {
    /// An ectopic beat ended the interval before this one: both are replaced.
    Ectopic,
    /// A beat was missed in it: it is halved.
    Missed,
    /// The beat that ends it is none: it is joined with the next.
    Extra,
    /// Too long or too short otherwise: it is replaced.
    LongShort,
}

/// A mended series.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The intervals, all of them NN but those that no heart can have. Within a run times are those of its first beat and
    /// the sum of its intervals.
    pub nn: Vec<NnInterval>,
    /// What was found, by the place of the interval in the series that was given.
    pub found: Vec<(usize, Artefact)>,
    /// Share of intervals that were changed, 0 to 1. Above [`super::MAX_REJECTED_SHARE`] variability is withheld.
    pub share: f64,
}

/// Mends a series, run by run: nothing is taken over a hole, nor over an interval that no heart can have, which stays as it is
/// and does not count. Runs of fewer than eight intervals stay as they are.
#[must_use]
pub fn correct(rr: &[RrInterval]) -> Corrected {
    let mut corrected = Corrected { nn: Vec::with_capacity(rr.len()), found: Vec::new(), share: 0.0 };
    let (mut start, mut changed) = (0, 0);
    for run in rr.chunk_by(|a, b| b.follows && RANGE_MS.contains(&a.rr.0) == RANGE_MS.contains(&b.rr.0)) {
        let found = if run.iter().all(|interval| RANGE_MS.contains(&interval.rr.0)) {
            let lengths: Vec<f64> = run.iter().map(|interval| interval.rr.0).collect();
            let found = classes(&lengths);
            corrected.nn.extend(placed(run, &mended(&lengths, &found)));
            found
        } else {
            let rejected = Some(NnRejection::OutOfRange);
            corrected.nn.extend(run.iter().map(|&rr| NnInterval { rr, rejected }));
            Vec::new()
        };
        changed +=
            found.iter().map(|(_, class)| if *class == Artefact::Ectopic { 2 } else { 1 }).sum::<usize>();
        corrected.found.extend(found.into_iter().map(|(at, class)| (start + at, class)));
        start += run.len();
    }
    corrected.share = if rr.is_empty() { 0.0 } else { (changed as f64 / rr.len() as f64).min(1.0) };
    corrected
}

/// Mended lengths as intervals, from the first beat of their run on.
fn placed(run: &[RrInterval], lengths: &[f64]) -> Vec<NnInterval> {
    let Some(first) = run.first() else { return Vec::new() };
    let mut end = first.end - Seconds::from(first.rr);
    let place = |(i, ms): (usize, &f64)| {
        let rr = Milliseconds(*ms);
        end = end + Seconds::from(rr);
        let rr = RrInterval { end, rr, source: first.source, follows: i > 0 || first.follows };
        NnInterval { rr, rejected: None }
    };
    lengths.iter().enumerate().map(place).collect()
}

/// The decision tree of the paper (its figure 1) over one run.
fn classes(rr: &[f64]) -> Vec<(usize, Artefact)> {
    let n = rr.len();
    if n < LEAST_RUN {
        return Vec::new();
    }
    // The first difference is unknown: the mean of the others stands for it.
    let mut d: Vec<f64> = core::iter::once(0.0).chain(rr.windows(2).map(|p| p[1] - p[0])).collect();
    d[0] = d.iter().sum::<f64>() / (n - 1) as f64;
    let medians: Vec<f64> =
        (0..n).map(|i| median(&mut around(rr, i, MEDIAN_HALF).to_vec()).unwrap_or(0.0)).collect();
    let mut m: Vec<f64> = rr.iter().zip(&medians).map(|(x, median)| x - median).collect();
    m.iter_mut().filter(|x| **x < 0.0).for_each(|x| *x *= 2.0);
    let (limit1, limit2) = (limits(&d), limits(&m));
    d.iter_mut().zip(&limit1).for_each(|(x, limit)| *x /= limit);
    m.iter_mut().zip(&limit2).for_each(|(x, limit)| *x /= limit);
    let at = |x: &[f64], i: usize| x.get(i).copied().unwrap_or(0.0);
    let ectopic = |i: usize| {
        let (own, before, after) = (d[i], if i > 0 { d[i - 1] } else { 0.0 }, at(&d, i + 1));
        (own > 1.0 && before.max(after) < -C1 * own - C2)
            || (own < -1.0 && before.min(after) > -C1 * own + C2)
    };
    let long = |i: usize| d[i] > 1.0 && at(&d, i + 1).min(at(&d, i + 2)) < -1.0;
    let short = |i: usize| d[i] < -1.0 && at(&d, i + 1).max(at(&d, i + 2)) > 1.0;
    let mut found: Vec<(usize, Artefact)> = Vec::new();
    let mut i = 0;
    while i < n {
        if d[i].abs() <= 1.0 {
            i += 1;
            continue;
        }
        if i > 0 && ectopic(i) {
            // The interval that it ended early is the same beat's.
            found.pop_if(|(at, class)| *at + 1 == i && *class == Artefact::LongShort);
            found.push((i, Artefact::Ectopic));
            i += 1;
            continue;
        }
        // Where the next difference is the smaller of the two that follow, the next interval may be the odd one.
        let both = at(&d, i + 1).abs() < at(&d, i + 2).abs();
        let candidates = i..(i + if both { 2 } else { 1 }).min(n);
        i = candidates.end;
        for j in candidates {
            if found.last().is_some_and(|(at, class)| *at + 1 == j && *class == Artefact::Extra) {
                continue;
            }
            let (long, short) = (long(j), short(j));
            if !(long || short || m[j].abs() > DEVIATION) {
                continue;
            }
            let extra = short && j + 1 < n && (rr[j] + rr[j + 1] - medians[j]).abs() < limit2[j];
            let missed = long && (rr[j] / 2.0 - medians[j]).abs() < limit2[j];
            let class = if extra {
                Artefact::Extra
            } else if missed {
                Artefact::Missed
            } else {
                Artefact::LongShort
            };
            found.push((j, class));
            i = i.max(j + if class == Artefact::Extra { 2 } else { 1 });
        }
    }
    found
}

fn around(values: &[f64], i: usize, half: usize) -> &[f64] {
    values.get(i.saturating_sub(half)..(i + half + 1).min(values.len())).unwrap_or_default()
}

/// The paper's limit at every place: alpha times half the distance of the quartiles of the sizes around it.
fn limits(values: &[f64]) -> Vec<f64> {
    let sizes: Vec<f64> = values.iter().map(|x| x.abs()).collect();
    (0..values.len())
        .map(|i| {
            let mut window = around(&sizes, i, LIMIT_HALF).to_vec();
            window.sort_unstable_by(f64::total_cmp);
            let spread = quantile(&window, 0.75) - quantile(&window, 0.25);
            (ALPHA * spread / 2.0).max(LEAST_LIMIT_MS)
        })
        .collect()
}

/// Of sorted values, on the line between the two beside it.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len().max(1) - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    match (sorted.get(low), sorted.get(high)) {
        (Some(a), Some(b)) => a + (b - a) * (place - low as f64),
        _ => 0.0,
    }
}

/// Every class mended: first what is replaced, then beats taken out and put in, from the end so that places hold.
fn mended(rr: &[f64], found: &[(usize, Artefact)]) -> Vec<f64> {
    let class = |i: usize| found.iter().find(|(at, _)| *at == i).map(|(_, class)| *class);
    let mut odd = vec![false; rr.len()];
    for (at, class) in found {
        let from = match class {
            Artefact::Ectopic => at - 1,
            Artefact::LongShort => *at,
            Artefact::Missed | Artefact::Extra => continue,
        };
        odd[from..=*at].fill(true);
    }
    // Intervals about which nothing is wrong: the others are no ground for a line.
    let ground: Vec<usize> = (0..rr.len()).filter(|i| !odd[*i] && class(*i).is_none()).collect();
    let line = |i: usize| {
        let after = ground.partition_point(|g| *g < i);
        match (after.checked_sub(1).and_then(|b| ground.get(b)), ground.get(after)) {
            (Some(&a), Some(&b)) => rr[a] + (rr[b] - rr[a]) * (i - a) as f64 / (b - a) as f64,
            (Some(&only), None) | (None, Some(&only)) => rr[only],
            (None, None) => rr[i],
        }
    };
    let mut out = Vec::with_capacity(rr.len() + found.len());
    let mut joined = 0.0;
    for (i, own) in rr.iter().enumerate() {
        let own = if odd[i] { line(i) } else { joined + own };
        joined = 0.0;
        match class(i) {
            Some(Artefact::Missed) if !odd[i] => out.extend([own / 2.0; 2]),
            Some(Artefact::Extra) if !odd[i] => joined = own,
            _ => out.push(own),
        }
    }
    out.extend((joined > 0.0).then_some(joined));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hrv::testing::series;

    fn sinus(n: usize) -> Vec<f64> {
        (0..n).map(|i| 850.0 + 40.0 * (i as f64 * 1.1).sin() + 15.0 * (i as f64 * 0.37).cos()).collect()
    }

    fn lengths(corrected: &Corrected) -> Vec<f64> {
        corrected.nn.iter().map(|n| n.rr.rr.0).collect()
    }

    #[test]
    fn a_clean_series_stays_as_it_is() {
        let clean = sinus(300);
        let corrected = correct(&series(&clean));
        assert_eq!((lengths(&corrected), corrected.share), (clean, 0.0));
        assert_eq!(correct(&series(&[800.0; 50])).share, 0.0);
    }

    #[test]
    fn every_artefact_is_known_and_mended() {
        let clean = sinus(300);
        let mut missed = clean.clone();
        missed[100..102].copy_from_slice(&[clean[100] + clean[101], f64::NAN]);
        missed.remove(101);
        let corrected = correct(&series(&missed));
        assert_eq!(corrected.found, [(100, Artefact::Missed)]);
        assert_eq!(corrected.nn.len(), 300);
        let mut extra = clean.clone();
        extra[150] = 0.4 * clean[150];
        extra.insert(151, 0.6 * clean[150]);
        let corrected = correct(&series(&extra));
        assert_eq!(corrected.found, [(150, Artefact::Extra)]);
        assert!(lengths(&corrected).iter().zip(&clean).all(|(a, b)| (a - b).abs() < 1e-9));
        let mut early = clean.clone();
        (early[200], early[201]) = (clean[200] - 250.0, clean[201] + 250.0);
        let corrected = correct(&series(&early));
        assert_eq!(corrected.found, [(201, Artefact::Ectopic)]);
        assert!((corrected.share - 2.0 / 300.0).abs() < 1e-12);
        assert!(lengths(&corrected).iter().zip(&clean).all(|(a, b)| (a - b).abs() < 100.0));
        assert!(corrected.nn.iter().all(|n| n.rejected.is_none()));
    }

    #[test]
    fn a_hole_parts_runs_and_times_stay_on_their_side() {
        let mut rr = series(&sinus(40));
        rr[20].follows = false;
        for interval in &mut rr[20..] {
            interval.end = Seconds(interval.end.0 + 60.0);
        }
        let corrected = correct(&rr);
        assert_eq!(corrected.nn.len(), 40);
        assert!(!corrected.nn[20].rr.follows);
        assert!(corrected.nn.iter().zip(&rr).all(|(a, b)| (a.rr.end.0 - b.end.0).abs() < 1e-9));
        assert_eq!(correct(&[]).share, 0.0);
    }
}
