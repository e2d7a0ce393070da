//! The heart rate service of a virtual device.

use super::firmware::{Firmware, Outgoing};
use super::heart::Heart;
use crate::device::{heart_rate, Uuid};

/// A message a second.
const PERIOD: f64 = 1.0;

/// Tells the beats of a heart, once a second.
#[derive(Debug)]
pub(super) struct HeartRateSensor {
    heart: Heart,
    due: Option<f64>,
    began: Option<f64>,
}

impl HeartRateSensor {
    pub(super) const fn new(heart: Heart) -> Self {
        Self { heart, due: None, began: None }
    }
}

impl Firmware for HeartRateSensor {
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool {
        if characteristic != heart_rate::MEASUREMENT {
            return false;
        }
        if self.due.is_none() {
            let began = *self.began.get_or_insert(now);
            self.heart.skip_to(now - began);
            self.due = Some(now + PERIOD);
        }
        true
    }

    fn due(&self) -> Option<f64> {
        self.due
    }

    fn speak(&mut self) -> Option<Outgoing> {
        let due = self.due?;
        self.due = Some(due + PERIOD);
        let measurement = self.heart.measure(due - self.began.unwrap_or(due));
        let bytes = heart_rate::encode(&measurement);
        Some(Outgoing::notify(heart_rate::SERVICE, heart_rate::MEASUREMENT, bytes))
    }

    fn link_lost(&mut self) {
        self.due = None;
    }
}
