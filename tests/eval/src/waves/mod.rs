//! P, QRS and T waves: how well they are found, and how that is learnt.

pub mod chain;
mod fit;
mod inversion;
mod lessons;
pub mod reference;
mod score;
pub mod voted;

use crate::bootstrap::Figure;
use crate::fit::Fitted;
use crate::learner::at_once;
use crate::streamed::worked_s;
use crate::Options;
use chain::Turn;
use pqrst::delineate::{Delineator, Model};
use pqrst::dsp::Strip;
use pqrst::units::Seconds;
use reference::{Marked, Source};
use score::{presence, Found, Line, Tally, NAMES, WAVES};
use serde_json::{json, Value};
use voted::Unmarked;

/// What to know before the figures are compared with others.
const TRAPS: &str = "\
beats are our detector's, streamed in pieces, one lead, never the better one by the marks; errors are detection minus the
nearest mark within 150 ms; LUDB's first and last beats are not marked: only what lies inside the marked span counts;
the QT Database marks some 30 beats of a record, seen in both leads: no +P there; its marks are told as LUDB marks them;
peers' columns are over all of LUDB and all 105 records of the QT Database, ours over the halves for development";

/// Steps in which the model in use was learnt.
const STEPS: usize = 12000;
/// Steps of a model that only votes.
const TEACHER_STEPS: usize = 4000;

/// Parts of the patients for cross-validation.
const FOLDS: usize = 5;

/// What is compared with what others reach.
struct Set {
    name: &'static str,
    marked: Vec<Marked>,
    /// Bars for the standard deviations of all errors together and for the mean over records.
    bars: Option<([f64; 8], [f64; 8])>,
    /// The best of the others, in each column: sensitivity, and standard deviation of all errors.
    best: [(f64, f64); 8],
}

/// Fits the model to everything, and writes it to `--out`.
pub fn fit(options: &Options) -> Result<(), String> {
    let marked = everything(options)?;
    let all: Vec<&Marked> = marked.iter().collect();
    let fitted = taught(&all, &voted::load(&options.data)?, options.evaluations, 99);
    crate::fit::write(options, &fit::source(&fitted, options.evaluations))
}

/// All that there is to learn from.
pub fn everything(options: &Options) -> Result<Vec<Marked>, String> {
    let mut all = reference::ludb(&options.data, &(0..12).collect::<Vec<_>>())?;
    all.extend(reference::qtdb(&options.data, &[0, 1])?);
    all.extend(reference::rhythms(&options.data)?);
    all.extend(reference::handheld(&options.data)?);
    Ok(all)
}

/// Learns from these leads first, lets the model so learnt vote on recordings without marks, and learns from both.
fn taught(marked: &[&Marked], unmarked: &[Unmarked], steps: usize, seed: u64) -> Fitted {
    let teacher = fit::fit(marked, TEACHER_STEPS, seed).parameters();
    let voted = voted::leads(unmarked, &teacher);
    let all: Vec<&Marked> = marked.iter().copied().chain(&voted).collect();
    fit::fit(&all, steps, seed)
}

/// Parameters learnt without the recordings of CinC 2017 that are named.
pub fn without(
    marked: &[Marked],
    unmarked: &[Unmarked],
    left_out: impl Fn(&str) -> bool,
    seed: u64,
) -> Vec<f32> {
    let known = |m: &&Marked| m.source != Source::Cinc || !left_out(&m.record);
    let train: Vec<&Marked> = marked.iter().filter(known).collect();
    taught(&train, unmarked, STEPS, seed).parameters()
}

