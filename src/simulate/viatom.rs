//! A virtual recorder that answers in A5 packets.

use super::ecg_stream::EcgStream;
use super::firmware::{Firmware, Outgoing};
use crate::device::viatom::{
    encode, encode_realtime, Packet, Packets, Realtime, RunStatus, ANSWER, REALTIME, REQUEST, SERVICE,
};
use crate::device::Uuid;

/// Bytes of a notification.
const FRAGMENT: usize = 20;
/// Samples that it remembers for somebody who does not ask.
const MEMORY: u64 = 250;

/// A virtual recorder. It sends nothing that was not asked for.
#[derive(Debug)]
pub(super) struct Viatom {
    ecg: EcgStream,
    battery_percent: u8,
    requests: Packets,
}

impl Viatom {
    pub(super) fn new(ecg: EcgStream, battery_percent: u8) -> Self {
        Self { ecg, battery_percent, requests: Packets::default() }
    }

    fn measured(&mut self, now: f64) -> Vec<u8> {
        self.ecg.start(now);
        self.ecg.keep_latest(MEMORY, now);
        let samples = self.ecg.take(self.ecg.waiting(now)).map(|(_, samples)| samples).unwrap_or_default();
        let realtime = Realtime {
            rate_bpm: 60,
            battery_percent: self.battery_percent,
            status: RunStatus::Measuring,
            samples_uv: samples.iter().map(|uv| *uv as f32).collect(),
            all_invalid: false,
        };
        encode_realtime(&realtime, now as u32)
    }
}

impl Firmware for Viatom {
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        if characteristic == ANSWER {
            self.ecg.start(now);
        }
        characteristic == ANSWER
    }

    fn written(&mut self, characteristic: Uuid, bytes: &[u8], now: f64) -> Option<Vec<Outgoing>> {
        if characteristic != REQUEST {
            return None;
        }
        self.requests.push(bytes);
        let mut answers = Vec::new();
        while let Some(request) = self.requests.next_packet() {
            if request.command == REALTIME {
                let content = self.measured(now);
                let answer = encode(&Packet { kind: 1, content, ..request });
                let fragments = answer.chunks(FRAGMENT).map(<[u8]>::to_vec).collect();
                answers.push(Outgoing { fragments, ..Outgoing::notify(SERVICE, ANSWER, Vec::new()) });
            }
        }
        Some(answers)
    }

    fn link_lost(&mut self) {
        self.requests.clear();
        self.ecg.stop();
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.ecg.exhausted(1))
    }
}
