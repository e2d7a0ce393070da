//! Lessons staged with the beats of real recordings: sinus rhythm whose beats are moved to where premature ones and
//! pauses would be, and fibrillation with ventricular beats of other hearts between its own. Few recordings have every
//! beat marked; these give frequent premature beats and long runs of them in the signals of many hearts.

use super::class_of;
use super::splice::{Piece, Splice};
use crate::score::Draw;
use pqrst::import::wfdb::{Annotation, AnnotationCode, Annotations};
use pqrst::import::RecordedLead;
use pqrst::units::SampleIndex;

/// No cycle is shorter: complexes do not follow faster than the T wave ends.
const SHORTEST_S: f64 = 0.36;
/// A cycle outside these is left as it is.
const CYCLES_S: core::ops::Range<f64> = 0.35..1.8;
/// How often a cycle of sinus rhythm is a pause.
const PAUSE: f64 = 0.01;
/// Cycles before premature atrial beats and ventricular ones, over the usual one; and how late a beat that is called
/// premature comes at most.
const ATRIAL_EARLY: (f64, f64) = (0.52, 0.85);
const VENTRICULAR_EARLY: (f64, f64) = (0.45, 0.80);
const PREMATURE: f64 = 0.9;
/// How much one cycle differs from another by chance.
const JITTER: f64 = 0.03;
/// Codes of beats.
const ATRIAL: AnnotationCode = AnnotationCode(8);
const VENTRICULAR: AnnotationCode = AnnotationCode(5);
/// Ventricular beats that a donor has at least.
const LEAST: usize = 5;
/// Around an R peak the size of a beat is measured so far, in seconds.
const SIZE_S: f64 = 0.1;

/// A lead with ventricular beats that are lent to others.
pub struct Donor {
    pub record: String,
    lead: RecordedLead,
    /// Places of ventricular beats and the cycles after them, in seconds.
    beats: Vec<(f64, f64)>,
    size_uv: f64,
}

impl Donor {
    /// `None` where there are too few.
    pub fn new(record: &str, lead: &RecordedLead, truth: &Annotations) -> Option<Self> {
        let beats = places(lead, truth);
        let ventricular = beats.windows(2).filter(|w| w[0].1.code == VENTRICULAR);
        let list: Vec<(f64, f64)> = ventricular
            .map(|w| (w[0].0, w[1].0 - w[0].0))
            .filter(|(_, cycle)| CYCLES_S.contains(cycle))
            .collect();
        let size_uv = size(lead, beats.iter().filter(|(_, a)| class_of(a.code) == 0).map(|(at, _)| *at))?;
        (list.len() >= LEAST).then(|| Self {
            record: record.to_owned(),
            lead: lead.clone(),
            beats: list,
            size_uv,
        })
    }
}

/// Beats that come early, from one place in the heart.
struct Focus {
    /// Chance that they begin after a beat that is none of them.
    often: f64,
    /// Mean of them in a row.
    row: f64,
    /// The cycle before one of them, over the usual one, and that before the first one where that is another.
    early: f64,
    first: f64,
}

impl Focus {
    fn new(early: (f64, f64), draw: &mut Draw) -> Self {
        let (often, row) = match draw.uniform() {
            u if u < 0.40 => (draw.between(0.03, 0.15), 1.0),
            u if u < 0.60 => (draw.between(0.30, 0.90), 1.0),
            u if u < 0.80 => (draw.between(0.02, 0.10), draw.between(1.5, 8.0)),
            _ => (draw.between(0.20, 0.70), draw.between(2.0, 20.0)),
        };
        let first = draw.between(early.0, early.1);
        let steady = draw.uniform() < 0.7;
        Self { often, row, early: if steady { first } else { draw.between(early.0, early.1) }, first }
    }

    /// How many come now.
    fn begin(&self, draw: &mut Draw) -> usize {
        if draw.uniform() >= self.often {
            return 0;
        }
        1 + (-(draw.uniform().max(1e-6)).ln() * (self.row - 1.0)) as usize
    }
}

/// What is changed in a recording.
#[derive(Clone, Copy)]
pub enum Play<'a> {
    /// Sinus rhythm: beats come early.
    Premature,
    /// Fibrillation: ventricular beats of another heart come between.
    Ventricular(&'a Donor),
}

/// The lead with the play, and all its beats.
pub fn staged(
    lead: &RecordedLead,
    truth: &Annotations,
    play: Play,
    draw: &mut Draw,
) -> Option<(RecordedLead, Annotations)> {
    let beats = places(lead, truth);
    let mut cycles: Vec<f64> = beats.windows(2).map(|w| w[1].0 - w[0].0).collect();
    let usual_s = median(cycles.clone())?;
    cycles.push(usual_s);
    let own = |i: usize, p_gain: f64| Piece {
        lead,
        r_s: beats[i].0,
        cycle_s: cycles[i],
        gain: 1.0,
        pace: 1.0,
        p_gain: Some(p_gain),
    };
    let movable = |i: usize| {
        class_of(beats[i - 1].1.code) == 0
            && class_of(beats[i].1.code) == 0
            && CYCLES_S.contains(&cycles[i - 1])
    };
    let first = beats.first()?;
    let mut splice = Splice::new(own(0, 1.0));
    let mut list = vec![marked(splice.samples_uv.len(), first.1.code)];
    match play {
        Play::Premature => {
            let mut focus = Atrial::new(usual_s, draw);
            for i in 1..beats.len() {
                let (cycle_s, early) = focus.cycle(cycles[i - 1], movable(i), draw);
                let p_gain = if early { focus.p_gain } else { 1.0 };
                let code = if early { ATRIAL } else { beats[i].1.code };
                list.push(marked(splice.push(own(i, p_gain), cycle_s), code));
            }
        }
        Play::Ventricular(donor) => {
            let lent = Lent::new(donor, size(lead, beats.iter().map(|(at, _)| *at))?, usual_s, draw);
            for i in 1..beats.len() {
                let mut cycle_s = cycles[i - 1];
                for (piece, early_s) in if movable(i) { lent.row(draw) } else { Vec::new() } {
                    list.push(marked(splice.push(piece, early_s), VENTRICULAR));
                    cycle_s = (draw.between(0.6, 1.3) * usual_s).max(SHORTEST_S);
                }
                list.push(marked(splice.push(own(i, 1.0), cycle_s), beats[i].1.code));
            }
        }
    }
    let lead = RecordedLead { samples_uv: splice.finish(), ..lead.clone() };
    Some((lead, Annotations { list, resolution_hz: None }))
}

