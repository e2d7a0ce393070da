//! A host that carries actions out one after the other, and nothing else.

use pqrst::device::reading::{ReadingFilter, UserIndex};
use pqrst::device::remote::RemoteDevice;
use pqrst::device::uart::UartFormat;
use pqrst::device::{Action, Device, DeviceChoice, DeviceEvent, EcgSettings, EcgTiming, Input, Uuid};
use pqrst::pipeline::{Context, EcgSource, Pipeline, Request, TestKind};
use pqrst::signal::{DeviceClass, EcgChunk, Lead, Timeline};
use pqrst::simulate::{Options, VirtualDevice, VirtualKind};
use pqrst::units::{Hertz, HostTime};
use std::collections::VecDeque;

/// The rate that a device claims.
pub fn nominal(kind: VirtualKind) -> f64 {
    if kind == VirtualKind::PolarH10 {
        130.0
    } else {
        kind.true_rate_hz()
    }
}

/// A choice with which every virtual device can be read.
pub fn usual_choice() -> DeviceChoice {
    DeviceChoice { uart: Some(UartFormat::ad8232(Hertz::new(250.0).unwrap())), ..DeviceChoice::default() }
}

/// The host, and what it saw.
pub struct Host {
    pub now: f64,
    pub strap: VirtualDevice,
    pub device: Device,
    queue: VecDeque<Action>,
    wakes: Vec<f64>,
    pub log: Vec<Action>,
    pub events: Vec<DeviceEvent>,
    pub timeline: Timeline,
    pub chunks: Vec<EcgChunk>,
    pub linked: bool,
    /// Frames that could not be decoded, by their code.
    pub bad: Vec<&'static str>,
    /// The adapters of rarer families, where they are not in the device.
    pub remote: Option<RemoteDevice>,
    /// What is made of the ECG.
    pub pipeline: Pipeline,
    /// Everything that arrived.
    pub heard: Vec<(Uuid, Vec<u8>)>,
}

impl Host {
    pub fn new(kind: VirtualKind, samples: &[f32], rate_hz: f64, options: Options) -> Self {
        let strap = VirtualDevice::new(kind, samples, Hertz::new(rate_hz).unwrap(), options);
        Self {
            now: 5_000_000.0,
            strap,
            device: Device::new(),
            queue: VecDeque::new(),
            wakes: Vec::new(),
            log: Vec::new(),
            events: Vec::new(),
            timeline: Timeline::new(Hertz::new(nominal(kind)).unwrap()),
            chunks: Vec::new(),
            linked: false,
            bad: Vec::new(),
            remote: None,
            pipeline: Pipeline::new(Request {
                test: TestKind::Monitor,
                context: Context::default(),
                simulated: true,
                retakes: 0,
            }),
            heard: Vec::new(),
        }
    }

    /// With this choice made on the screen.
    pub fn choosing(mut self, choice: &DeviceChoice) -> Self {
        self.device.configure(choice);
        self
    }

    /// As a page does it: the rarer families live in another module.
    pub fn on_demand(mut self) -> Self {
        self.device = Device::with_remote();
        self.remote = Some(RemoteDevice::new(&usual_choice(), false));
        self
    }

    pub fn feed(&mut self, input: Input<'_>) {
        let (mut events, mut actions) = (Vec::new(), Vec::new());
        self.device.handle(input, &mut events, &mut actions);
        while let Some((message, remote)) = self.device.take_remote().zip(self.remote.as_mut()) {
            let answer = remote.handle(&message).expect("an input");
            self.device.remote_said(Some(&answer), &mut events, &mut actions).expect("an answer");
        }
        if let Input::Notification { characteristic, bytes, .. } = input {
            self.heard.push((characteristic, bytes.to_vec()));
        }
        for event in events {
            match event {
                DeviceEvent::Ecg(frame) => {
                    self.pipeline.push_frame(frame.clone());
                    self.timeline.push(frame, &mut self.chunks);
                }
                DeviceEvent::Acceleration(frame) => self.pipeline.push_acceleration(&frame),
                DeviceEvent::BadFrame(error) => self.bad.push(error.code()),
                DeviceEvent::EcgSettings(settings) => {
                    self.open(&settings);
                    self.events.push(DeviceEvent::EcgSettings(settings));
                }
                other => self.events.push(other),
            }
        }
        self.queue.extend(actions);
    }

