//! Fits the network of `pqrst::rhythm::AfTrack`.

use super::series::{Series, Set, Truth, FOLDS};
use crate::fit::{scales, Fitted};
use crate::learner::{Adam, Learner, Trace};
use crate::score::Draw;
use crate::written::steps_table;
use pqrst::rhythm::{window_features, AfModel, AF_FEATURES, AF_WINDOW};
use std::fmt::Write;

/// Passes over the windows, and samples in a step.
const PASSES: usize = 12;
const BATCH: usize = 64;
/// Learning rate at the start, and the decay of the parameters.
const RATE: f32 = 4e-3;
const DECAY: f32 = 3e-2;
/// How far records weigh the same whatever their length: 0 by their windows, 1 all the same.
const EVENNESS: f32 = 0.5;

/// A window with its label and weight.
struct Sample {
    inputs: [f32; AF_FEATURES],
    af: f32,
    weight: f32,
}

/// The network as it is written.
pub struct FittedAf {
    means: [f32; AF_FEATURES],
    scales: [f32; AF_FEATURES],
    network: Fitted,
}

impl FittedAf {
    /// What they stand for.
    pub fn model(&self) -> AfModel {
        AfModel::new(self.means, self.scales, self.network.parameters())
    }
}

/// Features of every window of a series, with the truth in its middle.
pub struct Windows {
    features: Vec<[f32; AF_FEATURES]>,
    truth: Vec<Truth>,
    set: Set,
    fold: usize,
}

impl Windows {
    pub fn new(series: &Series) -> Self {
        let rr: Vec<f32> = series.rr.iter().map(|rr| rr.rr.0.clamp(200.0, 3000.0) as f32).collect();
        let width = AF_WINDOW.min(rr.len());
        let middle = series.truth.iter().skip(width / 2).copied();
        let features = rr.windows(width.max(1)).filter_map(window_features);
        let (features, truth) = features.zip(middle).unzip();
        Self { features, truth, set: series.set, fold: series.fold }
    }

    /// One of so many windows is learnt from, and how much it weighs: hearts count more than beats.
    fn stride(&self) -> (usize, f32) {
        let stride = if self.set == Set::Mitdb { 1 } else { 4 };
        (stride, 100.0 * (self.features.len().div_ceil(stride) as f32).powf(-EVENNESS))
    }
}

/// Learns from all windows that are not of the fold.
pub fn fit(windows: &[Windows], without: Option<usize>) -> FittedAf {
    let lessons: Vec<&Windows> = windows.iter().filter(|w| Some(w.fold) != without).collect();
    let seed = without.map_or(99, |fold| fold as u64);
    let (means, scales_of) = standard(&lessons);
    // The standardising does not depend on weights: any model does it.
    let standardise = AfModel::new(means, scales_of, []);
    let mut samples = Vec::new();
    for w in &lessons {
        let (stride, weight) = w.stride();
        for (features, truth) in w.features.iter().zip(&w.truth).step_by(stride) {
            samples.push(Sample { inputs: standardise.inputs(features), af: label(*truth), weight });
        }
    }
    FittedAf { means, scales: scales_of, network: learn(AfModel::WIDTHS, &samples, seed) }
}

fn label(truth: Truth) -> f32 {
    f32::from(u8::from(truth == Truth::Fibrillation))
}

/// Means and inverse spreads of the features, to four figures, as they are printed.
fn standard(lessons: &[&Windows]) -> ([f32; AF_FEATURES], [f32; AF_FEATURES]) {
    let (mut sum, mut squares, mut count) = ([0.0_f64; AF_FEATURES], [0.0_f64; AF_FEATURES], 0.0);
    for w in lessons {
        for features in w.features.iter().step_by(w.stride().0) {
            count += 1.0;
            for ((s, q), x) in sum.iter_mut().zip(&mut squares).zip(features) {
                *s += f64::from(*x);
                *q += f64::from(*x).powi(2);
            }
        }
    }
    let short = |x: f64| format!("{x:.3e}").parse::<f32>().unwrap_or(0.0);
    let (mut means, mut inverse) = ([0.0; AF_FEATURES], [0.0; AF_FEATURES]);
    for i in 0..AF_FEATURES {
        let mean = sum[i] / count;
        means[i] = short(mean);
        inverse[i] = short(1.0 / (squares[i] / count - mean * mean).max(1e-8).sqrt());
    }
    (means, inverse)
}

