//! When a candidate becomes a beat.

use super::candidates::Candidate;
use super::front::{seconds, FEATURE_HZ};
use super::gain::{first_belongs, Doubtful};
use super::levels::Levels;
use super::looks::{looks, noise, INPUTS};
use super::model::Model;
use super::path::{Open, Paths, Settled};
use super::succession::Expectation;

/// Signal from which the first levels of a segment are taken, in feature samples (1.6 s).
const OPENING: i64 = 200;
/// A candidate is decided at the latest after this long, in feature samples (1.6 s).
const LATEST: i64 = 200;
/// A candidate this probable is a beat at once ...
const CLEAR: f64 = 0.99;
/// ... and one that has waited for [`RIPE`], when it is this probable.
const CLEAR_LATER: f64 = 0.88;
/// At this age (0.4 s) the T wave of a beat has been seen, in feature samples.
const RIPE: i64 = 50;
/// A candidate this improbable is none.
const UNLIKELY: f64 = 0.01;
/// What is still open when it must be decided is a beat from this probability on, ...
const EVEN: f64 = 0.42;
/// ... and from so much less where all is noise: where half of the beats are lost, F1 is best when what is as likely
/// as half of it is kept (Lipton 2014).
const LENIENCE: f64 = 0.2;
/// Where the latest beats were lost in noise, what is this probable is kept.
const LEAST: f64 = 0.1;
/// Level of noise, in parts of the height of beats, at which lenience begins and by which it grows to all of it.
const NOISY: (f32, f32) = (0.2, 0.3);
/// Where beats are lost in noise every decision is this doubtful at least.
const LOST_DOUBT: f64 = 0.5;
/// Lenience while little is known of the rhythm.
const LENIENCE_AT_FIRST: f64 = 0.1;
/// Feature samples between two looks when no candidate comes (128 ms).
pub(super) const TICK: i64 = 16;
/// Without a beat for this long, in feature samples (2.5 s), expectations fade ...
const PATIENCE: i64 = 312;
/// ... by this factor at each look.
const FADE: f64 = 0.95;
/// Without a beat for this long, in feature samples (4 s), the levels are taken anew ...
const LOST: i64 = 500;
/// ... if something of at least this part of the height of beats is there: a flat line is none.
const STILL_A_BEAT: f32 = 0.2;
/// Beats teach their rhythm from this probability on.
const SURE: f64 = 0.8;
/// How far noise keeps a beat from being learnt as a shape.
const LEARNING_IN_NOISE: f32 = 2.0;
/// The latest candidates that are remembered, whatever became of them.
const RECENT: usize = 16;

/// A candidate with its inputs, as it was judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    pub candidate: Candidate,
    pub expected: Expectation,
    pub looks: [f32; INPUTS],
}

/// A candidate that is decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decided {
    /// Place, in feature samples.
    pub at: i64,
    /// Probability of a beat when it was decided.
    pub chance: f64,
    pub beat: bool,
    /// How likely the decision is wrong: no less than what the noise of the latest ones makes of it.
    pub wrong: f64,
}

impl Decided {
    fn new(candidate: &Candidate, chance: f64, beat: bool, lost: f64) -> Self {
        let wrong = if beat { 1.0 - chance } else { chance }.max(LOST_DOUBT * lost);
        Self { at: candidate.at, chance, beat, wrong }
    }
}

/// Turns candidates into beats.
pub(super) struct Decision {
    levels: Levels,
    paths: Paths,
    settled: Settled,
    /// Whether the last settled beat was sure.
    sure: bool,
    doubtful: Doubtful,
    /// Candidates that came before the first levels.
    waiting: Vec<Candidate>,
    /// The latest candidates, the oldest first.
    recent: Vec<Candidate>,
    /// When the levels of this segment were last taken anew.
    begun: Option<i64>,
}

impl Decision {
    pub(super) fn new(model: Model) -> Self {
        let levels = Levels::new();
        let settled = Settled { at: 0, beat: None, expected: Expectation::first(&levels) };
        Self {
            paths: Paths::new(model),
            settled,
            sure: false,
            doubtful: Doubtful::default(),
            waiting: Vec::with_capacity(2 * RECENT),
            recent: Vec::with_capacity(RECENT),
            begun: None,
            levels,
        }
    }

    /// The stream is interrupted: candidates of before do not compete with those to come.
    pub(super) fn restart(&mut self) {
        self.paths.clear();
        self.waiting.clear();
        self.recent.clear();
        self.settled = Settled { at: 0, beat: None, expected: Expectation::first(&self.levels) };
        self.sure = false;
        self.begun = None;
    }

    /// Everything is forgotten.
    pub(super) fn reset(&mut self) {
        self.levels = Levels::new();
        self.doubtful = Doubtful::default();
        self.restart();
    }

