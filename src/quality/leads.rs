//! Several leads of one record, judged one by one and together.
//!
//! Leads recorded at the same time see the same beats. Where the envelopes of their QRS bands do not rise and fall
//! together, some of them hold something else.

use super::assessor::Assessor;
use super::evidence::Evidence;
use super::judge::WindowFacts;
use super::verdict::{usable_share, Outcome, Received, TestRequest, Verdict, VerdictReason};
use crate::signal::QualityWindow;
use crate::units::{Hertz, Seconds};
use serde::Serialize;

/// Windows in a stretch that is judged as a whole: 10 s.
const STRETCH: u64 = 5;
/// From so many leads on they are judged jointly: the weights were fitted with twelve.
const JOINT: usize = 8;
/// What is known of a stretch of all leads.
pub const LEADS_FEATURES: usize = 6;

/// What one window contributes.
#[derive(Debug, Clone, Copy)]
struct LeadFacts {
    /// Number of the window in the record.
    number: u64,
    likeness: f64,
    resemblance: f64,
    /// Logarithm of hum over height.
    hum: f64,
    sharpness: f64,
    /// Logarithm of height over floor.
    stand_out: f64,
}

/// What is kept of the windows of a lead.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    facts: Vec<LeadFacts>,
    /// Envelopes of the same windows, one after the other, equally long.
    traces: Vec<f32>,
}

impl Kept {
    pub(super) fn push(
        &mut self,
        number: u64,
        facts: &WindowFacts,
        beats: &Evidence,
        trace: impl Iterator<Item = f32>,
    ) {
        let log = |v: f64| v.max(1.0).ln();
        self.facts.push(LeadFacts {
            number,
            likeness: beats.likeness,
            resemblance: beats.resemblance,
            hum: log(facts.hum) - log(beats.height),
            sharpness: beats.sharpness,
            stand_out: log(beats.height) - log(beats.floor),
        });
        self.traces.extend(trace);
    }
}

/// One lead of a record.
#[derive(Debug, Clone)]
pub struct JudgedLead {
    /// Its windows.
    pub windows: Vec<QualityWindow>,
    /// The verdict on it alone.
    pub verdict: Verdict,
    length: Seconds,
    kept: Kept,
}

impl JudgedLead {
    /// Judges a lead, in microvolts; samples that are not finite are missing.
    #[must_use]
    pub fn new(samples_uv: &[f32], rate: Hertz) -> Self {
        let (mut assessor, mut windows) = (Assessor::with_facts(rate), Vec::new());
        assessor.push(samples_uv, &mut windows);
        assessor.finish(&mut windows);
        let verdict = Verdict::of(&Received::Ecg { windows: &windows, rate }, &TestRequest::default());
        let length = Seconds(samples_uv.len() as f64 / rate.get());
        Self { windows, verdict, length, kept: assessor.into_facts() }
    }

    /// Mean score of the windows, each by its length; 0 of none.
    #[must_use]
    pub fn score(&self) -> f32 {
        let (mut sum, mut length) = (0.0, 0.0);
        for window in &self.windows {
            sum += f64::from(window.score) * window.length.0 as f64;
            length += window.length.0 as f64;
        }
        if length > 0.0 {
            (sum / length) as f32
        } else {
            0.0
        }
    }

    fn stretch(&self, number: u64) -> impl Iterator<Item = (&LeadFacts, &[f32])> {
        let each = (self.kept.traces.len() / self.kept.facts.len().max(1)).max(1);
        let all = self.kept.facts.iter().zip(self.kept.traces.chunks(each));
        all.filter(move |(facts, _)| facts.number / STRETCH == number)
    }

    /// Largest, or with a negative sign smallest, value of a fact in a stretch; 0 where nothing was heard.
    fn extreme(&self, stretch: u64, fact: impl Fn(&LeadFacts) -> f64) -> f64 {
        self.stretch(stretch).map(|(facts, _)| fact(facts)).reduce(f64::max).unwrap_or(0.0)
    }

    fn mean(&self, stretch: u64, fact: impl Fn(&LeadFacts) -> f64) -> f64 {
        let (sum, count) = self.stretch(stretch).fold((0.0, 0.0), |(s, n), (f, _)| (s + fact(f), n + 1.0));
        if count > 0.0 {
            sum / count
        } else {
            0.0
        }
    }

    /// Correlation of the envelopes of two leads in a stretch; 0 where one of them is constant, or of another rate.
    fn agreement(&self, other: &Self, stretch: u64) -> f64 {
        let mut sums = [0.0; 6];
        let [n, sx, sy, xx, yy, xy] = &mut sums;
        for ((own, a), (theirs, b)) in self.stretch(stretch).zip(other.stretch(stretch)) {
            if own.number != theirs.number || a.len() != b.len() {
                return 0.0;
            }
            for (x, y) in a.iter().zip(b) {
                let (x, y) = (f64::from(*x), f64::from(*y));
                *n += 1.0;
                *sx += x;
                *sy += y;
                *xx += x * x;
                *yy += y * y;
                *xy += x * y;
            }
        }
        let (vx, vy) = (*xx - *sx * *sx / *n, *yy - *sy * *sy / *n);
        if vx > 1e-9 && vy > 1e-9 {
            (*xy - *sx * *sy / *n) / (vx * vy).sqrt()
        } else {
            0.0
        }
    }
}

