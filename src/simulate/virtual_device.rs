//! A peripheral made of a recording: answers what it is asked, and notifies as time passes.

use super::firmware::{self, Firmware, Outgoing};
use super::options::Options;
use super::random::Random;
use super::readings;
use super::VirtualKind;
use crate::device::reading::{CivilTime, LocalClock};
use crate::device::{Action, GattFailure, Uuid};
use crate::units::{Hertz, HostTime};
use std::collections::VecDeque;

/// A notification on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualNotification {
    /// Service of the characteristic.
    pub service: Uuid,
    /// Where it comes from.
    pub characteristic: Uuid,
    /// Its value.
    pub bytes: Vec<u8>,
    /// When it arrives.
    pub received: HostTime,
}

/// What even the fastest notification takes, in seconds.
const LATENCY: f64 = 0.01;
/// Longest time that one call of [`VirtualDevice::poll`] goes through, in seconds.
const LONGEST_POLL: f64 = 600.0;

/// The device's clock stops after thirty years, where arithmetic is still exact.
const LONGEST_LIFE: f64 = 1e9;

/// A virtual peripheral without I/O: connected, read, written and subscribed to by calls, polled for notifications.
///
/// The recording begins with the first stream and goes on in real time, also while the link is down or frames are
/// lost. Nothing is random but by the seed.
#[derive(Debug)]
pub struct VirtualDevice {
    kind: VirtualKind,
    parts: Vec<Box<dyn Firmware>>,
    options: Options,
    random: Random,
    /// Host seconds at which it was switched on: the first connection.
    switched_on: Option<f64>,
    connected: bool,
    subscribed: Vec<Uuid>,
    /// Device seconds up to which everything was sent.
    done: f64,
    last_arrival: f64,
    /// What the next notification overtakes.
    held: Option<(Outgoing, f64)>,
    on_air: VecDeque<VirtualNotification>,
}

impl VirtualDevice {
    /// A device on the chest of somebody with this ECG.
    #[must_use]
    pub fn new(kind: VirtualKind, samples_uv: &[f32], rate: Hertz, options: Options) -> Self {
        let options = options.checked();
        Self {
            kind,
            parts: firmware::parts(kind, samples_uv, rate, &options),
            random: Random::new(options.seed),
            options,
            switched_on: None,
            connected: false,
            subscribed: Vec::new(),
            done: 0.0,
            last_arrival: 0.0,
            held: None,
            on_air: VecDeque::new(),
        }
    }

