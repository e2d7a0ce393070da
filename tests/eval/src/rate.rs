//! Heart rate against the reference annotations: as a live monitor shows it, in windows of 10 s, and in 30 s tests.

use crate::peers::listed;
use crate::records;
use crate::score::{Counts, Matched};
use crate::streamed::{quantile, stream, Streamed};
use crate::Options;
use pqrst::import::RecordedLead;
use pqrst::pipeline::{Report, TestKind};
use pqrst::quality::Outcome;
use pqrst::signal::NnRejection;
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// Length of a test.
const TEST_S: f64 = 30.0;
/// Every so many half minutes of a record, unless `--all`.
const EVERY: usize = 2;
/// What a live rate is the mean of.
const SPAN_S: f64 = 10.0;
/// A detection so far from a beat is another beat's.
const NEAR_S: f64 = 0.15;

/// Name of the rates of whole tests.
const HALF_MINUTES: &str = "half minutes";

/// Why a rate is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A beat was missed.
    Missed,
    /// There was one too many.
    Extra,
    /// Both.
    MissedAndExtra,
    /// Intervals were left out because the signal there is not trusted.
    LeftOut,
    /// The beats are right: the span begins or ends between other beats than the reference's, or places differ.
    Edge,
}

impl Cause {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Missed, "missed"),
        (Self::Extra, "extra"),
        (Self::MissedAndExtra, "both"),
        (Self::LeftOut, "left out"),
        (Self::Edge, "edge"),
    ];

    /// From the errors within the span.
    fn of(errors: &[(i64, char)], rate_hz: f64, from_s: f64, to_s: f64) -> Self {
        let inside = |at: i64| (from_s - NEAR_S..to_s + NEAR_S).contains(&(at as f64 / rate_hz));
        let any = |wanted: char| errors.iter().any(|(at, sign)| *sign == wanted && inside(*at));
        match (any('-'), any('+')) {
            (true, true) => Self::MissedAndExtra,
            (true, false) => Self::Missed,
            (false, true) => Self::Extra,
            (false, false) => Self::Edge,
        }
    }
}

/// A rate and its reference.
struct Compared {
    ours: f64,
    reference: f64,
    /// When, in seconds of the record.
    at_s: f64,
    cause: Cause,
}

impl Compared {
    fn error(&self) -> f64 {
        (self.ours - self.reference).abs()
    }

    /// Within two beats a minute or two in a hundred.
    fn right(&self) -> bool {
        self.error() <= (self.reference / 50.0).max(2.0)
    }
}

/// How the rates of one kind compare.
pub struct Rates {
    /// Which.
    pub what: &'static str,
    /// Spans looked at.
    pub windows: usize,
    /// ... for which a rate was given.
    pub given: usize,
    /// Mean of ours less the reference, beats a minute.
    pub bias: f64,
    /// Mean size of the difference.
    pub mean_error: f64,
    /// 95 % of the differences are at most this large.
    pub p95: f64,
    /// Share of rates within one beat a minute, in percent.
    pub within_1: f64,
    /// Share within the larger of two beats a minute and 2 % of the rate, in percent.
    pub within_2: f64,
    /// Share within the larger of five beats a minute and a tenth of the rate, in percent, as IEC 60601-2-27 asks of
    /// heart rate meters.
    pub within_standard: f64,
    /// Rates farther off than two beats a minute and 2 %, by cause.
    pub causes: BTreeMap<Cause, usize>,
    /// The same by record.
    pub records: Vec<OfRecord>,
}

/// Rates of one record.
pub struct OfRecord {
    pub record: String,
    /// How many.
    pub given: usize,
    /// Wrong ones by cause.
    pub causes: BTreeMap<Cause, usize>,
    /// When these were, in seconds.
    pub wrong_at_s: Vec<f64>,
}

/// Prints the figures.
pub fn run(options: &Options) -> Result<(), String> {
    let all = measure(options)?;
    if options.json {
        println!("{}", Value::Array(all.iter().map(to_json).collect()));
        return Ok(());
    }
    all.iter().for_each(print);
    Ok(())
}

