//! Beats of one shape, averaged: what they share is the heart's, what they do not is noise.

use super::view::{atrial, complex, LENGTH};

/// Shapes kept.
const SHAPES: usize = 3;
/// Beats that an average stands for at most.
const LONGEST: f32 = 3.0;
/// Two complexes are of one shape when they correlate as much as this and neither is larger by more than this.
const CORRELATION: f32 = 0.9;
const SIZES: core::ops::Range<f32> = 0.6..1.6;

struct Shape {
    mean: [f32; LENGTH],
    /// Mean of the odds of a P wave.
    odds: f32,
    /// Beats in the mean; 0 for a slot without any.
    count: f32,
    /// Number of the latest beat.
    latest: u64,
}

/// The running averages of the latest beats, by shape.
pub(super) struct Neighbours {
    shapes: Vec<Shape>,
    beats: u64,
    /// Slot of the latest beat.
    slot: usize,
}

impl Neighbours {
    pub(super) fn new() -> Self {
        let shape = || Shape { mean: [0.0; LENGTH], odds: 0.0, count: 0.0, latest: 0 };
        Self { shapes: core::iter::repeat_with(shape).take(SHAPES).collect(), beats: 0, slot: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.shapes.iter_mut().for_each(|s| s.count = 0.0);
    }

    /// Adds a beat, and gives the average of its shape, and how well it agrees with the average before where P waves
    /// stand, if there was one.
    pub(super) fn average(&mut self, values: &[f32; LENGTH]) -> ([f32; LENGTH], Option<f32>) {
        self.beats += 1;
        let mut best: Option<(f32, usize)> = None;
        for (slot, shape) in self.shapes.iter().enumerate().filter(|(_, s)| s.count > 0.0) {
            let (correlation, size) = likeness(complex(values), complex(&shape.mean));
            if correlation > CORRELATION && SIZES.contains(&size) && best.is_none_or(|b| correlation > b.0) {
                best = Some((correlation, slot));
            }
        }
        let oldest = || {
            let age = |s: &Shape| if s.count > 0.0 { s.latest } else { 0 };
            self.shapes.iter().enumerate().min_by_key(|(_, s)| age(s)).map_or(0, |(slot, _)| slot)
        };
        let slot = best.map_or_else(oldest, |b| b.1);
        self.slot = slot;
        let Some(shape) = self.shapes.get_mut(slot) else { return (*values, None) };
        shape.latest = self.beats;
        if best.is_none() {
            (shape.count, shape.mean) = (1.0, *values);
            return (*values, None);
        }
        let (agreement, _) = likeness(atrial(values), atrial(&shape.mean));
        shape.count = (shape.count + 1.0).min(LONGEST);
        let part = 1.0 / shape.count;
        shape.mean.iter_mut().zip(values).for_each(|(m, x)| *m += (x - *m) * part);
        (shape.mean, Some(agreement))
    }

    /// Takes the odds of a P wave of the latest beat, and gives their mean with those of the beats of its shape.
    pub(super) fn odds(&mut self, own: f32) -> f32 {
        let Some(shape) = self.shapes.get_mut(self.slot) else { return own };
        shape.odds = if shape.count > 1.0 { shape.odds + (own - shape.odds) / shape.count } else { own };
        0.5 * (own + shape.odds)
    }
}

/// Correlation of two stretches, and the size of the first over that of the second.
fn likeness(a: &[f32], b: &[f32]) -> (f32, f32) {
    let n = a.len() as f32;
    let (ma, mb) = (a.iter().sum::<f32>() / n, b.iter().sum::<f32>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 1e-6, 1e-6);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - ma, y - mb);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    (ab / (aa * bb).sqrt(), (aa / bb).sqrt())
}
