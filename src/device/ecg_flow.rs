//! What every ECG stream tells once: its class, its settings, and that it flows.

use super::{DeviceBand, DeviceEvent, EcgSettings, EcgTiming, Out, Refusal, Stream};
use crate::signal::{DeviceClass, EcgFrame};
use crate::units::{DeviceTime, Hertz, HostTime, Milliseconds};

/// What is known of a stream before its first sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Announced {
    pub(crate) class: DeviceClass,
    pub(crate) rate_hz: f64,
    pub(crate) band: Option<DeviceBand>,
    pub(crate) negotiated: bool,
    pub(crate) timing: EcgTiming,
}

/// A stream of ECG on one connection.
#[derive(Debug, Default)]
pub(crate) struct EcgFlow {
    told: bool,
    flowing: bool,
    last: Option<HostTime>,
}

impl EcgFlow {
    /// Tells what the stream is, once.
    pub(crate) fn announce(&mut self, what: Announced, out: &mut Out<'_>) {
        if core::mem::replace(&mut self.told, true) {
            return;
        }
        out.event(DeviceEvent::Class(what.class));
        if let Ok(rate) = Hertz::new(what.rate_hz) {
            let Announced { band, negotiated, timing, .. } = what;
            let settings = EcgSettings { rate, resolution_bits: None, band, negotiated, timing };
            out.event(DeviceEvent::EcgSettings(settings));
        }
    }

    /// Tells that the stream was started, once.
    pub(crate) fn started(&mut self, out: &mut Out<'_>) {
        if !core::mem::replace(&mut self.flowing, true) {
            out.event(DeviceEvent::Streaming(Stream::Ecg));
        }
    }

    /// Passes samples on, with what has to be told before.
    pub(crate) fn frame(
        &mut self,
        what: Announced,
        samples_uv: Vec<f32>,
        last_sample: Option<DeviceTime>,
        received: HostTime,
        out: &mut Out<'_>,
    ) {
        self.announce(what, out);
        self.started(out);
        self.last = Some(received);
        out.event(DeviceEvent::Ecg(EcgFrame { samples_uv, last_sample, received }));
    }

    /// Tells that no ECG will come on this connection.
    pub(crate) fn refuse(&mut self, reason: Refusal, out: &mut Out<'_>) {
        self.flowing = false;
        out.event(DeviceEvent::StreamRefused { stream: Stream::Ecg, reason });
    }

    /// Whether ECG was started or has come.
    pub(crate) const fn flowing(&self) -> bool {
        self.flowing
    }

    /// When the patience with the stream ends; `None` when no frame has come.
    pub(crate) fn patience(&self, limit: Milliseconds) -> Option<HostTime> {
        self.last.map(|last| last.later(limit))
    }
}
