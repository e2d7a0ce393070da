//! Beats in noise: inside the noisy blocks only, ours beside others on exactly the same signals.

use crate::bootstrap::{self, Figure};
use crate::mixtures::{noisy, BLOCK_S, FIRST_S};
use crate::peers::{self, Signal};
use crate::records;
use crate::score::{Counts, Matched};
use crate::streamed::{places, told};
use crate::Options;
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// Beats so close to the end of a signal are not counted: nobody can see all of them.
const END_S: f64 = 0.2;
/// Recordings of the Noise Stress Test Database: name and level.
const STRESSED: &[(&str, i32)] = &[("118e12", 12), ("118e06", 6), ("118e00", 0), ("118e_6", -6)];

/// One noise at one level.
pub struct Line {
    /// Noise.
    pub noise: String,
    /// Signal-to-noise ratio in dB.
    pub db: i32,
    /// Ours, of all recordings together.
    pub ours: Counts,
    /// Gross F1 with its interval.
    pub f1: Figure,
    /// Others, the best first: name, gross F1, and what ours is ahead of it.
    pub peers: Vec<(String, f64, Figure)>,
}

impl Line {
    /// Whether ours is above (`Some(true)`) or below the best of the others, if the interval excludes zero.
    pub fn above_best(&self) -> Option<bool> {
        let (_, _, ahead) = self.peers.first()?;
        (ahead.low > 0.0 || ahead.high < 0.0).then_some(ahead.low > 0.0)
    }
}

/// Prints the table or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let lines = measure(options)?;
    if options.json {
        println!("{}", Value::Array(lines.iter().map(to_json).collect()));
        return Ok(());
    }
    println!("F1 % inside the noisy blocks, gross; the best other detector and what ours is ahead of it");
    println!(
        "noise      dB   beats    Se %    +P %    F1 %  (95 % interval)   best other           F1 %   ahead"
    );
    for l in &lines {
        let c = &l.ours;
        print!("{:9} {:3} {:7} {:7.2} {:7.2} ", l.noise, l.db, c.tp + c.r#fn, c.se(), c.ppv());
        print!("{:7.2}  ({:.2} to {:.2})   ", l.f1.own, l.f1.low, l.f1.high);
        match l.peers.first() {
            Some((name, f1, a)) => {
                println!("{name:20} {f1:6.2}  {:+.2} ({:+.2} to {:+.2}) {}", a.own, a.low, a.high, l.word());
            }
            None => println!("none was run"),
        }
    }
    if !options.all {
        println!("\nall of them");
        for l in &lines {
            let all: Vec<String> = l.peers.iter().map(|(name, f1, _)| format!("{name} {f1:.2}")).collect();
            println!("{:9} {:3} ours {:.2}, {}", l.noise, l.db, l.f1.own, all.join(", "));
        }
    }
    Ok(())
}

impl Line {
    /// The judgement in a word.
    pub fn word(&self) -> &'static str {
        match self.above_best() {
            Some(true) => "above",
            Some(false) => "below",
            None => "level",
        }
    }
}

fn to_json(l: &Line) -> Value {
    let interval = |f: &Figure| json!([f.low, f.high]);
    let peer = |(name, f1, ahead): &(String, f64, Figure)| json!({"name": name, "f1": f1, "oursLess": ahead.own, "interval95": interval(ahead)});
    json!({
        "noise": l.noise, "db": l.db, "tp": l.ours.tp, "fn": l.ours.r#fn, "fp": l.ours.fp, "f1": l.f1.own,
        "interval95": interval(&l.f1), "peers": l.peers.iter().map(peer).collect::<Vec<_>>(),
    })
}

