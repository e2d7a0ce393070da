//! The recent past of a stream.

/// The latest values of a stream, by their place since the start of the segment. Places before the start read as 0,
/// places not yet there as the latest value.
pub struct Track {
    /// Twice what is kept and more: what is too old moves out when it is full, so that what is held is one slice.
    values: Vec<f32>,
    keep: usize,
    /// Place of the first value held.
    base: i64,
}

impl Track {
    /// Holds at least the latest `keep` values, and at the start of a segment as many zeros before it.
    #[must_use]
    pub fn new(keep: usize) -> Self {
        let mut new = Self { values: Vec::with_capacity(4 * keep), keep, base: 0 };
        new.clear();
        new
    }

    /// Begins another segment, at place 0.
    pub fn clear(&mut self) {
        self.values.clear();
        self.values.resize(self.keep, 0.0);
        self.base = -(self.keep as i64);
    }

    /// Makes room for `count` more, at most as many as are kept.
    pub fn make_room(&mut self, count: usize) {
        if self.values.len() + count > 4 * self.keep {
            let old = self.values.len() - self.keep;
            self.values.copy_within(old.., 0);
            self.values.truncate(self.keep);
            self.base += old as i64;
        }
    }

    /// Appends values, for which there must be room.
    #[inline]
    pub fn extend(&mut self, values: impl Iterator<Item = f32>) {
        self.values.extend(values);
    }

    /// The values from a place on that is held.
    #[inline]
    #[must_use]
    pub fn from(&self, place: i64) -> &[f32] {
        self.values.get(place.saturating_sub(self.base).max(0) as usize..).unwrap_or(&[])
    }

    /// Appends what `of` makes of every `N` neighbours in another stream that end with one of its values from here
    /// on.
    #[inline]
    pub fn follow<const N: usize>(&mut self, other: &Self, of: impl Fn(&[f32; N]) -> f32) {
        let first = (self.end() - other.base + 1 - N as i64).max(0) as usize;
        let new = other.values.get(first..).unwrap_or(&[]).windows(N);
        self.values.extend(new.map(|near| near.first_chunk::<N>().map_or(0.0, &of)));
    }

    /// Place of the next value to come.
    #[inline]
    #[must_use]
    pub fn end(&self) -> i64 {
        self.base + self.values.len() as i64
    }

    /// The value at a place, or the nearest one held.
    #[inline]
    #[must_use]
    pub fn get(&self, place: i64) -> f32 {
        let last = self.values.len().saturating_sub(1);
        let index = place.saturating_sub(self.base).max(0) as usize;
        self.values.get(index.min(last)).copied().unwrap_or(0.0)
    }

    /// The `N` values that end before a place, if they are held.
    #[inline]
    #[must_use]
    pub fn before<const N: usize>(&self, place: i64) -> Option<&[f32; N]> {
        self.values.get(..place.saturating_sub(self.base).max(0) as usize)?.last_chunk::<N>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_values_are_held_and_the_ends_go_on() {
        let mut track = Track::new(8);
        assert_eq!(track.get(3), 0.0);
        for i in 0..50_u8 {
            track.make_room(1);
            track.extend([f32::from(i)].into_iter());
        }
        assert_eq!(track.end(), 50);
        assert_eq!([track.get(42), track.get(49), track.get(60)], [42.0, 49.0, 49.0]);
        assert_eq!(track.before::<3>(48), Some(&[45.0, 46.0, 47.0]));
        track.clear();
        assert_eq!((track.end(), track.get(0), track.get(-5)), (0, 0.0, 0.0));
    }

    #[test]
    fn a_stream_follows_another() {
        let (mut a, mut b) = (Track::new(8), Track::new(8));
        for part in [&[1.0, 2.0][..], &[3.0], &[4.0, 5.0]] {
            a.extend(part.iter().copied());
            b.follow(&a, |w: &[f32; 3]| w.iter().sum());
        }
        assert_eq!([0, 1, 2, 3, 4].map(|i| b.get(i)), [1.0, 3.0, 6.0, 9.0, 12.0]);
    }
}
