//! MIT annotation files, by annot(5).

use super::annotation_reader::AnnotationReader;
use crate::import::{ImportError, Source};
use crate::units::{Hertz, SampleIndex};

/// Largest annotation file that is held at once; a day of beats has about 300 kB.
pub(super) const MAX_ANNOTATION_BYTES: u64 = 1 << 26;

/// The note that states the clock of the annotations.
const RESOLUTION_NOTE: &str = "## time resolution:";

/// What an annotation marks: the number of ecgcodes.h, 1 to 49.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnnotationCode(pub u8);

/// Mnemonics by number, index 0 is code 1; a blank has none.
const MNEMONICS: &[u8; 41] = b"NLRaVFJASEj/Q~ | sT*D\"=pB^t+u?![]en@xf()r";

impl AnnotationCode {
    /// A beat that is normal, or whose class is not known.
    pub const NORMAL: Self = Self(1);
    /// A beat with a blocked left bundle branch.
    pub const LEFT_BUNDLE: Self = Self(2);
    /// A beat with a blocked right bundle branch.
    pub const RIGHT_BUNDLE: Self = Self(3);
    /// A premature ventricular beat.
    pub const VENTRICULAR: Self = Self(5);
    /// A premature atrial beat.
    pub const ATRIAL: Self = Self(8);
    /// A beat whose class could not be told.
    pub const UNCLASSIFIED: Self = Self(13);
    /// A change of rhythm, which its text names.
    pub const RHYTHM: Self = Self(28);
    /// The onset of a wave, which its number names.
    pub const WAVE_ONSET: Self = Self(39);
    /// The end of a wave.
    pub const WAVE_END: Self = Self(40);

    /// The mnemonic that WFDB prints, where the code has one.
    #[must_use]
    pub fn mnemonic(self) -> Option<char> {
        let place = usize::from(self.0).checked_sub(1)?;
        MNEMONICS.get(place).map(|c| char::from(*c)).filter(|c| *c != ' ')
    }

    /// The code that WFDB prints so.
    #[must_use]
    pub fn of_mnemonic(mnemonic: char) -> Option<Self> {
        (1..=MNEMONICS.len() as u8).map(Self).find(|code| code.mnemonic() == Some(mnemonic))
    }

    /// Whether the code marks a P, T or U wave, or the onset or end of a wave.
    #[must_use]
    pub fn is_wave(self) -> bool {
        matches!(self.0, 24 | 27 | 29 | 39 | 40)
    }

    /// Whether the code marks a QRS complex (isqrs in ecgmap.h).
    #[must_use]
    pub fn is_beat(self) -> bool {
        matches!(self.0, 1..=13 | 25 | 30 | 34 | 35 | 38 | 41)
    }
}

/// One annotation. Its text stays with whoever opened the file: the type cannot be serialised and prints masked.
#[derive(Clone, PartialEq)]
pub struct Annotation {
    /// Place on the clock of the annotation file.
    pub at: SampleIndex,
    /// What it marks.
    pub code: AnnotationCode,
    /// Subtype.
    pub subtype: i8,
    /// Signal it belongs to.
    pub channel: u8,
    /// Number field.
    pub number: i8,
    /// Text, such as a rhythm; empty when there is none.
    pub text: String,
}

impl core::fmt::Debug for Annotation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Annotation").field("at", &self.at).field("code", &self.code).finish_non_exhaustive()
    }
}

/// The content of an annotation file.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotations {
    /// In the order of the file.
    pub list: Vec<Annotation>,
    /// Ticks a second of the annotations' clock where the file states them; otherwise it is the signal's rate.
    pub resolution_hz: Option<f64>,
}

impl Annotations {
    /// Places of the beats, on the clock of a signal of this rate.
    pub fn beats(&self, rate: Hertz) -> impl Iterator<Item = SampleIndex> + '_ {
        let beats = self.list.iter().filter(|a| a.code.is_beat());
        beats.map(move |a| self.place(a, rate))
    }

    /// Place of an annotation on the clock of a signal of this rate.
    #[must_use]
    pub fn place(&self, annotation: &Annotation, rate: Hertz) -> SampleIndex {
        match self.resolution_hz {
            Some(hz) if hz != rate.get() => {
                SampleIndex((annotation.at.0 as f64 * rate.get() / hz).round() as u64)
            }
            _ => annotation.at,
        }
    }
}

