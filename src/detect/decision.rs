//! When a candidate becomes a beat.

use super::candidates::Candidate;
use super::levels::{seconds_between, Levels};
use super::path::{Paths, Settled};

/// Signal from which the first levels of a segment are taken, in feature samples (1.6 s).
const OPENING: i64 = 200;
/// A candidate is decided at the latest after this long, in feature samples.
pub(super) const LATEST: i64 = 162;
/// ... and not before this long.
const EARLIEST: i64 = 50;
/// The score by which a beat must win to be settled early.
const CLEAR_WIN: f64 = 4.0;
/// Feature samples between two looks when no candidate comes.
pub(super) const TICK: i64 = 16;
/// Without a beat for this long, in feature samples (2.5 s), expectations fade.
const PATIENCE: i64 = 312;
/// Without a beat for this long, in feature samples (4 s), the levels are taken anew.
const LOST: i64 = 500;
const STILL_A_BEAT: f64 = 0.2;
const FADE: f64 = 0.95;

/// Turns candidates into beats.
pub(super) struct Decision {
    levels: Levels,
    paths: Paths,
    pending: Vec<Candidate>,
    settled: Option<Settled>,
    begun: bool,
    begun_at: i64,
}

impl Decision {
    pub(super) fn new() -> Self {
        Self {
            levels: Levels::new(),
            paths: Paths::new(),
            pending: Vec::with_capacity(64),
            settled: None,
            begun: false,
            begun_at: 0,
        }
    }

    /// The stream is interrupted: candidates of before do not compete with those to come.
    pub(super) fn restart(&mut self) {
        self.pending.clear();
        self.settled = None;
        self.begun = false;
        self.begun_at = 0;
    }

    pub(super) fn add(&mut self, candidate: Candidate) {
        self.pending.push(candidate);
    }

    /// The next beat that is settled at the time `now`; all that are left when the stream ends.
    pub(super) fn next(&mut self, now: i64, end: bool) -> Option<Candidate> {
        if !self.begun {
            if now < OPENING && !end {
                return None;
            }
            self.levels.begin(&self.pending);
            self.begun = true;
        }
        let (chosen, margin) = self.paths.best(self.settled.as_ref(), &self.pending, &self.levels, now);
        let first = chosen.first().copied();
        let beat = first.and_then(|i| self.pending.get(i).copied());
        if let (Some(first), Some(beat)) = (first, beat) {
            let age = now - beat.at;
            if end || age >= LATEST || (age >= EARLIEST && margin > CLEAR_WIN) {
                for other in self.pending.drain(..=first).take(first) {
                    self.levels.no_beat(&other);
                }
                let since = self.settled.as_ref().map(|s| seconds_between(&s.beat, &beat));
                let clean =
                    (1.0 - self.paths.tuning.0[30] * super::path::noisiness(&beat, &self.levels)).max(0.0);
                self.levels.beat(&beat, since, clean);
                self.settled = Some(Settled { beat });
                return Some(beat);
            }
        }
        self.forget(now);
        None
    }

    /// Drops what is too old, and lowers expectations when no beat comes.
    fn forget(&mut self, now: i64) {
        let since = now - self.settled.as_ref().map_or(0, |s| s.beat.at).max(self.begun_at);
        let top = self.pending.iter().map(|c| c.height).fold(0.0, f64::max);
        if since > LOST && top > STILL_A_BEAT * self.levels.signal() {
            self.levels.begin(&self.pending);
            self.begun_at = now;
        }
        let old = self.pending.iter().take_while(|c| now - c.at >= LATEST).count();
        for other in self.pending.drain(..old) {
            self.levels.no_beat(&other);
        }
        if since > PATIENCE {
            self.levels.fade(FADE);
        }
    }
}
