//! When beats from one place in the heart come, and the beats of a recording that they are put among.

use crate::score::Draw;
use pqrst::import::wfdb::{Annotation, Annotations};
use pqrst::import::RecordedLead;

/// No cycle is shorter: complexes do not follow faster than the T wave ends.
pub const SHORTEST_S: f64 = 0.36;
/// A cycle outside these is left as it is.
pub const CYCLES_S: core::ops::Range<f64> = 0.35..1.8;
/// How much one cycle differs from another by chance.
pub const JITTER: f64 = 0.03;
/// Around an R peak the size of a beat is measured so far, in seconds.
const SIZE_S: f64 = 0.1;

/// Beats that come early, from one place in the heart.
pub struct Focus {
    /// Chance that they begin after a beat that is none of them.
    often: f64,
    /// Mean of them in a row.
    row: f64,
    /// The cycle before one of them, over the usual one, and that before the first one where that is another.
    pub early: f64,
    pub first: f64,
}

impl Focus {
    pub fn new(early: (f64, f64), draw: &mut Draw) -> Self {
        let (often, row) = match draw.uniform() {
            u if u < 0.40 => (draw.between(0.03, 0.15), 1.0),
            u if u < 0.60 => (draw.between(0.30, 0.90), 1.0),
            u if u < 0.80 => (draw.between(0.02, 0.10), draw.between(1.5, 8.0)),
            _ => (draw.between(0.20, 0.70), draw.between(2.0, 20.0)),
        };
        let first = draw.between(early.0, early.1);
        let steady = draw.uniform() < 0.7;
        Self { often, row, early: if steady { first } else { draw.between(early.0, early.1) }, first }
    }

    /// How many come now.
    pub fn begin(&self, draw: &mut Draw) -> usize {
        if draw.uniform() >= self.often {
            return 0;
        }
        1 + (-(draw.uniform().max(1e-6)).ln() * (self.row - 1.0)) as usize
    }
}

/// Beats with their places in seconds.
pub fn places<'a>(lead: &RecordedLead, truth: &'a Annotations) -> Vec<(f64, &'a Annotation)> {
    let beats = truth.list.iter().filter(|a| a.code.is_beat());
    beats.map(|a| (truth.place(a, lead.rate).0 as f64 / lead.rate.get(), a)).collect()
}

/// Median distance between the least and the largest value around an R peak, in microvolts.
pub fn size(lead: &RecordedLead, places_s: impl Iterator<Item = f64>) -> Option<f64> {
    let reach = (SIZE_S * lead.rate.get()) as usize;
    let around = |at: f64| {
        let place = (at * lead.rate.get()) as usize;
        let part = lead.samples_uv.get(place.saturating_sub(reach)..place + reach)?;
        let (low, high) = part.iter().fold((f32::MAX, f32::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        Some(f64::from(high - low))
    };
    median(places_s.filter_map(around).collect())
}

/// `None` where there are none.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
