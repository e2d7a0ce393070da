//! Date Time of GATT: year, month, day, hour, minute, second, of whatever zone the device was set to.

use crate::device::reader::Reader;
use crate::device::DeviceError;

/// Seconds of a wall clock without a zone. It compares a reading's stamp with the clock of the room and is not
/// `Serialize`; it prints masked, because an absolute time could identify.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilTime(i64);

impl core::fmt::Debug for CivilTime {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CivilTime(..)")
    }
}

impl CivilTime {
    /// A wall clock's time; `None` unless each part is one a calendar or clock can show.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days_in = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => 0,
        };
        // Date Time allows 1582 to 9999; 0 stands for unknown (GATT Specification Supplement, Date Time).
        let valid = (1582..=9999).contains(&year) && (1..=days_in).contains(&day);
        if !valid || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        // Days since 1970 with years that begin in March (Hinnant, "chrono-compatible low-level date algorithms").
        let year = i64::from(year) - i64::from(month <= 2);
        let month = (i64::from(month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        Some(Self(days * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)))
    }

    /// Seconds from an earlier time; negative when it is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The time so many seconds later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

/// Reads the seven bytes of a Date Time; `Ok(None)` when a part is unknown or impossible: such a clock was never set.
pub(crate) fn date_time(reader: &mut Reader<'_>) -> Result<Option<CivilTime>, DeviceError> {
    let year = reader.u16("year")?;
    let mut part = || reader.u8("date and time");
    let (month, day, hour, minute, second) = (part()?, part()?, part()?, part()?, part()?);
    Ok(CivilTime::new(year, month, day, hour, minute, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_through_leap_years() {
        let at = |y, m, d| CivilTime::new(y, m, d, 0, 0, 0).unwrap();
        assert_eq!(at(1970, 1, 1).seconds_since(CivilTime(0)), 0);
        assert_eq!(at(2000, 3, 1).seconds_since(at(2000, 2, 28)), 2 * 86_400);
        assert_eq!(at(2100, 3, 1).seconds_since(at(2100, 2, 28)), 86_400);
        assert_eq!(at(2026, 1, 1).seconds_since(at(2025, 1, 1)), 365 * 86_400);
        assert_eq!(at(2024, 12, 31).0, 1_735_603_200);
    }

    #[test]
    fn impossible_dates_are_no_time() {
        for (y, m, d, h) in
            [(0, 4, 17, 20), (2025, 0, 1, 0), (2025, 2, 29, 0), (2025, 13, 1, 0), (2025, 1, 1, 24)]
        {
            assert_eq!(CivilTime::new(y, m, d, h, 0, 0), None);
        }
        assert_eq!(format!("{:?}", CivilTime(7)), "CivilTime(..)");
    }
}
