//! From Report to Summary: select and round, nothing else.

use super::{
    ReasonTime, Summary, SummaryDevice, SummaryHrv, SummaryQuality, SummarySchema, TransportClasses,
};
use crate::pipeline::{
    Ectopy, FindingRow, GapRow, HeartRate, Intervals, LabelChances, LabelRow, Report, Rhythm, Spread, Value,
    Window,
};
use crate::signal::QualityReason;
use crate::units::sort_ascending;

impl From<&Report> for Summary {
    fn from(report: &Report) -> Self {
        Self {
            schema: SummarySchema::V1,
            id: report.id,
            algorithm: report.algorithm,
            simulated: report.simulated,
            test: report.test,
            device: SummaryDevice { class: report.device.class },
            lead: report.lead,
            duration_s: whole(report.duration_s),
            usable_s: report.usable_s.map(|usable| whole(usable.min(report.duration_s))),
            verdict: report.verdict.clone(),
            heart_rate: HeartRate {
                mean_bpm: report.heart_rate.mean_bpm.rounded(1.0),
                min_bpm: report.heart_rate.min_bpm.rounded(1.0),
                max_bpm: report.heart_rate.max_bpm.rounded(1.0),
            },
            rhythm: rhythm(&report.rhythm),
            ectopy: Ectopy {
                ventricular_per_min: report.ectopy.ventricular_per_min.rounded(1.0),
                supraventricular_per_min: report.ectopy.supraventricular_per_min.rounded(1.0),
            },
            intervals: intervals(&report.intervals),
            hrv: SummaryHrv {
                rmssd_ms: report.hrv.rmssd_ms.rounded(1.0),
                pnn50_percent: report.hrv.pnn50_percent.rounded(1.0),
                sd1_ms: report.hrv.sd1_ms.rounded(1.0),
                sd2_ms: report.hrv.sd2_ms.rounded(1.0),
                sdnn_ms: report.hrv.sdnn_ms.rounded(1.0),
            },
            quality: quality(report),
            gaps: gaps(&report.gaps),
            transport: TransportClasses::of(report),
            readings: super::readings::of(&report.readings),
            blood_pressure: report.blood_pressure.as_ref().map(super::pressure::of),
            red_flags: report.red_flags.iter().map(super::red_flags::of).collect(),
            context: report.context,
            limits: report.limits.clone(),
        }
    }
}

/// Chances to a tenth, findings to whole seconds and beats a minute.
fn rhythm(exact: &Rhythm) -> Rhythm {
    let chances = |c: LabelChances| LabelChances {
        normal: tenth(c.normal),
        af: tenth(c.af),
        other: tenth(c.other),
        noisy: tenth(c.noisy),
    };
    let label = exact.label;
    let finding = |row: &FindingRow| FindingRow {
        start_s: row.start_s.floor(),
        end_s: row.end_s.ceil(),
        bpm: row.bpm.map(f64::round),
        ..*row
    };
    Rhythm {
        evidence: exact.evidence.map(tenths),
        label: LabelRow {
            probabilities: label.probabilities.map(chances),
            evidence: label.evidence.map(tenths),
            ..label
        },
        findings: exact.findings.iter().take(Summary::MAX_FINDINGS).map(finding).collect(),
        ..*exact
    }
}

/// To 10 ms: finer is the method's own noise, and a finer number is a better fingerprint.
fn intervals(exact: &Intervals) -> Intervals {
    const STEP: f64 = 10.0;
    let value = |v: Value| v.rounded(STEP);
    let spread = |v: Option<f64>| v.map(|v| (v / STEP).round() * STEP);
    Intervals {
        pr_ms: value(exact.pr_ms),
        qrs_ms: value(exact.qrs_ms),
        qt_ms: value(exact.qt_ms),
        qtc_fridericia_ms: value(exact.qtc_fridericia_ms),
        qtc_bazett_ms: value(exact.qtc_bazett_ms),
        qtc_framingham_ms: value(exact.qtc_framingham_ms),
        qtc_hodges_ms: value(exact.qtc_hodges_ms),
        spread: Spread {
            pr_ms: spread(exact.spread.pr_ms),
            qrs_ms: spread(exact.spread.qrs_ms),
            qt_ms: spread(exact.spread.qt_ms),
        },
    }
}

fn whole(seconds: f64) -> u32 {
    seconds.round() as u32
}

/// To one decimal; never minus zero.
pub(super) fn tenth(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0 + 0.0
}

