//! Beats of one shape make a family: the usual beat of this heart has one, and so has each focus.

use super::portrait::{Portrait, COMPLEX, EARLY, LATE, SHIFT};
use crate::dsp::dot;

/// Families remembered at once.
const FAMILIES: usize = 8;
/// A beat this like the mean of a family belongs to it.
const SAME: f32 = 0.90;
/// How fast an old family follows its beats.
const STEP: f32 = 0.06;
/// How much of a family's weight each beat of any family takes away.
const FORGOTTEN: f32 = 0.01;

/// How a beat lies over the mean of a family.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Fit {
    /// Correlation of the complexes, -1 to 1.
    pub correlation: f32,
    /// The same, less where the sizes differ: twice the product over the sum of the squares.
    pub likeness: f32,
    /// Root mean square of the beat's complex over that of the family's.
    pub size: f32,
    /// By how many samples the beat is moved.
    pub shift: i32,
}

/// What a beat tells its family once its neighbours are known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Manners {
    /// Logarithm of the interval before it over the usual one.
    pub before: f32,
    /// Logarithm of the interval after it over the usual one.
    pub after: f32,
}

/// The mean of beats of one shape.
#[derive(Clone, Copy)]
pub(super) struct Family {
    /// Which family of all that there ever were.
    pub name: u32,
    /// Beats, old ones counting less.
    pub weight: f32,
    complex: [f32; COMPLEX],
    square: f32,
    /// What comes before the complex and after it.
    pub early: [f32; EARLY],
    pub late: [f32; LATE],
    /// How like each other what comes before the complex is from beat to beat.
    pub early_likeness: f32,
    pub spread_s: f32,
    pub extent_s: f32,
    pub steepness: f32,
    /// Means of beats whose neighbours are known, and their weight.
    pub manners: Manners,
    known: f32,
    /// Beats that taught the early stretch.
    early_weight: f32,
}

impl Family {
    const NONE: Self = Self {
        name: 0,
        weight: 0.0,
        complex: [0.0; COMPLEX],
        square: 1.0,
        early: [0.0; EARLY],
        late: [0.0; LATE],
        early_likeness: 0.0,
        spread_s: 0.03,
        extent_s: 0.1,
        steepness: 50.0,
        manners: Manners { before: 0.0, after: 0.0 },
        known: 0.0,
        early_weight: 0.0,
    };

    /// Root mean square of the complex, in microvolts.
    pub(super) fn size_uv(&self) -> f32 {
        (self.square / COMPLEX as f32).sqrt()
    }

    /// Lays a beat over the mean where it fits best.
    pub(super) fn fit(&self, portrait: &Portrait) -> Fit {
        let at = |shift: i32| {
            let product = dot(&self.complex, portrait.complex(shift));
            (product / (portrait.square(shift) * self.square).sqrt(), product, shift)
        };
        let better = |a: (f32, f32, i32), b: (f32, f32, i32)| if b.0 > a.0 { b } else { a };
        let coarse = (-SHIFT..=SHIFT).step_by(2).map(at).fold(at(0), better);
        let fine = [coarse.2 - 1, coarse.2 + 1].map(at);
        let (correlation, product, shift) = fine.into_iter().fold(coarse, better);
        let square = portrait.square(shift);
        let size = (square / self.square).sqrt();
        Fit { correlation, likeness: 2.0 * product / (square + self.square), size, shift }
    }

    /// Correlation of two means.
    pub(super) fn correlation(&self, other: &Self) -> f32 {
        dot(&self.complex, &other.complex) / (self.square * other.square).sqrt()
    }

