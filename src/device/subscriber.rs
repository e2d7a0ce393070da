//! One subscription, asked for again before it is given up.

use super::{Action, DeviceEvent, GattFailure, Input, Out, Refusal, Stream, Uuid};
use crate::units::{HostTime, Milliseconds};

/// Attempts. Stacks refuse the first now and then ...
const ATTEMPTS: u8 = 2;
/// ... and as long as somebody is still asked whether to pair: a while goes by between those.
const ATTEMPTS_WHILE_PAIRING: u8 = 5;
const PAUSE_WHILE_PAIRING: Milliseconds = Milliseconds(4000.0);

/// A characteristic to listen to.
#[derive(Debug, Clone)]
pub(crate) struct Subscriber {
    pub(crate) service: Uuid,
    pub(crate) characteristic: Uuid,
    stream: Stream,
    attempts: u8,
    /// When it is asked for again.
    again: Option<HostTime>,
}

impl Subscriber {
    pub(crate) const fn new(service: Uuid, characteristic: Uuid, stream: Stream) -> Self {
        Self { service, characteristic, stream, attempts: 0, again: None }
    }

    /// Asks for it, on a fresh connection.
    pub(crate) fn start(&mut self, out: &mut Out<'_>) {
        self.attempts = 0;
        self.ask(out);
    }

    fn ask(&mut self, out: &mut Out<'_>) {
        self.attempts += 1;
        self.again = None;
        out.act(Action::Subscribe { service: self.service, characteristic: self.characteristic });
    }

    /// What was asked for is gone with its link.
    pub(crate) fn lost(&mut self) {
        self.again = None;
    }

    /// What an input means for it: `Some(true)` when it stands, `Some(false)` when it was refused for good, which is
    /// told as well; `None` when it is asked again or the input is about something else. It wants to hear of time.
    pub(crate) fn succeeded(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Option<bool> {
        let outcome = self.outcome(input, out)?;
        if let Err(failure) = outcome {
            let reason = Refusal::Link(failure);
            out.event(DeviceEvent::StreamRefused { stream: self.stream, reason });
        }
        Some(outcome.is_ok())
    }

    /// The same for one of several that will do: why it was refused is for the caller to tell.
    pub(crate) fn outcome(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Option<Result<(), GattFailure>> {
        let (result, now) = match input {
            Input::Subscribed { characteristic, result, now } if characteristic == self.characteristic => {
                (result, now)
            }
            Input::Tick { now } => {
                if self.again.is_some_and(|again| again <= now) {
                    self.ask(out);
                }
                return None;
            }
            _ => return None,
        };
        match result {
            Err(GattFailure::NotPermitted) if self.attempts < ATTEMPTS_WHILE_PAIRING => {
                let until = now.later(PAUSE_WHILE_PAIRING);
                self.again = Some(until);
                out.act(Action::Wait { until });
                None
            }
            Err(failure) if failure != GattFailure::NotPermitted && self.attempts < ATTEMPTS => {
                self.ask(out);
                None
            }
            decided => Some(decided),
        }
    }
}
