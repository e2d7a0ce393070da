//! The rested series of a blood pressure monitor, as the report tells it.

use super::Algorithm;
use crate::device::blood_pressure::{BloodPressureSeries, NextReading, NotCounted};
use crate::device::Measurement;
use crate::units::HostTime;
use serde::{Deserialize, Serialize};

/// The rested series of one sitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PressureSeries {
    /// The mean; null until the series was complete.
    pub mean: Option<PressureMean>,
    /// Readings that count.
    pub counted: u32,
    /// Readings that do not, by the reason.
    pub not_counted: Vec<NotCountedRow>,
    /// Who said it.
    pub algorithm: Algorithm,
}

/// The mean of the readings of a series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PressureMean {
    /// Systolic, mm\[Hg\].
    pub systolic: f64,
    /// Diastolic, mm\[Hg\].
    pub diastolic: f64,
    /// Readings that it is the mean of.
    pub readings: u32,
    /// How long before the end of the recording the first of them was taken, seconds.
    pub first_before_end_s: f64,
    /// The last of them.
    pub last_before_end_s: f64,
}

/// Readings that do not count for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotCountedRow {
    /// The reason.
    pub reason: NotCounted,
    /// How many.
    pub readings: u32,
}

/// Where a series stands, told when it begins and with every reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PressureStep {
    /// What is to be done next.
    pub next: NextReading,
    /// Readings that count so far.
    pub counted: u32,
    /// Why the reading that was just taken does not count.
    pub not_counted: Option<NotCounted>,
    /// Mean systolic and diastolic pressure in mm\[Hg\] and of how many readings, once the series is complete.
    pub mean: Option<(f64, f64, u32)>,
}

/// A series that goes on.
pub(super) struct Sitting {
    series: BloodPressureSeries,
    not_counted: Vec<NotCountedRow>,
}

impl Sitting {
    pub(super) const fn new(seated: HostTime) -> Self {
        Self { series: BloodPressureSeries::new(seated), not_counted: Vec::new() }
    }

    pub(super) fn push(&mut self, reading: &Measurement) -> PressureStep {
        let not_counted = self.series.push(reading).err();
        if let Some(reason) = not_counted {
            match self.not_counted.iter_mut().find(|row| row.reason == reason) {
                Some(row) => row.readings = row.readings.saturating_add(1),
                None => self.not_counted.push(NotCountedRow { reason, readings: 1 }),
            }
        }
        PressureStep { not_counted, ..self.step() }
    }

    pub(super) fn step(&self) -> PressureStep {
        let mean = self.series.result().map(|mean| (mean.systolic, mean.diastolic, mean.readings));
        PressureStep { next: self.series.next(), counted: self.series.counted(), not_counted: None, mean }
    }

    pub(super) fn is_done(&self) -> bool {
        self.series.next() == NextReading::Done
    }

    /// The series of a recording that ended at this moment.
    pub(super) fn row(&self, end: Option<HostTime>) -> PressureSeries {
        let before_end_s = |taken| end.map_or(0.0, |end| end.since(taken).0.max(0.0));
        let mean = self.series.result().map(|mean| PressureMean {
            systolic: mean.systolic,
            diastolic: mean.diastolic,
            readings: mean.readings,
            first_before_end_s: before_end_s(mean.taken[0]),
            last_before_end_s: before_end_s(mean.taken[1]),
        });
        let algorithm = Algorithm::BloodPressureSeries;
        PressureSeries {
            mean,
            counted: self.series.counted(),
            not_counted: self.not_counted.clone(),
            algorithm,
        }
    }
}
