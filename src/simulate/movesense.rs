//! Virtual Movesense sensors: of the maker's firmware and of the open one.

use super::ecg_stream::EcgStream;
use super::firmware::{Firmware, Outgoing};
use crate::device::movesense::{
    decode_command, encode_ecg, encode_message, Command, EcgFormat, EcgPacket, Message, COMMAND, DATA,
    SAMPLES, SERVICE,
};
use crate::device::movesense_activity::{self as activity, ActivityEcg};
use crate::device::Uuid;

/// Samples of a packet.
const FRAME: u64 = SAMPLES as u64;
/// Milliseconds that the sensor's clock shows when it is switched on: it ran before.
const CLOCK_START_MS: f64 = 4_294_900_000.0;
/// Longest payload that is sent in one packet.
const PACKET: usize = 60;
/// What every path of ECG begins with.
const PATH: &str = "/Meas/ECG/";

/// A virtual sensor with GSP.
#[derive(Debug)]
pub(super) struct Movesense {
    ecg: EcgStream,
    format: EcgFormat,
    reference: u8,
}

impl Movesense {
    pub(super) const fn new(ecg: EcgStream) -> Self {
        Self { ecg, format: EcgFormat::Raw, reference: 0 }
    }

    fn subscribe(&mut self, reference: u8, path: &str, now: f64) -> u16 {
        // It samples with one rate, the whole number nearest to its true one.
        let rate = self.ecg.hz().round().to_string();
        self.format = match path.strip_prefix(PATH).and_then(|path| path.strip_prefix(rate.as_str())) {
            Some("") => EcgFormat::Raw,
            Some("/mV") => EcgFormat::Microvolts,
            _ => return 404,
        };
        self.reference = reference;
        // One rate at a time: a stream that an earlier page left must be ended first.
        if self.ecg.start(now) {
            200
        } else {
            409
        }
    }
}

impl Firmware for Movesense {
    fn subscribed(&mut self, characteristic: Uuid, _: f64) -> bool {
        characteristic == DATA
    }

    fn written(&mut self, characteristic: Uuid, bytes: &[u8], now: f64) -> Option<Vec<Outgoing>> {
        if characteristic != COMMAND {
            return None;
        }
        let (reference, status) = match decode_command(bytes) {
            Ok(Command::Subscribe { reference, path }) => (reference, self.subscribe(reference, &path, now)),
            Ok(Command::Unsubscribe { reference }) => (reference, if self.ecg.stop() { 200 } else { 404 }),
            Err(_) => (bytes.get(1).copied().unwrap_or_default(), 400),
        };
        let answer = encode_message(&Message::Answer { reference, status });
        Some(vec![Outgoing { reliable: true, ..Outgoing::notify(SERVICE, DATA, answer) }])
    }

    fn due(&self) -> Option<f64> {
        self.ecg.due(FRAME)
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let (first, samples) = self.ecg.take(FRAME)?;
        let ms = CLOCK_START_MS + self.ecg.time(first) * 1000.0;
        // The clock starts again after 49 days.
        let first_sample_ms = (ms as u64 % (1 << 32)) as u32;
        let samples_uv = samples.iter().map(|uv| *uv as f32).collect();
        let packet = encode_ecg(&EcgPacket { first_sample_ms, samples_uv }, self.format);
        let reference = self.reference;
        let (head, rest) = packet.split_at(packet.len().min(PACKET));
        let mut fragments = vec![encode_message(&Message::Data { reference, payload: head })];
        if !rest.is_empty() {
            fragments.push(encode_message(&Message::Rest { reference, payload: rest }));
        }
        Some(Outgoing { fragments, ..Outgoing::notify(SERVICE, DATA, Vec::new()) })
    }

    fn link_lost(&mut self) {
        self.ecg.stop();
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.ecg.exhausted(FRAME))
    }
}

/// Sampling interval of the open firmware in milliseconds, as it comes.
const INTERVAL_MS: u8 = 4;

/// A virtual sensor with the open firmware.
#[derive(Debug)]
pub(super) struct MovesenseActivity {
    ecg: EcgStream,
    service: Uuid,
    characteristic: Uuid,
    interval: Uuid,
    /// Samples of a packet.
    frame: u64,
}

impl MovesenseActivity {
    pub(super) const fn new(ecg: EcgStream) -> Self {
        let (service, characteristic) = (activity::SERVICE, activity::ECG);
        Self { ecg, service, characteristic, interval: activity::CONFIGURATION, frame: FRAME }
    }

    /// Of firmware 0.7.
    pub(super) fn old(ecg: EcgStream) -> Self {
        Self { characteristic: activity::OLD_ECG, interval: activity::OLD_INTERVAL, ..Self::new(ecg) }
    }

    /// As it was at first, after another page asked it for longer packets.
    pub(super) fn first(ecg: EcgStream) -> Self {
        let (service, interval) = (activity::FIRST_SERVICE, activity::FIRST_INTERVAL);
        Self { service, interval, frame: 25, ..Self::old(ecg) }
    }

    fn is_new(&self) -> bool {
        self.characteristic == activity::ECG
    }
}

impl Firmware for MovesenseActivity {
    fn read(&self, characteristic: Uuid) -> Option<Vec<u8>> {
        let mut bytes = vec![INTERVAL_MS, 0];
        if self.is_new() {
            bytes = vec![INTERVAL_MS, 20];
            bytes.resize(16, 0);
        }
        (characteristic == self.interval).then_some(bytes)
    }

    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        let known = characteristic == self.characteristic;
        if known {
            self.ecg.start(now);
        }
        known
    }

    fn due(&self) -> Option<f64> {
        self.ecg.due(self.frame)
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let (first, samples) = self.ecg.take(self.frame)?;
        let us = self.ecg.time(first + self.frame - 1) * 1e6;
        let samples_uv = samples.iter().map(|uv| *uv as f32).collect();
        let packet = ActivityEcg { last_sample_us: us as u64, short: !self.is_new(), samples_uv };
        Some(Outgoing::notify(self.service, self.characteristic, activity::encode(&packet)))
    }

    fn link_lost(&mut self) {
        self.ecg.stop();
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.ecg.exhausted(self.frame))
    }
}
