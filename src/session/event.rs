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
    /// Skin contact as the device reports it.
    Contact(Option<bool>),
    /// Battery level.
    Battery {
        /// Percent.
        percent: u8,
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
