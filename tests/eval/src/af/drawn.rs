//! Series of RR intervals as they are drawn, for what the recordings hold too little of: patterns that repeat for minutes,
//! deep breathing, and fibrillation of every rate and scatter.

use super::series::{series, Series, Set, Truth};
use crate::score::Draw;

/// Series of each kind.
const EACH: u64 = 144;
/// Beats of a series.
const BEATS: usize = 200;

/// One kind: its truth, and the intervals of a heart of this kind in seconds.
type Kind = (Truth, fn(&mut Draw) -> Vec<f64>);

const KINDS: [Kind; 4] = [
    (Truth::Fibrillation, fibrillation),
    (Truth::Other, |draw| pattern(draw, 2)),
    (Truth::Other, |draw| pattern(draw, 3)),
    (Truth::Other, breathing),
];

/// All of them; no fold has them, so that every model learns from them and none is judged by them.
pub fn all() -> Vec<Series> {
    let one = |(kind, k): (usize, u64)| {
        let (truth, intervals) = KINDS[kind];
        let mut draw = Draw(1000 * kind as u64 + k);
        let mut at = 0.0;
        let beats_s: Vec<f64> = intervals(&mut draw).iter().map(|rr| (at += rr, at).1).collect();
        let own = series(format!("drawn {kind} {k}"), Set::Drawn, &beats_s, &[(0.0, truth)]);
        Series { fold: usize::MAX, ..own }
    };
    (0..KINDS.len()).flat_map(|kind| (0..EACH).map(move |k| (kind, k))).map(one).collect()
}

/// Intervals that do not know of each other: their logarithms evenly or normally spread.
fn fibrillation(draw: &mut Draw) -> Vec<f64> {
    let (mean, spread) = (draw.between(0.42, 1.1), draw.between(0.14, 0.30));
    let even = draw.below(2) == 0;
    let one = |draw: &mut Draw| {
        let z = if even { draw.between(-1.73, 1.73) } else { draw.normal() };
        (mean * (spread * z).exp()).max(0.26)
    };
    (0..BEATS).map(|_| one(draw)).collect()
}

/// Sinus rhythm in which every so many beats comes early, with a pause after it; now and then one does not.
fn pattern(draw: &mut Draw, every: usize) -> Vec<f64> {
    let (sinus, early, jitter) = (draw.between(0.6, 1.1), draw.between(0.45, 0.8), draw.between(0.004, 0.03));
    // 1: the pause makes up for it; 0: it does not.
    let pause = draw.between(0.3, 1.1);
    let miss = draw.between(0.0, 0.05);
    let mut list = Vec::new();
    while list.len() < BEATS {
        let coupled = early * (1.0 + jitter * draw.normal());
        let wobble = |draw: &mut Draw| 1.0 + jitter * draw.normal();
        if draw.uniform() >= miss {
            list.push(sinus * coupled);
            list.push(sinus * (1.0 + pause * (1.0 - early)) * wobble(draw));
        }
        (2..every).for_each(|_| list.push(sinus * wobble(draw)));
    }
    list
}

/// Sinus rhythm that breathes and drifts.
fn breathing(draw: &mut Draw) -> Vec<f64> {
    let (mean, depth, pace) = (draw.between(0.5, 1.2), draw.between(0.01, 0.15), draw.between(0.12, 0.4));
    let jitter = draw.between(0.003, 0.02);
    let mut at = 0.0;
    let mut one = |draw: &mut Draw| {
        let wave = (core::f64::consts::TAU * pace * at).sin();
        let rr = mean * (1.0 + depth * wave) * (1.0 + jitter * draw.normal());
        at += rr;
        rr
    };
    (0..BEATS).map(|_| one(draw)).collect()
}
