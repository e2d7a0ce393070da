//! When a candidate becomes a beat.

use super::candidates::Candidate;
use super::front::{seconds, FEATURE_HZ};
use super::levels::Levels;
use super::path::{noisiness, Paths};
use super::weights::Weights;

/// Signal from which the first levels of a segment are taken, in feature samples (1.6 s).
const OPENING: i64 = 200;
/// A candidate is decided at the latest after this long, in feature samples (1.3 s).
const LATEST: i64 = 162;
/// The score by which a beat must win to be settled before [`LATEST`] ...
const CLEAR_WIN: f64 = 4.0;
/// ... and by how much more for each feature sample that it is younger than [`RIPE`].
const HASTE: f64 = 0.05;
/// At this age (0.4 s) the T wave of a beat has been seen.
const RIPE: i64 = 50;
/// Feature samples between two looks when no candidate comes (128 ms).
pub(super) const TICK: i64 = 16;
/// Without a beat for this long, in feature samples (2.5 s), expectations fade ...
const PATIENCE: i64 = 312;
/// ... by this factor at each look.
const FADE: f64 = 0.95;
/// Without a beat for this long, in feature samples (4 s), the levels are taken anew ...
const LOST: i64 = 500;
/// ... if something of at least this part of the height of beats is there: a flat line is none.
const STILL_A_BEAT: f64 = 0.2;

/// Candidates that can wait: they are at least 96 ms apart and wait for [`LATEST`].
const ROOM: usize = 32;

/// Turns candidates into beats.
pub(super) struct Decision {
    learning_in_noise: f64,
    levels: Levels,
    paths: Paths,
    /// Whether candidates or levels changed since the paths were scored.
    changed: bool,
    pending: Vec<Candidate>,
    settled: Option<Candidate>,
    /// When the levels of this segment were last taken anew.
    begun: Option<i64>,
}

impl Decision {
    pub(super) fn new(weights: Weights) -> Self {
        Self {
            learning_in_noise: weights.learning_in_noise,
            levels: Levels::new(),
            paths: Paths::new(ROOM, weights),
            changed: true,
            pending: Vec::with_capacity(ROOM),
            settled: None,
            begun: None,
        }
    }

    /// The stream is interrupted: candidates of before do not compete with those to come.
    pub(super) fn restart(&mut self) {
        self.pending.clear();
        self.settled = None;
        self.begun = None;
        self.changed = true;
    }

    pub(super) fn add(&mut self, candidate: Candidate) {
        self.changed = true;
        self.pending.push(candidate);
    }

    /// The next beat that is settled at the time `now`; all that are left, one by one, when the stream ends.
    pub(super) fn next(&mut self, now: i64, end: bool) -> Option<Candidate> {
        if self.begun.is_none() {
            if now < OPENING && !end {
                return None;
            }
            self.levels.begin(&self.pending);
            self.begun = Some(0);
        }
        if self.changed {
            self.paths.score(self.settled.as_ref(), &self.pending, &self.levels);
            self.changed = false;
        }
        let first = self.paths.first_beat(self.settled.as_ref(), &self.pending, &self.levels, now);
        if let Some((index, margin)) = first {
            let age = now - self.pending.get(index)?.at;
            if end || age >= LATEST || margin > CLEAR_WIN + HASTE * (RIPE - age).max(0) as f64 {
                return self.settle(index);
            }
        }
        self.forget(now);
        None
    }

    /// Makes the candidate of this index the latest beat; those before it are none.
    fn settle(&mut self, index: usize) -> Option<Candidate> {
        for other in self.pending.drain(..index) {
            self.levels.no_beat(&other);
        }
        let beat = self.pending.drain(..1).next()?;
        self.changed = true;
        let since = self.settled.map(|s| seconds(beat.at - s.at));
        let clean = (1.0 - self.learning_in_noise * noisiness(&beat, &self.levels)).max(0.0);
        self.levels.beat(&beat, since, clean);
        self.settled = Some(beat);
        Some(beat)
    }

    /// Drops what is too old, and lowers expectations when no beat comes.
    fn forget(&mut self, now: i64) {
        let latest = self.settled.map_or(0, |s| s.at).max(self.begun.unwrap_or(0));
        let top = self.pending.iter().map(|c| c.height).fold(0.0, f64::max);
        if now - latest > LOST && top > STILL_A_BEAT * self.levels.height() {
            self.levels.begin(&self.pending);
            self.begun = Some(now);
            self.changed = true;
        }
        let old = self.pending.iter().take_while(|c| now - c.at >= LATEST).count();
        for other in self.pending.drain(..old) {
            self.levels.no_beat(&other);
            self.changed = true;
        }
        if now - latest > PATIENCE {
            self.levels.fade(FADE);
            self.changed = true;
        }
    }
}

/// The longest time from a candidate's confirmation to its report, in seconds.
pub(super) const fn longest_wait_s() -> f64 {
    (LATEST + TICK) as f64 / FEATURE_HZ
}
