//! Rates, voltages and heart rates.

use super::{Milliseconds, SampleCount, Seconds};
use serde::{Deserialize, Serialize};

/// A number that its unit does not allow.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// The sampling rate is not a finite number within [`Hertz::SUPPORTED`].
    #[error("the sampling rate is not supported here")]
    Rate {
        /// What was given.
        got: f64,
        /// Lowest supported rate.
        min: f64,
        /// Highest supported rate.
        max: f64,
    },
}

/// A sampling rate in hertz: finite and within [`Hertz::SUPPORTED`] by construction.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Hertz(f64);

impl TryFrom<f64> for Hertz {
    type Error = UnitError;
    fn try_from(hz: f64) -> Result<Self, UnitError> {
        Self::new(hz)
    }
}

impl From<Hertz> for f64 {
    fn from(rate: Hertz) -> Self {
        rate.0
    }
}

impl Hertz {
    /// Rates that the filters and the detector are made for.
    pub const SUPPORTED: core::ops::RangeInclusive<f64> = 50.0..=2000.0;

    /// A sampling rate.
    ///
    /// # Errors
    /// [`UnitError::Rate`] for NaN, infinities and rates outside [`Hertz::SUPPORTED`].
    pub fn new(hz: f64) -> Result<Self, UnitError> {
        let range = Self::SUPPORTED;
        if range.contains(&hz) {
            Ok(Self(hz))
        } else {
            Err(UnitError::Rate { got: hz, min: *range.start(), max: *range.end() })
        }
    }

    /// The number, in hertz.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Time between two samples.
    #[must_use]
    pub fn period(self) -> Seconds {
        Seconds(1.0 / self.0)
    }

    /// Whole samples nearest to a length of time; negative and non-finite times give 0.
    #[must_use]
    pub fn samples(self, time: Seconds) -> SampleCount {
        let n = (time.0 * self.0).round();
        // The cast saturates: NaN and negatives become 0.
        SampleCount(n as u64)
    }

    /// How long a number of samples lasts.
    #[must_use]
    pub fn seconds(self, samples: SampleCount) -> Seconds {
        Seconds(samples.0 as f64 / self.0)
    }
}

/// A voltage in microvolts.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Microvolts(pub f32);

/// A heart rate in beats a minute.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct BeatsPerMinute(pub f64);

impl BeatsPerMinute {
    /// The rate that a constant interval means; `None` unless the interval is positive and finite.
    #[must_use]
    pub fn from_interval(rr: Milliseconds) -> Option<Self> {
        (rr.0.is_finite() && rr.0 > 0.0).then(|| Self(60_000.0 / rr.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_checked_once_at_the_door() {
        for bad in [f64::NAN, f64::INFINITY, 0.0, -250.0, 49.9, 2000.1] {
            assert!(Hertz::new(bad).is_err(), "{bad}");
        }
        let h10 = Hertz::new(130.0).unwrap();
        assert_eq!(h10.samples(Seconds(2.0)), SampleCount(260));
        assert_eq!(h10.samples(Seconds(f64::NAN)), SampleCount(0));
        assert_eq!(h10.samples(Seconds(-1.0)), SampleCount(0));
    }

    #[test]
    fn an_interval_of_a_second_is_sixty_beats_a_minute() {
        assert_eq!(BeatsPerMinute::from_interval(Milliseconds(1000.0)), Some(BeatsPerMinute(60.0)));
        assert_eq!(BeatsPerMinute::from_interval(Milliseconds(0.0)), None);
    }
}
