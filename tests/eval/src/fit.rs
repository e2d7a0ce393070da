//! Fits the weights of the QRS detector, and says by cross-validation what such a fit is worth.

use crate::score::{Counts, Draw};
use crate::training::{self, Lesson};
use crate::Options;
use pqrst::detect::Weights;
use std::fmt::Write;

/// Parts of the records for cross-validation: every record is tested once by weights that did not see it.
const FOLDS: usize = 5;
/// Cost of all weights being a quarter of their range away from the plausible values: a fit that has no reason to
/// move a weight leaves it.
const RESTRAINT: f64 = 3.0;
/// A trial that is worse by this part after the costliest lessons is given up.
const PATIENCE: f64 = 0.02;
/// First and least size of steps, in parts of the weights' ranges.
const STEP: (f64, f64) = (0.12, 0.015);

/// Cross-validates, fits on everything, and writes the weights to `--out`.
pub fn run(options: &Options) -> Result<(), String> {
    let lessons = training::load(&options.data)?;
    let mut records: Vec<String> = lessons.iter().map(|l| l.record.clone()).collect();
    records.sort_unstable();
    records.dedup();
    let evaluations = options.evaluations;
    let all: Vec<&Lesson> = lessons.iter().collect();
    let tested = (!options.no_cross_validation).then(|| cross_validated(&lessons, &records, evaluations));
    let fitted = fit(&all, evaluations, u64::MAX);
    let own = tally(&all, &fitted);
    print_line("plausible values", &tally(&all, &Weights::PLAUSIBLE));
    tested.iter().for_each(|t| print_line("cross-validated", t));
    print_line("in sample", &own);
    for lesson in lessons.iter().filter(|l| !l.clean) {
        println!("  in sample, {} otherwise: F1 {:.2}", lesson.record, lesson.counts(&fitted).f1());
    }
    let text = source(&fitted, evaluations, tested.as_ref(), &own);
    match &options.out {
        Some(path) => std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display())),
        None => {
            println!("\n{text}");
            Ok(())
        }
    }
}

fn print_line(what: &str, c: &Counts) {
    println!(
        "{what:18} {} beats: {} missed, {} false; Se {:.3} +P {:.3} F1 {:.3}",
        c.tp + c.r#fn,
        c.r#fn,
        c.fp,
        c.se(),
        c.ppv(),
        c.f1()
    );
}

/// Gross counts over the clean lessons.
fn tally(lessons: &[&Lesson], weights: &Weights) -> Counts {
    let mut sum = Counts::default();
    lessons.iter().filter(|l| l.clean).for_each(|l| sum.add(&l.counts(weights)));
    sum
}

fn cross_validated(lessons: &[Lesson], records: &[String], evaluations: usize) -> Counts {
    let mut sum = Counts::default();
    for fold in 0..FOLDS {
        let out = |l: &Lesson| records.iter().position(|r| *r == l.record).is_some_and(|i| i % FOLDS == fold);
        let (test, train): (Vec<&Lesson>, Vec<&Lesson>) = lessons.iter().partition(|l| out(l));
        let weights = fit(&train, evaluations, fold as u64);
        print_line(&format!("fold {fold} in sample"), &tally(&train, &weights));
        for lesson in &test {
            let c = lesson.counts(&weights);
            let kind = if lesson.clean { "" } else { " otherwise" };
            println!("  {}{kind}: {} missed, {} false, F1 {:.3}", lesson.record, c.r#fn, c.fp, c.f1());
        }
        let counts = tally(&test, &weights);
        print_line(&format!("fold {fold} held out"), &counts);
        sum.add(&counts);
    }
    sum
}

/// The best weights that a random search from the plausible values finds: one to three weights at a time, in
/// steps that shrink while nothing better comes.
fn fit(lessons: &[&Lesson], evaluations: usize, seed: u64) -> Weights {
    let mut draw = Draw(seed);
    let mut best = Weights::PLAUSIBLE;
    let mut costs: Vec<(f64, &Lesson)> = lessons.iter().map(|l| (l.cost(&best), *l)).collect();
    let mut step = STEP.0;
    for trial in 1..=evaluations {
        let mut next = best;
        for _ in 0..=draw.below(3) {
            let index = draw.below(Weights::RANGES.len());
            let (Some((_, low, high)), Some(value)) =
                (Weights::RANGES.get(index), best.values().get(index).copied())
            else {
                continue;
            };
            next.set(index, rounded((value + step * draw.normal() * (high - low)).clamp(*low, *high)));
        }
        match better(&costs, &best, &next) {
            Some(new) => {
                costs = new;
                costs.sort_by(|a, b| b.0.total_cmp(&a.0));
                best = next;
                step = (step * 1.3).min(STEP.0);
            }
            None => step = (step * 0.985).max(STEP.1),
        }
        if trial % 100 == 0 {
            let sum: f64 = costs.iter().map(|c| c.0).sum();
            eprintln!("{trial}: cost {sum:.2} and {:.2}, step {step:.3}", restraint(&best));
        }
    }
    best
}

/// The costs of `next` when it is better than `best`, whose costs are given.
fn better<'a>(costs: &[(f64, &'a Lesson)], best: &Weights, next: &Weights) -> Option<Vec<(f64, &'a Lesson)>> {
    let total: f64 = costs.iter().map(|c| c.0).sum();
    let mut ahead = restraint(best) - restraint(next);
    let mut new = Vec::with_capacity(costs.len());
    for (old, lesson) in costs {
        let cost = lesson.cost(next);
        ahead += old - cost;
        if ahead < -PATIENCE * total {
            return None;
        }
        new.push((cost, *lesson));
    }
    (ahead > 0.0).then_some(new)
}

