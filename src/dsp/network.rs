//! Small dense networks.

/// A dense layer: every output is a weighted sum of the inputs and a bias.
///
/// The weights are applied input by input, so that the sums of all outputs grow side by side: the order of the
/// additions, and with it the result, does not depend on the machine's vector width.
#[derive(Clone)]
pub struct Dense<const IN: usize, const OUT: usize> {
    weights: [[f32; OUT]; IN],
    biases: [f32; OUT],
}

impl<const IN: usize, const OUT: usize> Dense<IN, OUT> {
    /// Takes the parameters off the front of an iterator: the weights by input, then by output, and then the biases.
    /// Those that are not there count as 0.
    pub fn new(parameters: &mut impl Iterator<Item = f32>) -> Self {
        let mut new = Self { weights: [[0.0; OUT]; IN], biases: [0.0; OUT] };
        let slots = new.weights.as_flattened_mut().iter_mut().chain(&mut new.biases);
        slots.zip(parameters).for_each(|(slot, p)| *slot = p);
        new
    }

    /// The outputs for these inputs.
    #[must_use]
    pub fn run(&self, inputs: &[f32; IN]) -> [f32; OUT] {
        let mut sums = self.biases;
        for (x, row) in inputs.iter().zip(&self.weights) {
            sums.iter_mut().zip(row).for_each(|(s, w)| *s += x * w);
        }
        sums
    }
}

/// What a layer hands to the next.
#[inline]
#[must_use]
pub fn rectified<const N: usize>(values: [f32; N]) -> [f32; N] {
    values.map(|v| if v > 0.0 { v } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_can_tell_two_equal_inputs_from_two_different_ones() {
        // Two hidden units: a - b and b - a; their rectified sum is the distance.
        let mut parameters = [1.0, -1.0, -1.0, 1.0, 0.0, 0.0, 2.0, 2.0, -1.0].into_iter();
        let (hidden, out) = (Dense::<2, 2>::new(&mut parameters), Dense::<2, 1>::new(&mut parameters));
        let run = |inputs: [f32; 2]| out.run(&rectified(hidden.run(&inputs)));
        assert_eq!(run([3.0, 3.0]), [-1.0]);
        assert_eq!(run([3.0, 1.5]), [2.0]);
        assert_eq!(run([-3.0, -1.0]), [3.0]);
    }
}
