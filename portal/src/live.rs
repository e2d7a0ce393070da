//! The live status of a test, as the patient's page tells it: closed enumerations and small numbers, nothing else.

use pqrst::pipeline::Contact;
use pqrst::quality::VerdictReason;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The longest test that a status can speak of: a day.
const LONGEST_S: f64 = 86_400.0;

/// The highest rate that is told; a device's own limit is 250.
const HIGHEST_BPM: u16 = 400;

/// Where a test stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Live {
    /// The session's state.
    pub state: LiveState,
    /// Recorded so far, seconds to 0.1.
    pub elapsed_s: f64,
    /// Asked for, seconds to 0.1.
    pub duration_s: f64,
    /// Skin contact as the device tells it.
    pub contact: Contact,
    /// Heart rate, whole beats a minute; null while unknown.
    pub bpm: Option<u16>,
    /// What spoils the signal now, in the words of quality windows and verdicts.
    pub reasons: Vec<VerdictReason>,
    /// Where the rested series of a blood pressure monitor stands; null without one.
    pub blood_pressure: Option<LivePressure>,
    /// Whether the signal comes from a virtual device.
    pub simulated: bool,
}

/// What a patient with a blood pressure monitor is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LivePressure {
    /// Rest, then measure.
    Rest,
    /// Measure once more.
    MeasureAgain,
    /// Nothing: enough was measured.
    Done,
}

/// The states of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LiveState {
    /// Nothing begun.
    Idle,
    /// The browser asks which device.
    Choosing,
    /// The link is being made.
    Connecting,
    /// Waiting for skin contact.
    Contact,
    /// The start-up transient passes.
    Settling,
    /// Counting.
    Recording,
    /// The link broke and is being made again.
    Reconnecting,
    /// The time asked for is recorded.
    Finished,
    /// It ended without a report.
    Failed,
}

/// A rate is told for this long.
const RATE_LIFETIME_MS: i64 = 5_000;

/// More reasons than there are kinds.
const REASONS: usize = 16;

impl Live {
    /// Holds the numbers to their ranges and steps.
    ///
    /// # Errors
    /// [`Error::Unacceptable`] for a number out of range or a repeated reason.
    pub fn checked(mut self) -> Result<Self, Error> {
        let in_range = |seconds: f64| (0.0..=LONGEST_S).contains(&seconds);
        let repeats =
            self.reasons.iter().enumerate().any(|(i, r)| self.reasons.iter().take(i).any(|s| s == r));
        if !in_range(self.elapsed_s)
            || !in_range(self.duration_s)
            || self.bpm.is_some_and(|bpm| !(1..=HIGHEST_BPM).contains(&bpm))
            || self.reasons.len() > REASONS
            || repeats
        {
            return Err(Error::Unacceptable);
        }
        self.elapsed_s = tenth(self.elapsed_s);
        self.duration_s = tenth(self.duration_s);
        Ok(self)
    }

    /// What is told of a stored status that is `age_ms` old: nothing after `lifetime_ms`, and no rate after
    /// [`RATE_LIFETIME_MS`], since a heart rate on a screen is taken for the present one.
    pub fn told(stored: &str, age_ms: i64, lifetime_ms: i64) -> Option<Self> {
        if age_ms > lifetime_ms {
            return None;
        }
        let live: Self = serde_json::from_str(stored).ok()?;
        Some(Self { bpm: live.bpm.filter(|_| age_ms <= RATE_LIFETIME_MS), ..live })
    }

    /// Whether something is going on, seen from the clinician's list.
    pub fn is_under_way(&self) -> bool {
        !matches!(self.state, LiveState::Idle | LiveState::Finished | LiveState::Failed)
    }
}

fn tenth(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"state":"recording","elapsedS":12.3456,"durationS":30,"contact":"yes","bpm":72,
        "reasons":["leadOff","motion"],"simulated":false}"#;

    fn read(text: &str) -> Option<Live> {
        serde_json::from_str::<Live>(text).ok().and_then(|live| live.checked().ok())
    }

    #[test]
    fn a_status_is_held_to_its_steps() {
        let live = read(GOOD).unwrap();
        assert_eq!(live.elapsed_s, 12.3);
        assert_eq!(live.bpm, Some(72));
        assert!(live.is_under_way());
    }

    #[test]
    fn a_status_ages() {
        let told = |age_ms| Live::told(GOOD, age_ms, 60_000);
        assert_eq!(told(5_000).unwrap().bpm, Some(72));
        assert_eq!(told(5_001).unwrap().bpm, None, "an old rate is no rate");
        assert_eq!(told(60_000).unwrap().state, LiveState::Recording);
        assert_eq!(told(60_001), None);
    }

    #[test]
    fn the_states_are_those_of_a_session() {
        use pqrst::session::State;
        for (theirs, ours) in [
            (State::Idle, LiveState::Idle),
            (State::Choosing, LiveState::Choosing),
            (State::Connecting, LiveState::Connecting),
            (State::Contact, LiveState::Contact),
            (State::Settling, LiveState::Settling),
            (State::Recording, LiveState::Recording),
            (State::Reconnecting, LiveState::Reconnecting),
            (State::Finished, LiveState::Finished),
            (State::Failed, LiveState::Failed),
        ] {
            assert_eq!(serde_json::to_value(theirs).unwrap(), serde_json::to_value(ours).unwrap());
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for (from, to) in [
            ("\"recording\"", "\"sleeping\""),
            ("12.3456", "-1"),
            ("12.3456", "1e9"),
            ("12.3456", "\"12\""),
            ("\"yes\"", "\"Anna\""),
            ("72", "72.5"),
            ("72", "0"),
            ("72", "70000"),
            ("\"motion\"", "\"leadOff\""),
            ("\"motion\"", "\"call me\""),
            ("\"simulated\":false", "\"simulated\":false,\"name\":\"Anna\""),
            (",\"simulated\":false", ""),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD);
            assert_eq!(read(&text), None, "{to}");
        }
    }
}
