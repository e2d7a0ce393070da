//! How a virtual device and its radio behave.

use super::Pulse;
use crate::units::{BeatsPerMinute, Hertz, Milliseconds};

/// How a virtual device and its radio behave. Values outside their range are brought to its nearest end, and what is
/// not a number counts as 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Share of notifications that never arrive, 0 to 1.
    pub loss_rate: f64,
    /// Each notification is late by up to this much, 0 to 10 s, evenly spread; order is kept, as on a real link.
    pub jitter: Milliseconds,
    /// How fast the device's clock runs against the host's, in parts per million, -10 000 to 10 000.
    pub drift_ppm: f64,
    /// Seed of losses and lateness: the same seed gives the same stream.
    pub seed: u64,
    /// True sampling rate on the device's own clock, which claims 130 Hz; `None` for 130.34 Hz, as measured on a
    /// real H10.
    pub true_rate: Option<Hertz>,
    /// The device's own heart rate, independent of the ECG that it sends.
    pub pulse: Pulse,
    /// Charge of the battery in percent, 0 to 100.
    pub battery_percent: u8,
}

impl Options {
    /// True rate of a measured H10 (one strap, 17 frames).
    const H10_RATE_HZ: f64 = 130.34;

    pub(super) fn checked(mut self) -> Self {
        let within = |x: f64, low: f64, high: f64| if x.is_finite() { x.clamp(low, high) } else { 0.0 };
        self.loss_rate = within(self.loss_rate, 0.0, 1.0);
        self.jitter = Milliseconds(within(self.jitter.0, 0.0, 10_000.0));
        self.drift_ppm = within(self.drift_ppm, -10_000.0, 10_000.0);
        self
    }

    pub(super) fn rate_hz(&self) -> f64 {
        self.true_rate.map_or(Self::H10_RATE_HZ, Hertz::get)
    }
}

/// A lossless link, an exact clock, a full battery and a pulse of 60.
impl Default for Options {
    fn default() -> Self {
        Self {
            loss_rate: 0.0,
            jitter: Milliseconds(0.0),
            drift_ppm: 0.0,
            seed: 0,
            true_rate: None,
            pulse: Pulse::Rate(BeatsPerMinute(60.0)),
            battery_percent: 100,
        }
    }
}