/// Measures every noise and level; `--all` takes whole recordings, which no other detector was run on.
pub fn measure(options: &Options) -> Result<Vec<Line>, String> {
    let folder = options.data.join("nstdb");
    if records::list(&folder, "atr").is_none() || records::list(&options.data.join("mitdb"), "atr").is_none()
    {
        eprintln!("SKIPPED noise: no recordings at {}", options.data.display());
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    for (record, db) in STRESSED {
        let signal = Signal {
            set: "nstdb".to_owned(),
            record: (*record).to_owned(),
            lead: records::lead(&folder, record, None)?,
            truth: records::annotations(&folder, record, "atr")?,
            start_s: 0.0,
        };
        lines.push(measure_line(options, "118, em", *db, &[signal], true)?);
    }
    for (set, noise, db) in peers::mixtures() {
        let signals = peers::mixed(options, &set, noise, db, options.all)?;
        lines.push(measure_line(options, noise, db, &signals, false)?);
    }
    Ok(lines)
}

/// Units of the intervals are records, or of a single record its blocks.
fn measure_line(
    options: &Options,
    noise: &str,
    db: i32,
    signals: &[Signal],
    blocks: bool,
) -> Result<Line, String> {
    let (mut ours, mut others) = (Vec::new(), BTreeMap::<String, Vec<Counts>>::new());
    for signal in signals {
        let found = places(&told(&signal.lead.samples_uv, signal.lead.rate, &[]));
        ours.extend(counts(signal, &found, blocks));
        for name in peers::names(options).into_iter().filter(|_| !options.all || blocks) {
            let folder = options.peers.join("found").join(&name);
            if let Some(found) = peers::found(&folder, &signal.set, &signal.record)? {
                others.entry(name).or_default().extend(counts(signal, &found, blocks));
            }
        }
    }
    let list: Vec<&Counts> = ours.iter().collect();
    let complete = others.into_iter().filter(|(_, theirs)| theirs.len() == ours.len());
    let mut peers: Vec<_> = complete
        .map(|(name, theirs)| {
            let ahead = bootstrap::ahead(&list, &theirs.iter().collect::<Vec<_>>());
            (name, bootstrap::sum(&theirs).f1(), ahead)
        })
        .collect();
    peers.sort_by(|a, b| b.1.total_cmp(&a.1));
    let f1 = bootstrap::gross_f1(&list);
    Ok(Line { noise: noise.to_owned(), db, ours: bootstrap::sum(&ours), f1, peers })
}

/// Counts inside the noisy blocks, together or one by one; detections count from the first sample of the signal.
fn counts(signal: &Signal, found: &[i64], blocks: bool) -> Vec<Counts> {
    let rate = signal.lead.rate;
    let start = (signal.start_s * rate.get()).round() as i64;
    let in_record: Vec<i64> = found.iter().map(|place| place + start).collect();
    let matched = Matched::new(&signal.truth, &in_record, rate);
    let end = signal.start_s + signal.lead.samples_uv.len() as f64 / rate.get() - END_S;
    let counted = |t: f64| noisy(t) && (signal.start_s..end).contains(&t);
    if !blocks {
        return vec![matched.counts(counted)];
    }
    let number = ((end - FIRST_S) / BLOCK_S / 2.0).ceil() as u64;
    let block = |i: u64| matched.counts(|t| counted(t) && ((t - FIRST_S) / BLOCK_S) as u64 == 2 * i);
    (0..number).map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_in_mixed_noise_are_found() {
        let Some(options) = crate::parse(std::iter::empty()) else { return };
        let lines = measure(&options).unwrap();
        if lines.is_empty() {
            println!("SKIPPED: no recordings; that beats are found in noise is unproved");
            return;
        }
        for (noise, db, least) in [("ma", 12, 99.5), ("ma", 6, 97.5), ("em", 12, 97.0), ("bw", 0, 99.0)] {
            let line = lines.iter().find(|l| (l.noise.as_str(), l.db) == (noise, db)).unwrap();
            assert!(line.f1.own >= least, "{noise} at {db} dB: F1 {:.2}", line.f1.own);
        }
    }
}
