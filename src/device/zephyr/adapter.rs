//! Listens to the summary, asks for RR packets, and reads ECG where it comes.

use super::data::{RATE_HZ, SAMPLES};
use super::{
    decode_ecg, decode_rr, decode_summary, encode, Packet, Packets, RrSigns, COMMAND, ECG, LIFE_SIGN,
    PACKETS, RR, SERVICE, SET_RR, SUMMARY,
};
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::subscriber::Subscriber;
use crate::device::wide_counter::WideCounter;
use crate::device::{
    Action, Adapter, DeviceError, DeviceEvent, DeviceRr, EcgTiming, HeartRate, Input, Out, Stream,
};
use crate::signal::DeviceClass;
use crate::units::{BeatsPerMinute, DeviceTime, HostTime, Milliseconds};

/// A device that hears nothing for longer stops its packets.
const LIFE_SIGN_PERIOD: Milliseconds = Milliseconds(2_000.0);
/// Intervals that a heart can have.
const PLAUSIBLE_RR_MS: core::ops::RangeInclusive<f64> = 250.0..=3000.0;
/// How long the end of a recording waits for the last command.
const STOP_LIMIT: Milliseconds = Milliseconds(2_000.0);

const ANNOUNCED: Announced = Announced {
    class: DeviceClass::ChestStrapEcg,
    rate_hz: RATE_HZ,
    band: None,
    negotiated: false,
    timing: EcgTiming::Device,
};

/// State machine of the service.
#[derive(Debug)]
pub struct ZephyrAdapter {
    summary: Subscriber,
    /// Whether packets are asked for: not when the device has no such characteristic.
    asking: bool,
    stopping: Option<HostTime>,
    /// When the next life sign is due.
    due: Option<HostTime>,
    told: bool,
    rate: Option<BeatsPerMinute>,
    packets: Packets,
    signs: RrSigns,
    flow: EcgFlow,
    packets_of_ecg: WideCounter,
    /// Widened number of the first ECG packet, and its time.
    first: Option<(u64, u32)>,
}

impl Default for ZephyrAdapter {
    fn default() -> Self {
        Self {
            summary: Subscriber::new(SERVICE, SUMMARY, Stream::HeartRate),
            asking: false,
            stopping: None,
            due: None,
            told: false,
            rate: None,
            packets: Packets::default(),
            signs: RrSigns::default(),
            flow: EcgFlow::default(),
            packets_of_ecg: WideCounter::of_bits(8),
            first: None,
        }
    }
}

impl ZephyrAdapter {
    fn command(message: u8, payload: &[u8], out: &mut Out<'_>) {
        let packet = Packet { message, payload: payload.to_vec(), end: 3 };
        out.act(Action::Write { service: SERVICE, characteristic: COMMAND, bytes: encode(&packet) });
    }

    fn say_alive(&mut self, now: HostTime, out: &mut Out<'_>) {
        Self::command(LIFE_SIGN, &[], out);
        let until = now.later(LIFE_SIGN_PERIOD);
        self.due = Some(until);
        out.act(Action::Wait { until });
    }

    fn tell(&mut self, rr: Vec<Milliseconds>, received: HostTime, out: &mut Out<'_>) {
        if !core::mem::replace(&mut self.told, true) {
            out.event(DeviceEvent::Class(DeviceClass::HeartRateSensor));
            out.event(DeviceEvent::Streaming(Stream::HeartRate));
        }
        let interval = |rr: Milliseconds| DeviceRr { rr, in_range: PLAUSIBLE_RR_MS.contains(&rr.0) };
        let rr = rr.into_iter().map(interval).collect();
        out.event(DeviceEvent::HeartRate(HeartRate { rate: self.rate, rr, beside_ecg: false, received }));
    }

    fn fragment(&mut self, bytes: &[u8], received: HostTime, out: &mut Out<'_>) {
        self.packets.push(bytes);
        while let Some(packet) = self.packets.next_packet() {
            let read = match packet.message {
                RR => decode_rr(&packet.payload).map(|data| {
                    let intervals = self.signs.intervals(&data);
                    if !intervals.is_empty() {
                        self.tell(intervals, received, out);
                    }
                }),
                ECG => decode_ecg(&packet.payload).map(|data| {
                    let stamp = self.stamp(data.sequence, data.ms_of_day);
                    self.flow.frame(ANNOUNCED, data.samples_uv, Some(stamp), received, out);
                }),
                SET_RR | LIFE_SIGN => {
                    self.stopping = None;
                    Ok(())
                }
                _ => Err(DeviceError::Unexpected { field: "message" }),
            };
            if let Err(error) = read {
                out.bad_frame(error);
            }
        }
        if self.packets.take_broken() {
            out.bad_frame(DeviceError::Invalid { field: "packet" });
        }
    }

    /// Time of a packet's last sample: the number of packets since the first one, which is exact where less than half
    /// a round of 256 was lost; the time of day ties the first one.
    fn stamp(&mut self, sequence: u8, ms_of_day: u32) -> DeviceTime {
        let number = self.packets_of_ecg.widen(sequence.into());
        let (first, ms) = *self.first.get_or_insert((number, ms_of_day));
        let samples = (number.saturating_sub(first) + 1) as f64 * SAMPLES as f64 - 1.0;
        DeviceTime(((f64::from(ms) / 1000.0 + samples / RATE_HZ) * 1e9) as u64)
    }
}

impl Adapter for ZephyrAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                *self = Self::default();
                self.summary.start(out);
                out.act(Action::Subscribe { service: SERVICE, characteristic: PACKETS });
            }
            Input::Subscribed { characteristic: PACKETS, result: Ok(()), now } => {
                self.asking = true;
                Self::command(SET_RR, &[1], out);
                self.say_alive(now, out);
            }
            Input::Subscribed { .. } => {
                self.summary.succeeded(input, out);
            }
            Input::Notification { characteristic: SUMMARY, bytes, received } => match decode_summary(bytes) {
                Ok(bpm) => {
                    self.rate = (bpm > 0).then(|| BeatsPerMinute(f64::from(bpm)));
                    self.tell(Vec::new(), received, out);
                }
                Err(error) => out.bad_frame(error),
            },
            Input::Notification { characteristic: PACKETS, bytes, received } => {
                self.fragment(bytes, received, out);
            }
            Input::Disconnected { .. } => *self = Self::default(),
            Input::WriteDone { characteristic: COMMAND, result: Err(_), .. } => {
                self.asking = false;
                self.stopping = None;
            }
            Input::Tick { now } => {
                self.summary.succeeded(input, out);
                if self.stopping.is_some_and(|until| now >= until) {
                    self.stopping = None;
                } else if self.asking && self.due.is_none_or(|due| now >= due) {
                    self.say_alive(now, out);
                }
            }
            Input::Stop { now } if self.asking => {
                self.asking = false;
                let until = now.later(STOP_LIMIT);
                self.stopping = Some(until);
                Self::command(SET_RR, &[0], out);
                out.act(Action::Wait { until });
            }
            _ => {}
        }
    }

    fn holds_link(&self) -> bool {
        self.stopping.is_some()
    }
}
