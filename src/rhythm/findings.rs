//! What stands out in a series of beats: pauses, rates, patterns and runs of extra beats.
//!
//! A pure function of beats and quality windows, so that the same rules can be run on annotated beats. Nothing is said of
//! signal that is not usable: an interval counts only when every window that it touches is, and a pattern breaks where
//! the series does.

use crate::signal::BeatClass;
use crate::units::{nth_smallest, sort_by, BeatsPerMinute, Seconds};
use serde::{Deserialize, Serialize};

/// What stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FindingKind {
    /// No beat for more than 2 and up to 3 s.
    Pause,
    /// No beat for more than 3 s.
    LongPause,
    /// No beat for more than 4 s, up to a beat or for as long as the electrodes hear.
    NoBeats,
    /// More than 150 beats a minute, sustained.
    VeryFast,
    /// More than 100 beats a minute, sustained.
    Fast,
    /// Fewer than 50 beats a minute, sustained.
    Slow,
    /// Fewer than 40 beats a minute, sustained.
    VerySlow,
    /// Likely fibrillation at more than 110 beats a minute, sustained.
    RapidIrregular,
    /// Every second beat from a ventricle, three times and more.
    Bigeminy,
    /// Every third beat from a ventricle, three times and more.
    Trigeminy,
    /// Two beats from a ventricle.
    Couplet,
    /// Three beats from a ventricle and more.
    VentricularRun,
    /// Two early beats from above.
    SupraventricularCouplet,
    /// Three early beats from above and more.
    SupraventricularRun,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Pause,
        Self::LongPause,
        Self::NoBeats,
        Self::VeryFast,
        Self::Fast,
        Self::Slow,
        Self::VerySlow,
        Self::RapidIrregular,
        Self::Bigeminy,
        Self::Trigeminy,
        Self::Couplet,
        Self::VentricularRun,
        Self::SupraventricularCouplet,
        Self::SupraventricularRun,
    ];
}

/// A stretch in which something stands out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The first beat of it, or the beat before a pause.
    pub start: Seconds,
    /// Its last beat, or the beat after a pause.
    pub end: Seconds,
    /// Beats of it; of patterns and runs the extra ones only; 0 of a pause.
    pub beats: u32,
    /// Mean rate between its beats; `None` of a single interval.
    pub rate: Option<BeatsPerMinute>,
}

/// A beat as the rules see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FindingBeat {
    /// When.
    pub time: Seconds,
    /// Where from; Q counts as N.
    pub class: BeatClass,
    /// Follows on the beat before: no lost signal between.
    pub follows: bool,
    /// Probability of fibrillation, where somebody said.
    pub af: Option<f32>,
}

/// A judged stretch of signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FindingWindow {
    /// Start.
    pub start: Seconds,
    /// End.
    pub end: Seconds,
    /// Whether beats found here can be believed.
    pub usable: bool,
    /// Whether beats not found here are not there: usable, or silent while the electrodes hear (see
    /// [`SilenceWatch`](super::SilenceWatch)).
    pub hears: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// In the order of time, at most [`Findings::MOST`]; the later ones are only counted.
    pub list: Vec<Finding>,
    /// How many of each kind, in the order of [`FindingKind::ALL`].
    pub counts: [u32; FindingKind::ALL.len()],
    /// Single beats from a ventricle, in no couplet or run.
    pub isolated_v: u32,
    /// Single early beats from above.
    pub isolated_s: u32,
    /// Usable time.
    pub usable: Seconds,
}

impl Findings {
    /// Most findings that are listed.
    pub const MOST: usize = 500;

    /// How many of a kind.
    #[must_use]
    pub fn count(&self, kind: FindingKind) -> u32 {
        let place = FindingKind::ALL.iter().position(|k| *k == kind);
        place.and_then(|i| self.counts.get(i)).copied().unwrap_or(0)
    }

    /// So many an hour of usable signal; `None` of less than a minute.
    #[must_use]
    pub fn per_hour(&self, count: u32) -> Option<f64> {
        (self.usable.0 >= 60.0).then(|| f64::from(count) * 3600.0 / self.usable.0)
    }
}

