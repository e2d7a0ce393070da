//! Breathing of a finished report, from its beats and intervals.

use super::report::RrRow;
use super::{Algorithm, NullReason, Value, Window};
use crate::hrv::{respiration, BreathBeat, NoRespiration};
use crate::signal::BeatClass;
use crate::units::{Microvolts, Milliseconds, Seconds};
use serde::{Deserialize, Serialize};

/// A beat and the interval that it ends have the same time but for rounding, seconds.
const SAME_TIME: f64 = 0.001;

/// What breathing needs of a beat of a report.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BreathRow {
    /// Seconds from the first sample.
    pub time_s: f64,
    /// Deflection over the local baseline, microvolts.
    pub amplitude_uv: f64,
    /// Its class; only normal beats have a height that breathing alone moves.
    pub class: BeatClass,
}

/// How often somebody breathes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RespirationRow {
    /// Breaths a minute. `unclearWave`: neither heights nor intervals show one rate.
    pub per_minute: Value,
    /// Share of minutes that show it, weighed by how little chance explains it, 0 to 1; null without a rate.
    pub confidence: Option<f64>,
}

/// From the beats and intervals of a report; without beats (a sensor, a list) from its intervals alone.
#[must_use]
pub fn respiration_of(beats: &[BreathRow], rows: &[RrRow]) -> RespirationRow {
    let nn = |row: &RrRow| row.rejected.is_none().then_some(Milliseconds(row.rr_ms));
    let from_rows = |row: &RrRow| BreathBeat { at: Seconds(row.end_s), amplitude: None, nn: nn(row) };
    let mut open = rows.iter().peekable();
    let from_beats = |beat: &BreathRow| {
        while open.next_if(|row| row.end_s < beat.time_s - SAME_TIME).is_some() {}
        let nn = open.next_if(|row| row.end_s <= beat.time_s + SAME_TIME).and_then(nn);
        let height = nn.filter(|_| beat.class == BeatClass::N).map(|_| Microvolts(beat.amplitude_uv as f32));
        BreathBeat { at: Seconds(beat.time_s), amplitude: height, nn }
    };
    let all: Vec<BreathBeat> = if beats.is_empty() {
        rows.iter().map(from_rows).collect()
    } else {
        beats.iter().map(from_beats).collect()
    };
    let window = match (all.first(), all.last()) {
        (Some(first), Some(last)) => Window { start_s: first.at.0, end_s: last.at.0 },
        _ => Window { start_s: 0.0, end_s: 0.0 },
    };
    match respiration(&all) {
        Ok(found) => RespirationRow {
            per_minute: Value::measured(found.per_minute, window, Algorithm::Respiration),
            confidence: Some(found.confidence),
        },
        Err(why) => RespirationRow {
            per_minute: Value::absent(reason(why), Algorithm::Respiration),
            confidence: None,
        },
    }
}

const fn reason(why: NoRespiration) -> NullReason {
    match why {
        NoRespiration::TooShort => NullReason::TooShort,
        NoRespiration::TooFewBeats => NullReason::TooFewBeats,
        NoRespiration::NoModulation | NoRespiration::Disagreement => NullReason::UnclearWave,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{IntervalSource, NnRejection};

    /// Beats whose heights breathe fifteen times a minute.
    fn record() -> (Vec<BreathRow>, Vec<RrRow>) {
        let time = |i: u32| f64::from(i) * 0.83;
        let beat = |i: u32| BreathRow {
            time_s: time(i),
            amplitude_uv: 1000.0
                + 80.0 * (core::f64::consts::TAU * 0.25 * time(i)).sin()
                + f64::from((i * 7) % 11),
            class: BeatClass::N,
        };
        let row = |i: u32| RrRow {
            end_s: time(i),
            rr_ms: 830.0 + f64::from((i * 5) % 9),
            source: IntervalSource::Ecg,
            rejected: None,
        };
        ((0..150).map(beat).collect(), (1..150).map(row).collect())
    }

    #[test]
    fn heights_of_normal_beats_with_an_interval_that_counts() {
        let (mut beats, mut rows) = record();
        let found = respiration_of(&beats, &rows);
        assert!((found.per_minute.value.unwrap() - 15.0).abs() < 0.5, "{found:?}");
        assert!(found.confidence.unwrap() > 0.5);
        for i in (3..140).step_by(9) {
            (beats[i].class, beats[i].amplitude_uv) = (BeatClass::V, 3000.0);
            rows[i - 1].rejected = Some(NnRejection::Ectopic);
        }
        assert!((respiration_of(&beats, &rows).per_minute.value.unwrap() - 15.0).abs() < 0.5);
    }

    #[test]
    fn without_a_rate_there_is_a_reason() {
        let (mut beats, rows) = record();
        assert_eq!(respiration_of(&[], &[]).per_minute.reason, Some(NullReason::TooFewBeats));
        assert_eq!(respiration_of(&beats[..20], &rows[..19]).per_minute.reason, Some(NullReason::TooShort));
        beats.iter_mut().for_each(|beat| beat.amplitude_uv = 1000.0);
        let flat = respiration_of(&beats, &rows);
        assert_eq!((flat.per_minute.reason, flat.confidence), (Some(NullReason::UnclearWave), None));
    }
}
