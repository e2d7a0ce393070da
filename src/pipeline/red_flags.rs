//! Red flags: what lies beyond a limit that the clinic owns, for a clinician to look at first.
//!
//! A pure function. The rhythm raises a flag only from signal of good quality: in windows that can be read, of a
//! recording whose verdict is no signal fault. A device that sends no waveform raises none. Blood pressure raises one
//! by the mean of a rested series alone.

use super::pressure::PressureSeries;
use super::red_flag_limits::RedFlagLimits;
use super::rhythm_measures::Heard;
use super::{Algorithm, Window};
use crate::quality::{Outcome, Verdict, VerdictReason};
use crate::rhythm::{sustained_rates, FindingKind, RhythmFinding, Sustained};
use serde::{Deserialize, Serialize};

/// What lies beyond its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RedFlag {
    /// The rate, sustained.
    RateAbove,
    /// The rate, sustained.
    RateBelow,
    /// No beat for so long.
    Pause,
    /// So many beats from a ventricle in a row.
    WideRun,
    /// Likely fibrillation at such a rate, sustained.
    RapidIrregular,
    /// Systolic or diastolic pressure.
    PressureHigh,
    /// Systolic pressure.
    PressureLow,
}

impl RedFlag {
    /// How soon it is to be looked at.
    #[must_use]
    pub const fn priority(self) -> Priority {
        match self {
            Self::RapidIrregular => Priority::Medium,
            _ => Priority::High,
        }
    }
}

/// How soon a flag is to be looked at (words of IEC 60601-1-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Priority {
    /// First.
    High,
    /// Next.
    Medium,
}

/// A raised flag: the worst of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedFlagRow {
    /// What.
    pub flag: RedFlag,
    /// How soon it is to be looked at.
    pub priority: Priority,
    /// The number that is beyond the limit: beats a minute, seconds, beats, or mm\[Hg\].
    pub value: f64,
    /// The clinic's limit, in the same unit.
    pub limit: f64,
    /// Where in the record; null of a blood pressure.
    pub evidence: Option<Window>,
    /// Who said it.
    pub algorithm: Algorithm,
}

impl RedFlagRow {
    const fn new(flag: RedFlag, value: f64, limit: f64, evidence: Option<Window>) -> Self {
        Self { flag, priority: flag.priority(), value, limit, evidence, algorithm: Algorithm::RedFlags }
    }
}

/// The flags of a recording, by priority. Limits that are not sound raise none.
pub(super) fn raised(
    heard: &Heard,
    verdict: &Verdict,
    series: Option<&PressureSeries>,
    limits: &RedFlagLimits,
) -> Vec<RedFlagRow> {
    if !limits.are_sound() {
        return Vec::new();
    }
    let mut rows = Vec::new();
    if is_good(verdict) {
        rates(heard, limits, &mut rows);
        stretches(heard, limits, &mut rows);
    }
    pressures(series, limits, &mut rows);
    let medium: Vec<RedFlagRow> =
        rows.iter().copied().filter(|row| row.priority == Priority::Medium).collect();
    rows.retain(|row| row.priority == Priority::High);
    rows.extend(medium);
    rows
}

/// A recording that was ended early is short and may still be clear.
fn is_good(verdict: &Verdict) -> bool {
    let short = |reason: &VerdictReason| *reason == VerdictReason::TooShort;
    verdict.outcome == Outcome::Usable || (!verdict.reasons.is_empty() && verdict.reasons.iter().all(short))
}

/// The one whose number is greatest.
fn worst<T: Copy>(all: impl IntoIterator<Item = T>, number: impl Fn(&T) -> f64) -> Option<T> {
    all.into_iter().reduce(|worst, next| if number(&next) > number(&worst) { next } else { worst })
}

