//! Which candidates are beats: the best path through them.
//!
//! Every candidate earns a score for looking like a QRS complex of this signal, every pair of successive beats one
//! for following each other plausibly. The best sum over a bounded window is found by dynamic programming
//! (Bellman 1957; Viterbi 1967), which does the work of refractory rules, T-wave tests and search-back at once.

use super::candidates::Candidate;
use super::front::seconds;
use super::levels::Levels;
use super::weights::WEIGHTS as W;

/// No deflection below this is a beat, in microvolts: a converter's own steps are this large.
pub(super) const FLOOR_UV: f64 = 12.0;

/// Logarithm of a height over a scale that is never zero.
fn over(height: f64, scale: f64) -> f64 {
    (height / scale.max(FLOOR_UV)).max(1e-6).ln()
}

/// How much of the signal around a candidate is noise, from 0 to 1.
pub(super) fn noisiness(c: &Candidate, levels: &Levels) -> f64 {
    let level = (c.surroundings + levels.background()) / (2.0 * levels.height().max(FLOOR_UV));
    (3.0 * (level - 0.12)).clamp(0.0, 1.0)
}

/// How much the candidate of this index looks like a beat, apart from when it comes.
fn appearance(pending: &[Candidate], index: usize, c: &Candidate, levels: &Levels) -> f64 {
    let noise = W.others_part * levels.others()
        + W.background_part * levels.background()
        + W.surroundings_part * c.surroundings
        + W.aftermath_part * c.aftermath;
    let threshold = noise + W.threshold_part * (levels.height() - noise).max(0.0);
    let size = over(c.height, threshold).clamp(-3.0, 1.5);
    let steepness = over(c.slope, W.steepness_part * levels.slope()).clamp(-3.0, 1.0);
    let sharpness = over(c.sharpness, W.sharpness_part * levels.sharpness()).clamp(-3.0, 1.0);
    let oversize = (over(c.height, levels.height()) - W.oversize_from).max(0.0);
    let trust = 1.0 + W.likeness_in_noise * noisiness(c, levels);
    let likeness = (levels.likeness(&c.shape) - W.likeness_zero) * trust;
    // Steeper candidates close by: a T wave stands after one, a P wave before one.
    let near = |o: &&Candidate| seconds((o.at - c.at).abs()) < W.rival_window_s;
    let rivalry = |o: &Candidate| (o.slope / c.slope.max(1e-9)).ln().clamp(0.0, 1.5);
    let before = pending.iter().take(index).rev().take_while(near).map(rivalry).fold(0.0, f64::max);
    let after = pending.iter().skip(index + 1).take_while(near).map(rivalry).fold(0.0, f64::max);
    let sum =
        W.bias + W.size * size + W.steepness * steepness + W.sharpness * sharpness + W.likeness * likeness
            - W.oversize * oversize
            - W.rival_before * before
            - W.rival_after * after;
    sum.clamp(-W.lowest, W.highest)
}

/// How plausibly `next` follows `last` as the next beat.
fn succession(last: &Candidate, next: &Candidate, levels: &Levels) -> f64 {
    let rr = seconds(next.at - last.at);
    if rr < W.refractory_s {
        return f64::NEG_INFINITY;
    }
    let relative = rr / levels.rr();
    let early = W.early * ((W.early_from - relative) / W.early_from).max(0.0);
    let spread = levels.irregularity().max(W.least_spread);
    let off = (relative.ln() / spread).powi(2).min(9.0);
    // A rhythm that has been regular is expected to stay so, the more the less the signal tells.
    let expectation = W.regularity * (0.1 / spread).min(2.0) / 4.0;
    let trust = 1.0 + W.regularity_in_noise * noisiness(next, levels);
    -t_wave(last, next, rr) - early - off * expectation * trust - long_gap(relative)
}

/// A T wave follows its complex soon and is less steep.
fn t_wave(last: &Candidate, next: &Candidate, rr: f64) -> f64 {
    if rr >= W.t_window_s {
        return 0.0;
    }
    let ratio = next.slope / last.slope.max(1e-9);
    let closeness = ((W.t_window_s - rr) / (W.t_window_s - 0.2)).max(0.0).sqrt();
    W.t_wave * ((W.t_ratio - ratio) / W.t_ratio).max(0.0) * (0.4 + closeness)
}

/// What it costs that no beat came for so many expected intervals.
fn long_gap(relative: f64) -> f64 {
    W.gap * (relative / W.gap_from).max(1e-6).ln().max(0.0)
}

/// The best score of a path that ends at a candidate, and the index of the beat before it (`None`: the settled
/// one).
#[derive(Clone, Copy)]
struct End {
    score: f64,
    before: Option<usize>,
}

/// Finds the best path.
pub(super) struct Paths {
    appearances: Vec<f64>,
    ends: Vec<End>,
}

impl Paths {
    /// With room for so many candidates.
    pub(super) fn new(candidates: usize) -> Self {
        Self { appearances: Vec::with_capacity(candidates), ends: Vec::with_capacity(candidates) }
    }

    /// The index of the first pending candidate that is a beat on the best path, and by how much the score falls
    /// when it is left out.
    pub(super) fn first_beat(
        &mut self,
        settled: Option<&Candidate>,
        pending: &[Candidate],
        levels: &Levels,
        now: i64,
    ) -> Option<(usize, f64)> {
        self.appearances.clear();
        let scores = pending.iter().enumerate().map(|(i, c)| appearance(pending, i, c, levels));
        self.appearances.extend(scores);
        let (with, first) = self.best(settled, pending, levels, now, None);
        let first = first?;
        let (without, _) = self.best(settled, pending, levels, now, Some(first));
        Some((first, with - without))
    }

    /// Score and first beat of the best path, which may not use the candidate `banned`.
    fn best(
        &mut self,
        settled: Option<&Candidate>,
        pending: &[Candidate],
        levels: &Levels,
        now: i64,
        banned: Option<usize>,
    ) -> (f64, Option<usize>) {
        let silence = |since: i64| -long_gap(seconds(now - since) / levels.rr());
        let mut top = (settled.map_or(0.0, |s| silence(s.at)), None);
        self.ends.clear();
        for (j, next) in pending.iter().enumerate() {
            let start = settled.map_or(0.0, |s| succession(s, next, levels));
            let mut end = End { score: start, before: None };
            for (i, (last, reached)) in pending.iter().zip(&self.ends).enumerate() {
                let score = reached.score + succession(last, next, levels);
                if score > end.score {
                    end = End { score, before: Some(i) };
                }
            }
            let appearance = self.appearances.get(j).filter(|_| banned != Some(j));
            end.score += appearance.copied().unwrap_or(f64::NEG_INFINITY);
            self.ends.push(end);
            let total = end.score + silence(next.at);
            if total > top.0 {
                top = (total, Some(j));
            }
        }
        (top.0, self.first_of(top.1))
    }

    /// The first beat of the path that ends at this candidate.
    fn first_of(&self, end: Option<usize>) -> Option<usize> {
        let mut first = end?;
        while let Some(before) = self.ends.get(first).and_then(|e| e.before) {
            first = before;
        }
        Some(first)
    }
}