pub(super) fn tenths(window: Window) -> Window {
    Window { start_s: tenth(window.start_s), end_s: tenth(window.end_s) }
}

/// The longest gaps, in the order of time; of equally long ones the first.
fn gaps(all: &[GapRow]) -> Vec<GapRow> {
    let mut lengths: Vec<f64> = all.iter().map(|gap| gap.duration_s).collect();
    sort_ascending(&mut lengths);
    let least =
        lengths.len().checked_sub(Summary::MAX_GAPS).and_then(|i| lengths.get(i)).copied().unwrap_or(0.0);
    let longer = all.iter().filter(|gap| gap.duration_s > least).count();
    let mut equal = Summary::MAX_GAPS.saturating_sub(longer);
    let kept = all.iter().filter(|gap| {
        let fits = gap.duration_s > least || (gap.duration_s >= least && equal > 0);
        equal -= usize::from(fits && gap.duration_s <= least);
        fits
    });
    kept.map(|gap| GapRow { start_s: tenth(gap.start_s), duration_s: tenth(gap.duration_s), ..*gap })
        .collect()
}

fn quality(report: &Report) -> SummaryQuality {
    let mut lost: Vec<(QualityReason, f64)> = Vec::new();
    let (from, to) = (report.settled_s, report.settled_s + report.duration_s);
    for window in report.quality.iter().filter(|w| !w.usable) {
        let inside = (window.start_s + window.duration_s).min(to) - window.start_s.max(from);
        if let Some(&first) = window.reasons.first().filter(|_| inside > 0.0) {
            match lost.iter_mut().find(|(reason, _)| *reason == first) {
                Some((_, seconds)) => *seconds += inside,
                None => lost.push((first, inside)),
            }
        }
    }
    let usable_percent = report
        .usable_s
        .filter(|_| report.duration_s > 0.0)
        .map(|usable| (100.0 * usable / report.duration_s).round().clamp(0.0, 100.0) as u8);
    let mut reasons = Vec::with_capacity(lost.len());
    while let Some(most) =
        (0..lost.len()).max_by(|&i, &j| lost[i].1.total_cmp(&lost[j].1).then(lost[j].0.cmp(&lost[i].0)))
    {
        let (reason, seconds) = lost.swap_remove(most);
        if whole(seconds) > 0 {
            reasons.push(ReasonTime { reason, seconds: whole(seconds) });
        }
    }
    SummaryQuality { usable_percent, reasons }
}

/// Every value of a summary with the name and the unit it has outside, for exports that list them.
impl Summary {
    /// The measured values in the order in which a reader wants them.
    #[must_use]
    pub fn values(&self) -> [(&'static str, Value); 17] {
        [
            ("meanBpm", self.heart_rate.mean_bpm),
            ("minBpm", self.heart_rate.min_bpm),
            ("maxBpm", self.heart_rate.max_bpm),
            ("ventricularPerMin", self.ectopy.ventricular_per_min),
            ("supraventricularPerMin", self.ectopy.supraventricular_per_min),
            ("prMs", self.intervals.pr_ms),
            ("qrsMs", self.intervals.qrs_ms),
            ("qtMs", self.intervals.qt_ms),
            ("qtcFridericiaMs", self.intervals.qtc_fridericia_ms),
            ("qtcBazettMs", self.intervals.qtc_bazett_ms),
            ("qtcFraminghamMs", self.intervals.qtc_framingham_ms),
            ("qtcHodgesMs", self.intervals.qtc_hodges_ms),
            ("rmssdMs", self.hrv.rmssd_ms),
            ("pnn50Percent", self.hrv.pnn50_percent),
            ("sd1Ms", self.hrv.sd1_ms),
            ("sd2Ms", self.hrv.sd2_ms),
            ("sdnnMs", self.hrv.sdnn_ms),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::GapCause;

    #[test]
    fn the_longest_gaps_stay_however_many_equal_ones_came_before() {
        let gap = |start_s: f64, duration_s| GapRow {
            start_s,
            duration_s,
            cause: GapCause::FramesLost,
            timing_unverified: false,
        };
        let mut all: Vec<GapRow> = (0..40).map(|i| gap(f64::from(i), 0.6)).collect();
        all.push(gap(50.0, 4.0));
        let kept = gaps(&all);
        assert_eq!(kept.len(), Summary::MAX_GAPS);
        assert_eq!(kept.last().map(|gap| gap.duration_s), Some(4.0));
        assert_eq!(gaps(&all[..3]).len(), 3);
        assert!(gaps(&[]).is_empty());
    }
}
