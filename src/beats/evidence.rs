//! A beat among its neighbours as numbers, all relative to what is usual in this heart.

use super::families::{Families, Family, Fit};
use super::habits::Habits;
use super::intervals::Usual;
use super::marks::{self, MARKS};
use super::portrait::{likeness, resemblance, Portrait, EARLY, EARLY_FROM, LATE, LATE_FROM};
use super::Seen;
use crate::dsp::{dot, Strip};
use crate::units::nth_smallest;
use std::collections::VecDeque;

/// Numbers that say what is known of a beat.
pub(super) const INPUTS: usize = 64 + MARKS + HABITS.len();
/// Places of those numbers that are compared with what they usually are as well.
const HABITS: [usize; 13] = [19, 20, 21, 31, 33, 37, 38, 40, 44, 47, 49, 50, 64];
/// What those usually are.
pub(super) type Usually = Habits<{ HABITS.len() }>;
/// Numbers that say how a beat goes with the one before it.
pub(super) const LINKS: usize = 8;

/// No number is farther from 0.
const LARGEST: f32 = 3.0;
/// A beat this like the usual one has its end.
const ALIKE: f32 = 0.7;
/// P waves are looked for so many samples earlier than usual and somewhat later, in so many samples.
const EARLIEST: i32 = 32;
const SEARCHED: usize = 96;
/// Beats before a beat whose intervals count as near ones.
const NEAR: usize = 8;

/// The numbers of the beat at `index`.
pub(super) fn inputs(
    seen: &VecDeque<Seen>,
    index: usize,
    families: &Families,
    usual: Option<Usual>,
    usually: &mut Usually,
) -> [f32; INPUTS] {
    let mut inputs = [0.0; INPUTS];
    let Some(beat) = seen.get(index) else { return inputs };
    let Some(main) = families.usual() else { return inputs };
    let near = [index.checked_sub(1), Some(index), Some(index + 1), Some(index + 2)];
    let fits = near.map(|i| i.and_then(|i| seen.get(i)).map(|s| main.fit(&s.portrait)));
    let values = rhythm(seen, index, usual).into_iter();
    let values = values.chain(shape(beat, main, families, &fits));
    let values = values.chain(waves(seen, index, main, &fits));
    let values = values.chain(neighbours(seen, index, main, families, &fits));
    let values = values.chain(search(seen, index, main, &fits));
    let values = values.chain(marks::numbers(seen, index));
    inputs.iter_mut().zip(values).for_each(|(slot, v)| *slot = bounded(v));
    let compared = usually.compare(&HABITS.map(|place| inputs.get(place).copied().unwrap_or(0.0)));
    inputs.iter_mut().rev().zip(compared.iter().rev()).for_each(|(slot, far)| *slot = bounded(0.5 * far));
    inputs
}

/// The numbers of the beat at `index` and the one before it.
pub(super) fn links(seen: &VecDeque<Seen>, index: usize, usual: Option<Usual>) -> [f32; LINKS] {
    let beat = |back: usize| index.checked_sub(back).and_then(|i| seen.get(i));
    let Some((last, own)) = beat(1).zip(beat(0)) else { return [0.0; LINKS] };
    let step = own.before_s.zip(last.before_s).map_or(0.0, |(b, a)| log(b as f32, a as f32));
    [
        (-100.0 * step * step).exp(),
        (-12.0 * step * step).exp(),
        (2.5 * -step).clamp(0.0, 2.0),
        (2.5 * step).clamp(0.0, 2.0),
        f32::from(u8::from(own.family == last.family)),
        resemblance(&last.portrait, &own.portrait),
        likeness(&last.portrait.early(0), &own.portrait.early(0)),
        usual.map_or(0.0, |u| bounded(4.0 * u.unlike_last)),
    ]
}

/// How the beat before, the beat itself and the two after it lie over the usual one, where they are known.
type Fits = [Option<Fit>; 4];

/// NaN becomes 0.
fn bounded(value: f32) -> f32 {
    if value > -LARGEST {
        value.min(LARGEST)
    } else if value <= -LARGEST {
        -LARGEST
    } else {
        0.0
    }
}

/// Logarithm of a ratio of two positive numbers.
fn log(a: f32, b: f32) -> f32 {
    (a.max(1e-6) / b.max(1e-6)).ln()
}

