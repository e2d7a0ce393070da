//! How a family of devices is talked to, without doing any I/O: events of the link go in, what the device said and
//! what is to be done next come out.

use super::{DeviceChoice, DeviceError, DeviceEvent, GattFailure, Uuid};
use crate::units::HostTime;

/// Something the link reports. Every one carries the host's monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input<'a> {
    /// The link stands and the services are known.
    Connected {
        /// Services found on the device.
        services: &'a [Uuid],
        /// When.
        now: HostTime,
    },
    /// A notification or indication.
    Notification {
        /// Where it came from.
        characteristic: Uuid,
        /// Its value.
        bytes: &'a [u8],
        /// When it arrived.
        received: HostTime,
    },
    /// An [`Action::Read`] was carried out.
    ReadResult {
        /// What was read.
        characteristic: Uuid,
        /// The value, or why there is none.
        result: Result<&'a [u8], GattFailure>,
        /// When.
        now: HostTime,
    },
    /// An [`Action::Write`] was carried out.
    WriteDone {
        /// What was written.
        characteristic: Uuid,
        /// Whether it succeeded.
        result: Result<(), GattFailure>,
        /// When.
        now: HostTime,
    },
    /// An [`Action::Subscribe`] was carried out.
    Subscribed {
        /// What was subscribed.
        characteristic: Uuid,
        /// Whether it succeeded.
        result: Result<(), GattFailure>,
        /// When.
        now: HostTime,
    },
    /// The link is down. What was asked before is forgotten.
    Disconnected {
        /// When that was noticed.
        received: HostTime,
    },
    /// Time passes: due after an [`Action::Wait`]; harmless at any moment.
    Tick {
        /// When.
        now: HostTime,
    },
    /// The recording is over: streams are to be stopped, then the link closed.
    Stop {
        /// When.
        now: HostTime,
    },
}

impl Input<'_> {
    /// The host's clock at this input.
    #[must_use]
    pub const fn now(&self) -> HostTime {
        match *self {
            Self::Connected { now, .. }
            | Self::ReadResult { now, .. }
            | Self::WriteDone { now, .. }
            | Self::Subscribed { now, .. }
            | Self::Tick { now }
            | Self::Stop { now } => now,
            Self::Notification { received, .. } | Self::Disconnected { received } => received,
        }
    }

    /// The characteristic that it speaks of.
    #[must_use]
    pub const fn characteristic(&self) -> Option<Uuid> {
        match *self {
            Self::Notification { characteristic, .. }
            | Self::ReadResult { characteristic, .. }
            | Self::WriteDone { characteristic, .. }
            | Self::Subscribed { characteristic, .. } => Some(characteristic),
            _ => None,
        }
    }
}

/// Something for the driver to do. Reads, writes and subscriptions are carried out one after the other, in order,
/// each reported back by its input; the driver puts its own time limit on each.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Enable notifications or indications. Answered by [`Input::Subscribed`].
    Subscribe {
        /// Service that holds the characteristic.
        service: Uuid,
        /// The characteristic.
        characteristic: Uuid,
    },
    /// Read a value. Answered by [`Input::ReadResult`].
    Read {
        /// Service that holds the characteristic.
        service: Uuid,
        /// The characteristic.
        characteristic: Uuid,
    },
    /// Write a value with response. Answered by [`Input::WriteDone`].
    Write {
        /// Service that holds the characteristic.
        service: Uuid,
        /// The characteristic.
        characteristic: Uuid,
        /// The value.
        bytes: Vec<u8>,
    },
    /// Give an [`Input::Tick`] at this time or soon after. Holds nothing else back; several may be pending.
    Wait {
        /// When.
        until: HostTime,
    },
    /// Close the link. Unless [`Input::Stop`] was given before, connecting again after a moment may help.
    Disconnect,
}

/// Where an adapter puts what it has to say.
#[derive(Debug)]
pub struct Out<'a> {
    /// What the device said.
    pub events: &'a mut Vec<DeviceEvent>,
    /// What is to be done.
    pub actions: &'a mut Vec<Action>,
}

impl Out<'_> {
    pub(crate) fn event(&mut self, event: DeviceEvent) {
        self.events.push(event);
    }

    pub(crate) fn bad_frame(&mut self, error: DeviceError) {
        self.event(DeviceEvent::BadFrame(error));
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }
}

/// The state machine of one service. Nothing blocks and nothing panics, whatever the input.
pub trait Adapter: Send {
    /// Takes one input of the link. Inputs about characteristics of other services do nothing.
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>);

    /// Takes what the person in front of the screen chose. Called before the link stands; later calls count from the
    /// next connection or reading on.
    fn configure(&mut self, _choice: &DeviceChoice) {}

    /// True while something must still be written before the link may be closed, such as a stop command.
    fn holds_link(&self) -> bool {
        false
    }
}
