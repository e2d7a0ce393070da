//! What a device says. No event has a field for a name, a serial number, an address or an absolute time.

use super::{DeviceBand, DeviceError, GattFailure, LeftOut, Measurement};
use crate::signal::{DeviceClass, EcgFrame};
use crate::units::{BeatsPerMinute, DeviceTime, Hertz, HostTime, Milliseconds};

/// Something a device said, or that became known about it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DeviceEvent {
    /// What kind of source this is. It may rise from a heart-rate sensor to an ECG strap, never back.
    Class(DeviceClass),
    /// A known model; models that are not in the table are not reported at all.
    Model(KnownModel),
    /// How the ECG that follows is sampled.
    EcgSettings(EcgSettings),
    /// A stream was started.
    Streaming(Stream),
    /// A stream will not come on this connection.
    StreamRefused {
        /// Which.
        stream: Stream,
        /// Why.
        reason: Refusal,
    },
    /// ECG samples.
    Ecg(EcgFrame),
    /// The device's own heart rate. It never replaces a rate found in the ECG.
    HeartRate(HeartRate),
    /// Whether the electrodes touch the skin; `None` when the device cannot tell. Reported when it changes.
    Contact(Option<bool>),
    /// A reading of a home test: blood pressure, oxygen, temperature, glucose, weight.
    Measurement(Measurement),
    /// A reading that is not passed on, because it may not be the patient's or not of today. What it said is gone.
    LeftOut(LeftOut),
    /// How the device moved: says where the ECG is covered by motion.
    Acceleration(AccelerationFrame),
    /// Pulse-to-pulse intervals of an optical sensor. They are not RR intervals and join no variability.
    PulseIntervals(PulseIntervals),
    /// Charge of the battery, 0 to 100.
    Battery {
        /// In percent.
        percent: u8,
    },
    /// A frame that could not be decoded, in whole or in part; the stream goes on.
    BadFrame(DeviceError),
}

/// The device's own measurement of rate and intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct HeartRate {
    /// The rate; `None` when the device sends 0, which means that it has none.
    pub rate: Option<BeatsPerMinute>,
    /// RR intervals since the message before, oldest first. They may come seconds late.
    pub rr: Vec<DeviceRr>,
    /// True when the same device also streams ECG: intervals are then to be taken from there.
    pub beside_ecg: bool,
    /// When the message arrived.
    pub received: HostTime,
}

/// An RR interval as the device measured it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeviceRr {
    /// The interval, rounded to whole milliseconds.
    pub rr: Milliseconds,
    /// False outside 250 to 3000 ms: kept, but not to be believed.
    pub in_range: bool,
}

/// How ECG is sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EcgSettings {
    /// Nominal sampling rate; the true one is found by [`Timeline`](crate::signal::Timeline).
    pub rate: Hertz,
    /// Bits of a sample, where the device told.
    pub resolution_bits: Option<u16>,
    /// What the device's own filter lets through.
    pub band: Option<DeviceBand>,
    /// False when no handshake was seen and the family's usual settings are assumed.
    pub negotiated: bool,
    /// What the times of the samples rest on.
    pub timing: EcgTiming,
}

/// What the times of samples rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EcgTiming {
    /// The device stamps or counts its samples: losses are known to the sample.
    #[default]
    Device,
    /// Nothing but their arrival: losses and lengths of gaps are estimates, and intervals across them are not shown.
    Arrival,
}

/// Acceleration along three axes.
#[derive(Debug, Clone, PartialEq)]
pub struct AccelerationFrame {
    /// The samples, oldest first: x, y, z in thousandths of standard gravity.
    pub samples_mg: Vec<[i32; 3]>,
    /// Samples a second, where the device told.
    pub rate_hz: Option<f64>,
    /// Device clock at the last sample.
    pub last_sample: Option<DeviceTime>,
    /// When the frame arrived.
    pub received: HostTime,
}

/// Intervals between the pulses that an optical sensor sees.
#[derive(Debug, Clone, PartialEq)]
pub struct PulseIntervals {
    /// The intervals, oldest first.
    pub intervals: Vec<PulseInterval>,
    /// When the frame arrived.
    pub received: HostTime,
}

/// One pulse-to-pulse interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PulseInterval {
    /// The interval.
    pub interval: Milliseconds,
    /// The device's estimate of its error.
    pub error: Milliseconds,
    /// The device's own rate; `None` when it has none.
    pub rate: Option<BeatsPerMinute>,
    /// The device moved too much for the interval to be believed.
    pub blocked: bool,
    /// Whether the sensor touches the skin; `None` where it cannot tell.
    pub contact: Option<bool>,
}

/// What a device streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stream {
    /// ECG samples.
    Ecg,
    /// Heart rates and RR intervals.
    HeartRate,
    /// Readings of a home test.
    Readings,
    /// Acceleration.
    Acceleration,
    /// Pulse-to-pulse intervals.
    PulseIntervals,
}

/// Why a stream does not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The device answered with an error status of its protocol.
    Status(u16),
    /// The device does not measure this.
    NotMeasured,
    /// None of the settings it offers can be used.
    NoUsableSettings,
    /// The link could not carry out a step.
    Link(GattFailure),
    /// The device did not answer in time.
    NoAnswer,
    /// The device ended the stream by itself.
    StoppedByDevice,
}

impl Refusal {
    /// Stable name, for callers outside Rust.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Status(_) => "device.refused",
            Self::NotMeasured => "device.notMeasured",
            Self::NoUsableSettings => "device.noUsableSettings",
            Self::Link(failure) => failure.code(),
            Self::NoAnswer => "device.noAnswer",
            Self::StoppedByDevice => "device.stopped",
        }
    }
}

/// Models whose properties are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownModel {
    /// Polar H10 chest strap.
    PolarH10,
    /// Polar H9 chest strap, which sends no ECG.
    PolarH9,
}
