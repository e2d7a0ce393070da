//! The home test: connect, find contact, settle, record, finish. Sans-I/O: inputs in, events and commands out.
//!
//! Nothing recorded is ever lost: whatever happens to the link, [`Session::finish`] reports what arrived.

mod event;
mod link;
mod state;

pub use event::SessionEvent;
pub use link::LinkId;
pub use state::{State, StateChange};

use crate::device::reading::Panel;
use crate::device::{
    Action, DeviceChoice, DeviceError, DeviceEvent, EcgSettings, EcgTiming, HeartRate, Input, PulseInterval,
    Refusal, Stream, Uuid,
};
use crate::pipeline::{EcgSource, Pipeline, Recorded, Report, ReportId, Request};
use crate::signal::{DeviceClass, Lead};
use crate::units::{Hertz, HostTime, Milliseconds, Seconds, UnitError};
use link::Links;
use std::collections::VecDeque;
use std::rc::Rc;

/// Progress is told this often at most.
const PROGRESS_STEP: Seconds = Seconds(0.5);

/// A connected device that sends nothing for this long is reported as such.
const SILENCE: Seconds = Seconds(20.0);

/// A link that does not come back for this long is lost.
const PATIENCE: Seconds = Seconds(60.0);

/// A blood pressure monitor may switch its radio off between two readings: as long as a rested series takes.
const PATIENCE_BETWEEN_READINGS: Seconds = Seconds(900.0);

/// The link that the record is made from.
struct Owner {
    link: LinkId,
    /// It sends ECG; a heart-rate sensor gives way to one that does.
    ecg: bool,
}

