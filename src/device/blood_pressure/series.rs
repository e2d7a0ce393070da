//! A rested series: one cuff reading says little.

use crate::device::reading::{Condition, Measurement, Quantity};
use crate::units::{HostTime, Seconds};

/// Limits beyond which a clinician is told at once. The clinic owns them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BloodPressureLimits {
    /// Systolic pressure above this, mm\[Hg\].
    pub systolic_above: f64,
    /// Diastolic pressure above this, mm\[Hg\].
    pub diastolic_above: f64,
    /// Systolic pressure below this, mm\[Hg\].
    pub systolic_below: f64,
}

/// 180 and 120 are where the 2017 ACC/AHA guideline speaks of a hypertensive crisis (Whelton 2018, 11.2); below 90 a
/// guideline of sepsis or shock begins. A clinic replaces them by its own.
impl Default for BloodPressureLimits {
    fn default() -> Self {
        Self { systolic_above: 180.0, diastolic_above: 120.0, systolic_below: 90.0 }
    }
}

/// A limit that the series lies beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedFlag {
    /// Systolic or diastolic pressure above its limit.
    High,
    /// Systolic pressure below its limit.
    Low,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NextReading {
    /// Sit still until then, then measure.
    RestUntil(HostTime),
    /// Measure again, no earlier than this.
    MeasureAfter(HostTime),
    /// Enough was measured.
    Done,
}

/// What a series comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesResult {
    /// Mean systolic pressure, mm\[Hg\].
    pub systolic: f64,
    /// Mean diastolic pressure, mm\[Hg\].
    pub diastolic: f64,
    /// Readings that it is the mean of.
    pub readings: u32,
    /// The limit that the mean lies beyond.
    pub red_flag: Option<RedFlag>,
}

/// Rest before the first reading (2023 ESH guideline, home blood pressure: 5 min seated).
const REST: Seconds = Seconds(300.0);
/// Time between two readings (same place: at least 1 min).
const BETWEEN: Seconds = Seconds(60.0);
/// Readings of a series (same place: two).
const READINGS: usize = 2;
/// When two readings differ by more than this, mm\[Hg\], a third is taken and the last two count.
const APART: f64 = 15.0;
/// A series ends here, whatever the readings say.
const MOST: usize = 4;

/// Collects the readings of one sitting.
#[derive(Debug, Clone)]
pub struct BloodPressureSeries {
    limits: BloodPressureLimits,
    seated: HostTime,
    readings: Vec<(HostTime, f64, f64)>,
}

impl BloodPressureSeries {
    /// A series of somebody who sat down at this time.
    #[must_use]
    pub const fn new(seated: HostTime, limits: BloodPressureLimits) -> Self {
        Self { limits, seated, readings: Vec::new() }
    }

    /// Takes a reading; false when it does not count: of another kind, before the rest was over, too soon after the
    /// one before, or disturbed by movement or a loose cuff.
    pub fn push(&mut self, reading: &Measurement) -> bool {
        let disturbed = [Condition::BodyMovement, Condition::CuffTooLoose, Condition::WrongPosition];
        let early = match self.next() {
            NextReading::RestUntil(from) | NextReading::MeasureAfter(from) => reading.received < from,
            NextReading::Done => true,
        };
        let pair = reading.value(Quantity::Systolic).zip(reading.value(Quantity::Diastolic));
        let Some((systolic, diastolic)) = pair.filter(|_| !early) else { return false };
        if !reading.received.0.is_finite() || reading.conditions.iter().any(|c| disturbed.contains(c)) {
            return false;
        }
        self.readings.push((reading.received, systolic, diastolic));
        true
    }

    /// What is to be done next.
    #[must_use]
    pub fn next(&self) -> NextReading {
        let Some((last, ..)) = self.readings.last() else {
            return NextReading::RestUntil(HostTime(self.seated.0 + REST.0 * 1000.0));
        };
        if self.result().is_some() {
            return NextReading::Done;
        }
        NextReading::MeasureAfter(HostTime(last.0 + BETWEEN.0 * 1000.0))
    }

    /// The mean of the last two readings, once they agree or four were taken.
    #[must_use]
    pub fn result(&self) -> Option<SeriesResult> {
        let mut latest = self.readings.iter().rev();
        let (second, first) = (latest.next()?, latest.next()?);
        let enough = self.readings.len() >= MOST || (first.1 - second.1).abs() <= APART;
        let (systolic, diastolic) = (0.5 * (first.1 + second.1), 0.5 * (first.2 + second.2));
        let limits = self.limits;
        let red_flag = if systolic > limits.systolic_above || diastolic > limits.diastolic_above {
            Some(RedFlag::High)
        } else {
            (systolic < limits.systolic_below).then_some(RedFlag::Low)
        };
        let readings = READINGS as u32;
        enough.then_some(SeriesResult { systolic, diastolic, readings, red_flag })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::reading::{Measured, Panel};

    fn reading(minute: f64, systolic: f64, diastolic: f64, conditions: &[Condition]) -> Measurement {
        let measured = |quantity, value| Measured { quantity, value };
        Measurement {
            panel: Panel::BloodPressure,
            values: vec![measured(Quantity::Systolic, systolic), measured(Quantity::Diastolic, diastolic)],
            conditions: conditions.to_vec(),
            age: None,
            received: HostTime(minute * 60_000.0),
        }
    }

    #[test]
    fn two_rested_readings_a_minute_apart_make_a_result() {
        let mut series = BloodPressureSeries::new(HostTime(0.0), BloodPressureLimits::default());
        assert!(!series.push(&reading(1.0, 150.0, 95.0, &[])), "not rested");
        assert!(!series.push(&reading(6.0, 150.0, 95.0, &[Condition::BodyMovement])));
        assert!(series.push(&reading(6.0, 130.0, 85.0, &[])));
        assert!(!series.push(&reading(6.5, 131.0, 86.0, &[])), "too soon");
        assert_eq!(series.result(), None);
        assert!(series.push(&reading(7.5, 126.0, 83.0, &[])));
        let result = series.result().unwrap();
        assert_eq!((result.systolic, result.diastolic, result.red_flag), (128.0, 84.0, None));
        assert_eq!(series.next(), NextReading::Done);
    }

    #[test]
    fn readings_that_differ_are_repeated_and_limits_raise_a_flag() {
        let mut series = BloodPressureSeries::new(HostTime(0.0), BloodPressureLimits::default());
        for (minute, systolic, more) in
            [(6.0, 190.0, true), (8.0, 160.0, true), (10.0, 186.0, true), (12.0, 182.0, false)]
        {
            assert!(series.push(&reading(minute, systolic, 95.0, &[])));
            assert_eq!(series.result().is_none(), more);
        }
        assert_eq!(series.result().unwrap().red_flag, Some(RedFlag::High));
        let mut low = BloodPressureSeries::new(HostTime(0.0), BloodPressureLimits::default());
        low.push(&reading(6.0, 84.0, 50.0, &[]));
        low.push(&reading(8.0, 82.0, 50.0, &[]));
        assert_eq!(low.result().unwrap().red_flag, Some(RedFlag::Low));
    }
}
