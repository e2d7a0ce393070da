//! Hearts with a blocked bundle, made of others: beats keep their places and their P waves, and have the complex and
//! the T wave of wide beats of another heart. Few recordings have such a bundle; a beat from one ventricle looks much
//! the same.

use super::focus::{places, size};
use super::lent::Donor;
use crate::score::Draw;
use pqrst::import::wfdb::{Annotation, Annotations};
use pqrst::import::RecordedLead;
use pqrst::units::SampleIndex;

/// A wide complex begins so long before its R peak, and a narrow one before its own, in seconds.
const WIDE_S: f64 = 0.12;
const NARROW_S: f64 = 0.06;
/// What is taken of a wide beat after its R peak, at most and at least, in seconds.
const TAIL_S: f64 = 0.50;
const SHORT_S: f64 = 0.12;
/// What is kept of a cycle before the next R peak, in seconds.
const KEPT_S: f64 = 0.26;
/// How many of the hearts have the block now and then only, and how many beats a stretch with or without it lasts then.
const NOW_AND_THEN: f64 = 0.5;
const STRETCH: (f64, f64) = (2.0, 40.0);

/// The lead with its beats wide, and where they are then; `None` where there are none.
pub fn blocked(
    lead: &RecordedLead,
    truth: &Annotations,
    donor: &Donor,
    draw: &mut Draw,
) -> Option<(RecordedLead, Annotations)> {
    let beats = places(lead, truth);
    let own_uv = size(lead, beats.iter().map(|(at, _)| *at))?;
    let shape = Shape::new(donor, own_uv, draw);
    let mut block = Block::new(draw);
    let mut samples_uv = lead.samples_uv.clone();
    let mut list = Vec::new();
    for (i, (at_s, mark)) in beats.iter().enumerate() {
        let wide = block.next(draw);
        if wide {
            let next_s = beats.get(i + 1).map_or(at_s + 1.0, |b| b.0);
            shape.lay(lead, *at_s, next_s, &mut samples_uv, draw);
        }
        let at_s = if wide { at_s + shape.later_s() } else { *at_s };
        let at = SampleIndex((at_s * lead.rate.get()).round() as u64);
        list.push(Annotation { at, ..(*mark).clone() });
    }
    list.retain(|a| (a.at.0 as usize) < samples_uv.len());
    Some((RecordedLead { samples_uv, ..lead.clone() }, Annotations { list, resolution_hz: None }))
}

/// Which beats are wide.
struct Block {
    /// Chance that the next beat is the first one of the other kind.
    changes: f64,
    wide: bool,
}

impl Block {
    fn new(draw: &mut Draw) -> Self {
        if draw.uniform() < NOW_AND_THEN {
            Self { changes: 1.0 / draw.between(STRETCH.0, STRETCH.1), wide: draw.uniform() < 0.5 }
        } else {
            Self { changes: 0.0, wide: true }
        }
    }

    fn next(&mut self, draw: &mut Draw) -> bool {
        self.wide ^= draw.uniform() < self.changes;
        self.wide
    }
}

/// Wide beats of one shape as they are lent to one heart.
struct Shape<'a> {
    donor: &'a Donor,
    beats: Vec<(f64, f64)>,
    gain: f64,
    pace: f64,
}

impl<'a> Shape<'a> {
    fn new(donor: &'a Donor, own_uv: f64, draw: &mut Draw) -> Self {
        let beats = donor.alike(draw);
        let gain = donor.gain(own_uv, (0.6, 1.3), draw);
        Self { donor, beats, gain, pace: draw.between(0.8, 1.1) }
    }

    /// How much later than a narrow complex's R peak the wide one's comes: both begin together.
    fn later_s(&self) -> f64 {
        WIDE_S * self.pace - NARROW_S
    }

    /// Puts one of the beats in place of that whose R peak is at `at_s`, from the straight line between what stays of
    /// the signal before and after it.
    fn lay(&self, lead: &RecordedLead, at_s: f64, next_s: f64, samples_uv: &mut [f32], draw: &mut Draw) {
        let wide = self.donor.piece(self.beats[draw.below(self.beats.len())], self.gain, self.pace);
        let new_s = at_s + self.later_s();
        let tail_s = (TAIL_S.min(wide.cycle_s - KEPT_S) * self.pace).max(SHORT_S);
        let from_s = at_s - NARROW_S;
        let to_s = (new_s + tail_s).min(next_s - KEPT_S).max(new_s + SHORT_S);
        let hz = lead.rate.get();
        let lent = |t: f64| wide.at(t - new_s);
        let own = |t: f64| lead.samples_uv.get((t * hz).max(0.0) as usize).map_or(0.0, |v| f64::from(*v));
        let offset = |t: f64| own(t) - lent(t);
        let (first, last) = (offset(from_s), offset(to_s));
        for j in (from_s * hz).ceil().max(0.0) as usize..(to_s * hz).max(0.0) as usize {
            let t = j as f64 / hz;
            if let Some(slot) = samples_uv.get_mut(j) {
                *slot = (lent(t) + first + (last - first) * (t - from_s) / (to_s - from_s)) as f32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beats::splice::tests::recording;
    use crate::beats::staged::marked;
    use pqrst::import::wfdb::AnnotationCode;

    /// Every third beat is one of a blocked bundle.
    fn made(seed: u64) -> (RecordedLead, Annotations) {
        let (lead, places) = recording(seed);
        let code = |i| if i % 3 == 0 { AnnotationCode::LEFT_BUNDLE } else { AnnotationCode::NORMAL };
        let mark = |(i, at): (usize, &f64)| marked((at * 250.0).round() as usize, code(i));
        let list = places.iter().enumerate().map(mark).collect();
        (lead, Annotations { list, resolution_hz: None })
    }

    #[test]
    fn what_stands_before_a_complex_stays() {
        let ((own, truth), (other, marks)) = (made(3), made(4));
        let donor = Donor::new("other", &other, &marks, &[AnnotationCode::LEFT_BUNDLE]).unwrap();
        let mut changed = 0;
        for seed in 0..8 {
            let (lead, moved) = blocked(&own, &truth, &donor, &mut Draw(seed)).unwrap();
            assert_eq!(lead.samples_uv.len(), own.samples_uv.len());
            for (a, b) in truth.list.iter().zip(&moved.list) {
                let (from, to) = (a.at.0 as usize, b.at.0 as usize);
                assert!((from..from + 20).contains(&to));
                let before = from.saturating_sub(50)..from - 15;
                assert!(lead.samples_uv[before.clone()] == own.samples_uv[before]);
                let step = |i: usize| lead.samples_uv[i] - lead.samples_uv[i - 1];
                assert!((from - 16..from + 60).all(|i| step(i).abs() < 600.0), "beat at {from}");
            }
            changed += usize::from(lead.samples_uv != own.samples_uv);
        }
        // A block that comes and goes may stay away.
        assert!(changed >= 6, "{changed} of 8");
    }
}
