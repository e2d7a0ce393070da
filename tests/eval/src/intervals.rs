//! PR, QRS and QT of a record against the medians of the marks that people made.

use crate::streamed::{quantile, stream};
use crate::waves::chain::{self, Turn};
use crate::waves::reference::{self, Mark, Marked};
use crate::{waves, Options};
use pqrst::delineate::{Delineator, Model};
use pqrst::hrv;
use pqrst::intervals::{measure, Circumstances, IntervalBeat};
use pqrst::pipeline::TestKind;
use pqrst::rhythm::{self, Evenness};
use pqrst::signal::{BeatClass, IntervalSource, RrInterval};
use pqrst::units::{Milliseconds, Seconds};
use serde_json::{json, Value};

const NAMES: [&str; 3] = ["PR", "QRS", "QT"];

/// Largest mean and standard deviation of the difference, milliseconds (IEC 60601-2-25, biological records of the CSE).
const LIMITS_MS: [(f64, f64); 3] = [(10.0, 10.0), (10.0, 10.0), (25.0, 30.0)];

/// Fewest marked beats behind a reference.
const MIN_MARKS: usize = 3;

/// Longest distance from the onset of QRS back to that of its P wave and on to the end of its T wave, seconds.
const P_BEFORE_S: f64 = 0.4;
const T_AFTER_S: f64 = 0.75;

/// Signal before and after the marked part that the pipeline hears, seconds: it settles, and notices a rhythm.
const AROUND_S: f64 = 20.0;

/// A median and a spread in milliseconds, or why there is none.
type Told = Result<(f64, f64), String>;

/// A record: medians of the marks, and what was measured.
struct Line {
    record: String,
    marked: [Option<f64>; 3],
    told: [Told; 3],
    fibrillates: bool,
}

/// Prints the differences, or JSON; `--cross-validate` with models of the waves that did not see the patients.
pub fn run(options: &Options) -> Result<(), String> {
    let sets = [
        ("LUDB II", reference::ludb(&options.data, &[1])?),
        ("QT Database, first lead", reference::qtdb(&options.data, &[0])?),
    ];
    let models = waves::models(options)?;
    let names: Vec<String> = sets.iter().flat_map(|(_, records)| waves::names(records)).collect();
    let mut all = Vec::new();
    for (name, records) in &sets {
        let line = |m: &Marked| {
            let told = match models.get(waves::fold(&m.record, &names)).and_then(Option::as_ref) {
                Some(model) => by_chain(m, model),
                None => by_report(m),
            };
            Line { record: m.record.clone(), marked: of_marks(m), told, fibrillates: m.fibrillates }
        };
        let lines: Vec<Line> = records.iter().map(line).collect();
        all.push(report(name, &lines, options));
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&Value::Array(all)).map_err(|e| e.to_string())?);
    }
    Ok(())
}

/// What the report says of the marked part and what lies around it.
fn by_report(m: &Marked) -> [Told; 3] {
    let (from, to) = m.span_s();
    let rate = m.signal.rate;
    let place = |s: f64| ((s.max(0.0) * rate.get()) as usize).min(m.signal.samples_uv.len());
    let samples = &m.signal.samples_uv[place(from - AROUND_S)..place(to + AROUND_S)];
    let found = stream(samples, rate, TestKind::Recording, None).report.intervals;
    let told = |value: pqrst::pipeline::Value, spread: Option<f64>| match value.value {
        Some(ms) => Ok((ms, spread.unwrap_or(f64::NAN))),
        None => Err(value.reason.map_or_else(String::new, |why| format!("{why:?}"))),
    };
    [
        told(found.pr_ms, found.spread.pr_ms),
        told(found.qrs_ms, found.spread.qrs_ms),
        told(found.qt_ms, found.spread.qt_ms),
    ]
}

/// Detector, delineator with another model, and intervals; every beat counts as normal.
fn by_chain(m: &Marked, model: &[f32]) -> [Told; 3] {
    let (from, to) = m.span_s();
    let rate = m.signal.rate;
    let (mut beats, mut rr) = (Vec::new(), Vec::new());
    let mut delineator = Delineator::with_model(Model::new(model));
    chain::beats(&m.signal.samples_uv, rate, |Turn { strip, r, before, after }| {
        let fiducials = delineator.beat(strip, r, before, after);
        let at = r.0 / rate.get();
        let rr_before = before.map(|b| Milliseconds(1000.0 * (at - b.0 / rate.get())));
        if (from..=to).contains(&at) {
            beats.push(IntervalBeat { fiducials, rr_before, class: BeatClass::N, usable: true });
            let interval =
                |rr| RrInterval { end: Seconds(at), rr, source: IntervalSource::Ecg, follows: true };
            rr.extend(rr_before.map(interval));
        }
    });
    let judged = rhythm::judge(&hrv::reject(&rr, |_, _| true));
    let irregular = judged.is_some_and(|found| found.evenness == Evenness::Irregular);
    let found = measure(&beats, Circumstances { rate, pacemaker: false, irregular });
    [found.pr, found.qrs, found.qt]
        .map(|all| all.map(|i| (i.median.0, i.spread.0)).map_err(|why| format!("{why:?}")))
}

