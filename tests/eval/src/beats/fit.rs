//! Fits the model of the classes, and says by leaving one record out what such a fit is worth.

use super::chain::{Chain, Workspace, CLASSES};
use super::lessons::{self, Kind, Lesson};
use super::tables::Tally;
use crate::learner::Adam;
use crate::score::Draw;
use crate::written::steps_table;
use crate::Options;
use pqrst::beats::{Model, MEMBERS};
use serde_json::json;
use std::fmt::Write;

/// Windows in a step, and beats in a window.
const WINDOWS: usize = 32;
const BEATS: usize = 30;
/// Steps of each member.
const STEPS: usize = 1400;
/// Learning rate at the start, and the decay of the parameters.
const RATE: f32 = 4e-3;
const DECAY: f32 = 0.3;
/// Part of the steps, the last ones, in which the parameters are rounded to whole steps of their scales.
const ROUNDED: f64 = 0.15;
/// How often a window is taken around a beat of each class, in a recording of fibrillation, in one of sinus rhythm, and
/// around a beat of class N, S or V of a staged lesson.
const MIXTURE: [f64; CLASSES + 5] = [0.19, 0.15, 0.15, 0.03, 0.08, 0.20, 0.05, 0.02, 0.13];

/// Cross-validates, or fits on everything and writes the model to `--out`.
pub fn run(options: &Options) -> Result<(), String> {
    let lessons = lessons::load(&options.data)?;
    if options.cross_validate {
        return write(options, &cross_validated(&lessons, &options.only));
    }
    let all: Vec<&Lesson> = lessons.iter().collect();
    let fitted = Fitted::new(&all);
    let model = Model::new(&fitted.parameters());
    let tallies: Vec<Tally> = lessons.iter().filter(|l| l.clean).map(|l| Tally::new(l, &model)).collect();
    println!("in sample: {}", Tally::sum(&tallies));
    write(options, &source(&fitted, &Tally::sum(&tallies)))
}

/// Parameters learnt without the records that are named.
pub fn without(lessons: &[Lesson], left_out: impl Fn(&str) -> bool) -> Vec<f32> {
    let known = |l: &&Lesson| !left_out(&l.record) && !l.donors.iter().any(|d| left_out(d));
    Fitted::new(&lessons.iter().filter(known).collect::<Vec<_>>()).parameters()
}

fn write(options: &Options, text: &str) -> Result<(), String> {
    match &options.out {
        Some(path) => std::fs::write(path, format!("{}\n", text.trim_end()))
            .map_err(|e| format!("{}: {e}", path.display())),
        None => Ok(()),
    }
}

/// The confusion of every record by a model that was learnt without it, as JSON with a line for each.
fn cross_validated(lessons: &[Lesson], only: &[String]) -> String {
    let mut rows = Vec::new();
    let mut tallies = Vec::new();
    let clean = lessons.iter().filter(|l| l.clean && (only.is_empty() || only.contains(&l.record)));
    for tested in clean {
        let apart = |l: &&Lesson| l.record != tested.record && !l.donors.contains(&tested.record);
        let others: Vec<&Lesson> = lessons.iter().filter(apart).collect();
        let tally = Tally::new(tested, &Model::new(&Fitted::new(&others).parameters()));
        eprintln!("{} held out: {tally}", tested.record);
        rows.push(format!("  {}: {}", json!(tested.record), json!((tally.confusion, tally.bins))));
        tallies.push(tally);
    }
    println!("cross-validated: {}", Tally::sum(&tallies));
    format!("{{\n{}\n}}", rows.join(",\n"))
}

/// Parameters as whole steps of a scale for each block.
struct Fitted {
    steps: Vec<i8>,
    scales: Vec<f32>,
}

impl Fitted {
    /// Learns the members, each from other windows.
    fn new(lessons: &[&Lesson]) -> Self {
        let chain = Chain::new();
        let mut fitted = Self { steps: Vec::new(), scales: Vec::new() };
        for member in 0..MEMBERS {
            let parameters = learn(&chain, lessons, 40 + member as u64);
            let scales = scales(&parameters, &chain.blocks());
            fitted.steps.extend(rounded(&parameters, &chain.blocks(), &scales).0);
            fitted.scales.extend(scales);
        }
        fitted
    }

