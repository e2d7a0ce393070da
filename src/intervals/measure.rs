//! The medians and what withholds them.

use super::Qtc;
use crate::signal::{BeatClass, Fiducials};
use crate::units::{sort_ascending, Hertz, Milliseconds, SamplePlace};

/// A beat, as intervals need it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntervalBeat {
    /// Its waves, as places at the rate of [`Circumstances`].
    pub fiducials: Fiducials,
    /// The RR interval that it ends; `None` after a gap or at the start.
    pub rr_before: Option<Milliseconds>,
    /// Where it comes from. Only N counts, and only after an N.
    pub class: BeatClass,
    /// Whether it lies in signal that can be trusted.
    pub usable: bool,
}

/// What is known of the record beside its beats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circumstances {
    /// Samples a second of the places.
    pub rate: Hertz,
    /// A pacemaker is there, or may be.
    pub pacemaker: bool,
    /// The rhythm is irregular: atrial fibrillation or like it. Where nearly every beat has a P wave at a steady distance it
    /// is neither, and intervals are told all the same.
    pub irregular: bool,
}

/// Why an interval is not told. The first that holds, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unclear {
    /// Spikes cannot be seen, so that nobody knows what was measured.
    Pacemaker,
    /// No steady P wave, and QT follows every interval before it.
    Irregular,
    /// Most beats lie in poor signal.
    PoorQuality,
    /// Fewer than [`MIN_BEATS`] normal beats.
    TooFewBeats,
    /// QRS above 120 ms: QT is long for another reason (told for QT and QTc alone).
    WideQrs,
    /// Most beats show no P wave with a clear onset.
    UnclearP,
    /// Most beats show no clear onset or end of QRS.
    UnclearQrs,
    /// Most beats show no clear end of T.
    UnclearT,
    /// Beats differ too much from one another for one number.
    Unsteady,
}

/// Fewest beats behind a number.
pub const MIN_BEATS: usize = 4;

/// Share of beats with a P wave at which an irregular rhythm is conducted from the atria.
const CONDUCTED: f64 = 0.8;

/// QRS above this is wide, milliseconds (Surawicz 2009: 120 ms and more).
const WIDE_QRS_MS: f64 = 120.0;

/// What an interval of a heart can be, milliseconds: what lies outside is an error of a fiducial.
const PR_MS: core::ops::RangeInclusive<f64> = 60.0..=400.0;
const QRS_MS: core::ops::RangeInclusive<f64> = 30.0..=250.0;
const QT_MS: core::ops::RangeInclusive<f64> = 180.0..=750.0;

/// Distance of the quartiles above which beats say different things, milliseconds.
const STEADY_PR_MS: f64 = 40.0;
const STEADY_QRS_MS: f64 = 30.0;
const STEADY_QT_MS: f64 = 60.0;

/// An interval over a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Median over beats.
    pub median: Milliseconds,
    /// Distance of the quartiles.
    pub spread: Milliseconds,
    /// Beats.
    pub beats: usize,
}

/// The intervals of a record, each told or not told for a reason of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// From the onset of P to the onset of QRS.
    pub pr: Result<Interval, Unclear>,
    /// From the onset of QRS to its end.
    pub qrs: Result<Interval, Unclear>,
    /// From the onset of QRS to the end of T.
    pub qt: Result<Interval, Unclear>,
    /// Medians of QTc, each beat by the interval before it.
    pub qtc: Result<Qtc, Unclear>,
}

