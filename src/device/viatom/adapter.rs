//! Asks for samples twice a second and puts the answers together.

use super::realtime::RATE_HZ;
use super::{
    decode, encode, Packet, Packets, Realtime, RunStatus, ANSWER, REALTIME, REALTIME_ARGUMENT, REQUEST,
    SERVICE,
};
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::subscriber::Subscriber;
use crate::device::{Action, Adapter, DeviceError, DeviceEvent, EcgTiming, Input, Out, Refusal, Stream};
use crate::signal::DeviceClass;
use crate::units::{DeviceTime, HostTime, Milliseconds};
use std::collections::VecDeque;

/// From one request to the next.
const PERIOD: Milliseconds = Milliseconds(500.0);
/// How long an answer may take before the next request goes out without it.
const ANSWER_LIMIT: Milliseconds = Milliseconds(800.0);
/// Samples of a frame that is passed on.
const FRAME: usize = 25;
/// Requests without an answer after which the link is given up.
const PATIENCE: usize = 10;

/// State machine of the A5 protocol.
#[derive(Debug)]
pub struct ViatomAdapter {
    answers: Subscriber,
    packets: Packets,
    flow: EcgFlow,
    polling: bool,
    sequence: u8,
    /// When the request that is open went out.
    asked: Option<HostTime>,
    due: Option<HostTime>,
    /// Earlier requests without an answer, the oldest first: their numbers and when they went out.
    unanswered: VecDeque<(u8, HostTime)>,
    /// The link broke since the latest answer.
    broke: bool,
    /// Sequence of the latest answer.
    answered: Option<u8>,
    /// When the latest answer was asked for, and the seconds of its last sample.
    last: Option<(HostTime, f64)>,
    contact: Option<bool>,
    battery: Option<u8>,
}

impl Default for ViatomAdapter {
    fn default() -> Self {
        Self {
            answers: Subscriber::new(SERVICE, ANSWER, Stream::Ecg),
            packets: Packets::default(),
            flow: EcgFlow::default(),
            polling: false,
            sequence: 0,
            asked: None,
            due: None,
            unanswered: VecDeque::with_capacity(PATIENCE + 1),
            broke: false,
            answered: None,
            last: None,
            contact: None,
            battery: None,
        }
    }
}

const ANNOUNCED: Announced = Announced {
    class: DeviceClass::EcgMonitor,
    rate_hz: RATE_HZ,
    band: None,
    negotiated: true,
    timing: EcgTiming::Arrival,
};

impl ViatomAdapter {
    /// Everything but the time: over a break it goes on with the host's clock, as over a lost answer.
    fn forget(&mut self) {
        let last = self.last;
        *self = Self { last, broke: last.is_some(), ..Self::default() };
    }

    fn ask(&mut self, now: HostTime, out: &mut Out<'_>) {
        let content = REALTIME_ARGUMENT.to_vec();
        let packet = Packet { command: REALTIME, kind: 0, sequence: self.sequence, content };
        self.sequence = self.sequence.wrapping_add(1);
        self.asked = Some(now);
        self.wait(now, ANSWER_LIMIT, out);
        out.act(Action::Write { service: SERVICE, characteristic: REQUEST, bytes: encode(&packet) });
    }

    fn wait(&mut self, from: HostTime, limit: Milliseconds, out: &mut Out<'_>) {
        let until = from.later(limit);
        self.due = Some(until);
        out.act(Action::Wait { until });
    }

    fn fragment(&mut self, bytes: &[u8], received: HostTime, out: &mut Out<'_>) {
        self.packets.push(bytes);
        while let Some(packet) = self.packets.next_packet() {
            if packet.command != REALTIME {
                out.bad_frame(DeviceError::Unexpected { field: "command" });
                continue;
            }
            // An answer that was overtaken: its place is a gap already. Devices that do not repeat the request's number
            // always send the same.
            let before = self.answered.replace(packet.sequence);
            if before.is_some_and(|before| packet.sequence.wrapping_sub(before) > 128) {
                self.answered = before;
                out.bad_frame(DeviceError::Unexpected { field: "overtaken answer" });
                continue;
            }
            let number = Some(packet.sequence).filter(|_| before != Some(packet.sequence));
            match decode(&packet.content) {
                Ok(realtime) => {
                    let (asked, lost) = self.question(number, received, out);
                    self.measured(realtime, (asked, lost), received, out);
                }
                Err(error) => out.bad_frame(error),
            }
        }
        if self.packets.take_broken() {
            out.bad_frame(DeviceError::Invalid { field: "packet" });
        }
    }

