//! Classes of beats (ANSI/AAMI EC57) from one lead.

mod evidence;
mod families;
mod fitted;
mod habits;
mod intervals;
mod marks;
mod model;
mod path;
mod portrait;
mod votes;

use crate::dsp::Strip;
use crate::signal::{BeatClass, Fiducials, RPeak};
use crate::units::Seconds;
use evidence::{Usually, INPUTS, LINKS};
use families::{Families, Manners};
use intervals::Intervals;
use marks::Marks;
use model::CLASSES;
use path::{Past, Step};
use portrait::Portrait;
use std::collections::VecDeque;
use votes::Ballot;

pub use model::{Model, MEMBERS, WEIGHTS};

/// Beats kept that are classified already: their intervals are part of what is near.
const PAST: usize = 9;
/// Beats that must follow a beat before its numbers are taken, ...
const AHEAD: usize = 2;
/// ... and beats whose numbers have a say in its class.
const HEARD: usize = 2;
/// A beat is called V from this share of V in V and N on, unless S is [`RATHER_ATRIAL`] times as likely, and S from this
/// share of S in S and N on. Chosen by leaving one record out: for few false V, then for most S.
const VENTRICULAR: f32 = 0.5;
const RATHER_ATRIAL: f32 = 2.0;
const PREMATURE_ATRIAL: f32 = 0.36;
/// A beat is called F where that is at least so likely.
const FUSION: f32 = 0.7;
/// What is neither is N where that is at least so likely, and Q otherwise.
const NORMAL: f32 = 0.25;
/// Intervals are taken to lie between these, in seconds.
const INTERVAL_S: (f64, f64) = (0.15, 4.0);
/// A beat this much earlier than usual does not teach what comes before the usual beat.
const PREMATURE: f64 = 0.88;

/// What is known of a beat when it is to be classified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Its R peak.
    pub r: RPeak,
    /// Its waves.
    pub fiducials: Fiducials,
}

/// The class of a beat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classified {
    /// Where it comes from; Q where no class is likely enough.
    pub class: BeatClass,
    /// Probability of the class, 0 to 1; of Q that none of the others was likely.
    pub confidence: f32,
    /// Probabilities of N, S, V and F.
    pub chances: [f32; 4],
}

/// A beat that was seen.
#[derive(Clone, Copy)]
struct Seen {
    at_s: f64,
    /// Time since the beat before, unless that is not known.
    before_s: Option<f64>,
    portrait: Portrait,
    marks: Marks,
    family: u32,
}

/// Tells the classes of beats, each a few beats later, from their intervals, their shapes and the signal between them.
pub struct Classifier {
    model: Model,
    seen: VecDeque<Seen>,
    /// Beats whose numbers are not taken yet: the last ones seen.
    waiting: usize,
    ballot: Ballot,
    past: Past,
    /// Beats that wait for their class.
    steps: VecDeque<Step>,
    families: Families,
    intervals: Intervals,
    usually: Usually,
    /// The numbers of the latest classified beats, for learning.
    heard: Option<Vec<Heard>>,
}

impl Default for Classifier {
    fn default() -> Self {
        Self::new()
    }
}

impl Classifier {
    /// Signal before an R peak that must be in the strip.
    pub const BEFORE: Seconds = Seconds(0.61);
    /// Signal after an R peak that must be in the strip.
    pub const AFTER: Seconds = Seconds(0.41);
    /// A beat's class comes at most so many beats later.
    pub const LAG: usize = AHEAD + HEARD;

    /// A classifier that knows nothing of this heart.
    #[must_use]
    pub fn new() -> Self {
        Self::with_model(Model::fitted())
    }

    /// The same with another model: for learning.
    #[must_use]
    pub fn with_model(model: Model) -> Self {
        Self {
            model,
            seen: VecDeque::with_capacity(PAST + AHEAD + 2),
            waiting: 0,
            ballot: Ballot::new(),
            past: Past::NONE,
            steps: VecDeque::with_capacity(HEARD + 2),
            families: Families::new(),
            intervals: Intervals::new(),
            usually: Usually::new(),
            heard: None,
        }
    }

