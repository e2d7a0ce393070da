//! What is learnt: the chances of the classes, given the numbers of `evidence`.

use super::evidence::{INPUTS, LINKS};
use super::fitted;
use crate::dsp::{rectified, Dense};
use crate::weights::Weights;

/// N, S, V and F.
pub(super) const CLASSES: usize = 4;
/// Units of the hidden layer.
const HIDDEN: usize = 20;

/// The parameters in use.
pub static WEIGHTS: Weights = Weights::new(3, &fitted::STEPS);

/// The learnt part of the classifier.
pub struct Model {
    first: Dense<INPUTS, HIDDEN>,
    last: Dense<HIDDEN, CLASSES>,
    link: Dense<LINKS, { CLASSES * CLASSES }>,
}

impl Model {
    /// Widths of the networks (looks, succession), inputs first, each layer followed by a rectifier but the last. The
    /// parameters stand layer by layer: the weights by input, then by output, and then the biases.
    pub const WIDTHS: [&'static [usize]; 2] = [&[INPUTS, HIDDEN, CLASSES], &[LINKS, CLASSES * CLASSES]];

    /// A model of these parameters; missing ones count as 0.
    #[must_use]
    pub fn new(parameters: &[f32]) -> Self {
        let p = &mut parameters.iter().copied();
        Self { first: Dense::new(p), last: Dense::new(p), link: Dense::new(p) }
    }

    /// The model in use.
    #[must_use]
    pub fn fitted() -> Self {
        let steps = WEIGHTS.steps();
        let mut parameters = Vec::with_capacity(steps.len());
        let (mut steps, mut scales) = (steps.iter(), fitted::SCALES.iter());
        for widths in Self::WIDTHS {
            for (inputs, outputs) in widths.iter().zip(widths.iter().skip(1)) {
                for count in [inputs * outputs, *outputs] {
                    let scale = scales.next().copied().unwrap_or(0.0);
                    parameters.extend(steps.by_ref().take(count).map(|step| f32::from(*step) * scale));
                }
            }
        }
        Self::new(&parameters)
    }

    /// How well a beat goes with each class: natural logarithms of weights.
    pub(super) fn looks(&self, inputs: &[f32; INPUTS]) -> [f32; CLASSES] {
        self.last.run(&rectified(self.first.run(inputs)))
    }

    /// How well each class (by column) follows each (by row).
    pub(super) fn links(&self, inputs: &[f32; LINKS]) -> [[f32; CLASSES]; CLASSES] {
        let flat = self.link.run(inputs);
        let mut rows = [[0.0; CLASSES]; CLASSES];
        rows.as_flattened_mut().copy_from_slice(&flat);
        rows
    }
}
