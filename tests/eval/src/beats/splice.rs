//! Beats cut from real recordings, laid one after another at other distances than they had.

use pqrst::import::RecordedLead;

/// What belongs to the beat that follows, before its R peak: its P wave. In seconds, and at most this part of a cycle.
const LEAD_IN_S: f64 = 0.22;
const LEAD_IN_PART: f64 = 0.4;
/// The complex alone begins so long before the R peak.
const COMPLEX_S: f64 = 0.07;
/// A wide complex begins so long before its R peak, and nothing else of it is taken along.
const WIDE_S: f64 = 0.14;
/// After an R peak the signal keeps its pace for so long when a cycle is lengthened, at most this part of it.
const RIGID_S: f64 = 0.45;
const RIGID_PART: f64 = 0.6;
/// How fast a level that was taken over decays, in seconds.
const DECAY_S: f64 = 1.0;

/// A beat in a recording.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    pub lead: &'a RecordedLead,
    /// Place of its R peak, and time to the next one there, in seconds.
    pub r_s: f64,
    pub cycle_s: f64,
    /// Its size over that in the recording, and its duration.
    pub gain: f64,
    pub pace: f64,
    /// Size of the P wave over that in the recording; `None`: a ventricular beat, whose P wave stays away.
    pub p_gain: Option<f64>,
}

impl Piece<'_> {
    /// The signal so many seconds after the R peak.
    pub fn at(&self, after_s: f64) -> f64 {
        let place = (self.r_s + after_s / self.pace).max(0.0) * self.lead.rate.get();
        let (whole, part) = (place as usize, place.fract());
        let samples = &self.lead.samples_uv;
        let value = |i: usize| samples.get(i).or(samples.last()).map_or(0.0, |v| f64::from(*v));
        self.gain * (value(whole) * (1.0 - part) + value(whole + 1) * part)
    }

    fn lead_in_s(&self) -> f64 {
        self.p_gain.map_or(WIDE_S, |_| LEAD_IN_S)
    }

    fn complex_s(&self) -> f64 {
        self.p_gain.map_or(WIDE_S, |_| COMPLEX_S)
    }

    /// What the beat brings along, so many seconds before its R peak: its P wave over a straight line, and its complex.
    fn head(&self, before_s: f64) -> f64 {
        let (lead_in, complex) = (self.lead_in_s(), self.complex_s());
        if before_s >= lead_in {
            return 0.0;
        }
        let start = self.at(-lead_in);
        let x = self.at(-before_s) - start;
        if before_s <= complex {
            return x;
        }
        let line = (self.at(-complex) - start) * (lead_in - before_s) / (lead_in - complex);
        line + self.p_gain.unwrap_or(1.0) * (x - line)
    }

    /// What follows the beat, so many seconds after its R peak when the next one has its complex or P wave so many
    /// seconds after it: the T wave as it is, and then the line up to the next P wave, stretched where it must be.
    fn tail(&self, after_s: f64, ends_s: f64) -> f64 {
        let cycle = self.cycle_s * self.pace;
        let kept = cycle - LEAD_IN_S.min(LEAD_IN_PART * cycle);
        let rigid = RIGID_S.min(RIGID_PART * cycle).min(kept);
        let stretched = ends_s > kept && after_s > rigid;
        let at =
            if stretched { rigid + (after_s - rigid) * (kept - rigid) / (ends_s - rigid) } else { after_s };
        self.at(at.min(kept))
    }
}

/// A signal that grows by one beat after another.
pub struct Splice<'a> {
    pub samples_uv: Vec<f32>,
    rate: f64,
    last: Piece<'a>,
    level: f64,
}

impl<'a> Splice<'a> {
    /// What stands before the first beat.
    pub fn new(first: Piece<'a>) -> Self {
        let rate = first.lead.rate.get();
        let before = first.lead.samples_uv.get(..(first.r_s * rate).round() as usize);
        Self { samples_uv: before.unwrap_or(&[]).to_vec(), rate, last: first, level: 0.0 }
    }

