//! Red flags as they may leave.

use super::builder::tenths;
use super::check::{check_window, is_tenth};
use super::SummaryError;
use crate::pipeline::{Algorithm, RedFlag, RedFlagRow};

/// The number is rounded away from its limit, so that what is beyond stays beyond.
pub(super) fn of(exact: &RedFlagRow) -> RedFlagRow {
    let value = match exact.flag {
        RedFlag::Pause => (exact.value * 10.0).ceil() / 10.0,
        RedFlag::RateBelow | RedFlag::PressureLow => exact.value.floor(),
        _ => exact.value.ceil(),
    };
    RedFlagRow { value, evidence: exact.evidence.map(tenths), ..*exact }
}

/// Whether [`of`] can have made these rows.
pub(super) fn check(rows: &[RedFlagRow], end: f64) -> Result<(), SummaryError> {
    let flags: Vec<RedFlag> = rows.iter().map(|row| row.flag).collect();
    let ordered = rows.windows(2).all(|pair| matches!(pair, [a, b] if a.priority <= b.priority));
    let of_flag = |row: &RedFlagRow| row.priority == row.flag.priority();
    if !super::check::is_set(&flags) || !ordered || !rows.iter().all(of_flag) {
        return Err(SummaryError::List);
    }
    rows.iter().try_for_each(|row| check_row(row, end))
}

fn check_row(row: &RedFlagRow, end: f64) -> Result<(), SummaryError> {
    if row.algorithm != Algorithm::RedFlags {
        return Err(SummaryError::Algorithm);
    }
    let whole = row.flag == RedFlag::Pause || row.value.fract() == 0.0;
    let beyond = match row.flag {
        RedFlag::RateBelow | RedFlag::PressureLow => row.value < row.limit,
        RedFlag::WideRun => row.value >= row.limit,
        _ => row.value > row.limit,
    };
    if !(whole
        && beyond
        && is_tenth(row.value)
        && is_tenth(row.limit)
        && row.limit <= 300.0
        && row.value <= 1e5)
    {
        return Err(SummaryError::Number);
    }
    match (row.flag, &row.evidence) {
        (RedFlag::PressureHigh | RedFlag::PressureLow, None) => Ok(()),
        (RedFlag::PressureHigh | RedFlag::PressureLow, Some(_)) | (_, None) => {
            Err(SummaryError::Contradiction)
        }
        (_, Some(window)) => check_window(window, end),
    }
}
