//! Whether a lead is likely upside down: electrodes swapped, or a strap put on the wrong way round.
//!
//! In sinus rhythm the P wave points up in leads I, II and V4 to V6, and mostly so do the complex and the T wave. The
//! rule below was chosen with this in mind. On leads I, II, V5 and V6 of half of LUDB it told 90 to 91 of 100 that were
//! turned over, and none as they are; of the first leads of half of the MIT-BIH Arrhythmia Database 20 of 22, and 1 as it
//! is (`eval delineation`).

use crate::dsp::Strip;
use crate::signal::Fiducials;
use crate::units::SamplePlace;

/// Fewer beats say nothing.
const FEWEST: u32 = 5;
/// A wave points one way when so many of its beats do, of those in which it is clear.
const MOST: f32 = 0.75;
/// Smaller deflections point nowhere, in microvolts.
const CLEAR_UV: f32 = 15.0;
/// Samples of the strip beyond which no complex reaches: 300 ms.
const LONGEST_COMPLEX: i64 = 75;

/// Which way up a lead likely is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarity {
    /// As leads I, II and V4 to V6 of most people are.
    Upright,
    /// The P wave points down and so does the complex or the T wave; where there is no P wave, both of these: as lead
    /// aVR, or a swap of electrodes. Also some hearts look so: it is a reason to look at the electrodes, not to turn the signal over.
    LikelyInverted,
    /// Too few beats, or waves that point different ways.
    Unclear,
}

/// Beats by which way their waves point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Directions {
    beats: u32,
    p: Votes,
    qrs: Votes,
    t: Votes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Votes {
    up: u32,
    down: u32,
}

impl Votes {
    fn add(&mut self, height_uv: f32) {
        self.up += u32::from(height_uv > CLEAR_UV);
        self.down += u32::from(height_uv < -CLEAR_UV);
    }

    /// 1 up, -1 down, 0 neither.
    fn direction(self) -> i32 {
        let all = (self.up + self.down) as f32;
        if self.up + self.down < FEWEST {
            0
        } else {
            i32::from(self.up as f32 >= MOST * all) - i32::from(self.down as f32 >= MOST * all)
        }
    }
}

impl Directions {
    /// Takes a beat while the strip still holds it.
    pub fn observe(&mut self, strip: &Strip, fiducials: &Fiducials) {
        let (Some(onset), Some(end)) = (fiducials.qrs_onset, fiducials.qrs_end) else { return };
        let index = |place: SamplePlace| strip.index(place).round() as i64;
        let level = strip.get(index(onset));
        let over = |place: SamplePlace| strip.get(index(place)) - level;
        self.beats += 1;
        if let Some(peak) = fiducials.p.and_then(|p| p.peak) {
            self.p.add(over(peak));
        }
        // The complex points where its larger part does.
        let (mut low, mut high) = (0.0_f32, 0.0_f32);
        let (first, last) = (index(onset), index(end));
        for i in first..=last.min(first.saturating_add(LONGEST_COMPLEX)) {
            let x = strip.get(i) - level;
            (low, high) = (low.min(x), high.max(x));
        }
        self.qrs.add(low + high);
        if let Some(peak) = fiducials.t.and_then(|t| t.peak) {
            self.t.add(over(peak));
        }
    }

    /// Which way up the lead likely is, by the beats so far.
    #[must_use]
    pub fn polarity(&self) -> Polarity {
        if self.beats < FEWEST {
            return Polarity::Unclear;
        }
        match (self.p.direction(), self.qrs.direction(), self.t.direction()) {
            (-1, -1, _) | (-1, _, -1) | (0, -1, -1) => Polarity::LikelyInverted,
            (1, ..) | (0, 1, _) | (0, _, 1) => Polarity::Upright,
            _ => Polarity::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Delineator;
    use super::*;
    use crate::detect::Detector;
    use crate::synth::EcgSynth;
    use crate::units::{Hertz, Seconds};

    fn polarity(sign: f32) -> Polarity {
        let rate = Hertz::new(250.0).unwrap();
        let ecg = EcgSynth::new(8).render(rate, Seconds(20.0));
        let samples: Vec<f32> = ecg.samples_uv.iter().map(|x| sign * x).collect();
        let (mut peaks, mut strip) = (Vec::new(), Strip::new(rate, Seconds(30.0)));
        let mut detector = Detector::new(rate);
        detector.push(&samples, &mut peaks);
        detector.finish(&mut peaks);
        strip.push(&samples);
        let (mut delineator, mut directions) = (Delineator::new(), Directions::default());
        for peak in peaks {
            directions.observe(&strip, &delineator.beat(&strip, peak.at, None, None));
        }
        directions.polarity()
    }

    #[test]
    fn a_lead_turned_over_is_told_from_one_that_is_not() {
        assert_eq!([polarity(1.0), polarity(-1.0)], [Polarity::Upright, Polarity::LikelyInverted]);
        assert_eq!(Directions::default().polarity(), Polarity::Unclear);
    }

    #[test]
    fn without_p_waves_complex_and_t_wave_decide() {
        let votes = |up, down| Votes { up, down };
        let of = |p, qrs, t| Directions { beats: 10, p, qrs, t }.polarity();
        assert_eq!(of(votes(0, 0), votes(1, 9), votes(0, 10)), Polarity::LikelyInverted);
        assert_eq!(of(votes(10, 0), votes(1, 9), votes(0, 10)), Polarity::Upright);
        assert_eq!(of(votes(0, 10), votes(5, 5), votes(10, 0)), Polarity::Unclear);
        assert_eq!(of(votes(0, 10), votes(1, 9), votes(10, 0)), Polarity::LikelyInverted);
    }
}
