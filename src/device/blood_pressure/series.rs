//! A rested series: one cuff reading says little.

use crate::device::reading::{Condition, Measurement, Panel, Quantity};
use crate::units::{HostTime, Seconds};
use serde::{Deserialize, Serialize};

/// Why a reading does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NotCounted {
    /// Taken before the rest was over.
    NotRested,
    /// Taken too soon after the one before.
    TooSoon,
    /// Body moved, cuff too loose, or arm in the wrong position.
    Disturbed,
    /// Systolic or diastolic pressure is missing.
    Incomplete,
    /// The series was complete.
    Complete,
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
    /// When the first and the last of them were taken.
    pub taken: [HostTime; 2],
}

/// Rest before the first reading (2023 ESH guideline, home blood pressure: 5 min seated).
const REST: Seconds = Seconds(300.0);
/// Time between two readings (same place: at least 1 min).
const BETWEEN: Seconds = Seconds(60.0);
/// Readings of a series (same place: two).
const READINGS: u32 = 2;
/// When two readings differ by more than this, mm\[Hg\], a third is taken and the last two count.
const APART: f64 = 15.0;
/// A series ends here, whatever the readings say.
const MOST: usize = 4;

/// Collects the readings of one sitting.
#[derive(Debug, Clone)]
pub struct BloodPressureSeries {
    seated: HostTime,
    readings: Vec<(HostTime, f64, f64)>,
}

impl BloodPressureSeries {
    /// A series of somebody who sat down at this time.
    #[must_use]
    pub const fn new(seated: HostTime) -> Self {
        Self { seated, readings: Vec::new() }
    }

    /// Takes a reading.
    ///
    /// # Errors
    /// [`NotCounted`], when it does not count.
    pub fn push(&mut self, reading: &Measurement) -> Result<(), NotCounted> {
        let disturbed = [Condition::BodyMovement, Condition::CuffTooLoose, Condition::WrongPosition];
        let taken = HostTime(reading.received.0 - reading.age.map_or(0.0, |age| age.0 * 1000.0));
        match self.next() {
            NextReading::RestUntil(from) if taken.0 < from.0 => return Err(NotCounted::NotRested),
            NextReading::MeasureAfter(from) if taken.0 < from.0 => return Err(NotCounted::TooSoon),
            NextReading::Done => return Err(NotCounted::Complete),
            _ => {}
        }
        let pair = reading.value(Quantity::Systolic).zip(reading.value(Quantity::Diastolic));
        let pair = pair.filter(|_| reading.panel == Panel::BloodPressure && taken.0.is_finite());
        let (systolic, diastolic) = pair.ok_or(NotCounted::Incomplete)?;
        if reading.conditions.iter().any(|c| disturbed.contains(c)) {
            return Err(NotCounted::Disturbed);
        }
        self.readings.push((taken, systolic, diastolic));
        Ok(())
    }

    /// Readings that count.
    #[must_use]
    pub fn counted(&self) -> u32 {
        self.readings.len() as u32
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
        let taken = [first.0, second.0];
        enough.then_some(SeriesResult { systolic, diastolic, readings: READINGS, taken })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::reading::Measured;

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
        let mut series = BloodPressureSeries::new(HostTime(0.0));
        assert_eq!(series.push(&reading(1.0, 150.0, 95.0, &[])), Err(NotCounted::NotRested));
        let moved = reading(6.0, 150.0, 95.0, &[Condition::BodyMovement]);
        assert_eq!(series.push(&moved), Err(NotCounted::Disturbed));
        assert_eq!(series.push(&reading(6.0, 130.0, 85.0, &[])), Ok(()));
        assert_eq!(series.push(&reading(6.5, 131.0, 86.0, &[])), Err(NotCounted::TooSoon));
        assert_eq!(series.result(), None);
        assert_eq!(series.push(&reading(7.5, 126.0, 83.0, &[])), Ok(()));
        let result = series.result().unwrap();
        assert_eq!((result.systolic, result.diastolic, result.readings), (128.0, 84.0, 2));
        assert_eq!(result.taken, [HostTime(360_000.0), HostTime(450_000.0)]);
        assert_eq!(series.next(), NextReading::Done);
        assert_eq!(series.push(&reading(9.0, 126.0, 83.0, &[])), Err(NotCounted::Complete));
    }

    #[test]
    fn what_a_monitor_remembered_counts_from_when_it_was_taken() {
        let mut series = BloodPressureSeries::new(HostTime(0.0));
        let old = Measurement { age: Some(Seconds(120.0)), ..reading(6.0, 130.0, 85.0, &[]) };
        assert_eq!(series.push(&old), Err(NotCounted::NotRested));
        let fresh = Measurement { age: Some(Seconds(60.0)), ..reading(7.0, 130.0, 85.0, &[]) };
        assert_eq!(series.push(&fresh), Ok(()));
        assert_eq!(series.next(), NextReading::MeasureAfter(HostTime(420_000.0)));
    }

    #[test]
    fn readings_that_differ_are_repeated() {
        let mut series = BloodPressureSeries::new(HostTime(0.0));
        for (minute, systolic, more) in
            [(6.0, 190.0, true), (8.0, 160.0, true), (10.0, 186.0, true), (12.0, 182.0, false)]
        {
            assert_eq!(series.push(&reading(minute, systolic, 95.0, &[])), Ok(()));
            assert_eq!(series.result().is_none(), more);
        }
        assert_eq!(series.result().unwrap().systolic, 184.0);
        let odd = reading(f64::NAN, 120.0, 80.0, &[]);
        assert_eq!(BloodPressureSeries::new(HostTime(0.0)).push(&odd), Err(NotCounted::Incomplete));
    }
}
