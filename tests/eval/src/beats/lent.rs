//! Beats of one heart, lent to another.

use super::class_of;
use super::focus::{places, size, Focus, CYCLES_S, JITTER, SHORTEST_S};
use super::splice::Piece;
use crate::score::Draw;
use pqrst::import::wfdb::{AnnotationCode, Annotations};
use pqrst::import::RecordedLead;

/// Cycles before ventricular beats, over the usual one.
const EARLY: (f64, f64) = (0.45, 0.80);
/// Beats that a donor has at least.
const LEAST: usize = 5;
/// Around an R peak two beats are compared from and to there, in hundredths of a second, and are of one shape from that
/// likeness on.
const COMPARED: core::ops::Range<i32> = -12..24;
const ALIKE: f64 = 0.9;

/// A lead with beats of a kind that are lent to others.
pub struct Donor {
    pub record: String,
    lead: RecordedLead,
    /// Places of those beats and the cycles after them, in seconds.
    beats: Vec<(f64, f64)>,
    /// Size of its normal beats.
    pub size_uv: f64,
}

impl Donor {
    /// With the beats of these codes; `None` where there are too few.
    pub fn new(
        record: &str,
        lead: &RecordedLead,
        truth: &Annotations,
        codes: &[AnnotationCode],
    ) -> Option<Self> {
        let beats = places(lead, truth);
        let lent = beats.windows(2).filter(|w| codes.contains(&w[0].1.code));
        let list: Vec<(f64, f64)> =
            lent.map(|w| (w[0].0, w[1].0 - w[0].0)).filter(|(_, cycle)| CYCLES_S.contains(cycle)).collect();
        let size_uv = size(lead, beats.iter().filter(|(_, a)| class_of(a.code) == 0).map(|(at, _)| *at))?;
        (list.len() >= LEAST).then(|| Self {
            record: record.to_owned(),
            lead: lead.clone(),
            beats: list,
            size_uv,
        })
    }

    /// The signal there, in microvolts.
    pub fn at(&self, at_s: f64) -> f64 {
        let place = at_s.max(0.0) * self.lead.rate.get();
        let (whole, part) = (place as usize, place.fract());
        let value = |i: usize| self.lead.samples_uv.get(i).map_or(0.0, |v| f64::from(*v));
        value(whole) * (1.0 - part) + value(whole + 1) * part
    }

    /// The beats of one shape, that of one drawn at random: their places and the cycles after them, in seconds.
    pub fn alike(&self, draw: &mut Draw) -> Vec<(f64, f64)> {
        let complex = |r_s: f64| -> Vec<f64> {
            let values: Vec<f64> = COMPARED.map(|i| self.at(r_s + f64::from(i) * 0.01)).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|v| v - mean).collect()
        };
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let like = |a: &[f64], b: &[f64]| 2.0 * dot(a, b) / (dot(a, a) + dot(b, b)).max(1.0);
        let (one, _) = self.beats[draw.below(self.beats.len())];
        let one_complex = complex(one);
        let same = |at: f64| at == one || like(&one_complex, &complex(at)) > ALIKE;
        self.beats.iter().copied().filter(|(at, _)| same(*at)).collect()
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
