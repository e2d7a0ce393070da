//! The loss of the detector's conditional random field over a window of candidates, with its derivatives.
//!
//! The loss is the negative logarithm of the part of the total weight that the right sets of beats have: those with
//! exactly one candidate for every annotated beat that has any, and no other.

use crate::learner::{Learner, Trace};
use crate::score::Draw;
use crate::training::Lesson;
use pqrst::detect::Model;

/// No score is farther from 0, as in the detector.
const LARGEST: f32 = 9.0;

/// The three networks side by side in one list of parameters.
pub struct Field {
    pub looks: Learner,
    link: Learner,
    silence: Learner,
}

/// A stretch of candidates: it follows the candidate `settled` (or the start), and ends with `end`, exclusive.
#[derive(Clone, Copy)]
pub struct Stretch {
    pub settled: Option<usize>,
    pub start: usize,
    pub end: usize,
}

/// Weights of one pass, kept between windows to spare memory traffic.
#[derive(Default)]
pub struct Workspace {
    looks: Vec<Trace>,
    links: Vec<(usize, usize, f64, Trace)>,
    silences: Vec<Trace>,
}

impl Field {
    pub fn new() -> Self {
        let [looks, link, silence] = Model::WIDTHS;
        let looks = Learner::new(looks, 0);
        let link = Learner::new(link, looks.end);
        let silence = Learner::new(silence, link.end);
        Self { looks, link, silence }
    }

    /// Number of parameters.
    pub fn count(&self) -> usize {
        self.silence.end
    }

    /// Bounds of the weights and of the biases of every layer.
    pub fn blocks(&self) -> Vec<(usize, usize)> {
        self.looks.blocks().chain(self.link.blocks()).chain(self.silence.blocks()).collect()
    }

    /// The loss over a window; adds its derivatives. `None` where no right set is possible.
    pub fn learn(
        &self,
        lesson: &Lesson,
        stretch: Stretch,
        parameters: &[f32],
        gradient: &mut [f32],
        work: &mut Workspace,
        draw: &mut Draw,
    ) -> Option<f64> {
        let Stretch { settled, start, end } = stretch;
        let n = end - start;
        let now_s = lesson.at_s[end - 1] + 0.15;
        let first_s = settled.map_or(0.0, |i| lesson.at_s[i]);
        work.looks.resize(n.max(work.looks.len()), Trace::default());
        work.silences.resize((n + 1).max(work.silences.len()), Trace::default());
        let score = |x: f32| f64::from(x.clamp(-LARGEST, LARGEST)).exp();
        let odds: Vec<f64> = (0..n)
            .map(|j| {
                let inputs = blurred(&lesson.looks[start + j], draw);
                score(self.looks.forward(parameters, &inputs, &mut work.looks[j]))
            })
            .collect();
        // Node 0 is what is settled; candidate j is node j + 1.
        let silences: Vec<f64> = (0..=n)
            .map(|j| {
                let (sighting, since) = if j > 0 {
                    (start + j - 1, lesson.at_s[start + j - 1])
                } else {
                    (settled.unwrap_or(start), first_s)
                };
                let inputs = lesson.rehearsal.sightings[sighting].silence(now_s - since);
                score(self.silence.forward(parameters, &inputs, &mut work.silences[j]))
            })
            .collect();
        let mut links: Vec<(usize, usize, f64)> = Vec::new();
        let mut used = 0;
        for j in 0..n {
            if settled.is_none() {
                links.push((0, j + 1, 1.0));
            }
            for link in &lesson.links[start + j] {
                let before = link.before as usize;
                let from = if before >= start {
                    before - start + 1
                } else if Some(before) == settled {
                    0
                } else {
                    continue;
                };
                if work.links.len() <= used {
                    work.links.push((0, 0, 0.0, Trace::default()));
                }
                let slot = &mut work.links[used];
                let weight = score(self.link.forward(parameters, &link.inputs, &mut slot.3));
                (slot.0, slot.1, slot.2) = (from, j + 1, weight);
                used += 1;
                links.push((from, j + 1, weight));
            }
        }
        // Which beat each node may stand for, counted among those of the window.
        let beats: Vec<Option<usize>> = {
            let mut last = None;
            let mut count = 0;
            let mut out = vec![None; n + 1];
            for j in 0..n {
                if let Some(b) = lesson.beat[start + j] {
                    // The settled beat is not to be found again.
                    if settled.is_some_and(|s| lesson.beat[s] == Some(b)) {
                        continue;
                    }
                    if last != Some(b) {
                        count += 1;
                        last = Some(b);
                    }
                    out[j + 1] = Some(count);
                }
            }
            out[0] = Some(0);
            out
        };
        let total = beats.iter().flatten().max().copied().unwrap_or(0);
        let free = sums(n, &odds, &links, &silences, |_, _| true, |_| true);
        let right = sums(
            n,
            &odds,
            &links,
            &silences,
            |i, j| matches!((beats[i], beats[j]), (Some(a), Some(b)) if b == a + 1),
            |i| beats[i] == Some(total),
        );
        if !(right.total > 0.0 && free.total.is_finite()) {
            return None;
        }
        for j in 0..n {
            let slope = free.node(j + 1) - right.node(j + 1);
            self.looks.backward(parameters, &work.looks[j], slope as f32, gradient);
        }
        for (i, j, weight, trace) in &work.links[..used] {
            let slope = free.edge(*i, *j, *weight, &odds) - right.edge_if(*i, *j, *weight, &odds, &beats);
            self.link.backward(parameters, trace, slope as f32, gradient);
        }
        for j in 0..=n {
            let ends =
                |s: &Sums, allowed: bool| if allowed { s.before[j] * silences[j] / s.total } else { 0.0 };
            let slope = ends(&free, true) - ends(&right, beats[j] == Some(total));
            self.silence.backward(parameters, &work.silences[j], slope as f32, gradient);
        }
        Some((free.total / right.total).ln())
    }
}

