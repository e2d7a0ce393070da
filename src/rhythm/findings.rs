//! What a reader of a rhythm strip would mark: pauses, lasting fast and slow rates, and groups of ectopic beats.
//!
//! Rules over beats and their classes, nothing learnt. Groups count only where every beat follows directly on the one
//! before it; a beat of class Q ends a group, since nobody knows what it is.

use crate::signal::BeatClass;
use crate::units::{BeatsPerMinute, Seconds};
use serde::{Deserialize, Serialize};

/// An interval longer than this is a pause (Task Force guidelines on bradycardia count from 2 s while awake).
pub const PAUSE: Seconds = Seconds(2.0);
/// Without any complex for longer than this in signal that can be read: what monitors call asystole (IEC 60601-2-27).
pub const ASYSTOLE: Seconds = Seconds(4.0);
/// Rates beyond these, beats a minute, that last at least [`LASTING`].
pub const FAST: BeatsPerMinute = BeatsPerMinute(100.0);
/// See [`FAST`].
pub const SLOW: BeatsPerMinute = BeatsPerMinute(50.0);
/// How long a rate must last, as for the definition of a sustained arrhythmia.
pub const LASTING: Seconds = Seconds(30.0);
/// A rate above this that comes unevenly for at least [`UNEVEN_LASTING`] is told apart.
pub const RAPID: BeatsPerMinute = BeatsPerMinute(110.0);
/// See [`RAPID`].
pub const UNEVEN_LASTING: Seconds = Seconds(15.0);

/// Intervals that a rate of the moment is the mean of.
const SPAN: usize = 8;
/// Intervals that differ from the one before by more than this share are uneven, and this share of them is many; as in
/// `regularity`.
const UNEVEN: (f64, f64) = (0.15, 0.40);
/// Intervals over which unevenness is counted.
const UNEVEN_SPAN: usize = 20;
/// Repetitions that make a pattern.
const REPEATED: usize = 3;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FindingKind {
    /// An interval of more than 2 s.
    Pause,
    /// No complex for more than 4 s in signal that can be read.
    Asystole,
    /// Above 100 a minute for at least 30 s.
    Tachycardia,
    /// Below 50 a minute for at least 30 s.
    Bradycardia,
    /// Above 110 a minute and uneven for at least 15 s.
    RapidIrregular,
    /// Every second beat from a ventricle, three times or more.
    Bigeminy,
    /// Every third beat from a ventricle, three times or more.
    Trigeminy,
    /// Two successive beats from a ventricle.
    Couplet,
    /// Three or more successive beats from a ventricle.
    VentricularRun,
    /// Three or more successive premature beats from above the ventricles.
    SupraventricularRun,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Pause,
        Self::Asystole,
        Self::Tachycardia,
        Self::Bradycardia,
        Self::RapidIrregular,
        Self::Bigeminy,
        Self::Trigeminy,
        Self::Couplet,
        Self::VentricularRun,
        Self::SupraventricularRun,
    ];
}

/// Something found, with its place in the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Its first beat.
    pub start: Seconds,
    /// Its last beat.
    pub end: Seconds,
    /// Beats in it that make it what it is: ectopic ones of a group, all of a rate, none of a pause.
    pub beats: u32,
    /// Its rate, where it has one.
    pub rate: Option<BeatsPerMinute>,
}

/// A beat as the rules see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RhythmBeat {
    /// When.
    pub time: Seconds,
    /// Where it comes from.
    pub class: BeatClass,
    /// The beat before it is its neighbour: no gap and no signal that cannot be read lies between.
    pub follows: bool,
}

/// All findings, in the order of their starts. `last` is where readable signal ends that began with the last beat.
#[must_use]
pub fn findings(beats: &[RhythmBeat], last: Seconds) -> Vec<Finding> {
    let mut found = Vec::new();
    for series in beats.chunk_by(|_, next| next.follows) {
        pauses(series, &mut found);
        groups(series, &mut found);
        patterns(series, &mut found);
        rates(series, &mut found);
        uneven(series, &mut found);
    }
    if let Some(beat) = beats.last().filter(|beat| (last - beat.time).0 > ASYSTOLE.0) {
        found.push(Finding { kind: FindingKind::Asystole, start: beat.time, end: last, beats: 0, rate: None });
    }
    found.sort_by(|a, b| a.start.0.total_cmp(&b.start.0).then(a.kind.cmp(&b.kind)));
    found
}

