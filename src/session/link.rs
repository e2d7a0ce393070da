//! The devices of a session: the one behind the driver, and those behind foreign transports.

use crate::device::{Action, Device, DeviceError, DeviceEvent, Input, Uuid, ADAPTERS};
use crate::signal::DeviceClass;
use crate::units::HostTime;
use std::collections::VecDeque;

/// More sources than a patient can wear are somebody else's mistake.
const MAX_FOREIGN: usize = 8;

/// Whether a device with these services may send ECG.
pub(super) fn offers_ecg(services: &[Uuid]) -> bool {
    ADAPTERS
        .iter()
        .any(|row| row.class == Some(DeviceClass::ChestStrapEcg) && services.contains(&row.service))
}

#[derive(Default)]
pub(super) struct Links {
    own: Device,
    actions: VecDeque<Action>,
    foreign: Vec<(String, Device)>,
    commands: Vec<(String, Action)>,
}

impl Links {
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
        if let Some(device) = self.device(source) {
            device.handle(input, said, &mut actions);
            acknowledge(device, input.now(), actions, said, &mut wanted);
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
        let Some(device) = self.device(source) else {
            return Err(DeviceError::Unexpected { field: "one more source" });
        };
        device.push(place, bytes, received, said, &mut actions)?;
        acknowledge(device, received, actions, said, &mut wanted);
        self.commands.extend(wanted.into_iter().map(|action| (source.to_owned(), action)));
        Ok(())
    }

    pub(super) fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    pub(super) fn commands(&mut self) -> Vec<(String, Action)> {
        core::mem::take(&mut self.commands)
    }

    pub(super) fn foreign_sources(&self) -> Vec<String> {
        self.foreign.iter().map(|(source, _)| source.clone()).collect()
    }

    fn device(&mut self, source: &str) -> Option<&mut Device> {
        if !self.foreign.iter().any(|(name, _)| name == source) {
            if self.foreign.len() >= MAX_FOREIGN {
                return None;
            }
            self.foreign.push((source.to_owned(), Device::foreign()));
        }
        self.foreign.iter_mut().find(|(name, _)| name == source).map(|(_, device)| device)
    }
}

/// A foreign transport reports no success of subscribing and writing: it is assumed, so that the next command
/// comes. What is read comes back as a notification.
fn acknowledge(
    device: &mut Device,
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
                device.handle(input, said, &mut more);
            }
            Action::Write { characteristic, .. } => {
                let input = Input::WriteDone { characteristic: *characteristic, result: Ok(()), now };
                device.handle(input, said, &mut more);
            }
            _ => {}
        }
        open.extend(more);
        if !matches!(action, Action::Wait { .. }) {
            wanted.push(action);
        }
    }
}
