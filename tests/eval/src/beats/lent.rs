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
/// How many donors' beats are lent upside down.
const TURNED: f64 = 0.3;
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
    size_uv: f64,
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

    /// One of its beats at another size and pace, without a P wave.
    pub fn piece(&self, (r_s, cycle_s): (f64, f64), gain: f64, pace: f64) -> Piece<'_> {
        Piece { lead: &self.lead, r_s, cycle_s, gain, pace, p_gain: None }
    }

    /// What makes its beats so many times as large as those of a heart with this size, some upside down.
    pub fn gain(&self, size_uv: f64, times: (f64, f64), draw: &mut Draw) -> f64 {
        let sign = if draw.uniform() < TURNED { -1.0 } else { 1.0 };
        sign * size_uv / self.size_uv.max(1.0) * draw.between(times.0, times.1)
    }

    /// The beats of one shape, that of one drawn at random: their places and the cycles after them, in seconds.
    pub fn alike(&self, draw: &mut Draw) -> Vec<(f64, f64)> {
        let complex = |beat: (f64, f64)| -> Vec<f64> {
            let piece = self.piece(beat, 1.0, 1.0);
            let values: Vec<f64> = COMPARED.map(|i| piece.at(f64::from(i) * 0.01)).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|v| v - mean).collect()
        };
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let like = |a: &[f64], b: &[f64]| 2.0 * dot(a, b) / (dot(a, a) + dot(b, b)).max(1.0);
        let drawn = self.beats[draw.below(self.beats.len())];
        let one = complex(drawn);
        let same = |beat: &(f64, f64)| *beat == drawn || like(&one, &complex(*beat)) > ALIKE;
        self.beats.iter().copied().filter(same).collect()
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
        let gain = donor.gain(size_uv, (0.6, 1.5), draw);
        let pace = draw.between(0.85, 1.2);
        Self { donor, focus: Focus::new(EARLY, draw), usual_s, gain, pace }
    }

    /// Those that come now, with the cycles before them.
    pub fn row(&self, draw: &mut Draw) -> Vec<(Piece<'a>, f64)> {
        let count = self.focus.begin(draw);
        let one = |i: usize| {
            let beat = self.donor.beats[draw.below(self.donor.beats.len())];
            let early = if i == 0 { self.focus.first } else { self.focus.early };
            let early_s = (early * (1.0 + JITTER * draw.normal()) * self.usual_s).max(SHORTEST_S);
            (self.donor.piece(beat, self.gain, self.pace), early_s)
        };
        (0..count).map(one).collect()
    }
}
