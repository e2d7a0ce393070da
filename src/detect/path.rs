//! Which candidates are beats: the best path through them.
//!
//! Every candidate earns a score for looking like a QRS complex of this signal, every pair of successive beats one
//! for following each other plausibly. The best sum over a bounded window is found by dynamic programming
//! (Bellman 1957; Viterbi 1967), which does the work of refractory rules, T-wave tests and search-back at once.

use super::candidates::Candidate;
use super::candidates_hz;
use super::levels::Levels;

/// The latest beat that is settled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    pub beat: Candidate,
}

pub(super) static TUNING: std::sync::RwLock<[f64; 40]> = std::sync::RwLock::new(DEFAULTS);

pub(super) const DEFAULTS: [f64; 40] = {
    let mut v = [0.0; 40];
    v[0] = 2.238; // height over threshold
    v[1] = 0.309; // threshold fraction
    v[2] = 0.8603; // noise (others) weight
    v[3] = 0.4362; // background weight
    v[4] = 2.204; // slope weight
    v[5] = 0.3543; // slope fraction
    v[6] = 1.596; // likeness weight
    v[7] = 0.3502; // likeness zero
    v[8] = 0.1191; // bias
    v[9] = 0.6793; // penalty of too high
    v[10] = 2.171; // start of too high (ln)
    v[11] = 0.3402; // T window
    v[12] = 7.447; // T weight
    v[13] = 0.9396; // T slope ratio
    v[14] = 1.519; // long gap start
    v[15] = 4.48; // long weight
    v[16] = 0.4361; // short start
    v[17] = 2.615; // short weight
    v[18] = 0.4756; // regularity weight
    v[19] = 0.3342; // aftermath weight
    v[20] = 0.3298; // surroundings weight
    v[21] = 3.656; // clamp low
    v[22] = 4.814; // clamp high
    v[23] = 0.2253; // refractory
    v[24] = 0.07876; // regularity floor
    v[26] = 0.4602;
    v[27] = 0.1959;
    v[28] = 0.7955;
    v[29] = 0.5784;
    v[30] = 0.9288;
    v[31] = 0.4857;
    v[25] = 0.296; // end gap factor
    v
};

#[derive(Clone, Copy)]
pub(super) struct Tuning(pub [f64; 40]);

/// How much a candidate looks like a beat, apart from when it comes.
pub(super) fn noisiness(c: &Candidate, levels: &Levels) -> f64 {
    let level = (c.surroundings + levels.background()) / (2.0 * levels.signal().max(FLOOR_UV));
    (3.0 * (level - 0.12)).clamp(0.0, 1.0)
}

pub(super) fn appearance(
    pending: &[Candidate],
    index: usize,
    c: &Candidate,
    levels: &Levels,
    t: &Tuning,
) -> f64 {
    let p = |i: usize| t.0.get(i).copied().unwrap_or(0.0);
    let noise =
        p(2) * levels.noise() + p(3) * levels.background() + p(20) * c.surroundings + p(19) * c.aftermath;
    let threshold = (noise + p(1) * (levels.signal() - noise).max(0.0)).max(FLOOR_UV);
    let size = (c.height / threshold).ln();
    let steepness = (c.slope / (p(5) * levels.slope()).max(FLOOR_UV)).ln();
    let over = ((c.height / levels.signal().max(FLOOR_UV)).ln() - p(10)).max(0.0);
    let likeness = levels.likeness(&c.shape) - p(7);
    let near = |o: &&Candidate| ((o.at - c.at).abs() as f64) < p(31) * candidates_hz();
    let lead = |o: &Candidate| (o.slope / c.slope.max(1e-9)).ln().clamp(0.0, 1.5);
    let before = pending.iter().take(index).rev().take_while(near).map(lead).fold(0.0, f64::max);
    let after = pending.iter().skip(index + 1).take_while(near).map(lead).fold(0.0, f64::max);
    let likeness = likeness * (1.0 + p(28) * noisiness(c, levels));
    let sum = p(0) * size.clamp(-3.0, 1.5) + p(4) * steepness.clamp(-3.0, 1.0) + p(6) * likeness + p(8)
        - p(9) * over
        - p(26) * before
        - p(27) * after;
    sum.clamp(-p(21), p(22))
}

