//! Recordings of twelve leads without marks: what a model finds in most leads at the same time is taken to be there,
//! and corrects it in leads where it errs.

use super::chain::{self, Turn};
use super::reference::{Mark, Marked, Source};
use crate::records;
use pqrst::delineate::{Delineator, Model, FIDUCIALS};
use pqrst::import::{RecordedLead, Recording};
use std::path::Path;

/// Leads of a recording.
const LEADS: usize = 12;
/// So many of them must have a beat, and such a part of these a fiducial at about the same time.
const WITH_BEAT: usize = 9;
const AGREEING: f64 = 0.67;
/// R peaks of one beat are closer to each other than this, in seconds.
const TOGETHER_S: f64 = 0.1;
/// About the same time, by fiducial, in seconds.
const NEAR_S: [f64; FIDUCIALS] = [0.03, 0.025, 0.025, 0.02, 0.025, 0.06, 0.04, 0.05];
/// Mean probability over the leads from which on there is a P wave, and up to which there is none.
const P_THERE: f32 = 0.8;
const P_ABSENT: f32 = 0.15;
/// A lead in which a P wave is less likely than this learns nothing of it.
const P_SEEN: f32 = 0.2;
/// Fiducials of the P wave.
const P: usize = 3;
/// How often their beats are learnt from, against those of LUDB.
const WEIGHT: f64 = 0.2;

/// A recording without marks.
pub struct Unmarked {
    record: String,
    leads: Vec<RecordedLead>,
}

/// One beat in one lead: its R peak and its fiducials, in seconds, and the probability of a P wave.
#[derive(Clone, Copy)]
struct Seen {
    lead: usize,
    r_s: f64,
    at_s: [f64; FIDUCIALS],
    p_chance: f32,
}

/// The recordings of CinC Challenge 2011 that are acceptable.
pub fn load(data: &Path) -> Result<Vec<Unmarked>, String> {
    let all = records::twelve_leads(data, "RECORDS-acceptable")?.into_iter();
    let unmarked = |(record, Recording { mut leads, .. }): (String, Recording)| {
        leads.truncate(LEADS);
        Unmarked { record: format!("cinc2011 {record}"), leads }
    };
    Ok(all.map(unmarked).collect())
}

/// Their leads, marked by the vote of a model of these parameters.
pub fn leads(unmarked: &[Unmarked], parameters: &[f32]) -> Vec<Marked> {
    let beats: Vec<Vec<Vec<Seen>>> = unmarked.iter().map(|u| beats(&u.leads, parameters)).collect();
    let offsets = offsets(beats.iter().flatten());
    let mut all = Vec::new();
    for (Unmarked { record, leads }, beats) in unmarked.iter().zip(&beats) {
        for (lead, (signal, offsets)) in leads.iter().zip(&offsets).enumerate() {
            let weight = WEIGHT * if lead < 2 { 2.5 } else { 1.0 };
            let mut new = blank(record, signal.clone(), weight);
            beats.iter().for_each(|beat| mark(&mut new, beat, lead, offsets));
            all.push(new);
        }
    }
    all
}

fn blank(record: &str, signal: RecordedLead, weight: f64) -> Marked {
    let ([p, qrs, t], [no_p_s, with_p_s]) = ([const { Vec::new() }; 3], [const { Vec::new() }; 2]);
    let (source, record, fibrillates) = (Source::Voted, record.to_owned(), false);
    Marked { source, record, signal, p, qrs, t, no_p_s, with_p_s, weight, fibrillates }
}

/// The beats that most leads have, in each of them.
fn beats(leads: &[RecordedLead], parameters: &[f32]) -> Vec<Vec<Seen>> {
    let mut all = Vec::new();
    for (lead, signal) in leads.iter().enumerate() {
        let hz = signal.rate.get();
        let mut delineator = Delineator::with_model(Model::new(parameters));
        chain::beats(&signal.samples_uv, signal.rate, |Turn { strip, r, before, after }| {
            if let Some((at, p_chance)) = delineator.places(strip, r, before, after) {
                all.push(Seen { lead, r_s: r.0 / hz, at_s: at.map(|p| p.0 / hz), p_chance });
            }
        });
    }
    all.sort_by(|a, b| a.r_s.total_cmp(&b.r_s));
    let mut beats = Vec::<Vec<Seen>>::new();
    for seen in all {
        match beats.last_mut().filter(|beat| seen.r_s - beat[0].r_s < TOGETHER_S) {
            Some(beat) => beat.push(seen),
            None => beats.push(vec![seen]),
        }
    }
    beats.retain(|beat| (WITH_BEAT..=LEADS).contains(&beat.len()));
    beats
}

