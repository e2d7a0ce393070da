//! Reads the model number once.

use super::{decode, MODEL_NUMBER, SERVICE};
use crate::device::{Action, Adapter, DeviceEvent, Input, Out};

/// State machine of the Device Information Service.
#[derive(Debug, Default)]
pub struct InformationAdapter;

impl Adapter for InformationAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                out.act(Action::Read { service: SERVICE, characteristic: MODEL_NUMBER });
            }
            Input::ReadResult { characteristic: MODEL_NUMBER, result: Ok(bytes), .. }
            | Input::Notification { characteristic: MODEL_NUMBER, bytes, .. } => match decode(bytes) {
                Ok(Some(model)) => out.event(DeviceEvent::Model(model)),
                Ok(None) => {}
                Err(error) => out.bad_frame(error),
            },
            _ => {}
        }
    }
}
