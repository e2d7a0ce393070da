//! Variability of a finished report by another recipe, or of its mended intervals, with the indices that a live test does
//! without. What may not be told stays untold.

use super::measures::drifted;
use super::report::{Hrv, RrRow};
use super::{Algorithm, NullReason, Value, Window};
use crate::hrv::{self, HrvRecipe, Indices, MAX_REJECTED_SHARE};
use crate::signal::{NnInterval, RrInterval};
use crate::units::{Milliseconds, Seconds};
use serde::Serialize;

/// The triangular index needs a record of this length (Task Force 1996: 20 minutes at least).
const TRIANGULAR_SPAN: Seconds = Seconds(1200.0);

/// Rows whose times meet follow each other, seconds: times are sums of rounded intervals.
const MEETING: f64 = 0.002;

/// Variability by a recipe: the fields of [`Hrv`], and more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipeHrv {
    /// What a report has, by this recipe.
    #[serde(flatten)]
    pub hrv: Hrv,
    /// SDSD in milliseconds, from 60 s.
    pub sdsd_ms: Value,
    /// Triangular index, from 20 min.
    pub triangular_index: Value,
    /// Sample entropy, from 5 min.
    pub sample_entropy: Value,
    /// Short-term exponent of detrended fluctuation analysis, from 5 min.
    pub dfa_alpha1: Value,
    /// Share of intervals that were mended, percent; null when none was to be.
    pub corrected_percent: Option<f64>,
}

/// The variability of a report by `recipe`. `corrected` mends artefacts (Lipponen and Tarvainen 2019) in place of leaving
/// ectopic intervals out; up to 5 % of mended intervals a value is told that was withheld for them.
#[must_use]
pub fn hrv_by_recipe(report: &Hrv, rows: &[RrRow], recipe: HrvRecipe, corrected: bool) -> RecipeHrv {
    let mended = corrected.then(|| hrv::correct(&intervals(rows)));
    let kept =
        || intervals(rows).into_iter().zip(rows).map(|(rr, row)| NnInterval { rr, rejected: row.rejected });
    let nn = mended.as_ref().map_or_else(|| kept().collect(), |mended| mended.nn.clone());
    let mut indices = hrv::indices(&nn, recipe);
    // A report that could not bridge its holes, bridges them by no recipe but a package's own.
    if recipe == HrvRecipe::Pqrst && report.lf_ms2.algorithm == Algorithm::LfLombScargle {
        let bands = hrv::gapped_bands(&nn);
        (indices.lf_ms2, indices.hf_ms2) = (bands.map(|b| b.lf_ms2), bands.map(|b| b.hf_ms2));
        indices.lf_hf = bands.and_then(hrv::Bands::ratio);
    }
    let all = Told { nn: &nn, share: mended.as_ref().map(|mended| mended.share) };
    let Hrv {
        rmssd_ms, pnn50_percent, sd1_ms, sd2_ms, sdnn_ms, lf_ms2, hf_ms2, lf_hf, rejected_percent, ..
    } = *report;
    let Indices { triangular_index, sample_entropy, dfa_alpha1, .. } = indices;
    let long_enough = sdnn_ms.evidence.is_some_and(|w| w.end_s - w.start_s >= TRIANGULAR_SPAN.0);
    let triangular = all.value(sdnn_ms, triangular_index, Algorithm::TriangularIndex);
    let short = Value::absent(NullReason::TooShort, Algorithm::TriangularIndex);
    RecipeHrv {
        hrv: Hrv {
            rmssd_ms: all.value(rmssd_ms, indices.rmssd_ms, rmssd_ms.algorithm),
            pnn50_percent: all.value(pnn50_percent, indices.pnn50_percent, pnn50_percent.algorithm),
            sd1_ms: all.value(sd1_ms, indices.sd1_ms, sd1_ms.algorithm),
            sd2_ms: all.value(sd2_ms, indices.sd2_ms, sd2_ms.algorithm),
            sdnn_ms: all.value(sdnn_ms, indices.sdnn_ms, sdnn_ms.algorithm),
            lf_ms2: all.value(lf_ms2, indices.lf_ms2, lf_ms2.algorithm),
            hf_ms2: all.value(hf_ms2, indices.hf_ms2, hf_ms2.algorithm),
            lf_hf: all.value(lf_hf, indices.lf_hf, lf_hf.algorithm),
            recipe,
            rejected_percent,
        },
        sdsd_ms: all.value(rmssd_ms, indices.sdsd_ms, Algorithm::Sdsd),
        triangular_index: if long_enough || sdnn_ms.reason.is_some() { triangular } else { short },
        sample_entropy: all.value(sdnn_ms, sample_entropy, Algorithm::SampleEntropy),
        dfa_alpha1: all.value(sdnn_ms, dfa_alpha1, Algorithm::DfaAlpha1),
        corrected_percent: all.share.map(|share| 100.0 * share),
    }
}

/// What decides whether a number is told.
struct Told<'a> {
    nn: &'a [NnInterval],
    /// Share of mended intervals, where any were to be.
    share: Option<f64>,
}

