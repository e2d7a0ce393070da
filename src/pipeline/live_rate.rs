//! The heart rate of the moment: what a monitor shows, and when it must stop showing it.

use super::NullReason;
use crate::units::{BeatsPerMinute, Milliseconds, Seconds};

/// The rate is the mean over the intervals that end within this much time (IEC 60601-2-27 allows 10 s).
const SPAN: Seconds = Seconds(10.0);
/// They must cover this share of it, or of the time since the first interval of a stretch without gaps or pauses.
const COVERED: f64 = 0.95;
/// Fewest intervals.
const FEWEST: usize = 3;
/// Most intervals that are kept: ten seconds at 300 a minute.
const MOST: usize = 50;
/// A pause longer than this ends what is known of the rate: 20 a minute, the slowest interval that counts elsewhere.
pub(super) const LONGEST_PAUSE: Seconds = Seconds(3.0);

/// A rate, or why none can be told.
pub(super) type Told = Result<BeatsPerMinute, NullReason>;

/// An interval between beats.
#[derive(Clone, Copy)]
struct Interval {
    begin: f64,
    end: f64,
}

/// Follows beats and quality. Every method gives what is to be told, if anything: each rate, and each reason why there
/// is none once.
#[derive(Default)]
pub(super) struct LiveRate {
    recent: Vec<Interval>,
    /// Where the first interval of the stretch without gaps and pauses began.
    since: Option<f64>,
    /// The latest stretch that was judged unusable.
    unusable: Option<Interval>,
    trusted: bool,
    told: Option<Told>,
}

impl LiveRate {
    pub(super) fn new() -> Self {
        Self { recent: Vec::with_capacity(MOST + 1), ..Self::default() }
    }

    /// A beat ended an interval.
    pub(super) fn interval(&mut self, end: Seconds, rr: Milliseconds) -> Option<Told> {
        let new = Interval { begin: end.0 - rr.0 / 1000.0, end: end.0 };
        if new.end - new.begin > LONGEST_PAUSE.0 {
            return self.pause();
        }
        let since = *self.since.get_or_insert(new.begin);
        if self.unusable.is_some_and(|bad| new.begin < bad.end && new.end > bad.begin) {
            return None;
        }
        self.recent.push(new);
        let too_many = self.recent.len().saturating_sub(MOST);
        let old = self.recent.iter().take_while(|old| new.end - old.end >= SPAN.0).count();
        self.recent.drain(..old.max(too_many));
        let covered = self.recent.iter().map(|rr| rr.end - rr.begin).sum::<f64>();
        let needed = COVERED * (new.end - since).min(SPAN.0);
        if !self.trusted || self.recent.len() < FEWEST || covered < needed {
            return None;
        }
        let mean = Milliseconds(1000.0 * covered / self.recent.len() as f64);
        self.told = BeatsPerMinute::from_interval(mean).map(Ok);
        self.told
    }

    /// A window was judged.
    pub(super) fn judged(&mut self, start: Seconds, end: Seconds, usable: bool) -> Option<Told> {
        self.trusted = usable;
        if usable {
            return None;
        }
        let begin = self.unusable.filter(|bad| bad.end >= start.0).map_or(start.0, |bad| bad.begin);
        self.unusable = Some(Interval { begin, end: end.0 });
        // Poor signal seldom comes alone: what came after it does not count either.
        let before = self.recent.iter().take_while(|rr| rr.end <= start.0).count();
        self.recent.truncate(before);
        self.lost(NullReason::PoorQuality)
    }

    /// No beat came for too long.
    pub(super) fn pause(&mut self) -> Option<Told> {
        self.begin_anew();
        // Poor signal explains why no beat is found.
        let why = if self.trusted { NullReason::TooFewBeats } else { NullReason::PoorQuality };
        self.lost(why)
    }

    /// Samples are missing.
    pub(super) fn gap(&mut self) -> Option<Told> {
        self.begin_anew();
        self.lost(NullReason::NoSignal)
    }

    fn begin_anew(&mut self) {
        self.recent.clear();
        self.since = None;
    }

    #[inline(never)]
    fn lost(&mut self, why: NullReason) -> Option<Told> {
        let told = Some(Err(why));
        let new = self.told != told;
        self.told = told;
        if new {
            told
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bpm(told: Option<Told>) -> f64 {
        told.unwrap().unwrap().0
    }

    /// Beats every `rr` seconds from `from` to `to`; what the last one made known.
    fn beats(live: &mut LiveRate, from: f64, to: f64, rr: f64) -> Option<Told> {
        let count = ((to - from) / rr).floor() as u32;
        let end = |k: u32| Seconds(from + rr * f64::from(k));
        (1..=count).map(|k| live.interval(end(k), Milliseconds(1000.0 * rr))).last().flatten()
    }

    fn trusted() -> LiveRate {
        let mut live = LiveRate::new();
        assert_eq!(live.judged(Seconds(0.0), Seconds(2.0), true), None);
        live
    }

    #[test]
    fn a_step_is_followed_within_ten_seconds() {
        let mut live = trusted();
        assert!((bpm(beats(&mut live, 0.0, 30.0, 0.75)) - 80.0).abs() < 1e-6);
        assert!((bpm(beats(&mut live, 30.0, 40.0, 0.5)) - 120.0).abs() < 1e-6);
        assert!((bpm(beats(&mut live, 40.0, 50.5, 1.5)) - 40.0).abs() < 1e-6);
    }

    #[test]
    fn three_intervals_are_enough_at_the_start_and_not_after_a_poor_stretch() {
        let mut live = trusted();
        assert_eq!(beats(&mut live, 0.4, 2.4, 1.0), None);
        assert!(beats(&mut live, 2.4, 3.5, 1.0).is_some());
        beats(&mut live, 3.4, 20.4, 1.0);
        assert_eq!(live.judged(Seconds(18.0), Seconds(20.0), false), Some(Err(NullReason::PoorQuality)));
        assert_eq!(live.judged(Seconds(20.0), Seconds(22.0), false), None, "told once");
        assert_eq!(live.judged(Seconds(22.0), Seconds(24.0), true), None);
        assert_eq!(beats(&mut live, 20.4, 31.3, 1.0), None);
        assert!(beats(&mut live, 30.4, 33.5, 1.0).is_some());
    }

    #[test]
    fn a_pause_a_gap_and_a_poor_window_end_it_with_their_reason() {
        let mut live = trusted();
        beats(&mut live, 0.0, 10.0, 1.0);
        assert_eq!(live.interval(Seconds(13.5), Milliseconds(3500.0)), Some(Err(NullReason::TooFewBeats)));
        assert_eq!(live.pause(), None, "told once");
        assert!(beats(&mut live, 14.0, 17.5, 1.0).is_some());
        assert_eq!(live.gap(), Some(Err(NullReason::NoSignal)));
        assert_eq!(live.judged(Seconds(25.0), Seconds(27.0), false), Some(Err(NullReason::PoorQuality)));
        assert_eq!(live.pause(), None);
    }

    #[test]
    fn memory_is_bounded() {
        let mut live = trusted();
        beats(&mut live, 0.0, 100.0, 0.01);
        assert!(live.recent.len() <= MOST && live.recent.capacity() < 2 * MOST);
    }
}
