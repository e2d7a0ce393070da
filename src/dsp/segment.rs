//! The forward half of the monitor band over the stretch since the start or the last gap.

use super::biquad::BlockSection;
use crate::units::nth_smallest;

/// Largest magnitude taken at face value, in microvolts: 10 V, far above any amplifier.
const LARGEST_UV: f32 = 1e7;

/// Samples that have not left, and how far the filters are through them.
#[derive(Default)]
pub(super) struct Segment {
    /// Median of the first samples, taken off all; `None` until they have come.
    pub(super) level: Option<f64>,
    /// The last number that came.
    held: Option<f64>,
    /// Input that has not left ...
    pub(super) input: Vec<f64>,
    /// ... and the place of its first sample.
    pub(super) origin: u64,
    /// The forward pass of the low-pass, and of the notch after it where it takes part. Both begin `past` samples
    /// before the input.
    smooth: Lane,
    notched: Lane,
    past: usize,
    /// Blocks that have left.
    pub(super) blocks: u64,
    /// Which mains frequency hums.
    pub(super) hum: Option<usize>,
    /// Which one the notched lane is free of.
    free_of: Option<usize>,
}

/// A forward pass: its output so far, and the section that goes on.
#[derive(Default)]
struct Lane {
    samples: Vec<f64>,
    section: Option<BlockSection>,
}

impl Lane {
    fn with_room(samples: usize) -> Self {
        Self { samples: Vec::with_capacity(samples), section: None }
    }

    fn begin(&mut self, section: Option<BlockSection>) {
        self.samples.clear();
        self.section = section;
    }

    /// Goes on to the end of `source`, of which the first sample lies at `offset` of the lane.
    fn follow(&mut self, source: &[f64], offset: usize) {
        let begun = self.samples.len();
        self.samples.extend_from_slice(source.get(begun.saturating_sub(offset)..).unwrap_or_default());
        if let (Some(section), Some(new)) = (&mut self.section, self.samples.get_mut(begun..)) {
            section.forward(new);
        }
    }
}

impl Segment {
    /// With room for so many samples of input and of the past.
    pub(super) fn with_room(samples: usize, history: usize) -> Self {
        let lane = || Lane::with_room(samples + history);
        Self { input: Vec::with_capacity(samples), smooth: lane(), notched: lane(), ..Self::default() }
    }

    /// A new segment. Buffers are kept, contents are not.
    pub(super) fn restart(&mut self, low_pass: Option<BlockSection>) {
        (self.level, self.held, self.hum, self.free_of) = (None, None, None, None);
        (self.origin, self.blocks, self.past) = (0, 0, 0);
        self.input.clear();
        self.smooth.begin(low_pass);
        self.notched.begin(None);
    }

    /// Takes samples in microvolts. What is no number holds the one before; until the first has come it stays NaN.
    pub(super) fn take(&mut self, samples_uv: &[f32]) {
        let level = self.level.unwrap_or(0.0);
        let mut held = self.held.unwrap_or(f64::NAN);
        self.input.extend(samples_uv.iter().map(|x| {
            if x.is_finite() {
                held = f64::from(x.clamp(-LARGEST_UV, LARGEST_UV));
            }
            held - level
        }));
        self.held = Some(held).filter(|held| !held.is_nan());
    }

    /// Fixes the level at the start: the median of what has come.
    pub(super) fn open(&mut self, scratch: &mut Vec<f64>) {
        let first = self.input.iter().copied().find(|x| !x.is_nan()).unwrap_or(0.0);
        self.input.iter_mut().take_while(|x| x.is_nan()).for_each(|x| *x = first);
        self.held.get_or_insert(first);
        let level = median(&self.input, scratch);
        self.input.iter_mut().for_each(|x| *x -= level);
        self.level = Some(level);
    }

    /// The first `seen` samples of the input after the forward pass, through the notch where there is one.
    pub(super) fn forward(&mut self, seen: usize, notch: Option<BlockSection>) -> &[f64] {
        let input = self.input.get(..seen).unwrap_or_default();
        self.smooth.follow(input, self.past);
        if self.free_of != self.hum {
            // The notch begins in the past, so that it has settled where it is first heard.
            let first = self.smooth.samples.first().copied().unwrap_or(0.0);
            self.notched.begin(notch.map(|notch| notch.settled_at(first)));
            self.free_of = self.hum;
        }
        let lane = if notch.is_some() {
            self.notched.follow(self.smooth.samples.get(..self.past + seen).unwrap_or_default(), 0);
            &self.notched
        } else {
            &self.smooth
        };
        lane.samples.get(self.past..self.past + seen).unwrap_or_default()
    }

    /// Lets go of `n` samples, of which the last `history` stay as the past.
    pub(super) fn forget(&mut self, n: usize, history: usize) {
        self.input.drain(..n.min(self.input.len()));
        self.origin += n as u64;
        let old = (self.past + n).saturating_sub(history);
        self.past = self.past + n - old;
        for lane in [&mut self.smooth.samples, &mut self.notched.samples] {
            lane.drain(..old.min(lane.len()));
        }
    }
}

/// The median; 0 of nothing.
pub(super) fn median(values: &[f64], scratch: &mut Vec<f64>) -> f64 {
    scratch.clear();
    scratch.extend_from_slice(values);
    let middle = scratch.len() / 2;
    nth_smallest(scratch, middle)
}
