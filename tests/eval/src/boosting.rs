//! Trees that learn: gradient boosting with histograms (Friedman 2001; Chen and Guestrin 2016), every tree of
//! `TREE_LEVELS` questions, for the sums of `pqrst::dsp::Trees`.

use crate::score::Draw;
use pqrst::dsp::{tree_rows, Trees, TREE_LEAVES, TREE_LEVELS, TREE_NODES};

/// Thresholds a feature may have.
const BINS: usize = 64;
/// One step of a leaf.
const SCALE: f32 = 0.002;

/// A question must be worth more.
const LEAST_GAIN: f64 = 1e-9;

/// How to learn.
#[derive(Clone, Copy)]
pub struct Recipe {
    /// Trees of each output.
    pub rounds: usize,
    /// Part of a tree's answer that is taken.
    pub rate: f64,
    /// Restraint of the answers.
    pub ridge: f64,
    /// Shares of the rows and of the features that a tree sees.
    pub rows: f64,
    pub columns: f64,
    /// Fewest rows of an answer.
    pub fewest: usize,
}

/// What was learnt.
pub struct Boosted<const OUT: usize> {
    pub start: [f32; OUT],
    pub features: Vec<u8>,
    pub thresholds: Vec<u16>,
    pub leaves: Vec<i8>,
    table: Vec<i8>,
}

impl<const OUT: usize> Boosted<OUT> {
    /// The sums they stand for.
    pub fn trees(&self) -> Trees<'_, OUT> {
        Trees { start: self.start, scale: SCALE, table: &self.table }
    }
}

/// A row: its features, its class and its weight.
pub struct Row<'a> {
    pub features: &'a [f32],
    pub class: usize,
    pub weight: f64,
}

/// Features as numbers of bins: column by column.
struct Binned {
    /// Upper halves of the thresholds, ascending; bin `b` lies above `b` of them.
    edges: Vec<Vec<u16>>,
    columns: Vec<Vec<u8>>,
}

impl Binned {
    fn new(rows: &[Row]) -> Self {
        let count = rows.first().map_or(0, |row| row.features.len());
        let (mut edges, mut columns) = (Vec::new(), Vec::new());
        for k in 0..count {
            let mut values: Vec<f32> = rows.iter().map(|row| row.features[k]).collect();
            values.sort_unstable_by(f32::total_cmp);
            let at = |i: usize| values[i * (values.len() - 1) / BINS];
            let mut own: Vec<f32> = (1..BINS).map(|i| threshold(half(at(i)))).collect();
            own.sort_unstable_by(f32::total_cmp);
            own.dedup();
            columns.push(rows.iter().map(|r| own.partition_point(|e| r.features[k] > *e) as u8).collect());
            edges.push(own.into_iter().map(half).collect());
        }
        Self { edges, columns }
    }
}

fn half(x: f32) -> u16 {
    (x.to_bits() >> 16) as u16
}

fn threshold(half: u16) -> f32 {
    f32::from_bits(u32::from(half) << 16)
}

/// Slope and curvature of the loss, summed.
#[derive(Clone, Copy, Default)]
struct Sum {
    slope: f64,
    curve: f64,
    count: usize,
}

impl Sum {
    fn gain(self, ridge: f64) -> f64 {
        self.slope * self.slope / (self.curve + ridge)
    }
}

/// One tree.
struct Tree {
    features: [u8; TREE_NODES],
    thresholds: [u16; TREE_NODES],
    leaves: [i8; TREE_LEAVES],
}

/// Learns trees for the softmax of `OUT` classes.
pub fn learn<const OUT: usize>(rows: &[Row], recipe: Recipe, seed: u64) -> Boosted<OUT> {
    let binned = Binned::new(rows);
    let mut draw = Draw(seed);
    let mut start = [0.0_f32; OUT];
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    for (class, s) in start.iter_mut().enumerate() {
        let own: f64 = rows.iter().filter(|row| row.class == class).map(|row| row.weight).sum();
        *s = (((own / total).max(1e-6).ln() * 1e3).round() / 1e3) as f32;
    }
    let mut scores: Vec<[f32; OUT]> = vec![start; rows.len()];
    let mut boosted = Boosted {
        start,
        features: Vec::new(),
        thresholds: Vec::new(),
        leaves: Vec::new(),
        table: Vec::new(),
    };
    for _ in 0..recipe.rounds {
        let chances: Vec<[f64; OUT]> = scores.iter().map(softmax).collect();
        let seen: Vec<usize> = (0..rows.len()).filter(|_| draw.uniform() < recipe.rows).collect();
        for class in 0..OUT {
            let slopes: Vec<(f64, f64)> = rows
                .iter()
                .zip(&chances)
                .map(|(row, p)| {
                    let own = p[class];
                    let slope = own - f64::from(u8::from(row.class == class));
                    (row.weight * slope, row.weight * (2.0 * own * (1.0 - own)).max(1e-6))
                })
                .collect();
            let columns: Vec<usize> =
                (0..binned.columns.len()).filter(|_| draw.uniform() < recipe.columns).collect();
            let (tree, leaf_of) = grow(&binned, &slopes, &seen, &columns, recipe);
            for (score, leaf) in scores.iter_mut().zip(&leaf_of) {
                score[class] += f32::from(tree.leaves[*leaf]) * SCALE;
            }
            boosted.features.extend(tree.features);
            boosted.thresholds.extend(tree.thresholds);
            boosted.leaves.extend(tree.leaves);
        }
    }
    boosted.table = tree_rows(&boosted.features, &boosted.thresholds, &boosted.leaves);
    boosted
}

