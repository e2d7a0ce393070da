//! What the classes of beats are learnt from.

use super::blocked::blocked;
use super::chain::CLASSES;
use super::lent::Donor;
use super::staged::{marked, staged, Play};
use super::turned::turned;
use super::{class_of, hear, FLUTTER, UNKNOWN};
use crate::records;
use crate::score::{match_pairs, Draw, Matched};
use crate::training;
use pqrst::beats::{Heard, Rehearsal};
use pqrst::import::wfdb::{AnnotationCode, Annotations};
use pqrst::import::RecordedLead;
use std::path::Path;

/// Recordings of each kind that are learnt from, of the CinC Challenge 2017, where there are as many.
pub const HAND_HELD: usize = 1000;

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
    /// With beats moved or lent, see `staged`.
    pub staged: bool,
    /// The records whose beats are among its own.
    pub donors: Vec<String>,
    pub beats: Vec<Beat>,
    /// Annotated beats of each class that were not found.
    pub missed: [u64; 5],
}

/// Beats of a blocked bundle.
const BUNDLE: [AnnotationCode; 2] = [AnnotationCode::LEFT_BUNDLE, AnnotationCode::RIGHT_BUNDLE];
/// How many of the hearts with a blocked bundle get such beats, and not ventricular ones.
const OF_BUNDLES: f64 = 0.5;
/// No weight that counts.
const NEVER: f32 = -40.0;
/// In a recording of sinus rhythm that nobody marked beat by beat.
const SINUS: [f32; CLASSES] = [0.0, NEVER, NEVER, NEVER];
/// In one of fibrillation: ventricular beats are a few in a hundred, premature atrial ones are not told from others.
const FIBRILLATION: [f32; CLASSES] = [0.0, -5.0, -4.0, -4.0];

/// All lessons: both leads of the Arrhythmia Database, as they are, in noise and from between them, and short recordings
/// of the CinC Challenge 2017; and staged ones of both.
pub fn load(data: &Path) -> Result<Vec<Lesson>, String> {
    let (mut all, donors) = annotated(data)?;
    let folder = records::unpacked(&data.join("cinc2017"), "training2017_even.tar.xz")?;
    let list = std::fs::read_to_string(data.join("cinc2017/REFERENCE-v3.csv")).map_err(|e| e.to_string())?;
    let mut draw = Draw(23);
    for (label, kind, may) in [("N", Kind::Sinus, SINUS), ("A", Kind::Fibrillation, FIBRILLATION)] {
        let chosen = list.lines().filter_map(|l| l.split_once(',')).filter(|(_, l)| *l == label);
        for (record, _) in chosen.take(HAND_HELD) {
            let lead = records::matlab(&folder, record)?;
            let (at, heard) = rehearsed(&lead);
            let truth = all_normal(&at);
            if kind == Kind::Sinus {
                all.extend(staged_lesson(record, &lead, &truth, None, &mut draw));
                all.extend(blocked_lesson(record, &lead, &truth, &donors, &mut draw));
            } else if let donor @ Some(_) = any(&donors.ventricular, &mut draw) {
                let mut lesson = staged_lesson(record, &lead, &truth, donor, &mut draw);
                let own = lesson.iter_mut().flat_map(|l| &mut l.beats).filter(|b| b.truth == 0);
                own.for_each(|beat| (beat.may, beat.truth) = (may, UNKNOWN));
                all.extend(lesson);
            }
            let beats = heard.into_iter().map(|heard| Beat { heard, may, truth: UNKNOWN });
            all.push(Lesson {
                record: record.to_owned(),
                kind,
                clean: false,
                staged: false,
                donors: Vec::new(),
                beats: beats.collect(),
                missed: [0; 5],
            });
        }
    }
    Ok(all)
}

/// Leads that lend ventricular beats, and such that lend beats of a blocked bundle.
struct Donors {
    ventricular: Vec<Donor>,
    bundle: Vec<Donor>,
}

fn any<'a>(donors: &'a [Donor], draw: &mut Draw) -> Option<&'a Donor> {
    donors.get(draw.below(donors.len().max(1)))
}

/// The records of the Arrhythmia Database, and those that lend beats.
fn annotated(data: &Path) -> Result<(Vec<Lesson>, Donors), String> {
    let folder = data.join("mitdb");
    let list = records::list(&folder, "atr").ok_or(format!("no recordings at {}", data.display()))?;
    let noises = training::noises(data)?;
    let (mut draw, mut staging, mut turns) = (Draw(17), Draw(29), Draw(31));
    let mut all = Vec::new();
    let mut donors = Donors { ventricular: Vec::new(), bundle: Vec::new() };
    for record in &list {
        let truth = records::annotations(&folder, record, "atr")?;
        let leads: Vec<RecordedLead> =
            records::recording(&folder, record)?.leads.into_iter().take(2).collect();
        for (number, lead) in leads.iter().enumerate() {
            donors.ventricular.extend(Donor::new(record, lead, &truth, &[AnnotationCode::VENTRICULAR]));
            donors.bundle.extend(Donor::new(record, lead, &truth, &BUNDLE));
            all.push(lesson(record, lead, &truth, number == 0));
            if mostly_sinus(&truth) {
                all.extend(staged_lesson(record, lead, &truth, None, &mut staging));
            }
            let samples_uv = training::noisy(lead, &truth, &noises, 6.0..24.0, &mut draw);
            all.push(lesson(record, &RecordedLead { samples_uv, ..lead.clone() }, &truth, false));
        }
        if let [first, second] = &*leads {
            let between = turned(first, second, &truth, &mut turns);
            all.extend(between.map(|lead| lesson(record, &lead, &truth, false)));
        }
    }
    Ok((all, donors))
}

/// A lesson of a heart whose bundle is blocked, with beats moved.
fn blocked_lesson(
    record: &str,
    lead: &RecordedLead,
    truth: &Annotations,
    donors: &Donors,
    draw: &mut Draw,
) -> Option<Lesson> {
    let list = if draw.uniform() < OF_BUNDLES { &donors.bundle } else { &donors.ventricular };
    let donor = any(list, draw)?;
    let (lead, truth) = blocked(lead, truth, donor, draw)?;
    let mut lesson = staged_lesson(record, &lead, &truth, None, draw)?;
    lesson.donors.push(donor.record.clone());
    Some(lesson)
}

/// The lesson with beats moved, or with ventricular beats of a donor between its own.
fn staged_lesson(
    record: &str,
    lead: &RecordedLead,
    truth: &Annotations,
    donor: Option<&Donor>,
    draw: &mut Draw,
) -> Option<Lesson> {
    let play = donor.map_or(Play::Premature, Play::Ventricular);
    let (lead, truth) = staged(lead, truth, play, draw)?;
    let donors = donor.map(|d| d.record.clone()).into_iter().collect();
    Some(Lesson { staged: true, donors, ..lesson(record, &lead, &truth, false) })
}

/// No stretch of fibrillation or flutter.
fn mostly_sinus(truth: &Annotations) -> bool {
    !truth.list.iter().any(|a| a.text.starts_with("(AF"))
}

/// Beats at these places.
fn all_normal(at: &[i64]) -> Annotations {
    let beats = at.iter().filter_map(|at| usize::try_from(*at).ok());
    let list = beats.map(|at| marked(at, AnnotationCode::NORMAL)).collect();
    Annotations { list, resolution_hz: None }
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
    Lesson {
        record: record.to_owned(),
        kind: Kind::Annotated,
        clean,
        staged: false,
        donors: Vec::new(),
        beats,
        missed,
    }
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
