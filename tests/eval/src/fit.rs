//! Fits the model of the QRS detector, and says by cross-validation what such a fit is worth.

use crate::field::{Field, Stretch, Workspace};
use crate::learner::Adam;
use crate::score::{Counts, Draw, Matched};
use crate::training::{self, Lesson, Recording, FOLDS};
use crate::written::steps_table;
use crate::Options;
use pqrst::detect::{Detector, Model};
use serde_json::{json, Value};
use std::fmt::Write;

/// The detector hears all recordings, and its model learns from what it heard, so many times.
const ROUNDS: usize = 3;
/// Windows in a step, and candidates in a window.
const WINDOWS: usize = 32;
const CANDIDATES: (usize, usize) = (6, 24);
/// Learning rate at the start, and the decay of the parameters.
const RATE: f32 = 3e-3;
const DECAY: f32 = 3e-2;
/// Largest part by which the parameters of a detector that errs differ from those learnt.
const JITTER: f64 = 0.8;
/// Part of the steps, the last ones, in which the parameters are rounded to whole steps of their scales.
const ROUNDED: f64 = 0.2;

/// Cross-validates, fits on everything, and writes the model to `--out`.
pub fn run(options: &Options) -> Result<(), String> {
    let mut recordings = training::load(&options.data)?;
    // Twelve leads vote by a model that knows LUDB only, so that no record tested here has a say in it.
    let ludb: Vec<&Recording> = recordings.iter().filter(|r| r.patient.starts_with("ludb")).collect();
    let voter = fit(&ludb, 2000, 7);
    let voted = training::voted(&options.data, &voter.parameters())?;
    eprintln!("voted: {} leads", voted.len());
    recordings.extend(voted);
    let mut records: Vec<String> = recordings.iter().filter(|r| r.clean).map(|r| r.patient.clone()).collect();
    records.sort_unstable();
    records.dedup();
    let steps = options.evaluations;
    let all: Vec<&Recording> = recordings.iter().collect();
    if options.cross_validate {
        let tested = cross_validated(&recordings, &records, steps, &options.only);
        let text = serde_json::to_string_pretty(&json!({ "steps": steps, "records": tested }));
        return write(options, &text.map_err(|e| e.to_string())?);
    }
    let fitted = fit(&all, steps, 99);
    let own = gross(&tally(&all, &fitted.parameters()));
    print_line("in sample", &own);
    write(options, &source(&fitted, steps, &own))
}

