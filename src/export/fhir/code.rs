//! Codes and systems. Every LOINC is tested by its check digit; what has no LOINC gets a local code and text.

use super::{CodeableConcept, Coding};
use crate::pipeline::{NullReason, RedFlag, Regularity, Rhythm, RhythmConfidence, VerdictRow};
use crate::quality::Outcome;
use crate::rhythm::RhythmLabel;
use crate::signal::DeviceClass;

pub(super) const URI_SYSTEM: &str = "urn:ietf:rfc:3986";
pub(super) const VISIT_SYSTEM: &str = "urn:pqrst:visit";
pub(super) const READING_SYSTEM: &str = "urn:pqrst:reading";
pub(super) const UCUM_SYSTEM: &str = "http://unitsofmeasure.org";
pub(super) const ABSENT_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
const LOINC_SYSTEM: &str = "http://loinc.org";
const LOCAL_SYSTEM: &str = "urn:pqrst:code";
const LABEL_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
const REASON_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const CATEGORY_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

/// Heart rate.
const LOINC_HEART_RATE: &str = "8867-4";
/// EKG study.
const LOINC_EKG_STUDY: &str = "11524-6";
/// Heart rate rhythm.
const LOINC_RHYTHM: &str = "8884-9";
/// P-R interval.
const LOINC_PR: &str = "8625-6";
/// QRS duration.
const LOINC_QRS: &str = "8633-0";
/// Q-T interval.
const LOINC_QT: &str = "8634-8";
/// Q-T interval corrected by Fridericia's formula.
const LOINC_QTC_FRIDERICIA: &str = "76634-5";
/// Q-T interval corrected by Bazett's formula.
const LOINC_QTC_BAZETT: &str = "76635-2";
/// R-R interval standard deviation (heart rate variability).
const LOINC_SDNN: &str = "80404-7";

fn concept(system: &'static str, code: &'static str, text: &'static str) -> CodeableConcept {
    CodeableConcept { coding: vec![Coding { system, code, display: None }], text: Some(text) }
}

pub(super) fn local(code: &'static str, text: &'static str) -> CodeableConcept {
    concept(LOCAL_SYSTEM, code, text)
}

/// The component that carries the exact summary.
pub(super) fn summary() -> CodeableConcept {
    local("summary", "pqrst summary, JSON")
}

pub(super) fn labels(simulated: bool) -> Vec<Coding> {
    let label = |code| Coding { system: LABEL_SYSTEM, code, display: None };
    let mut labels = vec![label("PSEUDED"), label("DEVAST")];
    if simulated {
        labels.push(Coding { system: REASON_SYSTEM, code: "HTEST", display: None });
    }
    labels
}

pub(super) fn category(code: &'static str, text: &'static str) -> CodeableConcept {
    concept(CATEGORY_SYSTEM, code, text)
}

pub(super) fn loinc(code: &'static str, text: &'static str) -> CodeableConcept {
    concept(LOINC_SYSTEM, code, text)
}

/// A study of the ECG, or a heart rate where no ECG was seen.
pub(super) fn study(class: DeviceClass) -> CodeableConcept {
    match class {
        DeviceClass::HeartRateSensor => concept(LOINC_SYSTEM, LOINC_HEART_RATE, "Heart rate"),
        _ => concept(LOINC_SYSTEM, LOINC_EKG_STUDY, "EKG study"),
    }
}

/// The code of a value of the summary.
pub(super) fn value(name: &'static str) -> CodeableConcept {
    match name {
        "meanBpm" => statistic("mean", "Mean heart rate"),
        "minBpm" => statistic("minimum", "Lowest heart rate"),
        "maxBpm" => statistic("maximum", "Highest heart rate"),
        "sdnnMs" => concept(LOINC_SYSTEM, LOINC_SDNN, "SDNN"),
        "rmssdMs" => local(name, "RMSSD"),
        "pnn50Percent" => local(name, "pNN50"),
        "prMs" => concept(LOINC_SYSTEM, LOINC_PR, "PR interval"),
        "qrsMs" => concept(LOINC_SYSTEM, LOINC_QRS, "QRS duration"),
        "qtMs" => concept(LOINC_SYSTEM, LOINC_QT, "QT interval"),
        "qtcFridericiaMs" => concept(LOINC_SYSTEM, LOINC_QTC_FRIDERICIA, "QTc, Fridericia"),
        "qtcBazettMs" => concept(LOINC_SYSTEM, LOINC_QTC_BAZETT, "QTc, Bazett"),
        "qtcFraminghamMs" => local(name, "QTc, Framingham"),
        "qtcHodgesMs" => local(name, "QTc, Hodges"),
        "ventricularPerMin" => local(name, "Ventricular ectopic beats a minute"),
        "supraventricularPerMin" => local(name, "Supraventricular ectopic beats a minute"),
        "sd1Ms" => local(name, "SD1"),
        "sd2Ms" => local(name, "SD2"),
        other => local(other, other),
    }
}

/// Heart rate by LOINC, with the statistic as a second, local code.
fn statistic(code: &'static str, text: &'static str) -> CodeableConcept {
    let mut concept = concept(LOINC_SYSTEM, LOINC_HEART_RATE, text);
    concept.coding.push(Coding { system: LOCAL_SYSTEM, code, display: None });
    concept
}

