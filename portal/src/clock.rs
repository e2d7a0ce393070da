//! The portal's wall clock. Only the portal dates anything; a delivery carries ages, never dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC; 0 for a clock set before that.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The length of `duration` in milliseconds, held at the largest number that fits.
pub fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// How long ago `at_ms` was, in milliseconds, seen from `now_ms`. Never negative: a clock that was set back
/// makes things young, not negative.
pub fn ago_ms(now_ms: i64, at_ms: i64) -> i64 {
    now_ms.saturating_sub(at_ms).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_never_negative_and_never_overflows() {
        assert_eq!(ago_ms(5_000, 2_000), 3_000);
        assert_eq!(ago_ms(2_000, 5_000), 0);
        assert_eq!(ago_ms(i64::MAX, i64::MIN), i64::MAX);
    }
}
