//! The driver's loop: choose, connect, carry out, reconnect.

use super::gatt::{self, Gatt, Listener};
use super::timer::sleep;
use super::{chooser, failure, member};
use crate::device::{Action, GattFailure, Input, Uuid};
use crate::session::{LinkId, Session, State};
use crate::wasm::error::error;
use crate::wasm::host::now;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// Pauses between attempts to connect, milliseconds; the last one repeats until the session loses patience.
const BACK_OFF_MS: [f64; 5] = [200.0, 500.0, 1000.0, 2000.0, 4000.0];

/// Attempts for the very first link: a patient who waits wants an answer.
const FIRST_ATTEMPTS: usize = 3;

/// So often an operation that hangs, or finds its link gone, is answered with a fresh link.
const FRESH_LINKS: usize = 2;

/// A chooser that is open for so long may not be there at all: a browser whose Bluetooth is off waits for it in silence.
const CHOOSER_MS: f64 = 12_000.0;

struct Inner {
    session: Rc<RefCell<Session>>,
    wake: Function,
    /// Which device of the session it drives.
    id: LinkId,
    device: RefCell<Option<JsValue>>,
    link: RefCell<Option<Rc<Gatt>>>,
    /// Characteristic being read: its event repeats the result and is swallowed once.
    reading: Cell<Option<Uuid>>,
    /// Characteristics whose operations were answered with a fresh link.
    stuck: RefCell<Vec<Uuid>>,
    /// How often a chooser was opened.
    choosers: Cell<u32>,
    lost: RefCell<Option<Listener>>,
    busy: Cell<bool>,
    closed: Cell<bool>,
}

/// A handle on the driver; clones share it.
#[derive(Clone)]
pub(in crate::wasm) struct Driver(Rc<Inner>);

impl Driver {
    pub(in crate::wasm) fn new(session: Rc<RefCell<Session>>, wake: Function, id: LinkId) -> Self {
        Self(Rc::new(Inner {
            session,
            wake,
            id,
            device: RefCell::default(),
            link: RefCell::default(),
            reading: Cell::new(None),
            stuck: RefCell::default(),
            choosers: Cell::new(0),
            lost: RefCell::default(),
            busy: Cell::new(false),
            closed: Cell::new(false),
        }))
    }

    /// Chooses a device and makes the first link.
    pub(in crate::wasm) async fn connect(&self, bluetooth: JsValue) -> Result<JsValue, JsValue> {
        if !member::has(&bluetooth, "requestDevice") {
            self.state(State::Failed, Some("bluetooth.unavailable"));
            return Err(error("bluetooth.unavailable", "this browser has no Web Bluetooth"));
        }
        if self.0.device.borrow().is_some() {
            return Err(error("session.connected", "this session already has a device"));
        }
        self.state(State::Choosing, None);
        self.hint_at_chooser();
        let device = match chooser::choose(&bluetooth).await {
            Ok(device) => device,
            Err(thrown) => {
                let (code, thrown) = failure::chooser(&thrown, chooser::available(&bluetooth).await);
                self.state(State::Idle, Some(code));
                return Err(thrown);
            }
        };
        if self.0.closed.get() {
            return Err(error("session.closed", "the session was ended"));
        }
        if chooser::is_simulated(&bluetooth) {
            self.0.session.borrow_mut().simulated();
        }
        self.watch(&device);
        *self.0.device.borrow_mut() = Some(device);
        self.state(State::Connecting, None);
        for pause in BACK_OFF_MS.iter().take(FIRST_ATTEMPTS) {
            match self.link().await {
                Ok(()) => return Ok(JsValue::UNDEFINED),
                Err(_) if self.0.closed.get() => break,
                Err(_) => sleep(*pause).await,
            }
        }
        self.0.device.borrow_mut().take();
        self.state(State::Idle, Some("transport.connectFailed"));
        Err(error("transport.connectFailed", "the device did not answer"))
    }

