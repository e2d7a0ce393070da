//! The handshake with a Polar strap, and its ECG.

use super::{
    decode_acceleration, decode_control, decode_ecg, decode_pulse_intervals, Command, Control, EcgVariant,
    Features, Response, SettingKind, Settings, Status, ACCELERATION, BAND, CONTROL_POINT, DATA, ECG,
    PULSE_INTERVALS, SERVICE,
};
use crate::device::{
    AccelerationFrame, Action, Adapter, DeviceChoice, DeviceError, DeviceEvent, EcgSettings, EcgTiming,
    GattFailure, Input, Out, PulseIntervals, Refusal, Stream, Uuid,
};
use crate::signal::{DeviceClass, EcgFrame};
use crate::units::{Hertz, HostTime, Milliseconds, Seconds};

/// How long the SDK waits for an answer of the control point.
const ANSWER_LIMIT: Milliseconds = Milliseconds(30_000.0);
/// How long a started stream may be silent before the link is given up: straps take up to 30 s to begin.
const SILENCE_LIMIT: Milliseconds = Milliseconds(30_000.0);
/// How long the end of a recording waits for the answer to the stop command.
const STOP_LIMIT: Milliseconds = Milliseconds(3_000.0);
/// Every step is tried twice.
const ATTEMPTS: u8 = 2;
/// Rate of every ECG strap of the family, assumed when no handshake was seen.
const USUAL_RATE_HZ: f64 = 130.0;

#[derive(Debug, Clone, PartialEq, Default)]
enum Step {
    /// Nothing was asked, or everything was answered.
    #[default]
    Idle,
    SubscribingControl,
    ReadingFeatures,
    SubscribingData,
    AskingSettings,
    Starting(Settings),
    Streaming,
    Stopping,
}

/// How far the acceleration is, which starts when the ECG stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Motion {
    #[default]
    Off,
    Asking,
    Starting,
    Streaming,
}

/// State machine of the PMD service: ECG, and acceleration where it was chosen. Data that comes without a handshake is taken as it is.
#[derive(Debug, Default)]
pub struct PolarAdapter {
    step: Step,
    attempts: u8,
    /// When the patience with the present step ends.
    deadline: Option<HostTime>,
    /// An answer that is continued in the next indication.
    partial: Option<Response>,
    /// Rate and bits that were told.
    settings: Option<(f64, Option<u16>)>,
    /// How samples are packed, and whether the electrodes touch the skin where that is told beside them.
    variant: EcgVariant,
    contact: Option<bool>,
    /// ECG was announced or has arrived on this connection.
    flowing: bool,
    /// Acceleration was chosen, and how far it is.
    wants_motion: bool,
    motion: Motion,
    motion_hz: Option<f64>,
    /// Pulse intervals were chosen, and are to be started or run.
    wants_intervals: bool,
    intervals: bool,
    last_frame: Option<HostTime>,
}

impl PolarAdapter {
    fn forget(&mut self) {
        let Self { wants_motion, wants_intervals, .. } = *self;
        *self = Self { wants_motion, wants_intervals, ..Self::default() };
    }

    fn enter(&mut self, step: Step, out: &mut Out<'_>) {
        self.step = step;
        self.attempts = 1;
        self.deadline = None;
        self.act(out);
    }

    /// Carries the present step out, again after a failure.
    fn act(&self, out: &mut Out<'_>) {
        let subscribe = |characteristic: Uuid| Action::Subscribe { service: SERVICE, characteristic };
        let write = |command: Command| Action::Write {
            service: SERVICE,
            characteristic: CONTROL_POINT,
            bytes: command.encode(),
        };
        match &self.step {
            Step::Idle | Step::Streaming => {}
            Step::SubscribingControl => out.act(subscribe(CONTROL_POINT)),
            Step::ReadingFeatures => {
                out.act(Action::Read { service: SERVICE, characteristic: CONTROL_POINT })
            }
            Step::SubscribingData => out.act(subscribe(DATA)),
            Step::AskingSettings => out.act(write(Command::GetSettings { measurement: ECG })),
            Step::Starting(settings) => {
                out.act(write(Command::Start { measurement: ECG, settings: settings.clone() }));
            }
            Step::Stopping => out.act(write(Command::Stop { measurement: ECG })),
        }
    }

    fn wait(&mut self, now: HostTime, limit: Milliseconds, out: &mut Out<'_>) {
        let until = now.later(limit);
        self.deadline = Some(until);
        out.act(Action::Wait { until });
    }

    fn refuse(&mut self, reason: Refusal, out: &mut Out<'_>) {
        self.step = Step::Idle;
        self.deadline = None;
        self.flowing = false;
        out.event(DeviceEvent::StreamRefused { stream: Stream::Ecg, reason });
    }

