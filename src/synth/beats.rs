//! When beats happen, and what each of them looks like.

use super::random::Random;
use crate::units::Seconds;
use core::f64::consts::TAU;

/// What a synthetic beat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BeatLabel {
    /// From the sinus node (or, in irregular rhythm, conducted normally).
    Normal,
    /// Premature, narrow, with another P wave.
    Supraventricular,
    /// Premature, wide, without P wave, followed by a compensatory pause.
    Ventricular,
}

/// A beat that the synthetic ECG contains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruthBeat {
    /// Centre of the R wave (in a ventricular beat: of its main wave), since the start of the signal.
    pub r: Seconds,
    /// What it is.
    pub label: BeatLabel,
}

/// How the beats follow one another.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Rhythm {
    /// Sinus rhythm: each interval is the mean one, plus respiratory and low-frequency waves, plus chance.
    Sinus,
    /// Every second beat is ventricular.
    Bigeminy,
    /// Intervals drawn independently, as in atrial fibrillation: no P waves, fibrillatory baseline.
    Irregular,
}

/// A beat of a pattern that repeats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatternBeat {
    /// What it is.
    pub label: BeatLabel,
    /// Time since the beat before, held within 0.25 to 4 s.
    pub after: Seconds,
    /// Height in parts of the usual one; negative turns the beat upside down.
    pub height: f64,
}

/// Heart rate and variability.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pace {
    pub rhythm: Rhythm,
    /// Beats in turn, in place of the rhythm when there are any.
    pub pattern: Vec<PatternBeat>,
    /// Mean interval, in seconds.
    pub mean_rr: f64,
    /// Other mean intervals, each from a moment on, both in seconds.
    pub steps: Vec<(f64, f64)>,
    /// No beat comes from here on, in seconds.
    pub silent_from: f64,
    /// Half of peak to peak of the respiratory wave (0.25 Hz) in the intervals, in seconds.
    pub respiratory: f64,
    /// The same of the low-frequency wave (0.1 Hz), in seconds.
    pub low_frequency: f64,
    /// Standard deviation of the chance part, in seconds.
    pub jitter: f64,
    /// Share of beats that are ventricular, and supraventricular.
    pub ventricular: f64,
    pub supraventricular: f64,
}

const RESPIRATORY_HZ: f64 = 0.25;
const LOW_FREQUENCY_HZ: f64 = 0.1;
/// No interval leaves these bounds, in seconds.
const RR_BOUNDS: (f64, f64) = (0.25, 4.0);

/// A beat with the intervals around it, which its waves adapt to.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedBeat {
    pub r: f64,
    pub rr_before: f64,
    pub label: BeatLabel,
    /// In parts of the usual height.
    pub height: f64,
}

/// Endless sequence of beats.
#[derive(Debug, Clone)]
pub(super) struct BeatSequence {
    pace: Pace,
    random: Random,
    count: u64,
    last: Option<PlacedBeat>,
}

impl BeatSequence {
    pub(super) fn new(pace: Pace, seed: u64) -> Self {
        Self { pace, random: Random::new(seed, 1), count: 0, last: None }
    }

    /// The next beat. The first comes after half a mean interval; one that does not come lies at infinity.
    pub(super) fn next_beat(&mut self) -> PlacedBeat {
        let beat = self.pattern_beat().unwrap_or_else(|| self.rhythm_beat());
        let silent = beat.r >= self.pace.silent_from;
        self.count += 1;
        self.last = Some(beat);
        PlacedBeat { r: if silent { f64::INFINITY } else { beat.r }, ..beat }
    }

    fn rhythm_beat(&self) -> PlacedBeat {
        let label = self.label();
        let (r, rr_before, label) = match self.last {
            None => (0.5 * self.pace.mean_rr, self.pace.mean_rr, BeatLabel::Normal),
            Some(last) => {
                let rr = self.interval(&last, label).clamp(RR_BOUNDS.0, RR_BOUNDS.1);
                (last.r + rr, rr, label)
            }
        };
        PlacedBeat { r, rr_before, label, height: 1.0 }
    }

    fn pattern_beat(&self) -> Option<PlacedBeat> {
        let turn = self.count.checked_rem(self.pace.pattern.len() as u64)?;
        let beat = self.pace.pattern.get(turn as usize)?;
        let rr = beat.after.0.max(RR_BOUNDS.0).min(RR_BOUNDS.1);
        let r = self.last.map_or(0.5 * rr, |last| last.r + rr);
        let height = if beat.height.is_finite() { beat.height } else { 1.0 };
        Some(PlacedBeat { r, rr_before: rr, label: beat.label, height })
    }