/// Compares with the marks; `--cross-validate` by models that did not see the patients.
pub fn run(options: &Options) -> Result<(), String> {
    const NAN: f64 = f64::NAN;
    // Columns of PEERS.md: for LUDB lead II all records, for the QT Database lead 0.
    const LUDB_II: [(f64, f64); 8] = [
        (99.7, 18.8),
        (100.0, 12.3),
        (100.0, 15.8),
        (99.9, 13.1),
        (99.9, 17.9),
        (NAN, NAN),
        (96.6, 23.3),
        (95.4, 26.4),
    ];
    const QTDB_0: [(f64, f64); 8] = [
        (98.8, 25.1),
        (98.7, 24.0),
        (99.6, 23.4),
        (99.9, 17.0),
        (99.9, 18.8),
        (NAN, NAN),
        (95.7, 35.4),
        (96.1, 39.3),
    ];
    const NONE: [(f64, f64); 8] = [(NAN, NAN); 8];
    const BARS: Option<([f64; 8], [f64; 8])> =
        Some(([12.0, NAN, 11.0, 10.0, 12.0, NAN, 15.0, 22.0], [8.0, 6.0, 7.5, 6.0, 7.5, NAN, 9.0, 11.0]));
    let mut fibrillating = reference::rhythms(&options.data)?;
    fibrillating.retain(|m| m.fibrillates);
    let sets = [
        Set { name: "LUDB II", marked: reference::ludb(&options.data, &[1])?, bars: BARS, best: LUDB_II },
        Set { name: "LUDB I", marked: reference::ludb(&options.data, &[0])?, bars: BARS, best: NONE },
        Set { name: "QTDB 0", marked: reference::qtdb(&options.data, &[0])?, bars: None, best: QTDB_0 },
        Set { name: "MITDB AF", marked: fibrillating, bars: None, best: NONE },
    ];
    let models = models(options)?;
    let names: Vec<String> = sets.iter().flat_map(|s| names(&s.marked)).collect();
    let mut results = Vec::new();
    for set in &sets {
        let only = |m: &&Marked| options.only.is_empty() || options.only.contains(&m.record);
        let tallies: Vec<Tally> = set
            .marked
            .iter()
            .filter(only)
            .map(|m| {
                let model = models.get(fold(&m.record, &names)).and_then(Option::as_ref);
                Tally::new(m, &found(m, model))
            })
            .collect();
        results.push(report(set, &tallies, options.json));
        if options.all && !options.json {
            by_record(set, &tallies);
        }
    }
    let inversion = inversion::run(&options.data, options.json)?;
    let ns_a_beat = sets.first().and_then(|s| s.marked.first()).map(|m| ns_a_beat(m).round());
    if options.json {
        let all = json!({ "crossValidated": options.cross_validate, "nsABeat": ns_a_beat, "sets": results, "inversion": inversion });
        println!("{}", serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?);
    } else {
        println!("{TRAPS}");
        println!(
            "{} ns a beat; {}",
            ns_a_beat.unwrap_or(f64::NAN),
            if options.cross_validate { "cross-validated by patient" } else { "in sample" }
        );
    }
    Ok(())
}

/// The parameters by fold; those in use for every fold unless a cross-validation is asked for.
pub fn models(options: &Options) -> Result<Vec<Option<Vec<f32>>>, String> {
    if !options.cross_validate {
        return Ok(vec![None; FOLDS]);
    }
    let marked = everything(options)?;
    let (names, unmarked) = (names(&marked), voted::load(&options.data)?);
    let learn = |out: usize| {
        let train: Vec<&Marked> =
            marked.iter().filter(|m| m.source == Source::Cinc || fold(&m.record, &names) != out).collect();
        Some(taught(&train, &unmarked, options.evaluations, out as u64).parameters())
    };
    at_once(FOLDS, learn)
}