    /// True when there was another attempt to make.
    fn tried_again(&mut self, out: &mut Out<'_>) -> bool {
        let again = self.attempts < ATTEMPTS;
        if again {
            self.attempts += 1;
            self.deadline = None;
            self.act(out);
        }
        again
    }

    fn failed(&mut self, failure: GattFailure, out: &mut Out<'_>) {
        if self.step == Step::Stopping {
            self.step = Step::Idle;
        } else if self.step != Step::Idle && !self.tried_again(out) {
            self.refuse(Refusal::Link(failure), out);
        }
    }

    fn tell_settings(&mut self, rate_hz: f64, bits: Option<u16>, out: &mut Out<'_>) {
        self.settings = Some((rate_hz, bits));
        out.event(DeviceEvent::Class(DeviceClass::ChestStrapEcg));
        if let Ok(rate) = Hertz::new(rate_hz) {
            let negotiated = bits.is_some();
            let timing = EcgTiming::Device;
            // What other frame types were filtered with is not known.
            let band = (self.variant == EcgVariant::Microvolts).then_some(BAND);
            let settings = EcgSettings { rate, resolution_bits: bits, band, negotiated, timing };
            out.event(DeviceEvent::EcgSettings(settings));
        }
    }

    fn tell_streaming(&mut self, out: &mut Out<'_>) {
        if !self.flowing {
            self.flowing = true;
            out.event(DeviceEvent::Streaming(Stream::Ecg));
        }
    }

    fn features(&mut self, result: Result<&[u8], GattFailure>, out: &mut Out<'_>) {
        match result.map(Features::decode) {
            Ok(Ok(features)) if !features.ecg() => {
                self.refuse(Refusal::NotMeasured, out);
                if self.wants_intervals && features.pulse_intervals() {
                    self.intervals = true;
                    out.act(Action::Subscribe { service: SERVICE, characteristic: DATA });
                }
            }
            Ok(Ok(_)) => self.enter(Step::SubscribingData, out),
            // Whether ECG is there will show when its settings are asked for.
            Ok(Err(error)) => {
                out.bad_frame(error);
                self.enter(Step::SubscribingData, out);
            }
            Err(GattFailure::Disconnected) => self.failed(GattFailure::Disconnected, out),
            Err(_) => {
                if !self.tried_again(out) {
                    self.enter(Step::SubscribingData, out);
                }
            }
        }
    }

    fn control(&mut self, bytes: &[u8], now: HostTime, out: &mut Out<'_>) {
        let answer = match self.partial.take() {
            Some(mut partial) => partial.append(bytes).map(|()| Control::Response(partial)),
            None => decode_control(bytes),
        };
        match answer {
            Ok(Control::Response(response)) if response.more => self.partial = Some(response),
            Ok(Control::Response(response)) => self.answered(&response, now, out),
            Ok(Control::Stopped(measurements)) => {
                if measurements.contains(&ECG) && self.step == Step::Streaming {
                    self.refuse(Refusal::StoppedByDevice, out);
                }
            }
            Err(error) => out.bad_frame(error),
        }
    }

    fn write(&self, command: Command, out: &mut Out<'_>) {
        let bytes = command.encode();
        out.act(Action::Write { service: SERVICE, characteristic: CONTROL_POINT, bytes });
    }

    fn ask_motion(&mut self, motion: Motion, command: Command, out: &mut Out<'_>) {
        self.motion = motion;
        self.write(command, out);
    }

    /// The answer to the start of pulse intervals; that to their stop needs nothing.
    fn intervals_answered(response: &Response, out: &mut Out<'_>) {
        let stream = Stream::PulseIntervals;
        match (response.operation, response.status) {
            (Command::START, Status::Success | Status::AlreadyInState) => {
                out.event(DeviceEvent::Streaming(stream));
            }
            (Command::START, status) => {
                let reason = Refusal::Status(status.number().into());
                out.event(DeviceEvent::StreamRefused { stream, reason });
            }
            _ => {}
        }
    }

