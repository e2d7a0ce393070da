//! Pauses, rates, patterns and runs: the same rules on our beats and on the annotated ones.

use crate::bootstrap::{figure, Figure};
use crate::heard;
use crate::records;
use crate::streamed::stream;
use crate::Options;
use pqrst::import::wfdb::Annotations;
use pqrst::pipeline::{QualityRow, Report, TestKind};
use pqrst::rhythm::{
    find, AfSpan, AfTrack, FindingBeat, FindingKind, FindingWindow, Findings, RhythmFinding, SilenceWatch,
};
use pqrst::signal::{BeatClass, IntervalSource, QualityWindow, RrInterval};
use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{Hertz, Microvolts, Milliseconds, SampleCount, SampleIndex, Seconds};
use serde_json::json;

/// A detection stands for an annotated beat no farther away (EC57), in seconds; episodes may miss one another by as much.
const NEAR_S: f64 = 0.15;
/// What a clinic may want to be told at once.
const RED: [FindingKind; 5] = [
    FindingKind::LongPause,
    FindingKind::NoBeats,
    FindingKind::VeryFast,
    FindingKind::VerySlow,
    FindingKind::VentricularRun,
];

/// One record: what the rules say of the annotated beats, and of ours.
struct Record {
    name: String,
    truth: Findings,
    ours: Findings,
    windows: Vec<FindingWindow>,
}

/// Episodes of one kind in one record.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// True episodes in usable signal, and those of them that were told.
    truth: usize,
    found: usize,
    /// True episodes in signal that is not usable: nothing is said there.
    withheld: usize,
    /// Told episodes, and those of them that are true.
    told: usize,
    right: usize,
}

fn touch(a: &RhythmFinding, b: &RhythmFinding) -> bool {
    a.start.0 <= b.end.0 + NEAR_S && b.start.0 <= a.end.0 + NEAR_S
}

impl Record {
    fn tally(&self, kind: FindingKind) -> Tally {
        let of = |all: &Findings| all.list.iter().filter(|f| f.kind == kind).copied().collect::<Vec<_>>();
        let (truth, ours) = (of(&self.truth), of(&self.ours));
        let unusable = |f: &RhythmFinding| {
            let inside = |w: &&FindingWindow| w.start.0 < f.end.0 && w.end.0 > f.start.0;
            self.windows.iter().filter(inside).any(|w| !w.usable)
        };
        let mut tally = Tally { told: ours.len(), ..Tally::default() };
        for episode in &truth {
            let found = ours.iter().any(|own| touch(own, episode));
            if !found && unusable(episode) {
                tally.withheld += 1;
                continue;
            }
            tally.truth += 1;
            tally.found += usize::from(found);
        }
        tally.right = ours.iter().filter(|own| truth.iter().any(|episode| touch(own, episode))).count();
        tally
    }
}

/// Class of an annotation (EC57): N, S, V, F or Q.
fn class(code: u8) -> BeatClass {
    match code {
        1 | 2 | 3 | 11 | 34 => BeatClass::N,
        4 | 7 | 8 | 9 => BeatClass::S,
        5 | 10 => BeatClass::V,
        6 => BeatClass::F,
        _ => BeatClass::Q,
    }
}

/// Beats as the rules take them, with the probability of fibrillation.
fn beats(list: &[(f64, BeatClass)]) -> Vec<FindingBeat> {
    let (mut track, mut af) = (AfTrack::new(AfSpan::Beats32), Vec::new());
    for pair in list.windows(2) {
        let rr = Milliseconds((pair[1].0 - pair[0].0) * 1000.0);
        let interval = RrInterval { end: Seconds(pair[1].0), rr, source: IntervalSource::Ecg, follows: true };
        let v = |class| matches!(class, BeatClass::V | BeatClass::F);
        track.push(&interval, v(pair[0].1) || v(pair[1].1), &mut af);
    }
    track.finish(&mut af);
    let chance = |i: usize| af.get(i.saturating_sub(1)).and_then(|beat| beat.chance);
    let beat = |(i, (at, class)): (usize, &(f64, BeatClass))| FindingBeat {
        time: Seconds(*at),
        class: *class,
        follows: i > 0,
        af: chance(i),
    };
    list.iter().enumerate().map(beat).collect()
}

