//! The shapes of the beats of a stretch: the median beat, how far the others follow it, its waves.

use super::features::{deviation, listed, mean, part_of, quantile, Out};
use super::stretch::{Heard, Stretch, R, WAVE, WAVE_HZ};
use crate::dsp::dot;
use crate::units::sort_by;

/// Features of this part.
pub(super) const COUNT: usize = 43;

/// Where the waves are looked for, in samples of the beat: P, QRS, T.
const P: core::ops::Range<usize> = 8..37;
pub(super) const QRS: core::ops::Range<usize> = 34..57;
const T: core::ops::Range<usize> = 58..98;
/// The complex and most of what follows it.
pub(super) const WHOLE: core::ops::Range<usize> = 34..90;
/// Samples of the longest of them.
const LONGEST: usize = WHOLE.end - WHOLE.start;
/// Two beats that are less alike than this are of two families.
const ALIKE: f32 = 0.8;
/// Most families.
const FAMILIES: usize = 4;
/// How far a P wave is looked for around its place in the median beat, in samples.
const P_SHIFT: i64 = 6;

pub(super) type Wave = [f32; WAVE];

/// The beats of a stretch and the median one.
pub(super) struct Shapes {
    pub waves: Vec<Wave>,
    pub template: Wave,
    /// Of its complex.
    pub height: f32,
    /// How far the complex of each beat follows the median one's.
    pub complexes: Vec<f32>,
}

impl Shapes {
    pub fn new(beats: &[Heard]) -> Self {
        let template = median(beats);
        let height = span(part(&template, QRS)).max(1.0);
        let waves: Vec<Wave> = beats.iter().map(|beat| beat.wave.map(f32::from)).collect();
        let complexes = follows(&waves, &template, QRS);
        Self { waves, template, height, complexes }
    }
}

pub(super) fn features(stretch: &Stretch, shapes: &Shapes, out: &mut Out) {
    let Shapes { waves, template, height, .. } = shapes;
    let height = *height;
    out.put(waves.len() as f32);
    out.put(height.ln());
    followed(shapes, &stretch.beats, out);
    families(waves, out);
    complex(template, height, out);
    p_wave(waves, template, height, out);
    t_wave(template, height, out);
    lines(&stretch.beats, height, out);
}

pub(super) fn part(wave: &[f32], range: core::ops::Range<usize>) -> &[f32] {
    wave.get(range).unwrap_or_default()
}

#[inline(never)]
pub(super) fn span(values: &[f32]) -> f32 {
    let top = values.iter().copied().fold(f32::MIN, f32::max);
    (top - values.iter().copied().fold(f32::MAX, f32::min)).max(0.0)
}

/// The median of each sample, bit by bit from the highest: as many values as possible lie above it.
fn median(beats: &[Heard]) -> Wave {
    let place = (beats.len() / 2) as u16;
    let mut median = [i16::MIN; WAVE];
    for bit in (0..16).rev() {
        let trial = median.map(|low| low.wrapping_add((1_u16 << bit) as i16));
        let mut below = [0_u16; WAVE];
        for beat in beats {
            for ((count, value), trial) in below.iter_mut().zip(&beat.wave).zip(&trial) {
                *count += u16::from(value < trial);
            }
        }
        for ((low, count), trial) in median.iter_mut().zip(below).zip(trial) {
            *low = if count <= place { trial } else { *low };
        }
    }
    median.map(|value| if beats.is_empty() { 0.0 } else { f32::from(value) })
}

/// Correlation; 0 where one is constant.
#[inline(never)]
pub(super) fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (centred(a), centred(b));
    dot(&a, &b) / ((dot(&a, &a) + 1e-6) * (dot(&b, &b) + 1e-6)).sqrt()
}

/// A part of a beat without its mean, and nothing after it.
fn centred(part: &[f32]) -> [f32; LONGEST] {
    let middle = mean(part);
    let mut all = [0.0; LONGEST];
    all.iter_mut().zip(part).for_each(|(to, x)| *to = x - middle);
    all
}

