//! Classes of beats on reference recordings.

mod blocked;
mod chain;
mod fit;
mod focus;
mod lent;
mod lessons;
mod splice;
mod staged;
mod tables;
mod turned;

use crate::bootstrap::{self, Figure};
use crate::heard::sighting;
use crate::records;
use crate::streamed::worked_s;
use crate::Options;
use pqrst::beats::{Classified, Classifier, Sighting};
use pqrst::delineate::Delineator;
use pqrst::detect::Detector;
use pqrst::dsp::Strip;
use pqrst::import::wfdb::AnnotationCode;
use pqrst::import::RecordedLead;
use pqrst::signal::RPeak;
use pqrst::units::Seconds;
use serde_json::{json, Value};
use std::time::Instant;
use tables::{average, without_largest, Confusion, Rates, Tally, BINS, S, V};

pub use fit::{run as fit, without};
pub use lessons::load as lessons;

/// In place of a class: a detection that is no beat, and one in ventricular flutter.
const UNKNOWN: usize = 5;
const FLUTTER: usize = 6;
/// Length of a piece.
const PIECE_S: f64 = 0.1;
/// A beat is classified once so much signal after it is there, or the next beat is known.
const FOLLOWING: Seconds = Seconds(2.5);
/// Signal that is kept.
const KEPT: Seconds = Seconds(8.0);
/// A record has a say in the mean of records once it has so many beats of the class.
const ENOUGH: u64 = 30;
/// What `eval fit-beats --cross-validate` wrote: the confusion of each record by a model that was learnt without it.
const HELD_OUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/beats_cross_validation.json");
/// Another program on the same records and leads, Se and +P of V in percent: EP Limited's (Hamilton 2002).
const OSEA_V: (f64, f64) = (89.84, 96.32);

/// The class of an annotation by EC57: N, S, V, F or Q, from 0. Escape beats of atria and junction count as N
/// (de Chazal 2004).
pub fn class_of(code: AnnotationCode) -> usize {
    match code.0 {
        1..=3 | 11 | 25 | 34 => 0,
        4 | 7..=9 | 35 => 1,
        5 | 10 | 41 => 2,
        6 => 3,
        _ => 4,
    }
}

/// Lets a detector hear a lead and hands over each beat when a pipeline would; returns their places in whole samples.
pub fn hear(lead: &RecordedLead, mut take: impl FnMut(&Strip, Sighting)) -> Vec<i64> {
    let mut detector = Detector::new(lead.rate);
    let mut strip = Strip::new(lead.rate, KEPT);
    let mut peaks: Vec<RPeak> = Vec::new();
    let mut next = 0;
    let mut delineator = Delineator::new();
    let after = Seconds(Classifier::AFTER.0.max(Delineator::REACH.0));
    for piece in lead.samples_uv.chunks(((PIECE_S * lead.rate.get()) as usize).max(1)) {
        strip.push(piece);
        detector.push(piece, &mut peaks);
        while let Some(r) = peaks.get(next) {
            let followed = peaks.len() > next + 1 || strip.reaches(r.at, FOLLOWING);
            if !followed || !strip.reaches(r.at, after) {
                break;
            }
            take(&strip, sighting(&mut delineator, &strip, &peaks, next));
            next += 1;
        }
    }
    detector.finish(&mut peaks);
    (next..peaks.len()).for_each(|i| take(&strip, sighting(&mut delineator, &strip, &peaks, i)));
    peaks.iter().map(|p| p.at.0.round() as i64).collect()
}

/// What was measured.
pub struct Measured {
    /// By the model in use, which knows these records.
    pub own: Vec<Tally>,
    /// By models that do not know the record.
    pub held_out: Vec<Tally>,
    /// What the classifier adds, a beat.
    pub ns: f64,
    /// Median and 99th percentile of the time from a beat to its class, in seconds.
    pub delay_s: (f64, f64),
}

/// Prints tables or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let measured = measure(options)?;
    if options.json {
        println!("{}", to_json(&measured));
    } else {
        print(&measured);
    }
    Ok(())
}

/// Hears the first lead of every record.
pub fn measure(options: &Options) -> Result<Measured, String> {
    let folder = options.data.join("mitdb");
    let list = records::list(&folder, "atr").ok_or(format!("no recordings at {}", folder.display()))?;
    let (mut own, mut waits, mut seconds, mut beats) = (Vec::new(), Vec::new(), 0.0, 0);
    let origin = Instant::now();
    for record in list.iter().filter(|r| options.only.is_empty() || options.only.contains(r)) {
        let lead = records::lead(&folder, record, None)?;
        let truth = records::annotations(&folder, record, "atr")?;
        let mut classifier = Classifier::new();
        let mut found: Vec<Classified> = Vec::new();
        let mut times = Vec::new();
        let started = worked_s(origin);
        hear(&lead, |_, _| {});
        let without = worked_s(origin) - started;
        let started = worked_s(origin);
        let at = hear(&lead, |strip, beat| {
            times.push(beat.r.at.0 / lead.rate.get());
            let known = found.len();
            classifier.beat(strip, beat, &mut found);
            let now = strip.place(strip.end() as f64).0 / lead.rate.get();
            waits.extend(times.iter().take(found.len()).skip(known).map(|t| now - t));
        });
        classifier.flush(&mut found);
        seconds += worked_s(origin) - started - without;
        beats += at.len();
        let (labels, missed) = lessons::labels(&truth, &at, &lead);
        own.push(Tally::of(record, &labels, &found, &missed));
    }
    let quantile = |waits: &mut Vec<f64>, part| crate::streamed::quantile(waits, part);
    let delay_s = (quantile(&mut waits, 0.5), quantile(&mut waits, 0.99));
    let held_out = held_out()?;
    Ok(Measured { own, held_out, ns: seconds * 1e9 / beats.max(1) as f64, delay_s })
}