impl Told<'_> {
    /// A number in the place of one that the report tells, or withholds.
    fn value(&self, there: Value, number: Option<f64>, algorithm: Algorithm) -> Value {
        let too_many = self.share.is_some_and(|share| share > MAX_REJECTED_SHARE);
        let reason = match there.reason {
            None if too_many => Some(NullReason::Ectopic),
            Some(NullReason::Ectopic) if self.share.is_some() && !too_many => {
                let steady = matches!(there.algorithm, Algorithm::Rmssd | Algorithm::Pnn50 | Algorithm::Sd1);
                (!steady && drifted(self.nn)).then_some(NullReason::NotStationary)
            }
            reason => reason,
        };
        match (reason, number, there.evidence.or_else(|| self.window())) {
            (Some(reason), _, _) => Value::absent(reason, algorithm),
            (None, Some(number), Some(window)) => Value::measured(number, window, algorithm),
            _ => Value::absent(NullReason::TooFewBeats, algorithm),
        }
    }

    fn window(&self) -> Option<Window> {
        let (first, last) = (self.nn.first()?, self.nn.last()?);
        Some(Window { start_s: (first.rr.end - Seconds::from(first.rr.rr)).0.max(0.0), end_s: last.rr.end.0 })
    }
}

/// The rows of a report as intervals.
fn intervals(rows: &[RrRow]) -> Vec<RrInterval> {
    let mut last: Option<f64> = None;
    let interval = |row: &RrRow| {
        let follows = last.is_some_and(|last| (row.end_s - row.rr_ms / 1000.0 - last).abs() < MEETING);
        last = Some(row.end_s);
        RrInterval { end: Seconds(row.end_s), rr: Milliseconds(row.rr_ms), source: row.source, follows }
    };
    rows.iter().map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{Recorded, Report, ReportId};

    fn report(list: &[f64]) -> Report {
        Recorded::of_rr_list(ReportId([1; 16]), list.iter().copied().map(Milliseconds)).report()
    }

    fn breathing(n: u32) -> Vec<f64> {
        (0..n).map(|i| 850.0 + 35.0 * (f64::from(i) * 1.3).sin() + f64::from((i * i * 7) % 13)).collect()
    }

    fn of(report: &Report, recipe: HrvRecipe, corrected: bool) -> RecipeHrv {
        hrv_by_recipe(&report.hrv, &report.rr, recipe, corrected)
    }

    #[test]
    fn our_own_recipe_gives_what_the_report_gives_and_more() {
        let report = report(&breathing(1500));
        let found = of(&report, HrvRecipe::Pqrst, false);
        assert_eq!(
            (found.hrv.rmssd_ms, found.hrv.sdnn_ms, found.hrv.lf_hf),
            (report.hrv.rmssd_ms, report.hrv.sdnn_ms, report.hrv.lf_hf)
        );
        for more in [found.sdsd_ms, found.triangular_index, found.sample_entropy, found.dfa_alpha1] {
            assert!(more.value.is_some(), "{more:?}");
        }
        assert_eq!(found.corrected_percent, None);
        let pyhrv = of(&report, HrvRecipe::Pyhrv, false);
        assert_eq!(
            pyhrv.hrv.rmssd_ms.value.map(|x| (x * 1e6).round()),
            report.hrv.rmssd_ms.value.map(|x| (x * 1e6).round())
        );
        assert!(pyhrv.sdsd_ms.value < found.sdsd_ms.value, "sizes of differences vary less");
        let systole = of(&report, HrvRecipe::Systole, false);
        assert_eq!(systole.dfa_alpha1.reason, Some(NullReason::TooFewBeats), "it has none");
    }

    #[test]
    fn minimum_lengths_hold_for_every_recipe() {
        for recipe in HrvRecipe::ALL {
            let short = of(&report(&breathing(100)), recipe, false);
            assert!(short.hrv.rmssd_ms.value.is_some() && short.sdsd_ms.value.is_some());
            for long in [short.hrv.sdnn_ms, short.hrv.lf_hf, short.sample_entropy, short.triangular_index] {
                assert_eq!(long.reason, Some(NullReason::TooShort), "{}", recipe.name());
            }
            let five = of(&report(&breathing(400)), recipe, false);
            assert_eq!(five.triangular_index.reason, Some(NullReason::TooShort), "20 minutes");
            let nothing = of(&report(&[]), recipe, true);
            assert_eq!(nothing.hrv.rmssd_ms.reason, Some(NullReason::NoSignal));
        }
    }

    #[test]
    fn mended_intervals_are_told_up_to_one_in_twenty() {
        let mut list = breathing(400);
        for early in (40..360).step_by(40) {
            (list[early], list[early + 1]) = (list[early] - 250.0, list[early + 1] + 250.0);
        }
        let some = report(&list);
        let found = of(&some, HrvRecipe::Pqrst, true);
        assert!(found.corrected_percent.is_some_and(|percent| (3.0..5.0).contains(&percent)), "{found:?}");
        let clean = report(&breathing(400)).hrv;
        let off = found.hrv.rmssd_ms.value.unwrap() / clean.rmssd_ms.value.unwrap();
        assert!((off - 1.0).abs() < 0.1, "{off}");
        for early in (30..370).step_by(13) {
            (list[early], list[early + 1]) = (list[early] - 250.0, list[early + 1] + 250.0);
        }
        let many = of(&report(&list), HrvRecipe::Pqrst, true);
        assert_eq!(many.hrv.rmssd_ms.value, None);
        assert!(many.corrected_percent.is_some_and(|percent| percent > 5.0));
    }
}