/// Medians of what people marked.
fn of_marks(m: &Marked) -> [Option<f64>; 3] {
    let onset = |qrs: &Mark| Some(qrs.onset_s).filter(|s| s.is_finite());
    let before = |at: f64| m.p.iter().map(|p| at - p.onset_s).find(|d| (0.0..P_BEFORE_S).contains(d));
    let after = |at: f64| m.t.iter().map(|t| t.end_s - at).find(|d| (0.0..T_AFTER_S).contains(d));
    let each = |of: &dyn Fn(&Mark) -> Option<f64>| {
        let mut values: Vec<f64> = m.qrs.iter().filter_map(|qrs| of(qrs).filter(|v| v.is_finite())).collect();
        (values.len() >= MIN_MARKS).then(|| 1000.0 * quantile(&mut values, 0.5))
    };
    [
        each(&|qrs| before(onset(qrs)?)),
        each(&|qrs| Some(qrs.end_s - onset(qrs)?)),
        each(&|qrs| after(onset(qrs)?)),
    ]
}

/// Whether people marked a wide QRS.
fn wide(line: &Line) -> bool {
    line.marked[1].is_some_and(|ms| ms > 120.0)
}

fn report(name: &str, lines: &[Line], options: &Options) -> Value {
    let quiet = options.json;
    if !quiet {
        println!("{name}: {} records", lines.len());
    }
    let mut rows = Vec::new();
    for (which, interval) in NAMES.iter().enumerate() {
        // Good: the rhythm has the interval and people could mark it; with a wide QRS QT is withheld by rule.
        let good: Vec<&Line> = lines
            .iter()
            .filter(|l| l.marked[which].is_some() && !l.fibrillates && !(which == 2 && wide(l)))
            .collect();
        let told = |l: &Line| l.told[which].as_ref().ok().copied();
        let pair = |l: &&Line| Some(told(l)?.0 - l.marked[which]?);
        let off: Vec<f64> = good.iter().filter_map(pair).collect();
        let n = off.len() as f64;
        let mean = off.iter().sum::<f64>() / n;
        let sd = (off.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let mut sizes: Vec<f64> = off.iter().map(|d| d.abs()).collect();
        let (median, high) = (quantile(&mut sizes, 0.5), quantile(&mut sizes, 0.95));
        let mut spreads: Vec<f64> =
            good.iter().filter_map(|l| told(l).map(|t| t.1)).filter(|s| s.is_finite()).collect();
        let spread = quantile(&mut spreads, 0.5);
        let abstained = 100.0 * (good.len() - off.len()) as f64 / good.len() as f64;
        let mut reasons: Vec<String> =
            good.iter().filter_map(|l| l.told[which].as_ref().err().cloned()).collect();
        reasons.sort_unstable();
        let reasons: Vec<String> =
            reasons.chunk_by(|a, b| a == b).map(|same| format!("{} {}", same[0], same.len())).collect();
        if options.all && !quiet {
            for l in &good {
                let off = told(l).zip(l.marked[which]).map(|(t, marked)| (marked, t.0 - marked));
                if let Some((marked, off)) = off.filter(|(_, off)| off.abs() > LIMITS_MS[which].0 * 1.5) {
                    println!("    {} {interval} marked {marked:.0}, told {off:+.0}", l.record);
                }
            }
        }
        let (limit, limit_sd) = LIMITS_MS[which];
        let within = mean.abs() <= limit && sd <= limit_sd;
        if !quiet {
            println!(
                "  {interval:4} {:3} of {:3} told, not {abstained:4.1} % ({}): difference {mean:+5.1} (limit {limit}) SD {sd:4.1} (limit {limit_sd}) {}, median size {median:.1}, 95 % below {high:.0}; spread {spread:.0} ms",
                off.len(),
                good.len(),
                reasons.join(", "),
                if within { "within" } else { "NOT WITHIN" },
            );
        }
        rows.push(json!({
            "interval": interval, "good": good.len(), "told": off.len(), "abstainedPercent": abstained, "reasons": reasons,
            "biasMs": mean, "sdMs": sd, "medianSizeMs": median, "size95Ms": high, "within": within,
        }));
    }
    let fibrillating: Vec<&Line> = lines.iter().filter(|l| l.fibrillates).collect();
    let withheld = fibrillating.iter().filter(|l| l.told[0].is_err()).count();
    if !quiet && !fibrillating.is_empty() {
        println!("  in fibrillation and flutter PR is withheld in {withheld} of {}", fibrillating.len());
    }
    json!({ "set": name, "intervals": rows, "fibrillating": fibrillating.len(), "prWithheld": withheld })
}