fn held_out() -> Result<Vec<Tally>, String> {
    let text = std::fs::read_to_string(HELD_OUT).map_err(|e| format!("{HELD_OUT}: {e}"))?;
    let all: std::collections::BTreeMap<String, (Confusion, [(u64, u64); BINS])> =
        serde_json::from_str(&text).map_err(|e| format!("{HELD_OUT}: {e}"))?;
    Ok(all.into_iter().map(|(record, (confusion, bins))| Tally { record, confusion, bins }).collect())
}

/// A figure of all records together, with its interval.
fn interval(tallies: &[Tally], of: impl Fn(&Tally) -> f64) -> Figure {
    bootstrap::figure(tallies.len(), |picked| of(&Tally::sum(picked.iter().filter_map(|i| tallies.get(*i)))))
}

fn print(measured: &Measured) {
    for (what, tallies) in
        [("in sample", &measured.own), ("each record left out of the fit", &measured.held_out)]
    {
        let all = Tally::sum(tallies);
        println!("Beat classes, MIT-BIH DS1, first lead, whole records: {what}\n");
        println!("annotated    N      S      V      F      Q      missed");
        for (name, row) in ["N", "S", "V", "F", "Q", "no beat"].iter().zip(&all.confusion) {
            let cells: Vec<String> = row.iter().map(|n| format!("{n:6}")).collect();
            println!("{name:9} {}", cells.join(" "));
        }
        let told: u64 = all.confusion.iter().flat_map(|row| &row[..5]).sum();
        let unsure: u64 = all.confusion.iter().map(|row| row[4]).sum();
        println!("told Q: {:.2} %\n", 100.0 * unsure as f64 / told as f64);
        for (name, class) in [("V", V), ("S", S), ("F", 3)] {
            let line = |what: &str, r: Rates| {
                println!("{name} {what:32} Se {:5.1} +P {:5.1} F1 {:5.1} %", r.se, r.ppv, r.f1);
            };
            line("gross", all.rates(class));
            line(&format!("mean of records with {ENOUGH} or more"), average(tallies, class, ENOUGH));
            line("mean of records with any", average(tallies, class, 1));
            let (rest, largest) = without_largest(tallies, class);
            line(&format!("without {largest}"), rest.rates(class));
        }
        for (name, class) in [("V", V), ("S", S)] {
            let span = |what: &str, of: fn(Rates) -> f64| {
                let Figure { own, low, high } = interval(tallies, |t| of(t.rates(class)));
                println!("{name} {what} {own:.1}, 95 % of draws of records {low:.1} to {high:.1} %");
            };
            span("Se", |r| r.se);
            span("+P", |r| r.ppv);
        }
        println!("\nrecord  V right missed false   S right missed false");
        for tally in tallies {
            let [v, s] = [V, S].map(|c| tally.counts(c));
            println!("{:6} {:8} {:6} {:5} {:9} {:6} {:5}", tally.record, v[0], v[1], v[2], s[0], s[1], s[2]);
        }
        println!("\nconfidence: beats, of them right");
        for (bin, (beats, right)) in all.bins.iter().enumerate().filter(|(_, b)| b.0 > 0) {
            let from = bin as f64 / BINS as f64;
            println!("{from:.1} {beats:6} {:5.1} %", 100.0 * *right as f64 / *beats as f64);
        }
        println!();
    }
    println!("beside: EP Limited's (OSEA) V Se {:.1} +P {:.1} %; it knows no S", OSEA_V.0, OSEA_V.1);
    println!(
        "delay: {} beats, {:.1} s, 99 % {:.1} s; {:.0} ns a beat",
        Classifier::LAG,
        measured.delay_s.0,
        measured.delay_s.1,
        measured.ns
    );
    println!(
        "F called V is no false V, Q called V or S no false one; Q found of a V or S counts as missed; escape beats of \
         atria and junction are N; beats in the flutter of 207 are out; 209 has two fifths of all S, 208 a quarter of all V; \
         201 shares its patient with a record of the other half"
    );
}

fn to_json(measured: &Measured) -> Value {
    let rates = |r: Rates| json!({ "se": r.se, "ppv": r.ppv, "f1": r.f1 });
    let set = |tallies: &[Tally]| {
        let all = Tally::sum(tallies);
        let class = |class: usize| {
            let (rest, largest) = without_largest(tallies, class);
            json!({ "gross": rates(all.rates(class)), "mean": rates(average(tallies, class, ENOUGH)),
                    "without": largest, "rest": rates(rest.rates(class)) })
        };
        let records = tallies.iter().map(|t| (t.record.clone(), json!(t.confusion)));
        json!({ "confusion": all.confusion, "V": class(V), "S": class(S), "F": class(3), "bins": all.bins,
                "records": records.collect::<serde_json::Map<_, _>>() })
    };
    json!({ "inSample": set(&measured.own), "heldOut": set(&measured.held_out), "nsPerBeat": measured.ns,
            "delayBeats": Classifier::LAG, "delayS": [measured.delay_s.0, measured.delay_s.1] })
}
