//! Records of twelve leads: accepted or rejected, against the judgement of people, and the fit of the model that does it.

use crate::records;
use crate::score::Draw;
use crate::Options;
use pqrst::quality::{FittedLeads, JudgedLead, LeadsVerdict, Outcome, LEADS_FEATURES};
use serde_json::json;
use std::path::Path;

/// Weights and the constant.
const N: usize = LEADS_FEATURES + 1;
/// Restraint of the standardised weights (ridge), and steps of Newton's method.
const RIDGE: f64 = 1.0;
const STEPS: usize = 12;
/// Parts of a cross-validation, and how often it is repeated.
const FOLDS: usize = 10;
const REPEATS: u64 = 5;

struct Judged {
    rejected: bool,
    features: [f64; LEADS_FEATURES],
    verdict: LeadsVerdict,
}

/// Accuracy, area under the curve, records wrongly rejected and wrongly accepted.
struct Figures {
    accuracy: f64,
    auc: f64,
    good_rejected: usize,
    poor_accepted: usize,
}

/// The same as a section of docs/ACCURACY.md; nothing without recordings.
pub fn section(options: &Options) -> String {
    let Ok(records) = load(&options.data) else { return String::new() };
    let risks: Vec<f64> = records.iter().map(|r| FittedLeads::FITTED.risk(&r.features)).collect();
    let (own, crossed) = (figures(&records, &risks), cross_validated(&records));
    format!(
        "## Recordings of several leads\n\nCinC Challenge 2011, {} recordings of twelve leads, accepted or rejected as `analyze --all-leads` does: in \
         sample {:.1} %, AUC {:.4}, {} rejected though good, {} accepted though poor; cross-validated {:.1} %, AUC {:.4}. The \
         features were picked with all of these recordings at hand. Others: ecg-integrity 0.1.0 92.4 % in sample, AUC 0.912; \
         winners of the challenge 93.2 %, later 94.0 % (on its own test set).\n\n",
        records.len(),
        100.0 * own.accuracy,
        own.auc,
        own.good_rejected,
        own.poor_accepted,
        100.0 * crossed.0,
        crossed.1
    )
}

/// Prints how the verdicts agree with the labels.
pub fn run(options: &Options) -> Result<(), String> {
    let records = load(&options.data)?;
    let in_use: Vec<f64> = records.iter().map(|r| FittedLeads::FITTED.risk(&r.features)).collect();
    let figures = figures(&records, &in_use);
    let agree = records.iter().filter(|r| r.rejected == (r.verdict.outcome != Outcome::Usable)).count();
    let crossed = cross_validated(&records);
    if options.json {
        println!(
            "{}",
            json!({
                "records": records.len(), "verdictsRight": agree, "accuracy": figures.accuracy, "auc": figures.auc,
                "goodRejected": figures.good_rejected, "poorAccepted": figures.poor_accepted,
                "crossValidatedAccuracy": crossed.0, "crossValidatedAuc": crossed.1,
            })
        );
        return Ok(());
    }
    let percent = 100.0 * agree as f64 / records.len() as f64;
    println!("cinc2011, {} records of 12 leads", records.len());
    println!("verdicts in use        {agree} right, {percent:.1} %; AUC {:.4}", figures.auc);
    println!(
        "  rejected though good {}, accepted though poor {}",
        figures.good_rejected, figures.poor_accepted
    );
    println!(
        "cross-validated        {:.1} %; AUC {:.4} (weights fitted without the record)",
        100.0 * crossed.0,
        crossed.1
    );
    Ok(())
}

/// Fits the weights and writes them as Rust.
pub fn fit(options: &Options) -> Result<(), String> {
    let records = load(&options.data)?;
    let all: Vec<&Judged> = records.iter().collect();
    // Six digits: what is written is what is measured.
    let weights = FittedLeads(fitted(&all).0.map(|w| (w * 1e6).round() / 1e6));
    let risks: Vec<f64> = records.iter().map(|r| weights.risk(&r.features)).collect();
    let (figures, crossed) = (figures(&records, &risks), cross_validated(&records));
    let text = card(&weights, &records, &figures, crossed);
    match &options.out {
        Some(path) => std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display())),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}

