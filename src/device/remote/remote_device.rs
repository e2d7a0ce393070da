//! The far side: the state machines of rarer devices.

use super::wire::{decode_input, encode_output};
use crate::device::{Device, DeviceChoice, DeviceError};

/// A device whose adapters are those of rarer families alone; bytes in, bytes out.
pub struct RemoteDevice(Device);

impl RemoteDevice {
    /// A device behind a driver, or behind a foreign transport, which may hand values over without a handshake.
    #[must_use]
    pub fn new(choice: &DeviceChoice, foreign: bool) -> Self {
        let mut device = Device::of_rarer_families(foreign);
        device.configure(choice);
        Self(device)
    }

    /// Takes an input of the near side and answers it.
    ///
    /// # Errors
    /// [`DeviceError`] for bytes that are no input.
    pub fn handle(&mut self, message: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let (mut events, mut actions) = (Vec::new(), Vec::new());
        let read = decode_input(message, |input| self.0.handle(input, &mut events, &mut actions));
        read.ok_or(DeviceError::Invalid { field: "input of another module" })?;
        // Closing the link is the near side's to decide: other adapters may need it.
        Ok(encode_output(&events, &actions, self.0.holds_link()))
    }
}
