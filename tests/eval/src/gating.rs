//! What the quality gate keeps, and what it lets through: beats found in windows called usable, level by level of
//! noise, and how well the score foretells the detector's errors.

use crate::leads::auc;
use crate::mixtures::noisy;
use crate::records;
use crate::score::{Counts, Matched};
use crate::streamed::stream;
use crate::Options;
use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;
use pqrst::pipeline::{QualityRow, TestKind};
use serde_json::json;
use std::collections::BTreeMap;

/// Noises and signal-to-noise ratios in dB that are mixed into the first leads, see [`mixed`].
const NOISES: [&str; 3] = ["em", "ma", "bw"];
const LEVELS_DB: [f64; 4] = [12.0, 6.0, 0.0, -6.0];
/// So much of a recording is mixed, from its start, in seconds.
const MIXED_S: f64 = 600.0;
/// Errors are foretold for stretches of this length, in seconds.
const STRETCH_S: f64 = 10.0;

/// Windows of one kind of signal.
#[derive(Default)]
struct Gate {
    windows: usize,
    usable: usize,
    all: Counts,
    inside: Counts,
}

/// All kinds, and for each stretch one less its least score, and whether it holds an error.
#[derive(Default)]
struct Gates {
    kinds: BTreeMap<String, Gate>,
    foretold: Vec<(f64, bool)>,
}

/// Prints the table or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let gates = measure(options)?;
    let foretold = auc(gates.foretold.clone());
    let errors = gates.foretold.iter().filter(|s| s.1).count();
    if options.json {
        let rows = gates.kinds.iter().map(|(kind, gate)| {
            json!({
                "kind": kind, "windows": gate.windows, "usablePercent": gate.kept(),
                "ppvPercent": gate.inside.ppv(), "sePercent": gate.inside.se(),
                "ppvAllPercent": gate.all.ppv(), "seAllPercent": gate.all.se(),
            })
        });
        println!(
            "{}",
            json!({ "gates": rows.collect::<Vec<_>>(), "stretches": gates.foretold.len(),
            "withErrors": errors, "aucScore": foretold })
        );
        return Ok(());
    }
    println!(
        "{:14} {:>8} {:>8} {:>18} {:>18}",
        "windows of 2 s", "number", "usable", "usable: +P, Se", "all: +P, Se"
    );
    for (kind, gate) in &gates.kinds {
        let (inside, all) = (&gate.inside, &gate.all);
        println!(
            "{kind:14} {:8} {:6.2} % {:8.3} {:8.3} % {:8.3} {:8.3} %",
            gate.windows,
            gate.kept(),
            inside.ppv(),
            inside.se(),
            all.ppv(),
            all.se()
        );
    }
    let number = gates.foretold.len();
    println!("an error within {STRETCH_S} s ({errors} of {number} stretches), foretold by the least score: AUC {foretold:.4}");
    Ok(())
}

/// The same as a section of docs/ACCURACY.md; nothing without recordings.
pub fn section(options: &Options) -> String {
    let Ok(gates) = measure(options) else { return String::new() };
    let mut page = "## Beats in windows called usable\n\nThe whole pipeline: the detector's own doubts are weighed into the windows. Noise as above, over whole records.\n\n\
        | signal | windows of 2 s | called usable | +P % there | Se % there | +P % all | Se % all |\n|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (kind, gate) in &gates.kinds {
        let (inside, all) = (&gate.inside, &gate.all);
        let shares = [inside.ppv(), inside.se(), all.ppv(), all.se()].map(|x| format!("{x:.2}")).join(" | ");
        page.push_str(&format!("| {kind} | {} | {:.1} % | {shares} |\n", gate.windows, gate.kept()));
    }
    let (number, errors) = (gates.foretold.len(), gates.foretold.iter().filter(|s| s.1).count());
    page.push_str(&format!(
        "\nWhether a stretch of {STRETCH_S} s holds a missed or a false beat ({errors} of {number} do) is foretold by the least score of \
         its windows with an area under the curve of {:.4}.\n\n",
        auc(gates.foretold.clone())
    ));
    page
}

impl Gate {
    fn kept(&self) -> f64 {
        100.0 * self.usable as f64 / self.windows as f64
    }

    fn add(&mut self, other: &Self) {
        self.windows += other.windows;
        self.usable += other.usable;
        self.all.add(&other.all);
        self.inside.add(&other.inside);
    }
}

