//! How soon beats are found: from the start of a recording, after samples were lost, and each one after it happened.

use crate::peers::listed;
use crate::records;
use crate::score::{Counts, Matched};
use crate::streamed::{places, quantile, told, Told};
use crate::Options;
use pqrst::units::Hertz;
use serde_json::json;

/// Length of the gaps and of the time from one to the next, in seconds.
const GAP_S: f64 = 3.0;
const EVERY_S: f64 = 60.0;
/// Nearer to an edge a beat may be lost: a part of it may be missing.
const NEAR_S: f64 = 0.3;
/// Beats up to this far from an edge are told apart.
const FAR_S: f64 = 2.0;
/// A beat told later than this is late.
const LATE_S: f64 = 0.6;

/// What happens at one kind of edge.
#[derive(Default)]
pub struct Edges {
    /// How many there were.
    pub number: usize,
    /// From the edge to the first beat found, in seconds, ...
    pub to_first_s: Vec<f64>,
    /// ... to the first annotated one, ...
    pub to_annotated_s: Vec<f64>,
    /// ... and to the moment at which the first was told.
    pub to_told_s: Vec<f64>,
    /// Beats within two seconds after the edge, and before it, but not so near that they may be lost.
    pub after: Counts,
    pub before: Counts,
}

/// All of it.
pub struct Startup {
    pub start: Edges,
    pub gaps: Edges,
    /// Away from the edges of gaps.
    pub elsewhere: Counts,
    /// From beat to event, in seconds, in recordings without gaps.
    pub delays_s: Vec<f64>,
}

impl Startup {
    /// Share of late beats in percent.
    pub fn late(&self) -> f64 {
        let late = self.delays_s.iter().filter(|d| **d > LATE_S).count();
        100.0 * late as f64 / self.delays_s.len().max(1) as f64
    }
}