pub(super) fn share(count: usize, of: usize) -> f32 {
    count as f32 / of.max(1) as f32
}

/// How far a part of each beat follows that of the median one.
pub(super) fn follows(waves: &[Wave], template: &Wave, range: core::ops::Range<usize>) -> Vec<f32> {
    let usual = part(template, range.clone());
    listed(waves.len(), &|i| Some(likeness(part(waves.get(i)?, range.clone()), usual)))
}

/// How far the beats follow the median one, early ones apart.
fn followed(shapes: &Shapes, beats: &[Heard], out: &mut Out) {
    let Shapes { waves, template, height, complexes } = shapes;
    let height = *height;
    out.put(mean(complexes));
    out.put(part_of(complexes, &|c| c < ALIKE));
    out.quantiles(&mut complexes.clone(), &[0.0, 0.1, 0.25]);
    let mut rests = follows(waves, template, T);
    out.put(mean(&rests));
    out.quantiles(&mut rests, &[0.1]);
    let heights = listed(waves.len(), &|i| Some(span(part(waves.get(i)?, QRS)) / height));
    out.put(deviation(&heights));
    out.quantiles(&mut heights.clone(), &[0.0, 1.0]);
    // Early beats: are they of the usual shape?
    let usual = quantile(&mut listed(beats.len(), &|i| beats.get(i)?.rr_s), 0.5);
    let is_early = |i: usize| beats.get(i)?.rr_s.filter(|rr| *rr < 0.85 * usual);
    let early = listed(beats.len(), &|i| is_early(i).and_then(|_| complexes.get(i).copied()));
    out.put(if early.is_empty() { 1.0 } else { mean(&early) });
    out.put(early.iter().copied().fold(1.0, f32::min));
    // What the median beat does not explain: everywhere, and from sample to sample.
    let rest = |w: &Wave| -> Wave { core::array::from_fn(|k| w[k] - template[k]) };
    let size = |x: &[f32]| (x.iter().map(|v| v * v).sum::<f32>() / x.len().max(1) as f32).sqrt() / height;
    let mut sizes = listed(waves.len(), &|i| Some(size(&rest(waves.get(i)?))));
    out.quantiles(&mut sizes, &[0.25, 0.5, 0.9]);
    let rough = |w: &Wave| {
        let rest = rest(w);
        size(&listed(WAVE, &|i| Some(rest.get(i)? - 2.0 * rest.get(i + 1)? + rest.get(i + 2)?)))
    };
    out.put(mean(&listed(waves.len(), &|i| waves.get(i).map(rough))));
}

/// How many families of shapes there are, and how large the second is.
fn families(waves: &[Wave], out: &mut Out) {
    let mut founders: Vec<(&Wave, usize)> = Vec::with_capacity(FAMILIES);
    for wave in waves {
        let like = |f: &Wave| likeness(part(f, QRS), part(wave, QRS)) >= ALIKE;
        if let Some((_, count)) = founders.iter_mut().find(|(f, _)| like(f)) {
            *count += 1;
        } else if founders.len() < FAMILIES {
            founders.push((wave, 1));
        }
    }
    let mut counts: Vec<usize> = founders.iter().map(|(_, count)| *count).collect();
    sort_by(&mut counts, |a, b| a < b);
    out.put(counts.len() as f32);
    out.put(share(counts.first().copied().unwrap_or(0), waves.len()));
    out.put(share(counts.get(1).copied().unwrap_or(0), waves.len()));
}

/// Width and form of the median complex.
fn complex(template: &Wave, height: f32, out: &mut Out) {
    let complex = part(template, QRS);
    let top = complex.iter().copied().fold(f32::MIN, f32::max);
    out.put(top / height);
    let around = part(template, 28..66);
    let steps = listed(around.len(), &|i| Some((around.get(i + 1)? - around.get(i)?).abs() / height));
    let steepest = steps.iter().copied().fold(0.0, f32::max);
    let busy = |share: f32| steps.iter().filter(|s| **s > share * steepest).count() as f32;
    out.put(steepest);
    out.put(busy(0.15));
    out.put(busy(0.4));
    out.put(complex.iter().filter(|x| x.abs() > 0.3 * height).count() as f32);
    // The line after the complex over that before it.
    out.put(mean(part(template, R + 12..R + 16)) / height);
}

