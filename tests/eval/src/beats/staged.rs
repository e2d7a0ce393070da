//! Lessons staged with the beats of real recordings: sinus rhythm whose beats are moved to where premature ones and
//! pauses would be, and fibrillation with ventricular beats of other hearts between its own. Few recordings have every
//! beat marked; these give frequent premature beats and long runs of them in the signals of many hearts.

use super::class_of;
use super::focus::{self, places, size, Focus, CYCLES_S, JITTER, SHORTEST_S};
use super::lent::{Donor, Lent};
use super::splice::{Piece, Splice};
use crate::score::Draw;
use pqrst::import::wfdb::{Annotation, AnnotationCode, Annotations};
use pqrst::import::RecordedLead;
use pqrst::units::SampleIndex;

/// How often a cycle of sinus rhythm is a pause.
const PAUSE: f64 = 0.01;
/// Cycles before premature atrial beats, over the usual one, and how late a beat that is called premature comes at most.
const EARLY: (f64, f64) = (0.52, 0.85);
const PREMATURE: f64 = 0.9;

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
    let usual_s = focus::median(cycles.clone())?;
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
                let code = if early { AnnotationCode::ATRIAL } else { beats[i].1.code };
                list.push(marked(splice.push(own(i, p_gain), cycle_s), code));
            }
        }
        Play::Ventricular(donor) => {
            let lent = Lent::new(donor, size(lead, beats.iter().map(|(at, _)| *at))?, usual_s, draw);
            for i in 1..beats.len() {
                let mut cycle_s = cycles[i - 1];
                for (piece, early_s) in if movable(i) { lent.row(draw) } else { Vec::new() } {
                    list.push(marked(splice.push(piece, early_s), AnnotationCode::VENTRICULAR));
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
        Self { focus: Focus::new(EARLY, draw), usual_s, late, p_gain, row: 0, premature: false }
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

/// A beat of this code at this sample.
pub fn marked(at: usize, code: AnnotationCode) -> Annotation {
    Annotation { at: SampleIndex(at as u64), code, subtype: 0, channel: 0, number: 0, text: String::new() }
}
