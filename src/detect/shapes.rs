//! The shapes that beats of this signal have: the usual one and a few others.

use super::candidates::{Course, Shape, SHAPE};

/// Shapes remembered at once.
const SHAPES: usize = 4;
/// A beat this like a known shape is one of them.
const SAME: f64 = 0.85;
/// How fast a shape follows its beats.
const STEP: f32 = 0.15;
/// How much of a shape's weight a clean beat takes away: noise makes nothing be forgotten.
const FORGOTTEN: f32 = 0.02;
/// A shape counts once it has been seen about twice.
const ESTABLISHED: f32 = 1.5;
/// Beats less clean than this start a new shape only where nothing is lost by it.
const CLEAN_ENOUGH: f32 = 0.3;
const WORTHLESS: f32 = 0.5;

/// Correlations of a candidate with a known shape, -1 to 1 each.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Likeness {
    /// Of the signals.
    pub signal: f64,
    /// Of the slopes.
    pub slope: f64,
}

impl Likeness {
    fn mean(self) -> f64 {
        (self.signal + self.slope) / 2.0
    }
}

#[derive(Clone, Copy)]
struct Known {
    mean: Shape,
    weight: f32,
}

impl Known {
    fn likeness(&self, shape: &Shape) -> Likeness {
        Likeness {
            signal: correlation(&self.mean.signal, &shape.signal),
            slope: correlation(&self.mean.slope, &shape.slope),
        }
    }

    fn follow(&mut self, shape: &Shape, step: f32) {
        let signal = self.mean.signal.iter_mut().zip(&shape.signal);
        for (m, v) in signal.chain(self.mean.slope.iter_mut().zip(&shape.slope)) {
            *m += step * (v - *m);
        }
    }
}

/// Correlation of a mean course with one of mean 0 and length 1.
fn correlation(mean: &Course, course: &Course) -> f64 {
    let (mut dot, mut square) = (0.0, 1e-9);
    for (m, v) in mean.iter().zip(course) {
        dot += m * v;
        square += m * m;
    }
    f64::from(dot / square.sqrt())
}

/// A few shapes with how often they came lately.
pub(super) struct Shapes {
    known: [Known; SHAPES],
}

impl Shapes {
    pub(super) const fn new() -> Self {
        let nothing = Shape { signal: [0.0; SHAPE], slope: [0.0; SHAPE] };
        Self { known: [Known { mean: nothing, weight: 0.0 }; SHAPES] }
    }

    /// Likeness with the best established shape; 0 while there is none.
    pub(super) fn likeness(&self, shape: &Shape) -> Likeness {
        let established = self.known.iter().filter(|k| k.weight >= ESTABLISHED).map(|k| k.likeness(shape));
        established.reduce(|a, b| if b.mean() > a.mean() { b } else { a }).unwrap_or_default()
    }

    /// Learns the shape of a settled beat as far as it is clean (0 to 1).
    pub(super) fn learn(&mut self, shape: &Shape, clean: f32) {
        self.known.iter_mut().for_each(|k| k.weight *= 1.0 - FORGOTTEN * clean);
        let seen = self.known.iter_mut().filter(|k| k.weight > 0.0).map(|k| (k.likeness(shape).mean(), k));
        if let Some((likeness, k)) = seen.max_by(|a, b| a.0.total_cmp(&b.0)) {
            if likeness > SAME {
                k.follow(shape, STEP * clean);
                k.weight += clean;
                return;
            }
        }
        if let Some(k) = self.known.iter_mut().min_by(|a, b| a.weight.total_cmp(&b.weight)) {
            if clean > CLEAN_ENOUGH || k.weight < WORTHLESS {
                *k = Known { mean: *shape, weight: 1.0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shape of mean 0 and length 1.
    fn wave(cycles: f32, sign: f32) -> Shape {
        let mut course = [0.0; SHAPE];
        for (v, i) in course.iter_mut().zip(0_u8..) {
            *v = sign * (core::f32::consts::TAU * cycles * f32::from(i) / SHAPE as f32).sin();
        }
        let length = course.iter().map(|v| v * v).sum::<f32>().sqrt();
        let course = course.map(|v| v / length);
        Shape { signal: course, slope: course }
    }

    #[test]
    fn a_shape_is_known_after_its_second_beat() {
        let mut shapes = Shapes::new();
        assert_eq!(shapes.likeness(&wave(1.0, 1.0)), Likeness::default());
        shapes.learn(&wave(1.0, 1.0), 1.0);
        assert_eq!(shapes.likeness(&wave(1.0, 1.0)), Likeness::default());
        shapes.learn(&wave(1.0, 1.0), 1.0);
        assert!(shapes.likeness(&wave(1.0, 1.0)).mean() > 0.999);
        assert!(shapes.likeness(&wave(1.0, -1.0)).mean() < -0.999);
        assert!(shapes.likeness(&wave(3.0, 1.0)).mean().abs() < 0.01);
    }

    #[test]
    fn a_rare_shape_does_not_drive_out_the_usual_one() {
        let mut shapes = Shapes::new();
        for i in 0..200_u8 {
            let odd = i % 10 == 9;
            shapes.learn(&if odd { wave(f32::from(i / 10 % 7 + 2), 1.0) } else { wave(1.0, 1.0) }, 1.0);
        }
        assert!(shapes.likeness(&wave(1.0, 1.0)).mean() > 0.999);
    }
}