/// A place in the atria that fires early.
struct Atrial {
    focus: Focus,
    usual_s: f64,
    /// The cycle after its last beat over the usual one.
    late: f64,
    /// Size of its P waves over that of the sinus node's.
    p_gain: f64,
    /// How many of its beats are still to come in a row, and whether the last beat was one.
    row: usize,
    premature: bool,
}

impl Atrial {
    fn new(usual_s: f64, draw: &mut Draw) -> Self {
        let p_gain = match draw.uniform() {
            u if u < 0.25 => draw.between(0.5, 1.3),
            u if u < 0.70 => draw.between(-1.0, 0.5),
            _ => draw.between(-0.2, 0.2),
        };
        let late = draw.between(0.98, 1.35);
        Self { focus: Focus::new(ATRIAL_EARLY, draw), usual_s, late, p_gain, row: 0, premature: false }
    }

    /// The cycle up to the next beat in place of its own, and whether that beat is premature.
    fn cycle(&mut self, own_s: f64, movable: bool, draw: &mut Draw) -> (f64, bool) {
        let before = core::mem::take(&mut self.premature);
        if !movable {
            self.row = 0;
            return (own_s, false);
        }
        if self.row == 0 {
            self.row = self.focus.begin(draw);
        }
        let early = self.row > 0;
        self.row = self.row.saturating_sub(1);
        let jitter = 1.0 + JITTER * draw.normal();
        let cycle = match (early, before) {
            (true, false) => self.focus.first * jitter * self.usual_s,
            (true, true) => self.focus.early * jitter * self.usual_s,
            (false, true) => self.late * jitter * self.usual_s,
            (false, false) if draw.uniform() < PAUSE => draw.between(1.2, 1.8) * own_s,
            (false, false) => own_s,
        };
        let cycle = cycle.max(SHORTEST_S);
        self.premature = early && cycle < PREMATURE * self.usual_s;
        (cycle, self.premature)
    }
}

/// Ventricular beats as they are lent to one recording.
struct Lent<'a> {
    donor: &'a Donor,
    focus: Focus,
    usual_s: f64,
    gain: f64,
    pace: f64,
}

impl<'a> Lent<'a> {
    fn new(donor: &'a Donor, size_uv: f64, usual_s: f64, draw: &mut Draw) -> Self {
        let sign = if draw.uniform() < 0.3 { -1.0 } else { 1.0 };
        let gain = sign * size_uv / donor.size_uv.max(1.0) * draw.between(0.6, 1.5);
        let pace = draw.between(0.85, 1.2);
        Self { donor, focus: Focus::new(VENTRICULAR_EARLY, draw), usual_s, gain, pace }
    }

    /// Those that come now, with the cycles before them.
    fn row(&self, draw: &mut Draw) -> Vec<(Piece<'a>, f64)> {
        let count = self.focus.begin(draw);
        let one = |i: usize| {
            let (r_s, cycle_s) = self.donor.beats[draw.below(self.donor.beats.len())];
            let early = if i == 0 { self.focus.first } else { self.focus.early };
            let early_s = (early * (1.0 + JITTER * draw.normal()) * self.usual_s).max(SHORTEST_S);
            let lead = &self.donor.lead;
            (Piece { lead, r_s, cycle_s, gain: self.gain, pace: self.pace, p_gain: None }, early_s)
        };
        (0..count).map(one).collect()
    }
}

/// A beat of this code at this sample.
pub fn marked(at: usize, code: AnnotationCode) -> Annotation {
    Annotation { at: SampleIndex(at as u64), code, subtype: 0, channel: 0, number: 0, text: String::new() }
}

/// Beats with their places in seconds.
fn places<'a>(lead: &RecordedLead, truth: &'a Annotations) -> Vec<(f64, &'a Annotation)> {
    let beats = truth.list.iter().filter(|a| a.code.is_beat());
    beats.map(|a| (truth.place(a, lead.rate).0 as f64 / lead.rate.get(), a)).collect()
}

/// Median distance between the least and the largest value around an R peak, in microvolts.
fn size(lead: &RecordedLead, places_s: impl Iterator<Item = f64>) -> Option<f64> {
    let reach = (SIZE_S * lead.rate.get()) as usize;
    let around = |at: f64| {
        let place = (at * lead.rate.get()) as usize;
        let part = lead.samples_uv.get(place.saturating_sub(reach)..place + reach)?;
        let (low, high) = part.iter().fold((f32::MAX, f32::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        Some(f64::from(high - low))
    };
    median(places_s.filter_map(around).collect())
}

/// `None` where there are none.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
