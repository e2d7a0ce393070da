//! What the waves of a beat and its neighbours say of its class: whether a P wave leads each, and how fast the heart
//! recovers.

use super::Seen;
use crate::dsp::Strip;
use crate::signal::Fiducials;
use crate::units::SamplePlace;
use std::collections::VecDeque;

/// Numbers that the waves of a beat and its neighbours give.
pub(super) const MARKS: usize = 4;

/// The measures of one beat's waves.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Marks {
    /// Probability of a P wave, 0 to 1.
    p_chance: f32,
    /// From the R peak to the peak of the T wave, in seconds.
    rt_s: Option<f32>,
}

impl Marks {
    /// The measures of a beat with its R peak there.
    pub(super) fn new(strip: &Strip, r: SamplePlace, fiducials: &Fiducials) -> Self {
        let t = fiducials.t.and_then(|t| t.peak);
        let rt_s = t.map(|t| ((strip.index(t) - strip.index(r)) / Strip::RATE_HZ) as f32);
        Self { p_chance: fiducials.p_chance, rt_s }
    }
}

/// The numbers of the beat at `index`; 0 for what is not known.
pub(super) fn numbers(seen: &VecDeque<Seen>, index: usize) -> [f32; MARKS] {
    let at = |i: Option<usize>| i.and_then(|i| seen.get(i)).map(|s| s.marks);
    let (own, last, next) = (at(Some(index)), at(index.checked_sub(1)), at(Some(index + 1)));
    let chance = |marks: Option<Marks>| marks.map_or(0.0, |m| 2.0 * m.p_chance - 1.0);
    let rt = |marks: Option<Marks>| marks.and_then(|m| m.rt_s).map(|s| s.max(1e-3));
    let recovery = rt(own).zip(rt(last)).map_or(0.0, |(own, last)| 2.5 * (own / last).ln());
    [chance(own), chance(last), chance(next), recovery]
}