/// How the leads were judged together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LeadsRule {
    /// Eight leads or more: all of them jointly, 10 s by 10 s, by a fitted model.
    JointLeads,
    /// Fewer: the record is as good as its best lead.
    BestLead,
}

/// The verdict on a record of several leads.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeadsVerdict {
    /// Usable or to be repeated; no verdict without leads.
    pub outcome: Outcome,
    /// Why not, what the most leads suffer from first; empty when usable.
    pub reasons: Vec<VerdictReason>,
    /// How it was reached.
    pub rule: LeadsRule,
    /// Share of the record that was accepted, 0 to 1.
    pub accepted: f64,
}

/// Weights of the joint judgement: of the constant 1, then of the features.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedLeads(pub [f64; LEADS_FEATURES + 1]);

impl LeadsVerdict {
    /// Judges leads of one record.
    ///
    /// **Rule.** From eight leads on: every stretch of 10 s is accepted or not by a logistic model of how much its
    /// poorest lead looks like an ECG, how well the envelope of each lead agrees with those of the others, how alike
    /// its beats are, hum, sharpness and floor (see [`features`](Self::features)). The record is usable when the
    /// accepted share reaches that of a single lead's verdict. With fewer leads the record is usable when one lead is.
    #[must_use]
    pub fn of(leads: &[JudgedLead]) -> Self {
        let rule = if leads.len() >= JOINT { LeadsRule::JointLeads } else { LeadsRule::BestLead };
        let length = leads.iter().map(|lead| lead.length.0).fold(0.0, f64::max);
        let (accepted, usable) = match rule {
            LeadsRule::JointLeads => {
                let accepted = Self::accepted(leads, &FittedLeads::FITTED);
                (accepted, accepted >= usable_share(Seconds(length)))
            }
            LeadsRule::BestLead => {
                let share = |lead: &JudgedLead| (lead.verdict.usable_s / lead.length.0.max(0.001)).min(1.0);
                let usable = leads.iter().any(|lead| lead.verdict.outcome == Outcome::Usable);
                (leads.iter().map(share).fold(0.0, f64::max), usable)
            }
        };
        let (outcome, reasons) = match (leads.is_empty(), usable) {
            (true, _) => (Outcome::NoVerdict, vec![VerdictReason::NoData]),
            (false, true) => (Outcome::Usable, Vec::new()),
            (false, false) => (Outcome::Retake, commonest(leads)),
        };
        Self { outcome, reasons, rule, accepted }
    }

    /// Share of the stretches that a model accepts.
    fn accepted(leads: &[JudgedLead], model: &FittedLeads) -> f64 {
        let last = leads.iter().flat_map(|lead| lead.kept.facts.last()).map(|facts| facts.number).max();
        let Some(last) = last else { return 0.0 };
        // What is left over counts from half a stretch on.
        let stretches = ((last + 1 + STRETCH / 2) / STRETCH).max(1);
        let accepted = (0..stretches).filter(|n| model.risk(&Self::features(leads, *n)) < 0.5);
        accepted.count() as f64 / stretches as f64
    }

    /// What is known of a stretch: the least likeness of a lead to an ECG; the least agreement, that of a lead being
    /// its median correlation with the others; the mean over the leads of the least resemblance in a window; the
    /// median of the logarithm of hum over height; the least sharpness of a lead in hertz; the second least
    /// logarithm of height over floor.
    #[must_use]
    pub fn features(leads: &[JudgedLead], stretch: u64) -> [f64; LEADS_FEATURES] {
        let sorted = |fact: &dyn Fn(&JudgedLead) -> f64| {
            let mut values: Vec<f64> = leads.iter().map(fact).collect();
            crate::units::sort_ascending(&mut values);
            values
        };
        let nth = |values: &[f64], place: usize| values.get(place).or(values.last()).copied().unwrap_or(0.0);
        let agreement = |lead: &JudgedLead| {
            let others = leads.iter().filter(|other| !core::ptr::eq(*other, lead));
            let mut values: Vec<f64> = others.map(|other| lead.agreement(other, stretch)).collect();
            crate::units::sort_ascending(&mut values);
            nth(&values, values.len() / 2)
        };
        let likeness = sorted(&|lead| -lead.extreme(stretch, |f| -f.likeness));
        let agreement = sorted(&agreement);
        let resemblance = sorted(&|lead| -lead.extreme(stretch, |f| -f.resemblance));
        let hum = sorted(&|lead| lead.extreme(stretch, |f| f.hum));
        let sharpness = sorted(&|lead| lead.extreme(stretch, |f| f.sharpness));
        let stand_out = sorted(&|lead| lead.mean(stretch, |f| f.stand_out));
        let median = (nth(&hum, hum.len().saturating_sub(1) / 2) + nth(&hum, hum.len() / 2)) / 2.0;
        let mean = resemblance.iter().sum::<f64>() / resemblance.len().max(1) as f64;
        [nth(&likeness, 0), nth(&agreement, 0), mean, median, nth(&sharpness, 0), nth(&stand_out, 1)]
    }
}

