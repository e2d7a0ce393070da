//! P, QRS and T waves of a beat: where each begins, peaks and ends.
//!
//! In the order of the flow:
//! 1. `view`: 1.36 s around the R peak at 250 Hz, over the level before the complex.
//! 2. `neighbours`: averaged with the latest beats of the same shape.
//! 3. `model`: a small network says where the waves are and whether there are P and T waves; one network for each
//!    fiducial looks at its surroundings, twice; one more looks for the P wave where it then is thought to be. Learnt
//!    once and kept in `fitted`.
//!
//! A beat takes some 20,000 multiplications.

mod fitted;
mod inversion;
mod model;
mod neighbours;
mod view;

use crate::dsp::Strip;
use crate::signal::{Fiducials, Wave};
use crate::units::{SamplePlace, Seconds};
use neighbours::Neighbours;

pub use inversion::{Directions, Polarity};
pub use model::{Model, Places, WEIGHTS};
pub use view::{Circumstances, View, FIDUCIALS, LENGTH};

/// Intervals of which the irregularity is taken, and beats of which the agreement is.
const LATEST: usize = 8;
/// A wave is told when its probability is this or more: a P wave from the first on where intervals are even, from the
/// second on where they are not, as in fibrillation.
const P_TOLD: (f32, f32) = (0.8, 0.95);
/// Irregularity at which intervals begin to be uneven, and by which they are.
const UNEVEN: (f32, f32) = (0.05, 0.1);
/// With fewer intervals nothing is known of that: as if they were.
const FEW: usize = 3;
const T_TOLD: f32 = 0.5;
/// Fiducials are told as LUDB marks them.
const MARKING: f32 = 0.0;

/// Finds the waves of one beat after the other, in one lead.
pub struct Delineator {
    model: Model,
    neighbours: Neighbours,
    /// The latest intervals, in seconds; the latest last.
    intervals: [f32; LATEST],
    known: usize,
    /// Mean agreement of the latest beats, and how many these are.
    agreement: f32,
    agreeing: f32,
}

impl Default for Delineator {
    fn default() -> Self {
        Self::new()
    }
}

impl Delineator {
    /// Signal needed after an R peak when the next beat is not known.
    pub const REACH: Seconds = Seconds(0.9);
    /// Signal needed before an R peak.
    pub const BEFORE: Seconds = Seconds(0.53);

    /// One for the start of a signal.
    #[must_use]
    pub fn new() -> Self {
        Self::with_model(Model::fitted())
    }

    /// The same with another model: for learning.
    #[must_use]
    pub fn with_model(model: Model) -> Self {
        Self {
            model,
            neighbours: Neighbours::new(),
            intervals: [0.0; LATEST],
            known: 0,
            agreement: 0.0,
            agreeing: 0.0,
        }
    }

    /// After a gap: neighbours are no neighbours any more.
    pub fn reset(&mut self) {
        self.neighbours.clear();
        self.known = 0;
        (self.agreement, self.agreeing) = (0.0, 0.0);
    }

    /// The waves of the beat with this R peak, which lies between the R peaks `before` and `after` where these are
    /// known. The beats must come in order. What lies farther than [`Delineator::REACH`] after the R peak has no
    /// influence.
    pub fn beat(
        &mut self,
        strip: &Strip,
        r: SamplePlace,
        before: Option<SamplePlace>,
        after: Option<SamplePlace>,
    ) -> Fiducials {
        let Some((at, [p_chance, t_chance], known)) = self.look(strip, r, before, after) else {
            return Fiducials::default();
        };
        let [p_onset, p_peak, p_end, qrs_onset, qrs_end, t_onset, t_peak, t_end] = at.map(Some);
        let wave = |onset, peak, end| Wave { onset, peak, end };
        let uneven =
            if self.known < FEW { 1.0 } else { ((known.irregularity - UNEVEN.0) / UNEVEN.1).clamp(0.0, 1.0) };
        let p_told = P_TOLD.0 + uneven * (P_TOLD.1 - P_TOLD.0);
        Fiducials {
            p: (p_chance >= p_told).then(|| wave(p_onset, p_peak, p_end)),
            qrs_onset,
            qrs_end,
            t: (t_chance >= T_TOLD).then(|| wave(t_onset, t_peak, t_end)),
            p_chance,
        }
    }