/// Prints figures or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let Some(mut s) = measure(options)? else { return Ok(()) };
    let late = s.late();
    let delays = [0.5, 0.99, 1.0].map(|q| 1000.0 * quantile(&mut s.delays_s, q));
    if options.json {
        let edges = |e: &mut Edges| {
            let three = |v: &mut Vec<f64>| [0.5, 0.95, 1.0].map(|q| quantile(v, q));
            json!({"edges": e.number, "toFirstBeatS": three(&mut e.to_first_s), "toFirstAnnotatedS": three(&mut e.to_annotated_s),
                   "toFirstToldS": three(&mut e.to_told_s), "beatsAfter": e.after.tp + e.after.r#fn, "lostAfter": e.after.r#fn,
                   "falseAfter": e.after.fp, "beatsBefore": e.before.tp + e.before.r#fn, "lostBefore": e.before.r#fn, "falseBefore": e.before.fp})
        };
        let all = json!({"start": edges(&mut s.start), "gaps": edges(&mut s.gaps),
            "delayMs": {"median": delays[0], "p99": delays[1], "max": delays[2], "latePercent": late}});
        println!("{all}");
        return Ok(());
    }
    for (what, e) in [("start of the recording", &mut s.start), ("gaps of 3 s, one a minute", &mut s.gaps)] {
        println!("{what}: {} edges; seconds from the edge (median, 95 %, most)", e.number);
        for (what, list) in [
            ("to the first beat found", &mut e.to_first_s),
            ("to the first annotated", &mut e.to_annotated_s),
            ("to the first told", &mut e.to_told_s),
        ] {
            let [a, b, c] = [0.5, 0.95, 1.0].map(|q| quantile(list, q));
            println!("  {what:24} {a:5.2} {b:5.2} {c:5.2}");
        }
        for (what, c) in [("after", &e.after), ("before", &e.before)] {
            let all = c.tp + c.r#fn;
            println!("  0.3 to 2 s {what:6}: {all} beats, {} lost, {} false", c.r#fn, c.fp);
            places_of(c);
        }
    }
    let c = &s.elsewhere;
    println!("  elsewhere in the same recordings: {} beats, {} lost, {} false", c.tp + c.r#fn, c.r#fn, c.fp);
    println!(
        "beat to event in pieces of 0.1 s: median {:.0} ms, 99 % {:.0} ms, most {:.0} ms; later than 600 ms: {late:.2} %",
        delays[0], delays[1], delays[2]
    );
    Ok(())
}

/// Where beats are lost, while they are few.
fn places_of(c: &Counts) {
    if !c.errors.is_empty() && c.errors.len() <= 12 {
        let list: Vec<String> = c.errors.iter().map(|(at, sign)| format!("{sign}{at}")).collect();
        println!("    at samples {}", list.join(" "));
    }
}

/// Measures; `None` when the recordings are absent.
pub fn measure(options: &Options) -> Result<Option<Startup>, String> {
    let folder = options.data.join("mitdb");
    let Ok(list) = listed(&folder, "atr") else {
        eprintln!("SKIPPED startup: no recordings at {}", folder.display());
        return Ok(None);
    };
    let mut all = Startup {
        start: Edges::default(),
        gaps: Edges::default(),
        elsewhere: Counts::default(),
        delays_s: Vec::new(),
    };
    for record in list.iter().filter(|r| options.only.is_empty() || options.only.contains(r)) {
        let lead = records::lead(&folder, record, None)?;
        let truth = records::annotations(&folder, record, "atr")?;
        let rate = lead.rate;
        let whole = told(&lead.samples_uv, rate, &[]);
        let delay = |beat: &Told| Some(beat.when_s? - beat.at / rate.get());
        all.delays_s.extend(whole.iter().filter_map(delay));
        let matched = Matched::new(&truth, &places(&whole), rate);
        all.start.add(&matched, &whole, rate, 0.0, None);

        let length_s = lead.samples_uv.len() as f64 / rate.get();
        let starts =
            (1..).map(|i| f64::from(i) * EVERY_S).take_while(|t| t + GAP_S + EVERY_S / 2.0 < length_s);
        let holes: Vec<(f64, f64)> = starts.map(|t| (t, t + GAP_S)).collect();
        let place = |t: f64| (t * rate.get()).round() as usize;
        let pairs: Vec<_> = holes.iter().map(|(from, to)| (place(*from), place(*to))).collect();
        let broken = told(&lead.samples_uv, rate, &pairs);
        let matched = Matched::new(&truth, &places(&broken), rate);
        for (from, to) in &holes {
            all.gaps.add(&matched, &broken, rate, *to, Some(*from));
        }
        let near = |t: f64| holes.iter().any(|(from, to)| (from - FAR_S..to + FAR_S).contains(&t));
        all.elsewhere.add(&matched.counts(|t| t > FAR_S && !near(t)));
    }
    Ok(Some(all))
}

impl Edges {
    /// Adds an edge at `edge_s`, where signal begins; what came before it ended at `end_s`.
    fn add(&mut self, matched: &Matched, told: &[Told], rate: Hertz, edge_s: f64, end_s: Option<f64>) {
        self.number += 1;
        let time = |at: f64| at / rate.get();
        if let Some(first) = told.iter().find(|beat| time(beat.at) >= edge_s) {
            self.to_first_s.push(time(first.at) - edge_s);
            self.to_told_s.extend(first.when_s.map(|when| when - edge_s));
        }
        let annotated = matched.beats().map(|at| time(at as f64)).find(|t| *t >= edge_s);
        self.to_annotated_s.extend(annotated.map(|t| t - edge_s));
        let part = |from: f64, to: f64, sum: &mut Counts| {
            let counts = matched.counts(|t| (from..to).contains(&t));
            sum.add(&counts);
            sum.errors.extend(counts.errors);
        };
        part(edge_s + NEAR_S, edge_s + FAR_S, &mut self.after);
        if let Some(end) = end_s {
            part(end - FAR_S, end - NEAR_S, &mut self.before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_at_the_start_and_almost_nothing_at_gaps() {
        let Some(options) = crate::parse(std::iter::empty()) else { return };
        let Some(s) = measure(&options).unwrap() else {
            println!(
                "SKIPPED: no recordings; that beats are found from the start and after gaps is unproved"
            );
            return;
        };
        let errors = |c: &Counts| (c.r#fn + c.fp, c.tp + c.r#fn);
        assert_eq!(errors(&s.start.after).0, 0, "at the start");
        for (what, counts) in [("after gaps", &s.gaps.after), ("before gaps", &s.gaps.before)] {
            let (wrong, all) = errors(counts);
            assert!(all > 1000 && wrong * 100 < all, "{wrong} of {all} {what}");
        }
    }
}