    /// The next beat; returns the sample of its R peak.
    pub fn push(&mut self, next: Piece<'a>, cycle_s: f64) -> usize {
        let length = (cycle_s * self.rate).round().max(1.0);
        let ends_s = length / self.rate - next.lead_in_s();
        let complex_s = length / self.rate - next.complex_s();
        let decay = (-1.0 / (DECAY_S * self.rate)).exp();
        for j in 0..length as usize {
            let after_s = j as f64 / self.rate;
            let tail = self.last.tail(after_s.min(complex_s), ends_s);
            self.samples_uv.push((tail + next.head(length / self.rate - after_s) + self.level) as f32);
            self.level *= decay;
        }
        self.level += self.last.tail(complex_s, ends_s) - next.at(-next.lead_in_s());
        self.last = next;
        self.samples_uv.len()
    }

    /// What follows the last beat.
    pub fn finish(mut self) -> Vec<f32> {
        let rest = self.last.lead.samples_uv.get((self.last.r_s * self.rate).round() as usize..);
        let level = self.level as f32;
        self.samples_uv.extend(rest.unwrap_or(&[]).iter().map(|x| x + level));
        self.samples_uv
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use pqrst::synth::EcgSynth;
    use pqrst::units::{Hertz, Seconds};

    /// A lead at 250 Hz, and the places of its R peaks in seconds.
    pub fn recording(seed: u64) -> (RecordedLead, Vec<f64>) {
        let rate = Hertz::new(250.0).unwrap();
        let made = EcgSynth::new(seed).render(rate, Seconds(20.0));
        let places = made.beats.iter().map(|b| (b.r.0 * 250.0).round() / 250.0).collect();
        let samples_uv = made.samples_uv;
        (RecordedLead { name: String::new(), rate, samples_uv, step_uv: None, checksum_agrees: None }, places)
    }

    /// All beats with their cycles so many times as long, and the places of their R peaks.
    fn spliced(lead: &RecordedLead, places: &[f64], factor: f64, p_gain: f64) -> (Vec<f32>, Vec<usize>) {
        let piece = |i: usize| {
            let cycle_s = places.get(i + 1).map_or(1.0, |next| next - places[i]);
            Piece { lead, r_s: places[i], cycle_s, gain: 1.0, pace: 1.0, p_gain: Some(p_gain) }
        };
        let mut splice = Splice::new(piece(0));
        let mut found = vec![splice.samples_uv.len()];
        let cycles = places.windows(2).map(|w| factor * (w[1] - w[0]));
        found.extend((1..places.len()).zip(cycles).map(|(i, cycle_s)| splice.push(piece(i), cycle_s)));
        (splice.finish(), found)
    }

    #[test]
    fn nothing_moved_is_the_recording() {
        let (lead, places) = recording(3);
        let (samples, found) = spliced(&lead, &places, 1.0, 1.0);
        assert_eq!(samples.len(), lead.samples_uv.len());
        let far = samples.iter().zip(&lead.samples_uv).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 0.01, "{far} uV");
        assert!(found.iter().zip(&places).all(|(a, b)| *a == (b * 250.0).round() as usize));
    }

    #[test]
    fn moved_beats_keep_their_complex_and_lose_no_level() {
        let (lead, places) = recording(3);
        for factor in [0.7, 1.3] {
            let (samples, found) = spliced(&lead, &places, factor, 1.0);
            for (at, r) in found.iter().zip(&places) {
                let from = (r * 250.0).round() as usize;
                let offset = samples[*at - 5] - lead.samples_uv[from - 5];
                let apart = |i: usize| samples[at + i - 5] - lead.samples_uv[from + i - 5] - offset;
                assert!((0..20).all(|i| apart(i).abs() < 20.0), "at {r} s");
                assert!(offset.abs() < 300.0, "{offset} uV");
            }
        }
    }

    #[test]
    fn a_p_wave_can_be_taken_away() {
        let (lead, places) = recording(3);
        let (samples, found) = spliced(&lead, &places, 1.0, 0.0);
        // Between the start of the P wave and the complex nothing is off the straight line.
        let bend = |samples: &[f32], at: usize| {
            let part = &samples[at - 54..at - 18];
            let line = |i: usize| part[0] + (part[35] - part[0]) * i as f32 / 35.0;
            (0..36).map(|i| (part[i] - line(i)).abs()).fold(0.0, f32::max)
        };
        assert!(found.iter().skip(1).all(|at| bend(&samples, *at) < 2.0));
        assert!(found.iter().skip(1).all(|at| bend(&lead.samples_uv, *at) > 50.0));
    }
}
