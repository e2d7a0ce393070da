//! Atrial fibrillation from RR intervals, beat by beat.

mod drawn;
mod fit;
pub mod series;

use crate::bootstrap::{figure, Figure};
use crate::leads::auc;
use crate::Options;
use fit::Windows;
use pqrst::rhythm::{AfBeat, AfModel, AfSpan, AfTrack};
use serde_json::json;
use series::{Series, Set, Truth};

/// Probability from which on time counts as fibrillation in records without any.
const CALLED: f32 = 0.5;
/// Shares of beats in fibrillation at which positive predictivity is told.
const PREVALENCES: [f64; 3] = [0.01, 0.05, 0.20];

/// One beat of so many counts in the draws of records.
const THINNED: usize = 100;
/// Spans, and the specificity at which sensitivity is told.
const SPANS: [(AfSpan, &str, f64); 2] = [(AfSpan::Beats32, "32", 0.97), (AfSpan::Beats128, "128", 0.98)];

/// One span's probabilities, series by series.
struct Judged<'a> {
    series: &'a Series,
    chances: Vec<f32>,
}

/// `classes`: whether the track is told which beats come from a ventricle.
fn judge<'a>(series: &'a Series, span: AfSpan, model: AfModel, classes: bool) -> Judged<'a> {
    let mut track = AfTrack::with_model(span, model);
    let mut out: Vec<AfBeat> = Vec::new();
    let told = series.rr.iter().zip(&series.ventricular);
    told.for_each(|(rr, v)| track.push(rr, classes && *v, &mut out));
    track.finish(&mut out);
    Judged { series, chances: out.iter().map(|beat| beat.chance.unwrap_or(0.0)).collect() }
}

impl Judged<'_> {
    fn beats(&self) -> impl Iterator<Item = (f32, Truth)> + '_ {
        self.chances.iter().copied().zip(self.series.truth.iter().copied())
    }

    /// Share of the time that is called fibrillation.
    fn called(&self) -> (f64, f64) {
        let mut sum = (0.0, 0.0);
        for (chance, rr) in self.chances.iter().zip(&self.series.rr) {
            sum.0 += if *chance >= CALLED { rr.rr.0 } else { 0.0 };
            sum.1 += rr.rr.0;
        }
        sum
    }
}

/// Se at the threshold that gives this Sp, and that threshold.
fn sensitivity(beats: &[(f64, bool)], specificity: f64) -> (f64, f64) {
    let mut negatives: Vec<f64> = beats.iter().filter(|b| !b.1).map(|b| b.0).collect();
    let threshold = crate::streamed::quantile(&mut negatives, specificity);
    let positives = beats.iter().filter(|b| b.1).count() as f64;
    (beats.iter().filter(|b| b.1 && b.0 > threshold).count() as f64 / positives, threshold)
}

/// Figures of one span.
struct Figures {
    span: &'static str,
    auc: Figure,
    /// Se at Sp of the bar.
    at: f64,
    se: Figure,
    /// Se and Sp at 0.5.
    half: (f64, f64),
    flutter_called: (usize, usize),
    /// False time on mitdb records without fibrillation, percent.
    false_time: Figure,
    worst: Vec<(String, f64)>,
    /// The same where the track is told which of our beats come from a ventricle.
    told_time: Figure,
    told_worst: Vec<(String, f64)>,
    mitdb_se: f64,
}

fn pooled(judged: &[&Judged], picked: &[usize]) -> Vec<(f64, bool)> {
    let beats = picked.iter().filter_map(|i| judged.get(*i)).flat_map(|j| j.beats());
    beats.map(|(chance, truth)| (f64::from(chance), truth == Truth::Fibrillation)).collect()
}

