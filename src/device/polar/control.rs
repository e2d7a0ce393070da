//! The control point: commands written to it, answers and notices that come back, and the features read from it.

use super::{Settings, Status};
use crate::device::reader::Reader;
use crate::device::DeviceError;

/// First byte of the features.
const FEATURES: u8 = 0x0F;
/// First byte of an answer.
const RESPONSE: u8 = 0xF0;
/// First byte of the notice that measurements ended.
const STOPPED: u8 = 0x01;
/// Second byte of a command: the upper bit chooses offline recording, the lower six the measurement.
const MEASUREMENT_MASK: u8 = 0x3F;

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Which settings does the measurement offer?
    GetSettings {
        /// Measurement.
        measurement: u8,
    },
    /// Start the stream.
    Start {
        /// Measurement.
        measurement: u8,
        /// The settings chosen.
        settings: Settings,
    },
    /// Stop the stream.
    Stop {
        /// Measurement.
        measurement: u8,
    },
}

impl Command {
    pub(super) const GET_SETTINGS: u8 = 1;
    pub(super) const START: u8 = 2;
    pub(super) const STOP: u8 = 3;

    /// Starts pulse intervals, which have no settings.
    pub(super) const START_INTERVALS: Self =
        Self::Start { measurement: super::PULSE_INTERVALS, settings: Settings(Vec::new()) };

    /// The bytes to write.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::GetSettings { measurement } => vec![Self::GET_SETTINGS, *measurement],
            Self::Stop { measurement } => vec![Self::STOP, *measurement],
            Self::Start { measurement, settings } => {
                let mut bytes = vec![Self::START, *measurement];
                bytes.extend(settings.encode());
                bytes
            }
        }
    }

    /// Decodes a command, as a device does.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] for operations that are not in this enum; otherwise what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, DeviceError> {
        let mut reader = Reader::new(bytes);
        let operation = reader.u8("command")?;
        if !(Self::GET_SETTINGS..=Self::STOP).contains(&operation) {
            return Err(DeviceError::Unsupported { field: "command" });
        }
        let measurement = reader.u8("measurement")?;
        let rest = reader.rest();
        match operation {
            Self::START => Ok(Self::Start { measurement, settings: Settings::decode(rest)? }),
            _ if !rest.is_empty() => Err(DeviceError::Invalid { field: "command length" }),
            Self::GET_SETTINGS => Ok(Self::GetSettings { measurement }),
            _ => Ok(Self::Stop { measurement }),
        }
    }
}

/// The device's answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Operation that is answered.
    pub operation: u8,
    /// Measurement that it concerned.
    pub measurement: u8,
    /// How it went.
    pub status: Status,
    /// True when the parameters go on in the next indication.
    pub more: bool,
    /// What the answer carries, such as settings.
    pub parameters: Vec<u8>,
}

/// What the control point sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// An answer.
    Response(Response),
    /// The device ended these measurements by itself.
    Stopped(Vec<u8>),
}

/// Decodes an indication of the control point: `F0 | operation | measurement | status | more | parameters`, or
/// `01 | measurements`. Answers with an error status may end after the status, as an H10's do.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut, [`DeviceError::Unexpected`] for another first byte.
pub fn decode_control(bytes: &[u8]) -> Result<Control, DeviceError> {
    let mut reader = Reader::new(bytes);
    match reader.u8("control point")? {
        RESPONSE => {}
        STOPPED => return Ok(Control::Stopped(reader.rest().iter().map(|b| b & MEASUREMENT_MASK).collect())),
        _ => return Err(DeviceError::Unexpected { field: "control point" }),
    }
    let operation = reader.u8("operation")?;
    let measurement = reader.u8("measurement")? & MEASUREMENT_MASK;
    let status = Status::from_number(reader.u8("status")?);
    let may_end = status != Status::Success && reader.left() == 0;
    let more = !may_end && reader.u8("more")? != 0;
    Ok(Control::Response(Response {
        operation,
        measurement,
        status,
        more,
        parameters: reader.rest().to_vec(),
    }))
}

/// Encodes what the control point sends.
#[must_use]
pub fn encode_control(control: &Control) -> Vec<u8> {
    match control {
        Control::Stopped(measurements) => [STOPPED].iter().chain(measurements).copied().collect(),
        Control::Response(r) => {
            let mut bytes = vec![RESPONSE, r.operation, r.measurement, r.status.number()];
            if r.status == Status::Success || r.more || !r.parameters.is_empty() {
                bytes.push(u8::from(r.more));
                bytes.extend(&r.parameters);
            }
            bytes
        }
    }
}

impl Response {
    /// Appends the next indication of an answer whose `more` was set. Newer devices repeat the five bytes of the
    /// head in each; older ones send `more | parameters`.
    ///
    /// # Errors
    /// [`DeviceError::Truncated`] when it is cut, [`DeviceError::Unexpected`] when it answers another operation.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DeviceError> {
        if let Ok(Control::Response(next)) = decode_control(bytes) {
            if (next.operation, next.measurement) != (self.operation, self.measurement) {
                return Err(DeviceError::Unexpected { field: "continued answer" });
            }
            self.status = next.status;
            self.more = next.more;
            self.parameters.extend(next.parameters);
            return Ok(());
        }
        let mut reader = Reader::new(bytes);
        self.more = reader.u8("more")? != 0;
        self.parameters.extend(reader.rest());
        Ok(())
    }
}

/// What a device can measure, read from the control point: `0F | bits | bits | ..`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// Bits 0 ECG, 1 PPG, 2 acceleration, 3 pulse intervals, 5 gyroscope, 6 magnetometer, 7 skin temperature.
    pub measurements: u8,
    /// Bits 1 SDK mode, 2 location, 3 pressure, 4 temperature, 5 and 6 offline recording.
    pub extras: u8,
}

impl Features {
    /// Whether the device measures ECG.
    #[must_use]
    pub const fn ecg(self) -> bool {
        self.measurements & 1 != 0
    }

    /// Whether the device measures pulse-to-pulse intervals.
    #[must_use]
    pub const fn pulse_intervals(self) -> bool {
        self.measurements & 1 << 3 != 0
    }

    /// Decodes the features; bytes after the third are reserved.
    ///
    /// # Errors
    /// [`DeviceError::Truncated`] when it is cut, [`DeviceError::Invalid`] for another first byte.
    pub fn decode(bytes: &[u8]) -> Result<Self, DeviceError> {
        let mut reader = Reader::new(bytes);
        if reader.u8("features")? != FEATURES {
            return Err(DeviceError::Invalid { field: "features" });
        }
        Ok(Self { measurements: reader.u8("features")?, extras: reader.u8("features")? })
    }

    /// Encodes the features, 17 bytes as the straps send them.
    #[must_use]
    pub fn encode(self) -> Vec<u8> {
        let mut bytes = vec![FEATURES, self.measurements, self.extras];
        bytes.resize(17, 0);
        bytes
    }
}
