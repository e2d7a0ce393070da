//! Whether a Summary is one that [`Summary::from`] can have made: a receiver's question.

use super::classes::CONTACT_STEP;
use super::Summary;
use crate::pipeline::{Algorithm, FindingRow, GapRow, LabelRow, Regularity, Rhythm, Value, Window};
use crate::units::Hertz;

/// A record's evidence counts from its first sample and its length from where the source had settled; no source
/// takes longer than this to settle, seconds.
const LONGEST_SETTLING_S: f64 = 60.0;

/// Longest record, seconds: a month.
const LONGEST_S: u32 = 31 * 86_400;

/// Rounding of the length to whole seconds and of a time to tenths, together.
const ROUNDING_S: f64 = 0.6;

/// Largest number that a value of a summary has, in any of its units.
const LARGEST: f64 = 1e5;

/// What is wrong with a summary. Quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SummaryError {
    /// A number has more digits than its rounding leaves, or is not finite, negative, or beyond its range.
    #[error("a number is finer than its rounding, or out of its range")]
    Number,
    /// A value has both a number and a reason, or neither; or evidence without a number.
    #[error("a value and the reason for its absence exclude each other")]
    Contradiction,
    /// A time lies outside the recording, or ends before it begins.
    #[error("a time lies outside the recording")]
    Time,
    /// A value names the algorithm of another.
    #[error("a value names the algorithm of another")]
    Algorithm,
    /// A list is too long, out of order, or names something twice.
    #[error("a list is too long, out of order or names something twice")]
    List,
}

impl Summary {
    /// Checks what the types leave open: rounding, ranges, order, and that a value and the reason for its absence
    /// exclude each other. Every summary made from a report passes; what does not pass carries more than a summary.
    ///
    /// # Errors
    /// [`SummaryError`], by the first fault found.
    pub fn check(&self) -> Result<(), SummaryError> {
        self.check_numbers()?;
        self.check_lists()?;
        let end = f64::from(self.duration_s) + LONGEST_SETTLING_S + ROUNDING_S;
        for ((_, value), algorithm) in self.values().into_iter().zip(ALGORITHMS) {
            check_value(&value, algorithm, end)?;
        }
        check_rhythm(&self.rhythm, end)?;
        check_label(&self.rhythm.label, end)?;
        self.rhythm.findings.iter().try_for_each(|row| check_finding(row, end + 1.0))?;
        let mut last = 0.0;
        for gap in &self.gaps {
            check_gap(gap, last, end)?;
            last = gap.start_s;
        }
        super::readings::check(&self.readings)?;
        self.blood_pressure.iter().try_for_each(super::pressure::check)?;
        super::red_flags::check(&self.red_flags, end + 1.0)
    }

    fn check_numbers(&self) -> Result<(), SummaryError> {
        let usable = self.usable_s.is_none_or(|usable| usable <= self.duration_s);
        let percent = self.quality.usable_percent.is_none_or(|p| p <= 100 && self.usable_s.is_some());
        let rate = self.transport.sampling_rate_hz.is_none_or(|hz| Hertz::new(f64::from(hz)).is_ok());
        let contact = self.transport.contact_percent.is_none_or(|p| p <= 100 && p % CONTACT_STEP == 0);
        let spread = self.intervals.spread;
        let spread = [spread.pr_ms, spread.qrs_ms, spread.qt_ms].into_iter().flatten().all(is_whole);
        let whole = spread && usable && percent && rate && contact && self.transport.loss_percent <= 100;
        (whole && self.duration_s <= LONGEST_S).then_some(()).ok_or(SummaryError::Number)
    }

    fn check_lists(&self) -> Result<(), SummaryError> {
        let reasons = &self.quality.reasons;
        let falling = reasons.windows(2).all(|pair| matches!(pair, [a, b] if a.seconds >= b.seconds));
        let named: Vec<_> = reasons.iter().map(|row| row.reason).collect();
        let once = is_set(&named) && is_set(&self.verdict.reasons) && is_set(&self.limits);
        let counted = reasons.iter().all(|row| row.seconds > 0 && row.seconds <= self.duration_s + 1);
        let ordered =
            self.rhythm.findings.windows(2).all(|pair| matches!(pair, [a, b] if a.start_s <= b.start_s));
        let short =
            self.gaps.len() <= Self::MAX_GAPS && self.rhythm.findings.len() <= Self::MAX_FINDINGS && ordered;
        (falling && once && counted && short).then_some(()).ok_or(SummaryError::List)
    }
}

