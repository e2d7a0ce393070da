//! What is learnt: how well a beat goes with each class, and how well each class follows each. The parameters in use,
//! with their model card, stand in `fitted.rs`.

use super::evidence::{INPUTS, LINKS};
use super::fitted;
use crate::dsp::{rectified, Dense};
use crate::weights::Weights;

/// N, S, V and F.
pub(super) const CLASSES: usize = 4;
/// Units of the hidden layer.
const HIDDEN: usize = 20;
/// Networks that were learnt apart from each other and have equal say: their mean errs less than any of them.
pub const MEMBERS: usize = 6;

/// The parameters in use.
pub static WEIGHTS: Weights = Weights::new(3, &fitted::STEPS);

/// The learnt part of the classifier. All scores are natural logarithms of weights.
pub struct Model {
    members: [Member; MEMBERS],
}

struct Member {
    first: Dense<INPUTS, HIDDEN>,
    last: Dense<HIDDEN, CLASSES>,
    links: Dense<LINKS, { CLASSES * CLASSES }>,
}

impl Model {
    /// Widths of the networks of a member (looks, succession), inputs first, each layer followed by a rectifier but
    /// the last. The parameters stand layer by layer: the weights by input, then by output, and then the biases.
    pub const WIDTHS: [&'static [usize]; 2] = [&[INPUTS, HIDDEN, CLASSES], &[LINKS, CLASSES * CLASSES]];

    /// A model of these parameters, member by member; missing ones count as 0.
    #[must_use]
    pub fn new(parameters: &[f32]) -> Self {
        let p = &mut parameters.iter().copied();
        let mut member = || Member { first: Dense::new(p), last: Dense::new(p), links: Dense::new(p) };
        Self { members: core::array::from_fn(|_| member()) }
    }

    /// The model in use.
    #[must_use]
    pub fn fitted() -> Self {
        Self::new(&Self::parameters(WEIGHTS.steps(), &fitted::SCALES))
    }

    /// Parameters from whole numbers of -127 to 127, with a scale for each layer's weights and its biases.
    #[must_use]
    pub fn parameters(steps: &[i8], scales: &[f32]) -> Vec<f32> {
        let mut parameters = Vec::with_capacity(steps.len());
        let (mut steps, mut scales) = (steps.iter(), scales.iter());
        for widths in [Self::WIDTHS; MEMBERS].as_flattened() {
            for (inputs, outputs) in widths.iter().zip(widths.iter().skip(1)) {
                for count in [inputs * outputs, *outputs] {
                    let scale = scales.next().copied().unwrap_or(0.0);
                    parameters.extend(steps.by_ref().take(count).map(|step| f32::from(*step) * scale));
                }
            }
        }
        parameters
    }

    /// How well a beat goes with each class.
    pub(super) fn looks(&self, inputs: &[f32; INPUTS]) -> [f32; CLASSES] {
        self.mean(|member| member.last.run(&rectified(member.first.run(inputs))))
    }

    /// How well each class (by column) follows each (by row).
    pub(super) fn links(&self, inputs: &[f32; LINKS]) -> [[f32; CLASSES]; CLASSES] {
        let mut rows = [[0.0; CLASSES]; CLASSES];
        rows.as_flattened_mut().copy_from_slice(&self.mean(|member| member.links.run(inputs)));
        rows
    }

    fn mean<const N: usize>(&self, of: impl Fn(&Member) -> [f32; N]) -> [f32; N] {
        let mut mean = [0.0; N];
        for member in &self.members {
            mean.iter_mut().zip(of(member)).for_each(|(m, v)| *m += v / MEMBERS as f32);
        }
        mean
    }
}
