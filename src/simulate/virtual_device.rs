//! A peripheral made of a recording: answers what it is asked, and notifies as time passes.

use super::heart::Heart;
use super::options::Options;
use super::polar_h10::PolarH10;
use super::random::Random;
use super::resample::Recording;
use crate::device::{battery, heart_rate, information, polar, Action, GattFailure, KnownModel, Uuid};
use crate::units::{Hertz, HostTime};
use std::collections::VecDeque;

/// Which device is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VirtualKind {
    /// Polar H10: ECG, heart rate, battery, model.
    PolarH10,
    /// A strap that sends heart rates only.
    HeartRate,
}

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
/// A heart-rate message a second.
const HEART_PERIOD: f64 = 1.0;
/// Longest time that one call of [`VirtualDevice::poll`] goes through, in seconds.
const LONGEST_POLL: f64 = 600.0;

/// The device's clock stops after thirty years, where arithmetic is still exact.
const LONGEST_LIFE: f64 = 1e9;

/// A virtual peripheral without I/O: connected, read, written and subscribed to by calls, polled for notifications.
///
/// The recording begins with the first stream and goes on in real time, also while the link is down or frames are
/// lost. Nothing is random but by the seed.
#[derive(Debug, Clone)]
pub struct VirtualDevice {
    kind: VirtualKind,
    ecg: PolarH10,
    heart: Heart,
    options: Options,
    random: Random,
    /// Host seconds at which it was switched on: the first connection.
    switched_on: Option<f64>,
    connected: bool,
    subscribed: Vec<Uuid>,
    /// Device seconds of the next heart-rate message, and of the start of the pulse.
    heart_due: Option<f64>,
    heart_began: Option<f64>,
    /// Device seconds up to which everything was sent.
    done: f64,
    last_arrival: f64,
    on_air: VecDeque<VirtualNotification>,
}

impl VirtualDevice {
    /// A device on the chest of somebody with this ECG.
    #[must_use]
    pub fn new(kind: VirtualKind, samples_uv: &[f32], rate: Hertz, options: Options) -> Self {
        let options = options.checked();
        let hz = options.rate_hz();
        let recording = Recording::new(samples_uv, rate, hz);
        Self {
            kind,
            ecg: PolarH10::new(recording, hz, 1.0 + options.drift_ppm * 1e-6),
            heart: Heart::new(options.pulse.clone()),
            random: Random::new(options.seed),
            options,
            switched_on: None,
            connected: false,
            subscribed: Vec::new(),
            heart_due: None,
            heart_began: None,
            done: 0.0,
            last_arrival: 0.0,
            on_air: VecDeque::new(),
        }
    }