pub fn write(options: &Options, text: &str) -> Result<(), String> {
    match &options.out {
        Some(path) => std::fs::write(path, format!("{}\n", text.trim_end()))
            .map_err(|e| format!("{}: {e}", path.display())),
        None => Ok(()),
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

/// How the beats that a detector with this model finds compare with the reference.
fn counts(recording: &Recording, parameters: &[f32]) -> Counts {
    let mut detector = Detector::with_model(recording.rate, Model::new(parameters));
    let mut peaks = Vec::new();
    detector.push(&recording.samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    let found: Vec<i64> = peaks.iter().map(|p| p.at.0.round() as i64).collect();
    let (from, to) = recording.span_s;
    let truth = recording.truth.as_ref().map(|truth| Matched::new(truth, &found, recording.rate));
    truth.map_or_else(Counts::default, |m| m.counts(|t| t >= from && t <= to))
}

/// Counts of the clean recordings, each by its name.
fn tally(recordings: &[&Recording], parameters: &[f32]) -> Vec<(String, Counts)> {
    let clean = recordings.iter().filter(|r| r.clean);
    clean.map(|r| (r.patient.clone(), counts(r, parameters))).collect()
}

/// Counts of all together.
fn gross(counts: &[(String, Counts)]) -> Counts {
    let mut sum = Counts::default();
    counts.iter().for_each(|(_, c)| sum.add(c));
    sum
}

/// Missed and false beats of every record, found by a model that was learnt without it.
fn cross_validated(recordings: &[Recording], records: &[String], steps: usize, only: &[String]) -> Value {
    let chosen: Vec<usize> = only.iter().filter_map(|f| f.parse().ok()).collect();
    let mut all = Vec::new();
    for fold in (0..FOLDS).filter(|f| chosen.is_empty() || chosen.contains(f)) {
        let out =
            |r: &&Recording| records.iter().position(|p| *p == r.patient).is_some_and(|i| i % FOLDS == fold);
        let (test, train): (Vec<&Recording>, Vec<&Recording>) = recordings.iter().partition(out);
        let counts = tally(&test, &fit(&train, steps, fold as u64).parameters());
        print_line(&format!("fold {fold} held out"), &gross(&counts));
        all.extend(counts);
    }
    print_line("cross-validated", &gross(&all));
    let row = |c: &Counts| json!({ "beats": c.tp + c.r#fn, "missed": c.r#fn, "false": c.fp });
    Value::Object(all.iter().map(|(name, c)| (name.clone(), row(c))).collect())
}

/// Parameters as whole steps of a scale for each block.
pub struct Fitted {
    pub steps: Vec<i8>,
    pub scales: Vec<f32>,
    blocks: Vec<(usize, usize)>,
}

impl Fitted {
    pub fn of(parameters: &[f32], blocks: &[(usize, usize)], scales: &[f32]) -> Self {
        let mut steps = Vec::with_capacity(parameters.len());
        for ((from, to), scale) in blocks.iter().zip(scales) {
            steps.extend(
                parameters[*from..*to].iter().map(|p| (p / scale).round().clamp(-127.0, 127.0) as i8),
            );
        }
        Self { steps, scales: scales.to_vec(), blocks: blocks.to_vec() }
    }

    /// The parameters, in steps of their scales.
    pub fn steps(&self) -> &[i8] {
        &self.steps
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// The scale of each block.
    pub fn scales(&self) -> &[f32] {
        &self.scales
    }

    /// The parameters that they stand for.
    pub fn parameters(&self) -> Vec<f32> {
        let of = |((from, to), scale): (&(usize, usize), &f32)| {
            self.steps[*from..*to].iter().map(|s| f32::from(*s) * scale).collect::<Vec<_>>()
        };
        self.blocks.iter().zip(&self.scales).flat_map(of).collect()
    }
}

/// The scale of each block: its largest parameter takes 127 steps; to three significant figures, as it is printed.
pub fn scales(parameters: &[f32], blocks: &[(usize, usize)]) -> Vec<f32> {
    let largest =
        |(from, to): &(usize, usize)| parameters[*from..*to].iter().fold(1e-6_f32, |top, p| top.max(p.abs()));
    blocks.iter().map(|b| format!("{:.2e}", largest(b) / 127.0).parse().unwrap_or(1.0)).collect()
}

/// Learns in rounds, each from what the detector of the round before heard.
pub fn fit(recordings: &[&Recording], steps: usize, seed: u64) -> Fitted {
    let field = Field::new();
    let blocks = field.blocks();
    let mut parameters = rough(&field);
    for round in 0..ROUNDS {
        let started = std::time::Instant::now();
        // Some recordings are heard by detectors that err: the model must not only know what follows from right
        // decisions.
        let mut draw = Draw(5000 + seed + round as u64);
        let heard = |r: &&Recording| {
            let part = if r.clean { 0.0 } else { JITTER * draw.uniform().powi(2) };
            let jittered: Vec<f32> =
                parameters.iter().map(|p| p * (1.0 + part * draw.normal()) as f32).collect();
            Lesson::new(r, &jittered)
        };
        let lessons: Vec<Lesson> = recordings.iter().map(heard).collect();
        let heard: usize = lessons.iter().map(|l| l.at_s.len()).sum();
        eprintln!("seed {seed} round {round}: {heard} candidates, {:.0} s", started.elapsed().as_secs_f64());
        let last = round + 1 == ROUNDS;
        let part = if last { steps } else { steps / 2 };
        let fresh = if round == 0 { initial(&field, seed) } else { parameters };
        parameters = learn(&field, &lessons, fresh, part, seed + 100 * round as u64);
        eprintln!("  learnt after {:.0} s", started.elapsed().as_secs_f64());
    }
    Fitted::of(&parameters, &blocks, &scales(&parameters, &blocks))
}

/// Small random weights (He 2015), no biases.
fn initial(field: &Field, seed: u64) -> Vec<f32> {
    let mut draw = Draw(1000 + seed);
    let mut parameters = vec![0.0; field.count()];
    let mut starts = field.blocks().into_iter().step_by(2);
    for widths in Model::WIDTHS {
        for pair in widths.windows(2) {
            let Some((from, to)) = starts.next() else { continue };
            let size = (2.0 / pair[0] as f64).sqrt() * if pair[1] == 1 { 0.3 } else { 1.0 };
            parameters[from..to].iter_mut().for_each(|p| *p = (draw.normal() * size) as f32);
        }
    }
    parameters
}

/// What a rough rule makes of a candidate, for the first hearing: as high and as steep as the beats before it.
fn rough(field: &Field) -> Vec<f32> {
    let mut parameters = vec![0.0; field.count()];
    let [looks, ..] = Model::WIDTHS;
    let (hidden, second) = (looks[1], looks[2]);
    let mut blocks = field.looks.blocks().map(|b| b.0);
    let mut next = || blocks.next().unwrap_or(0);
    let [w1, b1, w2, _, w3, _] = std::array::from_fn(|_| next());
    // Two units hold the sum and its opposite, so that the rectifiers lose nothing.
    for (unit, sign) in [(0, 1.0), (1, -1.0)] {
        for (input, weight) in [(0, 1.5), (1, 2.0), (9, 1.5), (14, -1.0)] {
            parameters[w1 + input * hidden + unit] = sign * weight;
        }
        parameters[b1 + unit] = sign * 2.0;
        parameters[w2 + unit * second + unit] = 1.0;
        parameters[w3 + unit] = 2.0 * sign;
    }
    parameters
}

fn learn(field: &Field, lessons: &[Lesson], mut parameters: Vec<f32>, steps: usize, seed: u64) -> Vec<f32> {
    let blocks = field.blocks();
    let mut draw = Draw(seed);
    let mut adam = Adam::new(parameters.len());
    let weights: Vec<f64> = lessons.iter().map(|l| l.weight * l.at_s.len() as f64).collect();
    let total: f64 = weights.iter().sum();
    let pick = |u: f64| {
        let mut left = u * total;
        weights
            .iter()
            .position(|w| {
                left -= w;
                left < 0.0
            })
            .unwrap_or(0)
    };
    let mut gradient = vec![0.0; parameters.len()];
    let mut work = Workspace::default();
    let (mut loss, mut count) = (0.0, 0);
    let from = (steps as f64 * (1.0 - ROUNDED)) as usize;
    let mut fixed = None;
    for step in 0..steps {
        gradient.fill(0.0);
        if step == from {
            fixed = Some(scales(&parameters, &blocks));
        }
        let rounded = fixed.as_ref().map(|s| Fitted::of(&parameters, &blocks, s).parameters());
        let used = rounded.as_ref().unwrap_or(&parameters);
        for _ in 0..WINDOWS {
            let lesson = &lessons[pick(draw.uniform())];
            let Some(stretch) = stretch(lesson, &mut draw) else { continue };
            if let Some(own) = field.learn(lesson, stretch, used, &mut gradient, &mut work, &mut draw) {
                loss += own;
                count += 1;
            }
        }
        gradient.iter_mut().for_each(|g| *g /= WINDOWS as f32);
        let length = gradient.iter().map(|g| g * g).sum::<f32>().sqrt();
        if length > 5.0 {
            gradient.iter_mut().for_each(|g| *g *= 5.0 / length);
        }
        let phase = step as f32 / steps as f32;
        let rate = RATE * (0.5 + 0.5 * (std::f32::consts::PI * phase).cos()).max(0.01);
        adam.step(&mut parameters, &gradient, rate, DECAY);
        if (step + 1) % 1000 == 0 {
            eprintln!("  step {}: loss {:.4} a window", step + 1, loss / f64::from(count.max(1)));
            (loss, count) = (0.0, 0);
        }
    }
    match fixed {
        Some(scales) => Fitted::of(&parameters, &blocks, &scales).parameters(),
        None => parameters,
    }
}

/// A stretch of candidates around which everything is annotated.
fn stretch(lesson: &Lesson, draw: &mut Draw) -> Option<Stretch> {
    let n = lesson.at_s.len();
    let first = draw.below(n);
    let length = CANDIDATES.0 + draw.below(CANDIDATES.1 - CANDIDATES.0);
    // One in fifty starts with the record.
    let settled = if first < n / 50 || first < 4 {
        None
    } else {
        (first.saturating_sub(12)..first).rev().find(|i| lesson.beat[*i].is_some())
    };
    let start = settled.map_or(0, |s| s + 1);
    let end = (start + length).min(n);
    let known = lesson.known[start..end].iter().all(|k| *k) && settled.is_none_or(|s| lesson.known[s]);
    (known && end > start).then_some(Stretch { settled, start, end })
}

/// The model as source text.
fn source(fitted: &Fitted, steps: usize, own: &Counts) -> String {
    let mut text = format!(
        "//! The fitted model. Written by `cargo xtask eval fit --evaluations {steps} --out src/detect/fitted.rs`, which gives the\n\
         //! same file again; do not edit.\n\
         //!\n\
         //! # Model card\n\
         //! - What: three small networks (see `model.rs`), {} parameters in 8 bits; no record, patient or device enters.\n\
         //! - Learnt from: MIT-BIH Arrhythmia Database 1.0.0, both leads of the 22 records of the DS1 split (de Chazal 2004), as\n\
         //!   they are and changed: mixed with noise of the Noise Stress Test Database 1.0.0 at -6 to 18 dB, with other gains,\n\
         //!   signs and sizes of waves, with ventricular beats of other records, pacemaker pulses and silences; all\n\
         //!   leads of the odd records of LUDB 1.0.1; twelve leads of recordings of CinC Challenge 2011 in which most leads agree\n\
         //!   on the beats.\n\
         //! - How: the likelihood of the annotated beats under the conditional random field of `path.rs`, by stochastic gradients;\n\
         //!   in {ROUNDS} rounds, each on what a detector with the model of the round before heard, some of them made to err.\n\
         //! - Gross F1 on the 22 first leads, whole: {:.3} % in sample; cross-validated: see docs/ACCURACY.md.\n\
         //! - Not seen: the records of the DS2 split, the QT Database but for what it shares with the above.\n\
         //! - Known limits: adults; paced beats are synthetic only; the networks were shaped with these records at hand, which no\n\
         //!   cross-validation undoes. A P wave as high and steep as its complex (record 108) can be taken for the beat.\n\n",
        fitted.steps.len(),
        own.f1()
    );
    let _ = writeln!(text, "/// The parameters, in steps of their scales.");
    steps_table(&mut text, &fitted.steps);
    let scales: Vec<String> = fitted.scales.iter().map(|s| format!("{s:?}")).collect();
    let _ = writeln!(
        text,
        "\n/// The scales: for each layer of `Model::WIDTHS` that of its weights and that of its biases."
    );
    let _ = writeln!(
        text,
        "#[rustfmt::skip]\npub(super) const SCALES: [f32; {}] = [{}];",
        scales.len(),
        scales.join(", ")
    );
    text
}
