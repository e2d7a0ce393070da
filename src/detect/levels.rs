//! What beats and noise of this signal look like so far.

use super::candidates::{Candidate, SHAPE};
use super::candidates_hz;

/// Beats that the levels remember.
const REMEMBERED: usize = 8;
/// The interval before any is known, in seconds.
const FIRST_RR_S: f64 = 0.8;
/// Intervals that may be expected, in seconds.
const RR_S: (f64, f64) = (0.3, 2.0);

/// The latest values of a quantity, and their median.
#[derive(Clone, Copy)]
struct Recent {
    values: [f64; REMEMBERED],
    count: usize,
}

impl Recent {
    const fn new() -> Self {
        Self { values: [0.0; REMEMBERED], count: 0 }
    }

    fn push(&mut self, value: f64) {
        if let Some(slot) = self.values.get_mut(self.count % REMEMBERED) {
            *slot = value;
        }
        self.count += 1;
    }

    fn median(&self) -> Option<f64> {
        let n = self.count.min(REMEMBERED);
        let mut sorted = self.values;
        let sorted = sorted.get_mut(..n)?;
        sorted.sort_unstable_by(f64::total_cmp);
        match n {
            0 => None,
            n => Some((sorted.get(n / 2)? + sorted.get((n - 1) / 2)?) / 2.0),
        }
    }
}

const SHAPES: usize = 4;

#[derive(Clone, Copy)]
struct Shape {
    mean: [f32; SHAPE],
    weight: f64,
}

impl Shape {
    const fn new() -> Self {
        Self { mean: [0.0; SHAPE], weight: 0.0 }
    }

    fn likeness(&self, shape: &[f32; SHAPE]) -> f32 {
        let (mut dot, mut length) = (0.0, 1e-9);
        for (m, v) in self.mean.iter().zip(shape) {
            dot += m * v;
            length += m * m;
        }
        dot / length.sqrt()
    }
}

/// Running estimates, from settled beats and from candidates that were turned down.
pub(super) struct Levels {
    beats: Recent,
    slopes: Recent,
    quiet: Recent,
    others: Recent,
    intervals: Recent,
    shapes: [Shape; SHAPES],
    irregularity: f64,
    slope: f64,
    background: f64,
    signal: f64,
    noise: f64,
    rr: f64,
}

impl Levels {
    pub(super) const fn new() -> Self {
        Self {
            beats: Recent::new(),
            slopes: Recent::new(),
            quiet: Recent::new(),
            shapes: [Shape::new(); SHAPES],
            irregularity: 0.1,
            slope: 0.0,
            background: 0.0,
            others: Recent::new(),
            intervals: Recent::new(),
            signal: 0.0,
            noise: 0.0,
            rr: FIRST_RR_S,
        }
    }

    /// Height of beats, in microvolts.
    pub(super) fn signal(&self) -> f64 {
        self.signal
    }

    /// Height of what is no beat, in microvolts.
    pub(super) fn noise(&self) -> f64 {
        self.noise
    }

    /// Expected interval, in seconds.
    pub(super) fn rr(&self) -> f64 {
        self.rr
    }

    pub(super) fn slope(&self) -> f64 {
        self.slope
    }

    pub(super) fn background(&self) -> f64 {
        self.background
    }

    pub(super) fn irregularity(&self) -> f64 {
        self.irregularity
    }

    /// Likeness with the best of the remembered shapes, -1 to 1; 0 while none is known.
    pub(super) fn likeness(&self, shape: &[f32; SHAPE]) -> f64 {
        let known = self.shapes.iter().filter(|s| s.weight >= 1.5);
        known
            .map(|s| f64::from(s.likeness(shape)))
            .fold(None, |m: Option<f64>, l| Some(m.map_or(l, |m| m.max(l))))
            .unwrap_or(0.0)
    }

    fn learn_shape(&mut self, shape: &[f32; SHAPE], clean: f64) {
        for s in &mut self.shapes {
            s.weight *= 0.98;
        }
        let best = self
            .shapes
            .iter_mut()
            .filter(|s| s.weight > 0.0)
            .max_by(|a, b| a.likeness(shape).total_cmp(&b.likeness(shape)));
        if let Some(s) = best {
            if s.likeness(shape) > 0.85 {
                for (m, v) in s.mean.iter_mut().zip(shape) {
                    *m += 0.15 * clean as f32 * (v - *m);
                }
                s.weight += clean;
                return;
            }
        }
        if let Some(s) = self.shapes.iter_mut().min_by(|a, b| a.weight.total_cmp(&b.weight)) {
            if clean > 0.3 || s.weight < 0.5 {
                *s = Shape { mean: *shape, weight: 1.0 };
            }
        }
    }

    /// First levels, from the candidates of the first seconds of a segment. The interval is kept.
    pub(super) fn begin(&mut self, seen: &[Candidate]) {
        let top = seen.iter().map(|c| c.height).fold(0.0, f64::max);
        self.shapes = [Shape::new(); SHAPES];
        self.beats = Recent::new();
        self.slopes = Recent::new();
        self.quiet = Recent::new();
        self.slopes.push(0.75 * seen.iter().map(|c| c.slope).fold(0.0, f64::max));
        self.quiet.push(0.1 * top);
        self.others = Recent::new();
        // The largest of a few may be an outlier.
        self.beats.push(0.75 * top);
        self.others.push(0.1 * top);
        self.refresh();
    }

    /// A beat is settled, `since` seconds after the one before.
    pub(super) fn beat(&mut self, beat: &Candidate, since: Option<f64>, clean: f64) {
        self.beats.push(beat.height);
        self.slopes.push(beat.slope);
        self.quiet.push(beat.surroundings);
        self.learn_shape(&beat.shape, clean);
        if let Some(rr) = since {
            let deviation = (rr / self.rr).ln().abs().min(0.7);
            self.irregularity += 0.1 * (deviation - self.irregularity);
            self.intervals.push(rr);
        }
        self.refresh();
    }

    /// A candidate is turned down.
    pub(super) fn no_beat(&mut self, other: &Candidate) {
        self.others.push(other.height);
        self.refresh();
    }

    /// No beat came for long: what is expected may be too high.
    pub(super) fn fade(&mut self, factor: f64) {
        self.beats.values.iter_mut().for_each(|v| *v *= factor);
        self.slopes.values.iter_mut().for_each(|v| *v *= factor);
        self.refresh();
    }

    fn refresh(&mut self) {
        self.slope = self.slopes.median().unwrap_or(0.0);
        self.background = self.quiet.median().unwrap_or(0.0);
        self.signal = self.beats.median().unwrap_or(0.0);
        self.noise = self.others.median().unwrap_or(0.0);
        self.rr = self.intervals.median().unwrap_or(FIRST_RR_S).clamp(RR_S.0, RR_S.1);
    }
}

/// Seconds between two candidates.
pub(super) fn seconds_between(earlier: &Candidate, later: &Candidate) -> f64 {
    (later.at - earlier.at) as f64 / candidates_hz()
}