    /// An answer about acceleration. Without it the ECG goes on as it is.
    fn motion_answered(&mut self, response: &Response, out: &mut Out<'_>) {
        let offer = || Settings::decode(&response.parameters).ok().and_then(|offer| offer.choose_slowest());
        match (self.motion, response.operation, response.status) {
            (Motion::Asking, Command::GET_SETTINGS, Status::Success) => match offer() {
                Some(settings) => {
                    let rate = settings.values(SettingKind::Rate).first();
                    self.motion_hz = rate.map(|hz| f64::from(*hz)).filter(|hz| *hz > 0.0);
                    let start = Command::Start { measurement: ACCELERATION, settings };
                    self.ask_motion(Motion::Starting, start, out);
                }
                None => self.refuse_motion(Refusal::NoUsableSettings, out),
            },
            (Motion::Starting, Command::START, Status::Success | Status::AlreadyInState) => {
                self.motion = Motion::Streaming;
                out.event(DeviceEvent::Streaming(Stream::Acceleration));
            }
            (Motion::Asking, Command::GET_SETTINGS, status) | (Motion::Starting, Command::START, status) => {
                self.refuse_motion(Refusal::Status(status.number().into()), out);
            }
            _ => {}
        }
    }

    fn refuse_motion(&mut self, reason: Refusal, out: &mut Out<'_>) {
        self.motion = Motion::Off;
        out.event(DeviceEvent::StreamRefused { stream: Stream::Acceleration, reason });
    }

    /// A data frame of something else than ECG.
    fn beside_ecg(&mut self, measurement: u8, bytes: &[u8], received: HostTime, out: &mut Out<'_>) {
        let read = if measurement == ACCELERATION {
            decode_acceleration(bytes).map(|data| {
                DeviceEvent::Acceleration(AccelerationFrame {
                    samples_mg: data.samples,
                    rate_hz: self.motion_hz,
                    last_sample: Some(data.last_sample).filter(|stamp| stamp.0 > 0),
                    received,
                })
            })
        } else {
            decode_pulse_intervals(bytes).map(|intervals| {
                let contact = intervals.last().and_then(|last| last.contact);
                if core::mem::replace(&mut self.contact, contact) != contact {
                    out.event(DeviceEvent::Contact(contact));
                }
                DeviceEvent::PulseIntervals(PulseIntervals { intervals, received })
            })
        };
        match read {
            Ok(event) => out.event(event),
            Err(error) => out.bad_frame(error),
        }
    }

    fn answered(&mut self, response: &Response, now: HostTime, out: &mut Out<'_>) {
        if response.measurement == ACCELERATION {
            return self.motion_answered(response, out);
        }
        if response.measurement == PULSE_INTERVALS {
            return Self::intervals_answered(response, out);
        }
        let of_ecg = response.measurement == ECG;
        match (&self.step, response.operation, response.status) {
            (Step::AskingSettings, Command::GET_SETTINGS, Status::Success) if of_ecg => {
                self.offered(&response.parameters, out);
            }
            (Step::Starting(_), Command::START, Status::Success | Status::AlreadyInState) if of_ecg => {
                self.enter(Step::Streaming, out);
                self.tell_streaming(out);
                self.wait(now, SILENCE_LIMIT, out);
                if self.wants_motion {
                    self.ask_motion(Motion::Asking, Command::GetSettings { measurement: ACCELERATION }, out);
                }
            }
            (Step::Starting(_), Command::START, Status::InvalidMtu) if of_ecg => {
                self.refuse(Refusal::Status(Status::InvalidMtu.number().into()), out);
                // Straps say so after an out-of-range reconnection; a fresh link cures it.
                out.act(Action::Disconnect);
            }
            (Step::AskingSettings, Command::GET_SETTINGS, status)
            | (Step::Starting(_), Command::START, status)
                if of_ecg =>
            {
                self.refuse(Refusal::Status(status.number().into()), out);
            }
            (Step::Stopping, Command::STOP, _) => self.enter(Step::Idle, out),
            (Step::Stopping, ..) => {}
            _ => out.bad_frame(DeviceError::Unexpected { field: "answer of the control point" }),
        }
    }

    fn offered(&mut self, parameters: &[u8], out: &mut Out<'_>) {
        match Settings::decode(parameters).map(|offer| offer.choose()) {
            Ok(Some((chosen, rate, bits))) => {
                self.tell_settings(rate.get(), Some(bits), out);
                self.enter(Step::Starting(chosen), out);
            }
            Ok(None) => self.refuse(Refusal::NoUsableSettings, out),
            Err(error) => {
                out.bad_frame(error);
                self.refuse(Refusal::NoUsableSettings, out);
            }
        }
    }

