//! Slows down guessing: after a few failures a name must wait, longer each time.
//!
//! Known names have an entry each, so their number is bounded by the users. Unknown names share a fixed number of
//! slots chosen by a keyed hash: they answer like known names do, and a flood of made-up names can neither fill the
//! memory nor push a known name's entry out.

use std::collections::hash_map::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::time::{Duration, Instant};

/// Failures that cost nothing: people mistype.
pub const FREE_FAILURES: u32 = 5;

/// The first wait; it doubles with every further failure.
const FIRST_WAIT: Duration = Duration::from_secs(30);

/// The longest wait. A name that is left alone for this long starts afresh.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Slots shared by all unknown names.
const UNKNOWN_SLOTS: usize = 1024;

/// Failed sign-ins, by name.
pub struct Throttle {
    known: HashMap<i64, Failures>,
    unknown: Vec<Failures>,
    slot: RandomState,
}

/// Whose attempt is counted.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// A clinician that exists, by database id.
    Known(i64),
    /// A name that nobody has.
    Unknown(&'a str),
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: Option<Instant>,
}

impl Throttle {
    /// No failures yet.
    pub fn new() -> Self {
        Self {
            known: HashMap::new(),
            unknown: vec![Failures::default(); UNKNOWN_SLOTS],
            slot: RandomState::new(),
        }
    }

    /// Counts an attempt before it is checked, so that attempts made at once cannot all pass. `Err` is the time to
    /// wait; a refused attempt is not counted.
    pub fn begin(&mut self, subject: Subject<'_>, now: Instant) -> Result<(), Duration> {
        let Some(failures) = self.entry(subject) else { return Ok(()) };
        failures.begin(now)
    }

    /// The attempt was right: the name starts afresh.
    pub fn succeeded(&mut self, subject: Subject<'_>) {
        if let Some(failures) = self.entry(subject) {
            *failures = Failures::default();
        }
    }

    fn entry(&mut self, subject: Subject<'_>) -> Option<&mut Failures> {
        match subject {
            Subject::Known(id) => Some(self.known.entry(id).or_default()),
            Subject::Unknown(name) => {
                let slot = self.slot.hash_one(name) % UNKNOWN_SLOTS as u64;
                self.unknown.get_mut(usize::try_from(slot).ok()?)
            }
        }
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new()
    }
}

impl Failures {
    fn begin(&mut self, now: Instant) -> Result<(), Duration> {
        let since = self.last.map(|last| now.saturating_duration_since(last));
        if since.is_some_and(|since| since >= LONGEST_WAIT) {
            *self = Self::default();
        }
        let left = self.wait().saturating_sub(since.unwrap_or(LONGEST_WAIT));
        if !left.is_zero() {
            return Err(left);
        }
        *self = Self { count: self.count.saturating_add(1), last: Some(now) };
        Ok(())
    }

    /// The wait after the failures so far.
    fn wait(&self) -> Duration {
        match self.count.checked_sub(FREE_FAILURES) {
            None => Duration::ZERO,
            Some(beyond) => FIRST_WAIT.saturating_mul(1 << beyond.min(8)).min(LONGEST_WAIT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour_and_are_forgotten() {
        let (mut throttle, mut now) = (Throttle::new(), Instant::now());
        for subject in [Subject::Known(7), Subject::Unknown("nobody")] {
            for _ in 0..FREE_FAILURES {
                assert_eq!(throttle.begin(subject, now), Ok(()));
            }
            for expected in [30, 60, 120, 240, 480, 900] {
                assert_eq!(throttle.begin(subject, now), Err(Duration::from_secs(expected)));
                now += Duration::from_secs(expected);
                assert_eq!(throttle.begin(subject, now), Ok(()), "after {expected} s");
            }
            now += LONGEST_WAIT;
            assert_eq!(throttle.begin(subject, now), Ok(()));
            assert_eq!(throttle.begin(subject, now), Ok(()), "a quiet name starts afresh");
        }
    }

    #[test]
    fn the_right_password_clears_a_name_and_no_other() {
        let (mut throttle, now) = (Throttle::new(), Instant::now());
        for _ in 0..FREE_FAILURES {
            throttle.begin(Subject::Known(1), now).unwrap();
            throttle.begin(Subject::Known(2), now).unwrap();
        }
        throttle.succeeded(Subject::Known(1));
        assert!(throttle.begin(Subject::Known(1), now).is_ok());
        assert!(throttle.begin(Subject::Known(2), now).is_err());
    }

    #[test]
    fn a_flood_of_made_up_names_keeps_the_size_and_the_known_names_wait() {
        let (mut throttle, now) = (Throttle::new(), Instant::now());
        for _ in 0..FREE_FAILURES {
            throttle.begin(Subject::Known(1), now).unwrap();
        }
        for n in 0..100_000 {
            let _ = throttle.begin(Subject::Unknown(&format!("made up {n}")), now);
        }
        assert_eq!(throttle.unknown.len(), UNKNOWN_SLOTS);
        assert_eq!(throttle.known.len(), 1);
        assert!(throttle.begin(Subject::Known(1), now).is_err());
    }
}
