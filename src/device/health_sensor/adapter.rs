//! Listens to live observations and passes on those that are known.

use super::{decode, Segments, LIVE, SERVICE};
use crate::device::reading::ReadingFilter;
use crate::device::subscriber::Subscriber;
use crate::device::{Adapter, DeviceChoice, DeviceEvent, Input, Out, Stream};

/// State machine of the Generic Health Sensor Service.
#[derive(Debug)]
pub struct HealthSensorAdapter {
    live: Subscriber,
    segments: Segments,
    filter: ReadingFilter,
}

impl Default for HealthSensorAdapter {
    fn default() -> Self {
        Self {
            live: Subscriber::new(SERVICE, LIVE, Stream::Readings),
            segments: Segments::default(),
            filter: ReadingFilter::default(),
        }
    }
}

impl Adapter for HealthSensorAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.segments = Segments::default();
                self.live.start(out);
            }
            Input::Subscribed { .. } | Input::Tick { .. }
                if self.live.succeeded(input, out) == Some(true) =>
            {
                out.event(DeviceEvent::Streaming(Stream::Readings));
            }
            Input::Notification { characteristic: LIVE, bytes, received } => {
                let decoded = match self.segments.push(bytes) {
                    Ok(None) => return,
                    Ok(Some(whole)) => decode(whole),
                    Err(error) => Err(error),
                };
                match decoded {
                    Ok(reading) => reading.tell(&self.filter, received, out),
                    Err(error) => out.bad_frame(error),
                }
            }
            Input::Disconnected { .. } => {
                self.live.lost();
                self.segments = Segments::default();
            }
            _ => {}
        }
    }

    fn configure(&mut self, choice: &DeviceChoice) {
        self.filter = choice.readings;
    }
}