/// One test with one patient.
pub struct Session {
    request: Request,
    pipeline: Pipeline,
    links: Links,
    state: State,
    events: VecDeque<SessionEvent>,
    owner: Option<Owner>,
    class: Option<DeviceClass>,
    awaits_ecg: bool,
    /// What the settings announce continues the record.
    ecg_fits: bool,
    contact: Option<bool>,
    /// When the link last proved alive; `None` while it is down.
    last_signal: Option<HostTime>,
    /// The link went down and nothing came since.
    interrupted: bool,
    told_progress: Option<Seconds>,
    samples_rate: Option<Hertz>,
    /// When the first device was linked, or first heard of: the patient has been sitting since.
    seated: Option<HostTime>,
    /// The heart's part of the test has its length, and a rested series of blood pressures has not.
    heart_over: bool,
    /// The blood pressure monitor is gone for good.
    series_given_up: bool,
    /// The devices were told to stop.
    let_go: bool,
    recorded: Option<Rc<Recorded>>,
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
            owner: None,
            class: None,
            awaits_ecg: false,
            ecg_fits: false,
            contact: None,
            last_signal: None,
            interrupted: false,
            told_progress: None,
            samples_rate: None,
            seated: None,
            heart_over: false,
            series_given_up: false,
            let_go: false,
            recorded: None,
        }
    }

    /// Where the test stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// How long a driver tries to get a link back before it is lost.
    #[must_use]
    pub fn patience(&self, link: LinkId) -> Seconds {
        if self.awaits_readings() && !self.links.has_heart(link) {
            PATIENCE_BETWEEN_READINGS
        } else {
            PATIENCE
        }
    }

    /// The signal comes from a virtual device, in part or as a whole: the report will say so.
    pub fn simulated(&mut self) {
        self.pipeline.simulated();
    }

    /// Takes what the person in front of the screen chose, for every device of the session.
    pub fn configure(&mut self, choice: &DeviceChoice) {
        self.links.configure(choice);
    }

    /// A place for one more device beside the first, such as an oximeter beside a strap; `None` when there are more
    /// than anybody wears.
    pub fn add_link(&mut self) -> Option<LinkId> {
        self.links.add(None)
    }

    /// The driver of a device moved on: choosing, connecting, failed. Where another device leads the test, that is no
    /// news of the test.
    pub fn driver_state(&mut self, link: LinkId, state: State, code: Option<&'static str>) {
        if self.state.is_over() {
            return;
        }
        if self.heart_over || !self.concerns(link) {
            self.series_given_up |= state == State::Failed && self.links.has_pressure(link);
            self.advance();
        } else {
            self.enter(state, code);
        }
    }

    /// Whether a rested series of blood pressures was begun, is not complete, and can still be.
    fn awaits_readings(&self) -> bool {
        self.pipeline.has_rested_series() == Some(false) && !self.series_given_up
    }

    /// What happened on a driver's link.
    pub fn input(&mut self, link: LinkId, input: Input<'_>) {
        self.handle(link, input);
    }

    /// What happened on the link of a foreign transport; `source` tells several devices apart.
    pub fn foreign_input(&mut self, source: &str, input: Input<'_>) {
        if let Some(link) = self.links.foreign(source) {
            self.handle(link, input);
        }
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
        let link = self.links.foreign(source).ok_or(DeviceError::Unexpected { field: "one more source" })?;
        self.seated.get_or_insert(received);
        let mut said = Vec::new();
        let pushed = self.links.push(link, place, bytes, received, &mut said);
        // After the end only what the device is still to be told matters.
        if !self.state.is_over() {
            self.pipeline.at(received);
            self.take(link, said, received);
        }
        self.tell_commands();
        pushed
    }

    /// Samples of any other source, in microvolts.
    ///
    /// # Errors
    /// [`UnitError::Rate`] for a rate that is not supported or differs from that of the first call.
    ///
    /// Samples beside a device that sends ECG already are left out: a record has one lead.
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
        if self.state.is_over() || self.heart_over {
            return Ok(());
        }
        let source = EcgSource { class: DeviceClass::Recording, lead: Lead::Unknown, rate, band: None };
        if self.pipeline.open_ecg(source) {
            self.pipeline.push_samples(samples_uv, start);
            self.advance();
        }
        Ok(())
    }

    /// The next input for adapters that are loaded on demand, as bytes, and of which device.
    pub fn next_remote(&mut self) -> Option<(LinkId, Vec<u8>)> {
        self.links.next_remote()
    }

    /// Whether a device is behind a foreign transport.
    #[must_use]
    pub fn is_foreign(&self, link: LinkId) -> bool {
        self.links.is_foreign(link)
    }

    /// What those adapters answered; `None` when they cannot be had.
    pub fn remote_said(&mut self, link: LinkId, answer: Option<&[u8]>, now: HostTime) {
        let mut said = Vec::new();
        self.links.remote_said(link, answer, now, &mut said);
        if !self.state.is_over() {
            self.take(link, said, now);
        }
        self.tell_commands();
    }

    /// Commands for the driver of a device, in order, one at a time.
    pub fn next_action(&mut self, link: LinkId) -> Option<Action> {
        self.links.next_action(link)
    }

    /// Time passes.
    pub fn tick(&mut self, now: HostTime) {
        self.links.ids().for_each(|link| self.handle(link, Input::Tick { now }));
        if let Some(last) = self.last_signal {
            if self.is_linked() && now.since(last).0 > SILENCE.0 {
                self.last_signal = Some(now);
                let state = self.state;
                self.enter(state, Some("device.silent"));
            }
        }
    }

    /// Asks the device to stop; the commands are then to be carried out. Nothing is expected of it any more.
    pub fn stop(&mut self, now: HostTime) {
        self.let_go = true;
        self.links.ids().for_each(|link| self.handle(link, Input::Stop { now }));
    }

    /// Ends the test and reports. Later calls give the same report.
    pub fn finish(&mut self, id: ReportId) -> Report {
        self.end(id).report()
    }

    /// Ends the test: what its report is made of. Later calls give the same.
    pub fn end(&mut self, id: ReportId) -> Rc<Recorded> {
        if let Some(recorded) = &self.recorded {
            return Rc::clone(recorded);
        }
        let recorded = Rc::new(self.pipeline.end(id));
        self.forward_pipeline();
        if !self.state.is_over() {
            self.enter(State::Finished, None);
        }
        self.recorded = Some(Rc::clone(&recorded));
        recorded
    }

    /// What happened since the last call, oldest first.
    pub fn next_event(&mut self) -> Option<SessionEvent> {
        self.events.pop_front()
    }

    fn handle(&mut self, link: LinkId, input: Input<'_>) {
        let now = input.now();
        let mut said = Vec::new();
        if !self.state.is_over() {
            self.pipeline.at(now);
        }
        if let Input::Connected { services, .. } = input {
            self.links.connected(link, services);
            let seated = *self.seated.get_or_insert(now);
            if link::offers_blood_pressure(services) {
                self.pipeline.sit(seated);
            }
        }
        if !self.state.is_over() && !self.heart_over && self.concerns(link) {
            match input {
                Input::Connected { services, .. } => self.connected(services, now),
                Input::Disconnected { .. } => self.disconnected(now),
                _ => {}
            }
        }
        // After the end the device is still told to stop; what it says no longer counts.
        self.links.handle(link, input, &mut said);
        if !self.state.is_over() {
            self.take(link, said, now);
        }
        self.tell_commands();
    }

    fn connected(&mut self, services: &[Uuid], now: HostTime) {
        self.let_go = false;
        self.awaits_ecg = link::offers_ecg(services);
        // A home test speaks when somebody measures.
        self.last_signal = link::offers_heart(services).then_some(now);
        if !self.pipeline.is_empty() {
            self.pipeline.reconnected();
            return;
        }
        if core::mem::take(&mut self.interrupted) {
            self.pipeline.reconnected();
        }
        self.enter(State::Contact, None);
    }

    fn disconnected(&mut self, now: HostTime) {
        self.pipeline.disconnected(now);
        self.last_signal = None;
        self.owner = None;
        self.interrupted = true;
        if self.is_linked() && self.let_go {
            self.enter(State::Idle, None);
        } else if self.is_linked() {
            self.enter(State::Reconnecting, Some("transport.disconnected"));
        }
    }

    /// A signal is expected: nothing but a break of the link may hold it back.
    fn is_linked(&self) -> bool {
        matches!(self.state, State::Contact | State::Settling | State::Recording | State::Reconnecting)
    }

    /// Whether the record is made from this link, or from none yet and this one may be it.
    fn concerns(&self, link: LinkId) -> bool {
        self.owner.as_ref().map_or_else(|| self.links.may_lead(link), |owner| owner.link == link)
    }

    /// Whether the record is made from this link from here on. The first that speaks of a heart has it, until it is
    /// disconnected; a heart-rate sensor gives way to an ECG.
    fn owns(&mut self, link: LinkId, ecg: bool) -> bool {
        match &mut self.owner {
            Some(owner) if owner.link == link => owner.ecg |= ecg,
            Some(owner) if owner.ecg || !ecg => return false,
            _ => self.owner = Some(Owner { link, ecg }),
        }
        true
    }

    fn take(&mut self, link: LinkId, said: Vec<DeviceEvent>, now: HostTime) {
        for event in said {
            self.device_event(link, event, now);
        }
        self.advance();
    }

    fn tell_commands(&mut self) {
        while let Some((source, action)) = self.links.next_command() {
            self.events.push_back(SessionEvent::Command { source, action });
        }
    }

    fn device_event(&mut self, link: LinkId, event: DeviceEvent, now: HostTime) {
        let is_reading = matches!(event, DeviceEvent::Measurement(_) | DeviceEvent::LeftOut(_));
        match event {
            // The record has its length.
            _ if self.heart_over && !is_reading => {}
            DeviceEvent::Class(DeviceClass::HeartRateSensor) => {}
            DeviceEvent::Class(class) => self.class = Some(class),
            DeviceEvent::EcgSettings(settings) if self.owns(link, true) => self.open(&settings),
            DeviceEvent::Ecg(frame) if self.ecg_fits && self.owns(link, true) => {
                self.alive(now);
                self.pipeline.push_frame(frame);
            }
            DeviceEvent::Acceleration(frame) if self.ecg_fits && self.concerns(link) => {
                self.pipeline.push_acceleration(&frame);
            }
            DeviceEvent::HeartRate(message) => self.heart_rate(link, &message, now),
            DeviceEvent::PulseIntervals(pulses) if !self.pipeline.has_ecg() && self.owns(link, false) => {
                self.alive(now);
                let believed = |pulse: &PulseInterval| (pulse.interval, !pulse.blocked);
                let intervals: Vec<_> = pulses.intervals.iter().map(believed).collect();
                self.pipeline.push_pulses(&intervals, pulses.received);
            }
            DeviceEvent::BadFrame(_) => self.pipeline.bad_frame(),
            DeviceEvent::Measurement(reading) => {
                if reading.panel == Panel::BloodPressure {
                    self.pipeline.sit(self.seated.unwrap_or(now));
                }
                self.pipeline.push_reading(&reading);
                self.events.push_back(SessionEvent::Measurement(reading));
            }
            DeviceEvent::LeftOut(why) => self.events.push_back(SessionEvent::LeftOut(why)),
            DeviceEvent::StreamRefused { stream: Stream::Readings, reason } => {
                self.enter(self.state, Some(reason.code()));
            }
            DeviceEvent::Contact(contact) => {
                let beside = !self.concerns(link);
                if !beside {
                    self.contact = contact;
                    self.pipeline.contact(contact);
                }
                self.events.push_back(SessionEvent::Contact { contact, beside });
            }
            DeviceEvent::Battery { percent } => {
                let beside = !self.concerns(link);
                if !beside {
                    self.pipeline.battery(percent);
                }
                self.events.push_back(SessionEvent::Battery { percent, beside });
            }
            _ if !self.concerns(link) => {}
            DeviceEvent::StreamRefused { stream: Stream::Ecg, reason } => self.refused(reason),
            // Beside an ECG nobody misses it.
            DeviceEvent::StreamRefused { stream: Stream::HeartRate, reason }
                if !self.awaits_ecg && !self.pipeline.has_ecg() =>
            {
                self.refused(reason);
            }
            _ => {}
        }
    }

    fn alive(&mut self, now: HostTime) {
        self.last_signal = Some(now);
        self.interrupted = false;
    }

    /// A device's own rate makes the record only where no ECG does, and none is expected.
    fn heart_rate(&mut self, link: LinkId, message: &HeartRate, now: HostTime) {
        let bpm = message.rate.map(|rate| rate.0);
        let beside = self.awaits_ecg || message.beside_ecg || self.pipeline.has_ecg();
        if beside || !self.owns(link, false) {
            self.events.extend(bpm.map(SessionEvent::device_rate));
            return;
        }
        self.alive(now);
        let rr: Vec<Milliseconds> = message.rr.iter().map(|rr| rr.rr).collect();
        self.pipeline.push_device_rate(bpm, &rr, message.received);
    }

    /// No ECG on this connection: the heart rate goes on if the device sends it, and the reason is told.
    fn refused(&mut self, reason: Refusal) {
        self.awaits_ecg = false;
        self.enter(self.state, Some(reason.code()));
    }

    fn open(&mut self, settings: &EcgSettings) {
        let class = self.class.unwrap_or(DeviceClass::ChestStrapEcg);
        let lead = if class == DeviceClass::ChestStrapEcg { Lead::ChestStrapModified } else { Lead::Unknown };
        let source = EcgSource { class, lead, rate: settings.rate, band: settings.band };
        self.ecg_fits = self.pipeline.open_ecg(source);
        if self.ecg_fits && settings.timing == EcgTiming::Arrival {
            self.pipeline.timing_unverified();
        }
        if !self.ecg_fits {
            self.enter(self.state, Some(Refusal::NoUsableSettings.code()));
        }
    }

    /// Moves the state on by what was recorded.
    fn advance(&mut self) {
        self.forward_pipeline();
        if self.state.is_over() {
            return;
        }
        if self.heart_over {
            if !self.awaits_readings() {
                self.enter(State::Finished, None);
            }
            return;
        }
        if self.pipeline.is_empty() {
            // A blood pressure monitor alone: its series is the test.
            if !self.links.any_heart() && self.pipeline.has_rested_series() == Some(true) {
                self.enter(State::Finished, None);
            }
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
        if self.state != next && !self.interrupted {
            self.enter(next, None);
        }
        let over = self.request.test.length().is_some_and(|length| recorded.0 >= length.0);
        self.tell_progress(recorded, over);
        if over && self.awaits_readings() {
            self.heart_over = true;
            self.last_signal = None;
            self.pipeline.heart_over();
        } else if over {
            self.enter(State::Finished, None);
        }
    }

    fn tell_progress(&mut self, recorded: Seconds, over: bool) {
        let Some(length) = self.request.test.length() else { return };
        let step = self.told_progress.map_or(f64::INFINITY, |told| (recorded.0 - told.0).abs());
        if self.state == State::Recording && (over || step >= PROGRESS_STEP.0) {
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
