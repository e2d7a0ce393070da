//! Classes of successive beats as a conditional random field that learns: the same sums as in `pqrst::beats`, with
//! their derivatives.

use super::lessons::Beat;
use crate::learner::{Learner, Trace};
use crate::score::Draw;
use pqrst::beats::Model;

/// N, S, V and F.
pub const CLASSES: usize = 4;
/// Part of the inputs that are left out of a window, so that none is relied on alone, ...
const LEFT_OUT: f64 = 0.15;
/// ... and the most that is added to the others.
const NOISE: f64 = 0.2;

type Node = [f32; CLASSES];
type Edge = [Node; CLASSES];

/// The networks, as their parameters lie in one list.
pub struct Chain {
    looks: Learner,
    links: Learner,
}

/// What a window of beats needs on its way.
#[derive(Default)]
pub struct Workspace {
    looks: Vec<Trace>,
    links: Vec<Trace>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    bound: Vec<Node>,
    inputs: Vec<f32>,
}

impl Chain {
    pub fn new() -> Self {
        let [looks, links] = Model::WIDTHS;
        let looks = Learner::new(looks, 0);
        Self { links: Learner::new(links, looks.end), looks }
    }

    /// How many parameters there are.
    pub fn count(&self) -> usize {
        self.links.end
    }

    /// Bounds of the weights and of the biases of every layer.
    pub fn blocks(&self) -> Vec<(usize, usize)> {
        self.looks.blocks().chain(self.links.blocks()).collect()
    }

    /// Adds the derivatives of the negative logarithm of the likelihood of the classes in a window; returns it.
    pub fn learn(
        &self,
        beats: &[Beat],
        parameters: &[f32],
        gradient: &mut [f32],
        work: &mut Workspace,
        draw: &mut Draw,
    ) -> f32 {
        let inputs = beats.first().map_or(0, |b| b.heard.looks.len());
        let factors: Vec<f32> = (0..inputs)
            .map(|_| if draw.uniform() < LEFT_OUT { 0.0 } else { 1.0 / (1.0 - LEFT_OUT as f32) })
            .collect();
        for list in [&mut work.looks, &mut work.links] {
            list.resize(list.len().max(beats.len()), Trace::default());
        }
        for list in [&mut work.nodes, &mut work.bound] {
            list.clear();
        }
        work.edges.clear();
        for (i, beat) in beats.iter().enumerate() {
            work.inputs.clear();
            let disturbed = beat.heard.looks.iter().zip(&factors);
            work.inputs
                .extend(disturbed.map(|(v, f)| (v + (NOISE * (2.0 * draw.uniform() - 1.0)) as f32) * f));
            self.looks.forward(parameters, &work.inputs, &mut work.looks[i]);
            self.links.forward(parameters, &beat.heard.links, &mut work.links[i]);
            let node: Node = std::array::from_fn(|c| work.looks[i].outputs()[c]);
            work.nodes.push(node);
            work.bound.push(std::array::from_fn(|c| node[c] + beat.may[c]));
            work.edges.push(std::array::from_fn(|a| {
                std::array::from_fn(|b| work.links[i].outputs()[a * CLASSES + b])
            }));
        }
        let (free, all) = marginals(&work.nodes, &work.edges);
        let (bound, known) = marginals(&work.bound, &work.edges);
        for i in 0..beats.len() {
            let slopes: Node = std::array::from_fn(|c| free[i].0[c] - bound[i].0[c]);
            self.looks.backward_all(parameters, &work.looks[i], &slopes, gradient);
            if i > 0 {
                let slopes: Vec<f32> =
                    free[i].1.iter().flatten().zip(bound[i].1.iter().flatten()).map(|(a, b)| a - b).collect();
                self.links.backward_all(parameters, &work.links[i], &slopes, gradient);
            }
        }
        all - known
    }
}

fn log_sum(values: Node) -> f32 {
    let top = values.iter().copied().fold(f32::MIN, f32::max);
    top + values.iter().map(|v| (v - top).exp()).sum::<f32>().ln()
}

/// Probabilities of the classes of each beat, and of those of it (by column) and the one before (by row); and the
/// logarithm of the sum of everything.
fn marginals(nodes: &[Node], edges: &[Edge]) -> (Vec<(Node, Edge)>, f32) {
    let mut before: Vec<Node> = Vec::with_capacity(nodes.len());
    for (node, edge) in nodes.iter().zip(edges) {
        let reach = before.last().map_or([0.0; CLASSES], |past| {
            std::array::from_fn(|b| log_sum(std::array::from_fn(|a| past[a] + edge[a][b])))
        });
        before.push(std::array::from_fn(|c| node[c] + reach[c]));
    }
    let mut after = vec![[0.0; CLASSES]; nodes.len()];
    for i in (1..nodes.len()).rev() {
        after[i - 1] = std::array::from_fn(|a| {
            log_sum(std::array::from_fn(|b| edges[i][a][b] + nodes[i][b] + after[i][b]))
        });
    }
    let whole = before.last().map_or(0.0, |last| log_sum(*last));
    let at = |i: usize| {
        let node: Node = std::array::from_fn(|c| (before[i][c] + after[i][c] - whole).exp());
        let pair = |past: &Node| {
            std::array::from_fn(|a| {
                std::array::from_fn(|b| (past[a] + edges[i][a][b] + nodes[i][b] + after[i][b] - whole).exp())
            })
        };
        (node, i.checked_sub(1).map_or([[0.0; CLASSES]; CLASSES], |last| pair(&before[last])))
    };
    ((0..nodes.len()).map(at).collect(), whole)
}
