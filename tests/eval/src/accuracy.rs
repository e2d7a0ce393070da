//! Writes docs/ACCURACY.md from what is measured.

mod floors;
mod text;

use crate::bootstrap::Figure;
use crate::cost::Costs;
use crate::invariance::{self, Invariance};
use crate::qrs::tables::minutes;
use crate::qrs::{self, Scored};
use crate::quality::{self, share, Line};
use crate::rate::{self, Rates};
use crate::score::Counts;
use crate::startup::{self, Startup};
use crate::streamed::quantile;
use crate::{flutter, gating, leads, noise, place, Options};
use pqrst::pipeline::Regularity;
use pqrst::quality::Outcome;
use std::fmt::Write;
use text::{COST, HEAD, NOISE, PLACE, RATES, SOON, TAIL, TRAPS, TRUST};

/// What others reach, measured beside each other on the same recordings with the same scoring, default settings:
/// name, version, F1 on the development half (DS1), on the other half (DS2), on all 48 records, nanoseconds a sample.
const PEERS: &[(&str, &str, f64, f64, f64, f64)] = &[
    ("gqrs", "wfdb-python 4.3.1", 99.745, 99.798, 99.772, 3230.2),
    ("gqrs", "WFDB 10.7 (C)", 99.662, 99.782, 99.726, 33.9),
    ("OSEA detector", "EP Limited qrsdet.c", 99.539, 99.638, 99.592, 14.1),
    ("XQRS", "wfdb-python 4.3.1", 99.020, 99.771, 99.424, 2654.7),
    ("Khamis 2016", "neurokit2 0.2.13", 99.255, 99.418, 99.385, 823.8),
    ("Pan-Tompkins 1985", "neurokit2 0.2.13", 98.884, 99.817, 99.376, 71.6),
    ("fast-qrs-detector", "0.1.2", 99.028, 99.607, 99.355, 178.6),
    ("qrs_detector (Rust)", "0.2.0", 98.999, 99.578, 99.319, 33.7),
    ("FastNVG", "vg-beat-detectors 0.0.13", 98.820, 99.688, 99.284, 871.4),
    ("sleepecg", "0.5.9", 98.921, 99.324, 99.165, 26.9),
    ("Hamilton", "biosppy 2.2.4", 98.981, 99.379, 99.163, 968.2),
];

/// Measures everything and writes the page to `--out`, or prints it.
pub fn run(options: &Options) -> Result<(), String> {
    let sets = qrs::measure(options)?;
    if sets.is_empty() {
        return Err("without recordings there is nothing to write".to_owned());
    }
    let mut page = HEAD.to_owned();
    beats(&mut page, &sets);
    held_out(&mut page);
    in_noise(&mut page, &noise::measure(options)?);
    startup::measure(options)?.iter_mut().for_each(|s| soon(&mut page, s));
    invariance::measure(options)?.iter().for_each(|all| unchanged(&mut page, all));
    placed(&mut page, &place::measure()?);
    verdicts(&mut page, &quality::measure(options)?);
    page.push_str(&gating::section(options));
    page.push_str(&leads::section(options));
    in_flutter(&mut page, &flutter::measure(options)?);
    rates(&mut page, &rate::measure(options)?);
    floors::sections(&mut page, options)?;
    cost(&mut page, Costs::load(options).as_ref());
    page.push_str(TAIL);
    match &options.out {
        Some(path) => std::fs::write(path, page).map_err(|e| format!("{}: {e}", path.display())),
        None => {
            print!("{page}");
            Ok(())
        }
    }
}

/// Adds a line; writing to a string cannot fail.
macro_rules! line {
    ($page:expr, $($text:tt)*) => { let _ = writeln!($page, $($text)*); };
}

