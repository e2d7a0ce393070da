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

fn p(i: usize) -> f64 {
    static P: std::sync::OnceLock<Vec<f64>> = std::sync::OnceLock::new();
    let v = P.get_or_init(|| {
        let mut v = vec![
            3.0,  // 0 emission slope
            0.3,  // 1 threshold fraction
            1.0,  // 2 noise weight
            4.0,  // 3 clamp low (neg)
            3.0,  // 4 clamp high
            0.20, // 5 refractory
            0.40, // 6 T window end
            5.0,  // 7 T weight
            0.65, // 8 T slope ratio
            1.5,  // 9 long gap start
            4.0,  // 10 long gap weight
            0.6,  // 11 short start
            2.0,  // 12 short weight
            0.5,  // 13 surroundings weight
        ];
        if let Ok(s) = std::env::var("TUNE") {
            for part in s.split(',') {
                let (i, x) = part.split_once('=').unwrap();
                let i: usize = i.parse().unwrap();
                if i >= v.len() {
                    v.resize(i + 1, 0.0);
                }
                v[i] = x.parse().unwrap();
            }
        }
        v
    });
    v.get(i).copied().unwrap_or(0.0)
}
pub(super) fn tune(i: usize) -> f64 {
    p(i)
}

/// How much a candidate looks like a beat, apart from when it comes.
pub(super) fn appearance(c: &Candidate, levels: &Levels) -> f64 {
    let noise = levels.noise() * p(2) + p(13) * c.surroundings;
    let threshold = (noise + p(1) * (levels.signal() - noise).max(0.0)).max(FLOOR_UV);
    (p(0) * (c.height / threshold).ln()).clamp(-p(3), p(4))
}

/// No deflection below this is a beat: the converter's own steps are this large.
const FLOOR_UV: f64 = 12.0;

/// How plausibly `next` follows `last` as the next beat.
pub(super) fn succession(last: &Candidate, next: &Candidate, levels: &Levels) -> f64 {
    let dt = (next.at - last.at) as f64 / candidates_hz();
    if dt < p(5) {
        return f64::NEG_INFINITY;
    }
    let rr = levels.rr();
    let mut score = 0.0;
    if dt < p(6) {
        let ratio = next.slope / last.slope.max(1e-9);
        let closeness = ((p(6) - dt) / (p(6) - p(5))).sqrt();
        score -= p(7) * ((p(8) - ratio) / p(8)).max(0.0) * (0.4 + closeness);
    }
    let relative = dt / rr;
    if relative < p(11) {
        score -= p(12) * (p(11) - relative) / p(11);
    }
    score - long_gap(relative)
}

/// What it costs that no beat came for so many expected intervals.
fn long_gap(relative: f64) -> f64 {
    p(10) * (relative / p(9)).ln().max(0.0)
}

/// Finds the best path. `best` receives, for each pending candidate, the best score of a path that ends there and
/// the index of the beat before (`None`: the settled one).
pub(super) struct Paths {
    best: Vec<(f64, Option<usize>)>,
    chosen: Vec<usize>,
}

impl Paths {
    pub(super) fn new() -> Self {
        Self { best: Vec::with_capacity(64), chosen: Vec::with_capacity(64) }
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
        let ending = |at: Option<i64>| match at {
            Some(at) => -long_gap((now - at) as f64 / candidates_hz() / levels.rr()),
            None => 0.0,
        };
        let mut top = (ending(settled.map(|s| s.beat.at)), None);
        for (j, next) in pending.iter().enumerate() {
            let mut best = (settled.map_or(0.0, |s| succession(&s.beat, next, levels)), None);
            for (i, last) in pending.iter().enumerate().take(j) {
                let Some((score, _)) = self.best.get(i) else { continue };
                let score = score + succession(last, next, levels);
                if score > best.0 {
                    best = (score, Some(i));
                }
            }
            best.0 += appearance(next, levels);
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
