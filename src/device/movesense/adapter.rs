//! Subscribes to the ECG of a Movesense sensor, and unsubscribes in the end.

use super::{
    decode_ecg, decode_message, encode_command, Command, EcgFormat, Message, COMMAND, DATA, SAMPLES, SERVICE,
};
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::subscriber::Subscriber;
use crate::device::wide_counter::WideCounter;
use crate::device::{
    Action, Adapter, DeviceChoice, DeviceError, EcgTiming, Input, MovesenseRate, Out, Refusal, Stream,
};
use crate::signal::DeviceClass;
use crate::units::{push_decimal, DeviceTime, HostTime, Milliseconds};

/// Number of the ECG's subscription: any but zero.
const REFERENCE: u8 = 100;
/// How long a command may stay unanswered.
const ANSWER_LIMIT: Milliseconds = Milliseconds(5_000.0);
/// How long a stream may be silent before the link is given up.
const SILENCE_LIMIT: Milliseconds = Milliseconds(15_000.0);
/// How long the end of a recording waits for the answer to the last command.
const STOP_LIMIT: Milliseconds = Milliseconds(3_000.0);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Step {
    #[default]
    Idle,
    Subscribing,
    /// Asked for ECG; the flag tells that an earlier subscription was ended first.
    Starting {
        again: bool,
    },
    /// Ends what an earlier page left running: the sensor streams one rate at a time.
    Clearing,
    Streaming,
    Stopping,
}

/// State machine of the GSP service. Data that come without a handshake are taken as they were chosen.
#[derive(Debug)]
pub struct MovesenseAdapter {
    step: Step,
    data: Subscriber,
    rate: MovesenseRate,
    format: EcgFormat,
    flow: EcgFlow,
    clock: WideCounter,
    /// First part of a packet that is still to be continued.
    partial: Vec<u8>,
    deadline: Option<HostTime>,
}

impl Default for MovesenseAdapter {
    fn default() -> Self {
        Self {
            step: Step::Idle,
            data: Subscriber::new(SERVICE, DATA, Stream::Ecg),
            rate: MovesenseRate::default(),
            format: EcgFormat::Raw,
            flow: EcgFlow::default(),
            clock: WideCounter::of_bits(32),
            partial: Vec::new(),
            deadline: None,
        }
    }
}

impl MovesenseAdapter {
    /// Everything but what was chosen, and the clock: the sensor's runs on while the link is down.
    fn forget(&mut self) {
        let clock = core::mem::replace(&mut self.clock, WideCounter::of_bits(32));
        *self = Self { rate: self.rate, format: self.format, clock, ..Self::default() };
    }

    fn write(command: &Command, out: &mut Out<'_>) {
        let bytes = encode_command(command);
        out.act(Action::Write { service: SERVICE, characteristic: COMMAND, bytes });
    }

    fn subscribe(&mut self, again: bool, out: &mut Out<'_>) {
        self.step = Step::Starting { again };
        let suffix = if self.format == EcgFormat::Microvolts { "/mV" } else { "" };
        let mut path = "/Meas/ECG/".to_owned();
        push_decimal(&mut path, self.rate.hz().into());
        path.push_str(suffix);
        Self::write(&Command::Subscribe { reference: REFERENCE, path }, out);
    }

    fn unsubscribe(&mut self, step: Step, out: &mut Out<'_>) {
        self.step = step;
        Self::write(&Command::Unsubscribe { reference: REFERENCE }, out);
    }

    fn wait(&mut self, until: HostTime, out: &mut Out<'_>) {
        self.deadline = Some(until);
        out.act(Action::Wait { until });
    }

    fn refuse(&mut self, reason: Refusal, out: &mut Out<'_>) {
        self.step = Step::Idle;
        self.deadline = None;
        self.flow.refuse(reason, out);
    }

    fn announced(&self, negotiated: bool) -> Announced {
        Announced {
            class: DeviceClass::ChestStrapEcg,
            rate_hz: f64::from(self.rate.hz()),
            band: None,
            negotiated,
            timing: EcgTiming::Device,
        }
    }

    fn answered(&mut self, status: u16, now: HostTime, out: &mut Out<'_>) {
        let good = (200..300).contains(&status);
        match self.step {
            Step::Starting { .. } if good => {
                self.step = Step::Streaming;
                self.flow.announce(self.announced(true), out);
                self.flow.started(out);
                self.wait(now.later(SILENCE_LIMIT), out);
            }
            Step::Starting { again: false } => self.unsubscribe(Step::Clearing, out),
            Step::Starting { again: true } => self.refuse(Refusal::Status(status), out),
            Step::Clearing => self.subscribe(true, out),
            Step::Stopping => self.step = Step::Idle,
            Step::Idle | Step::Subscribing | Step::Streaming => {
                out.bad_frame(DeviceError::Unexpected { field: "answer" });
            }
        }
    }