    fn label(&self) -> BeatLabel {
        let draw = self.random.uniform(self.count.wrapping_mul(8));
        let after_ectopic = self.last.is_some_and(|b| b.label != BeatLabel::Normal);
        match self.pace.rhythm {
            Rhythm::Bigeminy if self.count % 2 == 1 => BeatLabel::Ventricular,
            Rhythm::Bigeminy => BeatLabel::Normal,
            _ if after_ectopic => BeatLabel::Normal,
            _ if draw < self.pace.ventricular => BeatLabel::Ventricular,
            _ if draw < self.pace.ventricular + self.pace.supraventricular => BeatLabel::Supraventricular,
            _ => BeatLabel::Normal,
        }
    }

    fn interval(&self, last: &PlacedBeat, label: BeatLabel) -> f64 {
        let pace = &self.pace;
        let chance = self.random.normal(self.count.wrapping_mul(4).wrapping_add(1));
        let step = pace.steps.iter().rfind(|(from, _)| *from <= last.r);
        let mean_rr = step.map_or(pace.mean_rr, |(_, mean_rr)| *mean_rr);
        let sinus = mean_rr
            + pace.respiratory * (TAU * RESPIRATORY_HZ * last.r).sin()
            + pace.low_frequency * (TAU * LOW_FREQUENCY_HZ * last.r).sin()
            + pace.jitter * chance;
        let basic = match pace.rhythm {
            Rhythm::Irregular => mean_rr * (1.0 + 0.22 * chance.clamp(-2.2, 2.8)),
            Rhythm::Sinus | Rhythm::Bigeminy => sinus,
        };
        match (label, last.label) {
            (BeatLabel::Ventricular, _) => 0.62 * basic,
            (BeatLabel::Supraventricular, _) => 0.7 * basic,
            // The sinus node keeps its own time through a ventricular beat, and is reset by an atrial one.
            (BeatLabel::Normal, BeatLabel::Ventricular) => 1.38 * basic,
            (BeatLabel::Normal, _) => basic,
        }
    }
}

/// A Gaussian wave: centre from R in seconds (scaled with the square root of RR when `adapts`), width, and
/// height as a share of R.
struct Wave(f64, bool, f64, f64);

/// P, Q, R, S, T in the spirit of P. McSharry et al., "A dynamical model for generating synthetic
/// electrocardiogram signals", IEEE Trans Biomed Eng 50 (2003): a sum of Gaussians. Deviation: in time, not
/// on a limit cycle, so that the R times are exact by construction.
const NORMAL: [Wave; 6] = [
    Wave(-0.17, true, 0.022, 0.12),
    Wave(-0.027, false, 0.008, -0.08),
    Wave(0.0, false, 0.011, 1.0),
    Wave(0.029, false, 0.009, -0.18),
    Wave(0.24, true, 0.045, 0.16),
    Wave(0.29, true, 0.032, 0.14),
];
const VENTRICULAR: [Wave; 3] =
    [Wave(0.0, false, 0.034, 1.25), Wave(0.095, false, 0.034, -0.45), Wave(0.30, false, 0.06, -0.35)];
/// Farther than this from R, no wave of a beat is felt, in seconds: eight widths behind the slowest T wave.
pub(super) const REACH_S: f64 = 1.1;

/// The beat's voltage `t` seconds after its R wave's centre, for an R wave of height 1.
/// `t_waves` is the size of normal T waves, in parts of the usual one.
pub(super) fn voltage(beat: &PlacedBeat, t: f64, p_waves: bool, t_waves: f64) -> f64 {
    let stretch = beat.rr_before.clamp(0.3, 1.5).sqrt();
    let waves: &[Wave] = if beat.label == BeatLabel::Ventricular { &VENTRICULAR } else { &NORMAL };
    let mut sum = 0.0;
    for Wave(centre, adapts, width, height) in waves {
        let is_p = *adapts && *centre < 0.0;
        if is_p && !p_waves {
            continue;
        }
        let height = if *adapts && !is_p { t_waves * height } else { *height };
        let height = if is_p && beat.label == BeatLabel::Supraventricular { -0.6 * height } else { height };
        let centre = if *adapts { centre * stretch } else { *centre };
        let d = (t - centre) / width;
        if d.abs() < 8.0 {
            sum += height * (-0.5 * d * d).exp();
        }
    }
    beat.height * sum
}

/// Height of the usual T wave at an interval of 1 s, in parts of R: the largest sum of its two halves.
pub(super) const T_HEIGHT: f64 = 0.243_8;
