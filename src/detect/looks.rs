//! What a candidate looks like, as numbers of about one: the inputs of the network that judges it.

use super::candidates::{Candidate, STEPS};
use super::front::seconds;
use super::levels::Levels;
use super::shapes::{signal, Likeness};

/// Numbers besides the course of the signal.
const SCALARS: usize = 20;
/// Inputs of the network.
pub(super) const INPUTS: usize = STEPS + SCALARS;

/// Below this nothing is told from a converter's own steps, in microvolts.
pub(super) const FLOOR_UV: f32 = 12.0;
/// A candidate this long before another is its rival: a T wave stands after a QRS complex, in seconds.
const RIVAL_S: f64 = 0.36;
/// Scale of the course of the signal, which has length 1: brings its largest steps to about 1.
const COURSE: f32 = 2.5;

/// Logarithm of a ratio of heights, each at least the floor, within -3 to 3.
pub(super) fn log_ratio(a: f32, b: f32) -> f32 {
    within((a.max(FLOOR_UV) / b.max(FLOOR_UV)).ln(), 3.0)
}

/// The value, at most so far from 0. (Not `clamp`: its assertion would bring the printing of floats into the page.)
pub(super) fn within(value: f32, most: f32) -> f32 {
    value.max(-most).min(most)
}

/// How much of the signal around a candidate is noise: its level in parts of the height of beats, 0 to 1.5.
pub(super) fn noise(c: &Candidate, levels: &Levels) -> f32 {
    ((c.surroundings + levels.background()) / (2.0 * levels.height().max(FLOOR_UV))).min(1.5)
}

/// The inputs for a candidate; `before` are the latest candidates before it, whatever became of them.
pub(super) fn looks(
    c: &Candidate,
    before: &[Candidate],
    levels: &Levels,
    like: Option<Likeness>,
) -> [f32; INPUTS] {
    let mut inputs = [0.0; INPUTS];
    let (scalars, course) = inputs.split_at_mut(SCALARS);
    scalars.copy_from_slice(&scalars_of(c, before, levels, like));
    // An upright complex and its mirror image are the same: the larger deflection counts as positive.
    let skew: f32 = signal(&c.steps).iter().map(|v| v * v * v).sum();
    let length = c.steps.iter().map(|s| s * s).sum::<f32>().sqrt().max(1e-3);
    let scale = if skew < 0.0 { -COURSE } else { COURSE } / length;
    course.iter_mut().zip(&c.steps).for_each(|(slot, step)| *slot = step * scale);
    inputs
}

fn scalars_of(
    c: &Candidate,
    before: &[Candidate],
    levels: &Levels,
    like: Option<Likeness>,
) -> [f32; SCALARS] {
    let known = like.is_some();
    let like = like.unwrap_or_default();
    let rivals = || before.iter().filter(|o| seconds(c.at - o.at) < RIVAL_S);
    let steepest = rivals().map(|o| o.slope).fold(0.0, f32::max);
    let highest = rivals().map(|o| o.height).fold(0.0, f32::max);
    let nearest = rivals().map(|o| seconds(c.at - o.at)).fold(RIVAL_S, f64::min);
    let wide: f32 = c.steps.iter().map(|s| s * s).sum();
    let drift: f32 = c.steps.iter().sum();
    let curve: f32 = c.steps.windows(2).map(|w| if let [a, b] = w { (b - a) * (b - a) } else { 0.0 }).sum();
    [
        log_ratio(c.height, levels.height()),
        log_ratio(c.slope, levels.slope()),
        log_ratio(c.sharpness, levels.sharpness()),
        log_ratio(c.height, c.surroundings) - 1.0,
        log_ratio(c.height, c.aftermath) - 1.0,
        log_ratio(c.height, levels.others()) - 1.0,
        log_ratio(c.height, levels.background()) - 1.0,
        log_ratio(c.sharpness, c.slope),
        2.0 * noise(c, levels) - 0.5,
        like.centre,
        like.wide,
        like.signal,
        within(like.size, 2.0),
        f32::from(u8::from(known)),
        log_ratio(steepest, c.slope),
        log_ratio(highest, c.height),
        10.0 * (nearest as f32 - 0.3),
        log_ratio(drift.abs(), wide.sqrt()),
        log_ratio(curve.sqrt(), wide.sqrt()),
        2.0 * levels.known() - 1.0,
    ]
}
