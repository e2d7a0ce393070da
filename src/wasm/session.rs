//! `SessionCore`: the handle that TypeScript's `Session` owns.

use super::bluetooth::Driver;
use super::error::{error, invalid};
use super::event::to_event;
use super::host::now;
use super::identity::report_id;
use super::plain::from_js;
use super::types::text;
use crate::device::{DeviceChoice, Input, Uuid};
use crate::pipeline::{Context, Request, TestKind};
use crate::session::{LinkId, Session};
use crate::units::{HostTime, Seconds};
use js_sys::{Array, Function};
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Options {
    test: TestKind,
    #[serde(default)]
    context: Context,
    #[serde(default)]
    simulated: bool,
    #[serde(default)]
    retakes: u8,
    #[serde(default)]
    motion: bool,
}

/// A session with its driver. Every method only queues events; `drain` hands them over.
#[wasm_bindgen]
pub struct SessionCore {
    session: Rc<RefCell<Session>>,
    wake: Function,
    /// One for each device.
    drivers: Vec<Driver>,
    closed: Cell<bool>,
}

fn uuid(text: &str) -> Result<Uuid, JsValue> {
    Uuid::parse(text).ok_or_else(|| invalid("a UUID has 128 bits, written in lower case with hyphens"))
}

fn moment(ms: f64) -> Result<HostTime, JsValue> {
    ms.is_finite().then_some(HostTime(ms)).ok_or_else(|| invalid("receivedMs is a number of milliseconds"))
}

#[wasm_bindgen]
impl SessionCore {
    /// A session; `wake` is called when events wait after something asynchronous.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, wake: Function) -> Result<SessionCore, JsValue> {
        let options: Options = from_js(options, "test is rest-30s, rest-5min, monitor or recording")?;
        let Options { test, context, simulated, retakes, motion } = options;
        let mut session = Session::new(Request { test, context, simulated, retakes });
        // What has no ECG is asked for its pulse intervals.
        session.configure(&DeviceChoice { motion, pulse_intervals: true, ..DeviceChoice::default() });
        let session = Rc::new(RefCell::new(session));
        let first = Driver::new(Rc::clone(&session), wake.clone(), LinkId::FIRST);
        Ok(Self { drivers: vec![first], closed: Cell::new(false), wake, session })
    }

    /// A notification of a foreign transport.
    #[wasm_bindgen(js_name = pushNotification)]
    pub fn push_notification(
        &mut self,
        service: &str,
        characteristic: &str,
        bytes: &[u8],
        received_ms: f64,
        source: Option<String>,
    ) -> Result<(), JsValue> {
        let place = (uuid(service)?, uuid(characteristic)?);
        let received = moment(received_ms)?;
        let source = source.unwrap_or_default();
        self.session
            .borrow_mut()
            .push_notification(&source, place, bytes, received)
            .map_err(|why| error(why.code(), &why.to_string()))
    }

    /// A foreign transport made a link to a device with these services: its handshake follows as commands.
    #[wasm_bindgen(js_name = pushConnected)]
    pub fn push_connected(
        &mut self,
        services: Vec<String>,
        received_ms: f64,
        source: Option<String>,
    ) -> Result<(), JsValue> {
        let services = services.iter().map(|text| uuid(text)).collect::<Result<Vec<Uuid>, JsValue>>()?;
        let now = moment(received_ms)?;
        let input = Input::Connected { services: &services, now };
        self.session.borrow_mut().foreign_input(&source.unwrap_or_default(), input);
        Ok(())
    }

    /// The link of a foreign transport went down.
    #[wasm_bindgen(js_name = pushDisconnected)]
    pub fn push_disconnected(&mut self, received_ms: f64, source: Option<String>) -> Result<(), JsValue> {
        let input = Input::Disconnected { received: moment(received_ms)? };
        self.session.borrow_mut().foreign_input(&source.unwrap_or_default(), input);
        Ok(())
    }

    /// Samples in microvolts.
    #[wasm_bindgen(js_name = pushSamples)]
    pub fn push_samples(
        &mut self,
        samples_uv: &[f32],
        rate: f64,
        start_s: Option<f64>,
    ) -> Result<(), JsValue> {
        if start_s.is_some_and(|start| !start.is_finite() || start < 0.0) {
            return Err(invalid("startS is a number of seconds from the start"));
        }
        self.session
            .borrow_mut()
            .push_samples(samples_uv, rate, start_s.map(Seconds))
            .map_err(|why| error("samplingRate.unsupported", &why.to_string()))
    }

    /// Chooses and connects a device, or one more; resolves when the link stands, rejects with a code.
    pub fn connect(&mut self, bluetooth: JsValue, another: bool) -> Result<js_sys::Promise, JsValue> {
        if another {
            let link = self.session.borrow_mut().add_link();
            let link = link.ok_or_else(|| error("session.connected", "this session has all its devices"))?;
            self.drivers.push(Driver::new(Rc::clone(&self.session), self.wake.clone(), link));
        }
        let driver = self.drivers.last().cloned().ok_or(JsValue::UNDEFINED)?;
        Ok(wasm_bindgen_futures::future_to_promise(async move { driver.connect(bluetooth).await }))
    }

    /// Stops the streams and closes the links.
    pub fn disconnect(&self) -> js_sys::Promise {
        self.close();
        let drivers = self.drivers.clone();
        wasm_bindgen_futures::future_to_promise(async move {
            for driver in drivers {
                driver.stop().await;
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Time passes.
    pub fn tick(&mut self, now_ms: f64) {
        if now_ms.is_finite() {
            self.session.borrow_mut().tick(HostTime(now_ms));
            self.kick();
        }
    }

    /// The next input for the module of rarer devices, behind the number of its device.
    #[wasm_bindgen(js_name = nextRemote)]
    pub fn next_remote(&mut self) -> Option<Vec<u8>> {
        let (link, mut input) = self.session.borrow_mut().next_remote()?;
        input.insert(0, link.number());
        Some(input)
    }

    /// What that module answered for a device; nothing when it cannot be had.
    #[wasm_bindgen(js_name = remoteSaid)]
    pub fn remote_said(&mut self, link: u8, answer: Option<Vec<u8>>) {
        self.session.borrow_mut().remote_said(LinkId::of_number(link), answer.as_deref(), now());
        self.kick();
    }

    /// Whether a device is behind a transport that is not ours.
    #[wasm_bindgen(js_name = isForeign)]
    pub fn is_foreign(&self, link: u8) -> bool {
        self.session.borrow().is_foreign(LinkId::of_number(link))
    }

    /// Ends the test: what its report is made of, for the module of results. The device is told to stop.
    pub fn finish(&mut self) -> Result<String, JsValue> {
        let id = report_id()?;
        let recorded = self.session.borrow_mut().end(id);
        self.close();
        text(&*recorded)
    }

    /// Everything that happened since the last call, in order.
    pub fn drain(&mut self) -> Result<Array, JsValue> {
        let events = Array::new();
        loop {
            let next = self.session.borrow_mut().next_event();
            let Some(event) = next else { return Ok(events) };
            events.push(&to_event(event)?);
        }
    }
}

impl SessionCore {
    fn kick(&self) {
        self.drivers.iter().for_each(Driver::kick);
    }

    /// Devices are told to stop, those of foreign transports by commands.
    fn close(&self) {
        if !self.closed.replace(true) {
            self.session.borrow_mut().stop(now());
        }
        self.drivers.iter().for_each(Driver::close);
    }
}

impl Drop for SessionCore {
    fn drop(&mut self) {
        self.close();
    }
}
