//! One state machine for all services that indicate a reading when it is taken.

use super::filter::Taken;
use super::{Condition, Measured, Measurement, Panel, Quantity, ReadingFilter};
use crate::device::subscriber::Subscriber;
use crate::device::{
    Adapter, DeviceChoice, DeviceError, DeviceEvent, GattFailure, Input, Out, Refusal, Stream, Uuid,
};
use crate::units::HostTime;

/// A reading with what decides whether it may be passed on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decoded {
    pub(crate) panel: Panel,
    pub(crate) values: Vec<Measured>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) user: Option<u8>,
    pub(crate) taken: Taken,
}

impl Decoded {
    pub(crate) const fn new(panel: Panel) -> Self {
        Self { panel, values: Vec::new(), conditions: Vec::new(), user: None, taken: Taken::Now }
    }

    /// Adds a number, if there is one and a person can have it. The rest of the reading stays without it.
    pub(crate) fn measured(&mut self, quantity: Quantity, value: Option<f64>) {
        if let Some(value) = value.filter(|value| quantity.plausible().contains(value)) {
            self.values.push(Measured { quantity, value });
        }
    }

    /// Adds the conditions whose bits are set.
    pub(crate) fn conditions(&mut self, bits: u32, names: &[(u32, Condition)]) {
        self.conditions
            .extend(names.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, condition)| *condition));
    }

    /// Passes the reading on if it may be, without whose and of when it is.
    pub(crate) fn tell(self, filter: &ReadingFilter, received: HostTime, out: &mut Out<'_>) {
        let age = match filter.admit(self.user, self.taken, received) {
            Ok(age) => age,
            Err(why) => return out.event(DeviceEvent::LeftOut(why)),
        };
        let Self { panel, values, conditions, .. } = self;
        if values.is_empty() || conditions.contains(&Condition::ControlSolution) {
            return out.bad_frame(DeviceError::Invalid { field: "reading without a value" });
        }
        out.event(DeviceEvent::Measurement(Measurement { panel, values, conditions, age, received }));
    }
}

/// Subscribes to the characteristics of a service and passes their readings on. One that stands is enough.
#[derive(Debug)]
pub(crate) struct ReadingAdapter {
    subscriptions: Vec<Subscriber>,
    /// Those asked for on this link that are not decided, whether one stands, and why another does not.
    open: usize,
    stands: bool,
    refused: Option<GattFailure>,
    filter: ReadingFilter,
    decode: fn(Uuid, &[u8]) -> Result<Decoded, DeviceError>,
}

impl ReadingAdapter {
    pub(crate) fn new(
        service: Uuid,
        characteristics: &[Uuid],
        decode: fn(Uuid, &[u8]) -> Result<Decoded, DeviceError>,
    ) -> Self {
        let subscribe = |characteristic: &Uuid| Subscriber::new(service, *characteristic, Stream::Readings);
        let subscriptions = characteristics.iter().map(subscribe).collect();
        Self {
            subscriptions,
            open: 0,
            stands: false,
            refused: None,
            filter: ReadingFilter::default(),
            decode,
        }
    }
}

impl ReadingAdapter {
    fn subscribed(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        for subscription in &mut self.subscriptions {
            let Some(outcome) = subscription.outcome(input, out) else { continue };
            self.open = self.open.saturating_sub(1);
            match outcome {
                Ok(()) => {
                    self.stands = true;
                    out.event(DeviceEvent::Streaming(Stream::Readings));
                }
                // Many devices lack one of them; anything else says more.
                Err(failure) => {
                    let kept = self.refused.filter(|known| *known != GattFailure::NotFound);
                    self.refused = kept.or(Some(failure));
                }
            }
            if let (0, false, Some(failure)) = (self.open, self.stands, self.refused) {
                let reason = Refusal::Link(failure);
                out.event(DeviceEvent::StreamRefused { stream: Stream::Readings, reason });
            }
        }
    }
}

impl Adapter for ReadingAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } => {
                (self.open, self.stands, self.refused) = (0, false, None);
                for subscription in self.subscriptions.iter_mut().filter(|s| services.contains(&s.service)) {
                    self.open += 1;
                    subscription.start(out);
                }
            }
            Input::Subscribed { .. } | Input::Tick { .. } => self.subscribed(input, out),
            Input::Disconnected { .. } => self.subscriptions.iter_mut().for_each(Subscriber::lost),
            Input::Notification { characteristic, bytes, received }
                if self.subscriptions.iter().any(|s| s.characteristic == characteristic) =>
            {
                match (self.decode)(characteristic, bytes) {
                    Ok(reading) => reading.tell(&self.filter, received, out),
                    Err(error) => out.bad_frame(error),
                }
            }
            _ => {}
        }
    }

    fn configure(&mut self, choice: &DeviceChoice) {
        self.filter = choice.readings;
    }
}
