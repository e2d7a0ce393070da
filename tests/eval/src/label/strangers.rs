//! Delineators and classifiers that have not learnt from the recording that they hear: what the label is learnt from and
//! judged by. The models in use know the recordings at hand.

use crate::learner::at_once;
use crate::{beats, waves, Options};
use pqrst::beats::{Classifier, Model as BeatModel};
use pqrst::delineate::{Delineator, Model as WaveModel};

/// Parts of the recordings.
const PARTS: usize = 2;
/// Seed of the first part's delineator.
const SEED: u64 = 500;

/// Parameters of the models that did not learn from a part.
struct Stranger {
    waves: Vec<f32>,
    classes: Vec<f32>,
}

/// One for each part.
pub struct Strangers(Vec<Stranger>);

/// The part of a recording: every other one is in the first.
fn part(record: &str) -> usize {
    // Only even numbers are at hand.
    record.trim_start_matches('A').parse::<usize>().map_or(0, |number| number / 2 % PARTS)
}

impl Strangers {
    /// Learns them, all at once.
    pub fn learn(options: &Options) -> Result<Self, String> {
        let (marked, lessons) = (&waves::everything(options)?, &beats::lessons(&options.data)?);
        let unmarked = &waves::voted::load(&options.data)?;
        let one = |own: usize| {
            let left_out = |record: &str| record.starts_with('A') && part(record) == own;
            let waves = waves::without(marked, unmarked, left_out, SEED + own as u64);
            Stranger { waves, classes: beats::without(lessons, left_out) }
        };
        at_once(PARTS, one).map(Self)
    }

    /// Those for a recording.
    pub fn of(&self, record: &str) -> (Delineator, Classifier) {
        let Stranger { waves, classes } = &self.0[part(record)];
        (Delineator::with_model(WaveModel::new(waves)), Classifier::with_model(BeatModel::new(classes)))
    }
}