fn card(weights: &FittedLeads, records: &[Judged], figures: &Figures, crossed: (f64, f64)) -> String {
    let [constant, likeness, agreement, resemblance, hum, sharpness, stand_out] = weights.0;
    let rejected = records.iter().filter(|r| r.rejected).count();
    format!(
        "//! The weights of the joint judgement of several leads. Written by
//! `cargo run --profile native -p eval -- fit-leads --out src/quality/leads_fitted.rs`, which gives the same file again;
//! do not edit.
//!
//! # Model card
//! - What: a logistic regression on {LEADS_FEATURES} features of 10 s of all leads; no record, patient or device enters.
//! - Fitted on: PhysioNet/CinC Challenge 2011, {} records of set a (twelve leads, 10 s, 500 Hz) that people called
//!   acceptable ({}) or unacceptable ({rejected}).
//! - How: Newton's method on standardised features with a ridge of {RIDGE:.0}.
//! - Accuracy {:.1} %, AUC {:.4} in sample; {:.1} % and {:.4} cross-validated ({FOLDS} parts, {REPEATS} times), each record
//!   judged by weights fitted without it. The features were chosen with the same records at hand, which no
//!   cross-validation undoes.
//! - Known limits: adults at rest, twelve leads at once.

use super::leads::FittedLeads;

impl FittedLeads {{
    /// The weights in use: of the constant, least likeness, least agreement, mean resemblance, hum, sharpness, floor.
    pub const FITTED: Self = Self([{constant:?}, {likeness:?}, {agreement:?}, {resemblance:?}, {hum:?}, {sharpness:?}, {stand_out:?}]);
}}
",
        records.len(),
        records.len() - rejected,
        100.0 * figures.accuracy,
        figures.auc,
        100.0 * crossed.0,
        crossed.1,
    )
}

fn load(data: &Path) -> Result<Vec<Judged>, String> {
    let mut records = Vec::new();
    for (list, rejected) in [("RECORDS-acceptable", false), ("RECORDS-unacceptable", true)] {
        for (_, recording) in records::twelve_leads(data, list)? {
            let leads: Vec<JudgedLead> =
                recording.leads.iter().map(|lead| JudgedLead::new(&lead.samples_uv, lead.rate)).collect();
            let features = LeadsVerdict::features(&leads, 0);
            records.push(Judged { rejected, features, verdict: LeadsVerdict::of(&leads) });
        }
    }
    Ok(records)
}

fn figures(records: &[Judged], risks: &[f64]) -> Figures {
    let count = |rejected: bool, judged: bool| {
        let pairs = records.iter().zip(risks);
        pairs.filter(|(r, risk)| r.rejected == rejected && (**risk >= 0.5) == judged).count()
    };
    let (good_rejected, poor_accepted) = (count(false, true), count(true, false));
    let right = records.len() - good_rejected - poor_accepted;
    let labelled: Vec<(f64, bool)> = risks.iter().zip(records).map(|(risk, r)| (*risk, r.rejected)).collect();
    Figures {
        accuracy: right as f64 / records.len() as f64,
        auc: auc(labelled),
        good_rejected,
        poor_accepted,
    }
}

/// Area under the curve of a value that should be larger where the label is true; ties count half.
pub fn auc(mut values: Vec<(f64, bool)>) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    let (positive, mut start) = (values.iter().filter(|v| v.1).count() as f64, 0);
    while let Some(first) = values.get(start) {
        let tied = values.iter().skip(start).take_while(|v| v.0 == first.0);
        let (mut yes, mut no) = (0.0, 0.0);
        tied.for_each(|v| if v.1 { yes += 1.0 } else { no += 1.0 });
        sum += yes * (below + no / 2.0);
        below += no;
        start += (yes + no) as usize;
    }
    sum / (positive * (values.len() as f64 - positive))
}

