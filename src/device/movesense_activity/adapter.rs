//! Finds out which generation the firmware is of, and its sampling interval.

use super::{decode, CONFIGURATION, ECG, OLD_ECG, OLD_INTERVAL, SERVICE};
use crate::device::ecg_flow::{Announced, EcgFlow};
use crate::device::wide_counter::WideCounter;
use crate::device::{Action, Adapter, EcgTiming, Input, Out, Refusal, Uuid};
use crate::signal::DeviceClass;
use crate::units::DeviceTime;

/// Intervals that the firmware offers, in milliseconds; 4 when it does not say.
const INTERVALS_MS: core::ops::RangeInclusive<u8> = 2..=10;
const USUAL_INTERVAL_MS: u8 = 4;

/// State machine of the activity service: the interval is read first, then the ECG subscribed.
#[derive(Debug)]
pub struct MovesenseActivityAdapter {
    /// The older characteristics are in use.
    old: bool,
    interval_ms: u8,
    negotiated: bool,
    flow: EcgFlow,
    clock: WideCounter,
}

impl Default for MovesenseActivityAdapter {
    fn default() -> Self {
        Self {
            old: false,
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

    const fn ecg(&self) -> Uuid {
        if self.old {
            OLD_ECG
        } else {
            ECG
        }
    }

    fn read_interval(&self, out: &mut Out<'_>) {
        let characteristic = if self.old { OLD_INTERVAL } else { CONFIGURATION };
        out.act(Action::Read { service: SERVICE, characteristic });
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
            Input::Connected { services, .. } if services.contains(&SERVICE) => {
                self.forget();
                self.read_interval(out);
            }
            Input::ReadResult { characteristic: CONFIGURATION | OLD_INTERVAL, result, .. } => {
                match result.ok().and_then(|bytes| bytes.first().copied()) {
                    Some(interval) if INTERVALS_MS.contains(&interval) => {
                        (self.interval_ms, self.negotiated) = (interval, true);
                    }
                    None if !self.old => {
                        self.old = true;
                        return self.read_interval(out);
                    }
                    _ => {}
                }
                out.act(Action::Subscribe { service: SERVICE, characteristic: self.ecg() });
            }
            Input::Subscribed { characteristic, result, .. } if characteristic == self.ecg() => {
                match result {
                    Ok(()) => {
                        self.flow.announce(self.announced(), out);
                        self.flow.started(out);
                    }
                    Err(failure) if self.old => self.flow.refuse(Refusal::Link(failure), out),
                    Err(_) => {
                        self.old = true;
                        self.read_interval(out);
                    }
                }
            }
            Input::Notification { characteristic: ECG | OLD_ECG, bytes, received } => match decode(bytes) {
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
            },
            Input::Disconnected { .. } => self.forget(),
            _ => {}
        }
    }
}
