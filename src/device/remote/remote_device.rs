//! The far side: the state machines of rarer devices.

use super::wire::{decode_input, encode_output};
use crate::device::{Device, DeviceChoice, DeviceError, DeviceEvent};

/// A device whose adapters are those of rarer families alone; bytes in, bytes out.
pub struct RemoteDevice {
    device: Device,
    told: Vec<DeviceEvent>,
}

impl RemoteDevice {
    /// A device.
    #[must_use]
    pub fn new(choice: &DeviceChoice) -> Self {
        let mut device = Device::of_rarer_families();
        device.configure(choice);
        Self { device, told: Vec::new() }
    }

    /// Takes an input of the near side and answers it.
    ///
    /// # Errors
    /// [`DeviceError`] for bytes that are no input.
    pub fn handle(&mut self, message: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let (mut events, mut actions) = (Vec::new(), Vec::new());
        let read = decode_input(message, |input| self.device.handle(input, &mut events, &mut actions));
        read.ok_or(DeviceError::Invalid { field: "input of another module" })?;
        // Closing the link is the near side's to decide: other adapters may need it.
        let answer = encode_output(&events, &actions, self.device.holds_link());
        let own =
            |event: &DeviceEvent| matches!(event, DeviceEvent::Measurement(_) | DeviceEvent::LeftOut(_));
        self.told.extend(events.into_iter().filter(own));
        Ok(answer)
    }

    /// Readings, and readings left out, since the last call.
    pub fn take_readings(&mut self) -> Vec<DeviceEvent> {
        core::mem::take(&mut self.told)
    }
}
