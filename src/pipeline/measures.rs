//! From intervals to the values of a report, each with its evidence or the reason why it is withheld.

use super::report::{HeartRate, Hrv, HrvRecipe, Regularity, Rhythm, RhythmConfidence};
use super::{Algorithm, NullReason, Pacemaker, Value, Window};
use crate::hrv::{self, LONG_SPAN, MAX_REJECTED_SHARE, SHORT_SPAN};
use crate::rhythm::{self, Evenness};
use crate::signal::{NnInterval, NnRejection};
use crate::units::Seconds;

/// Least usable signal behind a heart rate.
const MIN_USABLE_FOR_RATE: Seconds = Seconds(8.0);

/// Change of the mean interval between the halves of a record above which it is not stationary.
const MAX_DRIFT: f64 = 0.10;

/// What is known of a record when its values are to be computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence<'a> {
    /// Every interval of the judged part, with its judgement.
    pub nn: &'a [NnInterval],
    /// The judged part.
    pub judged: Window,
    /// Usable seconds; `None` when there was no waveform to judge.
    pub usable: Option<Seconds>,
    /// The patient's answer.
    pub pacemaker: Pacemaker,
}

impl Evidence<'_> {
    fn span(&self) -> f64 {
        self.judged.end_s - self.judged.start_s
    }

    /// From the first accepted beat to the last.
    fn window(&self) -> Window {
        let mut accepted = self.nn.iter().filter(|n| n.rejected.is_none());
        let Some(first) = accepted.next() else { return self.judged };
        let last = accepted.next_back().unwrap_or(first);
        Window { start_s: first.rr.end.0 - first.rr.rr.0 / 1000.0, end_s: last.rr.end.0 }
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

pub(super) fn heart_rate(evidence: &Evidence<'_>) -> HeartRate {
    let rates = match evidence.nothing() {
        Some(reason) => Err(reason),
        None => hrv::rates(evidence.nn).ok_or(NullReason::TooFewBeats),
    };
    let window = evidence.window();
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

pub(super) fn rhythm(evidence: &Evidence<'_>) -> Rhythm {
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
        evidence: found.ok().map(|_| evidence.window()),
        algorithm: Algorithm::Regularity,
    }
}

pub(super) fn variability(evidence: &Evidence<'_>, rhythm: &Rhythm) -> Hrv {
    let (share, most) = evidence.rejected();
    let withheld = if let Some(reason) = evidence.nothing() {
        Some(reason)
    } else if matches!(evidence.pacemaker, Pacemaker::Yes | Pacemaker::Unsure) {
        Some(NullReason::Pacemaker)
    } else if rhythm.regularity == Regularity::Irregular {
        Some(NullReason::Irregular)
    } else if evidence.nn.len() < 2 {
        Some(NullReason::TooFewBeats)
    } else if share > MAX_REJECTED_SHARE {
        Some(most)
    } else {
        None
    };
    let short = if evidence.span() < SHORT_SPAN.0 { Some(NullReason::TooShort) } else { withheld };
    let long = if evidence.span() < LONG_SPAN.0 {
        Some(NullReason::TooShort)
    } else {
        withheld.or_else(|| drifted(evidence.nn).then_some(NullReason::NotStationary))
    };
    let window = evidence.window();
    let value = |reason: Option<NullReason>, algorithm, number: &dyn Fn() -> Option<f64>| match reason {
        Some(reason) => Value::absent(reason, algorithm),
        None => number().map_or(Value::absent(NullReason::TooFewBeats, algorithm), |number| {
            Value::measured(number, window, algorithm)
        }),
    };
    let nn = evidence.nn;
    let bands = if long.is_none() { hrv::bands(nn) } else { None };
    Hrv {
        rmssd_ms: value(short, Algorithm::Rmssd, &|| hrv::rmssd_ms(nn)),
        pnn50_percent: value(short, Algorithm::Pnn50, &|| hrv::pnn50_percent(nn)),
        sd1_ms: value(short, Algorithm::Sd1, &|| hrv::sd1_ms(nn)),
        sd2_ms: value(long, Algorithm::Sd2, &|| hrv::sd2_ms(nn)),
        sdnn_ms: value(long, Algorithm::Sdnn, &|| hrv::sdnn_ms(nn)),
        lf_ms2: value(long, Algorithm::LfWelch, &|| bands.map(|b| b.lf_ms2)),
        hf_ms2: value(long, Algorithm::HfWelch, &|| bands.map(|b| b.hf_ms2)),
        lf_hf: value(long, Algorithm::LfHfWelch, &|| bands.map(|b| b.lf_ms2 / b.hf_ms2)),
        recipe: HrvRecipe::Pqrst,
        rejected_percent: (!nn.is_empty()).then_some(100.0 * share),
    }
}

/// Whether the mean interval changed between the halves.
fn drifted(nn: &[NnInterval]) -> bool {
    let mean = |half: &[NnInterval]| {
        let lengths: Vec<f64> = half.iter().filter(|n| n.rejected.is_none()).map(|n| n.rr.rr.0).collect();
        lengths.iter().sum::<f64>() / lengths.len() as f64
    };
    let (first, second) = nn.split_at(nn.len() / 2);
    let change = (mean(second) - mean(first)).abs() / mean(nn);
    // Not a number when a half is empty: nothing is known then, so nothing is claimed.
    change.is_nan() || change > MAX_DRIFT
}