fn restraint(weights: &Weights) -> f64 {
    let pairs = weights.values().into_iter().zip(Weights::PLAUSIBLE.values());
    let away = pairs.zip(Weights::RANGES).map(|((a, b), (_, low, high))| ((a - b) / (high - low)).powi(2));
    RESTRAINT * away.sum::<f64>() * 16.0 / Weights::RANGES.len() as f64
}

/// Three figures after the point are all that a weight deserves.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The weights as source text.
fn source(weights: &Weights, evaluations: usize, tested: Option<&Counts>, own: &Counts) -> String {
    let tested = tested.map_or("not measured".to_owned(), |t| format!("{:.3} %", t.f1()));
    let mut text = format!(
        "//! The fitted weights. Written by `cargo run --profile native -p eval -- fit --evaluations {evaluations} --out \
         src/detect/fitted.rs`,\n\
         //! which gives the same file again; do not edit.\n\
         //!\n\
         //! # Model card\n\
         //! - What: {} weights of a hand-designed score, each within a stated range; no record, patient or device enters.\n\
         //! - Fitted on: MIT-BIH Arrhythmia Database 1.0.0, first lead, the 22 records of the DS1 split (de Chazal 2004):\n\
         //!   as they are; with less weight 15 minutes of their second leads, 10 minutes of each mixed with noise of the\n\
         //!   Noise Stress Test Database 1.0.0, and record 118 of that database with electrode motion at 24 to -6 dB.\n\
         //! - How: random search from `Weights::PLAUSIBLE`, one to three weights at a time, for the least sum over\n\
         //!   recordings of (missed + false beats)^0.8, with a restraint towards the plausible values.\n\
         //! - Gross F1 on the 22 records, whole: {:.3} % in sample; {tested} cross-validated, each record tested with\n\
         //!   weights fitted without it, in {FOLDS} folds.\n\
         //! - Not seen by the fit: the records of the DS2 split and the Lobachevsky University Database.\n\
         //!   The features and ranges were chosen with the development records at hand, which no\n\
         //!   cross-validation undoes.\n\
         //! - Known limits: adults at rest; paced rhythms, children and fibrillation of the ventricles were not fitted\n\
         //!   for. A P wave as high and steep as its complex (record 108) can be taken for the beat.\n\n\
         use super::weights::Weights;\n\n\
         impl Weights {{\n    /// The weights in use.\n    pub const FITTED: Self = Self {{\n",
        Weights::RANGES.len(),
        own.f1()
    );
    for ((name, ..), value) in Weights::RANGES.iter().zip(weights.values()) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "        {name}: {value:?},");
    }
    text.push_str("    };\n}\n");
    text
}
