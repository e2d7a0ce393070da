//! What is learnt: how much a candidate looks like a beat, how well one beat follows another, and how long none
//! may come. The parameters in use, with their model card, stand in `fitted.rs`.

use super::fitted;
use super::looks::INPUTS;
use super::network::Network;
use super::succession::{LINK, SILENCE};

/// No score is farther from 0: none is certain, and products of many stay finite.
const LARGEST: f32 = 9.0;

/// Widths of the three networks, inputs first.
const LOOKS_WIDTHS: &[usize] = &[INPUTS, 20, 10, 1];
const LINK_WIDTHS: &[usize] = &[LINK, 10, 1];
const SILENCE_WIDTHS: &[usize] = &[SILENCE, 6, 1];

/// The learnt part of the detector. All scores are natural logarithms of odds or weights.
pub struct Model {
    looks: Network,
    link: Network,
    silence: Network,
}

impl Model {
    /// Widths of the networks (looks, succession, silence), inputs first, each layer followed by a rectifier but the last. The
    /// parameters stand layer by layer: the weights by input, then by output, and then the biases.
    pub const WIDTHS: [&'static [usize]; 3] = [LOOKS_WIDTHS, LINK_WIDTHS, SILENCE_WIDTHS];

    /// A model of these parameters; missing ones count as 0.
    #[must_use]
    pub fn new(parameters: &[f32]) -> Self {
        let mut parameters = parameters.iter().copied();
        let mut network = |widths| Network::new(widths, &mut parameters);
        Self { looks: network(LOOKS_WIDTHS), link: network(LINK_WIDTHS), silence: network(SILENCE_WIDTHS) }
    }

    /// The model in use.
    #[must_use]
    pub fn fitted() -> Self {
        Self::new(&Self::fitted_parameters())
    }

    /// The parameters in use: whole numbers of -127 to 127 with a scale for each layer's weights and its biases.
    #[must_use]
    pub fn fitted_parameters() -> Vec<f32> {
        let mut parameters = Vec::with_capacity(fitted::STEPS.len());
        let (mut steps, mut scales) = (fitted::STEPS.iter(), fitted::SCALES.iter());
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
        bounded(self.looks.run(inputs))
    }

    pub(super) fn link(&self, inputs: &[f32; LINK]) -> f32 {
        bounded(self.link.run(inputs))
    }

    pub(super) fn silence(&self, inputs: &[f32; SILENCE]) -> f32 {
        bounded(self.silence.run(inputs))
    }
}

/// Not `clamp`, whose assertion would bring the printing of floats into the page. NaN becomes the lowest.
fn bounded(score: f32) -> f32 {
    if score > -LARGEST {
        score.min(LARGEST)
    } else {
        -LARGEST
    }
}
