//! Beats by their codes in HL7 aECG (Implementation Guide of 2005; IEEE 11073-10102).

use crate::import::wfdb::AnnotationCode;

/// What all codes of beats begin with.
const BEAT: &str = "MDC_ECG_BEAT";

/// How the rest of a code begins, and its number in ecgcodes.h; the first that fits counts. An abnormal or dominant beat
/// is not told where from.
const KINDS: [(&str, u8); 21] = [
    ("_NORMAL", 1),
    ("_V_P_C_FUSION", 6),
    ("_V_P_C_RonT", 41),
    ("_V_P_C", 5),
    ("_V_ESC", 10),
    ("_ATR_P_C_ABER", 4),
    ("_ATR_P_C", 8),
    ("_ATR_PWAVE_B", 37),
    ("_ATR_ESC", 34),
    ("_JUNC_P_C", 7),
    ("_JUNC_ESC", 11),
    ("_SV_P_C", 9),
    ("_SV_ESC", 35),
    ("_LBB_BLK", 2),
    ("_RBB_BLK", 3),
    ("_BB_BLK", 25),
    ("_BLK", 25),
    ("_PACED_FUS", 38),
    ("_PACED", 12),
    ("_UNKNOWN", 13),
    ("_LEARN", 30),
];

/// The code of a beat; `None` for what is no beat.
pub(super) fn code(mdc: &str) -> Option<AnnotationCode> {
    let rest = mdc.strip_prefix(BEAT)?;
    let known = KINDS.iter().find(|(kind, _)| rest.starts_with(kind));
    Some(known.map_or(AnnotationCode::UNCLASSIFIED, |(_, code)| AnnotationCode(*code)))
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn kinds_of_beats() {
        let mnemonic = |mdc: &str| code(mdc).and_then(|c| c.mnemonic());
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
}
