//! Fits the model of the delineator.

use super::lessons::lessons;
use super::reference::Marked;
use crate::fit::{scales, Fitted};
use crate::learner::{Adam, Learner, Trace};
use crate::score::Draw;
use crate::written::steps_table;
use pqrst::delineate::{Model, View, FIDUCIALS};
use std::fmt::Write;

/// Beats in a step.
const BATCH: usize = 128;
/// Learning rate at the start, and the decay of the parameters.
const RATE: f32 = 3e-3;
const DECAY: f32 = 0.02;
/// Part of the steps, the last ones, in which the parameters are rounded to whole steps of their scales.
const ROUNDED: f64 = 0.2;
/// Usual errors of the fiducials, in units of 100 ms: what an error counts against.
const USUAL: [f32; FIDUCIALS] = [0.12, 0.10, 0.10, 0.08, 0.10, 0.30, 0.15, 0.22];
/// Errors count by their square up to so many usual ones.
const BEND: f32 = 2.5;
/// Part of a usual error by which the places are disturbed before a look from near.
const DISTURBED: f32 = 0.5;
/// Part of the beats in which they are disturbed by this before the first look: whoever is far off must find back.
const FAR: (f64, f32) = (0.25, 2.5);
/// Where the fiducials usually are, in units of 100 ms, and the odds of the waves: the biases at the start.
const START: [f32; FIDUCIALS + 2] = [-2.1, -1.6, -1.1, -0.5, 0.47, 1.6, 2.6, 3.4, 1.0, 2.0];

struct Networks {
    whole: Learner,
    near: Vec<Learner>,
    presence: Learner,
}

impl Networks {
    fn new() -> Self {
        let [whole, near @ .., presence] = Model::WIDTHS;
        let whole = Learner::new(whole, 0);
        let mut end = whole.end;
        let mut next = |widths: &[usize]| {
            let new = Learner::new(widths, end);
            end = new.end;
            new
        };
        Self { near: near.iter().map(|w| next(w)).collect(), presence: next(presence), whole }
    }

    fn count(&self) -> usize {
        self.presence.end
    }

    fn blocks(&self) -> Vec<(usize, usize)> {
        let near = self.near.iter().chain([&self.presence]);
        self.whole.blocks().chain(near.flat_map(Learner::blocks)).collect()
    }

    /// Small random weights (He 2015).
    fn initial(&self, draw: &mut Draw) -> Vec<f32> {
        let mut parameters = vec![0.0; self.count()];
        let mut blocks = self.blocks().into_iter();
        for widths in Model::WIDTHS {
            for (layer, pair) in widths.windows(2).enumerate() {
                let (Some((from, to)), Some((bias, end))) = (blocks.next(), blocks.next()) else { continue };
                let last = layer + 2 == widths.len();
                let size = (2.0 / pair[0] as f64).sqrt() * if last { 0.2 } else { 1.0 };
                parameters[from..to].iter_mut().for_each(|p| *p = (draw.normal() * size) as f32);
                if pair[1] == START.len() {
                    parameters[bias..end].copy_from_slice(&START);
                }
            }
        }
        parameters
    }
}

/// Learns from leads with marks.
pub fn fit(marked: &[&Marked], steps: usize, seed: u64) -> Fitted {
    let started = std::time::Instant::now();
    let lessons = lessons(marked);
    let networks = Networks::new();
    let blocks = networks.blocks();
    let mut draw = Draw(seed);
    let mut parameters = networks.initial(&mut draw);
    let mut adam = Adam::new(parameters.len());
    let mut gradient = vec![0.0; parameters.len()];
    let weights: Vec<f64> = lessons.iter().map(|l| marked[l.lead].weight).collect();
    let pick = Pick::new(&weights);
    let (mut fixed, mut trace) = (None, Trace::default());
    let (mut loss, mut count) = (0.0, 0);
    let from = (steps as f64 * (1.0 - ROUNDED)) as usize;
    for step in 0..steps {
        if step == from {
            fixed = Some(scales(&parameters, &blocks));
        }
        let rounded = fixed.as_ref().map(|s| Fitted::of(&parameters, &blocks, s).parameters());
        let used = rounded.as_ref().unwrap_or(&parameters);
        gradient.fill(0.0);
        for _ in 0..BATCH {
            let lesson = &lessons[pick.one(&mut draw)];
            let beat = lesson.varied(&mut draw);
            loss += learn(&networks, used, &beat, &mut gradient, &mut trace, &mut draw);
            count += 1;
        }
        gradient.iter_mut().for_each(|g| *g /= BATCH as f32);
        let phase = step as f32 / steps as f32;
        let rate = RATE * (0.5 + 0.5 * (std::f32::consts::PI * phase).cos()).max(0.003);
        adam.step(&mut parameters, &gradient, rate, DECAY);
        if (step + 1) % 1000 == 0 {
            let time = started.elapsed().as_secs_f64();
            eprintln!("  seed {seed} step {}: {:.4} a beat, {time:.0} s", step + 1, loss / f64::from(count));
            (loss, count) = (0.0, 0);
        }
    }
    let scales = fixed.unwrap_or_else(|| scales(&parameters, &blocks));
    Fitted::of(&parameters, &blocks, &scales)
}

/// Draws by weight.
struct Pick(Vec<f64>);

