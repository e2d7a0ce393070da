//! Waves and classes of the beats of a stretch, where they are known.

use super::features::{deviation, listed, mean, part_of, Out};
use super::stretch::Stretch;
use crate::signal::BeatClass;

/// Features of this part.
pub(super) const COUNT: usize = 30;

/// Intervals of a beat in seconds.
#[derive(Clone, Copy)]
pub(super) struct Waves {
    pub qrs_s: Option<f32>,
    pub qt_s: Option<f32>,
    /// From the R peak to that of the T wave.
    pub rt_s: Option<f32>,
    pub pr_s: Option<f32>,
    /// Length of the P wave.
    pub p_s: Option<f32>,
    /// Probability of a P wave.
    pub p_chance: f32,
}

/// A P wave of this probability counts as one.
const P_LIKELY: f32 = 0.6;

/// Shares of the classes, the intervals and the P waves. The delineator and the classifier have learnt from recordings that the
/// label is learnt from and would seem better on them than they are: for learning they are replaced by such as have not.
pub(super) fn features(stretch: &Stretch, out: &mut Out) {
    let beats = &stretch.beats;
    let all = beats.len().max(1) as f32;
    for class in [BeatClass::S, BeatClass::V, BeatClass::F] {
        out.put(beats.iter().filter(|beat| beat.class == class).count() as f32 / all);
    }
    let of = |what: &dyn Fn(&Waves) -> Option<f32>| {
        listed(beats.len(), &|i| beats.get(i).and_then(|beat| beat.waves.as_ref()).and_then(what))
    };
    let known = of(&|_| Some(1.0)).len();
    out.put((known - of(&|w| w.qt_s).len()) as f32 / all);
    interval(of(&|w| w.qrs_s), out);
    interval(of(&|w| w.qt_s), out);
    interval(of(&|w| w.rt_s), out);
    interval(of(&|w| w.pr_s), out);
    interval(of(&|w| w.p_s), out);
    let chances = of(&|w| Some(w.p_chance));
    interval(chances.clone(), out);
    out.put(mean(&chances));
    out.put(part_of(&chances, &|p| p >= P_LIKELY));
}

#[inline(never)]
fn interval(mut values: Vec<f32>, out: &mut Out) {
    out.quantiles(&mut values, &[0.1, 0.5, 0.9]);
    out.put(deviation(&values));
}
