//! What an operator chooses when the portal is started.

use std::path::PathBuf;
use std::time::Duration;

use crate::clinic::Clinic;

/// The portal's settings. No secret is among them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The number that both pages show for emergencies: digits, optionally led by `+`.
    pub emergency_number: EmergencyNumber,
    /// What the clinic decides about red flags.
    pub clinic: Clinic,
    /// The folder of the built pages; `None` serves the API alone.
    pub www: Option<PathBuf>,
    /// How long a sign-in lasts, counted from its beginning.
    pub session_lifetime: Duration,
    /// How long an invitation link works. A result that waits in the patient's queue must arrive within it.
    pub invitation_lifetime: Duration,
    /// After this time without a new live status the last one is no longer told: it would freeze on the screen.
    pub live_lifetime: Duration,
    /// Between two looks at the database when no hint came, and between two keep-alive comments.
    pub event_poll: Duration,
    /// Between two sweeps of what has ended.
    pub sweep_every: Duration,
    /// A request's head must have come within this time; a kept-alive connection may be silent for as long.
    pub head_deadline: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            emergency_number: EmergencyNumber::default(),
            clinic: Clinic::default(),
            www: None,
            session_lifetime: Duration::from_secs(12 * 3600),
            invitation_lifetime: Duration::from_secs(7 * 24 * 3600),
            live_lifetime: Duration::from_secs(120),
            event_poll: Duration::from_secs(10),
            sweep_every: Duration::from_secs(3600),
            head_deadline: Duration::from_secs(15),
        }
    }
}

/// A telephone number for emergencies, as the clinic gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyNumber(String);

impl Default for EmergencyNumber {
    /// 112, which reaches help in the European Union and from most mobile networks.
    fn default() -> Self {
        Self("112".to_owned())
    }
}

impl EmergencyNumber {
    /// Takes 2 to 16 digits, optionally led by `+`; anything else is `None`, since pages print it as it stands.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let good = (2..=16).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        good.then(|| Self(text.to_owned()))
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emergency_number_is_digits_only() {
        for good in ["112", "999", "+493012345"] {
            assert_eq!(EmergencyNumber::new(good).map(|n| n.as_str().to_owned()), Some(good.to_owned()));
        }
        for bad in ["", "1", "+", "call me", "112<b>", "12345678901234567", "11 2"] {
            assert_eq!(EmergencyNumber::new(bad), None, "{bad:?}");
        }
    }
}