    /// Its services.
    #[must_use]
    pub const fn services(&self) -> &'static [Uuid] {
        match self.kind {
            VirtualKind::PolarH10 => {
                &[heart_rate::SERVICE, battery::SERVICE, information::SERVICE, polar::SERVICE]
            }
            VirtualKind::HeartRate => &[heart_rate::SERVICE, battery::SERVICE],
        }
    }

    /// The characteristics of one of its services.
    #[must_use]
    pub fn characteristics(&self, service: Uuid) -> &'static [Uuid] {
        match service {
            _ if !self.services().contains(&service) => &[],
            heart_rate::SERVICE => &[heart_rate::MEASUREMENT],
            battery::SERVICE => &[battery::LEVEL],
            information::SERVICE => &[information::MODEL_NUMBER],
            _ => &[polar::CONTROL_POINT, polar::DATA],
        }
    }

    fn has(&self, characteristic: Uuid) -> bool {
        self.services().iter().any(|service| self.characteristics(*service).contains(&characteristic))
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
        self.heart_due = None;
        self.ecg.stop();
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
        match characteristic {
            battery::LEVEL => Ok(battery::encode(self.options.battery_percent)),
            information::MODEL_NUMBER => Ok(information::encode(KnownModel::PolarH10)),
            polar::CONTROL_POINT => Ok(PolarH10::features()),
            _ => Err(GattFailure::NotSupported),
        }
    }

    /// Subscribes to notifications or indications.
    ///
    /// # Errors
    /// [`GattFailure::Disconnected`], [`GattFailure::NotFound`], or [`GattFailure::NotSupported`].
    pub fn subscribe(&mut self, characteristic: Uuid, now: HostTime) -> Result<(), GattFailure> {
        self.check(characteristic)?;
        if characteristic == information::MODEL_NUMBER {
            return Err(GattFailure::NotSupported);
        }
        if !self.subscribed.contains(&characteristic) {
            self.subscribed.push(characteristic);
        }
        if characteristic == heart_rate::MEASUREMENT && self.heart_due.is_none() {
            let clock = self.clock(now);
            let began = *self.heart_began.get_or_insert(clock);
            self.heart.skip_to(clock - began);
            self.heart_due = Some(clock + HEART_PERIOD);
        }
        Ok(())
    }

    /// Writes a value; the answer comes as a notification.
    ///
    /// # Errors
    /// [`GattFailure::Disconnected`], [`GattFailure::NotFound`], or [`GattFailure::NotSupported`].
    pub fn write(&mut self, characteristic: Uuid, bytes: &[u8], now: HostTime) -> Result<(), GattFailure> {
        self.check(characteristic)?;
        if characteristic != polar::CONTROL_POINT {
            return Err(GattFailure::NotSupported);
        }
        self.advance(now);
        let clock = self.clock(now);
        let answer = self.ecg.command(bytes, clock);
        // Indications are acknowledged on the link: they are not lost.
        self.send(polar::SERVICE, polar::CONTROL_POINT, answer, self.host(clock));
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
        let made = self.next_event().map(|(device, _)| HostTime((self.host(device) + LATENCY) * 1000.0));
        self.on_air.front().map(|first| first.received).or(made)
    }

    /// Whether the recording has been sent to its end.
    #[must_use]
    pub fn exhausted(&self) -> bool {
        self.ecg.exhausted()
    }

    /// Device seconds of what is sent next, and whether it is ECG.
    fn next_event(&self) -> Option<(f64, bool)> {
        let ecg = self.ecg.due().map(|due| (due, true));
        let heart = self.heart_due.map(|due| (due, false));
        match (ecg, heart) {
            (Some(a), Some(b)) => Some(if b.0 < a.0 { b } else { a }),
            (a, b) => a.or(b),
        }
    }

    fn advance(&mut self, now: HostTime) {
        if !self.connected {
            return;
        }
        let until = self.clock(now).min(self.done + LONGEST_POLL);
        while let Some((due, is_ecg)) = self.next_event().filter(|(due, _)| *due <= until) {
            let (service, characteristic, bytes) = if is_ecg {
                (polar::SERVICE, polar::DATA, self.ecg.frame().unwrap_or_default())
            } else {
                self.heart_due = Some(due + HEART_PERIOD);
                let measurement = self.heart.measure(due - self.heart_began.unwrap_or(due));
                (heart_rate::SERVICE, heart_rate::MEASUREMENT, heart_rate::encode(&measurement))
            };
            // Both are drawn for each, so that the options do not shift each other's chances.
            let (lost, late) = (self.random.unit(), self.random.unit());
            if lost >= self.options.loss_rate {
                let delay = late * self.options.jitter.0 / 1000.0;
                self.send(service, characteristic, bytes, self.host(due) + delay);
            }
        }
        self.done = until;
    }

    /// Puts a notification on the air, behind what is there: a link keeps the order.
    fn send(&mut self, service: Uuid, characteristic: Uuid, bytes: Vec<u8>, sent: f64) {
        if !self.subscribed.contains(&characteristic) {
            return;
        }
        let arrival = (sent + LATENCY).max(self.last_arrival);
        self.last_arrival = arrival;
        let received = HostTime(arrival * 1000.0);
        self.on_air.push_back(VirtualNotification { service, characteristic, bytes, received });
    }
}
