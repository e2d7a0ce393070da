//! A small network that looks at a window of intervals, and how neighbouring windows are put together.

use super::features::FEATURES;
use super::fitted;
use crate::dsp::{rectified, Dense};
use crate::weights::Weights;

/// Hidden units.
const HIDDEN: usize = 16;
/// A window has no larger say among many, ...
const BOUND: f32 = 3.0;
/// ... whose mean stands for more than one of them.
const GAIN: f32 = 2.0;
/// No logit is farther from 0.
const LARGEST: f32 = 8.0;

/// The parameters in use.
pub static WEIGHTS: Weights = Weights::new(4, &fitted::STEPS);

/// Where fibrillation is likely: the weights of the network.
#[derive(Clone)]
pub struct AfModel {
    means: [f32; FEATURES],
    scales: [f32; FEATURES],
    hidden: Dense<FEATURES, HIDDEN>,
    out: Dense<HIDDEN, 1>,
}

impl AfModel {
    /// Widths of the layers.
    pub const WIDTHS: &'static [usize] = &[FEATURES, HIDDEN, 1];

    /// The model in use.
    #[must_use]
    pub fn fitted() -> Self {
        let mut at = WEIGHTS.steps().iter();
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
        Self { means, scales, hidden, out }
    }

    /// Sizes of the blocks that share a scale: weights, then biases, of each layer.
    pub fn blocks() -> impl Iterator<Item = usize> {
        Self::WIDTHS.windows(2).flat_map(|pair| if let [n, m] = pair { [n * m, *m] } else { [0, 0] })
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
}

/// The middle of many windows: the mean of their logits, none of which counts for more than [`BOUND`], times a gain.
///
/// A second network that was given means before, after and around, extremes and shares did worse on records that it had
/// not seen.
#[must_use]
pub fn together(logits: &[f32]) -> f32 {
    let sum: f32 = logits.iter().map(|z| z.clamp(-BOUND, BOUND)).sum();
    GAIN * sum / logits.len().max(1) as f32
}

/// The probability of a logit.
#[must_use]
pub fn chance(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