fn rates(heard: &Heard, limits: &RedFlagLimits, rows: &mut Vec<RedFlagRow>) {
    let mut look = |flag, limit: Option<f64>, holds: &dyn Fn(f64, bool, f64) -> bool, sign: f64| {
        let Some(limit) = limit else { return };
        let found = sustained_rates(&heard.beats, &heard.windows, &|bpm, af| holds(bpm, af, limit));
        // The mean of a stretch may lie on the other side of the limit, which its median passed.
        let beyond = found.into_iter().filter(|s| sign * s.rate.0 > sign * limit);
        if let Some(s) = worst(beyond, |s: &Sustained| sign * s.rate.0) {
            let evidence = Window { start_s: s.start.0, end_s: s.end.0 };
            rows.push(RedFlagRow::new(flag, s.rate.0, limit, Some(evidence)));
        }
    };
    look(RedFlag::RateAbove, limits.rate_above_bpm, &|bpm, _, limit| bpm > limit, 1.0);
    look(RedFlag::RateBelow, limits.rate_below_bpm, &|bpm, _, limit| bpm < limit, -1.0);
    let rapid = limits.rapid_irregular_above_bpm;
    look(RedFlag::RapidIrregular, rapid, &|bpm, af, limit| af && bpm > limit, 1.0);
}

fn stretches(heard: &Heard, limits: &RedFlagLimits, rows: &mut Vec<RedFlagRow>) {
    let mut look = |flag, limit: Option<f64>, of: &dyn Fn(&RhythmFinding) -> Option<f64>, reached: bool| {
        let Some(limit) = limit else { return };
        let sized = heard.found.iter().filter_map(|finding| Some((of(finding)?, finding)));
        let beyond = sized.filter(|(size, _)| *size > limit || (reached && *size >= limit));
        if let Some((size, finding)) = worst(beyond, |(size, _)| *size) {
            let evidence = Window { start_s: finding.start.0, end_s: finding.end.0 };
            rows.push(RedFlagRow::new(flag, size, limit, Some(evidence)));
        }
    };
    let pause = |f: &RhythmFinding| {
        let silent = matches!(f.kind, FindingKind::Pause | FindingKind::LongPause | FindingKind::NoBeats);
        silent.then(|| (f.end - f.start).0)
    };
    look(RedFlag::Pause, limits.pause_above_s, &pause, false);
    let run = |f: &RhythmFinding| (f.kind == FindingKind::VentricularRun).then(|| f64::from(f.beats));
    look(RedFlag::WideRun, limits.wide_run_beats.map(f64::from), &run, true);
}

