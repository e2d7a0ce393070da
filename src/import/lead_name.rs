//! Which names belong to ECG leads.

/// Names of leads in common use, as they are written (ISO 11073-91064 for the twelve, WFDB and Holter practice for
/// the rest). A writer puts out these and no other text.
pub const LEAD_NAMES: &[&str] = &[
    "I", "II", "III", "aVR", "aVL", "aVF", "-aVR", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9",
    "V3R", "V4R", "V5R", "V6R", "V7R", "V", "X", "Y", "Z", "MLI", "MLII", "MLIII", "MV1", "MV2", "MV5",
    "CC5", "CM2", "CM4", "CM5", "CS1", "D3", "ML5", "MCL1", "MCL6", "E", "A", "ES", "AS", "AI", "ECG",
    "ECG1", "ECG2", "ECG3", "RA", "LA", "LL", "C", "C1", "C2", "C3", "C4", "C5", "C6",
];

/// The lead that a label names, in its usual spelling: `ECG II`, `Lead II`, `ii` and `EKG-II` are II. `None` for
/// anything else.
#[must_use]
pub fn standard(label: &str) -> Option<&'static str> {
    let label = label.trim();
    if let Some(name) = LEAD_NAMES.iter().find(|n| n.eq_ignore_ascii_case(label)) {
        return Some(name);
    }
    let (head, tail) = label.split_once(['-', ' ', '_', ':'])?;
    let is_ecg = ["ECG", "EKG", "Lead"].iter().any(|w| w.eq_ignore_ascii_case(head));
    is_ecg.then(|| standard(tail).unwrap_or("ECG"))
}

/// Names by the lead numbers of SCP-ECG (EN 1064, table 5), which DICOM and MDC codes share.
#[must_use]
pub(super) const fn numbered(number: u8) -> &'static str {
    match number {
        1 => "I",
        2 => "II",
        3 => "V1",
        4 => "V2",
        5 => "V3",
        6 => "V4",
        7 => "V5",
        8 => "V6",
        9 => "V7",
        11 => "V3R",
        12 => "V4R",
        13 => "V5R",
        14 => "V6R",
        15 => "V7R",
        16 => "X",
        17 => "Y",
        18 => "Z",
        19 => "CC5",
        20 => "CM5",
        61 => "III",
        62 => "aVR",
        63 => "aVL",
        64 => "aVF",
        65 => "-aVR",
        66 => "V8",
        67 => "V9",
        _ => "",
    }
}

/// Whether a label names an ECG lead.
pub(super) fn is_ecg(label: &str) -> bool {
    let upper = label.to_ascii_uppercase();
    upper.contains("ECG") || upper.contains("EKG") || standard(label).is_some()
}

/// Place of the lead with this name; without one, that of the first ECG lead, or of the first lead when no label
/// tells.
pub(crate) fn chosen<'a>(
    labels: impl Iterator<Item = &'a str> + Clone,
    wanted: Option<&str>,
) -> Option<usize> {
    match wanted {
        Some(name) => {
            let exact = labels.clone().position(|l| l.eq_ignore_ascii_case(name));
            exact.or_else(|| {
                labels.clone().position(|l| standard(l).is_some_and(|s| s.eq_ignore_ascii_case(name)))
            })
        }
        None => {
            let first = labels.clone().position(is_ecg);
            first.or_else(|| labels.clone().next().map(|_| 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_use_are_understood_and_names_of_people_are_not() {
        for (label, lead) in [
            ("II", Some("II")),
            ("avr", Some("aVR")),
            ("ECG II", Some("II")),
            ("EKG-V5", Some("V5")),
            ("Lead I", Some("I")),
            ("ECG Lead aVF", Some("aVF")),
            ("ECG 2-lead", Some("ECG")),
            ("John Q. Public", None),
            ("Smith II", None),
            ("EEG Fp1", None),
            ("", None),
        ] {
            assert_eq!(standard(label), lead, "{label}");
        }
    }

    #[test]
    fn without_a_name_the_first_ecg_is_chosen() {
        let labels = ["EEG Fp1", "ECG II", "V1"];
        let chosen = |name| chosen(labels.iter().copied(), name);
        assert_eq!(
            (chosen(None), chosen(Some("v1")), chosen(Some("II")), chosen(Some("x"))),
            (Some(1), Some(2), Some(1), None)
        );
        assert_eq!(super::chosen(["sig 0"].into_iter(), None), Some(0));
    }
}