    /// When the request of an answer went out, and whether answers before it were lost. An answer to an earlier request is
    /// late, and that of the open one is still to come.
    fn question(&mut self, number: Option<u8>, received: HostTime, out: &mut Out<'_>) -> (HostTime, bool) {
        let broke = core::mem::take(&mut self.broke);
        if let Some(late) = self.unanswered.iter().position(|(own, _)| Some(*own) == number) {
            let asked = self.unanswered.drain(..=late).next_back().map_or(received, |(_, asked)| asked);
            return (asked, broke || late > 0);
        }
        let lost = broke || !self.unanswered.is_empty();
        self.unanswered.clear();
        let asked = self.asked.take().unwrap_or(received);
        if self.polling {
            self.wait(asked, PERIOD, out);
        }
        (asked, lost)
    }

    fn measured(
        &mut self,
        realtime: Realtime,
        (asked, lost): (HostTime, bool),
        received: HostTime,
        out: &mut Out<'_>,
    ) {
        if self.battery.replace(realtime.battery_percent) != Some(realtime.battery_percent)
            && realtime.battery_percent <= 100
        {
            out.event(DeviceEvent::Battery { percent: realtime.battery_percent });
        }
        let off = realtime.status == RunStatus::LeadOff
            || (realtime.all_invalid && !realtime.samples_uv.is_empty());
        self.flow.announce(ANNOUNCED, out);
        if self.contact.replace(!off) != Some(!off) {
            out.event(DeviceEvent::Contact(Some(!off)));
        }
        if realtime.samples_uv.is_empty() {
            return;
        }
        let length = realtime.samples_uv.len() as f64 / RATE_HZ;
        // A whole answer was lost with what it held: the device had since the request before it to measure this one.
        let time = match self.last {
            Some((before, time)) if lost => time + asked.since(before).0.max(length),
            Some((_, time)) => time + length,
            None => 1.0 + length,
        };
        self.last = Some((asked, time));
        let begin = time - length;
        // In short frames, so that a loss before a long answer is not lost in its length.
        let mut sent = 0;
        for part in realtime.samples_uv.chunks(FRAME) {
            sent += part.len();
            let stamp = DeviceTime(((begin + sent as f64 / RATE_HZ) * 1e9) as u64);
            self.flow.frame(ANNOUNCED, part.to_vec(), Some(stamp), received, out);
        }
    }

    fn tick(&mut self, now: HostTime, out: &mut Out<'_>) {
        if !self.polling || self.due.is_none_or(|due| now < due) {
            return;
        }
        if let Some(asked) = self.asked.take() {
            self.unanswered.push_back((self.sequence.wrapping_sub(1), asked));
            self.packets.clear();
        }
        if self.unanswered.len() > PATIENCE {
            self.polling = false;
            self.flow.refuse(Refusal::NoAnswer, out);
            return out.act(Action::Disconnect);
        }
        self.ask(now, out);
    }
}

impl Adapter for ViatomAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.forget();
                self.answers.start(out);
            }
            Input::Subscribed { now, .. } | Input::Tick { now }
                if self.answers.succeeded(input, out) == Some(true) =>
            {
                self.polling = true;
                self.flow.announce(ANNOUNCED, out);
                self.flow.started(out);
                self.ask(now, out);
            }
            Input::WriteDone { characteristic: REQUEST, result, now } if self.polling => match result {
                // The device measures until the request reaches it.
                Ok(()) => self.asked = self.asked.map(|_| now),
                Err(_) => self.wait(now, PERIOD, out),
            },
            Input::Notification { characteristic: ANSWER, bytes, received } => {
                self.fragment(bytes, received, out);
            }
            Input::Disconnected { .. } => {
                self.answers.lost();
                self.forget();
            }
            Input::Tick { now } => self.tick(now, out),
            // It measures on by itself; without requests nothing is sent.
            Input::Stop { .. } => self.polling = false,
            _ => {}
        }
    }
}
