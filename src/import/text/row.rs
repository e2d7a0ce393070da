//! A line of separated fields.

use super::date::Date;
use crate::import::number;

/// The separator of fields with runs of blanks or tabs between them.
pub(super) const BLANKS: u8 = b' ';

/// The separator of lines that are one field each: no line has it inside.
pub(super) const NOTHING: u8 = b'\n';

/// Words for a sample that is missing.
const MISSING: [&str; 7] = ["-", "nan", "NaN", "NAN", "NA", "N/A", "null"];

/// The fields of a line, without blanks and quotes around them. A separator inside quotes does not separate.
pub(super) const fn fields(line: &[u8], separator: u8) -> Fields<'_> {
    Fields { rest: Some(line), separator }
}

/// See [`fields`].
#[derive(Clone)]
pub(super) struct Fields<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a str;

    // One copy: everything that looks at a table goes through it.
    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        loop {
            let rest = self.rest?;
            let mut is_quoted = false;
            let end = rest.iter().position(|b| {
                is_quoted ^= *b == b'"';
                !is_quoted && (*b == self.separator || self.separator == BLANKS && *b == b'\t')
            });
            let (field, after) = rest.split_at(end.unwrap_or(rest.len()));
            self.rest = end.and_then(|_| after.get(1..));
            let text = core::str::from_utf8(field).unwrap_or_default().trim();
            let text = text.trim_matches(['"', '\'']).trim();
            if self.separator != BLANKS || !text.is_empty() {
                return Some(text);
            }
        }
    }
}

/// The separator of a line that is a row: a tab or a semicolon where there is one, since commas may then be decimal,
/// and so they may be between blanks. `None` for what is no row.
pub(super) fn separator(line: &[u8], is_row: impl Fn(u8) -> bool) -> Option<u8> {
    let has = |s: &u8| line.contains(s);
    let decimal_commas = |field: &str| is_value(field) && !field.starts_with(',') && !field.ends_with(',');
    let apart = has(&BLANKS) && fields(line, BLANKS).all(decimal_commas);
    let likely = [b'\t', b';'].into_iter().filter(has).chain(apart.then_some(BLANKS));
    let other = [b',', BLANKS].into_iter().filter(has).chain([b',']);
    likely.chain(other).find(|s| is_row(*s))
}

/// Whether every field of the line is a number, a time or missing, and one of them a number.
pub(super) fn is_numeric(line: &[u8], separator: u8) -> bool {
    fields(line, separator).all(is_value) && fields(line, separator).any(|f| number::decimal(f).is_some())
}

/// Whether a field is a number, a time or missing.
pub(super) fn is_value(field: &str) -> bool {
    field.is_empty() || MISSING.contains(&field) || seconds(field).is_some()
}

/// When a row was measured.
pub(super) struct Moment {
    /// Time of day, or time since the start.
    pub seconds: f64,
    /// Whether it is written with colons, as times of day are.
    pub is_clock: bool,
    /// The date beside it, where there is one that can be read.
    pub date: Option<Date>,
}

/// A time of day or a time since the start, `[[h:]m:]s`, alone or beside a date: only differences of either are used.
pub(super) fn moment(field: &str) -> Option<Moment> {
    let field = field.trim_matches(['[', ']']);
    let is_date = |part: &str| {
        let marks = part.bytes().filter(|b| matches!(b, b'-' | b'/' | b'.')).count();
        marks == 2 && part.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/' | b'.'))
    };
    let (clock, date) = match field.split_once(['T', ' ']) {
        Some((date, clock)) if is_date(date) => (clock, date),
        Some((clock, date)) if is_date(date) => (clock, date),
        _ => (field, ""),
    };
    // `Z`, `+01:00` and `-05:00` say the zone.
    let is_clock = clock.contains(':');
    let zone = clock.rfind(['Z', '+', '-']).filter(|at| *at > 0 && is_clock);
    let clock = zone.and_then(|at| clock.get(..at)).unwrap_or(clock);
    let mut seconds = 0.0;
    for part in clock.split(':') {
        seconds = seconds * 60.0 + number::decimal(part)?;
    }
    Some(Moment { seconds, is_clock, date: Date::of(date) })
}

/// The time of [`moment`], in seconds.
pub(super) fn seconds(field: &str) -> Option<f64> {
    moment(field).map(|moment| moment.seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_guard_separators() {
        assert_eq!(fields(b"a, \"1,5\" ,'c'", b',').collect::<Vec<_>>(), ["a", "1,5", "c"]);
        assert!(is_numeric(b"0:00.008,-1.5,", b','));
        assert!(!is_numeric(b"time,II", b',') && !is_numeric(b"", b',') && !is_numeric(b"0,abc", b','));
    }

    #[test]
    fn separators_are_told_apart_from_decimal_commas() {
        let of = |line: &[u8]| separator(line, |s| is_numeric(line, s));
        for (line, expected) in [
            (&b"1,5;2"[..], Some(b';')),
            (b"0,1 0,2", Some(BLANKS)),
            (b"  0.1 \t 0.2 ", Some(b'\t')),
            (b"0.1 0.2\t0.3", Some(BLANKS)),
            (b"1, 2", Some(b',')),
            (b"1 ,2", Some(b',')),
            (b"5", Some(b',')),
            (b"2020-01-01 10:00:00,5", Some(b',')),
            (b"ECG of 2020", None),
            (b"", None),
        ] {
            assert_eq!(of(line), expected, "{}", String::from_utf8_lossy(line));
        }
        assert_eq!(fields(b" 1\t 2  3 ", BLANKS).collect::<Vec<_>>(), ["1", "2", "3"]);
    }

    #[test]
    fn times_of_every_length() {
        assert_eq!(seconds("1:02:03.5"), Some(3723.5));
        assert_eq!(seconds("2:03"), Some(123.0));
        assert_eq!(seconds("12.25"), Some(12.25));
        for dated in [
            "2020-01-31T01:02:03.5Z",
            "2020-01-31 01:02:03.5+01:00",
            "[01:02:03.5 31/01/2020]",
            "1:02:03,5-05:00",
        ] {
            assert_eq!(seconds(dated), Some(3723.5), "{dated}");
        }
        assert_eq!((seconds("-0.5"), seconds("1e-3")), (Some(-0.5), Some(0.001)));
        for bad in ["1:x", "2020-01-31", "12 5", "V1 1:02", "T", "-", "+"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