    /// The parameters that they stand for.
    fn parameters(&self) -> Vec<f32> {
        Model::parameters(&self.steps, &self.scales)
    }
}

/// The scale of each block: its largest parameter takes 127 steps; to three significant figures, as it is printed.
fn scales(parameters: &[f32], blocks: &[(usize, usize)]) -> Vec<f32> {
    let largest =
        |(from, to): &(usize, usize)| parameters[*from..*to].iter().fold(1e-6_f32, |top, p| top.max(p.abs()));
    blocks.iter().map(|b| format!("{:.2e}", largest(b) / 127.0).parse().unwrap_or(1.0)).collect()
}

/// Parameters in steps of their scales, and what they then are.
fn rounded(parameters: &[f32], blocks: &[(usize, usize)], scales: &[f32]) -> (Vec<i8>, Vec<f32>) {
    let whole = |((from, to), scale): (&(usize, usize), &f32)| {
        let scale = *scale;
        let step = move |p: &f32| ((p / scale).round().clamp(-127.0, 127.0) as i8, scale);
        parameters[*from..*to].iter().map(step).collect::<Vec<_>>()
    };
    blocks.iter().zip(scales).flat_map(whole).map(|(step, scale)| (step, f32::from(step) * scale)).unzip()
}

/// Where windows are taken from: beats by lesson, and the weight of each lesson.
struct Pool {
    beats: Vec<(usize, Vec<usize>)>,
    weights: Vec<f64>,
}

impl Pool {
    fn new(lessons: &[&Lesson], of: impl Fn(&Lesson, usize) -> bool) -> Self {
        let beats = lessons
            .iter()
            .enumerate()
            .map(|(i, lesson)| (i, (0..lesson.beats.len()).filter(|b| of(lesson, *b)).collect::<Vec<_>>()));
        let beats: Vec<_> =
            beats.filter(|(i, b)| !b.is_empty() && lessons[*i].beats.len() >= BEATS).collect();
        let weights = beats.iter().map(|(_, b)| (b.len() as f64).sqrt()).collect();
        Self { beats, weights }
    }

    /// A lesson and the first beat of a window around one of its beats.
    fn draw(&self, lessons: &[&Lesson], draw: &mut Draw) -> (usize, usize) {
        let (lesson, beats) = &self.beats[pick(&self.weights, draw)];
        let beat = beats[draw.below(beats.len())];
        let last = lessons[*lesson].beats.len() - BEATS;
        (*lesson, beat.saturating_sub(draw.below(BEATS)).min(last))
    }
}

/// An index, drawn by weight.
fn pick(weights: &[f64], draw: &mut Draw) -> usize {
    let mut left = draw.uniform() * weights.iter().sum::<f64>();
    let found = weights.iter().position(|w| {
        left -= w;
        left < 0.0
    });
    found.unwrap_or(0)
}

fn learn(chain: &Chain, lessons: &[&Lesson], seed: u64) -> Vec<f32> {
    let of = |kind: Kind| Pool::new(lessons, move |l, _| l.kind == kind);
    let class =
        |staged: bool, c: usize| Pool::new(lessons, move |l, b| l.staged == staged && l.beats[b].truth == c);
    let mut pools: Vec<Pool> = (0..CLASSES).map(|c| class(false, c)).collect();
    pools.extend([of(Kind::Fibrillation), of(Kind::Sinus), class(true, 0), class(true, 1), class(true, 2)]);
    let mut draw = Draw(seed);
    let mut parameters = initial(chain, &mut draw);
    let mut adam = Adam::new(parameters.len());
    let mut gradient = vec![0.0; parameters.len()];
    let mut work = Workspace::default();
    let blocks = chain.blocks();
    let from = (STEPS as f64 * (1.0 - ROUNDED)) as usize;
    let mut fixed = None;
    for step in 0..STEPS {
        gradient.fill(0.0);
        if step == from {
            fixed = Some(scales(&parameters, &blocks));
        }
        let whole = fixed.as_ref().map(|s| rounded(&parameters, &blocks, s).1);
        let used = whole.as_ref().unwrap_or(&parameters);
        for _ in 0..WINDOWS {
            let (lesson, start) = pools[pick(&MIXTURE, &mut draw)].draw(lessons, &mut draw);
            let window = &lessons[lesson].beats[start..start + BEATS];
            chain.learn(window, used, &mut gradient, &mut work, &mut draw);
        }
        gradient.iter_mut().for_each(|g| *g *= 10.0 / (WINDOWS * BEATS) as f32);
        let length = gradient.iter().map(|g| g * g).sum::<f32>().sqrt();
        if length > 3.0 {
            gradient.iter_mut().for_each(|g| *g *= 3.0 / length);
        }
        let phase = step as f32 / STEPS as f32;
        let rate = RATE * (0.5 + 0.5 * (std::f32::consts::PI * phase).cos()).max(0.02);
        adam.step(&mut parameters, &gradient, rate, DECAY);
    }
    match fixed {
        Some(scales) => rounded(&parameters, &blocks, &scales).1,
        None => parameters,
    }
}