fn print(r: &Rates) {
    println!("mitdb, {}: {} of {} given", r.what, r.given, r.windows);
    println!(
        "  bias {:+.2}, mean error {:.2}, 95 % within {:.2} beats a minute",
        r.bias, r.mean_error, r.p95
    );
    println!(
        "  within 1: {:.2} %; within 2 or 2 %: {:.2} %; within 5 or 10 %: {:.2} %",
        r.within_1, r.within_2, r.within_standard
    );
    println!("  farther off than 2 and 2 %: {}", r.by_cause(&r.causes));
    for of in r.records.iter().filter(|of| !of.causes.is_empty()) {
        let wrong = of.wrong_at_s.len();
        let when: Vec<String> = of.wrong_at_s.iter().take(8).map(|t| format!("{t:.0}")).collect();
        let (causes, dots) = (r.by_cause(&of.causes), if wrong > 8 { " .." } else { "" });
        println!("    {}: {wrong} of {}; {causes}; at s {}{dots}", of.record, of.given, when.join(" "));
    }
}

impl Rates {
    /// Causes in words.
    pub fn by_cause(&self, causes: &BTreeMap<Cause, usize>) -> String {
        let one = |(cause, word): &(Cause, &str)| causes.get(cause).map(|n| format!("{word} {n}"));
        let list: Vec<String> = Cause::ALL.iter().filter_map(one).collect();
        if list.is_empty() {
            return "none".to_owned();
        }
        list.join(", ")
    }

    fn of(what: &'static str, windows: usize, all: &[(String, Vec<Compared>)]) -> Self {
        let flat = || all.iter().flat_map(|(_, list)| list);
        let given = flat().count();
        let n = given.max(1) as f64;
        let share =
            |right: &dyn Fn(&Compared) -> bool| 100.0 * flat().filter(|c| right(c)).count() as f64 / n;
        let causes = |list: &mut dyn Iterator<Item = &Compared>| {
            let mut causes = BTreeMap::new();
            list.filter(|c| !c.right()).for_each(|c| *causes.entry(c.cause).or_default() += 1);
            causes
        };
        let mut errors: Vec<f64> = flat().map(Compared::error).collect();
        let record = |(record, list): &(String, Vec<Compared>)| OfRecord {
            record: record.clone(),
            given: list.len(),
            causes: causes(&mut list.iter()),
            wrong_at_s: list.iter().filter(|c| !c.right()).map(|c| c.at_s).collect(),
        };
        Self {
            what,
            windows,
            given,
            bias: flat().map(|c| c.ours - c.reference).sum::<f64>() / n,
            mean_error: errors.iter().sum::<f64>() / n,
            within_1: share(&|c| c.error() <= 1.0),
            within_2: share(&Compared::right),
            within_standard: share(&|c| c.error() <= (c.reference / 10.0).max(5.0)),
            p95: quantile(&mut errors, 0.95),
            causes: causes(&mut flat()),
            records: all.iter().map(record).collect(),
        }
    }
}

fn to_json(r: &Rates) -> Value {
    let causes = |causes: &BTreeMap<Cause, usize>| {
        let named =
            |(cause, word): &(Cause, &str)| ((*word).to_owned(), json!(causes.get(cause).unwrap_or(&0)));
        Value::Object(Cause::ALL.iter().map(named).collect())
    };
    let records: Vec<Value> = r
        .records
        .iter()
        .map(|of| json!({"record": of.record, "given": of.given, "wrong": causes(&of.causes), "atS": of.wrong_at_s}))
        .collect();
    json!({"what": r.what, "windows": r.windows, "given": r.given, "biasBpm": r.bias, "meanErrorBpm": r.mean_error,
           "p95Bpm": r.p95, "within1BpmPercent": r.within_1, "within2BpmOr2Percent": r.within_2,
           "withinStandardPercent": r.within_standard, "wrong": causes(&r.causes), "records": records})
}

