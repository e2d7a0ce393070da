//! The home test: connect, find contact, settle, record, finish. Sans-I/O: inputs in, events and commands out.
//!
//! Nothing recorded is ever lost: whatever happens to the link, [`Session::finish`] reports what arrived.

mod event;
mod link;
mod state;

pub use event::SessionEvent;
pub use state::{State, StateChange};

use crate::device::{Action, DeviceError, DeviceEvent, EcgSettings, Input, Refusal, Stream, Uuid};
use crate::pipeline::{EcgSource, Pipeline, Report, ReportId, Request};
use crate::signal::{DeviceClass, Lead};
use crate::units::{Hertz, HostTime, Milliseconds, Seconds, UnitError};
use link::Links;
use std::collections::VecDeque;

/// Progress is told this often at most.
const PROGRESS_STEP: Seconds = Seconds(0.5);

/// A connected device that sends nothing for this long is reported as such.
const SILENCE: Seconds = Seconds(20.0);

/// One test with one patient.
pub struct Session {
    request: Request,
    pipeline: Pipeline,
    links: Links,
    state: State,
    events: VecDeque<SessionEvent>,
    class: Option<DeviceClass>,
    awaits_ecg: bool,
    contact: Option<bool>,
    last_signal: Option<HostTime>,
    told_progress: Option<Seconds>,
    samples_rate: Option<Hertz>,
    report: Option<Report>,
}

impl Session {
    /// A session that waits for a device or for samples.
    #[must_use]
    pub fn new(request: Request) -> Self {
        Self {
            request,
            pipeline: Pipeline::new(request),
            links: Links::default(),
            state: State::Idle,
            events: VecDeque::new(),
            class: None,
            awaits_ecg: false,
            contact: None,
            last_signal: None,
            told_progress: None,
            samples_rate: None,
            report: None,
        }
    }

    /// Where the test stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// The signal comes from a virtual device. To be said before anything is recorded.
    pub fn simulated(&mut self) {
        if self.pipeline.is_empty() {
            self.request.simulated = true;
            self.pipeline = Pipeline::new(self.request);
        }
    }

    /// The driver moved on: choosing, connecting, failed.
    pub fn driver_state(&mut self, state: State, code: Option<&'static str>) {
        if !self.state.is_over() {
            self.enter(state, code);
        }
    }

    /// What happened on the driver's own link.
    pub fn input(&mut self, input: Input<'_>) {
        self.handle(None, input);
    }

    /// What happened on the link of a foreign transport; `source` tells several devices apart.
    pub fn foreign_input(&mut self, source: &str, input: Input<'_>) {
        self.handle(Some(source), input);
    }

    /// A notification of a foreign transport; decodes without a handshake.
    ///
    /// # Errors
    /// [`DeviceError::Unexpected`] for a service that is not read.
    pub fn push_notification(
        &mut self,
        source: &str,
        place: (Uuid, Uuid),
        bytes: &[u8],
        received: HostTime,
    ) -> Result<(), DeviceError> {
        if self.state.is_over() {
            return Ok(());
        }
        let mut said = Vec::new();
        let pushed = self.links.push(source, place, bytes, received, &mut said);
        self.take(said, received);
        pushed
    }

    /// Samples of any other source, in microvolts.
    ///
    /// # Errors
    /// [`UnitError::Rate`] for a rate that is not supported or differs from that of the first call.
    pub fn push_samples(
        &mut self,
        samples_uv: &[f32],
        rate_hz: f64,
        start: Option<Seconds>,
    ) -> Result<(), UnitError> {
        let rate = Hertz::new(rate_hz)?;
        let first = *self.samples_rate.get_or_insert(rate);
        if first != rate {
            return Err(UnitError::Rate { got: rate_hz, min: first.get(), max: first.get() });
        }
        if self.state.is_over() {
            return Ok(());
        }
        self.pipeline.open_ecg(EcgSource {
            class: DeviceClass::Recording,
            lead: Lead::Unknown,
            rate,
            band: None,
        });
        self.pipeline.push_samples(samples_uv, start);
        self.advance();
        Ok(())
    }

    /// Commands for the driver's own link, in order, one at a time.
    pub fn next_action(&mut self) -> Option<Action> {
        self.links.next_action()
    }

    /// Time passes.
    pub fn tick(&mut self, now: HostTime) {
        self.handle(None, Input::Tick { now });
        let sources = self.links.foreign_sources();
        for source in sources {
            self.handle(Some(&source), Input::Tick { now });
        }
        if let Some(last) = self.last_signal {
            let waiting = matches!(self.state, State::Contact | State::Settling | State::Recording);
            if waiting && now.since(last).0 > SILENCE.0 {
                self.last_signal = Some(now);
                let state = self.state;
                self.enter(state, Some("device.silent"));
            }
        }
    }

    /// Asks the device to stop; the commands are then to be carried out.
    pub fn stop(&mut self, now: HostTime) {
        self.handle(None, Input::Stop { now });
        for source in self.links.foreign_sources() {
            self.handle(Some(&source), Input::Stop { now });
        }
    }

