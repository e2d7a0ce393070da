//! Values that stand still.

use super::firmware::Firmware;
use crate::device::Uuid;

/// Characteristics with their value, and whether a change would be told.
#[derive(Debug)]
pub(super) struct Values(pub(super) Vec<(Uuid, Vec<u8>, bool)>);

impl Firmware for Values {
    fn read(&self, characteristic: Uuid) -> Option<Vec<u8>> {
        self.0.iter().find(|(uuid, ..)| *uuid == characteristic).map(|(_, value, _)| value.clone())
    }

    fn subscribed(&mut self, characteristic: Uuid, _: f64) -> bool {
        self.0.iter().any(|(uuid, _, notifies)| *uuid == characteristic && *notifies)
    }

    fn link_lost(&mut self) {}
}
