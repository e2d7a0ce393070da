//! What the detector's weights are fitted on.

use crate::records;
use crate::score::{Counts, Matched};
use pqrst::detect::{Rehearsal, Weights};
use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;
use pqrst::units::Hertz;
use std::path::Path;

/// How much the errors of a recording count against those of a clean first lead: those of a second lead, whose
/// complexes look otherwise, ...
const SECOND: f64 = 0.3;
/// ... those of recordings mixed with noise ...
const MIXED: f64 = 0.1;
/// ... and those of the noise stress recordings.
const STRESSED: f64 = 0.05;
/// Errors count with this power, so that no hard recording decides alone.
const POWER: f64 = 0.8;
/// So much of a recording is mixed with noise, from its start, in seconds ...
const MIXED_S: f64 = 600.0;
/// ... and so much of a second lead is taken.
const SECOND_S: f64 = 900.0;
/// Noise and signal-to-noise ratio in dB, dealt to the records in turn.
const MIXTURES: &[(&str, f64)] = &[("em", 12.0), ("ma", 6.0), ("em", 6.0), ("ma", 0.0), ("bw", 0.0)];

/// One recording, prepared.
pub struct Lesson {
    /// Whose heart it is: lessons of one are never divided between fit and test.
    pub record: String,
    /// A clean recording as it came.
    pub clean: bool,
    weight: f64,
    rate: Hertz,
    rehearsal: Rehearsal,
    truth: Annotations,
    /// Errors later than this do not count, in seconds.
    until_s: f64,
}

impl Lesson {
    fn new(record: &str, weight: f64, lead: &RecordedLead, truth: Annotations) -> Self {
        Self {
            record: record.to_owned(),
            clean: weight >= 1.0,
            weight,
            rate: lead.rate,
            rehearsal: Rehearsal::new(&lead.samples_uv, lead.rate),
            truth,
            until_s: (lead.samples_uv.len() as f64 / lead.rate.get()) - 0.2,
        }
    }

    /// How the beats found with these weights compare with the reference.
    pub fn counts(&self, weights: &Weights) -> Counts {
        let found: Vec<i64> =
            self.rehearsal.beats(weights).iter().map(|peak| peak.at.0.round() as i64).collect();
        Matched::new(&self.truth, &found, self.rate).counts(|t| self.clean || t < self.until_s)
    }

    /// What the errors made with these weights cost.
    pub fn cost(&self, weights: &Weights) -> f64 {
        let counts = self.counts(weights);
        self.weight * ((counts.fp + counts.r#fn) as f64).powf(POWER)
    }
}

/// All lessons: the Arrhythmia Database as it is, its second leads, its first ones with noise, and the noise stress recordings.
pub fn load(data: &Path) -> Result<Vec<Lesson>, String> {
    let (mitdb, nstdb) = (data.join("mitdb"), data.join("nstdb"));
    let absent = || format!("no recordings at {}", data.display());
    let mut lessons = Vec::new();
    for (number, record) in records::list(&mitdb, "atr").ok_or_else(absent)?.iter().enumerate() {
        let recording = records::recording(&mitdb, record)?;
        let lead = recording.lead(None).ok_or("no lead")?;
        let truth = records::annotations(&mitdb, record, "atr")?;
        let (noise, db) = MIXTURES.get(number % MIXTURES.len()).ok_or("no mixture")?;
        let noise = records::lead(&nstdb, noise, None)?.samples_uv;
        let mixed = mixed(lead, &truth, &noise, *db);
        lessons.push(Lesson::new(record, MIXED, &mixed, truth.clone()));
        if let Some(second) = recording.leads.get(1) {
            let length = (SECOND_S * second.rate.get()) as usize;
            let samples_uv = second.samples_uv.iter().copied().take(length).collect();
            let second = RecordedLead { samples_uv, ..second.clone() };
            lessons.push(Lesson::new(record, SECOND, &second, truth.clone()));
        }
        lessons.push(Lesson::new(record, 1.0, lead, truth));
    }
    for record in records::list(&nstdb, "atr").ok_or_else(absent)? {
        let lead = records::lead(&nstdb, &record, None)?;
        let truth = records::annotations(&nstdb, &record, "atr")?;
        // The record's first three figures name the one it was made from.
        lessons.push(Lesson::new(record.get(..3).unwrap_or(&record), STRESSED, &lead, truth));
    }
    Ok(lessons)
}

/// The start of a recording with noise in it, at a signal-to-noise ratio as the program `nst` of WFDB defines it:
/// the signal's power is that of a sine as high as the mean QRS complex.
fn mixed(lead: &RecordedLead, truth: &Annotations, noise: &[f32], db: f64) -> RecordedLead {
    let length = ((MIXED_S * lead.rate.get()) as usize).min(lead.samples_uv.len()).min(noise.len());
    let (samples, noise) = (&lead.samples_uv[..length], &noise[..length]);
    let reach = (0.05 * lead.rate.get()) as usize;
    let heights = truth.beats(lead.rate).map(|p| p.0 as usize).filter(|p| *p >= reach && p + reach < length);
    let heights: Vec<f32> = heights.map(|p| span(&samples[p - reach..p + reach])).collect();
    let height = f64::from(heights.iter().sum::<f32>()) / heights.len().max(1) as f64;
    let mean = noise.iter().sum::<f32>() / length as f32;
    let power = noise.iter().map(|v| f64::from(v - mean).powi(2)).sum::<f64>() / length as f64;
    let scale = (height * height / 8.0 / power).sqrt() * 10.0_f64.powf(-db / 20.0);
    let samples_uv = samples.iter().zip(noise).map(|(x, n)| x + scale as f32 * (n - mean)).collect();
    RecordedLead { samples_uv, ..lead.clone() }
}

fn span(samples: &[f32]) -> f32 {
    samples.iter().copied().fold(f32::MIN, f32::max) - samples.iter().copied().fold(f32::MAX, f32::min)
}
