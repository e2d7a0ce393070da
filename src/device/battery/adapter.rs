//! Reads the charge once and listens for changes; a device that cannot do either is not bothered again.

use super::{decode, LEVEL, SERVICE};
use crate::device::{Action, Adapter, DeviceEvent, Input, Out};

/// State machine of the Battery Service.
#[derive(Debug, Default)]
pub struct BatteryAdapter {
    last: Option<u8>,
}

impl BatteryAdapter {
    fn level(&mut self, bytes: &[u8], out: &mut Out<'_>) {
        match decode(bytes) {
            Ok(percent) => {
                if self.last.replace(percent) != Some(percent) {
                    out.event(DeviceEvent::Battery { percent });
                }
            }
            Err(error) => out.bad_frame(error),
        }
    }
}

impl Adapter for BatteryAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.last = None;
                out.act(Action::Read { service: SERVICE, characteristic: LEVEL });
                out.act(Action::Subscribe { service: SERVICE, characteristic: LEVEL });
            }
            Input::ReadResult { characteristic: LEVEL, result: Ok(bytes), .. }
            | Input::Notification { characteristic: LEVEL, bytes, .. } => self.level(bytes, out),
            _ => {}
        }
    }
}