fn softmax<const OUT: usize>(scores: &[f32; OUT]) -> [f64; OUT] {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let odds = scores.map(|s| f64::from(s - top).exp());
    let sum: f64 = odds.iter().sum();
    odds.map(|o| o / sum)
}

/// A tree, level by level, and the answer that every row gets.
fn grow(
    binned: &Binned,
    slopes: &[(f64, f64)],
    seen: &[usize],
    columns: &[usize],
    recipe: Recipe,
) -> (Tree, Vec<usize>) {
    // A question that is not asked has a threshold that nothing exceeds.
    let mut tree = Tree {
        features: [0; TREE_NODES],
        thresholds: [half(f32::INFINITY); TREE_NODES],
        leaves: [0; TREE_LEAVES],
    };
    let mut place = vec![0_usize; slopes.len()];
    for level in 0..TREE_LEVELS {
        let nodes = 1 << level;
        let first = nodes - 1;
        let mut best = vec![(LEAST_GAIN, 0, 0); nodes];
        let mut sums = vec![[Sum::default(); BINS]; nodes];
        for &column in columns {
            sums.iter_mut().for_each(|s| *s = [Sum::default(); BINS]);
            let bins = &binned.columns[column];
            for &row in seen {
                let sum = &mut sums[place[row] - first][usize::from(bins[row])];
                sum.slope += slopes[row].0;
                sum.curve += slopes[row].1;
                sum.count += 1;
            }
            for (node, sums) in sums.iter().enumerate() {
                split(sums, binned.edges[column].len(), recipe, |gain, edge| {
                    if gain > best[node].0 {
                        best[node] = (gain, column, edge);
                    }
                });
            }
        }
        for (node, (gain, column, edge)) in best.iter().copied().enumerate() {
            if gain > LEAST_GAIN {
                tree.features[first + node] = column as u8;
                tree.thresholds[first + node] = binned.edges[column][edge];
            }
        }
        for (row, at) in place.iter_mut().enumerate() {
            let (gain, column, edge) = best[*at - first];
            let right = gain > LEAST_GAIN && usize::from(binned.columns[column][row]) > edge;
            *at = 2 * *at + 1 + usize::from(right);
        }
    }
    let mut sums = [Sum::default(); TREE_LEAVES];
    for &row in seen {
        let sum = &mut sums[place[row] - TREE_NODES];
        sum.slope += slopes[row].0;
        sum.curve += slopes[row].1;
    }
    for (leaf, sum) in tree.leaves.iter_mut().zip(sums) {
        let answer = -recipe.rate * sum.slope / (sum.curve + recipe.ridge);
        *leaf = (answer / f64::from(SCALE)).round().clamp(-127.0, 127.0) as i8;
    }
    (tree, place.into_iter().map(|at| at - TREE_NODES).collect())
}

/// Tells the gain of every threshold that leaves enough rows on both sides.
fn split(sums: &[Sum; BINS], edges: usize, recipe: Recipe, mut tell: impl FnMut(f64, usize)) {
    let mut all = Sum::default();
    for s in sums {
        all.slope += s.slope;
        all.curve += s.curve;
        all.count += s.count;
    }
    let mut left = Sum::default();
    for (edge, s) in sums.iter().enumerate().take(edges) {
        left.slope += s.slope;
        left.curve += s.curve;
        left.count += s.count;
        let right = Sum {
            slope: all.slope - left.slope,
            curve: all.curve - left.curve,
            count: all.count - left.count,
        };
        if left.count >= recipe.fewest && right.count >= recipe.fewest {
            tell(left.gain(recipe.ridge) + right.gain(recipe.ridge) - all.gain(recipe.ridge), edge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_learn_that_two_features_have_one_sign() {
        let mut draw = Draw(5);
        let points: Vec<[f32; 3]> =
            (0..2000).map(|_| std::array::from_fn(|_| draw.normal() as f32)).collect();
        let class = |p: &[f32; 3]| usize::from(p[0] * p[1] > 0.0);
        let rows: Vec<Row> =
            points.iter().map(|p| Row { features: p, class: class(p), weight: 1.0 }).collect();
        let recipe = Recipe { rounds: 60, rate: 0.3, ridge: 1.0, rows: 0.8, columns: 0.9, fewest: 10 };
        let boosted = learn::<2>(&rows, recipe, 1);
        let right = points.iter().filter(|p| {
            let [a, b] = boosted.trees().run(&p[..]);
            usize::from(b > a) == class(p)
        });
        assert!(right.count() > 1850);
        assert_eq!(learn::<2>(&rows, recipe, 1).leaves, boosted.leaves);
    }
}
