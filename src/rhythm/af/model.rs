//! The two small networks: one looks at a window of intervals, one puts neighbouring windows together.

use super::features::FEATURES;
use super::fitted;
use crate::dsp::{rectified, Dense};

/// Inputs of the second network.
pub const AF_LONG_INPUTS: usize = 8;
/// Hidden units.
const HIDDEN: usize = 16;
const LONG_HIDDEN: usize = 6;
/// No logit is farther from 0.
const LARGEST: f32 = 8.0;

/// Where fibrillation is likely: the weights of both networks.
#[derive(Clone)]
pub struct AfModel {
    means: [f32; FEATURES],
    scales: [f32; FEATURES],
    hidden: Dense<FEATURES, HIDDEN>,
    out: Dense<HIDDEN, 1>,
    long_hidden: Dense<AF_LONG_INPUTS, LONG_HIDDEN>,
    long_out: Dense<LONG_HIDDEN, 1>,
}

impl AfModel {
    /// Widths of the layers, network by network.
    pub const WIDTHS: [&'static [usize]; 2] = [&[FEATURES, HIDDEN, 1], &[AF_LONG_INPUTS, LONG_HIDDEN, 1]];

    /// The model in use.
    #[must_use]
    pub fn fitted() -> Self {
        let mut at = fitted::STEPS.iter();
        let blocks = Self::blocks().zip(fitted::SCALES);
        let parameters = blocks.flat_map(|(count, scale)| {
            at.by_ref().take(count).map(|step| f32::from(*step) * scale).collect::<Vec<_>>()
        });
        Self::new(fitted::MEANS, fitted::INVERSE_SPREADS, parameters)
    }

    /// A model of means and inverse spreads of the features, and of parameters as they lie in the list: layer by layer
    /// the weights by input, then by output, and the biases.
    #[must_use]
    pub fn new(
        means: [f32; FEATURES],
        scales: [f32; FEATURES],
        parameters: impl IntoIterator<Item = f32>,
    ) -> Self {
        let mut parameters = parameters.into_iter();
        let hidden = Dense::new(&mut parameters);
        let out = Dense::new(&mut parameters);
        let long_hidden = Dense::new(&mut parameters);
        let long_out = Dense::new(&mut parameters);
        Self { means, scales, hidden, out, long_hidden, long_out }
    }

    /// Sizes of the blocks that share a scale: weights, then biases, of each layer.
    pub fn blocks() -> impl Iterator<Item = usize> {
        let pairs = Self::WIDTHS.iter().flat_map(|widths| widths.windows(2));
        pairs.flat_map(|pair| if let [n, m] = pair { [n * m, *m] } else { [0, 0] })
    }

    /// Standardised features, as the first network takes them.
    #[must_use]
    pub fn inputs(&self, features: &[f32; FEATURES]) -> [f32; FEATURES] {
        let mut inputs = *features;
        for ((x, mean), scale) in inputs.iter_mut().zip(self.means).zip(self.scales) {
            *x = ((*x - mean) * scale).clamp(-4.0, 4.0);
        }
        inputs
    }

    /// Logarithm of the odds of fibrillation in a window, at most 8 from 0.
    #[must_use]
    pub fn logit(&self, features: &[f32; FEATURES]) -> f32 {
        let [logit] = self.out.run(&rectified(self.hidden.run(&self.inputs(features))));
        logit.clamp(-LARGEST, LARGEST)
    }

    /// The same for the middle of many windows, see [`long_inputs`].
    #[must_use]
    pub fn long_logit(&self, inputs: &[f32; AF_LONG_INPUTS]) -> f32 {
        let [logit] = self.long_out.run(&rectified(self.long_hidden.run(inputs)));
        logit.clamp(-LARGEST, LARGEST)
    }
}

/// What neighbouring windows say, of order 1: the logit of the own one, means over all, over those before, after and
/// within 16, the least and the largest, and the share above 0.
#[must_use]
pub fn long_inputs(logits: &[f32], own: usize) -> [f32; AF_LONG_INPUTS] {
    let mean = |list: &[f32]| list.iter().sum::<f32>() / list.len().max(1) as f32;
    let (before, after) = logits.split_at(own.min(logits.len()));
    let near = logits.get(own.saturating_sub(16)..(own + 17).min(logits.len())).unwrap_or_default();
    let least = logits.iter().copied().fold(LARGEST, f32::min);
    let largest = logits.iter().copied().fold(-LARGEST, f32::max);
    let above = logits.iter().filter(|z| **z > 0.0).count() as f32 / logits.len().max(1) as f32;
    let own = after.first().copied().unwrap_or(0.0);
    let before = if before.is_empty() { own } else { mean(before) };
    let [a, b, c, d, e, f, g] =
        [own, mean(logits), before, mean(after), mean(near), least, largest].map(|z| z / 4.0);
    [a, b, c, d, e, f, g, 2.0 * above - 1.0]
}

/// The probability of a logit.
#[must_use]
pub fn chance(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