    /// Ends the test and reports. Later calls give the same report.
    pub fn finish(&mut self, id: ReportId) -> Report {
        if let Some(report) = &self.report {
            return report.clone();
        }
        let report = self.pipeline.finish(id);
        self.forward_pipeline();
        if !self.state.is_over() {
            self.enter(State::Finished, None);
        }
        self.report = Some(report.clone());
        report
    }

    /// What happened since the last call, oldest first.
    pub fn next_event(&mut self) -> Option<SessionEvent> {
        self.events.pop_front()
    }

    fn handle(&mut self, source: Option<&str>, input: Input<'_>) {
        let now = input.now();
        let mut said = Vec::new();
        match input {
            Input::Connected { services, .. } => {
                self.awaits_ecg = link::offers_ecg(services);
                self.last_signal = Some(now);
                if self.pipeline.is_empty() {
                    self.enter(State::Contact, None);
                } else {
                    self.pipeline.reconnected();
                }
            }
            Input::Disconnected { .. } => {
                self.pipeline.disconnected(now);
                self.last_signal = None;
                let lost = matches!(self.state, State::Contact | State::Settling | State::Recording);
                if lost {
                    self.enter(State::Reconnecting, Some("transport.disconnected"));
                }
            }
            _ => {}
        }
        self.links.handle(source, input, &mut said);
        self.take(said, now);
        for (source, action) in self.links.commands() {
            self.events.push_back(SessionEvent::Command { source, action });
        }
    }

    fn take(&mut self, said: Vec<DeviceEvent>, now: HostTime) {
        for event in said {
            self.device_event(event, now);
        }
        self.advance();
    }

    fn device_event(&mut self, event: DeviceEvent, now: HostTime) {
        match event {
            DeviceEvent::Class(class) => self.class = Some(class),
            DeviceEvent::EcgSettings(settings) => self.open(&settings),
            DeviceEvent::Ecg(frame) => {
                self.last_signal = Some(now);
                self.pipeline.push_frame(frame);
            }
            DeviceEvent::HeartRate(message) => {
                let rr: Vec<Milliseconds> = message.rr.iter().map(|rr| rr.rr).collect();
                let bpm = message.rate.map(|rate| rate.0);
                if self.awaits_ecg || message.beside_ecg {
                    self.events.extend(bpm.map(SessionEvent::device_rate));
                } else {
                    self.last_signal = Some(now);
                    self.pipeline.push_device_rate(bpm, &rr, message.received);
                }
            }
            DeviceEvent::Contact(contact) => {
                self.contact = contact;
                self.pipeline.contact(contact);
                self.events.push_back(SessionEvent::Contact(contact));
            }
            DeviceEvent::Battery { percent } => {
                self.pipeline.battery(percent);
                self.events.push_back(SessionEvent::Battery { percent });
            }
            DeviceEvent::StreamRefused { stream: Stream::Ecg, reason } => self.refused(reason),
            DeviceEvent::BadFrame(_) => self.pipeline.bad_frame(),
            _ => {}
        }
    }

    /// No ECG on this connection: the heart rate goes on if the device sends it, and the reason is told.
    fn refused(&mut self, reason: Refusal) {
        self.awaits_ecg = false;
        if !self.state.is_over() {
            let state = self.state;
            self.enter(state, Some(reason.code()));
        }
    }

    fn open(&mut self, settings: &EcgSettings) {
        let class = self.class.unwrap_or(DeviceClass::ChestStrapEcg);
        let lead = Lead::ChestStrapModified;
        self.pipeline.open_ecg(EcgSource { class, lead, rate: settings.rate, band: settings.band });
    }

    /// Moves the state on by what was recorded.
    fn advance(&mut self) {
        self.forward_pipeline();
        if self.state.is_over() || self.pipeline.is_empty() {
            return;
        }
        let recorded = self.pipeline.recorded();
        let next = if self.contact == Some(false) && recorded.0 <= 0.0 {
            State::Contact
        } else if recorded.0 <= 0.0 && self.pipeline.settling().0 > 0.0 {
            State::Settling
        } else {
            State::Recording
        };
        if self.state != next && !(self.state == State::Reconnecting && self.last_signal.is_none()) {
            self.enter(next, None);
        }
        self.tell_progress(recorded);
        if self.request.test.length().is_some_and(|length| recorded.0 >= length.0) {
            self.enter(State::Finished, None);
        }
    }

    fn tell_progress(&mut self, recorded: Seconds) {
        let Some(length) = self.request.test.length() else { return };
        if self.state == State::Recording
            && self.told_progress.is_none_or(|told| recorded.0 - told.0 >= PROGRESS_STEP.0)
        {
            self.told_progress = Some(recorded);
            self.events
                .push_back(SessionEvent::Progress { elapsed: Seconds(recorded.0.min(length.0)), length });
        }
    }

    fn forward_pipeline(&mut self) {
        self.events.extend(self.pipeline.drain().map(SessionEvent::Pipeline));
    }

    fn enter(&mut self, state: State, code: Option<&'static str>) {
        if self.state != state || code.is_some() {
            self.state = state;
            self.events.push_back(SessionEvent::State(StateChange { state, code }));
        }
    }
}