    /// Its services.
    #[must_use]
    pub const fn services(&self) -> &'static [Uuid] {
        self.kind.services()
    }

    /// The characteristics of one of its services.
    #[must_use]
    pub fn characteristics(&self, service: Uuid) -> &'static [Uuid] {
        self.kind.characteristics(service)
    }

    fn has(&self, characteristic: Uuid) -> bool {
        self.services().iter().any(|service| self.characteristics(*service).contains(&characteristic))
    }

    /// The wall clock of a virtual home test, which agrees with its own; `None` before it is switched on.
    #[must_use]
    pub fn wall_clock(&self) -> Option<LocalClock> {
        let shows: CivilTime = readings::civil(self.options.clock)?;
        Some(LocalClock { shows, at: HostTime(self.switched_on? * 1000.0) })
    }

    /// Seconds on the device's clock since it was switched on.
    fn clock(&self, now: HostTime) -> f64 {
        let since = now.0 / 1000.0 - self.switched_on.unwrap_or(now.0 / 1000.0);
        let seconds = since * (1.0 + self.options.drift_ppm * 1e-6);
        // Time does not run back, and a clock that is not a number stands still.
        let seconds = if seconds.is_finite() { seconds } else { 0.0 };
        seconds.min(LONGEST_LIFE).max(self.done)
    }

    fn host(&self, device_seconds: f64) -> f64 {
        self.switched_on.unwrap_or(0.0) + device_seconds / (1.0 + self.options.drift_ppm * 1e-6)
    }

    /// The link comes up; the first time, the device is switched on.
    pub fn connect(&mut self, now: HostTime) {
        if !now.0.is_finite() {
            return;
        }
        self.switched_on.get_or_insert(now.0 / 1000.0);
        self.done = self.clock(now);
        self.connected = true;
    }

    /// The link is lost: streams and subscriptions end, what was on the air is gone, the clock runs on.
    pub fn disconnect(&mut self) {
        self.connected = false;
        self.subscribed.clear();
        self.on_air.clear();
        self.held = None;
        self.parts.iter_mut().for_each(|part| part.link_lost());
    }

    fn check(&self, characteristic: Uuid) -> Result<(), GattFailure> {
        if !self.connected {
            Err(GattFailure::Disconnected)
        } else if self.has(characteristic) {
            Ok(())
        } else {
            Err(GattFailure::NotFound)
        }
    }

    /// Reads a value.
    ///
    /// # Errors
    /// [`GattFailure::Disconnected`], [`GattFailure::NotFound`], or [`GattFailure::NotSupported`].
    pub fn read(&self, characteristic: Uuid) -> Result<Vec<u8>, GattFailure> {
        self.check(characteristic)?;
        self.parts.iter().find_map(|part| part.read(characteristic)).ok_or(GattFailure::NotSupported)
    }

    /// Subscribes to notifications or indications.
    ///
    /// # Errors
    /// [`GattFailure::Disconnected`], [`GattFailure::NotFound`], or [`GattFailure::NotSupported`].
    pub fn subscribe(&mut self, characteristic: Uuid, now: HostTime) -> Result<(), GattFailure> {
        self.check(characteristic)?;
        if self.subscribed.contains(&characteristic) {
            return Ok(());
        }
        let clock = self.clock(now);
        if !self.parts.iter_mut().any(|part| part.subscribed(characteristic, clock)) {
            return Err(GattFailure::NotSupported);
        }
        self.subscribed.push(characteristic);
        Ok(())
    }

    /// Writes a value; the answer comes as a notification.
    ///
    /// # Errors
    /// [`GattFailure::Disconnected`], [`GattFailure::NotFound`], or [`GattFailure::NotSupported`].
    pub fn write(&mut self, characteristic: Uuid, bytes: &[u8], now: HostTime) -> Result<(), GattFailure> {
        self.check(characteristic)?;
        self.advance(now);
        let clock = self.clock(now);
        let mut parts = self.parts.iter_mut();
        let answers = parts.find_map(|part| part.written(characteristic, bytes, clock));
        for answer in answers.ok_or(GattFailure::NotSupported)? {
            self.transmit(answer, clock);
        }
        Ok(())
    }

    /// Carries a read, write or subscription out, and says what came of it in the device's bytes; the value is empty
    /// unless something was read. Waiting and disconnecting are the driver's own business and give `None`.
    pub fn carry_out(&mut self, action: &Action, now: HostTime) -> Option<Result<Vec<u8>, GattFailure>> {
        match action {
            Action::Read { characteristic, .. } => Some(self.read(*characteristic)),
            Action::Write { characteristic, bytes, .. } => {
                Some(self.write(*characteristic, bytes, now).map(|()| Vec::new()))
            }
            Action::Subscribe { characteristic, .. } => {
                Some(self.subscribe(*characteristic, now).map(|()| Vec::new()))
            }
            Action::Wait { .. } | Action::Disconnect => None,
        }
    }

    /// Appends the notifications that have arrived by `now`, in the order of arrival. One call goes through ten
    /// minutes at most; what is left comes with the next.
    pub fn poll(&mut self, now: HostTime, out: &mut Vec<VirtualNotification>) {
        self.advance(now);
        while self.on_air.front().is_some_and(|first| first.received <= now) {
            out.extend(self.on_air.pop_front());
        }
    }

    /// When the next notification may arrive; `None` when none will without another call.
    #[must_use]
    pub fn next_due(&self) -> Option<HostTime> {
        let made = self.next_event().map(|(_, device)| HostTime((self.host(device) + LATENCY) * 1000.0));
        self.on_air.front().map(|first| first.received).or(made)
    }

    /// Whether the recording has been sent to its end.
    #[must_use]
    pub fn exhausted(&self) -> bool {
        self.parts.iter().any(|part| part.exhausted() == Some(true))
    }

    /// Which part speaks next, and when by the device's clock; the first part of two at the same time.
    fn next_event(&self) -> Option<(usize, f64)> {
        let due = self.parts.iter().enumerate().filter_map(|(i, part)| Some((i, part.due()?)));
        due.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn advance(&mut self, now: HostTime) {
        if !self.connected {
            return;
        }
        let until = self.clock(now).min(self.done + LONGEST_POLL);
        while let Some((speaker, due)) = self.next_event().filter(|(_, due)| *due <= until) {
            if let Some(said) = self.parts.get_mut(speaker).and_then(|part| part.speak()) {
                self.transmit(said, due);
            }
        }
        self.done = until;
    }

    /// Gives a message to the radio: of one that is lost the first fragment does not arrive.
    fn transmit(&mut self, mut message: Outgoing, clock: f64) {
        let mut delay = 0.0;
        if !message.reliable {
            // Both are drawn for each, so that the options do not shift each other's chances.
            let (lost, late) = (self.random.unit(), self.random.unit());
            delay = late * self.options.jitter.0 / 1000.0;
            if lost < self.options.loss_rate {
                message.fragments.drain(..message.fragments.len().min(1));
            }
        }
        let sent = self.host(clock) + delay;
        let overtaken = self.options.reorder_rate > 0.0
            && !message.reliable
            && self.held.is_none()
            && self.random.unit() < self.options.reorder_rate;
        if overtaken {
            self.held = Some((message, sent));
            return;
        }
        self.send(message, sent);
        if let Some((held, sent)) = self.held.take() {
            self.send(held, sent);
        }
    }

    /// Puts a message on the air, behind what is there: a link keeps the order.
    fn send(&mut self, message: Outgoing, sent: f64) {
        let Outgoing { service, characteristic, fragments, .. } = message;
        if !self.subscribed.contains(&characteristic) {
            return;
        }
        for bytes in fragments {
            let arrival = (sent + LATENCY).max(self.last_arrival);
            self.last_arrival = arrival;
            let received = HostTime(arrival * 1000.0);
            self.on_air.push_back(VirtualNotification { service, characteristic, bytes, received });
        }
    }
}
