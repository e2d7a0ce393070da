//! Small dense networks.

use super::lanes::Four;

/// Outputs worked out together: fewer would wait for each other's sums, and more have no room in a processor.
const ABREAST: usize = 16;

/// A dense layer: every output is a weighted sum of the inputs and a bias.
///
/// The weights are applied input by input, so that the sums of the outputs grow side by side, sixteen at a time: the
/// order of the additions, and with it the result, does not depend on the machine's vector width.
#[derive(Clone)]
pub struct Dense<const IN: usize, const OUT: usize> {
    /// For sixteen outputs their biases and the weights of each input, then for the next sixteen.
    rows: Vec<[Four; ABREAST / 4]>,
}

impl<const IN: usize, const OUT: usize> Dense<IN, OUT> {
    /// Takes the parameters off the front of an iterator: the weights by input, then by output, and then the biases.
    /// Those that are not there count as 0.
    pub fn new(parameters: &mut impl Iterator<Item = f32>) -> Self {
        Self { rows: rows(IN, OUT, parameters) }
    }

    /// The outputs for these inputs.
    #[must_use]
    pub fn run(&self, inputs: &[f32; IN]) -> [f32; OUT] {
        let mut outputs = [0.0; OUT];
        weigh(&self.rows, inputs, &mut outputs);
        outputs
    }
}

/// One for layers of all sizes, as is [`weigh`].
fn rows(
    inputs: usize,
    outputs: usize,
    parameters: &mut dyn Iterator<Item = f32>,
) -> Vec<[Four; ABREAST / 4]> {
    let mut rows = vec![[[0.0; 4]; ABREAST / 4]; outputs.div_ceil(ABREAST) * (inputs + 1)];
    for input in (1..=inputs).chain([0]) {
        for output in 0..outputs {
            let row = rows.get_mut(output / ABREAST * (inputs + 1) + input);
            let slot = row.and_then(|row| row.as_flattened_mut().get_mut(output % ABREAST));
            slot.into_iter().zip(&mut *parameters).for_each(|(slot, p)| *slot = p);
        }
    }
    rows.into_iter().map(|row| row.map(Four::new)).collect()
}

fn weigh(rows: &[[Four; ABREAST / 4]], inputs: &[f32], outputs: &mut [f32]) {
    for (outputs, rows) in outputs.chunks_mut(ABREAST).zip(rows.chunks_exact(inputs.len() + 1)) {
        let Some(([mut a, mut b, mut c, mut d], weights)) = rows.split_first() else { return };
        for (x, row) in inputs.iter().zip(weights) {
            let x = Four::all(*x);
            a = a + x * row[0];
            b = b + x * row[1];
            c = c + x * row[2];
            d = d + x * row[3];
        }
        let sums = [a, b, c, d].map(Four::lanes);
        outputs.iter_mut().zip(sums.as_flattened()).for_each(|(output, sum)| *output = *sum);
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
