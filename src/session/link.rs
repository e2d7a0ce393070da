//! The devices of a session: the one behind the driver, and those behind foreign transports.

use crate::device::{Action, Device, DeviceChoice, DeviceError, DeviceEvent, Input, Uuid, ADAPTERS};
use crate::signal::DeviceClass;
use crate::units::HostTime;
use std::collections::VecDeque;

/// More sources than a patient can wear are somebody else's mistake.
const MAX_FOREIGN: usize = 8;

/// Whether a device with these services may send ECG.
pub(super) fn offers_ecg(services: &[Uuid]) -> bool {
    ADAPTERS.iter().any(|row| row.class.is_some_and(DeviceClass::has_ecg) && services.contains(&row.service))
}

/// A device behind a transport that is not ours.
struct Foreign {
    source: String,
    device: Device,
    /// Characteristics that it was told to read: what comes next from them is the answer.
    reading: Vec<Uuid>,
}

impl Foreign {
    fn take(
        &mut self,
        (service, characteristic): (Uuid, Uuid),
        bytes: &[u8],
        received: HostTime,
        said: &mut Vec<DeviceEvent>,
        actions: &mut Vec<Action>,
    ) -> Result<(), DeviceError> {
        let asked = self.reading.iter().position(|read| *read == characteristic);
        if let Some(asked) = asked {
            self.reading.swap_remove(asked);
            let input = Input::ReadResult { characteristic, result: Ok(bytes), now: received };
            self.device.handle(input, said, actions);
            return Ok(());
        }
        self.device.push((service, characteristic), bytes, received, said, actions)
    }

    /// A foreign transport reports no success of subscribing and writing: it is assumed, so that the next command
    /// comes. What is read comes back like a notification.
    fn acknowledge(
        &mut self,
        now: HostTime,
        actions: Vec<Action>,
        said: &mut Vec<DeviceEvent>,
        wanted: &mut Vec<Action>,
    ) {
        let mut open: VecDeque<Action> = actions.into();
        // Every acknowledgement may bring new actions; a handshake is far shorter than this.
        for _ in 0..64 {
            let Some(action) = open.pop_front() else { return };
            let mut more = Vec::new();
            match &action {
                Action::Subscribe { characteristic, .. } => {
                    let input = Input::Subscribed { characteristic: *characteristic, result: Ok(()), now };
                    self.device.handle(input, said, &mut more);
                }
                Action::Write { characteristic, .. } => {
                    let input = Input::WriteDone { characteristic: *characteristic, result: Ok(()), now };
                    self.device.handle(input, said, &mut more);
                }
                Action::Read { characteristic, .. } if !self.reading.contains(characteristic) => {
                    self.reading.push(*characteristic);
                }
                _ => {}
            }
            open.extend(more);
            if !matches!(action, Action::Wait { .. }) {
                wanted.push(action);
            }
        }
    }
}

#[derive(Default)]
pub(super) struct Links {
    own: Device,
    actions: VecDeque<Action>,
    foreign: Vec<Foreign>,
    commands: Vec<(String, Action)>,
    choice: DeviceChoice,
}

impl Links {
    pub(super) fn configure(&mut self, choice: &DeviceChoice) {
        self.choice = choice.clone();
        self.own.configure(choice);
        self.foreign.iter_mut().for_each(|foreign| foreign.device.configure(choice));
    }

    pub(super) fn handle(&mut self, source: Option<&str>, input: Input<'_>, said: &mut Vec<DeviceEvent>) {
        let mut actions = Vec::new();
        let Some(source) = source else {
            if matches!(input, Input::Disconnected { .. }) {
                self.actions.clear();
            }
            self.own.handle(input, said, &mut actions);
            self.actions.extend(actions);
            return;
        };
        let mut wanted = Vec::new();
        if let Some(foreign) = self.foreign(source) {
            if matches!(input, Input::Connected { .. } | Input::Disconnected { .. }) {
                foreign.reading.clear();
            }
            foreign.device.handle(input, said, &mut actions);
            foreign.acknowledge(input.now(), actions, said, &mut wanted);
        }
        self.commands.extend(wanted.into_iter().map(|action| (source.to_owned(), action)));
    }

    pub(super) fn push(
        &mut self,
        source: &str,
        place: (Uuid, Uuid),
        bytes: &[u8],
        received: HostTime,
        said: &mut Vec<DeviceEvent>,
    ) -> Result<(), DeviceError> {
        let (mut actions, mut wanted) = (Vec::new(), Vec::new());
        let Some(foreign) = self.foreign(source) else {
            return Err(DeviceError::Unexpected { field: "one more source" });
        };
        foreign.take(place, bytes, received, said, &mut actions)?;
        foreign.acknowledge(received, actions, said, &mut wanted);
        self.commands.extend(wanted.into_iter().map(|action| (source.to_owned(), action)));
        Ok(())
    }

    /// The next input of the driver's own link for the adapters of rarer families.
    pub(super) fn next_remote(&mut self) -> Option<Vec<u8>> {
        self.own.take_remote()
    }

    /// What they answered.
    pub(super) fn remote_said(&mut self, answer: Option<&[u8]>, said: &mut Vec<DeviceEvent>) {
        let mut actions = Vec::new();
        if self.own.remote_said(answer, said, &mut actions).is_err() {
            said.push(DeviceEvent::BadFrame(DeviceError::Invalid { field: "answer" }));
        }
        self.actions.extend(actions);
    }

    pub(super) fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    pub(super) fn commands(&mut self) -> Vec<(String, Action)> {
        core::mem::take(&mut self.commands)
    }

    pub(super) fn foreign_sources(&self) -> Vec<String> {
        self.foreign.iter().map(|foreign| foreign.source.clone()).collect()
    }

    fn foreign(&mut self, source: &str) -> Option<&mut Foreign> {
        if !self.foreign.iter().any(|foreign| foreign.source == source) {
            if self.foreign.len() >= MAX_FOREIGN {
                return None;
            }
            let source = source.to_owned();
            let mut device = Device::foreign();
            device.configure(&self.choice);
            self.foreign.push(Foreign { source, device, reading: Vec::new() });
        }
        self.foreign.iter_mut().find(|foreign| foreign.source == source)
    }
}