/// Where the P wave is, without the straight line between the ends.
fn level(values: &[f32]) -> [f32; P.end - P.start] {
    let mut level = [0.0; P.end - P.start];
    let n = values.len();
    let first = mean(values.get(..3).unwrap_or(values));
    let last = mean(values.get(n.saturating_sub(3)..).unwrap_or(values));
    let slope = (last - first) / (n.max(4) - 3) as f32;
    level
        .iter_mut()
        .zip(values)
        .enumerate()
        .for_each(|(i, (to, v))| *to = v - first - slope * (i as f32 - 1.0));
    level
}

/// The P wave of the median beat, and whether the beats have it.
fn p_wave(waves: &[Wave], template: &Wave, height: f32, out: &mut Out) {
    let own = level(part(template, P));
    let (place, peak) =
        own.iter()
            .enumerate()
            .fold((0, 0.0_f32), |(p, v), (i, x)| if x.abs() > v.abs() { (i, *x) } else { (p, v) });
    out.put(peak / height);
    out.put((R - P.start - place.min(R)) as f32 / WAVE_HZ as f32);
    out.put(span(part(template, P)) / height);
    let [mut alike, mut shifts, mut likest, mut rests] = [(); 4].map(|()| Vec::with_capacity(waves.len()));
    let power = (own.iter().map(|x| x * x).sum::<f32>() / own.len().max(1) as f32).sqrt();
    let usual = centred(&own);
    let usual = part(&usual, 0..P.len());
    let usual_square = dot(usual, usual) + 1e-6;
    // The mean of a beat's part adds nothing to its product with what has none.
    let like = |here: &[f32]| {
        let square = dot(here, here) - mean(here) * mean(here) * here.len() as f32;
        dot(here, usual) / (usual_square * (square.max(0.0) + 1e-6)).sqrt()
    };
    for wave in waves {
        let best = (-P_SHIFT..=P_SHIFT)
            .map(|shift| {
                let from = (P.start as i64 + shift).max(0) as usize;
                (like(&level(part(wave, from..from + P.len()))), shift)
            })
            .fold((-1.0_f32, 0), |best, now| if now.0 > best.0 { now } else { best });
        let here = level(part(wave, P));
        alike.push(like(&here));
        shifts.push(best.1 as f32);
        likest.push(best.0);
        let rest = here.iter().zip(&own).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        rests.push((rest / own.len().max(1) as f32).sqrt());
    }
    out.put(mean(&alike));
    out.put(part_of(&alike, &|c| c > 0.7));
    out.quantiles(&mut alike, &[0.1, 0.5]);
    out.put(deviation(&shifts));
    out.put(mean(&likest));
    let rest = quantile(&mut rests, 0.5);
    out.put(rest / height);
    out.put((power / rest.max(1e-3)).min(100.0));
}

fn t_wave(template: &Wave, height: f32, out: &mut Out) {
    let own = part(template, T);
    let (place, peak) =
        own.iter()
            .enumerate()
            .fold((0, 0.0_f32), |(p, v), (i, x)| if x.abs() > v.abs() { (i, *x) } else { (p, v) });
    out.put(peak / height);
    out.put(place as f32 / WAVE_HZ as f32);
    out.put(span(own) / height);
}

/// How the line between the beats wanders.
fn lines(beats: &[Heard], height: f32, out: &mut Out) {
    let mut steps =
        listed(beats.len(), &|i| Some((beats.get(i + 1)?.line_uv - beats.get(i)?.line_uv).abs() / height));
    out.put(mean(&steps));
    let most = quantile(&mut steps, 0.9);
    out.put(most);
}
