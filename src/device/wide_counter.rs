//! Counters that start again from zero, continued.

/// Widens a counter of a few bits: what lies at most half its range behind the highest value so far is the past, what
/// seems further behind is the next round.
#[derive(Debug, Clone)]
pub(crate) struct WideCounter {
    bits: u32,
    highest: Option<u64>,
}

impl WideCounter {
    /// A counter of 1 to 63 bits.
    pub(crate) const fn of_bits(bits: u32) -> Self {
        Self { bits, highest: None }
    }

    /// The wide value of what the device sent.
    pub(crate) fn widen(&mut self, value: u64) -> u64 {
        let range = 1_u64 << self.bits;
        let Some(highest) = self.highest else {
            // One round up, so that what comes late from before the first value has a place.
            let first = range + value % range;
            self.highest = Some(first);
            return first;
        };
        let ahead = value.wrapping_sub(highest) % range;
        let wide = if ahead < range / 2 {
            highest.saturating_add(ahead)
        } else {
            highest.saturating_sub(range - ahead)
        };
        self.highest = Some(highest.max(wide));
        wide
    }

    /// Forgets everything: the device counts anew.
    pub(crate) fn reset(&mut self) {
        self.highest = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_counted_and_late_values_stay_behind() {
        let mut counter = WideCounter::of_bits(16);
        let wide: Vec<u64> = [65_530, 4, 65_535, 32_000, 63_000, 10].map(|v| counter.widen(v)).to_vec();
        let base = 65_536 + 65_530;
        assert_eq!(wide, [base, base + 10, base + 5, base + 32_006, base + 63_006, base + 65_552]);
        counter.reset();
        assert_eq!(counter.widen(3), 65_539);
        let mut stamps = WideCounter::of_bits(32);
        assert_eq!(stamps.widen(u64::from(u32::MAX)) + 1, stamps.widen(0));
    }
}
