//! The accelerometer of a virtual H10: a chest that breathes, and that swings while its wearer moves.

use crate::device::polar::{encode_acceleration, Setting, SettingKind, Settings, Status};
use crate::units::{DeviceTime, Seconds};

/// Samples of a frame: the most that fit into one of 232 bytes.
const FRAME: u64 = 36;
/// What an H10 offers: samples a second, bits, and range in standard gravity.
const RATES_HZ: [u32; 4] = [25, 50, 100, 200];
const BITS: u32 = 16;
const RANGES_G: [u32; 3] = [2, 4, 8];

/// A stream of acceleration. Times are seconds on the device's clock since it was switched on.
#[derive(Debug)]
pub(super) struct PolarMotion {
    /// Stretches of the recording in which the wearer moves.
    moves: Vec<(Seconds, Seconds)>,
    /// Rate and first sample of the stream that runs, and samples sent of it.
    running: Option<(f64, f64, u64)>,
}

impl PolarMotion {
    pub(super) const fn new(moves: Vec<(Seconds, Seconds)>) -> Self {
        Self { moves, running: None }
    }

    pub(super) fn offer() -> Settings {
        let setting = |kind, values: &[u32]| Setting { kind, values: values.to_vec() };
        Settings(vec![
            setting(SettingKind::Rate, &RATES_HZ),
            setting(SettingKind::Resolution, &[BITS]),
            setting(SettingKind::Range, &RANGES_G),
        ])
    }

    pub(super) fn start(&mut self, settings: &Settings, now: f64) -> Status {
        let one_of = |kind, offered: &[u32]| match settings.values(kind) {
            [wanted] => offered.contains(wanted).then_some(*wanted),
            _ => None,
        };
        let Some(rate) = one_of(SettingKind::Rate, &RATES_HZ) else { return Status::InvalidRate };
        if one_of(SettingKind::Resolution, &[BITS]).is_none() {
            return Status::InvalidResolution;
        }
        if one_of(SettingKind::Range, &RANGES_G).is_none() {
            return Status::InvalidRange;
        }
        if self.running.is_some() {
            return Status::AlreadyInState;
        }
        self.running = Some((f64::from(rate), now, 0));
        Status::Success
    }

    /// The stream ends; false when there was none.
    pub(super) fn stop(&mut self) -> bool {
        self.running.take().is_some()
    }

    /// When the last sample of the next frame is taken.
    pub(super) fn due(&self) -> Option<f64> {
        self.running.map(|(hz, first, sent)| first + (sent + FRAME - 1) as f64 / hz)
    }

    /// The next frame; `clock` is what the stamps count from, in nanoseconds, and `began` when the recording did.
    pub(super) fn take(&mut self, clock: f64, began: f64) -> Option<Vec<u8>> {
        let due = self.due()?;
        let (hz, first, sent) = self.running?;
        self.running = Some((hz, first, sent + FRAME));
        let sample = |k: u64| self.chest(first + k as f64 / hz - began);
        let samples: Vec<[i16; 3]> = (sent..sent + FRAME).map(sample).collect();
        Some(encode_acceleration(DeviceTime((clock + due * 1e9) as u64), &samples))
    }

    /// Thousandths of standard gravity so many seconds into the recording.
    fn chest(&self, t: f64) -> [i16; 3] {
        let moves = self.moves.iter().any(|(from, to)| (from.0..to.0).contains(&t));
        let swing = if moves { 220.0 * (13.0 * t).sin() + 90.0 * (31.0 * t).sin() } else { 0.0 };
        let breath = 20.0 * (1.6 * t).sin();
        let hiss = 4.0 * (997.0 * t).sin();
        [(breath + hiss) as i16, (-985.0 + swing) as i16, (120.0 - 0.6 * swing + hiss) as i16]
    }
}