/// Reads an annotation file.
///
/// # Errors
/// [`ImportError::Annotation`] for places before the start of the record, [`ImportError::Truncated`] for a file
/// that ends inside an annotation, [`ImportError::TooLarge`] above 64 MiB, and what the source reports. A missing end mark
/// is forgiven.
pub fn read_annotations(source: &dyn Source, name: &str) -> Result<Annotations, ImportError> {
    if source.size(name)? > MAX_ANNOTATION_BYTES {
        return Err(ImportError::TooLarge);
    }
    let mut reader = AnnotationReader::of(source, name);
    let mut list = Vec::new();
    while let Some(annotation) = reader.next()? {
        list.push(annotation);
    }
    let resolution_hz = list.iter().take_while(|a| a.at.0 == 0).find_map(resolution);
    Ok(Annotations { list, resolution_hz })
}

/// Ticks a second of the annotations' clock, where this is the note that states them.
pub(super) fn resolution(note: &Annotation) -> Option<f64> {
    let hz: f64 = note.text.strip_prefix(RESOLUTION_NOTE)?.trim().parse().ok()?;
    (hz.is_finite() && hz > 0.0).then_some(hz)
}

#[cfg(test)]
mod tests {
    use super::super::annotation_reader::{AUX, CHN, NUM, SKIP, SUB};
    use super::*;
    use crate::import::MemorySource;

    fn read(words: &[u16]) -> Result<Annotations, ImportError> {
        let mut files = MemorySource::new();
        files.insert("a.atr", words.iter().flat_map(|w| w.to_le_bytes()).collect());
        read_annotations(&files, "a.atr")
    }

    #[test]
    fn skips_texts_and_qualifiers_are_understood() {
        let (n, v) = (1 << 10, 5 << 10);
        let file = [
            n | 5,
            SKIP << 10,
            1,
            0x0002,
            v | 3,
            SUB << 10 | 0x3fe,
            CHN << 10 | 1,
            NUM << 10 | 2,
            AUX << 10 | 3,
            u16::from_le_bytes(*b"(N"),
            u16::from_le_bytes([b'X', 0]),
            n | 1,
            0,
            n | 9,
        ];
        let a = read(&file).unwrap();
        assert_eq!(a.list.len(), 3);
        assert_eq!(a.list[1].at.0, 5 + 65_538 + 3);
        assert_eq!((a.list[1].subtype, a.list[1].channel, a.list[1].number), (-2, 1, 2));
        assert_eq!(a.list[1].text, "(NX");
        assert_eq!((a.list[2].subtype, a.list[2].channel, a.list[2].number), (0, 1, 2));
        assert!(a.list.iter().all(|a| a.code.is_beat()));
        assert!(!format!("{a:?}").contains("NX"));
    }

    #[test]
    fn a_resolution_note_sets_the_clock() {
        let note = b"## time resolution: 720\0";
        let mut file = vec![22 << 10, AUX << 10 | note.len() as u16];
        file.extend(note.chunks(2).map(|b| u16::from_le_bytes([b[0], b[1]])));
        file.extend([1 << 10 | 100, 0]);
        let a = read(&file).unwrap();
        assert_eq!(a.resolution_hz, Some(720.0));
        let beats: Vec<_> = a.beats(Hertz::new(360.0).unwrap()).collect();
        assert_eq!(beats, [SampleIndex(50)]);
    }

    #[test]
    fn broken_files_are_errors_and_cut_files_never_panic() {
        assert_eq!(read(&[SKIP << 10, 0xffff, 0, 1 << 10]).unwrap_err().code(), "import.annotation");
        assert_eq!(read(&[SKIP << 10, 1]).unwrap_err().code(), "import.truncated");
        assert_eq!(read(&[1 << 10, AUX << 10 | 9, 7]).unwrap_err().code(), "import.truncated");
        assert_eq!(read(&[]).unwrap().list.len(), 0);
    }

    #[test]
    fn mnemonics_sit_at_their_numbers() {
        for (code, mnemonic) in
            [(1, 'N'), (5, 'V'), (12, '/'), (14, '~'), (25, 'B'), (28, '+'), (32, '['), (41, 'r')]
        {
            assert_eq!(AnnotationCode(code).mnemonic(), Some(mnemonic));
        }
        assert_eq!(AnnotationCode(0).mnemonic(), None);
        assert_eq!(AnnotationCode(17).mnemonic(), None);
        assert_eq!(AnnotationCode::of_mnemonic('V'), Some(AnnotationCode(5)));
        assert_eq!(AnnotationCode::of_mnemonic(' '), None);
        let beats: String = (0..64)
            .map(AnnotationCode)
            .filter(|c| c.is_beat())
            .filter_map(AnnotationCode::mnemonic)
            .collect();
        assert_eq!(beats, "NLRaVFJASEj/QB?enfr");
    }
}
