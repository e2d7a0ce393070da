//! The intervals between the latest beats.

use crate::dsp::sort_short;

/// Intervals of a minute or so, and of a few minutes: what is usual now, and what was usual before a run of early beats.
const SHORT: usize = 64;
const LONG: usize = 300;
/// Of so many, the latest, the irregularity is taken.
const LATEST: usize = 32;

/// The latest `N` intervals, in the order in which they came and in order of length, in seconds.
struct Ranked<const N: usize> {
    list: [f32; N],
    sorted: [f32; N],
    /// Where the oldest stands once all places are taken.
    oldest: usize,
    count: usize,
}

impl<const N: usize> Ranked<N> {
    const fn new() -> Self {
        Self { list: [0.0; N], sorted: [0.0; N], oldest: 0, count: 0 }
    }

    fn push(&mut self, interval_s: f32) {
        if let Some(slot) = self.list.get_mut(self.oldest) {
            if self.count == N {
                let place = self.sorted.partition_point(|s| s < slot);
                self.sorted.copy_within((place + 1).min(N).., place.min(N - 1));
                self.count -= 1;
            }
            *slot = interval_s;
        }
        self.oldest = (self.oldest + 1) % N;
        let known = self.sorted.get(..self.count).unwrap_or(&[]);
        let place = known.partition_point(|s| *s < interval_s);
        self.sorted.copy_within(place..self.count, place + 1);
        if let Some(slot) = self.sorted.get_mut(place) {
            *slot = interval_s;
        }
        self.count += 1;
    }

    /// So large a part of the intervals is shorter, in seconds.
    fn quantile(&self, part: f32) -> f32 {
        let place = part * self.count.saturating_sub(1) as f32;
        self.sorted.get(place.round() as usize).copied().unwrap_or(0.0)
    }

    /// The interval so many before the last.
    fn last(&self, back: usize) -> Option<f32> {
        (back < self.count).then(|| self.list.get((self.oldest + 2 * N - 1 - back) % N).copied())?
    }
}

/// The latest intervals.
pub(super) struct Intervals {
    short: Ranked<SHORT>,
    long: Ranked<LONG>,
}

/// What is usual among them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usual {
    /// Quarter, half and three quarters of the intervals of a minute are shorter than this, in seconds.
    pub quartiles_s: [f32; 3],
    /// A tenth, half and three quarters of those of some minutes.
    pub long_s: [f32; 3],
    /// Median size of the logarithm of an interval over the one before it.
    pub unlike_last: f32,
    /// The same over the one before that.
    pub unlike_second_last: f32,
}

impl Intervals {
    pub(super) const fn new() -> Self {
        Self { short: Ranked::new(), long: Ranked::new() }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }

    pub(super) fn push(&mut self, interval_s: f32) {
        self.short.push(interval_s);
        self.long.push(interval_s);
    }

    /// Median of the intervals of a minute, in seconds; `None` before the first.
    pub(super) fn median_s(&self) -> Option<f32> {
        (self.short.count > 0).then(|| self.short.quantile(0.5))
    }

    /// `None` before the first interval.
    pub(super) fn usual(&self) -> Option<Usual> {
        let unlike = |distance: usize| {
            let mut steps = [f32::MAX; LATEST];
            let pairs = (0..LATEST).filter_map(|i| self.short.last(i).zip(self.short.last(i + distance)));
            let count = steps.iter_mut().zip(pairs).map(|(s, (a, b))| *s = (a / b).ln().abs()).count();
            sort_short(&mut steps);
            steps.get(count / 2).copied().filter(|_| count > 0).unwrap_or(0.0)
        };
        (self.short.count > 0).then(|| Usual {
            quartiles_s: [0.25, 0.5, 0.75].map(|part| self.short.quantile(part)),
            long_s: [0.1, 0.5, 0.75].map(|part| self.long.quantile(part)),
            unlike_last: unlike(1),
            unlike_second_last: unlike(2),
        })
    }
}
