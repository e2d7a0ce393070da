//! Subscribes to the measurement and passes it on.

use super::{decode, rr_ms, Measurement, MEASUREMENT, SERVICE};
use crate::device::subscriber::Subscriber;
use crate::device::{Adapter, DeviceError, DeviceEvent, DeviceRr, HeartRate, Input, Out, Stream};
use crate::signal::DeviceClass;
use crate::units::{BeatsPerMinute, HostTime};

/// Intervals that a heart can have; straps send nonsense when they are unclipped.
const PLAUSIBLE_RR_MS: core::ops::RangeInclusive<f64> = 250.0..=3000.0;

/// State machine of the Heart Rate Service.
#[derive(Debug)]
pub struct HeartRateAdapter {
    contact: Option<Option<bool>>,
    streaming: bool,
    measurement: Subscriber,
}

impl Default for HeartRateAdapter {
    fn default() -> Self {
        let measurement = Subscriber::new(SERVICE, MEASUREMENT, Stream::HeartRate);
        Self { contact: None, streaming: false, measurement }
    }
}

impl HeartRateAdapter {
    fn start(&mut self, out: &mut Out<'_>) {
        if !self.streaming {
            self.streaming = true;
            out.event(DeviceEvent::Class(DeviceClass::HeartRateSensor));
            out.event(DeviceEvent::Streaming(Stream::HeartRate));
        }
    }

    fn measured(&mut self, m: &Measurement, received: HostTime, out: &mut Out<'_>) {
        self.start(out);
        if self.contact.replace(m.contact) != Some(m.contact) {
            out.event(DeviceEvent::Contact(m.contact));
        }
        let interval = |raw: &u16| {
            let rr = rr_ms(*raw);
            DeviceRr { rr, in_range: PLAUSIBLE_RR_MS.contains(&rr.0) }
        };
        out.event(DeviceEvent::HeartRate(HeartRate {
            rate: (m.rate_bpm > 0).then(|| BeatsPerMinute(f64::from(m.rate_bpm))),
            rr: m.rr_raw.iter().map(interval).collect(),
            beside_ecg: false,
            received,
        }));
        if m.trailing_byte {
            out.bad_frame(DeviceError::Invalid { field: "heart rate measurement, bytes left over" });
        }
    }
}

impl Adapter for HeartRateAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                *self = Self::default();
                self.measurement.start(out);
            }
            Input::Subscribed { .. } | Input::Tick { .. }
                if self.measurement.succeeded(input, out) == Some(true) =>
            {
                self.start(out);
            }
            Input::Notification { characteristic: MEASUREMENT, bytes, received } => match decode(bytes) {
                Ok(measurement) => self.measured(&measurement, received, out),
                Err(error) => out.bad_frame(error),
            },
            Input::Disconnected { .. } => *self = Self::default(),
            _ => {}
        }
    }
}
