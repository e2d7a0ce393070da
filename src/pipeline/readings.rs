//! Readings of home tests beside the heart's signal, or without one.

use crate::device::reading::{Condition, Measurement, MeasurementLimit, Panel, Quantity};
use crate::units::HostTime;
use serde::{Deserialize, Serialize};

/// Readings that follow each other this closely, seconds, are one: an oximeter tells its value every second or two,
/// while a cuff takes longer than this to fill.
const STREAM_S: f64 = 10.0;

/// One quantity of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingValue {
    /// What was measured; it fixes the unit.
    pub quantity: Quantity,
    /// The number, the mean where there are several.
    pub value: f64,
    /// The lowest.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
}

/// A reading of a home test, or a stretch of successive ones of a device that tells its value all the time. The
/// numbers are the device's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadingRow {
    /// What was measured together.
    pub panel: Panel,
    /// The numbers, the main one first.
    pub values: Vec<ReadingValue>,
    /// Readings that the row is made of.
    pub count: u32,
    /// What the device said about how it measured.
    pub conditions: Vec<Condition>,
    /// What the method cannot promise.
    pub limits: Vec<MeasurementLimit>,
    /// How long before the end of the recording it was taken, the last of several, seconds.
    pub before_end_s: f64,
}

/// A row with what places it in time, which goes no further.
struct Kept {
    row: ReadingRow,
    taken: HostTime,
    /// It was being taken when it arrived: the next one may continue it.
    live: bool,
}

/// The readings of one recording, growing by one row a reading or stretch.
#[derive(Default)]
pub(super) struct Readings(Vec<Kept>);

impl Readings {
    pub(super) fn push(&mut self, reading: &Measurement) {
        let of_panel = reading.panel.quantities();
        let measured = reading.values.iter().filter(|measured| of_panel.contains(&measured.quantity));
        let values: Vec<ReadingValue> = measured
            .map(|m| ReadingValue { quantity: m.quantity, value: m.value, lowest: m.value, highest: m.value })
            .collect();
        if values.is_empty() || !reading.received.0.is_finite() {
            return;
        }
        let live = reading.age.is_none();
        let taken = HostTime(reading.received.0 - reading.age.map_or(0.0, |age| age.0 * 1000.0));
        let last = self.0.iter_mut().rev().find(|kept| kept.row.panel == reading.panel);
        let continued = last.filter(|last| {
            let close = taken.since(last.taken).0 < STREAM_S;
            live && last.live && close && last.row.has_quantities_of(&values)
        });
        let row = match continued {
            Some(last) => {
                last.taken = taken;
                last.row.join(&values);
                &mut last.row
            }
            None => {
                let (panel, limits) = (reading.panel, reading.panel.limits().to_vec());
                let row =
                    ReadingRow { panel, values, count: 1, conditions: Vec::new(), limits, before_end_s: 0.0 };
                self.0.push(Kept { row, taken, live });
                let Some(kept) = self.0.last_mut() else { return };
                &mut kept.row
            }
        };
        for condition in &reading.conditions {
            if !row.conditions.contains(condition) {
                row.conditions.push(*condition);
            }
        }
    }

    /// The rows, the oldest first, of a recording that ended at this moment.
    pub(super) fn rows(&self, end: Option<HostTime>) -> Vec<ReadingRow> {
        let mut rows: Vec<ReadingRow> = Vec::with_capacity(self.0.len());
        for kept in &self.0 {
            let before_end_s = end.map_or(0.0, |end| end.since(kept.taken).0);
            let place = rows.partition_point(|row| row.before_end_s >= before_end_s);
            rows.insert(place, ReadingRow { before_end_s, ..kept.row.clone() });
        }
        rows
    }
}

impl ReadingRow {
    fn has_quantities_of(&self, values: &[ReadingValue]) -> bool {
        self.values.iter().map(|v| v.quantity).eq(values.iter().map(|v| v.quantity))
    }

    fn join(&mut self, values: &[ReadingValue]) {
        self.count = self.count.saturating_add(1);
        for (mine, new) in self.values.iter_mut().zip(values) {
            mine.lowest = mine.lowest.min(new.value);
            mine.highest = mine.highest.max(new.value);
            // Rounding must not carry the mean of equal numbers away from them.
            let mean = mine.value + (new.value - mine.value) / f64::from(self.count);
            mine.value = mean.max(mine.lowest).min(mine.highest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::reading::Measured;
    use crate::units::Seconds;

    fn reading(panel: Panel, values: &[(Quantity, f64)], at_s: f64, age: Option<f64>) -> Measurement {
        let values = values.iter().map(|(quantity, value)| Measured { quantity: *quantity, value: *value });
        Measurement {
            panel,
            values: values.collect(),
            conditions: Vec::new(),
            age: age.map(Seconds),
            received: HostTime(1000.0 * at_s),
        }
    }

    fn pressure(systolic: f64, at_s: f64, age: Option<f64>) -> Measurement {
        let values = [(Quantity::Systolic, systolic), (Quantity::Diastolic, 80.0)];
        reading(Panel::BloodPressure, &values, at_s, age)
    }

    fn oxygen(value: f64, at_s: f64) -> Measurement {
        reading(Panel::PulseOximetry, &[(Quantity::OxygenSaturation, value)], at_s, None)
    }

    #[test]
    fn a_stream_is_one_row_and_a_cuff_has_one_each() {
        let mut readings = Readings::default();
        for second in 0..60 {
            readings.push(&oxygen(95.0 + f64::from(second % 3), f64::from(second)));
        }
        readings.push(&pressure(131.0, 20.0, None));
        readings.push(&pressure(127.0, 90.0, None));
        readings.push(&oxygen(90.0, 100.0));
        let rows = readings.rows(Some(HostTime(120_000.0)));
        let told: Vec<_> = rows.iter().map(|row| (row.panel, row.count, row.before_end_s)).collect();
        assert_eq!(
            told,
            [
                (Panel::BloodPressure, 1, 100.0),
                (Panel::PulseOximetry, 60, 61.0),
                (Panel::BloodPressure, 1, 30.0),
                (Panel::PulseOximetry, 1, 20.0),
            ]
        );
        let value = rows[1].values[0];
        assert!((value.value - 96.0).abs() < 1e-9, "{value:?}");
        assert_eq!((value.lowest, value.highest), (95.0, 97.0));
    }

    #[test]
    fn what_a_monitor_remembered_lies_where_it_was_taken() {
        let mut readings = Readings::default();
        readings.push(&pressure(130.0, 10.0, Some(5.0)));
        readings.push(&pressure(140.0, 11.0, Some(300.0)));
        let rows = readings.rows(Some(HostTime(20_000.0)));
        let told: Vec<_> = rows.iter().map(|row| (row.values[0].value, row.before_end_s)).collect();
        assert_eq!(told, [(140.0, 309.0), (130.0, 15.0)]);
    }

    #[test]
    fn nothing_odd_gets_in() {
        let mut readings = Readings::default();
        readings.push(&oxygen(97.0, f64::NAN));
        readings.push(&reading(Panel::Glucose, &[(Quantity::Systolic, 120.0)], 1.0, None));
        assert!(readings.rows(None).is_empty());
    }
}
