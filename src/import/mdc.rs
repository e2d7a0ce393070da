//! Beats in the nomenclature of ISO/IEEE 11073-10102, which HL7 aECG names by reference identifiers (Implementation Guide
//! of 2005) and DICOM by numbers (PS3.16 CID 3335).

use super::wfdb::AnnotationCode;

/// What all identifiers of beats begin with.
const BEAT: &str = "MDC_ECG_BEAT";

/// The number of a beat, what it is in ecgcodes.h, and how the rest of its identifier begins. Every 16th number is a beat; one
/// between two rows is another kind of the row before it. An abnormal, dominant or pre-excited beat is not told where from.
/// Names are filled up with blanks, which weighs less than a pointer to each.
const BEATS: [(u16, u8, [u8; 13]); 24] = [
    (8192, 13, *b"             "),
    (8208, 1, *b"_NORMAL      "),
    (8224, 13, *b"_ABNORMAL    "),
    (8256, 9, *b"_SV_P_C      "),
    (8272, 8, *b"_ATR_P_C     "),
    (8288, 7, *b"_JUNC_P_C    "),
    (8304, 4, *b"_ATR_P_C_ABER"),
    (8320, 37, *b"_ATR_PWAVE_B "),
    (8336, 5, *b"_V_P_C       "),
    (8352, 6, *b"_V_P_C_FUSION"),
    (8368, 41, *b"_V_P_C_RonT  "),
    (8384, 35, *b"_SV_ESC      "),
    (8400, 34, *b"_ATR_ESC     "),
    (8416, 11, *b"_JUNC_ESC    "),
    (8432, 10, *b"_V_ESC       "),
    (8448, 25, *b"_BB_BLK      "),
    (8464, 2, *b"_LBB_BLK     "),
    (8496, 3, *b"_RBB_BLK     "),
    (8528, 25, *b"_BLK         "),
    (8624, 13, *b"_PREX        "),
    (8704, 12, *b"_PACED       "),
    (8720, 38, *b"_PACED_FUS   "),
    (8736, 13, *b"_UNKNOWN     "),
    (8752, 30, *b"_LEARN       "),
];
const LAST: usize = 8752;

/// The beat of an identifier; `None` for what is no beat. Of names that begin alike the longer one comes later.
pub(super) fn named(id: &str) -> Option<AnnotationCode> {
    let rest = id.strip_prefix(BEAT)?;
    let row = BEATS.iter().rev().find(|(.., name)| rest.as_bytes().starts_with(name.trim_ascii_end()));
    row.map(|(_, code, _)| AnnotationCode(*code))
}

/// The beat of a number within the ECG's part of the nomenclature; `None` for what is no beat.
pub(super) fn numbered(number: usize) -> Option<AnnotationCode> {
    let is_beat = number <= LAST && number.is_multiple_of(16);
    let row = BEATS.iter().rev().find(|(first, ..)| is_beat && usize::from(*first) <= number);
    row.map(|(_, code, _)| AnnotationCode(*code))
}

#[cfg(test)]
mod tests {
    use super::{named, numbered};

    #[test]
    fn kinds_of_beats() {
        let mnemonic = |mdc: &str| named(mdc).and_then(|c| c.mnemonic());
        for (mdc, expected) in [
            ("MDC_ECG_BEAT_NORMAL", Some('N')),
            ("MDC_ECG_BEAT_V_P_C", Some('V')),
            ("MDC_ECG_BEAT_V_P_C_FUSION", Some('F')),
            ("MDC_ECG_BEAT_V_P_C_RonT", Some('r')),
            ("MDC_ECG_BEAT_V_ESC", Some('E')),
            ("MDC_ECG_BEAT_ATR_P_C_ABERR", Some('a')),
            ("MDC_ECG_BEAT_ATR_PWAVE_BLK", Some('x')),
            ("MDC_ECG_BEAT_SV_P_C", Some('S')),
            ("MDC_ECG_BEAT_BLK_IVCD", Some('B')),
            ("MDC_ECG_BEAT_WPW_A", Some('Q')),
            ("MDC_ECG_BEAT_RBB_BLK_COMP", Some('R')),
            ("MDC_ECG_BEAT_PACED", Some('/')),
            ("MDC_ECG_BEAT", Some('Q')),
            ("MDC_ECG_WAVC_QRSWAVE", None),
        ] {
            assert_eq!(mnemonic(mdc), expected, "{mdc}");
        }
    }

    #[test]
    fn numbers_of_beats() {
        let beats = (0..70_000).filter_map(numbered).map(|c| c.0);
        // Each of the 36 numbers in turn.
        assert!(beats.eq([
            13, 1, 13, 13, 9, 8, 7, 4, 37, 5, 6, 41, 35, 34, 11, 10, 25, 2, 2, 3, 3, 25, 25, 25, 25, 25, 25,
            13, 13, 13, 13, 13, 12, 38, 13, 30,
        ]));
    }
}