fn pauses(series: &[RhythmBeat], found: &mut Vec<Finding>) {
    for pair in series.windows(2) {
        let [a, b] = pair else { continue };
        let length = b.time - a.time;
        if length.0 > PAUSE.0 {
            let kind = if length.0 > ASYSTOLE.0 { FindingKind::Asystole } else { FindingKind::Pause };
            found.push(Finding { kind, start: a.time, end: b.time, beats: 0, rate: None });
        }
    }
}

/// Successive beats of one ectopic class.
fn groups(series: &[RhythmBeat], found: &mut Vec<Finding>) {
    for group in series.chunk_by(|a, b| a.class == b.class) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let kind = match (first.class, group.len()) {
            (BeatClass::V, 2) => FindingKind::Couplet,
            (BeatClass::V, 3..) => FindingKind::VentricularRun,
            (BeatClass::S, 3..) => FindingKind::SupraventricularRun,
            _ => continue,
        };
        let rate = mean_rate(group);
        found.push(Finding { kind, start: first.time, end: last.time, beats: group.len() as u32, rate });
    }
}

/// Every second or third beat from a ventricle.
fn patterns(series: &[RhythmBeat], found: &mut Vec<Finding>) {
    for (period, kind) in [(2, FindingKind::Bigeminy), (3, FindingKind::Trigeminy)] {
        let mut from = 0;
        while let Some(rest) = series.get(from..) {
            let Some(first) = rest.iter().position(|beat| beat.class == BeatClass::V) else { break };
            let fits = |(i, beat): &(usize, &RhythmBeat)| match i % period {
                0 => beat.class == BeatClass::V,
                _ => matches!(beat.class, BeatClass::N | BeatClass::S),
            };
            let length = rest.iter().skip(first).enumerate().take_while(fits).count();
            let repeated = length.div_ceil(period);
            let span = rest.get(first..first + (repeated - 1) * period + 1).unwrap_or_default();
            if let ([start, .., end], true) = (span, repeated >= REPEATED) {
                let (start, end, beats) = (start.time, end.time, repeated as u32);
                found.push(Finding { kind, start, end, beats, rate: mean_rate(span) });
            }
            from += first + length.max(1);
        }
    }
}

/// Lasting fast and slow rates.
fn rates(series: &[RhythmBeat], found: &mut Vec<Finding>) {
    let rule = |span: &[RhythmBeat]| {
        let rate = mean_rate(span)?;
        if rate.0 > FAST.0 {
            Some(FindingKind::Tachycardia)
        } else if rate.0 < SLOW.0 {
            Some(FindingKind::Bradycardia)
        } else {
            None
        }
    };
    lasting(series, (SPAN, LASTING), rule, found);
}

/// Lasting rates that are fast and uneven.
fn uneven(series: &[RhythmBeat], found: &mut Vec<Finding>) {
    let rule = |span: &[RhythmBeat]| {
        let rate = mean_rate(span)?;
        let length = |pair: &[RhythmBeat]| if let [a, b] = pair { (b.time - a.time).0 } else { 0.0 };
        let differs = |three: &[RhythmBeat]| {
            let (first, second) = (length(three.get(..2).unwrap_or_default()), length(three.get(1..).unwrap_or_default()));
            (second - first).abs() > UNEVEN.0 * (first + second) / 2.0
        };
        let (count, all) = (span.windows(3).filter(|three| differs(three)).count(), span.len().saturating_sub(2));
        (rate.0 > RAPID.0 && count as f64 > UNEVEN.1 * all as f64).then_some(FindingKind::RapidIrregular)
    };
    lasting(series, (UNEVEN_SPAN, UNEVEN_LASTING), rule, found);
}