    /// Takes the next candidate. `judged` is called with each that is judged now.
    pub(super) fn add(&mut self, candidate: Candidate, mut judged: impl FnMut(Judged)) {
        if self.begun.is_some() {
            judged(self.judge(candidate));
        } else {
            self.waiting.push(candidate);
        }
    }

    /// Takes the first levels once there is enough signal, or at the end of the segment.
    pub(super) fn begin(&mut self, now: i64, end: bool, mut judged: impl FnMut(Judged)) {
        if self.begun.is_some() || (now < OPENING && !end) {
            return;
        }
        self.begun = Some(0);
        self.levels.begin(&self.waiting);
        let waiting = core::mem::take(&mut self.waiting);
        for candidate in &waiting {
            judged(self.judge(*candidate));
        }
        self.waiting = waiting;
        self.waiting.clear();
    }

    /// What a candidate earns, with the levels of now; it is not judged again.
    fn judge(&mut self, candidate: Candidate) -> Judged {
        let like = self.levels.likeness(&candidate.steps);
        let looks = looks(&candidate, &self.recent, &self.levels, like);
        let like = like.map_or(0.0, |l| l.centre);
        let expected = Expectation::new(&candidate, &self.levels, like);
        let score = self.paths.model().looks(&looks);
        if self.recent.len() >= RECENT {
            self.recent.remove(0);
        }
        self.recent.push(candidate);
        self.paths.add(candidate, expected, score, &self.settled);
        Judged { candidate, expected, looks }
    }

    /// The next candidate that is decided at the time `now`; all that are left, one by one, when the stream ends.
    pub(super) fn next(&mut self, now: i64, end: bool) -> Option<Decided> {
        self.begun?;
        if self.paths.open().is_empty() {
            self.lower_expectations(now);
            return None;
        }
        let full = self.paths.is_full();
        self.paths.weigh(&self.settled, now);
        let chances = self.paths.chances();
        let ages = self.paths.open().iter().map(|o| now - o.candidate.at);
        let clear = |age: i64| if age < RIPE { CLEAR } else { CLEAR_LATER };
        let sure = chances.iter().zip(ages).position(|(p, age)| *p >= clear(age));
        let first = *chances.first()?;
        let open = self.paths.open().first()?;
        let age = now - open.candidate.at;
        // Once a later beat is sure, nothing that is still to come bears on what was before it.
        let due = sure.is_some() || end || full || age >= LATEST;
        let lost = self.doubtful.lost();
        let least = |open: &Open| wanted(&open.expected, lost);
        if sure == Some(0) || (due && first_belongs(self.paths.open(), chances, lost, least)) {
            return self.settle(first);
        }
        if first <= UNLIKELY || due {
            let other = open.candidate;
            self.doubtful.decided(first);
            self.paths.drop_first(1);
            self.levels.no_beat(&other);
            return Some(Decided::new(&other, first, false, lost));
        }
        None
    }

    /// Makes the first open candidate the latest beat.
    fn settle(&mut self, chance: f64) -> Option<Decided> {
        let settled = self.paths.settle(0)?;
        let beat = settled.beat?;
        self.doubtful.decided(chance);
        let sure = chance >= SURE;
        let since = self.settled.beat.filter(|_| sure && self.sure).map(|s| seconds(beat.at - s.at));
        let trust = ((chance - 0.5) * 2.0).max(0.0) as f32;
        let clean = trust * (1.0 - LEARNING_IN_NOISE * (noise(&beat, &self.levels) - 0.1).max(0.0)).max(0.0);
        self.levels.beat(&beat, since, clean);
        self.settled = settled;
        self.sure = sure;
        Some(Decided::new(&beat, chance, true, self.doubtful.lost()))
    }

    /// Lowers what is expected of a beat when none comes.
    fn lower_expectations(&mut self, now: i64) {
        let latest = self.settled.at.max(self.begun.unwrap_or(0));
        if now - latest > LOST {
            let near = self.recent.iter().filter(|c| now - c.at < LOST);
            let top = near.map(|c| c.height).fold(0.0, f32::max);
            if top > STILL_A_BEAT * self.levels.height() {
                let from = self.recent.partition_point(|c| now - c.at >= LOST);
                self.levels.begin(self.recent.get(from..).unwrap_or(&[]));
                self.begun = Some(now);
                return;
            }
        }
        if now - latest > PATIENCE {
            self.levels.fade(FADE);
        }
    }
}

/// The longest time from a candidate's confirmation to its report, in seconds.
pub(super) const fn longest_wait_s() -> f64 {
    (LATEST + TICK) as f64 / FEATURE_HZ
}

/// The probability from which on an unclear candidate is a beat.
fn wanted(expected: &Expectation, lost: f64) -> f64 {
    let noisy = f64::from(((expected.noise - NOISY.0) / NOISY.1).clamp(0.0, 1.0));
    let unknown = f64::from(1.0 - expected.known);
    let even = EVEN - (LENIENCE * noisy).max(LENIENCE_AT_FIRST * unknown);
    even + lost * (LEAST - even)
}
