//! What beats and noise of this signal look like so far.

use super::candidates::Candidate;
use super::candidates_hz;

/// Beats that the levels remember.
const REMEMBERED: usize = 8;
/// The interval before any is known, in seconds.
const FIRST_RR_S: f64 = 0.8;
/// Intervals that may be expected, in seconds.
const RR_S: (f64, f64) = (0.3, 2.0);

/// The latest values of a quantity, and their median.
#[derive(Clone, Copy)]
struct Recent {
    values: [f64; REMEMBERED],
    count: usize,
}

impl Recent {
    const fn new() -> Self {
        Self { values: [0.0; REMEMBERED], count: 0 }
    }

    fn push(&mut self, value: f64) {
        if let Some(slot) = self.values.get_mut(self.count % REMEMBERED) {
            *slot = value;
        }
        self.count += 1;
    }

    fn median(&self) -> Option<f64> {
        let n = self.count.min(REMEMBERED);
        let mut sorted = self.values;
        let sorted = sorted.get_mut(..n)?;
        sorted.sort_unstable_by(f64::total_cmp);
        match n {
            0 => None,
            n => Some((sorted.get(n / 2)? + sorted.get((n - 1) / 2)?) / 2.0),
        }
    }
}

/// Running estimates, from settled beats and from candidates that were turned down.
pub(super) struct Levels {
    beats: Recent,
    others: Recent,
    intervals: Recent,
    signal: f64,
    noise: f64,
    rr: f64,
}

impl Levels {
    pub(super) const fn new() -> Self {
        Self {
            beats: Recent::new(),
            others: Recent::new(),
            intervals: Recent::new(),
            signal: 0.0,
            noise: 0.0,
            rr: FIRST_RR_S,
        }
    }

    /// Height of beats, in microvolts.
    pub(super) fn signal(&self) -> f64 {
        self.signal
    }

    /// Height of what is no beat, in microvolts.
    pub(super) fn noise(&self) -> f64 {
        self.noise
    }

    /// Expected interval, in seconds.
    pub(super) fn rr(&self) -> f64 {
        self.rr
    }

    /// First levels, from the candidates of the first seconds of a segment. The interval is kept.
    pub(super) fn begin(&mut self, seen: &[Candidate]) {
        let top = seen.iter().map(|c| c.height).fold(0.0, f64::max);
        self.beats = Recent::new();
        self.others = Recent::new();
        // The largest of a few may be an outlier.
        self.beats.push(0.75 * top);
        self.others.push(0.1 * top);
        self.refresh();
    }

    /// A beat is settled, `since` seconds after the one before.
    pub(super) fn beat(&mut self, beat: &Candidate, since: Option<f64>) {
        self.beats.push(beat.height);
        if let Some(rr) = since {
            self.intervals.push(rr);
        }
        self.refresh();
    }

    /// A candidate is turned down.
    pub(super) fn no_beat(&mut self, other: &Candidate) {
        self.others.push(other.height);
        self.refresh();
    }

    /// No beat came for long: what is expected may be too high.
    pub(super) fn fade(&mut self, factor: f64) {
        self.beats.values.iter_mut().for_each(|v| *v *= factor);
        self.refresh();
    }

    fn refresh(&mut self) {
        self.signal = self.beats.median().unwrap_or(0.0);
        self.noise = self.others.median().unwrap_or(0.0);
        self.rr = self.intervals.median().unwrap_or(FIRST_RR_S).clamp(RR_S.0, RR_S.1);
    }
}

/// Seconds between two candidates.
pub(super) fn seconds_between(earlier: &Candidate, later: &Candidate) -> f64 {
    (later.at - earlier.at) as f64 / candidates_hz()
}
