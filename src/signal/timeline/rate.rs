//! The true sampling rate on the device's clock.

use crate::units::Hertz;

/// Frame-to-frame periods kept to find the usual one.
const RECENT: usize = 31;
/// Frames needed before their usual period is believed over the nominal one, and the share of them, in percent, that
/// must have it: a few losses in a row look like a slower device.
const FEW: usize = 8;
const AGREEING: usize = 75;
/// Neighbours needed before the rate counts as known: 4.5 s of an H10.
const KNOWN: u32 = 8;
/// Frames whose period differs more from the usual one say nothing about the rate.
const OUTLIER: f64 = 0.05;
/// Samples after which the past counts half: ten minutes at 130 Hz, so that warming up is followed.
const MEMORY: f64 = 78_000.0;

/// Estimates the sampling rate from neighbouring frames: samples over elapsed device time, summed, so that the
/// jitter of single stamps cancels; frames next to losses and jumps of the clock are left out by comparison with the
/// usual period.
#[derive(Debug, Clone)]
pub(super) struct RateEstimate {
    nominal: f64,
    /// Seconds a sample of the latest frames, lost frames between them or not: a ring.
    periods: [f64; RECENT],
    filled: usize,
    next: usize,
    /// The period that most of the latest frames have.
    usual: f64,
    samples: f64,
    elapsed: f64,
    accepted: u32,
    distrusted: usize,
}

impl RateEstimate {
    pub(super) fn new(nominal_hz: f64) -> Self {
        Self {
            nominal: nominal_hz,
            periods: [0.0; RECENT],
            filled: 0,
            next: 0,
            usual: 1.0 / nominal_hz,
            samples: 0.0,
            elapsed: 0.0,
            accepted: 0,
            distrusted: 0,
        }
    }

    /// Best rate at the moment, in hertz: measured, else typical of the latest frames, else nominal.
    pub(super) fn hz(&self) -> f64 {
        self.known().unwrap_or_else(|| {
            let typical = 1.0 / self.usual;
            // A few frames tell a wrong nominal rate, but not a better one than a right nominal rate.
            let wrong = (typical / self.nominal - 1.0).abs() > OUTLIER;
            if wrong && Hertz::SUPPORTED.contains(&typical) {
                typical
            } else {
                self.nominal
            }
        })
    }

    /// The measured rate in hertz, once enough frames agree.
    pub(super) fn known(&self) -> Option<f64> {
        (self.accepted >= KNOWN)
            .then(|| self.samples / self.elapsed)
            .filter(|hz| Hertz::SUPPORTED.contains(hz))
    }

    /// A frame of `n` samples ended `elapsed` seconds after the frame before it; both are finite and positive.
    pub(super) fn push(&mut self, n: usize, elapsed: f64) {
        let period = elapsed / n as f64;
        if period * Hertz::SUPPORTED.end() < 1.0 {
            return;
        }
        if let Some(slot) = self.periods.get_mut(self.next) {
            *slot = period;
        }
        self.next = (self.next + 1) % RECENT;
        self.filled = (self.filled + 1).min(RECENT);
        self.usual = self.usual_period().unwrap_or(self.usual);
        if (period / self.usual - 1.0).abs() > OUTLIER {
            return;
        }
        self.samples += n as f64;
        self.elapsed += elapsed;
        self.accepted = self.accepted.saturating_add(1);
        if self.samples > MEMORY {
            self.samples /= 2.0;
            self.elapsed /= 2.0;
        }
        self.restart_if_changed();
    }

    /// A sum that no longer fits the latest frames belongs to another clock.
    fn restart_if_changed(&mut self) {
        let far = self.known().is_some_and(|hz| (hz * self.usual - 1.0).abs() > OUTLIER / 2.0);
        self.distrusted = if far { self.distrusted + 1 } else { 0 };
        if self.distrusted > RECENT / 2 {
            self.samples = 0.0;
            self.elapsed = 0.0;
            self.accepted = 0;
            self.distrusted = 0;
        }
    }

    /// The median of the latest periods, where most of them agree on it.
    fn usual_period(&self) -> Option<f64> {
        let mut sorted = self.periods;
        let recent = sorted.get_mut(..self.filled).filter(|recent| recent.len() >= FEW)?;
        crate::units::sort_ascending(recent);
        let median = *recent.get(recent.len() / 2)?;
        let agreeing = recent.iter().filter(|period| (*period / median - 1.0).abs() <= OUTLIER).count();
        (100 * agreeing >= AGREEING * recent.len()).then_some(median)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_h10_is_found_to_run_fast() {
        let mut rate = RateEstimate::new(130.0);
        for k in 0..20_u32 {
            assert_eq!(rate.known().is_some(), k >= KNOWN, "after {k} frames");
            rate.push(73, 73.0 / 130.34);
        }
        assert!((rate.hz() - 130.34).abs() < 1e-9);
    }

    #[test]
    fn losses_and_jumps_do_not_bend_it() {
        let mut rate = RateEstimate::new(130.0);
        for k in 0..200 {
            let frames = if k % 9 == 3 { 2.0 } else { 1.0 };
            let jump = if k == 77 { 0.2 } else { 0.0 };
            rate.push(73, frames * 73.0 / 130.34 + jump);
        }
        assert!((rate.hz() - 130.34).abs() < 1e-6, "{}", rate.hz());
    }

    #[test]
    fn jitter_of_stamps_cancels() {
        let mut rate = RateEstimate::new(130.0);
        let stamp = |k: u32| f64::from(k) * 73.0 / 130.34 + f64::from(k * 7 % 11) * 1e-3;
        for k in 0..100 {
            rate.push(73, stamp(k + 1) - stamp(k));
        }
        assert!((rate.hz() - 130.34).abs() < 0.03, "{}", rate.hz());
    }

    #[test]
    fn losses_at_the_start_are_not_taken_for_a_slow_device() {
        let mut rate = RateEstimate::new(130.0);
        for lost in [1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0] {
            rate.push(73, f64::from(1 + lost) * 73.0 / 130.34);
            assert!((rate.hz() - 130.17).abs() < 0.2, "{}", rate.hz());
        }
        assert!(rate.known().is_some());
    }

    #[test]
    fn a_wrong_nominal_rate_is_overruled() {
        let mut rate = RateEstimate::new(130.0);
        for _ in 0..FEW {
            rate.push(16, 16.0 / 250.0);
        }
        assert!((rate.hz() - 250.0).abs() < 1e-6);
    }
}