/// The judged windows of a report, with whether the electrodes hear.
fn windows(report: &Report, samples_uv: &[f32], rate: Hertz) -> Vec<FindingWindow> {
    let strip = heard::strip(samples_uv, rate);
    let mut watch = SilenceWatch::default();
    let sample = |s: f64| (s * rate.get()).round() as u64;
    let window = |row: &QualityRow| {
        let (start, end) = (row.start_s, row.start_s + row.duration_s);
        let judged = QualityWindow {
            start: SampleIndex(sample(start)),
            length: SampleCount(sample(end) - sample(start)),
            score: row.score,
            usable: row.usable,
            reasons: row.reasons.iter().copied().collect(),
        };
        let hears = watch.hears(&strip, &judged);
        FindingWindow { start: Seconds(start), end: Seconds(end), usable: row.usable, hears }
    };
    report.quality.iter().map(window).collect()
}

/// The class of the annotated beat that each of our beats stands for; Q of one that stands for none.
fn classed(report: &Report, truth: &[(f64, BeatClass)]) -> Vec<(f64, BeatClass)> {
    let nearest = |at: f64| {
        let next = truth.partition_point(|(time, _)| *time < at);
        let near = truth.iter().skip(next.saturating_sub(1)).take(2);
        let best = near.min_by(|a, b| (a.0 - at).abs().total_cmp(&(b.0 - at).abs()));
        best.filter(|(time, _)| (time - at).abs() <= NEAR_S).map_or(BeatClass::Q, |(_, class)| *class)
    };
    report.beats.iter().map(|beat| (beat.time_s, nearest(beat.time_s))).collect()
}

fn annotated(annotations: &Annotations, rate: Hertz) -> Vec<(f64, BeatClass)> {
    let beats = annotations.list.iter().filter(|a| a.code.is_beat());
    beats.map(|a| (annotations.place(a, rate).0 as f64 / rate.get(), class(a.code.0))).collect()
}

/// Every record with the classes that the report gives our beats, and with those of the annotated beats they stand for.
fn measure(options: &Options) -> Result<[Vec<Record>; 2], String> {
    let mitdb = options.data.join("mitdb");
    let mut all = [Vec::new(), Vec::new()];
    for name in records::list(&mitdb, "atr").ok_or("no recordings of mitdb")? {
        let lead = records::lead(&mitdb, &name, None)?;
        let annotations = records::annotations(&mitdb, &name, "atr")?;
        let truth = annotated(&annotations, lead.rate);
        let report = stream(&lead.samples_uv, lead.rate, TestKind::Recording, None).report;
        let end = Seconds(lead.samples_uv.len() as f64 / lead.rate.get());
        let whole = [FindingWindow { start: Seconds(0.0), end, usable: true, hears: true }];
        let windows = windows(&report, &lead.samples_uv, lead.rate);
        let own: Vec<_> = report.beats.iter().map(|beat| (beat.time_s, beat.class)).collect();
        for (records, list) in all.iter_mut().zip([own, classed(&report, &truth)]) {
            records.push(Record {
                name: name.clone(),
                truth: find(&beats(&truth), &whole),
                ours: find(&beats(&list), &windows),
                windows: windows.clone(),
            });
        }
    }
    Ok(all)
}

/// Sensitivity and positive predictivity of one kind, gross, in percent.
struct Row {
    kind: FindingKind,
    sum: Tally,
    se: Figure,
    ppv: Figure,
}

fn rows(all: &[Record]) -> Vec<Row> {
    let row = |kind: FindingKind| {
        let tallies: Vec<Tally> = all.iter().map(|r| r.tally(kind)).collect();
        let sum = |picked: &[usize]| {
            picked.iter().fold(Tally::default(), |s, i| {
                let t = tallies[*i];
                Tally {
                    truth: s.truth + t.truth,
                    found: s.found + t.found,
                    withheld: s.withheld + t.withheld,
                    told: s.told + t.told,
                    right: s.right + t.right,
                }
            })
        };
        let percent =
            |part: usize, all: usize| if all > 0 { 100.0 * part as f64 / all as f64 } else { 100.0 };
        Row {
            kind,
            sum: sum(&(0..all.len()).collect::<Vec<_>>()),
            se: figure(all.len(), |picked| percent(sum(picked).found, sum(picked).truth)),
            ppv: figure(all.len(), |picked| percent(sum(picked).right, sum(picked).told)),
        }
    };
    FindingKind::ALL.into_iter().map(row).collect()
}

/// Records with something red by the annotations of which we say nothing red, and the other way round.
fn red(all: &[Record]) -> (Vec<&str>, Vec<&str>) {
    let any = |f: &Findings| RED.iter().any(|kind| f.count(*kind) > 0);
    let names = |of: &dyn Fn(&&Record) -> bool| all.iter().filter(of).map(|r| r.name.as_str()).collect();
    (names(&|r| any(&r.truth) && !any(&r.ours)), names(&|r| !any(&r.truth) && any(&r.ours)))
}

