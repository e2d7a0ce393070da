//! The heart rate that a virtual device finds by itself.

use crate::device::heart_rate::Measurement;
use crate::units::{BeatsPerMinute, Seconds};

/// The beats that a virtual device reports in 0x2A37.
#[derive(Debug, Clone, PartialEq)]
pub enum Pulse {
    /// A constant rate. Rates outside 20 to 300 a minute are no pulse.
    Rate(BeatsPerMinute),
    /// Beats at these times since the start, rising.
    Beats(Vec<Seconds>),
}

/// Rates that a sensor would report.
const RATES: core::ops::RangeInclusive<f64> = 20.0..=300.0;

impl Pulse {
    /// The constant rate, where there is one.
    fn rate(&self) -> Option<f64> {
        match self {
            Self::Rate(BeatsPerMinute(bpm)) => Some(*bpm).filter(|bpm| RATES.contains(bpm)),
            Self::Beats(_) => None,
        }
    }

    /// Time of a beat.
    fn beat(&self, index: u64) -> Option<f64> {
        match self {
            Self::Rate(_) => self.rate().map(|bpm| (index as f64 + 0.5) * 60.0 / bpm),
            Self::Beats(times) => times.get(usize::try_from(index).ok()?).map(|t| t.0),
        }
    }
}

/// Goes through the beats as time passes.
#[derive(Debug, Clone)]
pub(super) struct Heart {
    pulse: Pulse,
    next: u64,
    previous: Option<f64>,
    rate_bpm: u16,
}

impl Heart {
    pub(super) const fn new(pulse: Pulse) -> Self {
        Self { pulse, next: 0, previous: None, rate_bpm: 0 }
    }

    /// What a sensor says at `now` seconds: the intervals that ended since it last spoke.
    pub(super) fn measure(&mut self, now: f64) -> Measurement {
        let mut rr_raw = Vec::new();
        while let Some(beat) = self.pulse.beat(self.next).filter(|beat| *beat <= now) {
            self.next = self.next.saturating_add(1);
            if let Some(previous) = self.previous.replace(beat) {
                // The cast saturates: an interval of more than 64 s is reported as that.
                rr_raw.push(((beat - previous) * 1024.0).round() as u16);
            }
        }
        let sum: f64 = rr_raw.iter().map(|raw| f64::from(*raw)).sum();
        if sum > 0.0 {
            self.rate_bpm = (60.0 * 1024.0 * rr_raw.len() as f64 / sum).round() as u16;
        }
        Measurement { rate_bpm: self.rate_bpm, rr_raw, ..Measurement::default() }
    }

    /// Beats up to `now` are not reported: nobody listened.
    pub(super) fn skip_to(&mut self, now: f64) {
        if let Some(bpm) = self.pulse.rate() {
            // The cast saturates, and takes what is negative as 0.
            self.next = self.next.max((now * bpm / 60.0 + 0.5).floor() as u64);
        } else {
            self.measure(now);
        }
        self.previous = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_rate_gives_its_interval() {
        let mut heart = Heart::new(Pulse::Rate(BeatsPerMinute(75.0)));
        assert!(heart.measure(1.0).rr_raw.is_empty());
        assert_eq!(
            heart.measure(1.9),
            Measurement { rate_bpm: 75, rr_raw: vec![819], ..Measurement::default() }
        );
    }

    #[test]
    fn given_beats_are_reported_once_and_what_nobody_heard_is_not() {
        let beats = [0.5, 1.5, 2.0, 9.0, 10.0].map(Seconds).to_vec();
        let mut heart = Heart::new(Pulse::Beats(beats));
        assert_eq!(heart.measure(2.0).rr_raw, &[1024, 512]);
        heart.skip_to(9.5);
        assert!(heart.measure(99.0).rr_raw.is_empty());
        assert!(heart.measure(1e9).rr_raw.is_empty());
    }

    #[test]
    fn no_pulse_is_no_rate() {
        for bpm in [0.0, -1.0, f64::NAN, 1e9] {
            assert_eq!(Heart::new(Pulse::Rate(BeatsPerMinute(bpm))).measure(100.0), Measurement::default());
        }
    }
}