/// The algorithms of [`Summary::values`], in their order.
const ALGORITHMS: [Algorithm; 17] = [
    Algorithm::HeartRateMean,
    Algorithm::HeartRateMin,
    Algorithm::HeartRateMax,
    Algorithm::Ventricular,
    Algorithm::Supraventricular,
    Algorithm::Pr,
    Algorithm::Qrs,
    Algorithm::Qt,
    Algorithm::QtcFridericia,
    Algorithm::QtcBazett,
    Algorithm::QtcFramingham,
    Algorithm::QtcHodges,
    Algorithm::Rmssd,
    Algorithm::Pnn50,
    Algorithm::Sd1,
    Algorithm::Sd2,
    Algorithm::Sdnn,
];

pub(super) fn is_set<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().all(|(i, item)| list.iter().skip(i + 1).all(|other| other != item))
}

fn is_whole(number: f64) -> bool {
    (0.0..=LARGEST).contains(&number) && number.fract() == 0.0
}

pub(super) fn is_tenth(seconds: f64) -> bool {
    seconds >= 0.0 && super::builder::tenth(seconds) == seconds
}

fn check_value(value: &Value, algorithm: Algorithm, end: f64) -> Result<(), SummaryError> {
    if value.algorithm != algorithm {
        return Err(SummaryError::Algorithm);
    }
    match (value.value, value.reason, value.evidence) {
        (Some(number), None, Some(evidence)) if is_whole(number) => check_window(&evidence, end),
        (Some(_), None, Some(_)) => Err(SummaryError::Number),
        (None, Some(_), None) => Ok(()),
        _ => Err(SummaryError::Contradiction),
    }
}

fn check_rhythm(rhythm: &Rhythm, end: f64) -> Result<(), SummaryError> {
    if rhythm.algorithm != Algorithm::Regularity {
        return Err(SummaryError::Algorithm);
    }
    let silent = rhythm.regularity == Regularity::CannotSay;
    match (rhythm.confidence, rhythm.reason, rhythm.evidence) {
        (None, Some(_), None) if silent => Ok(()),
        (Some(_), None, Some(evidence)) if !silent => check_window(&evidence, end),
        _ => Err(SummaryError::Contradiction),
    }
}

fn check_label(label: &LabelRow, end: f64) -> Result<(), SummaryError> {
    if label.algorithm != Algorithm::RhythmLabel {
        return Err(SummaryError::Algorithm);
    }
    match (label.value, label.reason, label.probabilities, label.evidence) {
        (None, Some(_), None, None) => Ok(()),
        (Some(_), None, Some(chances), Some(evidence)) => {
            let all = [chances.normal, chances.af, chances.other, chances.noisy];
            let fine = all.into_iter().all(|chance| chance <= 1.0 && is_tenth(chance));
            fine.then_some(()).ok_or(SummaryError::Number)?;
            check_window(&evidence, end)
        }
        _ => Err(SummaryError::Contradiction),
    }
}

fn check_finding(row: &FindingRow, end: f64) -> Result<(), SummaryError> {
    if !(is_whole(row.start_s) && is_whole(row.end_s) && row.bpm.is_none_or(is_whole)) {
        return Err(SummaryError::Number);
    }
    (row.start_s <= row.end_s && row.end_s <= end).then_some(()).ok_or(SummaryError::Time)
}

pub(super) fn check_window(window: &Window, end: f64) -> Result<(), SummaryError> {
    if !is_tenth(window.start_s) || !is_tenth(window.end_s) {
        return Err(SummaryError::Number);
    }
    (window.start_s <= window.end_s && window.end_s <= end).then_some(()).ok_or(SummaryError::Time)
}

fn check_gap(gap: &GapRow, after: f64, end: f64) -> Result<(), SummaryError> {
    if !is_tenth(gap.start_s) || !is_tenth(gap.duration_s) {
        return Err(SummaryError::Number);
    }
    let inside = gap.start_s + gap.duration_s <= end;
    (inside && gap.start_s >= after).then_some(()).ok_or(SummaryError::Time)
}
