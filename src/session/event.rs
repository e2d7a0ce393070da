//! What a session says.

use super::StateChange;
use crate::device::{Action, LeftOut, Measurement};
use crate::pipeline::Event;
use crate::signal::IntervalSource;
use crate::units::Seconds;

/// Something for the page or the program around the session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// The state changed.
    State(StateChange),
    /// Something in the stream.
    Pipeline(Event),
    /// Skin contact as a device reports it.
    Contact {
        /// Whether electrodes touch skin; `None` when it cannot tell any more.
        contact: Option<bool>,
        /// Of a device beside the one that the record is made from.
        beside: bool,
    },
    /// Battery level.
    Battery {
        /// Percent.
        percent: u8,
        /// Of a device beside the one that the record is made from.
        beside: bool,
    },
    /// A reading of a home test, already known to be the patient's and fresh.
    Measurement(Measurement),
    /// A reading that was left out, and why.
    LeftOut(LeftOut),
    /// How much of the test is recorded.
    Progress {
        /// Recorded.
        elapsed: Seconds,
        /// Asked for.
        length: Seconds,
    },
    /// What a foreign transport is to do.
    Command {
        /// The device it is for.
        source: String,
        /// The command.
        action: Action,
    },
}

impl SessionEvent {
    /// The device's own rate beside its ECG.
    pub(super) fn device_rate(bpm: f64) -> Self {
        Self::Pipeline(Event::HeartRate { bpm, source: IntervalSource::Device })
    }
}
