//! A line of separated fields.

use crate::import::number;

/// The fields of a line, without blanks and quotes around them. A separator inside quotes does not separate.
pub(super) fn fields(line: &[u8], separator: u8) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let split = line.split(move |b| {
        match (quote, *b) {
            (None, b'"') => quote = Some(*b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
        quote.is_none() && *b == separator
    });
    split.map(|field| {
        let text = core::str::from_utf8(field).unwrap_or_default().trim();
        text.trim_matches(['"', '\'']).trim()
    })
}

/// The separator of a line of numbers: a tab or a semicolon where there is one, since commas may then be decimal.
pub(super) fn separator(line: &[u8]) -> u8 {
    [b'\t', b';', b','].into_iter().find(|s| line.contains(s)).unwrap_or(b',')
}

/// Whether every field of the line is a number, a time or empty, and one of them a number.
pub(super) fn is_numeric(line: &[u8], separator: u8) -> bool {
    let known = |f: &str| f.is_empty() || number::decimal(f).is_some() || seconds(f).is_some();
    fields(line, separator).all(known) && fields(line, separator).any(|f| number::decimal(f).is_some())
}

/// A time of day or a time since the start, `[[h:]m:]s`, in seconds.
pub(super) fn seconds(field: &str) -> Option<f64> {
    let mut total = 0.0;
    for part in field.trim_matches(['[', ']']).split(':') {
        total = total * 60.0 + number::decimal(part)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_guard_separators() {
        assert_eq!(fields(b"a, \"1,5\" ,'c'", b',').collect::<Vec<_>>(), ["a", "1,5", "c"]);
        assert_eq!(separator(b"1,5;2"), b';');
        assert!(is_numeric(b"0:00.008,-1.5,", b','));
        assert!(!is_numeric(b"time,II", b',') && !is_numeric(b"", b',') && !is_numeric(b"0,abc", b','));
    }

    #[test]
    fn times_of_every_length() {
        assert_eq!(seconds("1:02:03.5"), Some(3723.5));
        assert_eq!(seconds("2:03"), Some(123.0));
        assert_eq!(seconds("12.25"), Some(12.25));
        assert_eq!(seconds("1:x"), None);
    }
}
