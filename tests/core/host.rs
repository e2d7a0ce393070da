//! A host that drives a session as a browser's driver does, with a virtual device on the other side.

use crate::hearts::{hertz, ID};
use pqrst::device::{Action, Input, Uuid};
use pqrst::pipeline::{Event, Report, Request};
use pqrst::session::{LinkId, Session, SessionEvent, State};
use pqrst::simulate::{Options, VirtualDevice, VirtualKind};
use pqrst::units::HostTime;

/// Step of the simulation, milliseconds.
const STEP: f64 = 20.0;

pub struct Host {
    pub now: f64,
    pub strap: VirtualDevice,
    pub session: Session,
    pub events: Vec<SessionEvent>,
    /// Notifications from here do not arrive.
    pub mute: Option<Uuid>,
    linked: bool,
}

impl Host {
    pub fn new(request: Request, kind: VirtualKind, ecg: &[f32], hz: f64, options: Options) -> Self {
        Self {
            now: 10_000.0,
            strap: VirtualDevice::new(kind, ecg, hertz(hz), options),
            session: Session::new(request),
            events: Vec::new(),
            mute: None,
            linked: false,
        }
    }

    pub fn connect(&mut self) {
        let now = HostTime(self.now);
        self.strap.connect(now);
        self.linked = true;
        let services = self.strap.services();
        self.session.input(LinkId::FIRST, Input::Connected { services, now });
        self.carry_out();
    }

    pub fn disconnect(&mut self) {
        self.strap.disconnect();
        self.linked = false;
        self.session.input(LinkId::FIRST, Input::Disconnected { received: HostTime(self.now) });
        self.collect();
    }

    /// What the device asks for, one after the other.
    pub fn carry_out(&mut self) {
        while let Some(action) = self.session.next_action(LinkId::FIRST) {
            let now = HostTime(self.now);
            let done = self.strap.carry_out(&action, now);
            match (&action, done) {
                (Action::Subscribe { characteristic, .. }, Some(result)) => self.session.input(
                    LinkId::FIRST,
                    Input::Subscribed { characteristic: *characteristic, result: result.map(|_| ()), now },
                ),
                (Action::Write { characteristic, .. }, Some(result)) => self.session.input(
                    LinkId::FIRST,
                    Input::WriteDone { characteristic: *characteristic, result: result.map(|_| ()), now },
                ),
                (Action::Read { characteristic, .. }, Some(result)) => self.session.input(
                    LinkId::FIRST,
                    Input::ReadResult {
                        characteristic: *characteristic,
                        result: result.as_deref().map_err(|failure| *failure),
                        now,
                    },
                ),
                (Action::Disconnect, _) if self.linked => self.disconnect(),
                _ => {}
            }
        }
        self.collect();
    }

    /// Time passes, with a tick of the page four times a second.
    pub fn run(&mut self, seconds: f64) {
        let end = self.now + seconds * 1000.0;
        while self.now < end {
            self.now += STEP;
            let mut arrived = Vec::new();
            if self.linked {
                self.strap.poll(HostTime(self.now), &mut arrived);
            }
            arrived.retain(|n| Some(n.characteristic) != self.mute);
            for n in arrived {
                let (characteristic, received) = (n.characteristic, n.received);
                self.session
                    .input(LinkId::FIRST, Input::Notification { characteristic, bytes: &n.bytes, received });
                self.carry_out();
            }
            if ((self.now / STEP) as u64).is_multiple_of(12) {
                self.session.tick(HostTime(self.now));
                self.carry_out();
            }
        }
    }

    /// Until the test is over, or for so long.
    pub fn run_to_the_end(&mut self, seconds: f64) {
        let end = self.now + seconds * 1000.0;
        while self.now < end && !self.session.state().is_over() {
            self.run(0.5);
        }
    }

    pub fn collect(&mut self) {
        while let Some(event) = self.session.next_event() {
            self.events.push(event);
        }
    }

    pub fn finish(&mut self) -> Report {
        let report = self.session.finish(ID);
        self.collect();
        report
    }

    /// The states in their order.
    pub fn states(&self) -> Vec<State> {
        self.changes().into_iter().map(|(state, _)| state).collect()
    }

    pub fn changes(&self) -> Vec<(State, Option<&'static str>)> {
        let state = |event: &SessionEvent| match event {
            SessionEvent::State(change) => Some((change.state, change.code)),
            _ => None,
        };
        self.events.iter().filter_map(state).collect()
    }

    pub fn pipeline(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter_map(|event| match event {
            SessionEvent::Pipeline(event) => Some(event),
            _ => None,
        })
    }
}