/// Bounds of pauses.
const PAUSE: Seconds = Seconds(2.0);
const LONG_PAUSE: Seconds = Seconds(3.0);
/// No beat for so long is more than a pause.
const NO_BEATS: Seconds = Seconds(4.0);
/// Intervals whose median is the rate at a beat: single extra beats do not move it.
const RATE_INTERVALS: usize = 9;
/// A rate may fall back behind its bound for fewer intervals.
const BRIDGED: usize = 6;
/// A rate is sustained for so long, beats of the first interval to the last.
const SUSTAINED: Seconds = Seconds(15.0);
/// Bounds of the rates, beats a minute (docs/SAFETY.md for 150 and 40; 100 and 50 by the usual definitions).
const VERY_FAST: f64 = 150.0;
const FAST: f64 = 100.0;
const SLOW: f64 = 50.0;
const VERY_SLOW: f64 = 40.0;
/// Rapid, of an irregular rhythm (resting rate above which rate control is lenient; ESC 2020).
const RAPID: f64 = 110.0;
/// Probability from which on fibrillation is likely.
const LIKELY_AF: f32 = 0.5;
/// A pattern must come so often.
const REPEATS: usize = 3;

/// Applies all rules.
#[must_use]
pub fn find(beats: &[FindingBeat], windows: &[FindingWindow]) -> Findings {
    let mut all = Findings {
        usable: Seconds(windows.iter().filter(|w| w.usable).map(|w| (w.end - w.start).0).sum()),
        ..Findings::default()
    };
    let mut found = Vec::new();
    pauses(beats, windows, &mut found);
    for series in series(beats, windows) {
        rates(series, &mut found);
        runs(series, &mut found, &mut all);
        patterns(series, &mut found);
    }
    sort_by(&mut found, |a: &Finding, b| a.start.0.total_cmp(&b.start.0).then(a.kind.cmp(&b.kind)).is_gt());
    for finding in &found {
        let place = FindingKind::ALL.iter().position(|k| *k == finding.kind);
        place.and_then(|i| all.counts.get_mut(i)).into_iter().for_each(|count| *count += 1);
    }
    found.truncate(Findings::MOST);
    all.list = found;
    all
}

/// Whether all signal between two times is usable.
fn usable(windows: &[FindingWindow], from: Seconds, to: Seconds) -> bool {
    all(windows, from, to, |w| w.usable)
}

/// Whether all signal between two times was judged and holds.
fn all(
    windows: &[FindingWindow],
    from: Seconds,
    to: Seconds,
    holds: impl Fn(&FindingWindow) -> bool,
) -> bool {
    let first = windows.partition_point(|w| w.end.0 <= from.0);
    let mut reached = from.0;
    for w in windows.iter().skip(first).take_while(|w| w.start.0 < to.0) {
        // A hole of more than a sample or two between windows is no signal.
        if !holds(w) || w.start.0 > reached + 0.05 {
            return false;
        }
        reached = w.end.0;
    }
    // The last window of a record may end a little before its last beat.
    reached >= to.0 - 0.05
}

/// Parts of the beats in which each follows on the one before, in usable signal.
fn series<'a>(
    beats: &'a [FindingBeat],
    windows: &'a [FindingWindow],
) -> impl Iterator<Item = &'a [FindingBeat]> {
    beats.chunk_by(|a, b| b.follows && usable(windows, a.time, b.time))
}

fn rate(from: Seconds, to: Seconds, intervals: usize) -> Option<BeatsPerMinute> {
    let length = (to - from).0;
    (intervals > 0 && length > 0.0).then(|| BeatsPerMinute(60.0 * intervals as f64 / length))
}

