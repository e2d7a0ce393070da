//! Days of dates, of which only differences are used.

/// Days since some day, by the Gregorian calendar; `None` for a month that there is not.
pub(super) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    // Days from a year that begins in March, so that the leap day is the last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day;
    (1..=12).contains(&month).then_some(days)
}