/// UCUM unit of a value of the summary.
pub(super) fn unit(name: &str) -> &'static str {
    if name.ends_with("Bpm") || name.ends_with("PerMin") {
        "/min"
    } else if name.ends_with("Percent") {
        "%"
    } else {
        "ms"
    }
}

pub(super) fn rhythm() -> CodeableConcept {
    concept(LOINC_SYSTEM, LOINC_RHYTHM, "Heart rate rhythm")
}

pub(super) fn regularity(rhythm: &Rhythm) -> CodeableConcept {
    match (rhythm.regularity, rhythm.confidence) {
        (Regularity::Regular, Some(RhythmConfidence::Likely)) => local("regular", "regular, likely"),
        (Regularity::Regular, _) => local("regular", "regular, possible"),
        (Regularity::Irregular, Some(RhythmConfidence::Likely)) => local("irregular", "irregular, likely"),
        (Regularity::Irregular, _) => local("irregular", "irregular, possible"),
        (Regularity::CannotSay, _) => local("cannotSay", "cannot say"),
    }
}

/// A word for the rhythm, as a hint.
pub(super) fn label(label: RhythmLabel) -> CodeableConcept {
    match label {
        RhythmLabel::Normal => local("normal", "no irregularity found"),
        RhythmLabel::Af => local("af", "irregular, like atrial fibrillation"),
        RhythmLabel::Other => local("other", "another irregularity"),
        RhythmLabel::Noisy => local("noisy", "too noisy to tell"),
    }
}

pub(super) fn red_flag(flag: RedFlag) -> CodeableConcept {
    match flag {
        RedFlag::RateAbove => local("rateAbove", "heart rate above"),
        RedFlag::RateBelow => local("rateBelow", "heart rate below"),
        RedFlag::Pause => local("pause", "no beat for longer"),
        RedFlag::WideRun => local("wideRun", "ventricular beats in a row"),
        RedFlag::RapidIrregular => local("rapidIrregular", "rapid and irregular"),
        RedFlag::PressureHigh => local("pressureHigh", "blood pressure above"),
        RedFlag::PressureLow => local("pressureLow", "blood pressure below"),
    }
}

pub(super) fn verdict(verdict: &VerdictRow) -> CodeableConcept {
    match verdict.kind {
        Outcome::Usable => local("usable", "usable"),
        Outcome::Retake => local("retake", "to be repeated"),
        Outcome::NoVerdict => local("noVerdict", "no verdict"),
    }
}

pub(super) fn device_text(class: DeviceClass) -> &'static str {
    match class {
        DeviceClass::ChestStrapEcg => "chest strap, single lead",
        DeviceClass::EcgMonitor => "ECG monitor, single lead",
        DeviceClass::HeartRateSensor => "heart rate sensor",
        DeviceClass::Recording => "recording",
    }
}

pub(super) fn reason_text(reason: NullReason) -> &'static str {
    match reason {
        NullReason::TooShort => "recording too short",
        NullReason::TooFewBeats => "too few intervals",
        NullReason::PoorQuality => "signal quality too poor",
        NullReason::NoSignal => "no signal",
        NullReason::Irregular => "withheld: irregular rhythm",
        NullReason::Ectopic => "withheld: too many intervals left out",
        NullReason::Pacemaker => "withheld: pacemaker",
        NullReason::NotStationary => "withheld: rate drifted",
        NullReason::WideQrs => "withheld: wide QRS",
        NullReason::UnclearWave => "waves unclear",
    }
}

/// The check digit of a LOINC code by its mod 10 rule (Luhn), for the part before the hyphen.
#[must_use]
pub fn loinc_check_digit(number: &str) -> Option<u8> {
    let mut sum = 0u32;
    for (place, digit) in number.chars().rev().enumerate() {
        let digit = digit.to_digit(10)?;
        let doubled = if place % 2 == 0 { digit * 2 } else { digit };
        sum += doubled / 10 + doubled % 10;
    }
    (!number.is_empty()).then_some(((10 - sum % 10) % 10) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loinc_passes_its_check_digit() {
        use crate::device::reading::{Panel, Quantity};
        use crate::export::fhir::pressure::{LOINC_DIASTOLIC_MEAN, LOINC_PANEL_MEAN, LOINC_SYSTOLIC_MEAN};
        let intervals = [LOINC_PR, LOINC_QRS, LOINC_QT, LOINC_QTC_FRIDERICIA, LOINC_QTC_BAZETT];
        let ours = [LOINC_HEART_RATE, LOINC_EKG_STUDY, LOINC_RHYTHM, LOINC_SDNN].into_iter().chain(intervals);
        let means = [LOINC_PANEL_MEAN, LOINC_SYSTOLIC_MEAN, LOINC_DIASTOLIC_MEAN];
        let measured = Quantity::ALL.iter().map(|quantity| quantity.loinc());
        for code in ours.chain(means).chain(measured).chain(Panel::ALL.iter().map(|panel| panel.loinc())) {
            let (number, digit) = code.split_once('-').unwrap();
            assert_eq!(loinc_check_digit(number).map(|d| d.to_string()).as_deref(), Some(digit), "{code}");
        }
        // Seen in public code and wrong.
        for code in ["18844-9", "11524-0", "80358-0"] {
            let (number, digit) = code.split_once('-').unwrap();
            assert_ne!(loinc_check_digit(number).map(|d| d.to_string()).as_deref(), Some(digit), "{code}");
        }
    }
}