/// Small random weights, no biases; successions all alike.
fn initial(chain: &Chain, draw: &mut Draw) -> Vec<f32> {
    let mut parameters = vec![0.0; chain.count()];
    let blocks = chain.blocks();
    let [looks, _] = Model::WIDTHS;
    for (layer, inputs) in looks.iter().take(looks.len() - 1).enumerate() {
        let (from, to) = blocks[2 * layer];
        let size = (1.0 / *inputs as f64).sqrt();
        parameters[from..to].iter_mut().for_each(|p| *p = (draw.normal() * size) as f32);
    }
    parameters
}

/// The model as source text.
fn source(fitted: &Fitted, own: &Tally) -> String {
    let mut text = format!(
        "//! The fitted model. Written by `cargo xtask eval fit-beats --out src/beats/fitted.rs`, which gives the same file again;\n\
         //! do not edit.\n\
         //!\n\
         //! # Model card\n\
         //! - What: {MEMBERS} members of a network for looks and one for successions each (see `model.rs`), {} parameters in 8\n\
         //!   bits; no record, patient or device enters.\n\
         //! - Learnt from: MIT-BIH Arrhythmia Database 1.0.0, both leads of the 22 records of the DS1 split (de Chazal 2004), as\n\
         //!   they are and mixed with noise of the Noise Stress Test Database 1.0.0 at 6 to 24 dB, and a lead from between them;\n\
         //!   single leads of the CinC Challenge 2017, even records: {} of sinus rhythm, whose beats are taken to be N, and all\n\
         //!   of atrial fibrillation, whose beats are taken not to be S. From these, staged lessons: sinus rhythm with beats\n\
         //!   moved to where premature ones and pauses would be, the same in hearts whose complexes were exchanged for wide ones\n\
         //!   of other records of the split, and fibrillation with ventricular beats of such records between its own.\n\
         //! - How: the likelihood of the annotated classes under the chain of `path.rs`, by stochastic gradients.\n\
         //! - First leads of DS1 in sample: {own}; with each record left out: see docs/ACCURACY.md.\n\
         //! - Not seen: the records of the DS2 split.\n\
         //! - Known limits: adults, no pacemaker; aberrant beats in atrial fibrillation look ventricular; the numbers were\n\
         //!   chosen with these records at hand, which no cross-validation undoes.\n\n",
        fitted.steps.len(),
        lessons::HAND_HELD,
    );
    let _ = writeln!(text, "/// The parameters, member by member, in steps of their scales.");
    steps_table(&mut text, &fitted.steps);
    let scales: Vec<String> = fitted.scales.iter().map(|s| format!("{s:?}")).collect();
    let _ = writeln!(
        text,
        "\n/// The scales: for each member and each layer of `Model::WIDTHS` that of its weights and that of its biases."
    );
    let _ = writeln!(
        text,
        "#[rustfmt::skip]\npub(super) const SCALES: [f32; {}] = [\n    {},\n];",
        scales.len(),
        scales.join(", ")
    );
    text
}
