//! The baseline below the monitor band, at a rate that suits it.

use super::biquad::BlockSection;

/// The baseline is computed at this rate or a little above, in hertz: 37 times its corner.
pub(super) const LOWEST_RATE_HZ: f64 = 25.0;

/// Low-pass with zero phase, far below the sampling rate.
///
/// A Butterworth section that runs forward and back lets w^4/(w^4 + c^4) pass as a high-pass and c^4/(w^4 + c^4) as a
/// low-pass: together all. So the signal less this baseline is the signal through the high-pass, at a small part of the
/// cost. The signal reaches the low rate by triangles of two steps' width, which keep areas and their centres, and
/// comes back by straight lines; both together change the baseline by at most 0.5 % at 0.67 Hz, less below, and leave
/// less than 0.1 % of it as ripple at the low rate.
pub(super) struct Baseline {
    /// Samples between two nodes.
    step: usize,
    /// How far a sample lies between two nodes: 0, 1/step, ..
    part: Vec<f64>,
    rest: BlockSection,
    forward: BlockSection,
    /// Nodes after the forward pass, from the one of this number on.
    nodes: Vec<f64>,
    first: u64,
    /// What the interval before gave to the next node.
    carry: f64,
    /// Samples that are in the nodes.
    taken: u64,
    course: Vec<f64>,
}

impl Baseline {
    /// A baseline by this section, made for `rate_hz / step`; room for `stretch` samples.
    pub(super) fn new(section: BlockSection, step: usize, stretch: usize) -> Self {
        let step = step.max(1);
        let room = stretch / step + 4;
        Self {
            step,
            part: (0..step).map(|i| i as f64 / step as f64).collect(),
            rest: section,
            forward: section,
            nodes: Vec::with_capacity(room),
            first: 0,
            carry: 0.0,
            taken: 0,
            course: Vec::with_capacity(room),
        }
    }

    /// A new segment, at rest at 0.
    pub(super) fn clear(&mut self) {
        self.forward = self.rest;
        self.nodes.clear();
        (self.first, self.carry, self.taken) = (0, 0.0, 0);
    }

    /// Takes what is new in a buffer whose first sample has the place `origin`.
    pub(super) fn take(&mut self, samples: &[f64], origin: u64) {
        let new = samples.get((self.taken - origin) as usize..).unwrap_or_default();
        for interval in new.chunks_exact(self.step) {
            let (mut sum, mut late) = (0.0, 0.0);
            for (x, part) in interval.iter().zip(&self.part) {
                sum += x;
                late += x * part;
            }
            self.node(sum - late, late);
        }
    }

    /// Takes the last samples; after them `level` goes on for `reach` samples.
    pub(super) fn close(&mut self, samples: &[f64], origin: u64, level: f64, reach: usize) {
        self.take(samples, origin);
        let end = origin + samples.len() as u64 + reach as u64;
        while self.taken < end {
            let last = samples.get((self.taken - origin) as usize..).unwrap_or_default();
            let interval = last.iter().copied().chain(core::iter::repeat(level));
            let (mut sum, mut late) = (0.0, 0.0);
            for (x, part) in interval.zip(&self.part) {
                sum += x;
                late += x * part;
            }
            self.node(sum - late, late);
        }
    }

    fn node(&mut self, early: f64, late: f64) {
        let node = (self.carry + early) / self.step as f64;
        self.carry = late;
        self.nodes.push(self.forward.step(node));
        self.taken += self.step as u64;
    }

    /// Takes the baseline out of samples of which the first has the place `origin`, and forgets what lies before their
    /// end.
    pub(super) fn subtract_from(&mut self, samples: &mut [f64], origin: u64) {
        self.course.clear();
        self.course.extend_from_slice(&self.nodes);
        self.rest.backward(&mut self.course);
        let step = self.step as u64;
        let begun = (origin % step) as usize;
        let node = (origin / step - self.first) as usize;
        let (first, others) = samples.split_at_mut((self.step - begun).min(samples.len()));
        let mut part = self.part.get(begun..).unwrap_or_default();
        let intervals = core::iter::once(first).chain(others.chunks_mut(self.step));
        for (interval, node) in intervals.zip(node..) {
            let a = self.course.get(node).copied().unwrap_or(0.0);
            let slope = self.course.get(node + 1).copied().unwrap_or(a) - a;
            for (y, part) in interval.iter_mut().zip(part) {
                *y -= a + slope * part;
            }
            part = &self.part;
        }
        let first = (origin + samples.len() as u64) / step;
        self.nodes.drain(..((first - self.first) as usize).min(self.nodes.len()));
        self.first = first;
    }
}

#[cfg(test)]
mod tests {
    use super::super::biquad::Section;
    use super::*;
    use core::f64::consts::TAU;

    /// The largest distance from what the high-pass itself would leave of a sine of height 1, and its share that passes.
    fn distance(f: f64, hz: f64) -> (f64, f64) {
        let step = (hz / LOWEST_RATE_HZ) as usize;
        let section = Section::low_pass(hz / step as f64, 0.5375).unwrap();
        let mut baseline = Baseline::new(BlockSection::new(&section), step, 0);
        let signal: Vec<f64> = (0..(60.0 * hz) as usize).map(|i| (TAU * f * i as f64 / hz).sin()).collect();
        let mut left = signal.clone();
        baseline.take(&signal, 0);
        baseline.close(&signal, 0, 0.0, signal.len() / 10);
        baseline.subtract_from(&mut left, 0);
        let passes = f.powi(4) / (f.powi(4) + 0.5375_f64.powi(4));
        let middle = signal.len() / 3..signal.len() * 2 / 3;
        let pairs = left[middle.clone()].iter().zip(&signal[middle]);
        (pairs.map(|(y, x)| (y - passes * x).abs()).fold(0.0, f64::max), passes)
    }

    #[test]
    fn what_is_left_is_what_the_high_pass_would_leave() {
        for hz in [50.0, 74.9, 130.0, 360.0, 2000.0] {
            for f in [0.05, 0.2, 0.4, 0.67, 1.0, 2.0, 5.0, 17.0] {
                let (worst, passes) = distance(f, hz);
                assert!(worst < 0.005, "{worst} of a sine of {f} Hz at {hz} Hz, of which {passes} passes");
            }
        }
    }
}