/// Compares; empty when the recordings are absent.
pub fn measure(options: &Options) -> Result<Vec<Rates>, String> {
    let folder = options.data.join("mitdb");
    let Ok(list) = listed(&folder, "atr") else {
        eprintln!("SKIPPED rate: no recordings at {}", folder.display());
        return Ok(Vec::new());
    };
    let (mut live, mut cut, mut tests) = (Vec::new(), Vec::new(), Vec::new());
    let mut windows = [0; 3];
    for record in list.into_iter().filter(|r| options.only.is_empty() || options.only.contains(r)) {
        let lead = records::lead(&folder, &record, None)?;
        let truth = records::annotations(&folder, &record, "atr")?;
        let streamed = stream(&lead.samples_uv, lead.rate, TestKind::Recording, None);
        let whole = Whole::new(&lead, Matched::new(&truth, &streamed.beats, lead.rate), &streamed);
        let (all, list) = whole.live(&streamed);
        windows[0] += all;
        live.push((record.clone(), list));
        let (all, list) = whole.cut();
        windows[1] += all;
        cut.push((record.clone(), list));
        let (all, list) = whole.tests(&lead, if options.all { 1 } else { EVERY });
        windows[2] += all;
        tests.push((record, list));
    }
    Ok(vec![
        Rates::of("live, last 10 s usable", windows[0], &live),
        Rates::of("usable windows of 10 s", windows[1], &cut),
        Rates::of(HALF_MINUTES, windows[2], &tests),
    ])
}

/// A recording with its reference and what was found in it.
struct Whole<'a> {
    rate_hz: f64,
    length_s: f64,
    matched: Matched,
    errors: Counts,
    /// Annotated beats and ours, in seconds.
    annotated: Vec<f64>,
    ours: Vec<f64>,
    report: &'a Report,
}

impl<'a> Whole<'a> {
    fn new(lead: &RecordedLead, matched: Matched, streamed: &'a Streamed) -> Self {
        let rate_hz = lead.rate.get();
        Self {
            rate_hz,
            length_s: lead.samples_uv.len() as f64 / rate_hz,
            errors: matched.counts(|_| true),
            annotated: matched.beats().map(|at| at as f64 / rate_hz).collect(),
            ours: streamed.report.beats.iter().map(|beat| beat.time_s).collect(),
            matched,
            report: &streamed.report,
        }
    }

    /// Whether all of the signal there can be used.
    fn usable(&self, from_s: f64, to_s: f64) -> bool {
        let mut rows = self.report.quality.iter();
        rows.all(|row| row.usable || row.start_s + row.duration_s <= from_s || row.start_s >= to_s)
    }

    fn cause(&self, from_s: f64, to_s: f64) -> Cause {
        Cause::of(&self.errors.errors, self.rate_hz, from_s, to_s)
    }

    /// Every rate that was shown while the last ten seconds were usable. The reference is the mean of the annotated
    /// intervals that end in the ten seconds up to the same beat.
    fn live(&self, streamed: &Streamed) -> (usize, Vec<Compared>) {
        let usable = streamed.rates.iter().filter(|shown| {
            let from = shown.time_s - SPAN_S;
            from >= 0.0 && self.usable(from, shown.time_s) && !self.matched.flutter(from, shown.time_s)
        });
        let mut all = 0;
        let compare = |(time_s, ours): (f64, f64)| {
            all += 1;
            let same = self.annotated.iter().copied().find(|t| (t - time_s).abs() <= NEAR_S);
            let last = same.unwrap_or(time_s);
            let reference = ending_within(&self.annotated, last - SPAN_S, last)?;
            // The first of those intervals began before.
            let cause = self.cause(last - SPAN_S - 2.0, last);
            Some(Compared { ours, reference, at_s: time_s, cause })
        };
        let list = usable.map(|shown| (shown.time_s, shown.bpm)).filter_map(compare).collect();
        (all, list)
    }

    /// Windows side by side: beats less one by the time from the first to the last.
    fn cut(&self) -> (usize, Vec<Compared>) {
        let number = (self.length_s / SPAN_S) as usize;
        let spans = (0..number).map(|i| (i as f64 * SPAN_S, (i + 1) as f64 * SPAN_S));
        let usable: Vec<_> =
            spans.filter(|(a, b)| self.usable(*a, *b) && !self.matched.flutter(*a, *b)).collect();
        let compare = |(from, to): &(f64, f64)| {
            let (ours, reference) = (inside(&self.ours, *from, *to)?, inside(&self.annotated, *from, *to)?);
            Some(Compared { ours, reference, at_s: *from, cause: self.cause(*from, *to) })
        };
        (usable.len(), usable.iter().filter_map(compare).collect())
    }

