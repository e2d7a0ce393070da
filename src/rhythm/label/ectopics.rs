//! The likeliest extra beats of a stretch, and whether beats of an unusual shape are alike among themselves: what comes
//! from one place in a ventricle is, what noise makes is not.

use super::features::{listed, mean, part_of, quantile, Out};
use super::shapes::{follows, likeness, part, share, span, Shapes, Wave, QRS, WHOLE};
use super::stretch::{Heard, Stretch};
use crate::units::larger;

/// Features of this part.
pub(super) const COUNT: usize = 16 + 2 * (CHANCES + LIKELIEST * EACH) + 1;
/// Of them, about the probabilities of a class, ...
const CHANCES: usize = 8;
/// ... the beats that most likely have it, and of each of these.
const LIKELIEST: usize = 2;
const EACH: usize = 7;
/// Places of S, V and F among the probabilities.
const S: usize = 1;
const V: usize = 2;
const F: usize = 3;
/// A beat that follows the median one less than this is unusual.
const UNUSUAL: f32 = 0.8;
/// Unusual beats that are this much alike have one origin.
const ONE_ORIGIN: f32 = 0.9;
/// Most unusual beats that are compared.
const COMPARED: usize = 40;

/// What is known of a beat.
struct View<'a> {
    heard: &'a Heard,
    wave: &'a Wave,
    /// How far its complex follows the median one, and all of it.
    complex: f32,
    whole: f32,
    /// The score of its window where that is usable.
    usable: Option<f32>,
}

pub(super) fn features(stretch: &Stretch, shapes: &Shapes, usable: &[Option<f32>], out: &mut Out) {
    let wholes = follows(&shapes.waves, &shapes.template, WHOLE);
    let likeness = shapes.complexes.iter().zip(wholes);
    let beats = stretch.beats.iter().zip(&shapes.waves).zip(likeness).zip(usable);
    let beats: Vec<View> = beats
        .map(|(((heard, wave), (complex, whole)), usable)| View {
            heard,
            wave,
            complex: *complex,
            whole,
            usable: *usable,
        })
        .collect();
    alike(&beats, out);
    for class in [S, V] {
        chances(&beats, class, out);
        likeliest(&beats, class, shapes.height, out);
    }
    out.put(mean(&list(&beats, false, &|beat| beat.chance(F))));
}

impl View<'_> {
    fn chance(&self, class: usize) -> f32 {
        self.heard.chances.get(class).copied().unwrap_or(0.0)
    }
}

/// A number of each beat, or of those in usable windows.
fn list(beats: &[View], usable: bool, of: &dyn Fn(&View) -> f32) -> Vec<f32> {
    listed(beats.len(), &|i| beats.get(i).filter(|beat| !usable || beat.usable.is_some()).map(of))
}

fn alike(beats: &[View], out: &mut Out) {
    let unusual: Vec<&View> = beats.iter().filter(|beat| beat.whole < UNUSUAL).collect();
    let clean: Vec<&View> = unusual.iter().copied().filter(|beat| beat.usable.is_some()).collect();
    out.put(share(unusual.len(), beats.len()));
    out.put(clean.len() as f32);
    for some in [unusual, clean] {
        let some = some.get(..some.len().min(COMPARED)).unwrap_or_default();
        let nearest = some.iter().enumerate().map(|(i, own)| {
            let others = some.iter().enumerate().filter(|(j, _)| *j != i);
            let pair = |(_, other): (usize, &&View)| likeness(part(own.wave, WHOLE), part(other.wave, WHOLE));
            others.map(pair).fold(0.0, larger::<f32>)
        });
        let nearest: Vec<f32> = nearest.collect();
        out.put(nearest.iter().copied().fold(0.0, larger));
        out.put(nearest.iter().filter(|like| **like > ONE_ORIGIN).count() as f32);
    }
    let mut clean = list(beats, true, &|beat| beat.complex);
    out.put(mean(&clean));
    out.quantiles(&mut clean, &[0.0]);
    out.quantiles(&mut list(beats, false, &|beat| beat.whole), &[0.1, 0.25, 0.5]);
    out.quantiles(&mut list(beats, true, &|beat| beat.whole), &[0.0, 0.05, 0.1, 0.25, 0.5]);
}