/// The intervals of a record from its beats in the order of time.
#[must_use]
pub fn measure(beats: &[IntervalBeat], circumstances: Circumstances) -> Intervals {
    let normal: Vec<&IntervalBeat> = beats
        .iter()
        .enumerate()
        .filter(|(i, beat)| {
            let before = i.checked_sub(1).and_then(|b| beats.get(b));
            beat.class == BeatClass::N && before.is_none_or(|b| b.class == BeatClass::N)
        })
        .map(|(_, beat)| beat)
        .collect();
    let usable: Vec<&IntervalBeat> = normal.iter().copied().filter(|beat| beat.usable).collect();
    let ms = |from: Option<SamplePlace>, to: Option<SamplePlace>| {
        Some(1000.0 * (to?.0 - from?.0) / circumstances.rate.get())
    };
    let pr = |beat: &IntervalBeat| {
        ms(beat.fiducials.p?.onset, beat.fiducials.qrs_onset).filter(|ms| PR_MS.contains(ms))
    };
    let conducted = || {
        let found: Vec<f64> = usable.iter().filter_map(|beat| pr(beat)).collect();
        found.len() as f64 >= CONDUCTED * usable.len() as f64
            && spread(found).is_some_and(|pr| pr.spread.0 <= STEADY_PR_MS)
    };
    let withheld = if circumstances.pacemaker {
        Some(Unclear::Pacemaker)
    } else if circumstances.irregular && !conducted() {
        Some(Unclear::Irregular)
    } else if 2 * usable.len() < normal.len() {
        Some(Unclear::PoorQuality)
    } else {
        (usable.len() < MIN_BEATS).then_some(Unclear::TooFewBeats)
    };
    if let Some(why) = withheld {
        return Intervals { pr: Err(why), qrs: Err(why), qt: Err(why), qtc: Err(why) };
    }
    let qrs = |beat: &IntervalBeat| {
        ms(beat.fiducials.qrs_onset, beat.fiducials.qrs_end).filter(|ms| QRS_MS.contains(ms))
    };
    let qt = |beat: &IntervalBeat| {
        ms(beat.fiducials.qrs_onset, beat.fiducials.t?.end).filter(|ms| QT_MS.contains(ms))
    };
    let qrs = over(&usable, qrs, Unclear::UnclearQrs, STEADY_QRS_MS);
    let narrow = || match qrs {
        Ok(found) if found.median.0 > WIDE_QRS_MS => Err(Unclear::WideQrs),
        _ => Ok(()),
    };
    let qt_found = narrow().and_then(|()| over(&usable, qt, Unclear::UnclearT, STEADY_QT_MS));
    let corrected = |part: fn(&Qtc) -> Milliseconds| {
        let of =
            |beat: &&IntervalBeat| Qtc::of(Milliseconds(qt(beat)?), beat.rr_before?).map(|qtc| part(&qtc).0);
        spread(usable.iter().filter_map(of).collect()).map(|found| found.median)
    };
    let qtc = qt_found.and_then(|_| {
        let all = || {
            Some(Qtc {
                bazett: corrected(|q| q.bazett)?,
                fridericia: corrected(|q| q.fridericia)?,
                framingham: corrected(|q| q.framingham)?,
                hodges: corrected(|q| q.hodges)?,
            })
        };
        all().ok_or(Unclear::TooFewBeats)
    });
    Intervals { pr: over(&usable, pr, Unclear::UnclearP, STEADY_PR_MS), qrs, qt: qt_found, qtc }
}

/// The median over the beats that show it, when that is half of them.
fn over(
    beats: &[&IntervalBeat],
    interval: impl Fn(&IntervalBeat) -> Option<f64>,
    unclear: Unclear,
    steady_ms: f64,
) -> Result<Interval, Unclear> {
    let found: Vec<f64> = beats.iter().filter_map(|beat| interval(beat)).collect();
    if 2 * found.len() < beats.len() {
        return Err(unclear);
    }
    let found = spread(found).ok_or(Unclear::TooFewBeats)?;
    if found.spread.0 > steady_ms {
        Err(Unclear::Unsteady)
    } else {
        Ok(found)
    }
}