/// Largest change of an input while learning: no decision may hang on so little.
const BLUR: f32 = 0.12;

fn blurred(inputs: &[f32], draw: &mut Draw) -> Vec<f32> {
    let mut out = inputs.to_vec();
    for four in out.chunks_mut(4) {
        let mut bits = draw.bits();
        for x in four {
            *x += BLUR * ((bits & 0xffff) as f32 / 32_768.0 - 1.0);
            bits >>= 16;
        }
    }
    out
}

/// Sums over all paths to and from every node.
struct Sums {
    before: Vec<f64>,
    after: Vec<f64>,
    total: f64,
}

impl Sums {
    fn node(&self, j: usize) -> f64 {
        self.before[j] * self.after[j] / self.total
    }

    fn edge(&self, i: usize, j: usize, weight: f64, odds: &[f64]) -> f64 {
        self.before[i] * weight * odds[j - 1] * self.after[j] / self.total
    }

    fn edge_if(&self, i: usize, j: usize, weight: f64, odds: &[f64], beats: &[Option<usize>]) -> f64 {
        match (beats[i], beats[j]) {
            (Some(a), Some(b)) if b == a + 1 => self.edge(i, j, weight, odds),
            _ => 0.0,
        }
    }
}

fn sums(
    n: usize,
    odds: &[f64],
    links: &[(usize, usize, f64)],
    silences: &[f64],
    follows: impl Fn(usize, usize) -> bool,
    ends: impl Fn(usize) -> bool,
) -> Sums {
    let mut before = vec![0.0; n + 1];
    let mut after: Vec<f64> = (0..=n).map(|j| if ends(j) { silences[j] } else { 0.0 }).collect();
    before[0] = 1.0;
    // Links are in the order of the node that they lead to.
    for (i, j, weight) in links {
        if follows(*i, *j) {
            before[*j] += before[*i] * weight * odds[*j - 1];
        }
    }
    for (i, j, weight) in links.iter().rev() {
        if follows(*i, *j) {
            after[*i] += weight * odds[*j - 1] * after[*j];
        }
    }
    let total = after[0];
    Sums { before, after, total }
}