    /// Where the model puts the fiducials of a beat, in their order, and the probability of a P wave, whether they are
    /// told or not: for learning. `None` when the place is not finite.
    pub fn places(
        &mut self,
        strip: &Strip,
        r: SamplePlace,
        before: Option<SamplePlace>,
        after: Option<SamplePlace>,
    ) -> Option<([SamplePlace; FIDUCIALS], f32)> {
        let (at, [p_chance, _], _) = self.look(strip, r, before, after)?;
        Some((at, p_chance))
    }

    /// Where everything is, the probabilities of a P and a T wave, and what was known of the beat.
    fn look(
        &mut self,
        strip: &Strip,
        r: SamplePlace,
        before: Option<SamplePlace>,
        after: Option<SamplePlace>,
    ) -> Option<([SamplePlace; FIDUCIALS], [f32; 2], Circumstances)> {
        let (centre, view, known) = self.view(strip, r, before, after)?;
        let Places { at, odds: [p_odds, t_odds] } = self.model.places(&view);
        let chances = [self.neighbours.odds(p_odds), t_odds].map(|odds| 1.0 / (1.0 + (-odds).exp()));
        let places = ordered(at).map(|unit| strip.place(centre + f64::from(unit * view::UNIT)));
        Some((places, chances, known))
    }

    /// What the model sees of a beat, around an index of the strip; `None` when the place is not finite. Counts as
    /// having seen the beat: for learning.
    pub fn view(
        &mut self,
        strip: &Strip,
        r: SamplePlace,
        before: Option<SamplePlace>,
        after: Option<SamplePlace>,
    ) -> Option<(f64, View, Circumstances)> {
        let at = strip.index(r);
        // Places beyond 2^53 are not whole any more.
        if !at.is_finite() || at.abs() > 9e15 {
            return None;
        }
        let centre = at.round();
        let distance =
            |other: Option<SamplePlace>| other.map(|o| strip.index(o) - at).filter(|d| d.is_finite());
        let limit = Self::REACH.0 * Strip::RATE_HZ;
        let after = distance(after).filter(|d| *d < limit);
        let (values, agreement) = self.neighbours.average(&view::cut(strip, centre as i64, after));
        if let Some(new) = agreement {
            self.agreeing = (self.agreeing + 1.0).min(LATEST as f32);
            self.agreement += (new - self.agreement) / self.agreeing;
        }
        let before_s = distance(before).map(|d| (-d / Strip::RATE_HZ) as f32);
        let irregularity = self.irregularity(before_s);
        let known = Circumstances {
            before_s: before_s.unwrap_or(2.0),
            after_s: (after.unwrap_or(limit) / Strip::RATE_HZ) as f32,
            irregularity,
            agreement: self.agreement,
        };
        Some((centre, View::new(values, known, MARKING), known))
    }

    /// Takes the interval before a beat, and gives the mean difference between successive ones over their mean.
    fn irregularity(&mut self, before_s: Option<f32>) -> f32 {
        if let Some(latest) = before_s {
            self.intervals.rotate_left(1);
            if let Some(last) = self.intervals.last_mut() {
                *last = latest;
            }
            self.known = (self.known + 1).min(LATEST);
        }
        let known = self.intervals.get(LATEST - self.known..).unwrap_or_default();
        if known.len() < 2 {
            return 0.0;
        }
        let pairs = known.iter().zip(known.iter().skip(1));
        let differences: f32 = pairs.map(|(a, b)| (b - a).abs()).sum();
        let (sum, count) = (known.iter().sum::<f32>(), known.len() as f32);
        differences / (count - 1.0) / (sum / count)
    }
}

