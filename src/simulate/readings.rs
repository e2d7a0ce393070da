//! Virtual home tests. Each first tells what must not be passed on: what it remembers, and what is somebody else's.

use super::firmware::{Firmware, Outgoing};
use super::VirtualKind;
use crate::device::{
    blood_pressure, glucose, health_sensor, pulse_oximeter, reading::CivilTime, thermometer, weight_scale,
    Uuid,
};

/// A time as its parts: year; month, day, hour, minute, second.
pub(super) type Parts = (u16, [u8; 5]);
/// A time long before.
const STORED: Parts = (2025, [12, 24, 21, 15, 0]);
/// The patient's number, and somebody else's.
const USER: u8 = 1;
const OTHER: u8 = 2;
/// Seconds from one reading to the next.
const PERIOD: f64 = 2.0;

/// The time of a clock.
pub(super) fn civil((year, [month, day, hour, minute, second]): Parts) -> Option<CivilTime> {
    CivilTime::new(year, month, day, hour, minute, second)
}

/// A device that tells its readings one after the other, as soon as somebody listens.
#[derive(Debug)]
pub(super) struct Readings {
    service: Uuid,
    characteristic: Uuid,
    told: Vec<Vec<u8>>,
    next: usize,
    due: Option<f64>,
}

/// The home test of this kind.
pub(super) fn of(kind: VirtualKind, now: Parts) -> Readings {
    let (service, characteristic, told) = match kind {
        VirtualKind::PulseOximeter => (
            pulse_oximeter::SERVICE,
            pulse_oximeter::CONTINUOUS,
            (0..3).map(|i| pulse_oximeter::encode_continuous(97.0 - f64::from(i), 64.0, 3.2)).collect(),
        ),
        VirtualKind::Thermometer => (
            thermometer::SERVICE,
            thermometer::MEASUREMENT,
            vec![
                thermometer::encode(39.9, Some(STORED), None),
                thermometer::encode(36.8, Some(now), Some(3)),
            ],
        ),
        VirtualKind::WeightScale => (
            weight_scale::SERVICE,
            weight_scale::MEASUREMENT,
            vec![
                weight_scale::encode(80.0, Some(STORED), Some(USER)),
                weight_scale::encode(55.5, Some(now), Some(OTHER)),
                weight_scale::encode(72.35, Some(now), Some(USER)),
            ],
        ),
        VirtualKind::HealthSensor => (
            health_sensor::SERVICE,
            health_sensor::LIVE,
            // Saturation in percent.
            vec![
                health_sensor::encode(150_456, 544, 91.0, Some(OTHER)),
                health_sensor::encode(150_456, 544, 97.0, Some(USER)),
            ],
        ),
        _ => {
            let encode = blood_pressure::encode;
            (
                blood_pressure::SERVICE,
                blood_pressure::MEASUREMENT,
                vec![
                    encode([165.0, 99.0, 121.0], Some(80.0), Some(STORED), Some(USER), Some(0)),
                    encode([182.0, 121.0, 141.0], Some(90.0), Some(now), Some(OTHER), Some(0)),
                    encode([128.0, 82.0, 97.0], Some(62.0), Some(now), Some(USER), Some(0)),
                ],
            )
        }
    };
    Readings { service, characteristic, told, next: 0, due: None }
}

impl Firmware for Readings {
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        if characteristic == self.characteristic && self.due.is_none() {
            self.due = Some(now + PERIOD);
        }
        // The other characteristics of these services are there and silent.
        true
    }

    fn due(&self) -> Option<f64> {
        self.due.filter(|_| self.next < self.told.len())
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let due = self.due()?;
        self.due = Some(due + PERIOD);
        let bytes = self.told.get(self.next)?.clone();
        self.next += 1;
        Some(Outgoing::indicate(self.service, self.characteristic, bytes))
    }

    fn link_lost(&mut self) {
        self.due = None;
    }
}

/// A meter that tells its records when it is asked for them.
#[derive(Debug)]
pub(super) struct GlucoseMeter(pub(super) Parts);

impl Firmware for GlucoseMeter {
    fn subscribed(&mut self, characteristic: Uuid, _: f64) -> bool {
        [glucose::MEASUREMENT, glucose::RECORD_ACCESS].contains(&characteristic)
    }

    fn written(&mut self, characteristic: Uuid, bytes: &[u8], _: f64) -> Option<Vec<Outgoing>> {
        if characteristic != glucose::RECORD_ACCESS {
            return None;
        }
        let record = |bytes| Outgoing::indicate(glucose::SERVICE, glucose::MEASUREMENT, bytes);
        let answer = |value| {
            let bytes = vec![glucose::RESPONSE, 0, bytes.first().copied().unwrap_or_default(), value];
            Outgoing::indicate(glucose::SERVICE, glucose::RECORD_ACCESS, bytes)
        };
        let (old, last) = (glucose::encode(41, 9.9, STORED), glucose::encode(42, 5.4, self.0));
        Some(if bytes == glucose::REPORT_ALL {
            vec![record(old), record(last), answer(1)]
        } else if bytes == glucose::REPORT_LAST {
            vec![record(last), answer(1)]
        } else {
            // Operation not supported.
            vec![answer(2)]
        })
    }

    fn link_lost(&mut self) {}
}
