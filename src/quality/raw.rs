//! What the raw samples of one window show by themselves: range, rails, flatness, lost samples.

use crate::units::{larger, smaller, Hertz};

/// Shortest stay at an extreme that counts as a rail, in seconds and in samples: longer than the top of a
/// QRS complex, shorter than its clipped one.
const RAIL_S: f64 = 0.012;
const RAIL_SAMPLES: usize = 3;
/// Two samples this close (in microvolts) are the same level.
const SAME_UV: f64 = 0.25;
/// The slope into a rail is taken over this time, in seconds.
const ENTRY_S: f64 = 0.008;
const ENTRY_MAX: usize = 16;

/// Time spent at one extreme of the window in level runs.
#[derive(Debug, Clone, Copy, Default)]
struct Rail {
    level: f64,
    samples: usize,
    runs: usize,
    steps: f64,
}

impl Rail {
    /// `height` grows towards the extreme: the level for a ceiling, its negative for a floor.
    fn add(&mut self, height: f64, length: usize, step: f64) {
        if self.runs == 0 || height > self.level + SAME_UV {
            *self = Self { level: height, ..Self::default() };
        } else if height < self.level - SAME_UV {
            return;
        }
        self.samples += length;
        self.runs += 1;
        self.steps += step;
    }

    /// Samples at this rail, when it is the extreme of the window and was reached steeply.
    fn samples_at(&self, extreme: f64, range: f64) -> usize {
        let steep = self.runs > 0 && self.steps / self.runs as f64 >= 0.03 * range;
        if steep && self.level >= extreme - 0.005 * range {
            self.samples
        } else {
            0
        }
    }
}

/// The facts of one window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RawFacts {
    /// Samples of the window that were given, finite ones.
    pub received: usize,
    /// Samples lost, or not finite.
    pub lost: usize,
    /// Smallest and largest sample, in microvolts.
    pub low: f64,
    /// Largest sample, in microvolts.
    pub high: f64,
    /// Samples at a rail within a moving signal.
    pub at_rail: usize,
    /// Mean square of the difference of neighbours over the variance: 2 for white noise.
    pub roughness: f64,
}

impl RawFacts {
    /// Peak to peak, in microvolts.
    pub(super) fn range(&self) -> f64 {
        self.high - self.low
    }
}

/// Gathers [`RawFacts`] sample by sample.
#[derive(Debug, Clone)]
pub(super) struct RawWatch {
    shortest_run: usize,
    entry: [f64; ENTRY_MAX],
    entry_length: usize,
    entry_filled: usize,
    entry_next: usize,
    run: Option<(f64, usize, f64)>,
    ceiling: Rail,
    floor: Rail,
    facts: RawFacts,
    reference: f64,
    sum: f64,
    squares: f64,
    differences: f64,
    previous: Option<f64>,
}

impl RawWatch {
    pub(super) fn new(rate: Hertz) -> Self {
        let entry_length = ((rate.get() * ENTRY_S).round() as usize).clamp(1, ENTRY_MAX);
        Self {
            shortest_run: ((rate.get() * RAIL_S).ceil() as usize).max(RAIL_SAMPLES),
            entry: [0.0; ENTRY_MAX],
            entry_length,
            entry_filled: 0,
            entry_next: 0,
            run: None,
            ceiling: Rail::default(),
            floor: Rail::default(),
            facts: RawFacts::default(),
            reference: 0.0,
            sum: 0.0,
            squares: 0.0,
            differences: 0.0,
            previous: None,
        }
    }

    /// A finite sample, in microvolts.
    pub(super) fn push(&mut self, x: f64) {
        let f = &mut self.facts;
        if f.received == 0 {
            (f.low, f.high, self.reference) = (x, x, x);
        }
        f.received += 1;
        f.low = smaller(f.low, x);
        f.high = larger(f.high, x);
        let d = x - self.reference;
        self.sum += d;
        self.squares += d * d;
        if let Some(p) = self.previous {
            self.differences += (x - p) * (x - p);
        }
        self.previous = Some(x);
        self.follow_run(x);
    }

    /// A lost sample.
    pub(super) fn lose(&mut self) {
        self.facts.lost += 1;
        self.close_run();
        self.run = None;
        self.entry_filled = 0;
        self.previous = None;
    }

    fn follow_run(&mut self, x: f64) {
        match &mut self.run {
            Some((level, length, _)) if (x - *level).abs() <= SAME_UV => *length += 1,
            _ => {
                self.close_run();
                // The oldest of the last few samples: where the signal came from.
                let from = if self.entry_filled < self.entry_length {
                    None
                } else {
                    self.entry.get(self.entry_next)
                };
                self.run = Some((x, 1, from.map_or(0.0, |from| (x - from).abs())));
            }
        }
        if let Some(slot) = self.entry.get_mut(self.entry_next) {
            *slot = x;
        }
        self.entry_next += 1;
        if self.entry_next == self.entry_length {
            self.entry_next = 0;
        }
        self.entry_filled = (self.entry_filled + 1).min(self.entry_length);
    }

    fn close_run(&mut self) {
        if let Some((level, length, step)) = self.run {
            if length >= self.shortest_run {
                self.ceiling.add(level, length, step);
                self.floor.add(-level, length, step);
            }
        }
    }

    /// The facts so far; the next window starts empty (a run at a rail goes on).
    pub(super) fn take(&mut self) -> RawFacts {
        self.close_run();
        let mut facts = core::mem::take(&mut self.facts);
        let range = facts.range();
        if range > 0.0 {
            facts.at_rail =
                self.ceiling.samples_at(facts.high, range) + self.floor.samples_at(-facts.low, range);
        }
        let n = facts.received.max(1) as f64;
        let variance = self.squares / n - (self.sum / n) * (self.sum / n);
        facts.roughness = if variance > 1e-9 { self.differences / n / variance } else { 0.0 };
        (self.ceiling, self.floor) = (Rail::default(), Rail::default());
        (self.sum, self.squares, self.differences) = (0.0, 0.0, 0.0);
        if let Some((_, length, _)) = &mut self.run {
            *length = 0;
        }
        facts
    }
}
