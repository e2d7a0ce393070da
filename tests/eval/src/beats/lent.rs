//! Ventricular beats of one heart, lent to another.

use super::class_of;
use super::focus::{places, size, Focus, CYCLES_S, JITTER, SHORTEST_S};
use super::splice::Piece;
use crate::score::Draw;
use pqrst::import::wfdb::{AnnotationCode, Annotations};
use pqrst::import::RecordedLead;

/// Cycles before ventricular beats, over the usual one.
const EARLY: (f64, f64) = (0.45, 0.80);
/// Ventricular beats that a donor has at least.
const LEAST: usize = 5;

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
        let ventricular = beats.windows(2).filter(|w| w[0].1.code == AnnotationCode::VENTRICULAR);
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

/// Ventricular beats as they are lent to one recording.
pub struct Lent<'a> {
    donor: &'a Donor,
    focus: Focus,
    usual_s: f64,
    gain: f64,
    pace: f64,
}

impl<'a> Lent<'a> {
    pub fn new(donor: &'a Donor, size_uv: f64, usual_s: f64, draw: &mut Draw) -> Self {
        let sign = if draw.uniform() < 0.3 { -1.0 } else { 1.0 };
        let gain = sign * size_uv / donor.size_uv.max(1.0) * draw.between(0.6, 1.5);
        let pace = draw.between(0.85, 1.2);
        Self { donor, focus: Focus::new(EARLY, draw), usual_s, gain, pace }
    }

    /// Those that come now, with the cycles before them.
    pub fn row(&self, draw: &mut Draw) -> Vec<(Piece<'a>, f64)> {
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
