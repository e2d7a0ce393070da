//! The shapes that beats of this signal have: the usual one and a few others.

use super::candidates::{CENTRE, STEPS};
use crate::dsp::dot;

/// Shapes remembered at once.
const SHAPES: usize = 4;
/// A beat this like a known shape is one of them.
const SAME: f32 = 0.85;
/// How fast a shape follows its beats.
const STEP: f32 = 0.15;
/// How much of a shape's weight a clean beat takes away: noise makes nothing be forgotten.
const FORGOTTEN: f32 = 0.02;
/// A shape counts once it has been seen about twice.
const ESTABLISHED: f32 = 1.5;
/// Beats less clean than this start a new shape only where nothing is lost by it.
const CLEAN_ENOUGH: f32 = 0.3;
const WORTHLESS: f32 = 0.5;

/// Steps of the signal around a candidate.
type Steps = [f32; STEPS];

/// How a candidate compares with a known shape.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Likeness {
    /// Correlation of the steps within 80 ms, -1 to 1.
    pub centre: f32,
    /// Correlation of all steps, -1 to 1.
    pub wide: f32,
    /// Correlation of the signals within 80 ms, -1 to 1.
    pub signal: f32,
    /// How large it would be if it were a beat of this shape in noise: 1 is the usual size.
    pub size: f32,
}

#[derive(Clone, Copy)]
struct Known {
    mean: Steps,
    weight: f32,
    /// Sum of squares of the mean's steps within 80 ms.
    square: f32,
    /// Sum of squares of all its steps.
    wide_square: f32,
    /// Its signal within 80 ms, with the sum of squares.
    signal: ([f32; CENTRE.1 + 1], f32),
}

/// The steps within 80 ms.
fn centre(steps: &Steps) -> &[f32] {
    steps.get(CENTRE.0..CENTRE.0 + CENTRE.1).unwrap_or(&[])
}

/// The signal within 80 ms, its mean removed.
pub(super) fn signal(steps: &Steps) -> [f32; CENTRE.1 + 1] {
    let mut course = [0.0; CENTRE.1 + 1];
    let mut level = 0.0;
    for (value, step) in course.iter_mut().skip(1).zip(centre(steps)) {
        level += step;
        *value = level;
    }
    let mean = course.iter().sum::<f32>() / course.len() as f32;
    course.map(|v| v - mean)
}

/// `a_square` is the sum of squares of `a`.
fn correlation(a: &[f32], a_square: f32, b: &[f32]) -> f32 {
    dot(a, b) / (a_square.max(1e-9) * dot(b, b).max(1e-9)).sqrt()
}

impl Known {
    fn of(mean: &Steps, weight: f32) -> Self {
        let signal = signal(mean);
        Self {
            mean: *mean,
            weight,
            square: dot(centre(mean), centre(mean)).max(1e-9),
            wide_square: dot(mean, mean),
            signal: (signal, dot(&signal, &signal)),
        }
    }

    /// Correlation within 80 ms; `square` is the sum of squares of those steps.
    fn centre(&self, steps: &Steps, square: f32) -> f32 {
        dot(centre(&self.mean), centre(steps)) / (self.square * square).sqrt()
    }
}

/// A few shapes with how often they came lately.
pub(super) struct Shapes {
    known: [Known; SHAPES],
}

impl Shapes {
    pub(super) const fn new() -> Self {
        let signal = ([0.0; CENTRE.1 + 1], 0.0);
        Self {
            known: [Known { mean: [0.0; STEPS], weight: 0.0, square: 1.0, wide_square: 0.0, signal }; SHAPES],
        }
    }

    /// Comparison with the most alike of the established shapes; `None` while there is none.
    pub(super) fn likeness(&self, steps: &Steps) -> Option<Likeness> {
        let square = dot(centre(steps), centre(steps)).max(1e-9);
        let established = self.known.iter().filter(|k| k.weight >= ESTABLISHED);
        let all = established.map(|k| (k.centre(steps, square), k));
        let (like, known) = all.reduce(|a, b| if b.0 > a.0 { b } else { a })?;
        Some(Likeness {
            centre: like,
            wide: correlation(&known.mean, known.wide_square, steps),
            signal: correlation(&known.signal.0, known.signal.1, &signal(steps)),
            size: like * (square / known.square).sqrt(),
        })
    }

    /// Learns the shape of a settled beat as far as it is clean (0 to 1).
    pub(super) fn learn(&mut self, steps: &Steps, clean: f32) {
        self.known.iter_mut().for_each(|k| k.weight *= 1.0 - FORGOTTEN * clean);
        let square = dot(centre(steps), centre(steps)).max(1e-9);
        let seen = self.known.iter_mut().filter(|k| k.weight > 0.0).map(|k| (k.centre(steps, square), k));
        if let Some((likeness, k)) = seen.reduce(|a, b| if b.0 > a.0 { b } else { a }) {
            if likeness > SAME {
                // A new shape is the mean of what it was made of; an old one follows.
                let part = (STEP * clean).max(clean / (k.weight + 1.0));
                k.mean.iter_mut().zip(steps).for_each(|(m, v)| *m += part * (v - *m));
                *k = Known::of(&k.mean, k.weight + clean);
                return;
            }
        }
        if let Some(k) = self.known.iter_mut().reduce(|a, b| if b.weight < a.weight { b } else { a }) {
            if clean > CLEAN_ENOUGH || k.weight < WORTHLESS {
                *k = Known::of(steps, 1.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(cycles: f32, size: f32) -> Steps {
        let mut steps = [0.0; STEPS];
        for (v, i) in steps.iter_mut().zip(0_u8..) {
            *v = size * (core::f32::consts::TAU * cycles * f32::from(i) / CENTRE.1 as f32).sin();
        }
        steps
    }

    #[test]
    fn a_shape_is_known_after_its_second_beat() {
        let mut shapes = Shapes::new();
        shapes.learn(&wave(1.0, 100.0), 1.0);
        assert_eq!(shapes.likeness(&wave(1.0, 100.0)), None);
        shapes.learn(&wave(1.0, 100.0), 1.0);
        let same = shapes.likeness(&wave(1.0, 200.0)).unwrap();
        assert!(same.centre > 0.999 && same.wide > 0.999 && same.signal > 0.999);
        assert!((same.size - 2.0).abs() < 0.01);
        let opposite = shapes.likeness(&wave(1.0, -50.0)).unwrap();
        assert!(opposite.centre < -0.999 && (opposite.size + 0.5).abs() < 0.01);
        assert!(shapes.likeness(&wave(3.0, 100.0)).unwrap().centre.abs() < 0.01);
    }

    #[test]
    fn a_rare_shape_does_not_drive_out_the_usual_one() {
        let mut shapes = Shapes::new();
        for i in 0..200_u8 {
            let odd = i % 10 == 9;
            shapes.learn(&if odd { wave(f32::from(i / 10 % 7 + 2), 80.0) } else { wave(1.0, 100.0) }, 1.0);
        }
        assert!(shapes.likeness(&wave(1.0, 100.0)).unwrap().centre > 0.999);
    }
}
