//! The whole pipeline over the MIT-BIH Arrhythmia Database (development half) in windows of 30 s, against its
//! annotations. `cargo test -p pqrst --test core recordings -- --nocapture` prints the tables.

use crate::files::{channel, folder, records};
use crate::hearts::analyzed;
use pqrst::import::wfdb::read_annotations;
use pqrst::import::MemorySource;
use pqrst::pipeline::{Regularity, Report, RhythmConfidence};
use pqrst::quality::Outcome;
use pqrst::units::Hertz;
use std::collections::BTreeMap;
use std::path::Path;

const HZ: f64 = 360.0;
const WINDOW: f64 = 30.0;

/// A window of a record: what the annotations say and what the pipeline says.
struct Window {
    record: String,
    start_s: f64,
    /// Beats a minute over the whole annotated intervals of the window.
    truth_bpm: Option<f64>,
    /// The one rhythm of the window; `None` where it changes.
    rhythm: Option<String>,
    /// Share of annotated beats that are ectopic.
    ectopic: f64,
    report: Report,
}

struct Truth {
    beats: Vec<(f64, bool)>,
    rhythms: Vec<(f64, String)>,
}

fn truth(folder: &Path, record: &str) -> Truth {
    let name = format!("{record}.atr");
    let mut files = MemorySource::new();
    files.insert(&name, std::fs::read(folder.join(&name)).unwrap());
    let all = read_annotations(&files, &name).unwrap();
    let seconds = |a| all.place(a, Hertz::new(HZ).unwrap()).0 as f64 / HZ;
    // N, L, R, e, j and / are paced by the sinus node, the junction or a pacemaker; the others come early.
    let even = |code: u8| matches!(code, 1 | 2 | 3 | 11 | 12 | 34 | 38);
    let beats = all.list.iter().filter(|a| a.code.is_beat()).map(|a| (seconds(a), !even(a.code.0))).collect();
    let rhythm = |text: &str| text.trim_start_matches('(').to_owned();
    let rhythms = all.list.iter().filter(|a| a.code.0 == 28).map(|a| (seconds(a), rhythm(&a.text))).collect();
    Truth { beats, rhythms }
}

impl Truth {
    fn window(&self, record: &str, start_s: f64, report: Report) -> Window {
        let end = start_s + WINDOW;
        let inside: Vec<_> = self.beats.iter().filter(|(at, _)| (start_s..end).contains(at)).collect();
        let span = inside.last().zip(inside.first()).map(|(last, first)| last.0 - first.0);
        let truth_bpm = span.filter(|s| *s > 0.0).map(|s| 60.0 * (inside.len() - 1) as f64 / s);
        let before = self.rhythms.iter().take_while(|(at, _)| *at <= start_s + 1.0).last();
        let changes = self.rhythms.iter().any(|(at, _)| *at > start_s + 1.0 && *at < end);
        let ectopic = inside.iter().filter(|(_, e)| *e).count() as f64 / inside.len().max(1) as f64;
        let rhythm = before.filter(|_| !changes).map(|(_, rhythm)| rhythm.clone());
        Window { record: record.to_owned(), start_s, truth_bpm, rhythm, ectopic, report }
    }
}

fn windows() -> Option<Vec<Window>> {
    let Some(data) = folder() else {
        println!("SKIPPED pipeline over recordings: no mitdb under PQRST_DATA; unproved: rates and regularity of real hearts");
        return None;
    };
    let data = data.join("mitdb");
    let mut all = Vec::new();
    for record in records(&data) {
        let ecg = channel(&data, &record, 0);
        assert_eq!(ecg.rate, HZ);
        let truth = truth(&data, &record);
        for (k, window) in ecg.samples_uv.chunks_exact((WINDOW * HZ) as usize).enumerate() {
            all.push(truth.window(&record, k as f64 * WINDOW, analyzed(window, HZ)));
        }
    }
    Some(all)
}

/// Rates of the usable windows are those of the annotations.
fn rates(all: &[Window]) {
    let (mut right, mut usable) = (0, 0);
    let mut wrong = BTreeMap::<&str, usize>::new();
    for window in all.iter().filter(|w| w.report.verdict.kind == Outcome::Usable) {
        let (Some(truth), Some(mean)) = (window.truth_bpm, window.report.heart_rate.mean_bpm.value) else {
            continue;
        };
        usable += 1;
        if (mean - truth).abs() <= (0.02 * truth).max(2.0) {
            right += 1;
        } else {
            *wrong.entry(&window.record).or_default() += 1;
            println!("{} at {} s: {mean:.1} for {truth:.1} a minute", window.record, window.start_s);
        }
    }
    println!(
        "mean rate within 2 a minute or 2 %: {right} of {usable} usable windows; wrong by record {wrong:?}"
    );
    assert!(usable > 1000 && right as f64 >= 0.99 * usable as f64, "{right} of {usable}");
}