    /// Tells in a while what may be wrong when nothing is chosen until then.
    fn hint_at_chooser(&self) {
        let own = self.0.choosers.get() + 1;
        self.0.choosers.set(own);
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            sleep(CHOOSER_MS).await;
            if let Some(driver) = inner.upgrade().map(Driver) {
                let waits = driver.0.session.borrow().state() == State::Choosing;
                // It may have been closed and opened again since.
                if waits && driver.0.choosers.get() == own {
                    driver.state(State::Choosing, Some("bluetooth.noChooser"));
                }
            }
        });
    }

    /// Ends the stream and closes the link, waiting until that is done.
    pub(in crate::wasm) async fn stop(&self) {
        self.close();
        for _ in 0..100 {
            if self.0.link.borrow().is_none() {
                return;
            }
            sleep(50.0).await;
        }
        self.drop_link();
    }

    /// The session was told to stop: carries that out, and nothing is reconnected any more.
    pub(in crate::wasm) fn close(&self) {
        if !self.0.closed.replace(true) {
            self.kick();
        }
    }

    /// Carries out what waits, one action at a time.
    pub(in crate::wasm) fn kick(&self) {
        if self.0.busy.replace(true) {
            return;
        }
        let driver = self.clone();
        spawn_local(async move {
            loop {
                let next = driver.0.session.borrow_mut().next_action(driver.0.id);
                let Some(action) = next else { break };
                driver.carry_out(action).await;
                driver.wake();
            }
            driver.0.busy.set(false);
        });
    }

    async fn carry_out(&self, action: Action) {
        let link = self.0.link.borrow().clone();
        let down = GattFailure::Disconnected;
        match action {
            // The page ticks several times a second.
            Action::Wait { .. } => {}
            Action::Disconnect => self.drop_link(),
            Action::Subscribe { service, characteristic } => {
                let result = match link {
                    Some(link) => {
                        link.subscribe(service, characteristic, self.listener(characteristic)).await
                    }
                    None => Err(down),
                };
                if self.begins_anew(characteristic, result.err()) {
                    return;
                }
                self.input(Input::Subscribed { characteristic, result, now: now() });
            }
            Action::Write { service, characteristic, bytes } => {
                let result = match link {
                    Some(link) => link.write(service, characteristic, &bytes).await,
                    None => Err(down),
                };
                if self.begins_anew(characteristic, result.err()) {
                    return;
                }
                self.input(Input::WriteDone { characteristic, result, now: now() });
            }
            Action::Read { service, characteristic } => {
                self.0.reading.set(Some(characteristic));
                let result = match link {
                    Some(link) => link.read(service, characteristic).await,
                    None => Err(down),
                };
                self.0.reading.set(None);
                if self.begins_anew(characteristic, result.as_ref().err().copied()) {
                    return;
                }
                let result = result.as_deref().map_err(|failure| *failure);
                self.input(Input::ReadResult { characteristic, result, now: now() });
            }
        }
    }

    /// An operation that hangs blocks all that follow, and what says that the link is gone knows of a link that nobody
    /// else does: both are answered with a fresh link, on which the device starts anew. True where that is done.
    fn begins_anew(&self, characteristic: Uuid, failure: Option<GattFailure>) -> bool {
        let fresh = matches!(failure, Some(GattFailure::TimedOut | GattFailure::Disconnected));
        let over = self.0.closed.get() || self.0.session.borrow().state().is_over();
        if !fresh || over || self.0.link.borrow().is_none() {
            return false;
        }
        let mut stuck = self.0.stuck.borrow_mut();
        if stuck.iter().filter(|known| **known == characteristic).count() >= FRESH_LINKS {
            return false;
        }
        stuck.push(characteristic);
        drop(stuck);
        self.drop_link();
        true
    }

    /// What a subscription does with its values.
    fn listener(&self, characteristic: Uuid) -> impl FnMut(Vec<u8>) + 'static {
        let inner = Rc::downgrade(&self.0);
        move |bytes| {
            let Some(driver) = inner.upgrade().map(Driver) else { return };
            if driver.0.reading.get() == Some(characteristic) {
                driver.0.reading.set(None);
                return;
            }
            driver.input(Input::Notification { characteristic, bytes: &bytes, received: now() });
            driver.kick();
            driver.wake();
        }
    }

    /// Makes a link and tells the session.
    async fn link(&self) -> Result<(), GattFailure> {
        let device = self.0.device.borrow().clone().ok_or(GattFailure::Disconnected)?;
        let link = match Gatt::connect(&device).await {
            Ok(link) => link,
            Err(why) => {
                // A half-made link blocks the next attempt.
                gatt::disconnect(&device);
                return Err(why);
            }
        };
        let services = link.services();
        *self.0.link.borrow_mut() = Some(Rc::new(link));
        self.input(Input::Connected { services: &services, now: now() });
        if self.0.closed.get() {
            self.input(Input::Stop { now: now() });
        }
        self.kick();
        self.wake();
        Ok(())
    }

    fn watch(&self, device: &JsValue) {
        let inner = Rc::downgrade(&self.0);
        let listener = Listener::new(device, "gattserverdisconnected", move |_| {
            if let Some(driver) = inner.upgrade().map(Driver) {
                driver.lost();
            }
        });
        *self.0.lost.borrow_mut() = Some(listener);
    }

    /// The link went down: the session marks it, and the driver tries to get it back.
    fn lost(&self) {
        if self.0.link.borrow_mut().take().is_none() {
            return;
        }
        self.input(Input::Disconnected { received: now() });
        self.wake();
        if !self.0.closed.get() && !self.0.session.borrow().state().is_over() {
            let driver = self.clone();
            spawn_local(async move { driver.reconnect().await });
        }
    }

    async fn reconnect(&self) {
        let began = now();
        for attempt in 0.. {
            let pause = BACK_OFF_MS.get(attempt).or(BACK_OFF_MS.last()).copied().unwrap_or(1000.0);
            sleep(pause).await;
            if self.0.closed.get() || self.link().await.is_ok() {
                return;
            }
            let patience = self.0.session.borrow().patience(self.0.id);
            if now().since(began).0 > patience.0 {
                break;
            }
        }
        self.state(State::Failed, Some("transport.lost"));
    }

    fn drop_link(&self) {
        let had = self.0.link.borrow_mut().take();
        let device = self.0.device.borrow().clone();
        if let (Some(_), Some(device)) = (had, device) {
            gatt::disconnect(&device);
            self.input(Input::Disconnected { received: now() });
            // The device asked for a fresh link: only a session that goes on wants one.
            if !self.0.closed.get() && !self.0.session.borrow().state().is_over() {
                let driver = self.clone();
                spawn_local(async move { driver.reconnect().await });
            }
        }
    }

    fn input(&self, input: Input<'_>) {
        self.0.session.borrow_mut().input(self.0.id, input);
    }

    fn state(&self, state: State, code: Option<&'static str>) {
        self.0.session.borrow_mut().driver_state(self.0.id, state, code);
        self.wake();
    }

    /// Tells TypeScript that events wait. Nothing is borrowed here.
    fn wake(&self) {
        let _ = self.0.wake.call0(&JsValue::UNDEFINED);
    }
}
