//! MIT annotation files (annot(5) of the WFDB Applications Guide), for comparison with reference annotations.
//!
//! A list of beat places can be matched to a person's recording, so the type here is local: it turns into bytes
//! for a file on the user's own machine and cannot be serialised into anything that is sent.

use crate::units::{SampleIndex, SamplePlace};

/// Code of a beat that is normal or whose class is not known, `N`.
pub const NORMAL: u8 = 1;

/// Longest interval that a word holds; longer ones are written as SKIP.
const LONGEST_IN_A_WORD: u64 = 1023;

const SKIP: u16 = 59;
const NUM: u16 = 60;
const AUX: u16 = 63;

/// Largest code that marks an annotation; those above are SKIP, NUM, SUB, CHN and AUX.
const LAST_CODE: u8 = 49;

/// A note on the rhythm, `+`; its text begins with a parenthesis, as in `(AFIB`.
pub const RHYTHM: u8 = 28;
/// Peak of a P wave, `p`, and of a T wave, `t`.
pub const P_WAVE: u8 = 24;
/// See [`P_WAVE`].
pub const T_WAVE: u8 = 27;
/// Onset and end of a wave, `(` and `)`; their number says which: 0 P wave, 1 QRS complex, 2 T wave.
pub const WAVE_ONSET: u8 = 39;
/// See [`WAVE_ONSET`].
pub const WAVE_END: u8 = 40;

/// An annotation file in the making.
#[derive(Default)]
pub struct WfdbAnnotations {
    bytes: Vec<u8>,
    last: u64,
    /// The number field of the annotation before, which the next one inherits.
    number: u8,
}

impl WfdbAnnotations {
    /// A file without annotations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a beat of unknown class at the sample nearest to `at`.
    pub fn push_beat(&mut self, at: SamplePlace) {
        // The cast saturates: NaN and negative places become 0.
        self.push(SampleIndex(at.0.round() as u64), NORMAL);
    }

    /// Adds an annotation. Codes that are no annotation (0 and above 49) are written as `N`, and a place before
    /// the one written last goes where that one is: the file stays in order.
    pub fn push(&mut self, at: SampleIndex, code: u8) {
        let code = if (1..=LAST_CODE).contains(&code) { code } else { NORMAL };
        let mut interval = at.0.saturating_sub(self.last);
        self.last = self.last.max(at.0);
        while interval > LONGEST_IN_A_WORD {
            let step = interval.min(i32::MAX as u64);
            let step_bits = step as u32;
            self.word(SKIP << 10);
            self.word((step_bits >> 16) as u16);
            self.word((step_bits & 0xffff) as u16);
            interval -= step;
        }
        self.word(u16::from(code) << 10 | interval as u16);
    }

    /// Adds an annotation with a number, which says of which wave an onset or end is.
    pub fn push_numbered(&mut self, at: SampleIndex, code: u8, number: u8) {
        self.push(at, code);
        if self.number != number {
            self.number = number;
            self.word(NUM << 10 | u16::from(number));
        }
    }

    /// Adds a note on the rhythm from here on.
    pub fn push_rhythm(&mut self, at: SampleIndex, text: &'static str) {
        self.push_numbered(at, RHYTHM, 0);
        let text = text.as_bytes();
        let length = text.len().min(255);
        self.word(AUX << 10 | length as u16);
        self.bytes.extend(text.iter().take(length));
        if length % 2 == 1 {
            self.bytes.push(0);
        }
    }

    /// The bytes of the file.
    #[must_use]
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.word(0);
        self.bytes
    }

    fn word(&mut self, word: u16) {
        self.bytes.extend(word.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::wfdb::read_annotations;
    use crate::import::MemorySource;
    use proptest::prelude::*;

    fn read_back(file: WfdbAnnotations) -> Vec<(u64, u8)> {
        let mut files = MemorySource::new();
        files.insert("r.pqrst", file.into_bytes());
        let read = read_annotations(&files, "r.pqrst").unwrap();
        read.list.iter().map(|a| (a.at.0, a.code.0)).collect()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(steps in prop::collection::vec((0_u64..5000, 1_u8..=49), 0..50)) {
            let mut file = WfdbAnnotations::new();
            let (mut at, mut expected) = (0, Vec::new());
            for (step, code) in steps {
                at += step;
                file.push(SampleIndex(at), code);
                expected.push((at, code));
            }
            prop_assert_eq!(read_back(file), expected);
        }
    }

    #[test]
    fn numbers_and_rhythms_are_read_back() {
        let mut file = WfdbAnnotations::new();
        file.push_rhythm(SampleIndex(3), "(AFIB");
        file.push_numbered(SampleIndex(90), WAVE_ONSET, 1);
        file.push_numbered(SampleIndex(100), 5, 0);
        file.push_numbered(SampleIndex(110), WAVE_END, 1);
        file.push_numbered(SampleIndex(5000), T_WAVE, 1);
        file.push_rhythm(SampleIndex(6000), "(N");
        let mut files = MemorySource::new();
        files.insert("r.pqrst", file.into_bytes());
        let read = read_annotations(&files, "r.pqrst").unwrap();
        let rows: Vec<_> = read.list.iter().map(|a| (a.at.0, a.code.0, a.number, a.text.as_str())).collect();
        let expected = [
            (3, RHYTHM, 0, "(AFIB"),
            (90, WAVE_ONSET, 1, ""),
            (100, 5, 0, ""),
            (110, WAVE_END, 1, ""),
            (5000, T_WAVE, 1, ""),
            (6000, RHYTHM, 0, "(N"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn long_intervals_and_odd_places_survive() {
        let mut file = WfdbAnnotations::new();
        for at in [1023.4, f64::NAN, 2047.0, 1e10] {
            file.push_beat(SamplePlace(at));
        }
        file.push(SampleIndex(3), 63);
        let expected = [1023, 1023, 2047, 10_000_000_000, 10_000_000_000].map(|at| (at, NORMAL));
        assert_eq!(read_back(file), expected);
    }
}