fn rhythm(seen: &VecDeque<Seen>, index: usize, usual: Option<Usual>) -> [f32; 19] {
    let Some(usual) = usual else { return [0.0; 19] };
    let [low, middle, high] = usual.quartiles_s;
    let interval = |i: Option<usize>| i.and_then(|i| seen.get(i)).and_then(|s| s.before_s).map(|s| s as f32);
    let mut near = [0.0; NEAR + super::AHEAD + 1];
    let around = seen.iter().skip(index.saturating_sub(NEAR)).filter_map(|s| s.before_s);
    let count = near.iter_mut().zip(around).map(|(slot, s)| *slot = s).count();
    let near = nth_smallest(near.get_mut(..count).unwrap_or(&mut []), count / 2) as f32;
    let near = if count > 0 { near } else { middle };
    let of = |i: Option<usize>, to: f32| interval(i).map_or(0.0, |s| 2.5 * log(s, to));
    let (own, next) = (Some(index), Some(index + 1));
    let (last, second_last) = (index.checked_sub(1), index.checked_sub(2));
    let after_next = Some(index + 2);
    let both = interval(own).zip(interval(next)).map_or(0.0, |(a, b)| 2.5 * log(a + b, 2.0 * near));
    [
        of(own, middle),
        of(next, middle),
        of(last, middle),
        of(after_next, middle),
        of(own, near),
        of(next, near),
        both,
        of(own, low),
        of(own, high),
        interval(last).map_or(0.0, |s| of(own, s)),
        interval(next).map_or(0.0, |s| of(own, s)),
        of(second_last, middle),
        8.0 * usual.unlike_last,
        8.0 * usual.unlike_second_last,
        of(own, usual.long_s[0]),
        of(own, usual.long_s[1]),
        of(own, usual.long_s[2]),
        2.0 * log(near, 0.8),
        2.0 * log(high, low),
    ]
}

fn shape(beat: &Seen, main: &Family, families: &Families, fits: &Fits) -> [f32; 19] {
    let fit = fits[1].unwrap_or_default();
    let total = families.weight().max(1.0);
    let (near, family) = families.nearest(&beat.portrait).unwrap_or((Fit::default(), main));
    let own = families.named(beat.family).unwrap_or(family);
    let portrait = &beat.portrait;
    [
        distance(fit.correlation),
        distance(fit.likeness),
        log(fit.size, 1.0),
        distance(near.likeness),
        4.0 * own.weight / total,
        0.5 * (1.0 + own.weight).ln(),
        if own.name == main.name { 1.0 } else { 0.0 },
        distance(own.correlation(main)),
        2.5 * own.manners.before,
        2.5 * own.manners.after,
        2.0 * log(own.spread_s, main.spread_s),
        2.0 * log(portrait.spread_s, 0.03),
        2.0 * log(portrait.spread_s, main.spread_s),
        2.0 * log(portrait.steepness, 60.0),
        2.0 * log(portrait.steepness, main.steepness),
        2.0 * log(main.spread_s, 0.03),
        3.0 * main.weight / total,
        2.0 * log(portrait.extent_s, 0.1),
        2.0 * log(portrait.extent_s, main.extent_s),
    ]
}

/// Small where two shapes are the same, and finer there.
fn distance(correlation: f32) -> f32 {
    2.0 * (1.0 - correlation).max(0.0).sqrt()
}

fn waves(seen: &VecDeque<Seen>, index: usize, main: &Family, fits: &Fits) -> [f32; 13] {
    let Some(beat) = seen.get(index) else { return [0.0; 13] };
    let own = fits[1].unwrap_or_default();
    let shift = own.shift;
    let size = main.size_uv().max(1.0);
    let early = beat.portrait.early(shift);
    let rest: [f32; EARLY] =
        std::array::from_fn(|i| early.get(i).zip(main.early.get(i)).map_or(0.0, |(a, b)| a - b));
    let height = |part: &[f32]| (dot(part, part) / part.len().max(1) as f32).sqrt();
    let usual_early = height(&main.early);
    let late = beat.portrait.late(shift);
    // Where else, -20 to 8 samples away, it is like the usual one.
    let mut near = [0.0; EARLY + 14];
    let source = beat.portrait.stretch(EARLY_FROM + shift - 20, 2 * near.len());
    near.iter_mut().zip(source.iter().step_by(2)).for_each(|(to, v)| *to = *v);
    let usual_square = dot(&main.early, &main.early).max(1e-3);
    let mut best = (0, -1.0_f32);
    sweep(&near, &main.early, |place, product, square| {
        let like = product / (square.max(1e-3) * usual_square).sqrt();
        if like > best.1 {
            best = (2 * place as i32 - 20, like);
        }
    });
    let (elsewhere, best) = best;
    let before = index.checked_sub(1).and_then(|i| seen.get(i));
    let gap = |s: Option<f64>| s.unwrap_or(1.0) as f32;
    [
        likeness(&early, &main.early) * 1.5,
        dot(&early, &main.early) / dot(&main.early, &main.early).max(1.0),
        log(height(&rest), usual_early.max(0.02 * size)),
        log(height(&rest), size) + 3.0,
        main.early_likeness * 1.5,
        log(usual_early, size) + 3.0,
        log(height(&early), usual_early.max(0.02 * size)),
        best * 1.5,
        elsewhere as f32 * 0.1,
        likeness(&late, &main.late) * 1.5,
        log(height(&late), height(&main.late)),
        before.zip(fits[0]).map_or(0.0, |(b, fit)| tail(&b.portrait, main, fit, gap(beat.before_s), size)),
        tail(&beat.portrait, main, own, gap(seen.get(index + 1).and_then(|s| s.before_s)), size),
    ]
}