    fn message(&mut self, bytes: &[u8], received: HostTime, out: &mut Out<'_>) {
        match decode_message(bytes) {
            Ok(Message::Answer { reference: REFERENCE, status }) => self.answered(status, received, out),
            Ok(Message::Data { reference: REFERENCE, payload }) => self.first_part(payload, received, out),
            Ok(Message::Rest { reference: REFERENCE, payload }) => self.second_part(payload, received, out),
            Ok(_) => out.bad_frame(DeviceError::Unexpected { field: "reference" }),
            Err(error) => out.bad_frame(error),
        }
    }

    fn first_part(&mut self, payload: &[u8], received: HostTime, out: &mut Out<'_>) {
        if !self.partial.is_empty() {
            // Its second part was lost.
            self.partial.clear();
            out.bad_frame(DeviceError::Truncated {
                field: "ECG packet",
                needed: self.format.length(),
                got: 0,
            });
        }
        if payload.len() >= self.format.length() {
            self.packet(payload, received, out);
        } else {
            self.partial.extend(payload);
        }
    }

    fn second_part(&mut self, payload: &[u8], received: HostTime, out: &mut Out<'_>) {
        if self.partial.is_empty() {
            return out.bad_frame(DeviceError::Unexpected { field: "second part" });
        }
        let mut whole = core::mem::take(&mut self.partial);
        whole.extend(payload);
        self.packet(&whole, received, out);
    }

    fn packet(&mut self, payload: &[u8], received: HostTime, out: &mut Out<'_>) {
        let packet = match decode_ecg(payload, self.format) {
            Ok(packet) => packet,
            Err(error) => return out.bad_frame(error),
        };
        let first_ms = self.clock.widen(packet.first_sample_ms.into());
        let rest_ns = (SAMPLES as u64 - 1) * 1_000_000_000 / u64::from(self.rate.hz());
        let last = DeviceTime(first_ms.saturating_mul(1_000_000).saturating_add(rest_ns));
        let announced = self.announced(self.step != Step::Idle);
        self.flow.frame(announced, packet.samples_uv, Some(last), received, out);
    }

    fn tick(&mut self, now: HostTime, out: &mut Out<'_>) {
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return;
        }
        self.deadline = None;
        match self.step {
            Step::Stopping => self.step = Step::Idle,
            Step::Starting { again: false } => self.unsubscribe(Step::Clearing, out),
            Step::Clearing => self.subscribe(true, out),
            Step::Starting { again: true } => {
                self.refuse(Refusal::NoAnswer, out);
                out.act(Action::Disconnect);
            }
            Step::Streaming => match self.flow.patience(SILENCE_LIMIT).filter(|until| now < *until) {
                Some(until) => self.wait(until, out),
                None => out.act(Action::Disconnect),
            },
            Step::Idle | Step::Subscribing => {}
        }
    }
}

impl Adapter for MovesenseAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.forget();
                self.step = Step::Subscribing;
                self.data.start(out);
            }
            Input::Subscribed { .. } if self.step == Step::Subscribing => {
                match self.data.succeeded(input, out) {
                    Some(true) => self.subscribe(false, out),
                    Some(false) => self.step = Step::Idle,
                    None => {}
                }
            }
            Input::WriteDone { characteristic: COMMAND, result, now } => match (self.step, result) {
                (Step::Stopping, Err(_)) => self.step = Step::Idle,
                (Step::Starting { .. } | Step::Clearing, Err(failure)) => {
                    self.refuse(Refusal::Link(failure), out);
                }
                (Step::Starting { .. } | Step::Clearing, Ok(())) => {
                    self.wait(now.later(ANSWER_LIMIT), out);
                }
                _ => {}
            },
            Input::Notification { characteristic: DATA, bytes, received } => {
                self.message(bytes, received, out);
            }
            Input::Disconnected { .. } => {
                self.data.lost();
                self.forget();
            }
            Input::Tick { now } => {
                if self.step == Step::Subscribing {
                    self.data.succeeded(input, out);
                }
                self.tick(now, out);
            }
            Input::Stop { now } => {
                if matches!(self.step, Step::Starting { .. } | Step::Streaming | Step::Clearing)
                    || (self.step == Step::Idle && self.flow.flowing())
                {
                    self.unsubscribe(Step::Stopping, out);
                    self.wait(now.later(STOP_LIMIT), out);
                } else if self.step != Step::Stopping {
                    self.step = Step::Idle;
                }
            }
            _ => {}
        }
    }

    fn configure(&mut self, choice: &DeviceChoice) {
        self.rate = choice.movesense_rate;
        self.format = if choice.movesense_microvolts { EcgFormat::Microvolts } else { EcgFormat::Raw };
    }

    fn holds_link(&self) -> bool {
        self.step == Step::Stopping
    }
}
