//! Asks a meter for its last record; for all of them only where the patient wants history.

use super::{reading, MEASUREMENT, RECORD_ACCESS, REPORT_ALL, REPORT_LAST, RESPONSE, SERVICE};
use crate::device::reading::ReadingFilter;
use crate::device::subscriber::Subscriber;
use crate::device::{Action, Adapter, DeviceChoice, DeviceError, DeviceEvent, Input, Out, Refusal, Stream};

/// Value of an answer that means success, and of one that means that there are no records.
const SUCCESS: u8 = 1;
const NO_RECORDS: u8 = 6;

/// State machine of the Glucose Service. Records are never deleted.
#[derive(Debug)]
pub struct GlucoseAdapter {
    measurement: Subscriber,
    access: Subscriber,
    filter: ReadingFilter,
    asked: bool,
}

impl Default for GlucoseAdapter {
    fn default() -> Self {
        Self {
            measurement: Subscriber::new(SERVICE, MEASUREMENT, Stream::Readings),
            access: Subscriber::new(SERVICE, RECORD_ACCESS, Stream::Readings),
            filter: ReadingFilter::default(),
            asked: false,
        }
    }
}

impl GlucoseAdapter {
    fn ask(&mut self, out: &mut Out<'_>) {
        self.asked = true;
        let bytes = if self.filter.history { REPORT_ALL } else { REPORT_LAST }.to_vec();
        out.act(Action::Write { service: SERVICE, characteristic: RECORD_ACCESS, bytes });
    }

    fn answered(bytes: &[u8], out: &mut Out<'_>) {
        // Response code, operator null, request, value (Glucose Service, RACP).
        match *bytes {
            [RESPONSE, 0, 1, SUCCESS | NO_RECORDS] => {}
            [RESPONSE, 0, 1, value] => out.event(DeviceEvent::StreamRefused {
                stream: Stream::Readings,
                reason: Refusal::Status(value.into()),
            }),
            _ => out.bad_frame(DeviceError::Unexpected { field: "record access" }),
        }
    }
}

impl Adapter for GlucoseAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.asked = false;
                self.measurement.start(out);
            }
            Input::Subscribed { .. } | Input::Tick { .. } => {
                if self.measurement.succeeded(input, out) == Some(true) {
                    out.event(DeviceEvent::Streaming(Stream::Readings));
                    self.access.start(out);
                }
                if self.access.succeeded(input, out) == Some(true) {
                    self.ask(out);
                }
            }
            Input::WriteDone { characteristic: RECORD_ACCESS, result: Err(failure), .. } if self.asked => {
                let reason = Refusal::Link(failure);
                out.event(DeviceEvent::StreamRefused { stream: Stream::Readings, reason });
            }
            Input::Notification { characteristic: RECORD_ACCESS, bytes, .. } => Self::answered(bytes, out),
            Input::Notification { characteristic: MEASUREMENT, bytes, received } => match reading(bytes) {
                Ok(reading) => reading.tell(&self.filter, received, out),
                Err(error) => out.bad_frame(error),
            },
            Input::Disconnected { .. } => {
                self.measurement.lost();
                self.access.lost();
                self.asked = false;
            }
            _ => {}
        }
    }

    fn configure(&mut self, choice: &DeviceChoice) {
        self.filter = choice.readings;
    }
}
