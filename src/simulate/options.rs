//! How a virtual device and its radio behave.

use super::Pulse;
use crate::device::polar::EcgVariant;
use crate::units::{BeatsPerMinute, Hertz, Milliseconds, Seconds};

/// How a virtual device and its radio behave. Values outside their range are brought to its nearest end, and what is
/// not a number counts as 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Share of notifications that never arrive, 0 to 1.
    pub loss_rate: f64,
    /// Each notification is late by up to this much, 0 to 10 s, evenly spread; order is kept, as on a real link.
    pub jitter: Milliseconds,
    /// Share of notifications that are overtaken by the one after them, 0 to 1. No link does so; stacks of hosts do.
    pub reorder_rate: f64,
    /// How fast the device's clock runs against the host's, in parts per million, -10 000 to 10 000.
    pub drift_ppm: f64,
    /// Seed of losses and lateness: the same seed gives the same stream.
    pub seed: u64,
    /// True sampling rate on the device's own clock; `None` for what the device claims, and for 130.34 Hz of an H10, as
    /// measured on a real one.
    pub true_rate: Option<Hertz>,
    /// How a Polar strap packs its ECG; a real one does it in type 0 alone.
    pub polar_ecg: EcgVariant,
    /// Stretches of the recording in which the wearer of a Polar strap moves, as its acceleration shows; the ECG stays as it
    /// is.
    pub moves: Vec<(Seconds, Seconds)>,
    /// The device's own heart rate, independent of the ECG that it sends.
    pub pulse: Pulse,
    /// Charge of the battery in percent, 0 to 100.
    pub battery_percent: u8,
    /// What the clock of a home test shows when it is switched on: year; month, day, hour, minute, second.
    pub clock: (u16, [u8; 5]),
}

impl Options {
    pub(super) fn checked(mut self) -> Self {
        let within = |x: f64, low: f64, high: f64| if x.is_finite() { x.clamp(low, high) } else { 0.0 };
        self.loss_rate = within(self.loss_rate, 0.0, 1.0);
        self.reorder_rate = within(self.reorder_rate, 0.0, 1.0);
        self.jitter = Milliseconds(within(self.jitter.0, 0.0, 10_000.0));
        self.drift_ppm = within(self.drift_ppm, -10_000.0, 10_000.0);
        self
    }
}

/// A lossless link, an exact clock, a full battery and a pulse of 60.
impl Default for Options {
    fn default() -> Self {
        Self {
            loss_rate: 0.0,
            jitter: Milliseconds(0.0),
            reorder_rate: 0.0,
            drift_ppm: 0.0,
            seed: 0,
            true_rate: None,
            polar_ecg: EcgVariant::Microvolts,
            moves: Vec::new(),
            pulse: Pulse::Rate(BeatsPerMinute(60.0)),
            battery_percent: 100,
            clock: (2026, [3, 1, 7, 30, 0]),
        }
    }
}