/// Mean accuracy and AUC, each record judged by weights fitted without it.
fn cross_validated(records: &[Judged]) -> (f64, f64) {
    let mut mean = (0.0, 0.0);
    for seed in 0..REPEATS {
        let parts = dealt(records, seed);
        let mut risks = vec![0.0; records.len()];
        for part in 0..FOLDS {
            let others = records.iter().zip(&parts).filter(|(_, p)| **p != part);
            let weights = fitted(&others.map(|(r, _)| r).collect::<Vec<_>>());
            for ((risk, record), _) in risks.iter_mut().zip(records).zip(&parts).filter(|(_, p)| **p == part)
            {
                *risk = weights.risk(&record.features);
            }
        }
        let figures = figures(records, &risks);
        mean.0 += figures.accuracy / REPEATS as f64;
        mean.1 += figures.auc / REPEATS as f64;
    }
    mean
}

/// A part for each record, both labels dealt evenly.
fn dealt(records: &[Judged], seed: u64) -> Vec<usize> {
    let mut draw = Draw(seed);
    let mut order: Vec<(bool, u64, usize)> =
        records.iter().enumerate().map(|(i, r)| (r.rejected, draw.bits(), i)).collect();
    order.sort_unstable();
    let mut parts = vec![0; records.len()];
    for (place, (_, _, i)) in order.into_iter().enumerate() {
        parts[i] = place % FOLDS;
    }
    parts
}

/// Logistic regression by Newton's method.
fn fitted(records: &[&Judged]) -> FittedLeads {
    let n = records.len() as f64;
    let mut mean = [0.0; LEADS_FEATURES];
    let mut spread = [0.0; LEADS_FEATURES];
    for r in records {
        (0..LEADS_FEATURES).for_each(|k| mean[k] += r.features[k] / n);
    }
    for r in records {
        (0..LEADS_FEATURES).for_each(|k| spread[k] += (r.features[k] - mean[k]).powi(2) / n);
    }
    let spread = spread.map(|v: f64| v.sqrt().max(1e-9));
    let row = |r: &Judged| {
        let mut x = [1.0; N];
        (0..LEADS_FEATURES).for_each(|k| x[k + 1] = (r.features[k] - mean[k]) / spread[k]);
        x
    };
    let mut weights = [0.0; N];
    for _ in 0..STEPS {
        let mut gradient = [0.0; N];
        let mut curvature = [[0.0; N]; N];
        for k in 1..N {
            gradient[k] = -RIDGE * weights[k];
            curvature[k][k] = RIDGE;
        }
        for r in records {
            let x = row(r);
            let sum: f64 = weights.iter().zip(x).map(|(w, x)| w * x).sum();
            let risk = 1.0 / (1.0 + (-sum).exp());
            let wrong = f64::from(u8::from(r.rejected)) - risk;
            for i in 0..N {
                gradient[i] += wrong * x[i];
                (0..N).for_each(|j| curvature[i][j] += risk * (1.0 - risk) * x[i] * x[j]);
            }
        }
        let step = solved(curvature, gradient);
        (0..N).for_each(|k| weights[k] += step[k]);
    }
    for k in 0..LEADS_FEATURES {
        weights[k + 1] /= spread[k];
        weights[0] -= weights[k + 1] * mean[k];
    }
    FittedLeads(weights)
}

/// Gauss's elimination; the matrix is positive definite.
fn solved(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for j in i + 1..N {
            let factor = a[j][i] / a[i][i];
            (i..N).for_each(|k| a[j][k] -= factor * a[i][k]);
            b[j] -= factor * b[i];
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|k| a[i][k] * b[k]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}
