//! The rested series of blood pressures as it may leave.

use super::readings::OLDEST_S;
use super::SummaryError;
use crate::device::reading::Quantity;
use crate::pipeline::{Algorithm, PressureMean, PressureSeries};

pub(super) fn of(exact: &PressureSeries) -> PressureSeries {
    let seconds = |exact: f64| exact.round().min(OLDEST_S);
    let mean = |exact: PressureMean| PressureMean {
        systolic: exact.systolic.round(),
        diastolic: exact.diastolic.round(),
        first_before_end_s: seconds(exact.first_before_end_s),
        last_before_end_s: seconds(exact.last_before_end_s),
        ..exact
    };
    PressureSeries { mean: exact.mean.map(mean), ..exact.clone() }
}

/// Whether [`of`] can have made it.
pub(super) fn check(series: &PressureSeries) -> Result<(), SummaryError> {
    if series.algorithm != Algorithm::BloodPressureSeries {
        return Err(SummaryError::Algorithm);
    }
    let reasons: Vec<_> = series.not_counted.iter().map(|row| row.reason).collect();
    if !super::check::is_set(&reasons) || series.not_counted.iter().any(|row| row.readings == 0) {
        return Err(SummaryError::List);
    }
    let Some(mean) = series.mean else { return Ok(()) };
    let pressure = |n: f64, of: Quantity| n.fract() == 0.0 && of.plausible().contains(&n);
    let time = |s: f64| s.fract() == 0.0 && (0.0..=OLDEST_S).contains(&s);
    let sound = pressure(mean.systolic, Quantity::Systolic)
        && pressure(mean.diastolic, Quantity::Diastolic)
        && time(mean.first_before_end_s)
        && time(mean.last_before_end_s)
        && mean.first_before_end_s >= mean.last_before_end_s
        && (1..=series.counted).contains(&mean.readings);
    sound.then_some(()).ok_or(SummaryError::Number)
}
