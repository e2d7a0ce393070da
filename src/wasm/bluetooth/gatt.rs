//! One connection: services, characteristics, and listeners that live as long as it does.

use super::failure;
use super::member::{call, get, promise};
use super::timer::within;
use crate::device::{AdapterRow, GattFailure, Uuid, ADAPTERS};
use js_sys::{Promise, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::Event;

/// Every operation has this limit, since browsers are known to leave them pending for ever.
const OPERATION_MS: f64 = 10_000.0;

/// Connecting may take longer: the strap may be asleep.
const CONNECT_MS: f64 = 20_000.0;

async fn limited(promise: Promise, ms: f64) -> Result<JsValue, GattFailure> {
    match within(promise, ms).await {
        None => Err(GattFailure::TimedOut),
        Some(Err(thrown)) => Err(failure::gatt(&thrown)),
        Some(Ok(value)) => Ok(value),
    }
}

/// A listener that is taken off when it is dropped.
pub(super) struct Listener {
    target: JsValue,
    event: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub(super) fn new(target: &JsValue, event: &'static str, heard: impl FnMut(Event) + 'static) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(heard);
        let _ = call(target, "addEventListener", &[&JsValue::from_str(event), callback.as_ref()]);
        Self { target: target.clone(), event, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let event = JsValue::from_str(self.event);
        let _ = call(&self.target, "removeEventListener", &[&event, self.callback.as_ref()]);
    }
}

/// A link that stands. Everything got from it is invalid after a disconnect, so a new link is a new one of these.
pub(super) struct Gatt {
    services: Vec<(Uuid, JsValue)>,
    characteristics: RefCell<Vec<(Uuid, JsValue)>>,
    listeners: RefCell<Vec<Listener>>,
}

impl Gatt {
    /// Connects and finds the services that are read.
    pub(super) async fn connect(device: &JsValue) -> Result<Self, GattFailure> {
        let server = limited(promise(&get(device, "gatt"), "connect", &[]), CONNECT_MS).await?;
        let mut services = Vec::new();
        for uuid in ADAPTERS.iter().flat_map(AdapterRow::services) {
            let wanted = JsValue::from_str(&uuid.text());
            match limited(promise(&server, "getPrimaryService", &[&wanted]), OPERATION_MS).await {
                Ok(service) => services.push((uuid, service)),
                Err(GattFailure::NotFound | GattFailure::NotSupported | GattFailure::NotPermitted) => {}
                Err(lost) => return Err(lost),
            }
        }
        Ok(Self { services, characteristics: RefCell::default(), listeners: RefCell::default() })
    }

    pub(super) fn services(&self) -> Vec<Uuid> {
        self.services.iter().map(|(uuid, _)| *uuid).collect()
    }

    async fn characteristic(&self, service: Uuid, uuid: Uuid) -> Result<JsValue, GattFailure> {
        let known =
            self.characteristics.borrow().iter().find(|(known, _)| *known == uuid).map(|(_, c)| c.clone());
        if let Some(known) = known {
            return Ok(known);
        }
        let (_, service) =
            self.services.iter().find(|(known, _)| *known == service).ok_or(GattFailure::NotFound)?;
        let wanted = JsValue::from_str(&uuid.text());
        let found = limited(promise(service, "getCharacteristic", &[&wanted]), OPERATION_MS).await?;
        self.characteristics.borrow_mut().push((uuid, found.clone()));
        Ok(found)
    }

    /// Listens first, then subscribes: the first notification may come before the promise resolves.
    pub(super) async fn subscribe(
        &self,
        service: Uuid,
        uuid: Uuid,
        mut heard: impl FnMut(Vec<u8>) + 'static,
    ) -> Result<(), GattFailure> {
        let target = self.characteristic(service, uuid).await?;
        let listener = Listener::new(&target, "characteristicvaluechanged", move |event| {
            if let Some(bytes) = bytes_of(&get(&get(&event, "target"), "value")) {
                heard(bytes);
            }
        });
        self.listeners.borrow_mut().push(listener);
        limited(promise(&target, "startNotifications", &[]), OPERATION_MS).await.map(|_| ())
    }

    pub(super) async fn read(&self, service: Uuid, uuid: Uuid) -> Result<Vec<u8>, GattFailure> {
        let target = self.characteristic(service, uuid).await?;
        let value = limited(promise(&target, "readValue", &[]), OPERATION_MS).await?;
        bytes_of(&value).ok_or(GattFailure::Other)
    }

    pub(super) async fn write(&self, service: Uuid, uuid: Uuid, bytes: &[u8]) -> Result<(), GattFailure> {
        let target = self.characteristic(service, uuid).await?;
        let value: JsValue = Uint8Array::from(bytes).into();
        // The older name is all that some implementations have.
        let with_response = super::member::has(&target, "writeValueWithResponse");
        let method = if with_response { "writeValueWithResponse" } else { "writeValue" };
        let mut done = limited(promise(&target, method, &[&value]), OPERATION_MS).await;
        // Some characteristics take commands without an answer only.
        let silent = "writeValueWithoutResponse";
        if matches!(done, Err(GattFailure::NotSupported)) && super::member::has(&target, silent) {
            done = limited(promise(&target, silent, &[&value]), OPERATION_MS).await;
        }
        done.map(|_| ())
    }
}

/// The bytes of a `DataView`, by its own offset and length: its buffer may be larger.
fn bytes_of(view: &JsValue) -> Option<Vec<u8>> {
    let buffer = get(view, "buffer");
    let (offset, length) = (get(view, "byteOffset").as_f64()?, get(view, "byteLength").as_f64()?);
    if !buffer.is_object() {
        return None;
    }
    let bytes = Uint8Array::new_with_byte_offset_and_length(&buffer, offset as u32, length as u32);
    Some(bytes.to_vec())
}

/// Closes a link; a link that is already closed is none of our business.
pub(super) fn disconnect(device: &JsValue) {
    let _ = call(&get(device, "gatt"), "disconnect", &[]);
}