    /// Half minutes, each a recording of its own. What a test refuses is not given.
    fn tests(&self, lead: &RecordedLead, every: usize) -> (usize, Vec<Compared>) {
        let length = (TEST_S * self.rate_hz) as usize;
        let (mut all, mut list) = (0, Vec::new());
        for (number, samples) in lead.samples_uv.chunks_exact(length).enumerate().step_by(every) {
            let start = (number * length) as f64 / self.rate_hz;
            let Some(reference) = inside(&self.annotated, start, start + TEST_S) else { continue };
            if self.matched.flutter(start, start + TEST_S) {
                continue;
            }
            all += 1;
            let streamed = stream(samples, lead.rate, TestKind::Rest30s, None);
            let usable = streamed.report.verdict.kind == Outcome::Usable;
            let Some(ours) = streamed.report.heart_rate.mean_bpm.value.filter(|_| usable) else { continue };
            let left_out =
                streamed.report.rr.iter().any(|i| i.rejected.is_some_and(|r| r != NnRejection::Ectopic));
            let found: Vec<i64> = streamed.beats.iter().map(|beat| beat + (number * length) as i64).collect();
            let errors = self.matched.with(&found).counts(|t| (start..start + TEST_S).contains(&t));
            let cause = match Cause::of(&errors.errors, self.rate_hz, start, start + TEST_S) {
                Cause::Edge if left_out => Cause::LeftOut,
                other => other,
            };
            list.push(Compared { ours, reference, at_s: start, cause });
        }
        (all, list)
    }
}

/// 60 s over the mean of the intervals that end from `from` to `to`.
fn ending_within(beats: &[f64], from: f64, to: f64) -> Option<f64> {
    let pairs = beats.iter().zip(beats.iter().skip(1));
    let ending: Vec<f64> = pairs.filter(|(_, b)| (from..=to).contains(*b)).map(|(a, b)| b - a).collect();
    (!ending.is_empty()).then(|| 60.0 * ending.len() as f64 / ending.iter().sum::<f64>())
}

/// Beats a minute of those from `from` to `to`.
fn inside(beats: &[f64], from: f64, to: f64) -> Option<f64> {
    let mut inside = beats.iter().filter(|t| (from..to).contains(*t));
    let first = inside.next()?;
    let (count, last) = inside.fold((0, first), |(n, _), t| (n + 1, t));
    (count > 0).then(|| 60.0 * f64::from(count) / (last - first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_rates_of_ten_seconds_are_right() {
        let Some(options) = crate::parse(std::iter::empty()) else { return };
        let all = measure(&options).unwrap();
        if all.is_empty() {
            println!("SKIPPED: no recordings; the accuracy of heart rates is unproved");
        }
        for r in all.iter().filter(|r| r.what != HALF_MINUTES) {
            assert!(r.within_2 >= 99.0, "{}: {:.2} % within 2/min or 2 %", r.what, r.within_2);
        }
    }

    #[test]
    fn differences_are_counted() {
        let one = |ours, reference, cause| Compared { ours, reference, at_s: 0.0, cause };
        let list = vec![
            one(60.0, 60.0, Cause::Edge),
            one(61.5, 60.0, Cause::Edge),
            one(95.0, 100.0, Cause::Missed),
            one(110.0, 100.0, Cause::Extra),
        ];
        let r = Rates::of("", 5, &[("101".to_owned(), list)]);
        assert_eq!((r.windows, r.given), (5, 4));
        assert_eq!((r.within_1, r.within_2, r.within_standard), (25.0, 50.0, 100.0));
        assert!((r.bias - 1.625).abs() < 1e-9 && (r.mean_error - 4.125).abs() < 1e-9);
        assert_eq!(r.by_cause(&r.causes), "missed 1, extra 1");
    }

    #[test]
    fn spans_are_cut_as_told() {
        let beats = [0.5, 1.5, 2.5, 3.0, 4.0];
        assert_eq!(inside(&beats, 1.0, 4.0), Some(60.0 * 2.0 / 1.5));
        assert_eq!(inside(&beats, 4.0, 9.0), None);
        assert_eq!(ending_within(&beats, 2.0, 3.0), Some(60.0 * 2.0 / 1.5));
    }

    #[test]
    fn causes_are_told_apart() {
        let errors = [(3600, '-'), (7200, '+')];
        let of = |from, to| Cause::of(&errors, 360.0, from, to);
        assert_eq!((of(5.0, 15.0), of(15.0, 25.0)), (Cause::Missed, Cause::Extra));
        assert_eq!((of(5.0, 25.0), of(25.0, 35.0)), (Cause::MissedAndExtra, Cause::Edge));
    }
}