impl FittedLeads {
    /// Probability from 0 to 1 that a stretch with these features is not acceptable.
    #[must_use]
    pub fn risk(&self, features: &[f64; LEADS_FEATURES]) -> f64 {
        let [constant, weights @ ..] = &self.0;
        let sum: f64 = constant + weights.iter().zip(features).map(|(w, x)| w * x).sum::<f64>();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// First reasons of the leads that are not usable, the commonest first. Without any, the leads contradict one another.
fn commonest(leads: &[JudgedLead]) -> Vec<VerdictReason> {
    let mut counts: Vec<(VerdictReason, usize)> = Vec::new();
    for lead in leads.iter().filter(|lead| lead.verdict.outcome != Outcome::Usable) {
        let Some(reason) = lead.verdict.reasons.first() else { continue };
        match counts.iter_mut().find(|(known, _)| known == reason) {
            Some((_, count)) => *count += 1,
            None => counts.push((*reason, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    if counts.is_empty() {
        return vec![VerdictReason::Noise];
    }
    counts.into_iter().map(|(reason, _)| reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 250.0;

    fn beats(offset_s: f64) -> JudgedLead {
        let wave = |t: f64, at: f64, width: f64, uv: f64| uv * (-((t - at) / width).powi(2)).exp();
        let sample = |i: u32| {
            let t = (f64::from(i) / RATE + offset_s) % 0.8;
            (wave(t, 0.3, 0.012, 1000.0) + wave(t, 0.55, 0.05, 200.0)) as f32
        };
        JudgedLead::new(&(0..2500).map(sample).collect::<Vec<f32>>(), Hertz::new(RATE).unwrap())
    }

    fn silent() -> JudgedLead {
        JudgedLead::new(&[0.0; 2500], Hertz::new(RATE).unwrap())
    }

    #[test]
    fn leads_that_see_the_same_beats_are_accepted() {
        let leads: Vec<JudgedLead> = (0..12).map(|_| beats(0.0)).collect();
        let verdict = LeadsVerdict::of(&leads);
        assert_eq!(
            (verdict.outcome, verdict.rule, verdict.accepted),
            (Outcome::Usable, LeadsRule::JointLeads, 1.0)
        );
        assert!((leads[0].agreement(&leads[1], 0) - 1.0).abs() < 1e-9);
        assert!(leads[0].score() > 0.9);
    }

    #[test]
    fn a_lead_that_is_off_or_contradicts_the_others_spoils_the_record() {
        let mut leads: Vec<JudgedLead> = (0..12).map(|_| beats(0.0)).collect();
        leads[4] = silent();
        let verdict = LeadsVerdict::of(&leads);
        assert_eq!((verdict.outcome, &verdict.reasons[..]), (Outcome::Retake, &[VerdictReason::LeadOff][..]));
        for lead in leads.iter_mut().step_by(2) {
            *lead = beats(0.4);
        }
        assert!(LeadsVerdict::features(&leads, 0)[1] < 0.2);
    }

    #[test]
    fn few_leads_are_as_good_as_the_best_of_them() {
        let verdict = LeadsVerdict::of(&[silent(), beats(0.0)]);
        assert_eq!((verdict.outcome, verdict.rule), (Outcome::Usable, LeadsRule::BestLead));
        let verdict = LeadsVerdict::of(&[silent()]);
        assert_eq!((verdict.outcome, verdict.accepted), (Outcome::Retake, 0.0));
        assert_eq!(LeadsVerdict::of(&[]).outcome, Outcome::NoVerdict);
    }

    #[test]
    fn leads_without_samples_get_an_answer() {
        let rate = Hertz::new(RATE).unwrap();
        let leads: Vec<JudgedLead> = (0..12).map(|_| JudgedLead::new(&[], rate)).collect();
        assert_eq!(LeadsVerdict::of(&leads).outcome, Outcome::Retake);
        let leads: Vec<JudgedLead> = (0..12).map(|_| JudgedLead::new(&[f32::NAN; 20_000], rate)).collect();
        let verdict = LeadsVerdict::of(&leads);
        assert_eq!((verdict.outcome, verdict.accepted), (Outcome::Retake, 0.0));
    }
}
