//! Fits the trees of `pqrst::rhythm::Observer`.

use super::recordings::Recording;
use super::{likeliest, Figures};
use crate::af::series::CINC_LABELS;
use crate::boosting::{learn, Boosted, Recipe, Row};
use crate::score::Draw;
use pqrst::dsp::{TREE_LEAVES, TREE_LEVELS};
use pqrst::rhythm::{LabelModel, LABEL_FEATURES};
use std::fmt::Write;

/// Parts of the cross-validation, labels dealt evenly.
const FOLDS: usize = 10;
/// Weights of the labels: the rarer count more, as in the mean of their F1.
const WEIGHTS: [f64; 4] = [1.0, 1.3, 1.0, 1.5];
const RECIPE: Recipe = Recipe { rounds: 150, rate: 0.06, ridge: 3.0, rows: 0.7, columns: 0.2, fewest: 20 };
/// Added to the scores of the labels: one more recording is worth least in F1 to the most frequent ones.
const LEANS: [f32; 4] = [-0.4, 0.0, -0.2, 0.0];
/// Numbers in a line of the written tables.
const LINE: usize = 128;

/// Trees from these recordings.
pub fn fit(recordings: &[&Recording], seed: u64) -> Boosted<4> {
    let rows: Vec<Row> = recordings
        .iter()
        .map(|r| Row { features: &r.features, class: r.truth, weight: WEIGHTS[r.truth] })
        .collect();
    let mut fitted = learn(&rows, RECIPE, seed);
    fitted.start.iter_mut().zip(LEANS).for_each(|(start, lean)| *start += lean);
    fitted
}

/// Truth and what a model says that was learnt without the recording's part.
pub fn cross_validated(recordings: &[Recording]) -> Vec<(usize, usize)> {
    let parts = dealt(recordings);
    let mut pairs = vec![(0, 0); recordings.len()];
    for part in 0..FOLDS {
        let others = recordings.iter().zip(&parts).filter(|(_, p)| **p != part).map(|(r, _)| r);
        let fitted = fit(&others.collect::<Vec<_>>(), part as u64);
        let model = LabelModel(fitted.trees());
        for ((pair, r), p) in pairs.iter_mut().zip(recordings).zip(&parts) {
            if *p == part {
                *pair = (r.truth, likeliest(&model.probabilities(&r.features)));
            }
        }
    }
    pairs
}

/// A part for each recording, labels dealt evenly.
fn dealt(recordings: &[Recording]) -> Vec<usize> {
    let mut draw = Draw(1);
    let mut order: Vec<(usize, u64, usize)> =
        recordings.iter().enumerate().map(|(i, r)| (r.truth, draw.bits(), i)).collect();
    order.sort_unstable();
    let mut parts = vec![0; recordings.len()];
    order.into_iter().enumerate().for_each(|(place, (_, _, i))| parts[i] = place % FOLDS);
    parts
}

/// The trees as source text.
pub fn source(fitted: &Boosted<4>, own: &Figures, crossed: &Figures) -> String {
    let f1 = |f: &Figures| {
        let each: Vec<String> =
            CINC_LABELS.iter().zip(&f.f1).map(|((_, name), f)| format!("{name} {:.3}", f.own)).collect();
        format!("{}; mean of the first three {:.3}", each.join(", "), f.mean.own)
    };
    let mut text = format!(
        "//! The fitted model. Written by `cargo xtask eval fit-label --out src/rhythm/label/fitted.rs`, which gives the same\n\
         //! file again; do not edit.\n\
         //!\n\
         //! # Model card\n\
         //! - What: {} trees of {TREE_LEVELS} levels for four labels, on {LABEL_FEATURES} features of a stretch of up to 62 s (see\n\
         //!   `features.rs`); no record, patient or device enters.\n\
         //! - Learnt from: PhysioNet/CinC Challenge 2017, the even records (hand-held, one lead, 9 to 61 s), labels of version 3.\n\
         //! - How: gradient boosting of the cross-entropy, see `tests/eval/src/boosting.rs`. Classes and waves come from models that\n\
         //!   did not learn from the recording, see `tests/eval/src/label/strangers.rs`.\n\
         //! - F1 in sample: {}.\n\
         //! - F1 cross-validated ({FOLDS} parts, labels dealt evenly; patients are not known):\n\
         //!   {}.\n\
         //! - Known limits: the reference labels err themselves; a patient may be in several parts; hand-held devices and lead I\n\
         //!   only; adults; no pacemakers.\n\n",
        fitted.leaves.len() / TREE_LEAVES,
        f1(own),
        f1(crossed),
    );
    let trees = fitted.trees();
    let _ = writeln!(
        text,
        "/// Features that the trees know.\n#[cfg(test)]\npub(super) const KNOWN: usize = {LABEL_FEATURES};\n"
    );
    let _ = writeln!(
        text,
        "/// What each label starts from.\npub(super) const START: [f32; 4] = {:?};\n",
        trees.start
    );
    let _ = writeln!(text, "/// One step of a leaf.\npub(super) const SCALE: f32 = {:?};\n", trees.scale);
    let mut list = |what: &str, name: &str, of: &str, values: Vec<String>| {
        let _ = writeln!(text, "/// {what}\n#[rustfmt::skip]");
        let _ = writeln!(text, "pub(super) static {name}: [{of}; {}] = [", values.len());
        values.chunks(LINE).for_each(|row| {
            let _ = writeln!(text, "    {},", row.join(", "));
        });
        let _ = writeln!(text, "];\n");
    };
    let print = |values: &[u8]| values.iter().map(u8::to_string).collect();
    list("Features asked for.", "FEATURES", "u8", print(&fitted.features));
    let bounds = fitted.thresholds.iter().map(|t| format!("0x{t:04x}")).collect();
    list("Upper halves of the thresholds.", "THRESHOLDS", "u16", bounds);
    list("Answers.", "LEAVES", "i8", fitted.leaves.iter().map(i8::to_string).collect());
    format!("{}\n", text.trim_end())
}