fn pauses(beats: &[FindingBeat], windows: &[FindingWindow], out: &mut Vec<Finding>) {
    let mut silence = |start: Seconds, end: Seconds| {
        let length = (end - start).0;
        let kind = match () {
            () if length > NO_BEATS.0 => FindingKind::NoBeats,
            () if length > LONG_PAUSE.0 => FindingKind::LongPause,
            () if length > PAUSE.0 => FindingKind::Pause,
            () => return,
        };
        if all(windows, start, end, |w| w.hears) {
            out.push(Finding { kind, start, end, beats: 0, rate: None });
        }
    };
    for pair in beats.windows(2) {
        if let [a, b] = pair {
            if b.follows {
                silence(a.time, b.time);
            }
        }
    }
    // After the last beat: as long as the electrodes hear.
    if let Some(last) = beats.last() {
        let first = windows.partition_point(|w| w.end.0 <= last.time.0);
        let after = windows.iter().skip(first).take_while(|w| w.hears).last();
        if let Some(end) = after.map(|w| w.end).filter(|end| (*end - last.time).0 > NO_BEATS.0) {
            silence(last.time, end);
        }
    }
}

/// A stretch of a sustained rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sustained {
    /// Its first beat.
    pub start: Seconds,
    /// Its last beat.
    pub end: Seconds,
    /// Beats of it.
    pub beats: u32,
    /// Mean rate.
    pub rate: BeatsPerMinute,
}

/// Sustained stretches in which something holds of the rate in beats a minute, and of whether fibrillation is likely.
#[must_use]
pub fn sustained_rates(
    beats: &[FindingBeat],
    windows: &[FindingWindow],
    holds: &dyn Fn(f64, bool) -> bool,
) -> Vec<Sustained> {
    let mut out = Vec::new();
    series(beats, windows).for_each(|series| sustained(series, &rate_at_beats(series), holds, &mut out));
    out
}

/// The median of nine intervals, beats a minute, and whether fibrillation is likely in their middle.
fn rate_at_beats(series: &[FindingBeat]) -> Vec<(f64, bool)> {
    let likely = |beats: &[FindingBeat]| {
        let middle = beats.get(RATE_INTERVALS / 2);
        middle.and_then(|beat| beat.af).is_some_and(|chance| chance >= LIKELY_AF)
    };
    let median = |beats: &[FindingBeat]| {
        let mut rr = [0.0; RATE_INTERVALS];
        for (to, pair) in rr.iter_mut().zip(beats.windows(2)) {
            *to = if let [a, b] = pair { (b.time - a.time).0 } else { 0.0 };
        }
        60.0 / nth_smallest(&mut rr, RATE_INTERVALS / 2).max(1e-3)
    };
    series.windows(RATE_INTERVALS + 1).map(|beats| (median(beats), likely(beats))).collect()
}

/// Stretches in which the median of nine intervals stays beyond a bound, but for single beats.
fn rates(series: &[FindingBeat], out: &mut Vec<Finding>) {
    let at_beats = rate_at_beats(series);
    type Rule<'a> = (FindingKind, &'a dyn Fn(f64, bool) -> bool);
    let rules: [Rule<'_>; 5] = [
        (FindingKind::VeryFast, &|bpm, _| bpm > VERY_FAST),
        (FindingKind::Fast, &|bpm, _| bpm > FAST && bpm <= VERY_FAST),
        (FindingKind::Slow, &|bpm, _| (VERY_SLOW..SLOW).contains(&bpm)),
        (FindingKind::VerySlow, &|bpm, _| bpm < VERY_SLOW),
        (FindingKind::RapidIrregular, &|bpm, af| bpm > RAPID && af),
    ];
    let mut found = Vec::new();
    for (kind, holds) in rules {
        sustained(series, &at_beats, holds, &mut found);
        out.extend(found.drain(..).map(|s| Finding {
            kind,
            start: s.start,
            end: s.end,
            beats: s.beats,
            rate: Some(s.rate),
        }));
    }
}