/// Looks for the usual P wave anywhere before the complex, with the usual end of the beat before taken off.
fn search(seen: &VecDeque<Seen>, index: usize, main: &Family, fits: &Fits) -> [f32; 4] {
    let Some(beat) = seen.get(index) else { return [0.0; 4] };
    let shift = fits[1].unwrap_or_default().shift;
    // Every second sample.
    let mut rest = [0.0; SEARCHED / 2];
    let from = EARLY_FROM - EARLIEST + shift;
    let source = beat.portrait.stretch(from, SEARCHED);
    rest.iter_mut().zip(source.iter().step_by(2)).for_each(|(r, v)| *r = *v);
    if let Some((fit, gap_s)) = fits[0].zip(beat.before_s) {
        if fit.likeness > ALIKE {
            // Samples from the start of the late stretch of the beat before.
            let begin = (gap_s * Strip::RATE_HZ) as i32 + from - fit.shift - LATE_FROM;
            for (r, i) in rest.iter_mut().zip((begin..).step_by(2)) {
                let late = usize::try_from(i / 2).ok().filter(|_| i >= 0).and_then(|i| main.late.get(i));
                *r -= late.or(main.late.last().filter(|_| i > 0)).copied().unwrap_or(0.0);
            }
        }
    }
    let square = dot(&main.early, &main.early).max(1.0);
    let mut found = (0, -9.0_f32, 0.0);
    sweep(&rest, &main.early, |place, product, own_square| {
        let gain = product / square;
        if gain > found.1 {
            found = (2 * place, gain, product / (own_square.max(1e-3) * square).sqrt());
        }
    });
    let (start, gain, like) = found;
    let height = (square / EARLY as f32).sqrt() / main.size_uv().max(1.0);
    [0.8 * gain, 1.5 * like, 0.06 * (start as f32 - EARLIEST as f32), 5.0 * gain * height]
}

/// Lays an early stretch over every place of a longer one whose straight trend there is taken off; tells the place,
/// the sum of the products and that of the squares.
fn sweep(values: &[f32], early: &[f32; EARLY], mut tell: impl FnMut(usize, f32, f32)) {
    let count = EARLY as f64;
    let spread = count * (count * count - 1.0) / 12.0;
    let middle = (count - 1.0) / 2.0;
    // What is left of a trend in the stretch itself: next to nothing.
    let bias = f64::from(dot(early, &[1.0; EARLY]));
    let mut sums = [0.0_f64; 3];
    for (i, v) in values.iter().take(EARLY).enumerate() {
        let v = f64::from(*v);
        sums = [sums[0] + v, sums[1] + i as f64 * v, sums[2] + v * v];
    }
    for (place, part) in values.windows(EARLY).enumerate() {
        let [sum, first, squares] = sums;
        let mean = sum / count;
        let trend = first - middle * sum;
        let square = squares - sum * mean - trend * trend / spread;
        tell(place, dot(part, early) - (mean * bias) as f32, square.max(0.0) as f32);
        let (out, new) =
            (part.first().copied().unwrap_or(0.0), values.get(place + EARLY).copied().unwrap_or(0.0));
        let (out, new) = (f64::from(out), f64::from(new));
        sums = [sum - out + new, first - (sum - out) + (count - 1.0) * new, squares - out * out + new * new];
    }
}

/// How the signal after a complex, up to the next one, differs from the usual.
fn tail(portrait: &Portrait, main: &Family, fit: Fit, gap_s: f32, size: f32) -> f32 {
    if fit.likeness < ALIKE {
        return 0.0;
    }
    let late = portrait.late(fit.shift);
    let steps = (((gap_s - 0.06) * 250.0 - 26.0) / 2.0) as usize;
    let steps = steps.clamp(4, LATE);
    let rest: [f32; LATE] =
        std::array::from_fn(|i| late.get(i).zip(main.late.get(i)).map_or(0.0, |(a, b)| a - b));
    let rest = rest.get(..steps).unwrap_or(&[]);
    let mean = rest.iter().sum::<f32>() / steps as f32;
    let square: f32 = rest.iter().map(|v| (v - mean).powi(2)).sum();
    log((square / steps as f32).sqrt(), size) + 3.0
}

fn neighbours(
    seen: &VecDeque<Seen>,
    index: usize,
    main: &Family,
    families: &Families,
    fits: &Fits,
) -> [f32; 9] {
    let at = |i: Option<usize>| i.and_then(|i| seen.get(i));
    let unlike = |fit: Option<Fit>| fit.map_or(0.0, |fit| distance(fit.likeness));
    let total = families.weight().max(1.0);
    let share = |i: Option<usize>| {
        at(i).and_then(|s| families.named(s.family)).map_or(0.0, |f| 3.0 * f.weight / total)
    };
    let (last, next) = (index.checked_sub(1), Some(index + 1));
    let noise = at(Some(index)).map_or(0.0, |s| log(s.portrait.noise_uv, main.size_uv()) + 3.0);
    let same = |i: Option<usize>| {
        at(i).zip(at(Some(index))).map_or(0.0, |(a, b)| f32::from(u8::from(a.family == b.family)))
    };
    [
        unlike(fits[0]),
        unlike(fits[2]),
        unlike(fits[3]),
        share(last),
        share(next),
        same(last),
        same(next),
        noise,
        0.4 * total.ln(),
    ]
}
