//! Sums of small decision trees.

/// Questions of a tree: one at its root, two below it, four below those.
pub const TREE_NODES: usize = 7;
/// Answers of a tree.
pub const TREE_LEAVES: usize = 8;

/// Sums of trees of three questions each, for `OUT` outputs: tree `t` adds to output `t % OUT`.
///
/// A question is whether a feature is above a threshold; question `i` leads to `2i + 1` when it is not and to `2i + 2`
/// when it is. Thresholds are the upper halves of `f32`, leaves whole steps of one scale.
#[derive(Debug, Clone, Copy)]
pub struct Trees<'a, const OUT: usize> {
    /// What each output starts from.
    pub start: [f32; OUT],
    /// One step of a leaf.
    pub scale: f32,
    /// Indices of the features asked for, [`TREE_NODES`] a tree.
    pub features: &'a [u8],
    /// Upper halves of the thresholds, [`TREE_NODES`] a tree.
    pub thresholds: &'a [u16],
    /// Answers, [`TREE_LEAVES`] a tree.
    pub leaves: &'a [i8],
}

impl<const OUT: usize> Trees<'_, OUT> {
    /// The outputs for these features. A feature that is not there counts as 0.
    #[must_use]
    pub fn run(&self, features: &[f32]) -> [f32; OUT] {
        let mut steps = [0_i32; OUT];
        let questions = self.features.chunks_exact(TREE_NODES).zip(self.thresholds.chunks_exact(TREE_NODES));
        for (number, ((asked, bounds), leaves)) in
            questions.zip(self.leaves.chunks_exact(TREE_LEAVES)).enumerate()
        {
            let mut node = 0;
            while let (Some(feature), Some(bound)) = (asked.get(node), bounds.get(node)) {
                let value = features.get(usize::from(*feature)).copied().unwrap_or(0.0);
                node = 2 * node + 1 + usize::from(value > f32::from_bits(u32::from(*bound) << 16));
            }
            if let (Some(sum), Some(leaf)) = (steps.get_mut(number % OUT), leaves.get(node - TREE_NODES)) {
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
        let trees = Trees::<2> {
            start: [0.5, -0.5],
            scale: 0.25,
            features: &[0, 1, 1, 9, 9, 9, 9, 1, 1, 1, 1, 1, 1, 1],
            thresholds: &[
                half(1.0),
                half(2.0),
                half(4.0),
                half(-1.0),
                half(1.0),
                half(-1.0),
                half(1.0),
                half(0.0),
                half(0.0),
                half(0.0),
                half(0.0),
                half(0.0),
                half(0.0),
                half(0.0),
            ],
            leaves: &[1, 2, 3, 4, 5, 6, 7, 8, 10, 0, 0, 0, 0, 0, 0, 20],
        };
        // Left, left, right (feature 9 is not there: 0 > -1); and all the way to the right.
        assert_eq!(trees.run(&[1.0, 2.0]), [0.5 + 0.5, -0.5 + 5.0]);
        assert_eq!(trees.run(&[1.5, 4.5]), [0.5 + 1.75, -0.5 + 5.0]);
        assert_eq!(trees.run(&[0.0, -1.0]), [0.5 + 0.5, -0.5 + 2.5]);
        assert_eq!(trees.run(&[f32::NAN, f32::NAN]), [0.5 + 0.5, -0.5 + 2.5]);
    }
}
