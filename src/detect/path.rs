//! Which candidates are beats: the best path through them.
//!
//! Every candidate earns a score for looking like a QRS complex of this signal, every pair of successive beats one
//! for following each other plausibly. The best sum over a bounded window is found by dynamic programming
//! (Bellman 1957; Viterbi 1967), which does the work of refractory rules, T-wave tests and search-back at once.

use super::candidates::Candidate;
use super::front::seconds;
use super::levels::Levels;
use super::weights::Weights;

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
fn appearance(pending: &[Candidate], index: usize, c: &Candidate, levels: &Levels, w: &Weights) -> f64 {
    let noise = w.others_part * levels.others()
        + w.background_part * levels.background()
        + w.surroundings_part * c.surroundings
        + w.aftermath_part * c.aftermath;
    let threshold = noise + w.threshold_part * (levels.height() - noise).max(0.0);
    let size = over(c.height, threshold).clamp(-3.0, 1.5);
    let steepness = over(c.slope, w.steepness_part * levels.slope()).clamp(-3.0, 1.0);
    let sharpness = over(c.sharpness, w.sharpness_part * levels.sharpness()).clamp(-3.0, 1.0);
    let oversize = (over(c.height, levels.height()) - w.oversize_from).max(0.0);
    let trust = 1.0 + w.likeness_in_noise * noisiness(c, levels);
    let like = levels.likeness(&c.shape);
    let likeness = w.likeness * (like.signal - w.likeness_zero)
        + w.slope_likeness * (like.slope - w.slope_likeness_zero) * trust;
    // Steeper candidates close by: a T wave stands after one, a P wave before one.
    let near = |o: &&Candidate| seconds((o.at - c.at).abs()) < w.rival_window_s;
    let steepest = |top: f64, o: &Candidate| top.max(o.slope);
    let rivalry = |slope: f64| (slope / c.slope.max(1e-9)).max(1.0).ln().min(1.5);
    let before = pending.iter().take(index).rev().take_while(near).fold(0.0, steepest);
    let after = pending.iter().skip(index + 1).take_while(near).fold(0.0, steepest);
    let sum = w.bias + w.size * size + w.steepness * steepness + w.sharpness * sharpness + likeness
        - w.oversize * oversize
        - w.rival_before * rivalry(before)
        - w.rival_after * rivalry(after);
    // Not `clamp`: its assertion would bring the printing of floats into the page.
    sum.max(-w.lowest).min(w.highest)
}

/// How plausibly `next` follows `last` as the next beat.
fn succession(last: &Candidate, next: &Candidate, levels: &Levels, w: &Weights) -> f64 {
    let rr = seconds(next.at - last.at);
    if rr < w.refractory_s {
        return f64::NEG_INFINITY;
    }
    let relative = rr / levels.rr();
    let early = w.early * ((w.early_from - relative) / w.early_from).max(0.0);
    let spread = levels.irregularity().max(w.least_spread);
    let off = (relative.ln() / spread).powi(2).min(9.0);
    // A rhythm that has been regular is expected to stay so, the more the less the signal tells.
    let expectation = w.regularity * (0.1 / spread).min(2.0) / 4.0;
    let trust = 1.0 + w.regularity_in_noise * noisiness(next, levels);
    -t_wave(last, next, rr, w) - early - off * expectation * trust - long_gap(relative, w)
}

/// A T wave follows its complex soon and is less steep.
fn t_wave(last: &Candidate, next: &Candidate, rr: f64, w: &Weights) -> f64 {
    if rr >= w.t_window_s {
        return 0.0;
    }
    let ratio = next.slope / last.slope.max(1e-9);
    let closeness = ((w.t_window_s - rr) / (w.t_window_s - 0.2)).max(0.0).sqrt();
    w.t_wave * ((w.t_ratio - ratio) / w.t_ratio).max(0.0) * (0.4 + closeness)
}

/// What it costs that no beat came for so many expected intervals.
fn long_gap(relative: f64, w: &Weights) -> f64 {
    if relative <= w.gap_from {
        return 0.0;
    }
    w.gap * (relative / w.gap_from).ln()
}

/// The best score of a path that ends at a candidate, and the index of the beat before it (`None`: the settled
/// one).
#[derive(Clone, Copy)]
struct End {
    score: f64,
    before: Option<usize>,
}

/// Finds the best path. What candidates score is kept until they or the levels change.
pub(super) struct Paths {
    weights: Weights,
    /// Score of each candidate for its looks.
    appearances: Vec<f64>,
    /// Score of each candidate for following the settled beat.
    starts: Vec<f64>,
    /// Score of each candidate for following each one before it: 0; 0, 1; 0, 1, 2; ..
    links: Vec<f64>,
    /// Score of the silence after each candidate.
    silences: Vec<f64>,
    ends: Vec<End>,
}

impl Paths {
    /// With room for so many candidates.
    pub(super) fn new(candidates: usize, weights: Weights) -> Self {
        let room = || Vec::with_capacity(candidates);
        Self {
            weights,
            appearances: room(),
            starts: room(),
            links: Vec::with_capacity(candidates * candidates / 2),
            silences: room(),
            ends: Vec::with_capacity(candidates),
        }
    }

    /// Takes note of the candidates and the levels.
    pub(super) fn score(&mut self, settled: Option<&Candidate>, pending: &[Candidate], levels: &Levels) {
        let w = &self.weights;
        self.appearances.clear();
        self.starts.clear();
        self.links.clear();
        for (j, next) in pending.iter().enumerate() {
            self.appearances.push(appearance(pending, j, next, levels, w));
            self.starts.push(settled.map_or(0.0, |s| succession(s, next, levels, w)));
            self.links.extend(pending.iter().take(j).map(|last| succession(last, next, levels, w)));
        }
    }

    /// The index of the first candidate that is a beat on the best path at the time `now`, and by how much the
    /// score falls when it is left out. The rest must be what [`Paths::score`] was given.
    pub(super) fn first_beat(
        &mut self,
        settled: Option<&Candidate>,
        pending: &[Candidate],
        levels: &Levels,
        now: i64,
    ) -> Option<(usize, f64)> {
        let silence = |since: i64| -long_gap(seconds(now - since) / levels.rr(), &self.weights);
        let nothing = settled.map_or(0.0, |s| silence(s.at));
        self.silences.clear();
        self.silences.extend(pending.iter().map(|c| silence(c.at)));
        let (with, first) = self.best(nothing, None);
        let first = first?;
        let (without, _) = self.best(nothing, Some(first));
        Some((first, with - without))
    }

    /// Score and first beat of the best path, which may not use the candidate `banned`; `nothing` is the score of
    /// the empty path.
    fn best(&mut self, nothing: f64, banned: Option<usize>) -> (f64, Option<usize>) {
        let mut top = (nothing, None);
        self.ends.clear();
        let mut links = self.links.as_slice();
        let scores = self.appearances.iter().zip(&self.starts).zip(&self.silences);
        for (j, ((appearance, start), silence)) in scores.enumerate() {
            let (own, rest) = links.split_at_checked(j).unwrap_or((links, &[]));
            links = rest;
            let mut end = End { score: *start, before: None };
            for (i, (link, reached)) in own.iter().zip(&self.ends).enumerate() {
                let score = reached.score + link;
                if score > end.score {
                    end = End { score, before: Some(i) };
                }
            }
            end.score += if banned == Some(j) { f64::NEG_INFINITY } else { *appearance };
            self.ends.push(end);
            let total = end.score + silence;
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