/// A synthetic heart that stops, or an electrode that falls off.
struct Silence {
    what: &'static str,
    stops: bool,
    told: usize,
    all: usize,
}

fn silences() -> Result<Vec<Silence>, String> {
    let lost =
        |noise: fn() -> Noise| move |s: EcgSynth| s.with_between(noise(), Seconds(20.0), Seconds(32.0));
    type Kind<'a> = (&'static str, bool, &'a dyn Fn(EcgSynth) -> EcgSynth);
    let kinds: [Kind<'_>; 4] = [
        ("the heart stops", true, &|s| s.silent_from(Seconds(20.0))),
        ("flat line", false, &lost(|| Noise::FlatLine)),
        ("floating electrode", false, &lost(|| Noise::Floating(50.0))),
        ("rail", false, &lost(|| Noise::Saturation(Microvolts(100.0)))),
    ];
    let mut all = Vec::new();
    for (what, stops, change) in kinds {
        let mut line = Silence { what, stops, told: 0, all: 0 };
        for hz in [130.0, 250.0, 500.0] {
            let rate = Hertz::new(hz).map_err(|e| e.to_string())?;
            for seed in 0..10_u8 {
                let heart = EcgSynth::new(u64::from(seed))
                    .variability(Milliseconds(20.0), Milliseconds(10.0), Milliseconds(5.0))
                    .with(Noise::White(Level::Rms(Microvolts(4.0 + f32::from(seed)))))
                    .with(Noise::BaselineWander(Level::Rms(Microvolts(40.0))));
                let ecg = change(heart).render(rate, Seconds(32.0));
                let report = stream(&ecg.samples_uv, rate, TestKind::Recording, None).report;
                let list: Vec<_> = report.beats.iter().map(|b| (b.time_s, BeatClass::N)).collect();
                let found = find(&beats(&list), &windows(&report, &ecg.samples_uv, rate));
                line.all += 1;
                line.told += usize::from(found.count(FindingKind::NoBeats) > 0);
            }
        }
        all.push(line);
    }
    Ok(all)
}

/// Prints the tables or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let [ours, annotated] = measure(options)?;
    let silences = silences()?;
    if options.json {
        let quiet: Vec<_> =
            silences.iter().map(|s| json!({"what": s.what, "told": s.told, "all": s.all})).collect();
        println!(
            "{}",
            json!({"ourClasses": table(&ours), "annotatedClasses": table(&annotated), "silences": quiet})
        );
        return Ok(());
    }
    println!("mitdb DS1, {} records: episodes by the same rules on annotated beats and on ours", ours.len());
    println!("our beats and classes (their model learnt from these records)");
    print(&ours);
    println!("our beats with the classes of the annotated beats that they stand for");
    print(&annotated);
    for s in &silences {
        let right = if s.stops { s.told } else { s.all - s.told };
        println!("synthetic, {:20} told as no beats in {} of {}: {} right", s.what, s.told, s.all, right);
    }
    Ok(())
}

fn table(all: &[Record]) -> serde_json::Value {
    let interval = |f: &Figure| json!([f.own, f.low, f.high]);
    let row = |r: &Row| {
        json!({"kind": r.kind, "truth": r.sum.truth, "withheld": r.sum.withheld, "told": r.sum.told,
            "se": interval(&r.se), "ppv": interval(&r.ppv)})
    };
    let (reassured, alarmed) = red(all);
    json!({"episodes": rows(all).iter().map(row).collect::<Vec<_>>(),
        "falselyReassured": reassured, "falselyAlarmed": alarmed})
}

fn print(all: &[Record]) {
    println!("{:24} {:>6} {:>8} {:>6}  Se (95 %)              +P (95 %)", "", "truth", "withheld", "told");
    for r in rows(all).iter().filter(|r| r.sum.truth + r.sum.told > 0) {
        println!(
            "{:24} {:6} {:8} {:6}  {:6.2} ({:.1} to {:.1})  {:6.2} ({:.1} to {:.1})",
            format!("{:?}", r.kind),
            r.sum.truth,
            r.sum.withheld,
            r.sum.told,
            r.se.own,
            r.se.low,
            r.se.high,
            r.ppv.own,
            r.ppv.low,
            r.ppv.high
        );
    }
    let (reassured, alarmed) = red(all);
    let all = all.len();
    println!(
        "falsely reassured (something red in truth, nothing told): {} of {all} {reassured:?}",
        reassured.len()
    );
    println!("falsely alarmed: {} of {all} {alarmed:?}", alarmed.len());
}