fn medians(beat: &[Seen]) -> [f64; FIDUCIALS] {
    std::array::from_fn(|i| median(beat.iter().map(|seen| seen.at_s[i]).collect()))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// By how much fiducials lie later in a lead than in most leads, in seconds: a wave begins and ends elsewhere in each.
fn offsets<'a>(beats: impl Iterator<Item = &'a Vec<Seen>>) -> [[f64; FIDUCIALS]; LEADS] {
    let mut all = [const { [const { Vec::new() }; FIDUCIALS] }; LEADS];
    for beat in beats {
        let medians = medians(beat);
        for seen in beat {
            let apart = seen.at_s.iter().zip(medians).map(|(at, median)| at - median);
            for ((to, apart), near_s) in all[seen.lead].iter_mut().zip(apart).zip(NEAR_S) {
                if apart.abs() <= near_s {
                    to.push(apart);
                }
            }
        }
    }
    all.map(|lead| lead.map(median))
}

/// Marks a beat in one of the leads as most of them have it.
fn mark(new: &mut Marked, beat: &[Seen], lead: usize, offsets: &[f64; FIDUCIALS]) {
    let Some(own) = beat.iter().find(|seen| seen.lead == lead) else { return };
    let mean_p = beat.iter().map(|seen| seen.p_chance).sum::<f32>() / beat.len() as f32;
    let medians = medians(beat);
    let [p_onset, p_peak, p_end, qrs_onset, qrs_end, t_onset, t_peak, t_end] = std::array::from_fn(|i| {
        let near = |seen: &Seen| (seen.at_s[i] - medians[i]).abs() <= NEAR_S[i];
        let agreeing = beat.iter().filter(|seen| near(seen)).count();
        if (i < P && mean_p < P_THERE) || (agreeing as f64) < AGREEING * beat.len() as f64 {
            f64::NAN
        } else if near(own) {
            own.at_s[i]
        } else {
            medians[i] + offsets[i]
        }
    });
    new.qrs.push(Mark { onset_s: qrs_onset, peak_s: own.r_s, end_s: qrs_end });
    if p_peak.is_finite() && own.p_chance >= P_SEEN {
        new.p.push(Mark { onset_s: p_onset, peak_s: p_peak, end_s: p_end });
    } else if mean_p <= P_ABSENT {
        new.no_p_s.push((own.r_s - 0.21, own.r_s));
    }
    if t_peak.is_finite() {
        new.t.push(Mark { onset_s: t_onset, peak_s: t_peak, end_s: t_end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pqrst::units::Hertz;

    const USUAL: [f64; FIDUCIALS] = [0.8, 0.85, 0.9, 0.95, 1.05, 1.2, 1.3, 1.35];

    /// A beat whose fiducials lie where they usually do, and `apart_s` later in so many of the leads, the last ones.
    fn beat(count: usize, apart_s: f64, p_chance: f32) -> Vec<Seen> {
        let at_s = |lead: usize| USUAL.map(|at| at + if lead + count >= LEADS { apart_s } else { 0.0 });
        (0..LEADS).map(|lead| Seen { lead, r_s: 1.0, at_s: at_s(lead), p_chance }).collect()
    }

    fn marked(beat: &[Seen], lead: usize) -> Marked {
        let (name, rate) = (String::new(), Hertz::new(500.0).unwrap());
        let signal =
            RecordedLead { name, rate, samples_uv: Vec::new(), step_uv: None, checksum_agrees: None };
        let mut new = blank("", signal, 1.0);
        mark(&mut new, beat, lead, &[0.002; FIDUCIALS]);
        new
    }

    #[test]
    fn a_lead_that_errs_is_corrected_and_others_keep_their_own() {
        let beat = beat(2, 0.3, 0.9);
        assert_eq!(marked(&beat, 0).t[0].peak_s, 1.3);
        assert_eq!(marked(&beat, 11).t[0].peak_s, 1.302);
        assert_eq!(marked(&beat, 11).p[0].onset_s, 0.802);
        let slightly = self::beat(2, 0.015, 0.9);
        assert_eq!(marked(&slightly, 11).qrs[0].onset_s, 0.95 + 0.015);
    }

    #[test]
    fn where_leads_are_divided_nothing_is_learnt() {
        let beat = beat(5, 0.3, 0.9);
        let new = marked(&beat, 0);
        assert!(new.p.is_empty() && new.t.is_empty() && new.no_p_s.is_empty());
        assert!(new.qrs[0].onset_s.is_nan());
    }

    #[test]
    fn p_waves_are_there_or_not_there_when_most_leads_are_sure() {
        assert_eq!(marked(&beat(0, 0.0, 0.9), 0).p.len(), 1);
        let none = marked(&beat(0, 0.0, 0.1), 0);
        assert!(none.p.is_empty() && none.no_p_s.len() == 1);
        let unsure = marked(&beat(0, 0.0, 0.5), 0);
        assert!(unsure.p.is_empty() && unsure.no_p_s.is_empty());
        let mut unseen = beat(0, 0.0, 0.9);
        unseen[0].p_chance = 0.1;
        assert!(marked(&unseen, 0).p.is_empty());
    }

    #[test]
    fn offsets_are_of_the_lead() {
        let late = beat(1, 0.01, 0.9);
        let offsets = offsets([late].iter());
        assert!((offsets[11][6] - 0.01).abs() < 1e-9 && offsets[0][6] == 0.0);
    }
}