fn sustained(
    series: &[FindingBeat],
    at_beats: &[(f64, bool)],
    holds: &dyn Fn(f64, bool) -> bool,
    out: &mut Vec<Sustained>,
) {
    let holds_at = |i: &usize| at_beats.get(*i).is_some_and(|(bpm, af)| holds(*bpm, *af));
    let places: Vec<usize> = (0..at_beats.len()).filter(holds_at).collect();
    for episode in places.chunk_by(|a, b| b - a <= BRIDGED) {
        let (Some(first), Some(last)) = (episode.first(), episode.last()) else { continue };
        let Some(beats) = series.get(*first..last + RATE_INTERVALS + 1) else { continue };
        let (Some(a), Some(b)) = (beats.first(), beats.last()) else { continue };
        if (b.time - a.time).0 < SUSTAINED.0 {
            continue;
        }
        if let Some(rate) = rate(a.time, b.time, beats.len() - 1) {
            out.push(Sustained { start: a.time, end: b.time, beats: beats.len() as u32, rate });
        }
    }
}

/// Couplets and runs of one class.
fn runs(series: &[FindingBeat], out: &mut Vec<Finding>, all: &mut Findings) {
    for group in series.chunk_by(|a, b| a.class == b.class) {
        let (Some(a), Some(b)) = (group.first(), group.last()) else { continue };
        let kind = match (a.class, group.len()) {
            (BeatClass::V, 1) => {
                all.isolated_v += 1;
                continue;
            }
            (BeatClass::S, 1) => {
                all.isolated_s += 1;
                continue;
            }
            (BeatClass::V, 2) => FindingKind::Couplet,
            (BeatClass::V, _) => FindingKind::VentricularRun,
            (BeatClass::S, 2) => FindingKind::SupraventricularCouplet,
            (BeatClass::S, _) => FindingKind::SupraventricularRun,
            _ => continue,
        };
        let rate = rate(a.time, b.time, group.len() - 1);
        out.push(Finding { kind, start: a.time, end: b.time, beats: group.len() as u32, rate });
    }
}

