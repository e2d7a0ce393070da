//! The recent past of a stream, by absolute place.

/// A window onto the latest values of a stream. Places are counted from the start of the segment; places before
/// the start or no longer held read as the nearest value that is held.
pub(super) struct Ring {
    values: Vec<f64>,
    /// Values pushed so far.
    length: i64,
}

impl Ring {
    /// Holds at least so many values.
    pub(super) fn new(capacity: usize) -> Self {
        Self { values: vec![0.0; capacity.next_power_of_two()], length: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    #[inline]
    pub(super) fn push(&mut self, value: f64) {
        let slot = self.slot(self.length);
        if let Some(place) = self.values.get_mut(slot) {
            *place = value;
        }
        self.length += 1;
    }

    /// Place of the next value to come.
    pub(super) fn end(&self) -> i64 {
        self.length
    }

    #[inline]
    pub(super) fn get(&self, place: i64) -> f64 {
        if self.length == 0 {
            return 0.0;
        }
        let oldest = (self.length - self.values.len() as i64).max(0);
        let slot = self.slot(place.clamp(oldest, self.length - 1));
        self.values.get(slot).copied().unwrap_or(0.0)
    }

    #[inline]
    fn slot(&self, place: i64) -> usize {
        place as usize & (self.values.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_values_are_held_and_the_ends_go_on() {
        let mut ring = Ring::new(5);
        assert_eq!(ring.get(3), 0.0);
        (0..20).for_each(|i| ring.push(f64::from(i)));
        assert_eq!(ring.end(), 20);
        assert_eq!([ring.get(12), ring.get(15), ring.get(19)], [12.0, 15.0, 19.0]);
        assert_eq!([ring.get(-7), ring.get(11), ring.get(20)], [12.0, 12.0, 19.0]);
    }
}
