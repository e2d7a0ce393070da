//! One subscription, asked for twice before it is given up.

use super::{Action, DeviceEvent, Input, Out, Refusal, Stream, Uuid};

/// A characteristic to listen to. Stacks refuse the first attempt now and then, while they are still pairing.
#[derive(Debug, Clone)]
pub(crate) struct Subscriber {
    pub(crate) service: Uuid,
    pub(crate) characteristic: Uuid,
    stream: Stream,
    retried: bool,
}

impl Subscriber {
    pub(crate) const fn new(service: Uuid, characteristic: Uuid, stream: Stream) -> Self {
        Self { service, characteristic, stream, retried: false }
    }

    /// Asks for it, on a fresh connection.
    pub(crate) fn start(&mut self, out: &mut Out<'_>) {
        self.retried = false;
        self.ask(out);
    }

    fn ask(&self, out: &mut Out<'_>) {
        out.act(Action::Subscribe { service: self.service, characteristic: self.characteristic });
    }

    /// What an input means for it: `Some(true)` when it stands, `Some(false)` when it was refused for good, which is
    /// told as well; `None` when it is asked again or the input is about something else.
    pub(crate) fn succeeded(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Option<bool> {
        let Input::Subscribed { characteristic, result, .. } = input else { return None };
        if characteristic != self.characteristic {
            return None;
        }
        match result {
            Ok(()) => Some(true),
            Err(_) if !self.retried => {
                self.retried = true;
                self.ask(out);
                None
            }
            Err(failure) => {
                let reason = Refusal::Link(failure);
                out.event(DeviceEvent::StreamRefused { stream: self.stream, reason });
                Some(false)
            }
        }
    }
}