/// Ventricular beats at every second or third place.
fn patterns(series: &[FindingBeat], out: &mut Vec<Finding>) {
    let v: Vec<usize> =
        series.iter().enumerate().filter(|(_, b)| b.class == BeatClass::V).map(|(i, _)| i).collect();
    for (kind, step) in [(FindingKind::Bigeminy, 2), (FindingKind::Trigeminy, 3)] {
        for group in v.chunk_by(|a, b| b - a == step) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            // The normal beats before the first one belong to it.
            let Some(beats) = first.checked_sub(step - 1).and_then(|from| series.get(from..=*last)) else {
                continue;
            };
            if group.len() < REPEATS || beats.iter().take(step - 1).any(|b| b.class == BeatClass::V) {
                continue;
            }
            if let (Some(a), Some(b)) = (beats.first(), beats.last()) {
                let rate = rate(a.time, b.time, beats.len() - 1);
                out.push(Finding { kind, start: a.time, end: b.time, beats: group.len() as u32, rate });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BeatClass::{N, S, V};

    const WHOLE: [FindingWindow; 1] =
        [FindingWindow { start: Seconds(0.0), end: Seconds(1e6), usable: true, hears: true }];

    /// Beats with these classes, at one a second or the given distance.
    fn beats(classes: &[BeatClass], rr: f64) -> Vec<FindingBeat> {
        let beat = |(i, class): (usize, &BeatClass)| FindingBeat {
            time: Seconds(1.0 + i as f64 * rr),
            class: *class,
            follows: i > 0,
            af: None,
        };
        classes.iter().enumerate().map(beat).collect()
    }

    fn kinds(beats: &[FindingBeat], windows: &[FindingWindow]) -> Vec<FindingKind> {
        find(beats, windows).list.into_iter().map(|f| f.kind).filter(|k| *k != FindingKind::NoBeats).collect()
    }

    #[test]
    fn patterns_and_runs_by_their_classes() {
        use FindingKind::*;
        assert_eq!(kinds(&beats(&[N, V, N, V, N, V, N], 0.8), &WHOLE), [Bigeminy]);
        assert_eq!(kinds(&beats(&[N, V, N, V, N, N], 0.8), &WHOLE), []);
        assert_eq!(kinds(&beats(&[N, N, V, N, N, V, N, N, V], 0.8), &WHOLE), [Trigeminy]);
        assert_eq!(kinds(&beats(&[N, V, V, N], 0.8), &WHOLE), [Couplet]);
        assert_eq!(
            kinds(&beats(&[N, S, S, S, N, S, S], 0.8), &WHOLE),
            [SupraventricularRun, SupraventricularCouplet]
        );
        let run = find(&beats(&[N, V, V, V, V, N, V, N, S], 0.5), &WHOLE);
        assert_eq!((run.list[0].kind, run.list[0].beats), (VentricularRun, 4));
        assert!((run.list[0].rate.unwrap().0 - 120.0).abs() < 1e-9);
        assert_eq!((run.isolated_v, run.isolated_s, run.count(VentricularRun)), (1, 1, 1));
    }

    #[test]
    fn rates_are_sustained_beyond_their_bounds() {
        use FindingKind::*;
        for (rr, kind) in [(0.39, VeryFast), (0.5, Fast), (1.3, Slow), (1.6, VerySlow)] {
            assert_eq!(kinds(&beats(&[N; 60], rr), &WHOLE), [kind], "{rr}");
        }
        assert!(kinds(&beats(&[N; 60], 0.8), &WHOLE).is_empty());
        assert!(kinds(&beats(&[N; 30], 0.39), &WHOLE).is_empty(), "12 s are not sustained");
        let mut rapid = beats(&[N; 60], 0.5);
        rapid.iter_mut().for_each(|beat| beat.af = Some(0.9));
        assert_eq!(kinds(&rapid, &WHOLE), [Fast, RapidIrregular]);
    }

    #[test]
    fn a_pause_counts_in_usable_signal_only() {
        use FindingKind::*;
        for (rr, kind) in [(2.5, Some(Pause)), (3.5, Some(LongPause)), (5.0, Some(NoBeats)), (1.9, None)] {
            let mut list = beats(&[N; 4], 1.0);
            list[2..].iter_mut().for_each(|b| b.time = Seconds(b.time.0 + rr - 1.0));
            let upto = |usable: bool, end: f64| FindingWindow {
                start: Seconds(2.0),
                end: Seconds(end),
                usable,
                hears: usable,
            };
            let first = FindingWindow { start: Seconds(0.0), end: Seconds(2.0), usable: true, hears: true };
            let found = find(&list, &[first, upto(true, list[3].time.0)]);
            assert_eq!(found.list.first().map(|f| f.kind), kind, "{rr}");
            assert!(find(&list, &[first, upto(false, list[3].time.0)]).list.is_empty());
            assert!(find(&list, &[first]).list.is_empty(), "nobody judged the signal");
            list[2].follows = false;
            assert!(find(&list, &[first, upto(true, list[3].time.0)]).list.is_empty(), "signal was lost");
        }
    }

    #[test]
    fn silence_to_the_end_counts_while_electrodes_hear() {
        let list = beats(&[N; 4], 1.0);
        let judged = |hears: bool| {
            let w = |s: f64, hears| FindingWindow {
                start: Seconds(s),
                end: Seconds(s + 6.0),
                usable: s == 0.0,
                hears,
            };
            find(&list, &[w(0.0, true), w(6.0, hears)]).count(FindingKind::NoBeats)
        };
        assert_eq!((judged(true), judged(false)), (1, 0));
    }

    #[test]
    fn every_input_gets_an_answer_and_a_day_stays_bounded() {
        assert_eq!(find(&[], &[]), Findings::default());
        assert!(find(&beats(&[V], 1.0), &[]).list.is_empty());
        let day: Vec<BeatClass> = (0..110_000).map(|i| if i % 4 < 2 { V } else { N }).collect();
        let found = find(&beats(&day, 0.8), &WHOLE);
        assert_eq!(found.list.len(), Findings::MOST);
        assert_eq!(found.count(FindingKind::Couplet), 27_500);
        let mut odd = beats(&[V; 9], f64::NAN);
        odd.iter_mut().for_each(|b| b.follows = true);
        let _ = find(&odd, &WHOLE);
    }
}