    fn data(&mut self, bytes: &[u8], received: HostTime, out: &mut Out<'_>) {
        let measurement = bytes.first().map_or(ECG, |first| first & 0x3F);
        if measurement == ACCELERATION || measurement == PULSE_INTERVALS {
            return self.beside_ecg(measurement, bytes, received, out);
        }
        let data = match decode_ecg(bytes) {
            Ok(data) => data,
            Err(error) => return out.bad_frame(error),
        };
        self.last_frame = Some(received);
        let news = self.variant != data.variant;
        self.variant = data.variant;
        if news || self.settings.is_none() {
            let (rate_hz, bits) = self.settings.unwrap_or((USUAL_RATE_HZ, None));
            self.tell_settings(rate_hz, bits, out);
        }
        self.tell_streaming(out);
        let contact = data.contact();
        if contact.is_some() && self.contact != contact {
            self.contact = contact;
            out.event(DeviceEvent::Contact(contact));
        }
        out.event(DeviceEvent::Ecg(EcgFrame {
            samples_uv: data.samples.iter().map(|uv| *uv as f32).collect(),
            // A clock that stands at zero tells nothing.
            last_sample: Some(data.last_sample).filter(|stamp| stamp.0 > 0),
            received,
        }));
    }

    fn unanswered(&mut self, out: &mut Out<'_>) {
        if !self.tried_again(out) {
            self.refuse(Refusal::NoAnswer, out);
            out.act(Action::Disconnect);
        }
    }

    fn tick(&mut self, now: HostTime, out: &mut Out<'_>) {
        let Some(deadline) = self.deadline.filter(|deadline| now >= *deadline) else { return };
        self.deadline = None;
        match self.step {
            Step::Stopping => self.step = Step::Idle,
            Step::Streaming => {
                let silent = self.last_frame.map_or(Seconds(f64::INFINITY), |frame| now.since(frame));
                if Milliseconds::from(silent) >= SILENCE_LIMIT {
                    out.act(Action::Disconnect);
                } else {
                    self.wait(self.last_frame.unwrap_or(deadline), SILENCE_LIMIT, out);
                }
            }
            Step::AskingSettings | Step::Starting(_) => self.unanswered(out),
            _ => {}
        }
    }

    fn stop(&mut self, now: HostTime, out: &mut Out<'_>) {
        if core::mem::take(&mut self.intervals) {
            self.write(Command::Stop { measurement: PULSE_INTERVALS }, out);
        }
        let running = self.flowing || matches!(self.step, Step::Starting(_) | Step::Streaming);
        if running && self.step != Step::Stopping {
            if core::mem::take(&mut self.motion) != Motion::Off {
                self.ask_motion(Motion::Off, Command::Stop { measurement: ACCELERATION }, out);
            }
            self.enter(Step::Stopping, out);
            self.wait(now, STOP_LIMIT, out);
        } else if !running {
            self.enter(Step::Idle, out);
        }
    }
}

impl Adapter for PolarAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.forget();
                self.enter(Step::SubscribingControl, out);
            }
            Input::Subscribed { characteristic, result, .. } => match (&self.step, characteristic, result) {
                (Step::SubscribingControl, CONTROL_POINT, Ok(())) => self.enter(Step::ReadingFeatures, out),
                (Step::SubscribingData, DATA, Ok(())) => self.enter(Step::AskingSettings, out),
                (Step::Idle, DATA, Ok(())) if self.intervals => self.write(Command::START_INTERVALS, out),
                (Step::Idle, DATA, Err(failure)) if self.intervals => {
                    let (stream, reason) = (Stream::PulseIntervals, Refusal::Link(failure));
                    out.event(DeviceEvent::StreamRefused { stream, reason });
                }
                (Step::SubscribingControl, CONTROL_POINT, Err(failure))
                | (Step::SubscribingData, DATA, Err(failure)) => self.failed(failure, out),
                _ => {}
            },
            Input::ReadResult { characteristic: CONTROL_POINT, result, .. }
                if self.step == Step::ReadingFeatures =>
            {
                self.features(result, out);
            }
            Input::WriteDone { characteristic: CONTROL_POINT, result, now } => match (&self.step, result) {
                (Step::AskingSettings | Step::Starting(_) | Step::Stopping, Err(failure)) => {
                    self.failed(failure, out);
                }
                (Step::AskingSettings | Step::Starting(_), Ok(())) => self.wait(now, ANSWER_LIMIT, out),
                _ => {}
            },
            Input::Notification { characteristic: CONTROL_POINT, bytes, received } => {
                self.control(bytes, received, out);
            }
            Input::Notification { characteristic: DATA, bytes, received } => self.data(bytes, received, out),
            Input::Disconnected { .. } => self.forget(),
            Input::Tick { now } => self.tick(now, out),
            Input::Stop { now } => self.stop(now, out),
            _ => {}
        }
    }

    fn configure(&mut self, choice: &DeviceChoice) {
        self.wants_motion = choice.motion;
        self.wants_intervals = choice.pulse_intervals;
    }

    fn holds_link(&self) -> bool {
        self.step == Step::Stopping
    }
}