/// Share of the time called fibrillation in MIT-BIH records that have none, in percent, and the same by record.
fn false_time(all: &[Judged]) -> (Figure, Vec<(String, f64)>) {
    let clean: Vec<&Judged> =
        all.iter().filter(|j| j.series.set == Set::Mitdb && !j.series.has_af()).collect();
    let percent = |(called, all): (f64, f64)| 100.0 * called / all;
    let mut worst: Vec<(String, f64)> =
        clean.iter().map(|j| (j.series.name.clone(), percent(j.called()))).collect();
    worst.sort_by(|a, b| b.1.total_cmp(&a.1));
    let figure = figure(clean.len(), |picked| {
        let each = picked.iter().map(|i| clean[*i].called());
        percent(each.fold((0.0, 0.0), |s, c| (s.0 + c.0, s.1 + c.1)))
    });
    (figure, worst)
}

fn figures(span: &'static str, at: f64, all: &[Judged]) -> Figures {
    let afdb: Vec<&Judged> = all.iter().filter(|j| j.series.set == Set::Afdb).collect();
    let beats = pooled(&afdb, &(0..afdb.len()).collect::<Vec<_>>());
    // Draws of whole records over a thinned series: neighbours say the same.
    let thin: Vec<Vec<(f64, bool)>> = afdb
        .iter()
        .map(|j| {
            let thinned = j.beats().step_by(THINNED);
            thinned.map(|(chance, truth)| (f64::from(chance), truth == Truth::Fibrillation)).collect()
        })
        .collect();
    let drawn = |picked: &[usize]| picked.iter().flat_map(|i| thin[*i].clone()).collect::<Vec<_>>();
    let own = |figure: Figure, own: f64| Figure { own, ..figure };
    let share = |yes: usize, all: usize| yes as f64 / all.max(1) as f64;
    let count = |af: bool, called: bool| {
        beats.iter().filter(|b| b.1 == af && (b.0 >= f64::from(CALLED)) == called).count()
    };
    let half = (
        share(count(true, true), count(true, true) + count(true, false)),
        share(count(false, false), count(false, false) + count(false, true)),
    );
    let flutter: Vec<f32> =
        all.iter().flat_map(|j| j.beats()).filter(|b| b.1 == Truth::Flutter).map(|b| b.0).collect();
    let (false_time, worst) = false_time(all);
    let with_af = all.iter().filter(|j| j.series.set == Set::Mitdb && j.series.has_af());
    let mitdb: Vec<f32> =
        with_af.flat_map(|j| j.beats()).filter(|b| b.1 == Truth::Fibrillation).map(|b| b.0).collect();
    Figures {
        span,
        auc: own(figure(afdb.len(), |picked| auc(drawn(picked))), auc(beats.clone())),
        at,
        se: own(figure(afdb.len(), |picked| sensitivity(&drawn(picked), at).0), sensitivity(&beats, at).0),
        half,
        flutter_called: (flutter.iter().filter(|p| **p >= CALLED).count(), flutter.len()),
        false_time,
        told_time: false_time,
        told_worst: worst.clone(),
        worst,
        mitdb_se: 100.0 * share(mitdb.iter().filter(|p| **p >= CALLED).count(), mitdb.len()),
    }
}

/// Both spans, cross-validated by record or by the model in use.
fn measure(options: &Options) -> Result<Vec<Figures>, String> {
    let series = series::load(&options.data)?;
    let models = if options.cross_validate { Some(fold_models(options, &series)?) } else { None };
    let mut all = Vec::new();
    for (span, name, at) in SPANS {
        let judged = |classes: bool| -> Vec<Judged> {
            let model =
                |s: &Series| models.as_ref().map_or_else(AfModel::fitted, |models| models[s.fold].clone());
            series.iter().map(|s| judge(s, span, model(s), classes)).collect()
        };
        let (told_time, told_worst) = false_time(&judged(true));
        let own = figures(name, at, &judged(false));
        all.push(Figures { told_time, told_worst, ..own });
    }
    Ok(all)
}

/// Models that were learnt without one fold each.
fn fold_models(options: &Options, series: &[Series]) -> Result<Vec<AfModel>, String> {
    Ok(fit::folds(&windows(options, series)?))
}