fn beats(page: &mut String, sets: &[Scored]) {
    line!(page, "## Beats\n");
    line!(page, "| recordings | seen by the fit | beats | missed | false | Se % | +P % | F1 % | 95 % interval | place, ms | normal beats, samples | to report, ms |");
    line!(page, "|---|---|---|---|---|---|---|---|---|---|---|---|");
    for s in sets.iter().filter(|s| s.folder != "nstdb") {
        let c = s.gross();
        let (Figure { low, high, .. }, (bias, sd)) = (s.f1(), c.bias_and_sd_ms());
        let (name, seen) = match s.folder {
            "mitdb" => ("MIT-BIH Arrhythmia, DS1, whole", "yes"),
            "ludb" => ("LUDB, lead II, marked span", "yes"),
            "qtdb" => ("QT Database, marked beats (no false beats counted)", "no"),
            other => (other, "no"),
        };
        line!(
            page,
            "| {name} | {seen} | {} | {} | {} | {:.3} | {:.3} | {:.3} | {low:.2} to {high:.2} | {bias:+.1} ± {sd:.1} | {} | {:.0}, 99 % {:.0} |",
            c.tp + c.r#fn,
            c.r#fn,
            c.fp,
            c.se(),
            c.ppv(),
            c.f1(),
            c.median_normal_samples(),
            s.delay_ms.0,
            s.delay_ms.1
        );
    }
    line!(page, "\n{TRUST}\n");
    let Some(mitdb) = sets.iter().find(|s| s.folder == "mitdb") else { return };
    let (se, ppv, f1) = mitdb.average();
    let later = mitdb.gross_later();
    line!(page, "MIT-BIH DS1, mean of records: Se {se:.3}, +P {ppv:.3}, F1 {f1:.3} %. Gross without the first five minutes, as EC57");
    line!(
        page,
        "allows: Se {:.3}, +P {:.3}, F1 {:.3} % ({} missed, {} false).\n",
        later.se(),
        later.ppv(),
        later.f1(),
        later.r#fn,
        later.fp
    );
    line!(page, "Most errors within ten seconds (missed, false; none is excused or treated apart):");
    for (record, start, missed, false_beats) in mitdb.worst() {
        line!(page, "- {record} at {}: {missed}, {false_beats}", minutes(start));
    }
    line!(page, "\n### Beside others, MIT-BIH Arrhythmia Database, first lead, whole records\n");
    line!(page, "| detector | version | F1 % DS1 | F1 % DS2 | F1 % all 48 | ns a sample |");
    line!(page, "|---|---|---|---|---|---|");
    line!(
        page,
        "| **pqrst** | {} | {:.3} (fitted here) | not measured here | not measured here | {:.0} |",
        env!("CARGO_PKG_VERSION"),
        mitdb.gross().f1(),
        mitdb.ns_per_sample
    );
    for (name, version, ds1, ds2, all, ns) in PEERS {
        line!(page, "| {name} | {version} | {ds1:.3} | {ds2:.3} | {all:.3} | {ns:.0} |");
    }
    line!(page, "\nRun again on DS1 alone by `cargo xtask eval peers`, the same records drawn for both:\n");
    line!(page, "| detector | F1 % | pqrst less that, points |\n|---|---|---|");
    for peer in &mitdb.peers {
        let Figure { own, low, high } = peer.ahead;
        line!(page, "| {} | {:.3} | {own:+.3} ({low:+.3} to {high:+.3}) |", peer.name, peer.f1);
    }
    if mitdb.peers.is_empty() {
        line!(page, "| none was run | | |");
    }
    line!(page, "\n{TRAPS}\n");
}

/// What `eval fit --cross-validate` wrote.
const HELD_OUT: &str = include_str!("../cross_validation.json");

/// The records as found by models that were learnt without them.
fn held_out(page: &mut String) {
    let table: serde_json::Value = serde_json::from_str(HELD_OUT).unwrap_or_default();
    let Some(records) = table.get("records").and_then(|r| r.as_object()) else { return };
    let count =
        |row: &serde_json::Value, of: &str| row.get(of).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let sum = |of: &str| records.values().map(|row| count(row, of)).sum::<u64>();
    let (beats, missed, wrong) = (sum("beats"), sum("missed"), sum("false"));
    let found = (beats - missed) as f64;
    line!(page, "### Cross-validated, MIT-BIH Arrhythmia Database, DS1\n");
    line!(
        page,
        "Each record found by a model learnt without it, in five folds: {missed} missed, {wrong} false of {beats}; Se {:.3}, +P {:.3}, **F1 {:.3}**. With errors: {}.\n",
        100.0 * found / beats as f64,
        100.0 * found / (found + wrong as f64),
        200.0 * found / (2.0 * found + (missed + wrong) as f64),
        records
            .iter()
            .filter(|(_, row)| count(row, "missed") + count(row, "false") > 0)
            .map(|(name, row)| format!("{name} {}, {}", count(row, "missed"), count(row, "false")))
            .collect::<Vec<_>>()
            .join("; ")
    );
    line!(
        page,
        "`cargo xtask eval fit --cross-validate --evaluations {}` repeats it.\n",
        count(&table, "steps")
    );
}

