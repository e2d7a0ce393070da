//! Listens to a board whose format the page knows.

use super::{UartFormat, UartSample, UartSamples};
use crate::device::arrival_clock::ArrivalClock;
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::subscriber::Subscriber;
use crate::device::{
    Adapter, DeviceChoice, DeviceError, DeviceEvent, EcgTiming, Input, Out, Refusal, Stream, Uuid,
};
use crate::signal::DeviceClass;
use crate::units::HostTime;

/// Boards that wait between two samples are slower than they mean to be.
const SLACK: f64 = 0.002;

/// State machine of a board: nothing is written to it.
#[derive(Debug)]
pub struct UartAdapter {
    transmit: Subscriber,
    format: Option<UartFormat>,
    samples: Option<UartSamples>,
    clock: Option<ArrivalClock>,
    flow: EcgFlow,
    contact: Option<bool>,
    last_uv: f32,
}

impl UartAdapter {
    /// A board behind this service and characteristic.
    #[must_use]
    pub fn new(service: Uuid, characteristic: Uuid) -> Self {
        Self {
            transmit: Subscriber::new(service, characteristic, Stream::Ecg),
            format: None,
            samples: None,
            clock: None,
            flow: EcgFlow::default(),
            contact: None,
            last_uv: 0.0,
        }
    }

    fn forget(&mut self) {
        self.samples = self.format.clone().map(UartSamples::new);
        self.flow = EcgFlow::default();
        self.contact = None;
        self.clock.iter_mut().for_each(ArrivalClock::broke);
    }

    fn contact(&mut self, touches: bool, out: &mut Out<'_>) {
        if self.contact.replace(touches) != Some(touches) {
            out.event(DeviceEvent::Contact(Some(touches)));
        }
    }

    fn announced(format: &UartFormat) -> Announced {
        Announced {
            class: DeviceClass::EcgMonitor,
            rate_hz: format.rate.get(),
            band: None,
            negotiated: true,
            timing: EcgTiming::Arrival,
        }
    }

    fn received(&mut self, bytes: &[u8], received: HostTime, out: &mut Out<'_>) {
        let Some((format, samples)) = self.format.as_ref().zip(self.samples.as_mut()) else { return };
        let announced = Self::announced(format);
        let mut read = Vec::new();
        samples.push(bytes, &mut read);
        self.flow.announce(announced, out);
        let mut samples_uv = Vec::with_capacity(read.len());
        for sample in read {
            match sample {
                UartSample::Microvolts(uv) => {
                    self.last_uv = uv;
                    self.contact(true, out);
                }
                UartSample::LeadOff => self.contact(false, out),
                UartSample::Invalid => {
                    out.bad_frame(DeviceError::Invalid { field: "sample of a board" });
                }
            }
            // Whatever it says, it stands for one sample of time.
            samples_uv.push(self.last_uv);
        }
        if samples_uv.is_empty() {
            return;
        }
        let clock = self.clock.get_or_insert_with(|| ArrivalClock::new(announced.rate_hz, SLACK));
        let last = clock.push(samples_uv.len(), received);
        self.flow.frame(announced, samples_uv, Some(last), received, out);
    }
}

impl Adapter for UartAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&self.transmit.service) => {
                self.forget();
                if self.format.is_some() {
                    self.transmit.start(out);
                } else {
                    self.flow.refuse(Refusal::NoUsableSettings, out);
                }
            }
            Input::Subscribed { .. } | Input::Tick { .. } => {
                if let (Some(true), Some(format)) = (self.transmit.succeeded(input, out), &self.format) {
                    self.flow.announce(Self::announced(format), out);
                    self.flow.started(out);
                }
            }
            Input::Notification { characteristic, bytes, received }
                if characteristic == self.transmit.characteristic =>
            {
                self.received(bytes, received, out);
            }
            Input::Disconnected { .. } => {
                self.transmit.lost();
                self.forget();
            }
            _ => {}
        }
    }

    fn configure(&mut self, choice: &DeviceChoice) {
        self.format = choice.uart.clone();
        self.samples = self.format.clone().map(UartSamples::new);
        self.clock = None;
    }
}