/// The records of the QT Database in order of their names.
pub fn names(marked: &[Marked]) -> Vec<String> {
    let mut names: Vec<String> =
        marked.iter().filter(|m| m.record.starts_with("sel")).map(|m| m.record.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The fold in which a record is tested. Records of one patient of the QT Database have neighbouring names and mostly
/// share one.
pub fn fold(record: &str, names: &[String]) -> usize {
    match names.iter().position(|n| n == record) {
        Some(place) => place * FOLDS / names.len(),
        None => {
            let number: usize = record.trim_start_matches("ludb").parse().unwrap_or(0);
            number / 2 % FOLDS
        }
    }
}

/// The beats of a lead.
fn found(m: &Marked, model: Option<&Vec<f32>>) -> Vec<Found> {
    let mut delineator = model.map_or_else(Delineator::new, |p| Delineator::with_model(Model::new(p)));
    let (hz, mut all) = (m.signal.rate.get(), Vec::new());
    chain::beats(&m.signal.samples_uv, m.signal.rate, |Turn { strip, r, before, after }| {
        all.push(Found::new(r.0 / hz, &delineator.beat(strip, r, before, after), hz));
    });
    all
}

/// Time of this thread for one beat, in nanoseconds.
fn ns_a_beat(m: &Marked) -> f64 {
    const ROUNDS: usize = 400;
    let mut strip = Strip::new(m.signal.rate, Seconds(12.0));
    let mut places = Vec::new();
    chain::beats(&m.signal.samples_uv, m.signal.rate, |turn| places.push(turn.r));
    strip.push(&m.signal.samples_uv);
    let mut delineator = Delineator::new();
    let started = std::time::Instant::now();
    let (worked, mut sum) = (worked_s(started), 0.0);
    for _ in 0..ROUNDS {
        for pair in places.windows(2) {
            sum += delineator.beat(&strip, pair[0], None, Some(pair[1])).p_chance;
        }
    }
    let spent = worked_s(started) - worked;
    assert!(sum >= 0.0, "chances are not negative");
    1e9 * spent / (ROUNDS * places.len().saturating_sub(1)) as f64
}

/// Bias and standard deviation of each lead, and how sure it is of P waves.
fn by_record(set: &Set, tallies: &[Tally]) {
    for (m, tally) in set.marked.iter().zip(tallies) {
        let line: Vec<String> = tally
            .errors_ms
            .iter()
            .zip(tally.marks)
            .map(|(e, marks)| {
                let (bias, sd) = score::mean_and_sd(e);
                format!("{}/{marks} {bias:+.0} {sd:.0}", e.len())
            })
            .collect();
        println!("    {:10} {}  given P {}/{}", m.record, line.join(" | "), tally.given_p, tally.without_p);
    }
    for threshold in [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] {
        let share = |of: fn(&Tally) -> &Vec<f32>| {
            let all: Vec<f32> = tallies.iter().flat_map(of).copied().collect();
            100.0 * all.iter().filter(|c| **c >= threshold).count() as f64 / all.len() as f64
        };
        println!(
            "    P told from {threshold}: {:.1} % with, {:.1} % without",
            share(|t| &t.chances[1]),
            share(|t| &t.chances[0])
        );
    }
}

fn report(set: &Set, tallies: &[Tally], quiet: bool) -> Value {
    let text = |f: &Figure| format!("{:5.1} ({:.1} to {:.1})", f.own, f.low, f.high);
    let value = |f: &Figure| json!([f.own, f.low, f.high]);
    let mut rows = Vec::new();
    if !quiet {
        println!("{}: {} leads", set.name, tallies.len());
    }
    for (which, name) in NAMES.iter().enumerate() {
        let line = Line::new(tallies, which);
        if line.marks == 0 {
            continue;
        }
        let (bar, record_bar) = set.bars.map_or((f64::NAN, f64::NAN), |b| (b.0[which], b.1[which]));
        let (best_se, best_sd) = set.best[which];
        if !quiet {
            println!(
                "  {name:8}{:5}  Se {:22} bias {:21} SD {:22} by record {:20} | bars {bar:4} {record_bar:4} | best peer Se {best_se} SD {best_sd}",
                line.marks,
                text(&line.se),
                text(&line.bias_ms),
                text(&line.sd_ms),
                text(&line.record_sd_ms),
            );
        }
        rows.push(json!({
            "fiducial": name, "marks": line.marks, "se": value(&line.se), "biasMs": value(&line.bias_ms),
            "sdMs": value(&line.sd_ms), "recordSdMs": value(&line.record_sd_ms), "barMs": bar, "recordBarMs": record_bar,
            "bestPeer": { "se": best_se, "sdMs": best_sd },
        }));
    }
    let mut waves = Vec::new();
    for (kind, name) in
        WAVES.iter().enumerate().filter(|(kind, _)| tallies.iter().any(|t| t.waves[*kind] > 0))
    {
        let (se, ppv) = presence(tallies, kind);
        if !quiet {
            println!("  {name:8} Se {}  +P {}", text(&se), ppv.as_ref().map_or("-".into(), text));
        }
        waves.push(json!({ "wave": name, "se": value(&se), "ppv": ppv.as_ref().map(value) }));
    }
    let (given, without): (u32, u32) =
        tallies.iter().fold((0, 0), |(g, w), t| (g + t.given_p, w + t.without_p));
    if without > 0 && !quiet {
        println!(
            "  without a P wave: {given} of {without} beats were given one, {:.1} %",
            100.0 * f64::from(given) / f64::from(without)
        );
    }
    json!({ "set": set.name, "leads": tallies.len(), "fiducials": rows, "waves": waves, "withoutP": without, "givenP": given })
}