    pub fn connect(&mut self) {
        let now = HostTime(self.now);
        self.strap.connect(now);
        self.linked = true;
        self.feed(Input::Connected { services: self.strap.services(), now });
    }

    pub fn lose_link(&mut self) {
        self.strap.disconnect();
        self.linked = false;
        self.queue.clear();
        self.wakes.clear();
        self.timeline.disconnected(HostTime(self.now));
        self.pipeline.disconnected(HostTime(self.now));
        self.feed(Input::Disconnected { received: HostTime(self.now) });
    }

    fn carry_out(&mut self, action: Action) {
        let now = HostTime(self.now);
        let result = self.strap.carry_out(&action, now);
        self.log.push(action.clone());
        match (action, result) {
            (Action::Read { characteristic, .. }, Some(result)) => {
                let result = result.as_deref().map_err(|failure| *failure);
                self.feed(Input::ReadResult { characteristic, result, now });
            }
            (Action::Write { characteristic, .. }, Some(result)) => {
                self.feed(Input::WriteDone { characteristic, result: result.map(|_| ()), now });
            }
            (Action::Subscribe { characteristic, .. }, Some(result)) => {
                self.feed(Input::Subscribed { characteristic, result: result.map(|_| ()), now });
            }
            (Action::Wait { until }, _) => self.wakes.push(until.0),
            (Action::Disconnect, _) => self.lose_link(),
            (action, None) => panic!("{action:?} was not carried out"),
        }
    }

    /// Lets time pass in steps of 20 ms, one action a step.
    pub fn run(&mut self, seconds: f64) {
        let end = self.now + 1000.0 * seconds;
        while self.now < end {
            self.now += 20.0;
            if let Some(action) = self.queue.pop_front() {
                self.carry_out(action);
            }
            let mut arrived = Vec::new();
            self.strap.poll(HostTime(self.now), &mut arrived);
            for n in arrived {
                let (characteristic, bytes, received) = (n.characteristic, &n.bytes[..], n.received);
                self.feed(Input::Notification { characteristic, bytes, received });
            }
            let due = self.wakes.iter().filter(|wake| **wake <= self.now).count();
            self.wakes.retain(|wake| *wake > self.now);
            for _ in 0..due {
                self.feed(Input::Tick { now: HostTime(self.now) });
            }
        }
    }

    fn open(&mut self, settings: &EcgSettings) {
        let class = self.device.class().unwrap_or(DeviceClass::EcgMonitor);
        let source = EcgSource { class, lead: Lead::Unknown, rate: settings.rate, band: settings.band };
        assert!(self.pipeline.open_ecg(source));
        if settings.timing == EcgTiming::Arrival {
            self.pipeline.timing_unverified();
        }
    }

    /// Connects the clock of the room to that of the virtual home test, and says who measures.
    pub fn reading_choice(&self, user: Option<u8>) -> DeviceChoice {
        let readings = ReadingFilter {
            user: user.map(UserIndex),
            clock: self.strap.wall_clock(),
            ..ReadingFilter::default()
        };
        DeviceChoice { readings, ..usual_choice() }
    }

    pub fn samples(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.samples_uv.len()).sum()
    }
}

/// A voltage that is its own time: 100 uV a second, so that a sample tells when it was taken.
pub fn ramp(seconds: f64, rate_hz: f64) -> Vec<f32> {
    (0..(seconds * rate_hz) as u32).map(|i| (100.0 * f64::from(i) / rate_hz) as f32).collect()
}