/// No deflection below this is a beat: the converter's own steps are this large.
const FLOOR_UV: f64 = 12.0;

/// How plausibly `next` follows `last` as the next beat.
pub(super) fn succession(last: &Candidate, next: &Candidate, levels: &Levels, t: &Tuning) -> f64 {
    let p = |i: usize| t.0.get(i).copied().unwrap_or(0.0);
    let dt = (next.at - last.at) as f64 / candidates_hz();
    if dt < p(23) {
        return f64::NEG_INFINITY;
    }
    let mut score = 0.0;
    if dt < p(11) {
        let ratio = next.slope / last.slope.max(1e-9);
        let closeness = ((p(11) - dt) / (p(11) - 0.2)).max(0.0).sqrt();
        score -= p(12) * ((p(13) - ratio) / p(13)).max(0.0) * (0.4 + closeness);
    }
    let relative = dt / levels.rr();
    if relative < p(16) {
        score -= p(17) * (p(16) - relative) / p(16);
    }
    let spread = levels.irregularity().max(p(24));
    let off = (relative.ln() / spread).powi(2).min(9.0);
    score -= p(18) * off * (0.1 / spread).min(2.0) / 4.0 * (1.0 + p(29) * noisiness(next, levels));
    score - long_gap(relative, t)
}

/// What it costs that no beat came for so many expected intervals.
fn long_gap(relative: f64, t: &Tuning) -> f64 {
    let p = |i: usize| t.0.get(i).copied().unwrap_or(0.0);
    p(15) * (relative / p(14)).ln().max(0.0)
}

/// Finds the best path. `best` receives, for each pending candidate, the best score of a path that ends there and
/// the index of the beat before (`None`: the settled one).
pub(super) struct Paths {
    best: Vec<(f64, Option<usize>)>,
    chosen: Vec<usize>,
    pub(super) tuning: Tuning,
}

impl Paths {
    pub(super) fn new() -> Self {
        Self {
            best: Vec::with_capacity(64),
            chosen: Vec::with_capacity(64),
            tuning: Tuning(TUNING.read().map(|t| *t).unwrap_or(DEFAULTS)),
        }
    }

    /// The indices of the pending candidates that are beats on the best path, and by how much the score falls when
    /// the first of them is left out.
    pub(super) fn best(
        &mut self,
        settled: Option<&Settled>,
        pending: &[Candidate],
        levels: &Levels,
        now: i64,
    ) -> (&[usize], f64) {
        let full = self.run(settled, pending, levels, now, None);
        let first = self.chosen.first().copied();
        let Some(first) = first else { return (&self.chosen, 0.0) };
        let chosen = core::mem::take(&mut self.chosen);
        let without = self.run(settled, pending, levels, now, Some(first));
        self.chosen = chosen;
        (&self.chosen, full - without)
    }

    fn run(
        &mut self,
        settled: Option<&Settled>,
        pending: &[Candidate],
        levels: &Levels,
        now: i64,
        banned: Option<usize>,
    ) -> f64 {
        self.best.clear();
        let t = self.tuning;
        let ending = |at: Option<i64>| match at {
            Some(at) => -long_gap((now - at) as f64 / candidates_hz() / levels.rr(), &t),
            None => 0.0,
        };
        let mut top = (ending(settled.map(|s| s.beat.at)), None);
        for (j, next) in pending.iter().enumerate() {
            let mut best = (settled.map_or(0.0, |s| succession(&s.beat, next, levels, &t)), None);
            for (i, last) in pending.iter().enumerate().take(j) {
                let Some((score, _)) = self.best.get(i) else { continue };
                let score = score + succession(last, next, levels, &t);
                if score > best.0 {
                    best = (score, Some(i));
                }
            }
            best.0 += appearance(pending, j, next, levels, &t);
            if banned == Some(j) {
                best.0 = f64::NEG_INFINITY;
            }
            self.best.push(best);
            let total = best.0 + ending(Some(next.at));
            if total > top.0 {
                top = (total, Some(j));
            }
        }
        self.chosen.clear();
        let mut at = top.1;
        while let Some(j) = at {
            self.chosen.push(j);
            at = self.best.get(j).and_then(|b| b.1);
        }
        self.chosen.reverse();
        top.0
    }
}
