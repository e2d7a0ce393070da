//! The control point of a virtual H10, and its ECG frames.

use super::ecg_stream::EcgStream;
use super::firmware::{Firmware, Outgoing};
use super::polar_motion::PolarMotion;
use crate::device::polar::{
    encode_control, encode_ecg_data, Beside, Command, Control, EcgData, EcgVariant, Features, Response,
    Setting, SettingKind, Settings, Status, ACCELERATION, CONTROL_POINT, DATA, ECG, SERVICE,
};
use crate::device::{DeviceError, Uuid};
use crate::units::{DeviceTime, Seconds};

/// Samples of an ECG frame, as a real H10 sends them.
const FRAME: u64 = 73;
/// 2019-01-01 on the device's clock, where an H10 starts after each shutdown: nanoseconds since 2000.
const CLOCK_START: f64 = 599_616_000e9;
/// What an H10 claims.
const CLAIMED_HZ: u32 = 130;
const BITS: u32 = 14;
/// ECG and acceleration.
const FEATURES: Features = Features { measurements: 0b101, extras: 0 };
/// Range of the amplifier.
const FULL_SCALE_UV: f64 = 20_000.0;

/// A virtual H10.
#[derive(Debug)]
pub(super) struct PolarH10 {
    ecg: EcgStream,
    packing: EcgVariant,
    motion: PolarMotion,
}

impl PolarH10 {
    pub(super) const fn new(ecg: EcgStream, packing: EcgVariant, moves: Vec<(Seconds, Seconds)>) -> Self {
        Self { ecg, packing, motion: PolarMotion::new(moves) }
    }

    fn offer() -> Settings {
        let setting = |kind, value| Setting { kind, values: vec![value] };
        Settings(vec![setting(SettingKind::Rate, CLAIMED_HZ), setting(SettingKind::Resolution, BITS)])
    }

    /// Answers a command written to the control point.
    fn command(&mut self, bytes: &[u8], now: f64) -> Vec<u8> {
        let operation = bytes.first().copied().unwrap_or_default();
        let measurement = bytes.get(1).copied().unwrap_or_default();
        let moves = measurement == ACCELERATION;
        let (status, parameters) = match Command::decode(bytes) {
            Ok(_) if measurement != ECG && !moves => (Status::InvalidMeasurement, Vec::new()),
            Ok(Command::GetSettings { .. }) => {
                let offer = if moves { PolarMotion::offer() } else { Self::offer() };
                (Status::Success, offer.encode())
            }
            // A start is answered with one byte more.
            Ok(Command::Start { settings, .. }) => {
                let started =
                    if moves { self.motion.start(&settings, now) } else { self.start(&settings, now) };
                match started {
                    Status::Success => (Status::Success, vec![0]),
                    refused => (refused, Vec::new()),
                }
            }
            Ok(Command::Stop { .. }) if moves && self.motion.stop() => (Status::Success, Vec::new()),
            Ok(Command::Stop { .. }) if !moves && self.ecg.stop() => (Status::Success, Vec::new()),
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
        if self.ecg.start(now) {
            Status::Success
        } else {
            Status::AlreadyInState
        }
    }
}

impl Firmware for PolarH10 {
    fn read(&self, characteristic: Uuid) -> Option<Vec<u8>> {
        (characteristic == CONTROL_POINT).then(|| FEATURES.encode())
    }

    fn subscribed(&mut self, characteristic: Uuid, _: f64) -> bool {
        [CONTROL_POINT, DATA].contains(&characteristic)
    }

    fn written(&mut self, characteristic: Uuid, bytes: &[u8], now: f64) -> Option<Vec<Outgoing>> {
        let answer = |s: &mut Self| Outgoing::indicate(SERVICE, CONTROL_POINT, s.command(bytes, now));
        (characteristic == CONTROL_POINT).then(|| vec![answer(self)])
    }

    fn due(&self) -> Option<f64> {
        let due = [self.ecg.due(FRAME), self.motion.due()];
        due.into_iter().flatten().min_by(f64::total_cmp)
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let ecg = self.ecg.due(FRAME);
        if self.motion.due().is_some_and(|motion| ecg.is_none_or(|ecg| motion < ecg)) {
            let bytes = self.motion.take(CLOCK_START, self.ecg.time(0))?;
            return Some(Outgoing::notify(SERVICE, DATA, bytes));
        }
        let stamp = CLOCK_START + ecg? * 1e9;
        let (_, samples) = self.ecg.take(FRAME)?;
        // What has no sign lies around the middle of its range.
        let (low, high) = self.packing.range();
        let zero = (low + high + 1) / 2;
        let clipped = |uv: &f64| zero + uv.round().clamp(-FULL_SCALE_UV, FULL_SCALE_UV) as i32;
        let samples: Vec<i32> = samples.iter().map(clipped).collect();
        let touches = Beside::Flags { over_sampled: false, skin_contact: 0b11, contact_impedance: 0 };
        let beside = vec![touches; samples.len()];
        let data = EcgData { last_sample: DeviceTime(stamp as u64), variant: self.packing, samples, beside };
        Some(Outgoing::notify(SERVICE, DATA, encode_ecg_data(&data)))
    }

    fn link_lost(&mut self) {
        self.ecg.stop();
        self.motion.stop();
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.ecg.exhausted(FRAME))
    }
}
