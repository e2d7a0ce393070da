//! Small dense networks.

/// Room for the widest layer.
const WIDEST: usize = 64;

/// A dense layer: every output is a weighted sum of the inputs and a bias.
///
/// The weights are applied input by input, so that the sums of all outputs grow side by side: the order of the
/// additions, and with it the result, does not depend on the machine's vector width.
struct Layer {
    outputs: usize,
    /// By input, then by output; the biases last.
    weights: Vec<f32>,
}

/// Layers with a rectifier between them. Memory is taken when it is made.
pub(super) struct Network {
    layers: Vec<Layer>,
}

impl Network {
    /// Takes the parameters of a network of these widths (inputs first) off the front of an iterator; those that
    /// are not there count as 0.
    pub(super) fn new(widths: &[usize], parameters: &mut impl Iterator<Item = f32>) -> Self {
        let pairs = widths.iter().zip(widths.iter().skip(1));
        let layers = pairs.map(|(inputs, outputs)| {
            let mut weights = vec![0.0; (inputs + 1) * outputs];
            weights.iter_mut().zip(&mut *parameters).for_each(|(slot, p)| *slot = p);
            Layer { outputs: *outputs, weights }
        });
        Self { layers: layers.collect() }
    }

    /// The first output.
    pub(super) fn run(&self, inputs: &[f32]) -> f32 {
        let (mut values, mut sums) = ([0.0_f32; WIDEST], [0.0_f32; WIDEST]);
        values.iter_mut().zip(inputs).for_each(|(slot, x)| *slot = *x);
        let mut first = true;
        for layer in &self.layers {
            let n = layer.outputs;
            let mut rows = layer.weights.chunks_exact(n);
            let bias = rows.next_back().unwrap_or(&[]);
            sums.iter_mut().zip(bias).for_each(|(s, b)| *s = *b);
            for (x, row) in values.iter().zip(rows) {
                let x = if first || *x > 0.0 { *x } else { 0.0 };
                sums.iter_mut().zip(row).for_each(|(s, w)| *s += x * w);
            }
            values = sums;
            first = false;
        }
        values.first().copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_can_tell_two_equal_inputs_from_two_different_ones() {
        // Two hidden units: a - b and b - a; their rectified sum is the distance.
        let parameters = [1.0, -1.0, -1.0, 1.0, 0.0, 0.0, 2.0, 2.0, -1.0];
        let network = Network::new(&[2, 2, 1], &mut parameters.into_iter());
        assert_eq!(network.run(&[3.0, 3.0]), -1.0);
        assert_eq!(network.run(&[3.0, 1.5]), 2.0);
        assert_eq!(network.run(&[-3.0, -1.0]), 3.0);
    }
}
