//! What the classes of beats are learnt from.

use super::chain::CLASSES;
use super::{class_of, hear, FLUTTER, UNKNOWN};
use crate::records;
use crate::score::{match_pairs, Draw, Matched};
use crate::training;
use pqrst::beats::{Heard, Rehearsal};
use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;
use std::path::Path;

/// Recordings of each kind that are learnt from, of the CinC Challenge 2017.
pub const HAND_HELD: usize = 400;

/// A beat that was heard.
pub struct Beat {
    pub heard: Heard,
    /// Logarithms of what else is known of its class; 0 for all where nothing is.
    pub may: [f32; CLASSES],
    /// N, S, V, F, Q, none, or in ventricular flutter.
    pub truth: usize,
}

/// How much is known of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The class of every beat.
    Annotated,
    /// That the heart was in sinus rhythm.
    Sinus,
    /// That it fibrillated.
    Fibrillation,
}

/// A lead to learn from.
pub struct Lesson {
    /// Its record: leads of one are never divided between learning and test.
    pub record: String,
    pub kind: Kind,
    /// A first lead of the Arrhythmia Database as it came: what is scored.
    pub clean: bool,
    pub beats: Vec<Beat>,
    /// Annotated beats of each class that were not found.
    pub missed: [u64; 5],
}

/// No weight that counts.
const NEVER: f32 = -40.0;
/// In a recording of sinus rhythm that nobody marked beat by beat.
const SINUS: [f32; CLASSES] = [0.0, NEVER, NEVER, NEVER];
/// In one of fibrillation: ventricular beats are a few in a hundred, premature atrial ones are not told from others.
const FIBRILLATION: [f32; CLASSES] = [0.0, -5.0, -4.0, -4.0];

/// All lessons: both leads of the Arrhythmia Database, as they are and in noise, and short recordings of the CinC Challenge 2017.
pub fn load(data: &Path) -> Result<Vec<Lesson>, String> {
    let mut all = annotated(data)?;
    let folder = records::unpacked(&data.join("cinc2017"), "training2017_even.tar.xz")?;
    let list = std::fs::read_to_string(data.join("cinc2017/REFERENCE-v3.csv")).map_err(|e| e.to_string())?;
    for (label, kind, may) in [("N", Kind::Sinus, SINUS), ("A", Kind::Fibrillation, FIBRILLATION)] {
        let chosen = list.lines().filter_map(|l| l.split_once(',')).filter(|(_, l)| *l == label);
        for (record, _) in chosen.take(HAND_HELD) {
            let lead = records::matlab(&folder, record)?;
            let (_, heard) = rehearsed(&lead);
            let beats = heard.into_iter().map(|heard| Beat { heard, may, truth: UNKNOWN });
            all.push(Lesson {
                record: record.to_owned(),
                kind,
                clean: false,
                beats: beats.collect(),
                missed: [0; 5],
            });
        }
    }
    Ok(all)
}

/// The records of the Arrhythmia Database.
pub fn annotated(data: &Path) -> Result<Vec<Lesson>, String> {
    let folder = data.join("mitdb");
    let list = records::list(&folder, "atr").ok_or(format!("no recordings at {}", data.display()))?;
    let noises = training::noises(data)?;
    let mut draw = Draw(17);
    let mut all = Vec::new();
    for record in list {
        let truth = records::annotations(&folder, &record, "atr")?;
        for (number, mut lead) in records::recording(&folder, &record)?.leads.into_iter().take(2).enumerate()
        {
            all.push(lesson(&record, &lead, &truth, number == 0));
            lead.samples_uv = training::noisy(&lead, &truth, &noises, 6.0..24.0, &mut draw);
            all.push(lesson(&record, &lead, &truth, false));
        }
    }
    Ok(all)
}

fn lesson(record: &str, lead: &RecordedLead, truth: &Annotations, clean: bool) -> Lesson {
    let (at, heard) = rehearsed(lead);
    let beat = |(heard, truth): (Heard, usize)| {
        let known = truth < CLASSES;
        let may = std::array::from_fn(|c| if known && c != truth { NEVER } else { 0.0 });
        Beat { heard, may, truth }
    };
    let (labels, missed) = labels(truth, &at, lead);
    let beats = heard.into_iter().zip(labels).map(beat).collect();
    Lesson { record: record.to_owned(), kind: Kind::Annotated, clean, beats, missed }
}

fn rehearsed(lead: &RecordedLead) -> (Vec<i64>, Vec<Heard>) {
    let mut rehearsal = Rehearsal::new();
    let at = hear(lead, |strip, beat| rehearsal.beat(strip, beat));
    (at, rehearsal.finish())
}

/// The class of the annotation that each beat found stands for, by the rules of EC57; and how many annotated beats of
/// each class were not found.
pub fn labels(truth: &Annotations, found: &[i64], lead: &RecordedLead) -> (Vec<usize>, [u64; 5]) {
    let beats: Vec<_> = truth.list.iter().filter(|a| a.code.is_beat()).collect();
    let at: Vec<i64> = beats.iter().map(|a| truth.place(a, lead.rate).0 as i64).collect();
    let (pairs, _) = match_pairs(&at, found, (0.150 * lead.rate.get() + 1e-9) as i64);
    let mut labels = vec![UNKNOWN; found.len()];
    let mut missed = [0; 5];
    for (beat, pair) in beats.iter().zip(pairs) {
        match pair.and_then(|i| labels.get_mut(i)) {
            Some(label) => *label = class_of(beat.code),
            None => missed[class_of(beat.code)] += 1,
        }
    }
    let matched = Matched::new(truth, &[], lead.rate);
    for (label, at) in labels.iter_mut().zip(found) {
        if matched.flutters().iter().any(|(from, to)| (from..=to).contains(&at)) {
            *label = FLUTTER;
        }
    }
    (labels, missed)
}