/// A network by stochastic gradients of the cross-entropy.
fn learn(widths: &[usize], samples: &[Sample], seed: u64) -> Fitted {
    let usual = samples.iter().map(|s| s.weight).sum::<f32>() / samples.len().max(1) as f32;
    let learner = Learner::new(widths, 0);
    let blocks: Vec<(usize, usize)> = learner.blocks().collect();
    let mut draw = Draw(seed);
    let mut parameters = vec![0.0_f32; learner.end];
    for (pair, (from, to)) in widths.windows(2).zip(blocks.iter().step_by(2)) {
        let size = (2.0 / pair[0] as f64).sqrt();
        parameters[*from..*to].iter_mut().for_each(|p| *p = (draw.normal() * size) as f32);
    }
    let mut adam = Adam::new(learner.end);
    let mut gradient = vec![0.0; learner.end];
    let mut trace = Trace::default();
    let steps = PASSES * samples.len() / BATCH;
    for step in 0..steps {
        gradient.fill(0.0);
        for _ in 0..BATCH {
            let sample = &samples[draw.below(samples.len())];
            let logit = learner.forward(&parameters, &sample.inputs, &mut trace);
            let slope = (1.0 / (1.0 + (-logit).exp()) - sample.af) * sample.weight / (usual * BATCH as f32);
            learner.backward(&parameters, &trace, slope, &mut gradient);
        }
        let phase = step as f32 / steps as f32;
        let rate = RATE * (0.5 + 0.5 * (std::f32::consts::PI * phase).cos()).max(0.01);
        adam.step(&mut parameters, &gradient, rate, DECAY);
    }
    Fitted::of(&parameters, &blocks, &scales(&parameters, &blocks))
}

/// Models that were learnt without one fold each.
pub fn folds(windows: &[Windows]) -> Vec<AfModel> {
    (0..FOLDS)
        .map(|fold| {
            eprintln!("fold {fold}");
            fit(windows, Some(fold)).model()
        })
        .collect()
}

/// The weights as source text; `measured` says what they are worth.
pub fn source(fitted: &FittedAf, measured: &str) -> String {
    let mut text = format!(
        "//! The fitted model. Written by `cargo xtask eval fit-af --out src/rhythm/af/fitted.rs`, which gives the same file\n\
         //! again; do not edit.\n\
         //!\n\
         //! # Model card\n\
         //! - What: a small network (see `model.rs`) on numbers made of 32 RR intervals, {} parameters in 8 bits; no record, patient or device enters.\n\
         //! - Learnt from: MIT-BIH AF Database 1.0.0, 12 records, automatic beats; MIT-BIH Arrhythmia Database 1.0.0, the 22\n\
         //!   records of the DS1 split, beats of the detector of this library; PhysioNet/CinC Challenge 2017, the\n\
         //!   even records but for noisy ones, where a label holds for the whole recording; and 576 series drawn at random of\n\
         //!   fibrillation, bigeminy, trigeminy and breathing, which no record of a table enters (`drawn.rs`).\n\
         //! - How: cross-entropy by stochastic gradients, every beat labelled by the rhythm annotation around it.\n\
         {measured}\
         //! - Known limits: adults; atrial flutter with a constant ratio is even and counts as no fibrillation; other rhythms\n\
         //!   that are unevenly uneven (multifocal tachycardia, runs of extra beats) can look alike. RR intervals alone.\n\n",
        fitted.network.len(),
    );
    let floats = |list: &[f32]| list.iter().map(|x| format!("{x:?}")).collect::<Vec<_>>().join(", ");
    let mut list = |what: &str, name: &str, values: &[f32]| {
        let _ = writeln!(
            text,
            "/// {what}\n#[rustfmt::skip]\npub(super) const {name}: [f32; {}] = [{}];\n",
            values.len(),
            floats(values)
        );
    };
    list("Means of the features.", "MEANS", &fitted.means);
    list("One over their spreads.", "INVERSE_SPREADS", &fitted.scales);
    list(
        "The scales: for each layer that of its weights and that of its biases.",
        "SCALES",
        fitted.network.scales(),
    );
    let _ = writeln!(text, "/// The parameters, in steps of their scales.");
    steps_table(&mut text, fitted.network.steps());
    text
}
