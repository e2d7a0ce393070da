//! The near side: what waits to be handed over, and what the far side still needs.

use super::wire::{decode_output, encode_input};
use crate::device::adapters::{is_of_rarer, is_rarer};
use crate::device::{Action, DeviceError, DeviceEvent, Input};
use std::collections::VecDeque;

/// Inputs that may wait for the far side to be loaded: half a minute of the fastest stream.
const MOST: usize = 2048;

/// The way to the adapters of rarer families.
#[derive(Debug, Default)]
pub(crate) struct RemoteLink {
    /// The device has a service that only the far side reads.
    present: bool,
    outbox: VecDeque<Vec<u8>>,
    /// Inputs that were handed over and not yet answered.
    open: usize,
    holds_link: bool,
}

impl RemoteLink {
    /// Queues an input if it concerns the far side.
    pub(crate) fn push(&mut self, input: Input<'_>) {
        if let Input::Connected { services, .. } = input {
            self.present = services.iter().any(|service| is_rarer(*service));
            self.outbox.clear();
        }
        // A foreign transport hands over what it hears without a handshake.
        self.present |=
            matches!(input, Input::Notification { characteristic, .. } if is_of_rarer(characteristic));
        // Time is told again four times a second.
        let late = matches!(input, Input::Tick { .. }) && !self.outbox.is_empty();
        if !self.present || late || !input.characteristic().is_none_or(is_of_rarer) {
            return;
        }
        if self.outbox.len() >= MOST {
            self.outbox.pop_front();
        }
        self.outbox.push_back(encode_input(input));
    }

    /// The next input to hand over.
    pub(crate) fn take(&mut self) -> Option<Vec<u8>> {
        let next = self.outbox.pop_front()?;
        self.open += 1;
        Some(next)
    }

    /// What the far side answered.
    pub(crate) fn answered(
        &mut self,
        answer: &[u8],
        events: &mut Vec<DeviceEvent>,
        actions: &mut Vec<Action>,
    ) -> Result<(), DeviceError> {
        self.open = self.open.saturating_sub(1);
        let read = decode_output(answer, events, actions);
        self.holds_link = read.ok_or(DeviceError::Invalid { field: "answer of another module" })?;
        Ok(())
    }

    /// The far side cannot be had: nothing waits for it any longer.
    pub(crate) fn lost(&mut self) {
        *self = Self::default();
    }

    /// Whether the far side has not yet let the link go.
    pub(crate) fn holds_link(&self) -> bool {
        self.present && (self.holds_link || self.open > 0 || !self.outbox.is_empty())
    }
}
