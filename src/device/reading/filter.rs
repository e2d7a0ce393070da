//! Whose reading it is, and of when: decided here, on the patient's own device, before anything is passed on.

use super::CivilTime;
use crate::units::{HostTime, Seconds};

/// A user's number on a device that several people share. It never leaves this module's decisions: it is not
/// `Serialize` and prints masked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UserIndex(pub u8);

impl core::fmt::Debug for UserIndex {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("UserIndex(..)")
    }
}

impl UserIndex {
    /// What a device sends when it does not know who was measured (Blood Pressure Service, User ID).
    const UNKNOWN: Self = Self(0xFF);
}

/// The wall clock of the room, tied to the host's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalClock {
    /// What the wall clock showed.
    pub shows: CivilTime,
    /// When, on the host's clock.
    pub at: HostTime,
}

/// Which readings may be passed on. The default passes on what a device sends while it measures and nothing else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadingFilter {
    /// The patient's number on a shared device, chosen on the screen.
    pub user: Option<UserIndex>,
    /// Needed to tell a fresh stamp from an old one; without it no stamped reading passes.
    pub clock: Option<LocalClock>,
    /// Oldest reading that is still of this test.
    pub oldest: Seconds,
    /// Passes on what the device remembers from before. Off, unless the patient asked for it on the screen.
    pub history: bool,
}

impl Default for ReadingFilter {
    fn default() -> Self {
        Self { user: None, clock: None, oldest: Seconds(600.0), history: false }
    }
}

/// Why a reading was not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LeftOut {
    /// The device tells users apart, and no user was chosen.
    UserNotChosen,
    /// It belongs to somebody else of the household, or to nobody known.
    OtherUser,
    /// It is from before this test.
    Stored,
    /// Its time cannot be compared: the device's clock was never set, runs ahead, or the page gave no time.
    ClockUnknown,
}

impl LeftOut {
    /// Stable name, for callers outside Rust.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UserNotChosen => "reading.userNotChosen",
            Self::OtherUser => "reading.otherUser",
            Self::Stored => "reading.stored",
            Self::ClockUnknown => "reading.clockUnknown",
        }
    }
}

/// When a reading says it was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Taken {
    /// It carries no stamp. The services of the Bluetooth SIG demand a stamp of devices that store readings, so this
    /// one is being taken now.
    Now,
    /// By the device's clock.
    At(CivilTime),
    /// By a clock that was never set.
    Unknown,
}

/// How far a device's clock may run ahead of the room's, in seconds.
const AHEAD: i64 = 120;

impl ReadingFilter {
    /// Age of a reading that may be passed on; `None` when it is being taken now.
    pub(crate) fn admit(
        &self,
        user: Option<u8>,
        taken: Taken,
        received: HostTime,
    ) -> Result<Option<Seconds>, LeftOut> {
        match (user.map(UserIndex), self.user) {
            (None, _) => {}
            (Some(UserIndex::UNKNOWN), None) => {}
            (Some(_), None) => return Err(LeftOut::UserNotChosen),
            (Some(of), Some(chosen)) if of == chosen => {}
            (Some(_), Some(_)) => return Err(LeftOut::OtherUser),
        }
        let taken = match taken {
            Taken::Now => return Ok(None),
            Taken::Unknown => return Err(LeftOut::ClockUnknown),
            Taken::At(taken) => taken,
        };
        let clock = self.clock.ok_or(LeftOut::ClockUnknown)?;
        let now = clock.shows.plus_seconds(received.since(clock.at).0 as i64);
        let age = now.seconds_since(taken);
        if age < -AHEAD {
            return Err(LeftOut::ClockUnknown);
        }
        let age = Seconds(age.max(0) as f64);
        if age > self.oldest && !self.history {
            return Err(LeftOut::Stored);
        }
        Ok(Some(age))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> CivilTime {
        CivilTime::new(2026, 3, 1, 12, 0, 0).unwrap()
    }

    #[test]
    fn only_the_chosen_user_passes() {
        let filter =
            |user: Option<u8>| ReadingFilter { user: user.map(UserIndex), ..ReadingFilter::default() };
        let admit = |chosen, of| filter(chosen).admit(of, Taken::Now, HostTime(0.0)).map(|_| ());
        assert_eq!(admit(None, None), Ok(()));
        assert_eq!(admit(Some(2), None), Ok(()));
        assert_eq!(admit(Some(2), Some(2)), Ok(()));
        assert_eq!(admit(Some(2), Some(1)), Err(LeftOut::OtherUser));
        assert_eq!(admit(Some(2), Some(255)), Err(LeftOut::OtherUser));
        assert_eq!(admit(None, Some(1)), Err(LeftOut::UserNotChosen));
        assert_eq!(admit(None, Some(255)), Ok(()), "a device without users says unknown");
    }

    #[test]
    fn only_fresh_stamps_pass() {
        let clock = Some(LocalClock { shows: noon(), at: HostTime(1000.0) });
        let filter = ReadingFilter { clock, ..ReadingFilter::default() };
        let admit = |seconds: i64| {
            filter
                .admit(None, Taken::At(noon().plus_seconds(seconds)), HostTime(61_000.0))
                .map(|age| age.unwrap().0)
        };
        assert_eq!(admit(0), Ok(60.0));
        assert_eq!(admit(90), Ok(0.0), "half a minute ahead");
        assert_eq!(admit(-541), Err(LeftOut::Stored));
        assert_eq!(admit(600), Err(LeftOut::ClockUnknown));
        let without = ReadingFilter::default();
        assert_eq!(without.admit(None, Taken::At(noon()), HostTime(0.0)), Err(LeftOut::ClockUnknown));
        assert_eq!(filter.admit(None, Taken::Unknown, HostTime(0.0)), Err(LeftOut::ClockUnknown));
        let history = ReadingFilter { history: true, ..filter };
        assert!(history.admit(None, Taken::At(noon().plus_seconds(-9999)), HostTime(1000.0)).is_ok());
    }
}
