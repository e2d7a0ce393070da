//! PR, QRS and QT of a report, from the waves of its beats.

use super::report::{BeatRow, Intervals, Spread, WavesRow};
use super::rhythm_measures::Beats;
use super::{Algorithm, NullReason, Value};
use crate::intervals::{self, Circumstances, Interval, IntervalBeat, Qtc, Unclear};
use crate::signal::{Fiducials, Wave};
use crate::units::{Hertz, Milliseconds, SamplePlace};

/// Times as places: whole milliseconds are fine enough to be told apart.
const PLACES_HZ: f64 = 1000.0;

/// The intervals over the judged part.
pub(super) fn intervals(beats: &Beats<'_>, waves: &[WavesRow], irregular: bool) -> Intervals {
    let found = match Hertz::new(PLACES_HZ) {
        Ok(rate) if !beats.rows.is_empty() => {
            let circumstances = Circumstances { rate, pacemaker: beats.paced, irregular };
            Ok(intervals::measure(&sightings(beats, waves), circumstances))
        }
        _ => Err(NullReason::NoSignal),
    };
    let value = |interval: Result<f64, NullReason>, algorithm| match interval {
        Ok(ms) => Value::measured(ms, beats.judged, algorithm),
        Err(reason) => Value::absent(reason, algorithm),
    };
    let of = |pick: fn(&intervals::Intervals) -> Result<Interval, Unclear>| {
        found.and_then(|all| pick(&all).map_err(reason))
    };
    let (pr, qrs, qt) = (of(|all| all.pr), of(|all| all.qrs), of(|all| all.qt));
    let qtc = |pick: fn(&Qtc) -> Milliseconds| {
        found.and_then(|all| all.qtc.map_err(reason)).map(|qtc| pick(&qtc).0)
    };
    let spread = |interval: Result<Interval, NullReason>| interval.ok().map(|found| found.spread.0);
    let median = |interval: Result<Interval, NullReason>| interval.map(|found| found.median.0);
    Intervals {
        pr_ms: value(median(pr), Algorithm::Pr),
        qrs_ms: value(median(qrs), Algorithm::Qrs),
        qt_ms: value(median(qt), Algorithm::Qt),
        qtc_fridericia_ms: value(qtc(|all| all.fridericia), Algorithm::QtcFridericia),
        qtc_bazett_ms: value(qtc(|all| all.bazett), Algorithm::QtcBazett),
        qtc_framingham_ms: value(qtc(|all| all.framingham), Algorithm::QtcFramingham),
        qtc_hodges_ms: value(qtc(|all| all.hodges), Algorithm::QtcHodges),
        spread: Spread { pr_ms: spread(pr), qrs_ms: spread(qrs), qt_ms: spread(qt) },
    }
}

/// Beats of the judged part with their waves.
fn sightings(beats: &Beats<'_>, waves: &[WavesRow]) -> Vec<IntervalBeat> {
    let mut waves = waves.iter().peekable();
    let mut before: Option<f64> = None;
    let sighting = |beat: &BeatRow| {
        while waves.next_if(|row| row.beat < beat.id).is_some() {}
        let fiducials = waves.next_if(|row| row.beat == beat.id).map(fiducials).unwrap_or_default();
        let last = before.replace(beat.time_s);
        let joined = |last: &f64| beats.trusted(*last, beat.time_s);
        let rr = last.filter(joined).map(|last| Milliseconds(1000.0 * (beat.time_s - last)));
        let usable = beats.trusted(beat.time_s - 0.3, beat.time_s + 0.5);
        IntervalBeat { fiducials, rr_before: rr, class: beat.class, usable }
    };
    beats.inside().map(sighting).collect()
}

fn fiducials(row: &WavesRow) -> Fiducials {
    let place = |time_s: Option<f64>| time_s.map(|time_s| SamplePlace(time_s * PLACES_HZ));
    let wave = |onset, peak, end| Wave { onset: place(onset), peak: place(peak), end: place(end) };
    let p = wave(row.p_onset_s, row.p_peak_s, row.p_end_s);
    let t = wave(row.t_onset_s, row.t_peak_s, row.t_end_s);
    Fiducials {
        p: (p != Wave::default()).then_some(p),
        qrs_onset: place(row.qrs_onset_s),
        qrs_end: place(row.qrs_end_s),
        t: (t != Wave::default()).then_some(t),
        p_chance: 0.0,
    }
}

const fn reason(why: Unclear) -> NullReason {
    match why {
        Unclear::Pacemaker => NullReason::Pacemaker,
        Unclear::Irregular => NullReason::Irregular,
        Unclear::PoorQuality => NullReason::PoorQuality,
        Unclear::TooFewBeats => NullReason::TooFewBeats,
        Unclear::WideQrs => NullReason::WideQrs,
        Unclear::UnclearP | Unclear::UnclearQrs | Unclear::UnclearT | Unclear::Unsteady => {
            NullReason::UnclearWave
        }
    }
}
