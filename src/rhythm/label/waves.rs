//! Waves and classes of the beats of a stretch, where they are known.

use super::features::{deviation, quantiles, Out};
use super::stretch::Stretch;
use crate::signal::BeatClass;

/// Features of this part.
pub(super) const COUNT: usize = 12;

/// Intervals of a beat in seconds.
#[derive(Clone, Copy)]
pub(super) struct Waves {
    pub qrs_s: Option<f32>,
    pub qt_s: Option<f32>,
}

/// Shares of the classes, and the intervals. What the delineator says of P waves is left out: it has learnt from recordings
/// that the label is learnt from, and would seem better on them than it is.
pub(super) fn features(stretch: &Stretch, out: &mut Out) {
    let beats = &stretch.beats;
    let all = beats.len().max(1) as f32;
    for class in [BeatClass::S, BeatClass::V, BeatClass::F] {
        out.put(beats.iter().filter(|beat| beat.class == class).count() as f32 / all);
    }
    let waves = || beats.iter().filter_map(|beat| beat.waves);
    out.put(waves().filter(|w| w.qt_s.is_none()).count() as f32 / all);
    interval(waves().filter_map(|w| w.qrs_s), out);
    interval(waves().filter_map(|w| w.qt_s), out);
}

fn interval(values: impl Iterator<Item = f32>, out: &mut Out) {
    let mut values: Vec<f32> = values.collect();
    out.all(quantiles(&mut values, [0.1, 0.5, 0.9]));
    out.put(deviation(&values));
}
