//! From intervals to the values of a report, each with its evidence or the reason why it is withheld.

use super::report::{FindingRow, GapRow, HeartRate, Hrv, LabelRow, Regularity, Rhythm, RhythmConfidence};
use super::rhythm_measures::fibrillates;
use super::{Algorithm, NullReason, Pacemaker, Value, Window};
use crate::hrv::{self, is_nn, Bands, HrvRecipe, LONG_SPAN, MAX_REJECTED_SHARE, SHORT_SPAN};
use crate::rhythm::{self, Evenness};
use crate::signal::{NnInterval, NnRejection};
use crate::units::Seconds;

/// Least usable signal behind a heart rate.
const MIN_USABLE_FOR_RATE: Seconds = Seconds(8.0);

/// Intervals that count must cover this share of what was received, or what is measured from them is withheld: time
/// without any beat found makes no interval that could be counted as left out.
const MIN_COVERED: f64 = 0.90;

/// Largest share of the stretch from the first beat to the last that a spline may bridge; beyond it the spectrum is
/// taken of the intervals alone.
const MAX_BRIDGED: f64 = 0.05;

/// Times are sums of frames: this much short is not short, seconds.
const ROUNDING: f64 = 0.05;

/// Change of the mean interval between the halves of a record above which it is not stationary.
const MAX_DRIFT: f64 = 0.10;

/// What is known of a record when its values are to be computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence<'a> {
    /// Every interval of the judged part, with its judgement.
    pub nn: &'a [NnInterval],
    /// The judged part.
    pub judged: Window,
    /// What is missing of the record.
    pub gaps: &'a [GapRow],
    /// Usable seconds: of signal, or covered by the device's intervals. `None` when nothing came.
    pub usable: Option<Seconds>,
    /// The patient's answer.
    pub pacemaker: Pacemaker,
}

impl Evidence<'_> {
    fn span(&self) -> f64 {
        self.judged.end_s - self.judged.start_s
    }

    /// The judged part without its gaps, seconds: what a minimum length is compared with.
    fn received(&self) -> f64 {
        let inside = |gap: &GapRow| {
            let (from, to) = (gap.start_s, gap.start_s + gap.duration_s);
            (to.min(self.judged.end_s) - from.max(self.judged.start_s)).max(0.0)
        };
        self.span() - self.gaps.iter().map(inside).sum::<f64>()
    }

    /// The stretch from the first interval to the last among those that `count`. A device's intervals lie where
    /// they arrived, so that the first may have begun before the record: evidence does not.
    fn window(&self, count: fn(&NnInterval) -> bool) -> Window {
        let mut counted = self.nn.iter().filter(|n| count(n));
        let Some(first) = counted.next() else { return self.judged };
        let last = counted.next_back().unwrap_or(first);
        let inside = |at: f64| at.max(self.judged.start_s).min(self.judged.end_s);
        Window { start_s: inside(first.rr.end.0 - first.rr.rr.0 / 1000.0), end_s: inside(last.rr.end.0) }
    }

    /// Time in NN intervals, seconds, and their mean.
    fn accepted(&self) -> (f64, f64) {
        let lengths = self.nn.iter().filter(|n| is_nn(n)).map(|n| n.rr.rr.0 / 1000.0);
        let (sum, count) = lengths.fold((0.0, 0_u32), |(sum, count), rr| (sum + rr, count + 1));
        (sum, if count == 0 { 0.0 } else { sum / f64::from(count) })
    }

    /// Whether NN intervals cover too little; one interval at either end of a record is never whole.
    fn sparse(&self) -> bool {
        let (sum, mean) = self.accepted();
        sum + 2.0 * mean < MIN_COVERED * self.received()
    }

    /// Whether holes make up too much of the stretch for a bridge.
    fn bridged(&self) -> bool {
        let window = self.window(is_nn);
        let length = window.end_s - window.start_s;
        length - self.accepted().0 > MAX_BRIDGED * length
    }

    /// Why there is nothing to measure at all.
    fn nothing(&self) -> Option<NullReason> {
        if self.span() <= 0.0 {
            Some(NullReason::NoSignal)
        } else if self.usable.is_some_and(|usable| usable.0 < MIN_USABLE_FOR_RATE.0.min(self.span())) {
            Some(NullReason::PoorQuality)
        } else {
            None
        }
    }

    /// Share of the intervals that do not count, and the reason of most of them.
    fn rejected(&self) -> (f64, NullReason) {
        let count = |why: NnRejection| self.nn.iter().filter(|n| n.rejected == Some(why)).count();
        let (poor, ectopic) = (count(NnRejection::PoorQuality), count(NnRejection::Ectopic));
        let all = self.nn.iter().filter(|n| n.rejected.is_some()).count();
        let share = if self.nn.is_empty() { 1.0 } else { all as f64 / self.nn.len() as f64 };
        let reason = if poor > ectopic { NullReason::PoorQuality } else { NullReason::Ectopic };
        (share, reason)
    }
}

/// Ectopic beats are beats: they count for the rate and for the regularity.
fn is_beat(n: &NnInterval) -> bool {
    matches!(n.rejected, None | Some(NnRejection::Ectopic))
}

pub(super) fn heart_rate(evidence: &Evidence<'_>) -> HeartRate {
    let rates = match evidence.nothing() {
        Some(reason) => Err(reason),
        None => hrv::rates(evidence.nn).ok_or(NullReason::TooFewBeats),
    };
    let window = evidence.window(is_beat);
    let value = |pick: fn(&hrv::Rates) -> f64, algorithm| match &rates {
        Ok(rates) => Value::measured(pick(rates), window, algorithm),
        Err(reason) => Value::absent(*reason, algorithm),
    };
    HeartRate {
        mean_bpm: value(|r| r.mean.0, Algorithm::HeartRateMean),
        min_bpm: value(|r| r.min.0, Algorithm::HeartRateMin),
        max_bpm: value(|r| r.max.0, Algorithm::HeartRateMax),
    }
}

