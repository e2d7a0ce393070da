//! The control point of a virtual H10, and its ECG frames.

use super::resample::Recording;
use crate::device::polar::{
    encode_control, encode_ecg, Command, Control, Features, Response, Setting, SettingKind, Settings, Status,
    ECG,
};
use crate::device::DeviceError;
use crate::units::DeviceTime;

/// Samples of an ECG frame, as a real H10 sends them.
pub(super) const FRAME: u64 = 73;
/// 2019-01-01 on the device's clock, where an H10 starts after each shutdown: nanoseconds since 2000.
const CLOCK_START: f64 = 599_616_000e9;
/// What an H10 claims.
const CLAIMED_HZ: u32 = 130;
const BITS: u32 = 14;
/// ECG and acceleration.
const FEATURES: Features = Features { measurements: 0b101, extras: 0 };
/// Range of the amplifier.
const FULL_SCALE_UV: f64 = 20_000.0;

/// The measuring part of a virtual H10. Times are seconds on the device's clock since it was switched on.
#[derive(Debug, Clone)]
pub(super) struct PolarH10 {
    recording: Recording,
    /// True rate on the device's clock.
    hz: f64,
    /// Clock of the device over clock of the host.
    clock_ratio: f64,
    /// When the first stream started: the recording begins there and goes on whether it is listened to or not.
    began: Option<f64>,
    /// First sample of the next frame, while streaming.
    next: Option<u64>,
}

impl PolarH10 {
    pub(super) const fn new(recording: Recording, hz: f64, clock_ratio: f64) -> Self {
        Self { recording, hz, clock_ratio, began: None, next: None }
    }

    pub(super) fn features() -> Vec<u8> {
        FEATURES.encode()
    }

    fn offer() -> Settings {
        let setting = |kind, value| Setting { kind, values: vec![value] };
        Settings(vec![setting(SettingKind::Rate, CLAIMED_HZ), setting(SettingKind::Resolution, BITS)])
    }

    /// Answers a command written to the control point.
    pub(super) fn command(&mut self, bytes: &[u8], now: f64) -> Vec<u8> {
        let operation = bytes.first().copied().unwrap_or_default();
        let measurement = bytes.get(1).copied().unwrap_or_default();
        let (status, parameters) = match Command::decode(bytes) {
            Ok(_) if measurement != ECG => (Status::InvalidMeasurement, Vec::new()),
            Ok(Command::GetSettings { .. }) => (Status::Success, Self::offer().encode()),
            // A start is answered with one byte more.
            Ok(Command::Start { settings, .. }) => match self.start(&settings, now) {
                Status::Success => (Status::Success, vec![0]),
                refused => (refused, Vec::new()),
            },
            Ok(Command::Stop { .. }) if self.next.take().is_some() => (Status::Success, Vec::new()),
            Ok(Command::Stop { .. }) => (Status::AlreadyInState, Vec::new()),
            Err(DeviceError::Unsupported { .. }) => (Status::InvalidOperation, Vec::new()),
            Err(DeviceError::Truncated { .. }) => (Status::InvalidLength, Vec::new()),
            Err(_) => (Status::InvalidParameter, Vec::new()),
        };
        encode_control(&Control::Response(Response {
            operation,
            measurement,
            status,
            more: false,
            parameters,
        }))
    }

    fn start(&mut self, settings: &Settings, now: f64) -> Status {
        if settings.values(SettingKind::Rate) != [CLAIMED_HZ] {
            return Status::InvalidRate;
        }
        if settings.values(SettingKind::Resolution) != [BITS] {
            return Status::InvalidResolution;
        }
        if self.next.is_some() {
            return Status::AlreadyInState;
        }
        let began = *self.began.get_or_insert(now);
        self.next = Some(((now - began) * self.hz).ceil() as u64);
        Status::Success
    }

    /// The stream ends without a command, as when the link is lost.
    pub(super) fn stop(&mut self) {
        self.next = None;
    }

    /// When the last sample of the next frame will have been taken; `None` when no frame will come.
    pub(super) fn due(&self) -> Option<f64> {
        let (began, next) = (self.began?, self.next?);
        let last = (next + FRAME - 1) as f64 / self.hz;
        (last / self.clock_ratio <= self.recording.seconds()).then_some(began + last)
    }

    /// Whether the recording has no further frame.
    pub(super) fn exhausted(&self) -> bool {
        self.next.is_some() && self.due().is_none()
    }

    /// The next frame.
    pub(super) fn frame(&mut self) -> Option<Vec<u8>> {
        let stamp = CLOCK_START + self.due()? * 1e9;
        let next = self.next?;
        let sample = |k: u64| {
            let uv = self.recording.at(k as f64 / self.hz / self.clock_ratio);
            uv.round().clamp(-FULL_SCALE_UV, FULL_SCALE_UV) as i32
        };
        let samples: Vec<i32> = (next..next + FRAME).map(sample).collect();
        self.next = Some(next + FRAME);
        Some(encode_ecg(DeviceTime(stamp as u64), &samples))
    }
}
