//! Virtual devices that send samples as soon as somebody listens.

use super::ecg_stream::EcgStream;
use super::firmware::{Firmware, Outgoing};
use crate::device::card10::{self, Card10Samples};
use crate::device::uart::{self, UartFormat, UartSample};
use crate::device::{healthypi, Uuid};
use crate::units::Hertz;

/// Samples of a notification.
const FRAME: u64 = 8;

/// A virtual HealthyPi.
#[derive(Debug)]
pub(super) struct HealthyPi(pub(super) EcgStream);

impl Firmware for HealthyPi {
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        if characteristic == healthypi::ECG {
            self.0.start(now);
        }
        characteristic == healthypi::ECG
    }

    fn due(&self) -> Option<f64> {
        self.0.due(FRAME)
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let (_, samples) = self.0.take(FRAME)?;
        let samples_uv: Vec<f32> = samples.iter().map(|uv| *uv as f32).collect();
        Some(Outgoing::notify(healthypi::SERVICE, healthypi::ECG, healthypi::encode(&samples_uv)))
    }

    fn link_lost(&mut self) {
        self.0.stop();
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.0.exhausted(FRAME))
    }
}

/// A virtual card10.
#[derive(Debug)]
pub(super) struct Card10 {
    ecg: EcgStream,
    /// Sample at which the badge began to count.
    zero: Option<u64>,
}

impl Card10 {
    pub(super) const fn new(ecg: EcgStream) -> Self {
        Self { ecg, zero: None }
    }
}

impl Firmware for Card10 {
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        if characteristic == card10::ECG {
            self.ecg.start(now);
        }
        characteristic == card10::ECG
    }

    fn due(&self) -> Option<f64> {
        self.ecg.due(FRAME)
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let (first, samples) = self.ecg.take(FRAME)?;
        let counter = (first - *self.zero.get_or_insert(first)) as u16;
        let samples_uv = samples.iter().map(|uv| *uv as f32).collect();
        let bytes = card10::encode(&Card10Samples { counter, samples_uv });
        Some(Outgoing::notify(card10::SERVICE, card10::ECG, bytes))
    }

    fn link_lost(&mut self) {
        self.ecg.stop();
        self.zero = None;
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.ecg.exhausted(FRAME))
    }
}

/// A virtual self-made board that writes lines as [`UartFormat::ad8232`] says.
#[derive(Debug)]
pub(super) struct Uart {
    ecg: EcgStream,
    service: Uuid,
    characteristic: Uuid,
    format: Option<UartFormat>,
}

impl Uart {
    pub(super) fn new(ecg: EcgStream, service: Uuid, characteristic: Uuid) -> Self {
        let format = Hertz::new(250.0).ok().map(UartFormat::ad8232);
        Self { ecg, service, characteristic, format }
    }
}

impl Firmware for Uart {
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        if characteristic == self.characteristic {
            self.ecg.start(now);
        }
        characteristic == self.characteristic
    }

    fn due(&self) -> Option<f64> {
        self.ecg.due(FRAME)
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let (_, samples) = self.ecg.take(FRAME)?;
        let mut bytes = Vec::new();
        for uv in samples {
            uart::encode(self.format.as_ref()?, UartSample::Microvolts(uv as f32), &mut bytes);
        }
        Some(Outgoing::notify(self.service, self.characteristic, bytes))
    }

    fn link_lost(&mut self) {
        self.ecg.stop();
    }

    fn exhausted(&self) -> Option<bool> {
        Some(self.ecg.exhausted(FRAME))
    }
}
