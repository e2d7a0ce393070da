//! What a clinic decides about red flags: its limits, its words for the patient, who looks, and how soon.

use pqrst::pipeline::RedFlagLimits;
use serde::{Deserialize, Serialize};

/// Characters of a text that pages print.
const LONGEST_NAME: usize = 80;
const LONGEST_NOTICE: usize = 300;

/// A day, in minutes.
const LATEST_MIN: u32 = 1440;

/// A clinic's choices about red flags; read from the file of `--clinic`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Clinic {
    /// Limits; null switches one off.
    pub red_flags: RedFlagLimits,
    /// What a patient reads when a limit is passed; the page's own neutral sentence where there is none.
    pub red_flag_notice: Option<String>,
    /// Role or name of who acknowledges a flag. Told to clinicians only.
    pub responsible: String,
    /// Minutes after its receipt within which a flag is to be acknowledged.
    pub acknowledge_within_min: u32,
}

impl Default for Clinic {
    fn default() -> Self {
        Self {
            red_flags: RedFlagLimits::default(),
            red_flag_notice: None,
            responsible: "the clinician of this visit".to_owned(),
            acknowledge_within_min: 15,
        }
    }
}

impl Clinic {
    /// Reads the choices from JSON; `Err` is one line for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let clinic: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if !clinic.red_flags.are_sound() {
            return Err("redFlags holds a limit that nobody can reach".to_owned());
        }
        if !is_line(&clinic.responsible, LONGEST_NAME) {
            return Err(format!("responsible has 1 to {LONGEST_NAME} printable characters"));
        }
        if clinic.red_flag_notice.as_deref().is_some_and(|notice| !is_line(notice, LONGEST_NOTICE)) {
            return Err(format!("redFlagNotice has 1 to {LONGEST_NOTICE} printable characters"));
        }
        if !(1..=LATEST_MIN).contains(&clinic.acknowledge_within_min) {
            return Err(format!("acknowledgeWithinMin is 1 to {LATEST_MIN}"));
        }
        Ok(clinic)
    }

    /// How long an acknowledgement may take, milliseconds.
    pub fn acknowledge_within_ms(&self) -> i64 {
        i64::from(self.acknowledge_within_min) * 60_000
    }
}

fn is_line(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_usual_and_null_is_off() {
        let clinic = Clinic::parse(
            r#"{"redFlags": {"rateAboveBpm": 130, "pauseAboveS": null}, "responsible": "Cardiology on call"}"#,
        )
        .unwrap();
        assert_eq!(clinic.red_flags.rate_above_bpm, Some(130.0));
        assert_eq!(clinic.red_flags.pause_above_s, None);
        assert_eq!(clinic.red_flags.systolic_above, Some(180.0));
        assert_eq!(
            (clinic.responsible.as_str(), clinic.acknowledge_within_ms()),
            ("Cardiology on call", 900_000)
        );
        assert_eq!(Clinic::parse("{}").unwrap(), Clinic::default());
    }

    #[test]
    fn a_mistake_is_named() {
        for (text, part) in [
            ("3", "invalid"),
            (r#"{"limits": {}}"#, "unknown field"),
            (r#"{"redFlags": {"rateAboveBpm": 5}}"#, "nobody can reach"),
            (r#"{"redFlags": {"rate": 5}}"#, "unknown field"),
            (r#"{"responsible": ""}"#, "responsible"),
            (r#"{"responsible": "a\nb"}"#, "responsible"),
            (r#"{"redFlagNotice": " "}"#, "redFlagNotice"),
            (r#"{"acknowledgeWithinMin": 0}"#, "acknowledgeWithinMin"),
        ] {
            let said = Clinic::parse(text).expect_err(text);
            assert!(said.contains(part), "{text}: {said}");
        }
    }
}
