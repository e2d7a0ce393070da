//! Subscribes and places what comes by when it comes.

use super::{decode, ECG, RATE_HZ, SERVICE};
use crate::device::arrival_clock::ArrivalClock;
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::subscriber::Subscriber;
use crate::device::{Adapter, EcgTiming, Input, Out, Stream};
use crate::signal::DeviceClass;

/// The amplifier's clock is a crystal.
const SLACK: f64 = 0.0005;

const ANNOUNCED: Announced = Announced {
    class: DeviceClass::EcgMonitor,
    rate_hz: RATE_HZ,
    band: None,
    negotiated: false,
    timing: EcgTiming::Arrival,
};

/// State machine of the ECG service.
#[derive(Debug)]
pub struct HealthyPiAdapter {
    samples: Subscriber,
    flow: EcgFlow,
    clock: ArrivalClock,
}

impl Default for HealthyPiAdapter {
    fn default() -> Self {
        Self {
            samples: Subscriber::new(SERVICE, ECG, Stream::Ecg),
            flow: EcgFlow::default(),
            clock: ArrivalClock::new(RATE_HZ, SLACK),
        }
    }
}

impl Adapter for HealthyPiAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.flow = EcgFlow::default();
                self.clock.broke();
                self.samples.start(out);
            }
            Input::Subscribed { .. } | Input::Tick { .. }
                if self.samples.succeeded(input, out) == Some(true) =>
            {
                self.flow.announce(ANNOUNCED, out);
                self.flow.started(out);
            }
            Input::Notification { characteristic: ECG, bytes, received } => match decode(bytes) {
                Ok(samples_uv) => {
                    let last = self.clock.push(samples_uv.len(), received);
                    self.flow.frame(ANNOUNCED, samples_uv, Some(last), received, out);
                }
                Err(error) => out.bad_frame(error),
            },
            Input::Disconnected { .. } => {
                self.samples.lost();
                self.flow = EcgFlow::default();
                self.clock.broke();
            }
            _ => {}
        }
    }
}
