//! Readings of home tests as they may leave: rounded, and few.

use super::builder::tenth;
use super::{Summary, SummaryError};
use crate::device::reading::Quantity;
use crate::pipeline::{ReadingRow, ReadingValue};

/// Nothing older than this leaves, seconds: a month.
pub(super) const OLDEST_S: f64 = 31.0 * 86_400.0;

/// The latest rows, the oldest first. Height stays: it changes nothing in a visit and much in a search for somebody.
pub(super) fn of(rows: &[ReadingRow]) -> Vec<ReadingRow> {
    let mut kept: Vec<ReadingRow> = rows.iter().filter_map(rounded).collect();
    kept.drain(..kept.len().saturating_sub(Summary::MAX_READINGS));
    kept
}

fn rounded(row: &ReadingRow) -> Option<ReadingRow> {
    let before_end_s = row.before_end_s.round();
    let leaves = |value: &&ReadingValue| value.quantity != Quantity::BodyHeight;
    let values: Vec<ReadingValue> = row
        .values
        .iter()
        .filter(leaves)
        .map(|v| ReadingValue {
            quantity: v.quantity,
            value: round(v.quantity, v.value),
            lowest: round(v.quantity, v.lowest),
            highest: round(v.quantity, v.highest),
        })
        .collect();
    (before_end_s <= OLDEST_S && !values.is_empty()).then(|| ReadingRow {
        values,
        before_end_s,
        ..row.clone()
    })
}

fn round(quantity: Quantity, number: f64) -> f64 {
    if quantity.in_tenths() {
        tenth(number)
    } else {
        number.round()
    }
}

/// Whether [`of`] can have made these rows.
pub(super) fn check(rows: &[ReadingRow]) -> Result<(), SummaryError> {
    let ordered = rows.windows(2).all(|pair| matches!(pair, [a, b] if a.before_end_s >= b.before_end_s));
    if !ordered || rows.len() > Summary::MAX_READINGS {
        return Err(SummaryError::List);
    }
    rows.iter().try_for_each(check_row)
}

fn check_row(row: &ReadingRow) -> Result<(), SummaryError> {
    let once = |i: usize, v: &ReadingValue| row.values.iter().skip(i + 1).all(|w| w.quantity != v.quantity);
    let of_panel =
        |v: &ReadingValue| row.panel.quantities().contains(&v.quantity) && v.quantity != Quantity::BodyHeight;
    let listed = !row.values.is_empty()
        && row.values.iter().enumerate().all(|(i, v)| once(i, v) && of_panel(v))
        && super::check::is_set(&row.conditions)
        && row.limits == row.panel.limits();
    if !listed {
        return Err(SummaryError::List);
    }
    let sound = |v: &ReadingValue| {
        let fits = |n: f64| round(v.quantity, n) == n && v.quantity.plausible().contains(&n);
        let one = row.count > 1 || v.lowest == v.highest;
        fits(v.lowest)
            && fits(v.value)
            && fits(v.highest)
            && v.lowest <= v.value
            && v.value <= v.highest
            && one
    };
    let timed = (0.0..=OLDEST_S).contains(&row.before_end_s) && row.before_end_s.fract() == 0.0;
    let counted = row.count > 0 && timed && row.values.iter().all(sound);
    counted.then_some(()).ok_or(SummaryError::Number)
}