    fn learn(&mut self, portrait: &Portrait, shift: i32, premature: bool) {
        let part = STEP.max(1.0 / (self.weight + 1.0));
        let x = portrait.complex(shift);
        let mean = x.iter().sum::<f32>() / COMPLEX as f32;
        self.complex.iter_mut().zip(x).for_each(|(m, v)| *m += part * (v - mean - *m));
        self.square = dot(&self.complex, &self.complex).max(1e-3);
        let late = portrait.late(shift);
        self.late.iter_mut().zip(late).for_each(|(m, v)| *m += part * (v - *m));
        self.spread_s += part * (portrait.spread_s - self.spread_s);
        self.extent_s += part * (portrait.extent_s - self.extent_s);
        self.steepness += part * (portrait.steepness - self.steepness);
        self.weight += 1.0;
        if !premature || self.early_weight == 0.0 {
            let part = STEP.max(1.0 / (self.early_weight + 1.0));
            let early = portrait.early(shift);
            if self.early_weight > 0.0 {
                let like = super::portrait::likeness(&self.early, &early);
                self.early_likeness += STEP.max(1.0 / self.early_weight) * (like - self.early_likeness);
            }
            self.early.iter_mut().zip(early).for_each(|(m, v)| *m += part * (v - *m));
            self.early_weight += 1.0;
        }
    }
}

/// All families of a heart.
pub(super) struct Families {
    list: [Family; FAMILIES],
    born: u32,
}

impl Families {
    pub(super) const fn new() -> Self {
        Self { list: [Family::NONE; FAMILIES], born: 0 }
    }

    fn living(&self) -> impl Iterator<Item = &Family> {
        self.list.iter().filter(|f| f.weight > 0.0)
    }

    /// Takes a beat into the family that it is most like, or founds one; returns the family's name.
    pub(super) fn learn(&mut self, portrait: &Portrait, premature: bool) -> u32 {
        self.list.iter_mut().for_each(|f| f.weight *= 1.0 - FORGOTTEN);
        if let Some((fit, place)) = self.most_like(portrait) {
            if let Some(family) = self.list.get_mut(place).filter(|_| fit.likeness > SAME) {
                family.learn(portrait, fit.shift, premature);
                return family.name;
            }
        }
        self.born = self.born.wrapping_add(1);
        let name = self.born;
        if let Some(slot) = self.list.iter_mut().reduce(|a, b| if b.weight < a.weight { b } else { a }) {
            *slot = Family { name, ..Family::NONE };
            slot.learn(portrait, 0, premature);
        }
        name
    }

    /// A beat's neighbours became known.
    pub(super) fn tell(&mut self, name: u32, manners: Manners) {
        if let Some(family) = self.list.iter_mut().find(|f| f.name == name && f.weight > 0.0) {
            family.known += 1.0;
            let part = STEP.max(1.0 / family.known);
            family.manners.before += part * (manners.before - family.manners.before);
            family.manners.after += part * (manners.after - family.manners.after);
        }
    }

    /// The family of the usual beat: often, not early and then followed by a pause, and narrow.
    pub(super) fn usual(&self) -> Option<&Family> {
        let rank = |f: &Family| {
            let calm = (f.manners.before - f.manners.after).clamp(-1.0, 0.0) * f.known / (f.known + 2.0);
            f.weight.ln() + 2.0 * calm - 25.0 * f.spread_s
        };
        self.living().map(|f| (rank(f), f)).reduce(|a, b| if b.0 > a.0 { b } else { a }).map(|(_, f)| f)
    }

    /// The family that a beat is most like.
    pub(super) fn nearest(&self, portrait: &Portrait) -> Option<(Fit, &Family)> {
        self.most_like(portrait).and_then(|(fit, place)| Some((fit, self.list.get(place)?)))
    }

    /// Its fit and its place in the list.
    fn most_like(&self, portrait: &Portrait) -> Option<(Fit, usize)> {
        let fits =
            self.list.iter().enumerate().filter(|(_, f)| f.weight > 0.0).map(|(i, f)| (f.fit(portrait), i));
        fits.reduce(|a, b| if b.0.likeness > a.0.likeness { b } else { a })
    }

    /// A family that is still remembered.
    pub(super) fn named(&self, name: u32) -> Option<&Family> {
        self.living().find(|f| f.name == name)
    }

    /// Sum of all weights.
    pub(super) fn weight(&self) -> f32 {
        self.living().map(|f| f.weight).sum()
    }
}