    /// Takes the next beat, in order of time, and appends the classes that became known: one for each beat, in order.
    pub fn beat(&mut self, strip: &Strip, beat: Sighting, out: &mut Vec<Classified>) {
        let at_s = strip.index(beat.r.at) / Strip::RATE_HZ;
        let interval = |last: &Seen| (at_s - last.at_s).max(INTERVAL_S.0).min(INTERVAL_S.1);
        let before_s = self.seen.back().map(interval);
        let usual_s = self.intervals.median_s().map(f64::from);
        let premature = before_s.zip(usual_s).is_some_and(|(own, usual)| own < PREMATURE * usual);
        let portrait = Portrait::new(strip, beat.r.at);
        let family = self.families.learn(&portrait, premature);
        if let Some(own) = before_s {
            self.intervals.push(own as f32);
            self.tell(own, usual_s.unwrap_or(own));
        }
        if self.seen.len() > PAST + AHEAD {
            self.seen.pop_front();
        }
        let marks = Marks::new(strip, beat.r.at, &beat.fiducials);
        self.seen.push_back(Seen { at_s, before_s, portrait, marks, family });
        self.waiting += 1;
        if self.waiting > AHEAD {
            self.hear();
        }
        if self.steps.len() > HEARD {
            self.classify(out);
        }
    }

    /// A gap or the end: appends the classes of all beats that still wait. The shapes learnt so far are kept, the
    /// intervals are not.
    pub fn flush(&mut self, out: &mut Vec<Classified>) {
        while self.waiting > 0 {
            self.hear();
        }
        while !self.steps.is_empty() {
            self.classify(out);
        }
        self.past = Past::NONE;
        self.seen.clear();
        self.intervals.clear();
    }

    /// The last beat's family hears of the intervals around it.
    fn tell(&mut self, after_s: f64, usual_s: f64) {
        if let Some((last, before_s)) = self.seen.back().and_then(|last| Some((last, last.before_s?))) {
            let log = |s: f64| (s / usual_s).ln() as f32;
            self.families.tell(last.family, Manners { before: log(before_s), after: log(after_s) });
        }
    }

    fn hear(&mut self) {
        let index = self.seen.len().saturating_sub(self.waiting);
        self.waiting = self.waiting.saturating_sub(1);
        let usual = self.intervals.usual();
        let looks = evidence::inputs(&self.seen, index, &self.families, usual, &mut self.usually);
        let links = evidence::links(&self.seen, index, usual);
        let family = self.seen.get(index).map_or(0, |seen| seen.family);
        let step = Step {
            looks: self.ballot.weigh(family, self.model.looks(&looks)),
            links: self.model.links(&links),
        };
        self.steps.push_back(step);
        if let Some(heard) = &mut self.heard {
            heard.push(Heard { looks, links, family });
        }
    }

    fn classify(&mut self, out: &mut Vec<Classified>) {
        if let Some(own) = self.steps.pop_front() {
            out.push(decide(self.past.next(&own, self.steps.iter())));
        }
    }
}

/// The class by its chances. Rare classes have thresholds of their own.
fn decide(chances: [f32; CLASSES]) -> Classified {
    let [n, s, v, f] = chances;
    let (confidence, class) = if f >= FUSION {
        (f, BeatClass::F)
    } else if v >= VENTRICULAR * (v + n) && v * RATHER_ATRIAL >= s && v > f {
        (v, BeatClass::V)
    } else if s >= PREMATURE_ATRIAL * (s + n) && s > f {
        (s, BeatClass::S)
    } else if n >= NORMAL {
        (n, BeatClass::N)
    } else {
        (1.0 - n, BeatClass::Q)
    };
    Classified { class, confidence, chances }
}

/// The classes of a whole stretch of beats that were heard: for learning.
#[must_use]
pub fn classes(heard: &[Heard], model: &Model) -> Vec<Classified> {
    let mut ballot = Ballot::new();
    let step = |h: &Heard| Step {
        looks: ballot.weigh(h.family, model.looks(&h.looks)),
        links: model.links(&h.links),
    };
    let steps: Vec<Step> = heard.iter().map(step).collect();
    let mut past = Past::NONE;
    let following = |i: usize| steps.iter().skip(i + 1).take(HEARD);
    steps.iter().enumerate().map(|(i, own)| decide(past.next(own, following(i)))).collect()
}

/// The numbers of a beat, and those of it and the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// Inputs of the network for looks.
    pub looks: [f32; INPUTS],
    /// Inputs of the network for successions.
    pub links: [f32; LINKS],
    /// Beats of one shape have the same.
    pub family: u32,
}

/// What a classifier hears of a recording: for learning.
pub struct Rehearsal(Classifier);

impl Default for Rehearsal {
    fn default() -> Self {
        Self::new()
    }
}

impl Rehearsal {
    /// With a model for nothing but its output.
    #[must_use]
    pub fn new() -> Self {
        Self(Classifier { heard: Some(Vec::new()), ..Classifier::new() })
    }

    /// Takes a beat.
    pub fn beat(&mut self, strip: &Strip, beat: Sighting) {
        self.0.beat(strip, beat, &mut Vec::new());
    }

    /// The numbers of all beats taken.
    pub fn finish(mut self) -> Vec<Heard> {
        self.0.flush(&mut Vec::new());
        self.0.heard.take().unwrap_or_default()
    }
}