pub(super) fn rhythm(evidence: &Evidence<'_>, label: LabelRow, findings: Vec<FindingRow>) -> Rhythm {
    let length = evidence.usable.map_or(evidence.span(), |usable| usable.0);
    let found = if let Some(reason) = evidence.nothing() {
        Err(reason)
    } else if evidence.span() < rhythm::MIN_USABLE.0 {
        Err(NullReason::TooShort)
    } else if length < rhythm::MIN_USABLE.0 {
        Err(NullReason::PoorQuality)
    } else {
        rhythm::judge(evidence.nn).ok_or(NullReason::TooFewBeats)
    };
    let (regularity, confidence) = match found {
        Ok(finding) => (
            match finding.evenness {
                Evenness::Regular => Regularity::Regular,
                Evenness::Irregular => Regularity::Irregular,
            },
            Some(if finding.likely { RhythmConfidence::Likely } else { RhythmConfidence::Possible }),
        ),
        Err(_) => (Regularity::CannotSay, None),
    };
    Rhythm {
        regularity,
        confidence,
        reason: found.err(),
        evidence: found.ok().map(|_| evidence.window(is_beat)),
        algorithm: Algorithm::Regularity,
        label,
        findings,
    }
}

/// Why variability means nothing here, whatever the length of the record.
fn withheld(evidence: &Evidence<'_>, rhythm: &Rhythm) -> Option<NullReason> {
    let (share, most) = evidence.rejected();
    if let Some(reason) = evidence.nothing() {
        Some(reason)
    } else if matches!(evidence.pacemaker, Pacemaker::Yes | Pacemaker::Unsure) {
        Some(NullReason::Pacemaker)
    } else if rhythm.regularity == Regularity::Irregular || fibrillates(&rhythm.label) {
        Some(NullReason::Irregular)
    } else if evidence.nn.len() < 2 {
        Some(NullReason::TooFewBeats)
    } else if share > MAX_REJECTED_SHARE {
        Some(most)
    } else {
        evidence.sparse().then_some(NullReason::PoorQuality)
    }
}

pub(super) fn variability(evidence: &Evidence<'_>, rhythm: &Rhythm) -> Hrv {
    let withheld = withheld(evidence, rhythm);
    let least = |length: Seconds| match evidence.received() {
        received if received <= 0.0 => Some(NullReason::NoSignal),
        received => (received < length.0 - ROUNDING).then_some(NullReason::TooShort),
    };
    let short = least(SHORT_SPAN).or(withheld);
    let drift = || drifted(evidence.nn).then_some(NullReason::NotStationary);
    let long = least(LONG_SPAN).or(withheld).or_else(drift);
    let window = evidence.window(is_nn);
    let value = |reason: Option<NullReason>, algorithm, number: &dyn Fn() -> Option<f64>| match reason {
        Some(reason) => Value::absent(reason, algorithm),
        None => number().map_or(Value::absent(NullReason::TooFewBeats, algorithm), |number| {
            Value::measured(number, window, algorithm)
        }),
    };
    let nn = evidence.nn;
    let gapped = evidence.bridged();
    let bands = match long {
        Some(_) => None,
        None if gapped => hrv::gapped_bands(nn),
        None => hrv::bands(nn),
    };
    let spectral = |welch, lomb_scargle, number: fn(Bands) -> Option<f64>| {
        value(long, if gapped { lomb_scargle } else { welch }, &|| bands.and_then(number))
    };
    Hrv {
        rmssd_ms: value(short, Algorithm::Rmssd, &|| hrv::rmssd_ms(nn)),
        pnn50_percent: value(short, Algorithm::Pnn50, &|| hrv::pnn50_percent(nn)),
        sd1_ms: value(short, Algorithm::Sd1, &|| hrv::sd1_ms(nn)),
        sd2_ms: value(long, Algorithm::Sd2, &|| hrv::sd2_ms(nn)),
        sdnn_ms: value(long, Algorithm::Sdnn, &|| hrv::sdnn_ms(nn)),
        lf_ms2: spectral(Algorithm::LfWelch, Algorithm::LfLombScargle, |b| Some(b.lf_ms2)),
        hf_ms2: spectral(Algorithm::HfWelch, Algorithm::HfLombScargle, |b| Some(b.hf_ms2)),
        lf_hf: spectral(Algorithm::LfHfWelch, Algorithm::LfHfLombScargle, Bands::ratio),
        recipe: HrvRecipe::Pqrst,
        rejected_percent: (!nn.is_empty()).then(|| 100.0 * evidence.rejected().0),
    }
}

/// Whether the mean interval changed between the halves.
pub(super) fn drifted(nn: &[NnInterval]) -> bool {
    let mean = |half: &[NnInterval]| {
        let lengths: Vec<f64> = half.iter().filter(|n| n.rejected.is_none()).map(|n| n.rr.rr.0).collect();
        lengths.iter().sum::<f64>() / lengths.len() as f64
    };
    let (first, second) = nn.split_at(nn.len() / 2);
    let change = (mean(second) - mean(first)).abs() / mean(nn);
    // Not a number when a half is empty: nothing is known then, so nothing is claimed.
    change.is_nan() || change > MAX_DRIFT
}