/// Median and quartiles; `None` below [`MIN_BEATS`].
fn spread(mut values: Vec<f64>) -> Option<Interval> {
    sort_ascending(&mut values);
    let beats = values.len();
    if beats < MIN_BEATS {
        return None;
    }
    let quantile = |share: f64| {
        let place = share * (beats - 1) as f64;
        let (low, high) = (values.get(place.floor() as usize)?, values.get(place.ceil() as usize)?);
        Some(low + (high - low) * place.fract())
    };
    let (low, median, high) = (quantile(0.25)?, quantile(0.5)?, quantile(0.75)?);
    Some(Interval { median: Milliseconds(median), spread: Milliseconds(high - low), beats })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Wave;

    const RATE_HZ: f64 = 500.0;

    fn around() -> Circumstances {
        Circumstances { rate: Hertz::new(RATE_HZ).unwrap(), pacemaker: false, irregular: false }
    }

    /// A beat with PR 160, QRS 90 and QT 380 ms, each longer by so much.
    fn beat(longer_ms: f64) -> IntervalBeat {
        let at = |ms: f64| Some(SamplePlace(ms * RATE_HZ / 1000.0));
        let onset = 1000.0;
        let fiducials = Fiducials {
            p: Some(Wave {
                onset: at(onset - 160.0 - longer_ms),
                peak: at(onset - 110.0),
                end: at(onset - 70.0),
            }),
            qrs_onset: at(onset),
            qrs_end: at(onset + 90.0 + longer_ms),
            t: Some(Wave {
                onset: at(onset + 200.0),
                peak: at(onset + 300.0),
                end: at(onset + 380.0 + longer_ms),
            }),
            p_chance: 1.0,
        };
        IntervalBeat { fiducials, rr_before: Some(Milliseconds(1000.0)), class: BeatClass::N, usable: true }
    }

    fn record(n: usize) -> Vec<IntervalBeat> {
        (0..n).map(|i| beat((i % 5) as f64 * 2.0)).collect()
    }

    #[test]
    fn medians_spread_and_count() {
        let found = measure(&record(15), around());
        let pr = found.pr.unwrap();
        assert!((pr.median.0 - 164.0).abs() < 1e-9 && (pr.spread.0 - 4.0).abs() < 1e-9, "{pr:?}");
        assert_eq!(pr.beats, 15);
        assert!((found.qrs.unwrap().median.0 - 94.0).abs() < 1e-9);
        assert!((found.qt.unwrap().median.0 - 384.0).abs() < 1e-9);
        assert!((found.qtc.unwrap().hodges.0 - 384.0).abs() < 1e-9);
    }

    #[test]
    fn qt_is_corrected_by_the_interval_before_it() {
        let mut beats = record(9);
        beats.iter_mut().for_each(|beat| beat.rr_before = Some(Milliseconds(640.0)));
        let found = measure(&beats, around());
        assert!((found.qtc.unwrap().bazett.0 - found.qt.unwrap().median.0 / 0.8).abs() < 1e-9);
        beats.iter_mut().for_each(|beat| beat.rr_before = None);
        let found = measure(&beats, around());
        assert!(found.qt.is_ok());
        assert_eq!(found.qtc, Err(Unclear::TooFewBeats));
    }

    #[test]
    fn outliers_and_ectopic_beats_with_the_beat_after_them_do_not_count() {
        let mut beats = record(20);
        beats[3].class = BeatClass::V;
        for odd in [3, 4] {
            beats[odd].fiducials.qrs_end = Some(SamplePlace(1180.0 * RATE_HZ / 1000.0));
        }
        let found = measure(&beats, around()).qrs.unwrap();
        assert_eq!(found.beats, 18);
        assert!((found.median.0 - 94.0).abs() < 1e-9);
        beats[10].fiducials.t = Some(Wave { end: Some(SamplePlace(0.0)), ..Wave::default() });
        assert_eq!(measure(&beats, around()).qt.unwrap().beats, 17);
    }

    #[test]
    fn every_reason_is_told_where_it_holds() {
        let all = |found: Intervals| (found.pr.err(), found.qrs.err(), found.qt.err(), found.qtc.err());
        let same = |why: Unclear| (Some(why), Some(why), Some(why), Some(why));
        let good = record(12);
        assert_eq!(all(measure(&[], around())), same(Unclear::TooFewBeats));
        assert_eq!(all(measure(&good[..3], around())), same(Unclear::TooFewBeats));
        assert_eq!(
            all(measure(&good, Circumstances { pacemaker: true, ..around() })),
            same(Unclear::Pacemaker)
        );
        let uneven = Circumstances { irregular: true, ..around() };
        assert_eq!(measure(&good, uneven), measure(&good, around()), "every beat has its P wave");
        let mut without = good.clone();
        without.iter_mut().step_by(3).for_each(|b| b.fiducials.p = None);
        assert_eq!(all(measure(&without, uneven)), same(Unclear::Irregular));
        let with = |change: fn(&mut IntervalBeat)| {
            let mut beats = good.clone();
            beats.iter_mut().for_each(change);
            measure(&beats, around())
        };
        assert_eq!(all(with(|b| b.usable = false)), same(Unclear::PoorQuality));
        assert_eq!(all(with(|b| b.class = BeatClass::V)), same(Unclear::TooFewBeats));
        let wide = with(|b| b.fiducials.qrs_end = Some(SamplePlace(1130.0 * RATE_HZ / 1000.0)));
        assert_eq!(all(wide), (None, None, Some(Unclear::WideQrs), Some(Unclear::WideQrs)));
        assert_eq!(with(|b| b.fiducials.p = None).pr, Err(Unclear::UnclearP));
        let flat = with(|b| b.fiducials.t = None);
        assert_eq!(all(flat), (None, None, Some(Unclear::UnclearT), Some(Unclear::UnclearT)));
        assert_eq!(with(|b| b.fiducials.qrs_end = None).qrs, Err(Unclear::UnclearQrs));
        let mut unsteady = good.clone();
        unsteady.iter_mut().step_by(2).for_each(|b| *b = beat(100.0));
        assert_eq!(measure(&unsteady, around()).pr, Err(Unclear::Unsteady));
    }
}