fn measure(options: &Options) -> Result<Gates, String> {
    let (mitdb, nstdb) = (options.data.join("mitdb"), options.data.join("nstdb"));
    let absent = || format!("no recordings at {}", options.data.display());
    let mut gates = Gates::default();
    for record in records::list(&nstdb, "atr").ok_or_else(absent)? {
        let lead = records::lead(&nstdb, &record, None)?;
        let truth = records::annotations(&nstdb, &record, "atr")?;
        gates.enter(|t| if noisy(t) { record.as_str() } else { "118 clean" }, &lead, &truth);
    }
    let wanted = |record: &String| options.only.is_empty() || options.only.contains(record);
    for record in records::list(&mitdb, "atr").ok_or_else(absent)?.iter().filter(|r| wanted(r)) {
        let lead = records::lead(&mitdb, record, None)?;
        let truth = records::annotations(&mitdb, record, "atr")?;
        gates.enter(|_| "mitdb clean", &lead, &truth);
        for noise in NOISES {
            let samples = records::lead(&nstdb, noise, None)?.samples_uv;
            for db in LEVELS_DB {
                let kind = format!("{noise} {db} dB");
                gates.enter(|_| &kind, &mixed(&lead, &truth, &samples, db), &truth);
            }
        }
    }
    for db in LEVELS_DB {
        let mut pooled = Gate::default();
        NOISES.iter().filter_map(|n| gates.kinds.get(&format!("{n} {db} dB"))).for_each(|g| pooled.add(g));
        gates.kinds.insert(format!("all {db} dB"), pooled);
    }
    Ok(gates)
}

impl Gates {
    fn enter<'a>(&mut self, kind: impl Fn(f64) -> &'a str, lead: &RecordedLead, truth: &Annotations) {
        let streamed = stream(&lead.samples_uv, lead.rate, TestKind::Recording, None);
        let matched = Matched::new(truth, &streamed.beats, lead.rate);
        let mut stretches: BTreeMap<usize, (f64, bool)> = BTreeMap::new();
        for row in &streamed.report.quality {
            let counts = inside(&matched, row);
            let gate = self.kinds.entry(kind(row.start_s).to_owned()).or_default();
            gate.windows += 1;
            gate.all.add(&counts);
            if row.usable {
                gate.usable += 1;
                gate.inside.add(&counts);
            }
            let stretch = stretches.entry((row.start_s / STRETCH_S) as usize).or_default();
            stretch.0 = stretch.0.max(1.0 - f64::from(row.score));
            stretch.1 |= counts.fp + counts.r#fn > 0;
        }
        self.foretold.extend(stretches.into_values());
    }
}

/// The start of a recording with noise in it, at a ratio as the program `nst` of WFDB defines it: the signal's power is
/// that of a sine as high as the mean QRS complex.
fn mixed(lead: &RecordedLead, truth: &Annotations, noise: &[f32], db: f64) -> RecordedLead {
    let length = ((MIXED_S * lead.rate.get()) as usize).min(lead.samples_uv.len()).min(noise.len());
    let (samples, noise) = (&lead.samples_uv[..length], &noise[..length]);
    let reach = (0.05 * lead.rate.get()) as usize;
    let places = truth.beats(lead.rate).map(|p| p.0 as usize).filter(|p| *p >= reach && p + reach < length);
    let heights: Vec<f64> = places.map(|p| span(&samples[p - reach..p + reach])).collect();
    let height = heights.iter().sum::<f64>() / heights.len().max(1) as f64;
    let mean = noise.iter().map(|v| f64::from(*v)).sum::<f64>() / length as f64;
    let power = noise.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / length as f64;
    let scale = (height * height / 8.0 / power).sqrt() * 10.0_f64.powf(-db / 20.0);
    let sum = |(x, n): (&f32, &f32)| (f64::from(*x) + scale * (f64::from(*n) - mean)) as f32;
    RecordedLead { samples_uv: samples.iter().zip(noise).map(sum).collect(), ..lead.clone() }
}

fn span(samples: &[f32]) -> f64 {
    let (low, high) = samples.iter().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    f64::from(high) - f64::from(low)
}

fn inside(matched: &Matched, row: &QualityRow) -> Counts {
    matched.counts(|t| t >= row.start_s && t < row.start_s + row.duration_s)
}
