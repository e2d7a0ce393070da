//! A virtual BioHarness: summary, RR packets, and ECG packets as they would be.

use super::ecg_stream::EcgStream;
use super::firmware::{Firmware, Outgoing};
use super::heart::Heart;
use crate::device::zephyr::{
    encode, encode_ecg, encode_rr, encode_summary, EcgData, Packet, Packets, RrData, COMMAND, ECG, PACKETS,
    RR, SERVICE, SET_RR, SUMMARY,
};
use crate::device::{heart_rate, Uuid};

/// Samples of an ECG packet.
const FRAME: u64 = 63;
/// A summary and an RR packet about a second: 18 values of 56 ms.
const PERIOD: f64 = 1.008;
const VALUES: usize = 18;
/// Milliseconds of the device's day when it is switched on.
const CLOCK_START_MS: f64 = 3_600_000.0;

/// A virtual BioHarness.
#[derive(Debug)]
pub(super) struct Zephyr {
    ecg: EcgStream,
    heart: Heart,
    began: Option<f64>,
    summary_due: Option<f64>,
    rr_due: Option<f64>,
    rate_bpm: u8,
    /// Values still to be sent: the latest interval with its sign.
    latest: i16,
    pending: Vec<i16>,
    sequences: [u8; 2],
    requests: Packets,
}

impl Zephyr {
    pub(super) fn new(ecg: EcgStream, heart: Heart) -> Self {
        Self {
            ecg,
            heart,
            began: None,
            summary_due: None,
            rr_due: None,
            rate_bpm: 0,
            latest: 0,
            pending: Vec::new(),
            sequences: [0; 2],
            requests: Packets::default(),
        }
    }

    /// Begins to follow the heart.
    fn begin(&mut self, now: f64) -> f64 {
        *self.began.get_or_insert(now)
    }

    fn packet(message: u8, payload: Vec<u8>) -> Outgoing {
        let bytes = encode(&Packet { message, payload, end: 3 });
        let fragments = bytes.chunks(20).map(<[u8]>::to_vec).collect();
        Outgoing { fragments, ..Outgoing::notify(SERVICE, PACKETS, Vec::new()) }
    }

    fn sequence(&mut self, which: usize) -> u8 {
        self.sequences.get_mut(which).map_or(0, |next| core::mem::replace(next, next.wrapping_add(1)))
    }

    fn rr(&mut self, due: f64) -> Outgoing {
        let measured = self.heart.measure(due - self.began.unwrap_or(due));
        for raw in measured.rr_raw {
            let ms = heart_rate::rr_ms(raw).0 as i16;
            self.pending.push(ms);
        }
        self.rate_bpm = measured.rate_bpm.min(240) as u8;
        // The beats of the last second, spread over its values.
        let beats = core::mem::take(&mut self.pending);
        let value = |i: usize| {
            let done = beats.len() * (i + 1) / VALUES;
            if done > beats.len() * i / VALUES {
                let sign = if self.latest > 0 { -1 } else { 1 };
                self.latest = sign * beats.get(done - 1).copied().unwrap_or(1);
            }
            self.latest
        };
        let values = (0..VALUES).map(value).collect();
        let sequence = self.sequence(0);
        let ms = (CLOCK_START_MS + due * 1000.0) as u32;
        Self::packet(RR, encode_rr(&RrData { sequence, values }, ms))
    }

    fn ecg(&mut self) -> Option<Outgoing> {
        let (first, samples) = self.ecg.take(FRAME)?;
        let ms_of_day = (CLOCK_START_MS + self.ecg.time(first) * 1000.0) as u32;
        let samples_uv = samples.iter().map(|uv| *uv as f32).collect();
        let sequence = self.sequence(1);
        Some(Self::packet(ECG, encode_ecg(&EcgData { sequence, ms_of_day, samples_uv })))
    }
}

impl Firmware for Zephyr {
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        if characteristic == SUMMARY && self.summary_due.is_none() {
            self.begin(now);
            self.summary_due = Some(now + PERIOD);
        }
        [SUMMARY, PACKETS].contains(&characteristic)
    }

    fn written(&mut self, characteristic: Uuid, bytes: &[u8], now: f64) -> Option<Vec<Outgoing>> {
        if characteristic != COMMAND {
            return None;
        }
        self.requests.push(bytes);
        let mut answers = Vec::new();
        while let Some(request) = self.requests.next_packet() {
            if request.message == SET_RR {
                let on = request.payload.first() == Some(&1);
                let began = self.begin(now);
                self.heart.skip_to(now - began);
                self.rr_due = on.then_some(now + PERIOD);
                if on {
                    self.ecg.start(now);
                } else {
                    self.ecg.stop();
                }
            }
            let bytes = encode(&Packet { payload: Vec::new(), end: 6, ..request });
            answers.push(Outgoing { reliable: true, ..Outgoing::notify(SERVICE, PACKETS, bytes) });
        }
        Some(answers)
    }

    fn due(&self) -> Option<f64> {
        [self.summary_due, self.rr_due, self.ecg.due(FRAME)].into_iter().flatten().min_by(f64::total_cmp)
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let due = self.due()?;
        if self.rr_due == Some(due) {
            self.rr_due = Some(due + PERIOD);
            return Some(self.rr(due));
        }
        if self.summary_due == Some(due) {
            self.summary_due = Some(due + PERIOD);
            return Some(Outgoing::notify(SERVICE, SUMMARY, encode_summary(self.rate_bpm)));
        }
        self.ecg()
    }

    fn link_lost(&mut self) {
        self.summary_due = None;
        self.rr_due = None;
        self.ecg.stop();
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.ecg.exhausted(FRAME))
    }
}