fn in_noise(page: &mut String, lines: &[noise::Line]) {
    if lines.is_empty() {
        return;
    }
    line!(page, "## Beats in noise\n\n{NOISE}\n");
    line!(
        page,
        "| noise | dB | beats | Se % | +P % | F1 % | 95 % interval | best other | F1 % | ahead, points | |"
    );
    line!(page, "|---|---|---|---|---|---|---|---|---|---|---|");
    for l in lines {
        let c = &l.ours;
        let beats = c.tp + c.r#fn;
        let Figure { own, low, high } = l.f1;
        let best = l.peers.first().map_or("not run | | |".to_owned(), |(name, f1, a)| {
            format!("{name} | {f1:.2} | {:+.2} ({:+.2} to {:+.2}) | {}", a.own, a.low, a.high, l.word())
        });
        line!(
            page,
            "| {} | {} | {beats} | {:.2} | {:.2} | {own:.2} | {low:.2} to {high:.2} | {best} |",
            l.noise,
            l.db,
            c.se(),
            c.ppv()
        );
    }
    let others = |l: &noise::Line| {
        l.peers.iter().map(|(name, f1, _)| format!("{name} {f1:.1}")).collect::<Vec<_>>().join(", ")
    };
    line!(page, "\nAll of them, F1 %:");
    for l in lines {
        line!(page, "- {} at {} dB: pqrst {:.1}, {}", l.noise, l.db, l.f1.own, others(l));
    }
    line!(page, "");
}

