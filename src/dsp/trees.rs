//! Sums of small decision trees.

/// Questions on the way through a tree.
pub const TREE_LEVELS: usize = 5;
/// Questions of a tree: one at its root, two below it, four below those, and so on.
pub const TREE_NODES: usize = (1 << TREE_LEVELS) - 1;
/// Answers of a tree.
pub const TREE_LEAVES: usize = 1 << TREE_LEVELS;

/// Numbers of a tree in a table: a feature for each question, the two bytes of each threshold, the low one first, and the
/// leaves.
const ROW: usize = TREE_NODES + 2 * TREE_NODES + TREE_LEAVES;

/// Sums of trees of [`TREE_LEVELS`] questions each, for `OUT` outputs: tree `t` adds to output `t % OUT`.
///
/// A question is whether a feature is above a threshold; question `i` leads to `2i + 1` when it is not and to `2i + 2`
/// when it is. Thresholds are the upper halves of `f32`, leaves whole steps of one scale.
#[derive(Debug, Clone, Copy)]
pub struct Trees<'a, const OUT: usize> {
    /// What each output starts from.
    pub start: [f32; OUT],
    /// One step of a leaf.
    pub scale: f32,
    /// The trees, as [`tree_table`] puts them.
    pub table: &'a [i8],
}

/// A table of trees: the indices of the features asked for, the upper halves of the thresholds, and the answers. `N` is
/// the number of leaves and nodes, the thresholds twice.
#[must_use]
pub const fn tree_table<const N: usize>(features: &[u8], thresholds: &[u16], leaves: &[i8]) -> [i8; N] {
    let mut table = [0; N];
    let mut tree = 0;
    while tree < N / ROW {
        let row = tree * ROW;
        let mut i = 0;
        while i < TREE_NODES {
            let node = tree * TREE_NODES + i;
            let [low, high] = thresholds[node].to_le_bytes();
            table[row + i] = features[node] as i8;
            table[row + TREE_NODES + 2 * i] = low as i8;
            table[row + TREE_NODES + 2 * i + 1] = high as i8;
            i += 1;
        }
        let mut i = 0;
        while i < TREE_LEAVES {
            table[row + 3 * TREE_NODES + i] = leaves[tree * TREE_LEAVES + i];
            i += 1;
        }
        tree += 1;
    }
    table
}

/// The same when learning: the table of any number of trees.
#[must_use]
pub fn tree_rows(features: &[u8], thresholds: &[u16], leaves: &[i8]) -> Vec<i8> {
    let trees = features.chunks_exact(TREE_NODES).zip(thresholds.chunks_exact(TREE_NODES));
    let rows = trees.zip(leaves.chunks_exact(TREE_LEAVES));
    rows.flat_map(|((features, thresholds), leaves)| tree_table::<ROW>(features, thresholds, leaves))
        .collect()
}

impl<const OUT: usize> Trees<'_, OUT> {
    /// The outputs for these features. A feature that is not there counts as 0.
    #[must_use]
    pub fn run(&self, features: &[f32]) -> [f32; OUT] {
        let mut steps = [0_i32; OUT];
        for (number, row) in self.table.chunks_exact(ROW).enumerate() {
            let byte = |i: usize| row.get(i).copied().unwrap_or(0) as u8;
            let mut node = 0;
            while node < TREE_NODES {
                let value = features.get(usize::from(byte(node))).copied().unwrap_or(0.0);
                let at = TREE_NODES + 2 * node;
                let bound = f32::from_bits(u32::from(u16::from_le_bytes([byte(at), byte(at + 1)])) << 16);
                node = 2 * node + 1 + usize::from(value > bound);
            }
            if let (Some(sum), Some(leaf)) = (steps.get_mut(number % OUT), row.get(2 * TREE_NODES + node)) {
                *sum += i32::from(*leaf);
            }
        }
        let mut sums = self.start;
        sums.iter_mut().zip(steps).for_each(|(sum, steps)| *sum += steps as f32 * self.scale);
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_asks_from_the_root_down() {
        let half = |x: f32| (x.to_bits() >> 16) as u16;
        // Three levels of the first tree ask, the others lead to the left.
        let mut features = [[9_u8; TREE_NODES], [1; TREE_NODES]].concat();
        features[..3].copy_from_slice(&[0, 1, 1]);
        let mut thresholds = [[half(1.0); TREE_NODES], [half(0.0); TREE_NODES]].concat();
        thresholds[1..6].copy_from_slice(&[2.0, 4.0, -1.0, 1.0, -1.0].map(half));
        let mut leaves = [[0_i8; TREE_LEAVES]; 2].concat();
        (1..=8).for_each(|i| leaves[(i - 1) * TREE_LEAVES / 8] = i as i8);
        (leaves[TREE_LEAVES], leaves[2 * TREE_LEAVES - 1]) = (10, 20);
        let table = tree_rows(&features, &thresholds, &leaves);
        let trees = Trees::<2> { start: [0.5, -0.5], scale: 0.25, table: &table };
        // Left, left, right (feature 9 is not there: 0 > -1); and all the way to the right.
        assert_eq!(trees.run(&[1.0, 2.0]), [0.5 + 0.5, -0.5 + 5.0]);
        assert_eq!(trees.run(&[1.5, 4.5]), [0.5 + 1.75, -0.5 + 5.0]);
        assert_eq!(trees.run(&[0.0, -1.0]), [0.5 + 0.5, -0.5 + 2.5]);
        assert_eq!(trees.run(&[f32::NAN, f32::NAN]), [0.5 + 0.5, -0.5 + 2.5]);
    }
}