/// Stretches over which a rule says the same of every `span` successive intervals, when they last long enough.
fn lasting(
    series: &[RhythmBeat],
    (span, least): (usize, Seconds),
    rule: impl Fn(&[RhythmBeat]) -> Option<FindingKind>,
    found: &mut Vec<Finding>,
) {
    let mut open: Option<(FindingKind, usize, usize)> = None;
    let mut close = |open: Option<(FindingKind, usize, usize)>| {
        let Some((kind, from, to)) = open else { return };
        let stretch = series.get(from..=to).unwrap_or_default();
        if let [first, .., last] = stretch {
            if (last.time - first.time).0 >= least.0 {
                let beats = stretch.len() as u32;
                found.push(Finding { kind, start: first.time, end: last.time, beats, rate: mean_rate(stretch) });
            }
        }
    };
    for (from, window) in series.windows(span + 1).enumerate() {
        let to = from + span;
        match (rule(window), open) {
            (Some(kind), Some((same, first, _))) if kind == same => open = Some((kind, first, to)),
            (now, before) => {
                close(before);
                open = now.map(|kind| (kind, from, to));
            }
        }
    }
    close(open);
}

/// Beats a minute from the first to the last of some.
fn mean_rate(beats: &[RhythmBeat]) -> Option<BeatsPerMinute> {
    let (first, last) = (beats.first()?, beats.last()?);
    let length = (last.time - first.time).0;
    (length > 0.0).then(|| BeatsPerMinute(60.0 * (beats.len() - 1) as f64 / length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use BeatClass::{N, Q, S, V};
    use FindingKind::*;

    /// Beats of these classes, so many seconds apart.
    fn beats(classes: &[BeatClass], rr: f64) -> Vec<RhythmBeat> {
        let beat = |(i, class): (usize, &BeatClass)| RhythmBeat { time: Seconds(i as f64 * rr), class: *class, follows: i > 0 };
        classes.iter().enumerate().map(beat).collect()
    }

    fn kinds(beats: &[RhythmBeat]) -> Vec<(FindingKind, u32)> {
        let last = beats.last().map_or(Seconds(0.0), |beat| beat.time);
        findings(beats, last).iter().map(|f| (f.kind, f.beats)).collect()
    }

    #[test]
    fn groups_and_patterns_are_told_by_their_classes() {
        assert_eq!(kinds(&beats(&[N, V, V, N, N], 0.8)), [(Couplet, 2)]);
        assert_eq!(kinds(&beats(&[N, V, V, V, N, S, S, S, S], 0.8)), [(VentricularRun, 3), (SupraventricularRun, 4)]);
        assert_eq!(kinds(&beats(&[N, V, N, V, N, V, N, N], 0.8)), [(Bigeminy, 3)]);
        assert_eq!(kinds(&beats(&[V, N, N, V, N, N, V, N, N, N], 0.8)), [(Trigeminy, 3)]);
        assert_eq!(kinds(&beats(&[N, V, N, V, N, N, V, N, N, V, N, N], 0.8)), [(Trigeminy, 3)]);
        assert_eq!(kinds(&beats(&[N, V, Q, V, Q, V, N], 0.8)), []);
        let mut broken = beats(&[N, V, V, V, N], 0.8);
        broken[2].follows = false;
        assert_eq!(kinds(&broken), [(Couplet, 2)]);
    }

    #[test]
    fn rates_must_last_and_pauses_stand_alone() {
        assert_eq!(kinds(&beats(&[N; 40], 0.8)), []);
        assert_eq!(kinds(&beats(&[N; 61], 0.5)), [(Tachycardia, 61)]);
        assert_eq!(kinds(&beats(&[N; 59], 0.5)), []);
        assert_eq!(kinds(&beats(&[N; 26], 1.3)), [(Bradycardia, 26)]);
        let mut paused = beats(&[N; 30], 0.8);
        paused.iter_mut().skip(10).for_each(|beat| beat.time.0 += 1.5);
        paused.iter_mut().skip(20).for_each(|beat| beat.time.0 += 4.0);
        assert_eq!(kinds(&paused), [(Pause, 0), (Asystole, 0)]);
        let silent = beats(&[N; 5], 0.8);
        assert_eq!(findings(&silent, Seconds(8.0)).last().map(|f| f.kind), Some(Asystole));
        assert_eq!(findings(&[], Seconds(60.0)), []);
    }

    #[test]
    fn a_fast_uneven_rhythm_is_both() {
        let mut all = beats(&[N; 80], 0.45);
        let mut time = 0.0;
        for (i, beat) in all.iter_mut().enumerate() {
            time += 0.33 + 0.05 * ((i * 7) % 5) as f64;
            beat.time = Seconds(time);
        }
        let found: Vec<FindingKind> = kinds(&all).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(found, [Tachycardia, RapidIrregular]);
    }
}
