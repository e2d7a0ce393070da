//! Times as HL7 writes them, `YYYYMMDDhhmmss.sss`. Only their differences are used.

use crate::import::{calendar, number};

/// Seconds since some day; the zone is left out, since it is the same in one record.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let (digits, fraction) = match text.split_once('.') {
        Some((digits, rest)) => (digits, rest.split(['+', '-']).next().unwrap_or_default()),
        None => (text.split(['+', '-']).next().unwrap_or_default(), ""),
    };
    let part = |from: usize, to: usize, missing: i64| match digits.get(from..to) {
        Some(text) => text.parse().ok(),
        None => Some(missing),
    };
    let (year, month, day): (i64, i64, i64) = (part(0, 4, 0)?, part(4, 6, 1)?, part(6, 8, 1)?);
    let (hour, minute, second) = (part(8, 10, 0)?, part(10, 12, 0)?, part(12, 14, 0)?);
    if digits.len() < 4 {
        return None;
    }
    let days = calendar::days(year, month, day)?;
    let whole = ((days * 24 + hour) * 60 + minute) * 60 + second;
    let fraction = if fraction.is_empty() { 0.0 } else { number::decimal(&["0.", fraction].concat())? };
    Some(whole as f64 + fraction)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn differences_cross_days_and_leap_years() {
        let apart = |a, b| seconds(b).unwrap() - seconds(a).unwrap();
        assert_eq!(apart("20040228235959", "20040301000000.500"), 86_401.5);
        assert_eq!(apart("20030228235959-0500", "20030301000000.25-0500"), 1.25);
        assert_eq!(apart("20021231", "2003"), 86_400.0);
        for bad in ["", "abc", "20021301", "2002x101000000"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