fn windows(options: &Options, series: &[Series]) -> Result<Vec<Windows>, String> {
    let cinc = series::cinc(&options.data)?;
    Ok(series.iter().chain(&cinc).chain(&drawn::all()).map(Windows::new).collect())
}

/// Prints the tables or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let all = measure(options)?;
    if options.json {
        let interval = |f: &Figure| json!([f.own, f.low, f.high]);
        let rows: Vec<_> = all
            .iter()
            .map(|f| {
                json!({"beats": f.span, "auc": interval(&f.auc), "specificity": f.at,
                    "sensitivity": interval(&f.se), "sensitivityAtHalf": f.half.0,
                    "specificityAtHalf": f.half.1, "flutterCalled": f.flutter_called.0,
                    "flutter": f.flutter_called.1, "falseTimePercent": interval(&f.false_time),
                    "falseTimeWithClassesPercent": interval(&f.told_time)})
            })
            .collect();
        println!("{}", json!({"crossValidated": options.cross_validate, "spans": rows}));
        return Ok(());
    }
    let how =
        if options.cross_validate { "cross-validated by record" } else { "the model in use, in sample" };
    println!("AF from RR intervals, {how}; afdb: 12 records, automatic beats, per beat, no edges dropped");
    for f in &all {
        print(f);
    }
    println!("others: CosEn (Lake and Moorman 2011) on these 12 records, in sample: 32 beats AUC 0.9846, Se 91.1 at Sp 97;");
    println!("128 beats AUC 0.9894; on all 25 records: 32 beats AUC 0.9925, Se 96.0 at Sp 97.0; NEC 0.9847; nRMSSD 0.8865");
    println!("the beats of afdb are automatic; most of what is missed lies in 04936, whose fibrillation half repeats itself");
    Ok(())
}

fn print(f: &Figures) {
    println!(
        "{:>3} beats  AUC {:.4} ({:.4} to {:.4})  Se {:.2} ({:.2} to {:.2}) at Sp {:.0}; at 0.5 Se {:.2} Sp {:.2}",
        f.span,
        f.auc.own,
        f.auc.low,
        f.auc.high,
        100.0 * f.se.own,
        100.0 * f.se.low,
        100.0 * f.se.high,
        100.0 * f.at,
        100.0 * f.half.0,
        100.0 * f.half.1
    );
    let ppv = |p: f64| {
        let (yes, no) = (p * f.half.0, (1.0 - p) * (1.0 - f.half.1));
        format!("{:.1} % at {:.0} %", 100.0 * yes / (yes + no), 100.0 * p)
    };
    println!("           +P at 0.5 by prevalence: {}", PREVALENCES.map(ppv).join(", "));
    println!(
        "           flutter called fibrillation: {} of {} beats; mitdb 201, 203: Se {:.1}",
        f.flutter_called.0, f.flutter_called.1, f.mitdb_se
    );
    let told = [("RR alone", &f.false_time, &f.worst), ("told our classes", &f.told_time, &f.told_worst)];
    for (how, time, worst) in told {
        let worst: Vec<String> = worst.iter().take(5).map(|(n, p)| format!("{n} {p:.1} %")).collect();
        println!(
            "           false time on mitdb records without AF, {how}: {:.2} % ({:.2} to {:.2}); {}",
            time.own,
            time.low,
            time.high,
            worst.join(", ")
        );
    }
}

/// Fits on everything and writes the model to `--out`.
pub fn fit(options: &Options) -> Result<(), String> {
    let series = series::load(&options.data)?;
    let fitted = fit::fit(&windows(options, &series)?, None);
    let model = fitted.model();
    let mut measured = String::new();
    for (span, name, at) in SPANS {
        let judged: Vec<Judged> = series.iter().map(|s| judge(s, span, model.clone(), false)).collect();
        let f = figures(name, at, &judged);
        measured += &format!(
            "//! - {name} beats: AUC {:.4} on the AF database in sample; cross-validated: `cargo xtask eval af --cross-validate`.\n",
            f.auc.own
        );
    }
    let text = fit::source(&fitted, &measured);
    match &options.out {
        Some(path) => std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display())),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}
