//! Finds out which generation the firmware is of, and its sampling interval.

use super::generation::Generation;
use super::{decode, decode_old, CONFIGURATION, ECG, FIRST_INTERVAL, OLD_ECG, OLD_INTERVAL};
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::wide_counter::WideCounter;
use crate::device::{Adapter, EcgTiming, Input, Out, Refusal};
use crate::signal::DeviceClass;
use crate::units::DeviceTime;

/// Intervals that the firmware offers, in milliseconds; 4 when it does not say.
const INTERVALS_MS: core::ops::RangeInclusive<u8> = 1..=10;
const USUAL_INTERVAL_MS: u8 = 4;

/// State machine of the activity service, or of the ECG service that was there before it: the interval is read first,
/// then the ECG subscribed.
#[derive(Debug)]
pub struct MovesenseActivityAdapter {
    generation: Generation,
    interval_ms: u8,
    negotiated: bool,
    flow: EcgFlow,
    clock: WideCounter,
}

impl Default for MovesenseActivityAdapter {
    fn default() -> Self {
        Self {
            generation: Generation::New,
            interval_ms: USUAL_INTERVAL_MS,
            negotiated: false,
            flow: EcgFlow::default(),
            clock: WideCounter::of_bits(32),
        }
    }
}

impl MovesenseActivityAdapter {
    /// Everything but the clock: the sensor's runs on while the link is down.
    fn forget(&mut self) {
        let clock = core::mem::replace(&mut self.clock, WideCounter::of_bits(32));
        *self = Self { clock, ..Self::default() };
    }

    /// An older firmware may be there.
    fn try_older(&mut self, out: &mut Out<'_>) {
        self.generation = Generation::Old;
        out.act(self.generation.read_interval());
    }

    fn announced(&self) -> Announced {
        Announced {
            class: DeviceClass::ChestStrapEcg,
            rate_hz: 1000.0 / f64::from(self.interval_ms),
            band: None,
            negotiated: self.negotiated,
            timing: EcgTiming::Device,
        }
    }
}

impl Adapter for MovesenseActivityAdapter {
    fn handle(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match input {
            Input::Connected { services, .. } => {
                if let Some(generation) = Generation::of(services) {
                    self.forget();
                    self.generation = generation;
                    out.act(generation.read_interval());
                }
            }
            Input::ReadResult {
                characteristic: CONFIGURATION | OLD_INTERVAL | FIRST_INTERVAL,
                result,
                ..
            } => {
                match result.ok().and_then(|bytes| bytes.first().copied()) {
                    Some(interval) if INTERVALS_MS.contains(&interval) => {
                        (self.interval_ms, self.negotiated) = (interval, true);
                    }
                    None if self.generation == Generation::New => return self.try_older(out),
                    _ => {}
                }
                out.act(self.generation.subscribe());
            }
            Input::Subscribed { characteristic, result, .. } if characteristic == self.generation.ecg() => {
                match result {
                    Ok(()) => {
                        self.flow.announce(self.announced(), out);
                        self.flow.started(out);
                    }
                    Err(_) if self.generation == Generation::New => self.try_older(out),
                    Err(failure) => self.flow.refuse(Refusal::Link(failure), out),
                }
            }
            Input::Notification { characteristic, bytes, received }
                if [ECG, OLD_ECG].contains(&characteristic) =>
            {
                match if characteristic == ECG { decode(bytes) } else { decode_old(bytes) } {
                    Ok(packet) => {
                        let us = if packet.short {
                            self.clock.widen(packet.last_sample_us / 1000).saturating_mul(1000)
                        } else {
                            packet.last_sample_us
                        };
                        let last = Some(DeviceTime(us.saturating_mul(1000)));
                        self.flow.frame(self.announced(), packet.samples_uv, last, received, out);
                    }
                    Err(error) => out.bad_frame(error),
                }
            }
            Input::Disconnected { .. } => self.forget(),
            _ => {}
        }
    }
}
