//! Beats, rhythms and waves in the words of EDF+ annotations: `Beat V`, `Rhythm (AFIB`, `Mark p`, `Mark (1`, with the
//! mnemonics of WFDB. EDF+ has no words of its own for most of them.

use crate::import::wfdb::{rhythm_name, AnnotationCode};

const BEAT: &str = "Beat ";
const RHYTHM: &str = "Rhythm ";
const OTHER: &str = "Mark ";

/// The words for a code; its number says which wave it is of. `None` for a code without a mnemonic and for a rhythm
/// without a usual name.
#[must_use]
pub fn words(code: AnnotationCode, number: u8, rhythm: &str) -> Option<String> {
    let mnemonic = code.mnemonic()?;
    Some(match code {
        AnnotationCode::RHYTHM => [RHYTHM, rhythm_name(rhythm)?].concat(),
        _ if code.is_beat() => format!("{BEAT}{mnemonic}"),
        _ if number > 0 => format!("{OTHER}{mnemonic}{number}"),
        _ => format!("{OTHER}{mnemonic}"),
    })
}

/// The code, the number and the rhythm that such words tell.
pub(super) fn told(text: &str) -> Option<(AnnotationCode, u8, &'static str)> {
    if let Some(rhythm) = text.strip_prefix(RHYTHM) {
        return Some((AnnotationCode::RHYTHM, 0, rhythm_name(rhythm)?));
    }
    let rest = text.strip_prefix(BEAT).or(text.strip_prefix(OTHER))?;
    let mut letters = rest.chars();
    let code = AnnotationCode::of_mnemonic(letters.next()?)?;
    let number = letters.as_str();
    let number = if number.is_empty() { 0 } else { number.parse().ok()? };
    (code.is_beat() == text.starts_with(BEAT)).then_some((code, number, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_their_words() {
        for code in (1..=49).map(AnnotationCode) {
            let Some(words) = words(code, 0, "(AFIB") else {
                assert_eq!(code.mnemonic(), None);
                continue;
            };
            let rhythm = if code == AnnotationCode::RHYTHM { "(AFIB" } else { "" };
            assert_eq!(told(&words), Some((code, 0, rhythm)), "{words}");
        }
        let onset = words(AnnotationCode::WAVE_ONSET, 2, "");
        assert_eq!(onset.as_deref(), Some("Mark (2"));
        assert_eq!(told("Mark (2"), Some((AnnotationCode::WAVE_ONSET, 2, "")));
        for other in ["", "Beat", "Beat ", "Beat Smith", "Beat p", "Mark V", "Rhythm (SMITH", "Rhythm", "V"] {
            assert_eq!(told(other), None, "{other}");
        }
        assert_eq!(words(AnnotationCode::RHYTHM, 0, "(SMITH"), None);
    }
}
