//! Places in a recording and lengths, both counted in samples.

use core::ops::{Add, AddAssign, Sub};

/// The place of a sample in the record: the first sample of a recording is 0, lost samples count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SampleIndex(pub u64);

/// A number of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SampleCount(pub u64);

/// A place between samples, such as an R peak found by interpolation.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct SamplePlace(pub f64);

impl Add<SampleCount> for SampleIndex {
    type Output = Self;
    fn add(self, length: SampleCount) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl AddAssign<SampleCount> for SampleIndex {
    fn add_assign(&mut self, length: SampleCount) {
        *self = *self + length;
    }
}

/// Distance between two places; 0 when the second lies after the first.
impl Sub for SampleIndex {
    type Output = SampleCount;
    fn sub(self, earlier: Self) -> SampleCount {
        SampleCount(self.0.saturating_sub(earlier.0))
    }
}

impl From<SampleIndex> for SamplePlace {
    fn from(index: SampleIndex) -> Self {
        Self(index.0 as f64)
    }
}
