//! Waves and classes of the beats of a stretch, where they are known.

use super::features::{deviation, mean, quantiles, Out};
use super::stretch::{Heard, Stretch};
use crate::signal::BeatClass;

/// Features of this part.
pub(super) const COUNT: usize = 22;

/// A P wave is there from this probability on.
const P_THERE: f32 = 0.5;

/// Intervals of a beat in seconds, and the probability of its P wave.
#[derive(Clone, Copy)]
pub(super) struct Waves {
    pub p_chance: f32,
    pub pr_s: Option<f32>,
    pub qrs_s: Option<f32>,
    pub qt_s: Option<f32>,
}

pub(super) fn features(stretch: &Stretch, out: &mut Out) {
    let beats = &stretch.beats;
    let all = beats.len().max(1) as f32;
    for class in [BeatClass::S, BeatClass::V, BeatClass::F] {
        out.put(beats.iter().filter(|beat| beat.class == class).count() as f32 / all);
    }
    let waves: Vec<Waves> = beats.iter().filter_map(|beat| beat.waves).collect();
    let mut chances: Vec<f32> = waves.iter().map(|w| w.p_chance).collect();
    out.put(mean(&chances));
    out.put(chances.iter().filter(|chance| **chance < P_THERE).count() as f32 / all);
    out.all(quantiles(&mut chances, [0.1, 0.5, 0.9]));
    out.put(waves.iter().filter(|w| w.qt_s.is_none()).count() as f32 / all);
    interval(waves.iter().filter_map(|w| w.pr_s), out);
    interval(waves.iter().filter_map(|w| w.qrs_s), out);
    interval(waves.iter().filter_map(|w| w.qt_s), out);
    // Normal beats alone.
    let normal = |beat: &&Heard| beat.class == BeatClass::N;
    let own: Vec<f32> = beats.iter().filter(normal).filter_map(|b| b.waves).map(|w| w.p_chance).collect();
    out.put(mean(&own));
}

fn interval(values: impl Iterator<Item = f32>, out: &mut Out) {
    let mut values: Vec<f32> = values.collect();
    out.all(quantiles(&mut values, [0.1, 0.5, 0.9]));
    out.put(deviation(&values));
}