/// What is said of one group of windows.
#[derive(Default)]
struct Said {
    regular: [usize; 2],
    irregular: [usize; 2],
    cannot_say: usize,
}

impl Said {
    fn add(&mut self, report: &Report) {
        let likely = usize::from(report.rhythm.confidence != Some(RhythmConfidence::Likely));
        match report.rhythm.regularity {
            Regularity::Regular => self.regular[likely] += 1,
            Regularity::Irregular => self.irregular[likely] += 1,
            Regularity::CannotSay => self.cannot_say += 1,
        }
    }

    fn print(&self, name: &str) {
        println!(
            "{name:32} regular {:4} likely {:3} possible, irregular {:4} likely {:3} possible, cannot say {:3}",
            self.regular[0], self.regular[1], self.irregular[0], self.irregular[1], self.cannot_say
        );
    }
}

fn group(window: &Window) -> Option<&'static str> {
    Some(match (window.rhythm.as_deref()?, window.ectopic) {
        ("AFIB", _) => "AF",
        ("AFL", _) => "atrial flutter",
        ("VFL", _) => "ventricular flutter",
        ("B", _) => "bigeminy",
        ("T", _) => "trigeminy",
        ("P", _) => "paced",
        ("N" | "SBR", 0.0) => "sinus, no ectopic beat",
        ("N" | "SBR", e) if e < 0.1 => "sinus, below 10 % ectopic",
        ("N" | "SBR", _) => "sinus, 10 % ectopic and more",
        _ => "other",
    })
}

fn regularity(all: &[Window]) {
    let mut groups = BTreeMap::<&str, Said>::new();
    let mut af_by_record = BTreeMap::<&str, Said>::new();
    for window in all {
        if let Some(name) = group(window) {
            groups.entry(name).or_default().add(&window.report);
            if name == "AF" {
                af_by_record.entry(&window.record).or_default().add(&window.report);
            }
        }
    }
    groups.iter().for_each(|(name, said)| said.print(name));
    af_by_record.iter().for_each(|(record, said)| said.print(&format!("AF of {record}")));
    let told = |said: &Said| said.regular[0] + said.regular[1] + said.irregular[0] + said.irregular[1];
    let af = &groups["AF"];
    let irregular = (af.irregular[0] + af.irregular[1]) as f64 / told(af) as f64;
    let sinus = &groups["sinus, no ectopic beat"];
    let regular = (sinus.regular[0] + sinus.regular[1]) as f64 / told(sinus) as f64;
    println!(
        "AF told irregular {:.1} %, sinus rhythm told regular {:.1} %",
        100.0 * irregular,
        100.0 * regular
    );
    assert!(irregular >= 0.97, "AF: {irregular}");
    assert!(regular >= 0.97, "sinus: {regular}");
    assert_eq!(af.regular[0], 0, "AF is never likely regular");
    if let Some(flutter) = groups.get("ventricular flutter") {
        assert_eq!(flutter.regular, [0, 0], "ventricular flutter is never called regular");
    }
    // Windows that hold any of it, too.
    let vfl = |w: &&Window| w.record == "207" && w.rhythm.as_deref() == Some("VFL");
    assert!(all.iter().filter(vfl).all(|w| w.report.rhythm.regularity != Regularity::Regular));
}

#[test]
fn rates_and_regularity_are_those_of_the_annotations() {
    let Some(all) = windows() else { return };
    for w in &all { let rr: Vec<String> = w.report.intervals.iter().map(|i| format!("{:.0}:{}", i.rr_ms, serde_json::to_string(&i.rejected).unwrap().trim_matches('"').chars().next().unwrap())).collect(); println!("DUMP {} {} {} {:.3} {:?} {}", w.record, w.start_s, w.rhythm.clone().unwrap_or("-".into()), w.ectopic, w.report.rhythm.reason.map(|_|1).unwrap_or(0), rr.join(",")); }
    rates(&all);
    regularity(&all);
}
