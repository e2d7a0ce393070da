//! What is learnt: how much a candidate looks like a beat, how well one beat follows another, and how long none
//! may come. The parameters in use, with their model card, stand in `fitted.rs`.

use super::fitted;
use super::looks::INPUTS;
use super::succession::{LINK, SILENCE};
use crate::dsp::{rectified, Dense};
use crate::weights::Weights;

/// No score is farther from 0: none is certain, and products of many stay finite.
const LARGEST: f32 = 9.0;

/// Units of the hidden layers.
const LOOKS_HIDDEN: (usize, usize) = (20, 10);
const LINK_HIDDEN: usize = 10;
const SILENCE_HIDDEN: usize = 6;

/// The parameters in use.
pub static WEIGHTS: Weights = Weights::new(1, &fitted::STEPS);

/// The learnt part of the detector. All scores are natural logarithms of odds or weights.
pub struct Model {
    looks: Looks,
    link: (Dense<LINK, LINK_HIDDEN>, Dense<LINK_HIDDEN, 1>),
    silence: (Dense<SILENCE, SILENCE_HIDDEN>, Dense<SILENCE_HIDDEN, 1>),
}

struct Looks {
    first: Dense<INPUTS, { LOOKS_HIDDEN.0 }>,
    second: Dense<{ LOOKS_HIDDEN.0 }, { LOOKS_HIDDEN.1 }>,
    last: Dense<{ LOOKS_HIDDEN.1 }, 1>,
}

impl Model {
    /// Widths of the networks (looks, succession, silence), inputs first, each layer followed by a rectifier but the
    /// last. The parameters stand layer by layer: the weights by input, then by output, and then the biases.
    pub const WIDTHS: [&'static [usize]; 3] = [
        &[INPUTS, LOOKS_HIDDEN.0, LOOKS_HIDDEN.1, 1],
        &[LINK, LINK_HIDDEN, 1],
        &[SILENCE, SILENCE_HIDDEN, 1],
    ];

    /// A model of these parameters; missing ones count as 0.
    #[must_use]
    pub fn new(parameters: &[f32]) -> Self {
        let p = &mut parameters.iter().copied();
        Self {
            looks: Looks { first: Dense::new(p), second: Dense::new(p), last: Dense::new(p) },
            link: (Dense::new(p), Dense::new(p)),
            silence: (Dense::new(p), Dense::new(p)),
        }
    }

    /// The model in use.
    #[must_use]
    pub fn fitted() -> Self {
        Self::new(&Self::fitted_parameters())
    }

    /// The parameters in use: whole numbers of -127 to 127 with a scale for each layer's weights and its biases.
    #[must_use]
    pub fn fitted_parameters() -> Vec<f32> {
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
        parameters
    }

    pub(super) fn looks(&self, inputs: &[f32; INPUTS]) -> f32 {
        let Looks { first, second, last } = &self.looks;
        bounded(last.run(&rectified(second.run(&rectified(first.run(inputs))))))
    }

    pub(super) fn link(&self, inputs: &[f32; LINK]) -> f32 {
        bounded(self.link.1.run(&rectified(self.link.0.run(inputs))))
    }

    pub(super) fn silence(&self, inputs: &[f32; SILENCE]) -> f32 {
        bounded(self.silence.1.run(&rectified(self.silence.0.run(inputs))))
    }
}

/// Not `clamp`, whose assertion would bring the printing of floats into the page. NaN becomes the lowest.
fn bounded([score]: [f32; 1]) -> f32 {
    if score > -LARGEST {
        score.min(LARGEST)
    } else {
        -LARGEST
    }
}