fn soon(page: &mut String, s: &mut Startup) {
    line!(page, "## How soon\n\n{SOON}\n");
    line!(page, "| edge | number | to first beat found, s | to first annotated | to first told | beats 0.3 to 2 s after | lost | false | 0.3 to 2 s before | lost | false |");
    line!(page, "|---|---|---|---|---|---|---|---|---|---|---|");
    let late = s.late();
    for (what, e) in [("start of the recording", &mut s.start), ("gap of 3 s", &mut s.gaps)] {
        let three = |list: &mut Vec<f64>| {
            let [a, b, c] = [0.5, 0.95, 1.0].map(|q| quantile(list, q));
            format!("{a:.2}, {b:.2}, {c:.2}")
        };
        let (found, annotated, told) =
            (three(&mut e.to_first_s), three(&mut e.to_annotated_s), three(&mut e.to_told_s));
        let counts = |c: &Counts| format!("{} | {} | {}", c.tp + c.r#fn, c.r#fn, c.fp);
        let (after, before) = (counts(&e.after), counts(&e.before));
        line!(page, "| {what} | {} | {found} | {annotated} | {told} | {after} | {before} |", e.number);
    }
    let [a, b, c] = [0.5, 0.99, 1.0].map(|q| 1000.0 * quantile(&mut s.delays_s, q));
    line!(
        page,
        "\nFrom beat to event, without gaps: median {a:.0} ms, 99 % {b:.0} ms, most {c:.0} ms; {late:.2} % later than 600 ms.\n"
    );
}

fn unchanged(page: &mut String, all: &Invariance) {
    line!(page, "## What must not matter\n");
    line!(
        page,
        "Every third record of MIT-BIH DS1 ({}), F1 unchanged {:.3} %. In pieces of 1, 7, 100 and all samples: {}.",
        all.records,
        all.plain.f1(),
        if all.by_pieces.is_empty() { "the same beats to the bit" } else { "DIFFERENT" }
    );
    line!(
        page,
        "Header in microvolts instead of millivolts: {}.\n",
        if all.by_scale.is_empty() { "the same samples" } else { "DIFFERENT" }
    );
    line!(page, "| changed | F1 % | change, points |\n|---|---|---|");
    for l in &all.lines {
        line!(page, "| {} | {:.3} | {:+.3} |", l.what, l.counts.f1(), l.change);
    }
    line!(page, "");
}

fn placed(page: &mut String, lines: &[place::Line]) {
    line!(page, "## Place of the R peak\n\n{PLACE}\n");
    line!(page, "| signal | Hz | beats | found | bias, ms | median, ms | 95 % within, ms |\n|---|---|---|---|---|---|---|");
    for l in lines {
        let (median, p95) = (l.median_ms, l.p95_ms);
        line!(
            page,
            "| {} | {} | {} | {} | {:+.2} | {median:.2} | {p95:.2} |",
            l.what,
            l.rate_hz,
            l.beats,
            l.found,
            l.bias_ms
        );
    }
    line!(page, "");
}

fn in_flutter(page: &mut String, lines: &[flutter::Line]) {
    if lines.is_empty() {
        return;
    }
    let count = |wanted: fn(&flutter::Line) -> bool| lines.iter().filter(|l| wanted(l)).count();
    line!(page, "## Ventricular flutter\n");
    line!(
        page,
        "{} half minutes of record 207 with 5 s or more of ventricular flutter, one every 5 s: usable {}, called regular {} (must be 0), \
         irregular {}, nothing said {}.\n",
        lines.len(),
        count(|l| l.outcome == Outcome::Usable),
        count(flutter::Line::is_forbidden),
        count(|l| l.regularity == Regularity::Irregular),
        count(|l| l.regularity == Regularity::CannotSay)
    );
}

fn verdicts(page: &mut String, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    line!(page, "## Quality of half minutes\n");
    line!(page, "Each half minute runs through the pipeline as a 30 s test. Faults are put into every eighth clean one.\n");
    line!(page, "| half minutes | number | usable | retake naming the fault first |");
    line!(page, "|---|---|---|---|");
    for l in lines {
        let named = l.named.map_or("-".to_owned(), |n| format!("{:.1} %", share(n, l.all)));
        line!(page, "| {} | {} | {:.1} % | {named} |", l.what, l.all, share(l.usable, l.all));
    }
    line!(page, "");
}

fn cost(page: &mut String, costs: Option<&Costs>) {
    line!(page, "## Cost\n");
    let Some(costs) = costs else {
        line!(page, "Not measured: `cargo xtask bench` first.\n");
        return;
    };
    line!(page, "{COST}\n");
    let heads = |place: &str| costs.rates.iter().map(|hz| format!(" {place} {hz} Hz |")).collect::<String>();
    line!(page, "| stage |{}{}", heads("native"), heads("wasm"));
    line!(page, "|---|{}", "---|".repeat(2 * costs.rates.len()));
    for stage in &costs.stages {
        let cells = |place: &str| {
            costs.rates.iter().map(|hz| format!(" {} |", costs.cell(place, stage, hz))).collect::<String>()
        };
        line!(page, "| {stage} |{}{}", cells("native"), cells("wasm"));
    }
    line!(page, "");
}

fn rates(page: &mut String, all: &[Rates]) {
    if all.is_empty() {
        return;
    }
    line!(page, "## Heart rate\n");
    line!(page, "{RATES}\n");
    line!(page, "| rate | number | given | bias, 1/min | mean error | 95 % within | within 2/min or 2 % | within 5/min or 10 % | why farther off than 2 and 2 % |");
    line!(page, "|---|---|---|---|---|---|---|---|---|");
    for r in all {
        line!(
            page,
            "| {} | {} | {} | {:+.2} | {:.2} | {:.2} | {:.2} % | {:.2} % | {} |",
            r.what,
            r.windows,
            r.given,
            r.bias,
            r.mean_error,
            r.p95,
            r.within_2,
            r.within_standard,
            r.by_cause(&r.causes)
        );
    }
    line!(page, "");
}
