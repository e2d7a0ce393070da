//! Dates beside times of day. How many days lie between two rows is all that is told of them.

use crate::import::calendar;

/// A date, as the day that it is by either order of day and month, where that is one.
#[derive(Clone, Copy)]
pub(super) struct Date {
    day_first: Option<i64>,
    month_first: Option<i64>,
}

impl Date {
    /// `2026-01-31` with any mark, `31.01.2026`, and `31/01/2026` or `01/31/2026`. Years of two digits could be any part.
    pub(super) fn of(text: &str) -> Option<Self> {
        // Numbers and how many digits they have.
        let mut parts = [(0_i64, 0_u8); 3];
        let mut n = 0;
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    let (number, digits) = parts.get_mut(n).filter(|(_, digits)| *digits < 4)?;
                    (*number, *digits) = (*number * 10 + i64::from(byte - b'0'), *digits + 1);
                }
                b'-' | b'/' | b'.' => n += 1,
                _ => return None,
            }
        }
        let [(a, a_digits), (b, b_digits), (c, c_digits)] = parts;
        let is_day = |digits| (1..=2).contains(&digits);
        let day = |year, month, day| calendar::days(year, month, day).filter(|_| (1..=31).contains(&day));
        if a_digits == 4 && is_day(b_digits) && is_day(c_digits) {
            let day = day(a, b, c);
            Some(Self { day_first: day, month_first: day })
        } else if is_day(a_digits) && is_day(b_digits) && c_digits == 4 {
            let month_first = day(c, a, b).filter(|_| !text.contains('.'));
            Some(Self { day_first: day(c, b, a), month_first })
        } else {
            None
        }
    }
}

/// The dates of one row after the other.
#[derive(Default)]
pub(super) struct Days {
    before: Option<Date>,
    /// Whether months come first where the look does not tell, once that is known.
    month_first: Option<bool>,
}

impl Days {
    /// Days from the row before to this one; `None` where either has no date. Where day and month could be either, the
    /// first change that only one order allows decides, or that moves less by one than by the other: a day to the next
    /// is a month by the wrong order.
    pub(super) fn since(&mut self, now: Option<Date>) -> Option<i64> {
        let (before, now) = core::mem::replace(&mut self.before, now).zip(now)?;
        let by = |now: Option<i64>, before: Option<i64>| Some(now? - before?);
        let day_first = by(now.day_first, before.day_first);
        let month_first = by(now.month_first, before.month_first);
        if self.month_first.is_none() && day_first != month_first {
            // What is no step at all is further than any.
            let far = |step: Option<i64>| step.map_or(u64::MAX, i64::unsigned_abs);
            self.month_first = Some(far(month_first) < far(day_first));
        }
        if self.month_first == Some(true) {
            month_first
        } else {
            day_first
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, Days};

    /// Days between dates that follow each other.
    fn steps(dates: &[&str]) -> Vec<Option<i64>> {
        let mut days = Days::default();
        dates.iter().map(|date| days.since(Date::of(date))).skip(1).collect()
    }

    #[test]
    fn days_cross_months_years_and_leap_days() {
        for (dates, expected) in [
            (["2026-01-31", "2026-02-01"], Some(1)),
            (["2026/12/31", "2027/1/1"], Some(1)),
            (["2024.02.28", "2024.03.01"], Some(2)),
            (["28.02.2026", "1.3.2026"], Some(1)),
            (["2026-01-02", "2026-01-01"], Some(-1)),
            (["02.01.2026", "2026-01-03"], Some(1)),
            (["2026-01-02", "2026-13-02"], None),
            (["2026-01-02", "2026-01-32"], None),
            (["26-01-02", "26-01-03"], None),
            (["2026-01", "2026-02"], None),
            (["2026--02", "2026--03"], None),
            (["2026-01-02-1", "2026-01-03-1"], None),
            (["", "."], None),
        ] {
            assert_eq!(steps(&dates), [expected], "{dates:?}");
        }
    }

    #[test]
    fn an_order_that_is_not_told_is_found() {
        // By a day that is no month, before or after the change.
        assert_eq!(steps(&["31/01/2026", "01/02/2026", "02/02/2026"]), [Some(1), Some(1)]);
        assert_eq!(steps(&["01/31/2026", "02/01/2026", "02/02/2026"]), [Some(1), Some(1)]);
        assert_eq!(steps(&["12/01/2026", "12/01/2026", "13/01/2026"]), [Some(0), Some(1)]);
        assert_eq!(steps(&["01/12/2026", "01/13/2026"]), [Some(1)]);
        assert_eq!(steps(&["12-31-2026", "01-01-2027"]), [Some(1)]);
        // By what moves least.
        assert_eq!(steps(&["02/01/2026", "03/01/2026", "01/02/2026"]), [Some(1), Some(29)]);
        assert_eq!(steps(&["01/02/2026", "01/03/2026", "02/01/2026"]), [Some(1), Some(29)]);
        assert_eq!(steps(&["03/04/2026", "05/04/2026"]), [Some(2)]);
        assert_eq!(steps(&["04/03/2026", "04/05/2026"]), [Some(2)]);
        // Once known, it holds: 2 January to 1 March.
        assert_eq!(steps(&["01/01/2026", "01/02/2026", "03/01/2026"]), [Some(1), Some(58)]);
        assert_eq!(steps(&["01/01/2026", "01/02/2026", "13/02/2026"]), [Some(1), None]);
        // Nothing tells: the same by both.
        assert_eq!(steps(&["01/01/2026", "02/02/2026", "03/02/2026"]), [Some(32), Some(1)]);
    }
}