/// How likely the beats are of a class.
fn chances(beats: &[View], class: usize, out: &mut Out) {
    let mut all = list(beats, false, &|beat| beat.chance(class));
    let mut clean = list(beats, true, &|beat| beat.chance(class));
    out.put(mean(&all));
    out.put(part_of(&all, &|chance| chance > 0.2));
    out.put(clean.iter().sum());
    out.quantiles(&mut all, &[1.0]);
    out.quantiles(&mut clean, &[1.0]);
    let back = |n: usize| clean.iter().rev().nth(n - 1).copied().unwrap_or(0.0);
    out.all(&[2, 3, 5].map(back));
}

/// The beats that most likely are of a class: how early, with which pause, and how unusual.
fn likeliest(beats: &[View], class: usize, height: f32, out: &mut Out) {
    let mut taken = None;
    for _ in 0..LIKELIEST {
        let mut best: Option<(usize, &View)> = None;
        for (i, beat) in beats.iter().enumerate().filter(|(i, _)| Some(*i) != taken) {
            if best.is_none_or(|(_, best)| beat.chance(class) > best.chance(class)) {
                best = Some((i, beat));
            }
        }
        let Some((i, beat)) = best else {
            out.all(&[0.0; EACH]);
            continue;
        };
        taken = Some(i);
        let near = beats.get(i.saturating_sub(4)..(i + 5).min(beats.len())).unwrap_or_default();
        let mut near = listed(near.len(), &|i| near.get(i)?.heard.rr_s);
        let usual = larger(quantile(&mut near, 0.5), 0.2);
        let interval = |i: usize| beats.get(i).and_then(|beat| beat.heard.rr_s).map_or(1.0, |rr| rr / usual);
        out.put(interval(i));
        out.put(interval(i + 1));
        out.put(beat.complex);
        out.put(span(part(beat.wave, QRS)) / height);
        out.put(beat.heard.confidence);
        out.put(beat.usable.unwrap_or(0.0));
        out.put(beat.heard.waves.map_or(0.0, |waves| waves.p_chance));
    }
}

#[cfg(test)]
mod tests {
    use super::super::stretch::WAVE;
    use super::*;
    use crate::signal::BeatClass;

    /// A beat with one wave at a place.
    fn heard(at: usize, v: f32) -> Heard {
        let mut wave = [0; WAVE];
        wave[at..at + 6].copy_from_slice(&[200, 600, 900, 500, 100, -50]);
        Heard {
            time_s: 0.0,
            rr_s: Some(0.8),
            confidence: 1.0,
            class: BeatClass::N,
            chances: [1.0 - v, 0.0, v, 0.0],
            waves: None,
            wave,
            line_uv: 0.0,
        }
    }

    fn of(unusual: [usize; 3]) -> [f32; COUNT] {
        let mut stretch = Stretch::new();
        (0..12).for_each(|_| stretch.beat(heard(42, 0.0)));
        unusual.into_iter().for_each(|at| stretch.beat(heard(at, 0.7)));
        let usable: Vec<Option<f32>> = (0..15).map(|i| (i != 14).then_some(0.5)).collect();
        let mut list = [0.0; COUNT];
        features(&stretch, &Shapes::new(&stretch.beats), &usable, &mut Out::new(&mut list));
        list
    }

    #[test]
    fn unusual_beats_of_one_origin_are_told_from_others() {
        let (one, several) = (of([70, 70, 70]), of([50, 62, 76]));
        assert_eq!(&one[..2], &[0.2, 2.0]);
        assert!(one[2] > 0.99 && one[3] == 3.0 && one[5] == 2.0, "{one:?}");
        assert!(several[2] < 0.5 && several[3] == 0.0, "{several:?}");
        // The likeliest V is one of them.
        let v = 16 + CHANCES + LIKELIEST * EACH;
        assert_eq!(&one[v + 3..v + 8], &[0.7, 0.7, 0.7, 0.0, 0.0]);
        assert!(one[v + 8] == 1.0 && one[v + 10] < 0.5, "{one:?}");
    }
}
