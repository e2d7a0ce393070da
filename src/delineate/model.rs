//! What is learnt: where the waves of a beat are, seen from afar, and then from near. The parameters in use, with
//! their model card, stand in `fitted.rs`.

use super::fitted;
use super::view::{View, FIDUCIALS, NEAR, WHOLE};
use crate::dsp::{rectified, Dense};
use crate::weights::Weights;

/// Units of the hidden layers.
const WHOLE_HIDDEN: (usize, usize) = (32, 24);
const NEAR_HIDDEN: usize = 20;
/// The places are looked at from near so many times, each from where the last look put them.
const LOOKS: usize = 2;

/// Where the fiducials are, and whether there are waves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Places {
    /// From the R peak, in units of 100 ms.
    pub at: [f32; FIDUCIALS],
    /// Natural logarithms of the odds of a P wave and of a T wave.
    pub odds: [f32; 2],
}

/// The parameters in use.
pub static WEIGHTS: Weights = Weights::new(2, &fitted::STEPS);

/// The learnt part of delineation.
pub struct Model {
    whole: (
        Dense<WHOLE, { WHOLE_HIDDEN.0 }>,
        Dense<{ WHOLE_HIDDEN.0 }, { WHOLE_HIDDEN.1 }>,
        Dense<{ WHOLE_HIDDEN.1 }, 10>,
    ),
    near: Vec<Near>,
    presence: Near,
}

type Near = (Dense<NEAR, NEAR_HIDDEN>, Dense<NEAR_HIDDEN, 1>);

/// The fiducial around which a P wave is looked for.
const P_PEAK: usize = 1;

impl Model {
    /// Widths of the network for the whole beat, of those for each fiducial and of the one for the presence of the P
    /// wave, inputs first, each layer followed by a rectifier but the last. The parameters stand network by network and
    /// layer by layer: the weights by input, then by output, and then the biases.
    pub const WIDTHS: [&'static [usize]; 2 + FIDUCIALS] = {
        let near: &[usize] = &[NEAR, NEAR_HIDDEN, 1];
        let mut widths = [near; 2 + FIDUCIALS];
        widths[0] = &[WHOLE, WHOLE_HIDDEN.0, WHOLE_HIDDEN.1, FIDUCIALS + 2];
        widths
    };

    /// A model of these parameters; missing ones count as 0.
    #[must_use]
    pub fn new(parameters: &[f32]) -> Self {
        let p = &mut parameters.iter().copied();
        let whole = (Dense::new(p), Dense::new(p), Dense::new(p));
        let mut near = || (Dense::new(p), Dense::new(p));
        Self { whole, near: (0..FIDUCIALS).map(|_| near()).collect(), presence: near() }
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

    /// Where the waves of a beat are.
    #[must_use]
    pub fn places(&self, view: &View) -> Places {
        let mut places = self.afar(view);
        for _ in 0..LOOKS {
            places.at = self.closer(view, &places.at);
        }
        let [p, _] = &mut places.odds;
        let [more] = run(&self.presence, &view.near(P_PEAK, &places.at));
        *p += more;
        places
    }

    /// The same from afar.
    #[must_use]
    pub fn afar(&self, view: &View) -> Places {
        let (first, second, last) = &self.whole;
        let [a, b, c, d, e, f, g, h, p, t] =
            last.run(&rectified(second.run(&rectified(first.run(&view.whole())))));
        Places { at: [a, b, c, d, e, f, g, h], odds: [p, t] }
    }

    /// Places a look from near later.
    #[must_use]
    pub fn closer(&self, view: &View, places: &[f32; FIDUCIALS]) -> [f32; FIDUCIALS] {
        let mut new = *places;
        for (fiducial, (to, network)) in new.iter_mut().zip(&self.near).enumerate() {
            let [shift] = run(network, &view.near(fiducial, places));
            *to += shift;
        }
        new
    }
}

fn run((first, last): &Near, inputs: &[f32; NEAR]) -> [f32; 1] {
    last.run(&rectified(first.run(inputs)))
}
