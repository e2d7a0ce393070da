//! Subscribes, and turns the counter into a clock.

use super::{decode, ECG, RATE_HZ, SERVICE};
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::subscriber::Subscriber;
use crate::device::wide_counter::WideCounter;
use crate::device::{Adapter, EcgTiming, Input, Out, Stream};
use crate::signal::DeviceClass;
use crate::units::DeviceTime;

const ANNOUNCED: Announced = Announced {
    class: DeviceClass::EcgMonitor,
    rate_hz: RATE_HZ,
    band: None,
    negotiated: false,
    timing: EcgTiming::Device,
};

/// State machine of the ECG service.
#[derive(Debug)]
pub struct Card10Adapter {
    samples: Subscriber,
    flow: EcgFlow,
    counter: WideCounter,
}

impl Default for Card10Adapter {
    fn default() -> Self {
        Self {
            samples: Subscriber::new(SERVICE, ECG, Stream::Ecg),
            flow: EcgFlow::default(),
            counter: WideCounter::of_bits(16),
        }
    }
}

impl Adapter for Card10Adapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                *self = Self::default();
                self.samples.start(out);
            }
            Input::Subscribed { .. } | Input::Tick { .. }
                if self.samples.succeeded(input, out) == Some(true) =>
            {
                // The badge counts anew from each subscription.
                self.counter.reset();
                self.flow.announce(ANNOUNCED, out);
                self.flow.started(out);
            }
            Input::Notification { characteristic: ECG, bytes, received } => match decode(bytes) {
                Ok(packet) => {
                    let first = self.counter.widen(packet.counter.into());
                    let last = first as f64 + packet.samples_uv.len() as f64 - 1.0;
                    let stamp = DeviceTime((last / RATE_HZ * 1e9) as u64);
                    self.flow.frame(ANNOUNCED, packet.samples_uv, Some(stamp), received, out);
                }
                Err(error) => out.bad_frame(error),
            },
            Input::Disconnected { .. } => *self = Self::default(),
            _ => {}
        }
    }
}