impl Pick {
    fn new(weights: &[f64]) -> Self {
        let mut sum = 0.0;
        let mut add = |w: &f64| {
            sum += w;
            sum
        };
        Self(weights.iter().map(&mut add).collect())
    }

    fn one(&self, draw: &mut Draw) -> usize {
        let at = draw.uniform() * self.0.last().copied().unwrap_or(0.0);
        self.0.partition_point(|sum| *sum <= at).min(self.0.len() - 1)
    }
}

/// The slope of the loss by an error, which counts by its square when small and by its size when large.
fn slope(error: f32, usual: f32) -> f32 {
    if error.is_nan() {
        0.0
    } else {
        (error / usual).clamp(-BEND, BEND)
    }
}

/// Adds the derivatives of the loss for one beat.
fn learn(
    networks: &Networks,
    parameters: &[f32],
    (view, truth, waves): &(View, [f32; FIDUCIALS], [Option<bool>; 2]),
    gradient: &mut [f32],
    trace: &mut Trace,
    draw: &mut Draw,
) -> f64 {
    let mut seen = Trace::default();
    networks.whole.forward(parameters, &view.whole(), &mut seen);
    let mut places = [0.0; FIDUCIALS];
    places.iter_mut().zip(seen.outputs()).for_each(|(place, out)| *place = *out);
    let mut slopes = [0.0; FIDUCIALS + 2];
    for (i, place) in places.iter().enumerate() {
        slopes[i] = 0.5 * slope(place - truth[i], USUAL[i]);
    }
    let mut loss = 0.0;
    let far = draw.uniform() < FAR.0;
    for look in 0..2 {
        let part = if far && look == 0 { FAR.1 } else { DISTURBED };
        for (place, usual) in places.iter_mut().zip(USUAL) {
            *place += part * usual * draw.normal() as f32;
        }
        let before = places;
        for (i, network) in networks.near.iter().enumerate() {
            places[i] += network.forward(parameters, &view.near(i, &before), trace);
            let slope = slope(places[i] - truth[i], USUAL[i]);
            loss += f64::from(slope * slope);
            if slope != 0.0 {
                network.backward(parameters, trace, slope, gradient);
            }
        }
    }
    let more = networks.presence.forward(parameters, &view.near(1, &places), trace);
    let mut wrong = |odds: f32, wave: usize| {
        let chance = 1.0 / (1.0 + (-odds).exp());
        let error = waves[wave].map_or(0.0, |there| chance - f32::from(u8::from(there)));
        loss += f64::from(error * error);
        2.0 * error
    };
    let p = wrong(seen.outputs()[FIDUCIALS] + more, 0);
    slopes[FIDUCIALS] = p;
    slopes[FIDUCIALS + 1] = wrong(seen.outputs()[FIDUCIALS + 1], 1);
    networks.presence.backward(parameters, trace, p, gradient);
    networks.whole.backward_all(parameters, &seen, &slopes, gradient);
    loss
}

/// The model as source text.
pub fn source(fitted: &Fitted, steps: usize) -> String {
    let mut text = format!(
        "//! The fitted model. Written by `cargo xtask eval fit-delineation --evaluations {steps} --out\n\
         //! src/delineate/fitted.rs`, which gives the same file again; do not edit.\n\
         //!\n\
         //! # Model card\n\
         //! - What: ten small networks (see `model.rs`), {} parameters in 8 bits; no record, patient or device enters.\n\
         //! - Learnt from: all twelve leads of the odd records of LUDB 1.0.1, both leads of half of the records of the QT\n\
         //!   Database 1.0.0 (marks `q1c`); and, for the presence of P waves only, the first leads of the MIT-BIH\n\
         //!   Arrhythmia Database 1.0.0 (DS1 split: beats in atrial fibrillation, and sinus beats) and recordings of CinC\n\
         //!   Challenge 2017 (even numbers: all in atrial fibrillation, one in four in sinus rhythm); and all twelve leads\n\
         //!   of the acceptable recordings of half of CinC Challenge 2011, which nobody marked: where most leads agree by a\n\
         //!   model that learnt from the others.\n\
         //! - How: squared errors, large ones by their size, by stochastic gradients; the beats as our detector finds them,\n\
         //!   averaged with their neighbours, stretched, shifted, with other heights of waves, turned over, with drift and\n\
         //!   noise.\n\
         //! - Marking: an input tells LUDB's marks from those of the QT Database, which differ; what is told is LUDB's.\n\
         //! - Accuracy: `cargo xtask eval delineation --cross-validate --evaluations {steps}`, by patient.\n\
         //! - Known limits: adults at rest; a P wave that hides in the T wave before it was rarely seen; flutter waves\n\
         //!   and fibrillation with even intervals can be taken for P waves, sinus P waves among many premature beats for\n\
         //!   none.\n\n",
        fitted.steps.len(),
    );
    let _ = writeln!(text, "/// The parameters, in steps of their scales.");
    steps_table(&mut text, &fitted.steps);
    let _ = writeln!(
        text,
        "\n/// The scales: for each layer of `Model::WIDTHS` that of its weights and that of its biases."
    );
    let _ = writeln!(text, "#[rustfmt::skip]\npub(super) const SCALES: [f32; {}] = [", fitted.scales.len());
    for row in fitted.scales.chunks(10) {
        let row: Vec<String> = row.iter().map(|s| format!("{s:?}")).collect();
        let _ = writeln!(text, "    {},", row.join(", "));
    }
    let _ = writeln!(text, "];");
    text
}