/// No fiducial before the one that comes first, seen from the R peak, which the complex holds.
fn ordered(at: [f32; FIDUCIALS]) -> [f32; FIDUCIALS] {
    let [p_onset, p_peak, p_end, qrs_onset, qrs_end, t_onset, t_peak, t_end] = at;
    let qrs_onset = qrs_onset.min(0.0);
    let p_end = p_end.min(qrs_onset);
    let p_peak = p_peak.min(p_end);
    let p_onset = p_onset.min(p_peak);
    let qrs_end = qrs_end.max(0.0);
    let t_onset = t_onset.max(qrs_end);
    let t_peak = t_peak.max(t_onset);
    [p_onset, p_peak, p_end, qrs_onset, qrs_end, t_onset, t_peak, t_end.max(t_peak)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector;
    use crate::synth::EcgSynth;
    use crate::units::{BeatsPerMinute, Hertz, SampleCount};

    /// The waves of every R peak that the detector finds, in pieces.
    fn waves(samples_uv: &[f32], rate: Hertz, piece: usize) -> Vec<(f64, Fiducials)> {
        let mut peaks = Vec::new();
        let mut detector = Detector::new(rate);
        detector.push(samples_uv, &mut peaks);
        detector.finish(&mut peaks);
        let (mut strip, mut delineator) = (Strip::new(rate, Seconds(60.0)), Delineator::new());
        samples_uv.chunks(piece).for_each(|part| strip.push(part));
        let at = |i: usize| peaks.get(i).map(|p| p.at);
        (0..peaks.len())
            .filter_map(|i| {
                let before = i.checked_sub(1).and_then(at);
                Some((at(i)?.0, delineator.beat(&strip, at(i)?, before, at(i + 1))))
            })
            .collect()
    }

    fn places(f: &Fiducials) -> Vec<f64> {
        let wave = |w: Option<Wave>| w.map_or(vec![], |w| vec![w.onset, w.peak, w.end]);
        let all = [wave(f.p), vec![f.qrs_onset, f.qrs_end], wave(f.t)].concat();
        all.into_iter().flatten().map(|p| p.0).collect()
    }

    #[test]
    fn synthetic_waves_are_found_where_they_are() {
        for hz in [130.0, 250.0, 500.0] {
            let rate = Hertz::new(hz).unwrap();
            let ecg = EcgSynth::new(3).heart_rate(BeatsPerMinute(70.0)).render(rate, Seconds(30.0));
            let found = waves(&ecg.samples_uv, rate, 77);
            let mut beats = 0;
            for (r, f) in &found[2..found.len() - 2] {
                let (p, t) = (f.p.unwrap().peak.unwrap().0 - r, f.t.unwrap().peak.unwrap().0 - r);
                assert!((-0.25..-0.1).contains(&(p / hz)), "P at {} s, {hz} Hz", p / hz);
                assert!((0.15..0.4).contains(&(t / hz)), "T at {} s, {hz} Hz", t / hz);
                let width = (f.qrs_end.unwrap().0 - f.qrs_onset.unwrap().0) / hz;
                assert!((0.05..0.13).contains(&width), "QRS of {width} s, {hz} Hz");
                beats += 1;
            }
            assert!(beats > 25);
        }
    }

    #[test]
    fn what_is_told_is_finite_and_in_order() {
        let rate = Hertz::new(250.0).unwrap();
        let mut draw = 1_u32;
        let mut garbage = |_| {
            draw = draw.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match draw >> 28 {
                0 => f32::NAN,
                1 => f32::INFINITY,
                2 => f32::MAX,
                _ => (draw >> 16) as f32 - 32_768.0,
            }
        };
        let signals = [vec![0.0; 4000], (0..4000).map(&mut garbage).collect(), vec![f32::NAN; 4000]];
        for samples in signals {
            let mut strip = Strip::new(rate, Seconds(20.0));
            strip.push(&samples);
            let mut delineator = Delineator::new();
            for r in [0.0, 3.5, 200.0, 1000.25, 3999.0, 1e9, -1e9, f64::MAX] {
                for near in
                    [None, Some(SamplePlace(r)), Some(SamplePlace(f64::NAN)), Some(SamplePlace(r + 50.0))]
                {
                    let f = delineator.beat(&strip, SamplePlace(r), near, near);
                    let places = places(&f);
                    assert!(places.iter().all(|p| p.is_finite()), "{places:?}");
                    assert!(places.windows(2).all(|w| w[0] <= w[1]), "{places:?}");
                    assert!((0.0..=1.0).contains(&f.p_chance));
                }
            }
            assert_eq!(delineator.beat(&strip, SamplePlace(f64::NAN), None, None), Fiducials::default());
        }
    }

    #[test]
    fn pieces_do_not_matter_and_after_a_reset_it_is_as_new() {
        let rate = Hertz::new(360.0).unwrap();
        let ecg = EcgSynth::new(5).render(rate, Seconds(20.0));
        let whole = waves(&ecg.samples_uv, rate, 100_000);
        assert_eq!(whole, waves(&ecg.samples_uv, rate, 1));
        let mut strip = Strip::new(rate, Seconds(30.0));
        strip.push(&ecg.samples_uv);
        let mut used = Delineator::new();
        for (r, _) in &whole {
            used.beat(&strip, SamplePlace(*r), Some(SamplePlace(r - 300.0)), None);
        }
        used.reset();
        let r = SamplePlace(whole[3].0);
        let fresh = Delineator::new().beat(&strip, r, None, None);
        assert_eq!(used.beat(&strip, r, None, None), fresh);
        strip.skip(SampleCount(50));
        assert!(places(&used.beat(&strip, r, None, None)).iter().all(|p| p.is_finite()));
    }
}