fn pressures(series: Option<&PressureSeries>, limits: &RedFlagLimits, rows: &mut Vec<RedFlagRow>) {
    let Some(mean) = series.and_then(|series| series.mean) else { return };
    let above =
        |value: f64, limit: Option<f64>| limit.filter(|limit| value > *limit).map(|limit| (value, limit));
    let high = above(mean.systolic, limits.systolic_above).or(above(mean.diastolic, limits.diastolic_above));
    if let Some((value, limit)) = high {
        rows.push(RedFlagRow::new(RedFlag::PressureHigh, value, limit, None));
    }
    if let Some(limit) = limits.systolic_below.filter(|limit| mean.systolic < *limit) {
        rows.push(RedFlagRow::new(RedFlag::PressureLow, mean.systolic, limit, None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::PressureMean;
    use crate::rhythm::{FindingBeat, FindingWindow};
    use crate::signal::BeatClass;
    use crate::units::Seconds;

    const USABLE: Verdict = Verdict { outcome: Outcome::Usable, reasons: Vec::new(), usable_s: 0.0 };

    /// Beats at these distances.
    fn heard(rr: &[f64], class: BeatClass, usable: bool) -> Heard {
        let mut time = 1.0;
        let mut beats = vec![FindingBeat { time: Seconds(time), class, follows: false, af: None }];
        for rr in rr {
            time += rr;
            beats.push(FindingBeat { time: Seconds(time), class, follows: true, af: None });
        }
        let end = Seconds(time);
        Heard::new(beats, vec![FindingWindow { start: Seconds(0.0), end, usable, hears: usable }])
    }

    fn flags(heard: &Heard, verdict: &Verdict, limits: &RedFlagLimits) -> Vec<(RedFlag, f64)> {
        raised(heard, verdict, None, limits)
            .iter()
            .map(|row| (row.flag, (row.value * 10.0).round() / 10.0))
            .collect()
    }

    fn with(change: impl Fn(&mut RedFlagLimits)) -> RedFlagLimits {
        let mut limits = RedFlagLimits::default();
        change(&mut limits);
        limits
    }

    #[test]
    fn rates_beyond_a_limit_raise_a_flag_and_the_clinic_moves_it() {
        let usual = RedFlagLimits::default();
        let of = |rr, limits: &RedFlagLimits| flags(&heard(&[rr; 80], BeatClass::N, true), &USABLE, limits);
        assert_eq!(of(0.375, &usual), [(RedFlag::RateAbove, 160.0)]);
        assert_eq!(of(0.5, &usual), []);
        assert_eq!(of(0.5, &with(|l| l.rate_above_bpm = Some(115.0))), [(RedFlag::RateAbove, 120.0)]);
        assert_eq!(of(1.6, &usual), [(RedFlag::RateBelow, 37.5)]);
        assert_eq!(of(1.6, &with(|l| l.rate_below_bpm = None)), []);
        assert_eq!(of(0.375, &with(|l| l.rate_above_bpm = Some(f64::NAN))), [], "no sound limits");
    }

    #[test]
    fn rapid_and_irregular_comes_after_what_is_first() {
        let mut all = heard(&[0.375; 80], BeatClass::N, true);
        all.beats.iter_mut().for_each(|beat| beat.af = Some(0.9));
        let rows = raised(&all, &USABLE, None, &RedFlagLimits::default());
        let told: Vec<_> = rows.iter().map(|row| (row.flag, row.priority)).collect();
        assert_eq!(told, [(RedFlag::RateAbove, Priority::High), (RedFlag::RapidIrregular, Priority::Medium)]);
        assert!(rows.iter().all(|row| row.evidence.is_some()));
    }

    #[test]
    fn pauses_and_wide_runs() {
        let usual = RedFlagLimits::default();
        let pause = |s| heard(&[1.0, 1.0, s, 1.0, 1.0], BeatClass::N, true);
        assert_eq!(flags(&pause(3.4), &USABLE, &usual), [(RedFlag::Pause, 3.4)]);
        assert_eq!(flags(&pause(2.6), &USABLE, &usual), []);
        assert_eq!(
            flags(&pause(2.6), &USABLE, &with(|l| l.pause_above_s = Some(2.5))),
            [(RedFlag::Pause, 2.6)]
        );
        let run = heard(&[0.6; 3], BeatClass::V, true);
        assert_eq!(flags(&run, &USABLE, &usual), [(RedFlag::WideRun, 4.0)]);
        assert_eq!(flags(&run, &USABLE, &with(|l| l.wide_run_beats = Some(5))), []);
    }

    #[test]
    fn poor_signal_raises_none() {
        let usual = RedFlagLimits::default();
        let fast = heard(&[0.375; 80], BeatClass::N, true);
        assert_eq!(flags(&heard(&[0.375; 80], BeatClass::N, false), &USABLE, &usual), []);
        let verdict = |reasons: &[VerdictReason]| Verdict {
            outcome: Outcome::Retake,
            reasons: reasons.to_vec(),
            usable_s: 0.0,
        };
        assert_eq!(flags(&fast, &verdict(&[VerdictReason::Noise]), &usual), []);
        assert_eq!(flags(&fast, &verdict(&[VerdictReason::TooShort]), &usual).len(), 1, "short and clear");
    }

    #[test]
    fn the_mean_of_a_series_raises_a_flag_of_pressure() {
        let series = |systolic, diastolic| PressureSeries {
            mean: Some(PressureMean {
                systolic,
                diastolic,
                readings: 2,
                first_before_end_s: 60.0,
                last_before_end_s: 0.0,
            }),
            counted: 2,
            not_counted: Vec::new(),
            algorithm: Algorithm::BloodPressureSeries,
        };
        let none = heard(&[], BeatClass::N, true);
        let of = |s, d| {
            let rows = raised(&none, &USABLE, Some(&series(s, d)), &RedFlagLimits::default());
            rows.iter().map(|row| (row.flag, row.value, row.limit)).collect::<Vec<_>>()
        };
        assert_eq!(of(181.0, 90.0), [(RedFlag::PressureHigh, 181.0, 180.0)]);
        assert_eq!(of(170.0, 121.0), [(RedFlag::PressureHigh, 121.0, 120.0)]);
        assert_eq!(of(88.0, 50.0), [(RedFlag::PressureLow, 88.0, 90.0)]);
        assert_eq!(of(180.0, 120.0), []);
        let incomplete = PressureSeries { mean: None, ..series(200.0, 130.0) };
        assert!(raised(&none, &USABLE, Some(&incomplete), &RedFlagLimits::default()).is_empty());
    }
}
