//! Time-stamped annotation lists (EDF+ 2.2.2): `+onset[<21>duration]<20>text<20>..<0>`.

use crate::import::bytes::latin_1;
use crate::import::number;

/// An annotation of a data record; the first one without text states when the record begins.
#[derive(Debug, PartialEq)]
pub(super) struct Annotation {
    pub onset_s: f64,
    pub duration_s: Option<f64>,
    /// Empty in the one that keeps the record's time.
    pub text: String,
}

/// Every annotation in the bytes; those that break the rules are left out.
pub(super) fn read(bytes: &[u8]) -> Vec<Annotation> {
    let mut all = Vec::new();
    for list in bytes.split(|b| *b == 0).filter(|l| !l.is_empty()) {
        let mut parts = list.split(|b| *b == 20);
        let time = parts.next().unwrap_or_default();
        let mut time = time.split(|b| *b == 21).map(|t| number::decimal(&latin_1(t)));
        let Some(Some(onset_s)) = time.next() else { continue };
        let duration_s = time.next().flatten();
        // The list ends with <20>: the part behind it is no text.
        let texts: Vec<&[u8]> = parts.collect();
        let Some((_, texts)) = texts.split_last() else { continue };
        for text in texts {
            let text = String::from_utf8_lossy(text).into_owned();
            all.push(Annotation { onset_s, duration_s, text });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_durations_and_several_texts() {
        // The examples of EDF+ 2.2.4.
        let a = read(
            b"+180\x14Lights off\x14Close door\x14\0+1800.2\x1525.5\x14Apnea\x14\0-3\x14\x14\0\0\0junk\0",
        );
        let expected = [
            (180.0, None, "Lights off"),
            (180.0, None, "Close door"),
            (1800.2, Some(25.5), "Apnea"),
            (-3.0, None, ""),
        ];
        let expected = expected.map(|(onset_s, duration_s, text)| Annotation {
            onset_s,
            duration_s,
            text: text.to_owned(),
        });
        assert_eq!(a, expected);
    }
}
