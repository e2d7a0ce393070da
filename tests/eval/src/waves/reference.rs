//! Waves as people marked them: LUDB (twelve leads, each marked for itself) and the QT Database (two leads, marked
//! together), and stretches of atrial fibrillation, where there is no P wave.

use crate::records;
use pqrst::import::wfdb::{Annotation, Annotations};
use pqrst::import::{MemorySource, RecordedLead};
use pqrst::units::Hertz;
use std::path::Path;

/// A marked wave, in seconds; what is not marked is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    pub onset_s: f64,
    pub peak_s: f64,
    pub end_s: f64,
}

/// Where the marks come from: the two sets mark the ends of QRS and T differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Lobachevsky University Database.
    Ludb,
    /// QT Database, marks `q1c`.
    Qtdb,
    /// Arrhythmia Database: rhythm only.
    Mitdb,
    /// CinC Challenge 2017: rhythm only.
    Cinc,
    /// CinC Challenge 2011: what a model finds in most of twelve leads.
    Voted,
}

/// One lead with its marks.
pub struct Marked {
    pub source: Source,
    /// Record, which stands for the patient.
    pub record: String,
    pub signal: RecordedLead,
    pub p: Vec<Mark>,
    pub qrs: Vec<Mark>,
    pub t: Vec<Mark>,
    /// Stretches, in seconds, in which a beat without a marked P wave has none.
    pub no_p_s: Vec<(f64, f64)>,
    /// Stretches in which every beat has a P wave, wherever it is.
    pub with_p_s: Vec<(f64, f64)>,
    /// How often its beats are learnt from, against others: more for leads as straps and hand-held devices have them.
    pub weight: f64,
    /// Atrial fibrillation or flutter.
    pub fibrillates: bool,
}

impl Marked {
    /// From the first mark to the last, in seconds.
    pub fn span_s(&self) -> (f64, f64) {
        let all =
            || self.p.iter().chain(&self.qrs).chain(&self.t).flat_map(|m| [m.onset_s, m.peak_s, m.end_s]);
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
    }
}

/// Leads of LUDB, by their numbers in the record (I, II, III, aVR, aVL, aVF, V1 to V6).
pub fn ludb(data: &Path, leads: &[usize]) -> Result<Vec<Marked>, String> {
    const ENDINGS: [&str; 12] = ["i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6"];
    let folder = data.join("ludb");
    let list =
        records::list(&folder, "ii").ok_or_else(|| format!("no recordings at {}", folder.display()))?;
    let mut all = Vec::new();
    for record in list {
        let header =
            std::fs::read_to_string(folder.join(format!("{record}.hea"))).map_err(|e| e.to_string())?;
        let rhythm = header.lines().find(|l| l.contains("Rhythm:")).unwrap_or_default().to_lowercase();
        let fibrillates = rhythm.contains("fibrillation") || rhythm.contains("flutter");
        for (lead, signal) in records::recording(&folder, &record)?.leads.into_iter().enumerate() {
            let Some(ending) = ENDINGS.get(lead).filter(|_| leads.contains(&lead)) else { continue };
            let annotations = records::annotations(&folder, &record, ending)?;
            let (record, no_p_s) = (format!("ludb{record}"), Vec::new());
            // Leads I and II count for more, atrial fibrillation too: it is rare.
            let weight = if lead < 2 { 2.5 } else { 1.0 } * if fibrillates { 2.0 } else { 1.0 };
            let [p, qrs, t] = ["p", "N", "t"].map(|kind| marks(&annotations, signal.rate, kind));
            let mut new = Marked {
                source: Source::Ludb,
                record,
                signal,
                p,
                qrs,
                t,
                no_p_s,
                with_p_s: Vec::new(),
                weight,
                fibrillates,
            };
            new.no_p_s.push(new.span_s());
            all.push(new);
        }
    }
    Ok(all)
}

/// Leads of the QT Database.
pub fn qtdb(data: &Path, leads: &[usize]) -> Result<Vec<Marked>, String> {
    let folder = data.join("qtdb");
    let list =
        records::list(&folder, "q1c").ok_or_else(|| format!("no recordings at {}", folder.display()))?;
    let mut all = Vec::new();
    for record in list {
        let annotations = records::annotations(&folder, &record, "q1c")?;
        for (lead, signal) in records::recording(&folder, &record)?.leads.into_iter().enumerate() {
            if !leads.contains(&lead) {
                continue;
            }
            let [p, qrs, t] = ["p", "N", "t"].map(|kind| marks(&annotations, signal.rate, kind));
            let record = record.clone();
            let (no_p_s, fibrillates) = (Vec::new(), false);
            all.push(Marked {
                source: Source::Qtdb,
                record,
                signal,
                p,
                qrs,
                t,
                no_p_s,
                with_p_s: Vec::new(),
                weight: 1.5,
                fibrillates,
            });
        }
    }
    Ok(all)
}

/// First leads of the Arrhythmia Database: stretches of atrial fibrillation or flutter without P waves, and in other
/// rhythms, where the sinus node leads, beats with one (normal, or with a bundle branch block). Records that the QT
/// Database has as well have no such beats.
pub fn rhythms(data: &Path) -> Result<Vec<Marked>, String> {
    let folder = data.join("mitdb");
    let list =
        records::list(&folder, "atr").ok_or_else(|| format!("no recordings at {}", folder.display()))?;
    let mut all = Vec::new();
    for record in list {
        let annotations = records::annotations(&folder, &record, "atr")?;
        let signal = records::lead(&folder, &record, None)?;
        let end_s = signal.samples_uv.len() as f64 / signal.rate.get();
        let shared = data.join("qtdb").join(format!("sel{record}.q1c")).exists();
        let (mut no_p_s, mut with_p_s, mut rhythm) = (Vec::new(), Vec::new(), String::new());
        for a in &annotations.list {
            let at_s = seconds(a, &annotations, signal.rate);
            if a.text.starts_with('(') {
                rhythm.clone_from(&a.text);
                no_p_s.last_mut().filter(|(_, to)| *to == end_s).into_iter().for_each(|(_, to)| *to = at_s);
                if rhythm.starts_with("(AFIB") {
                    no_p_s.push((at_s, end_s));
                }
            }
            let led = matches!(a.code.mnemonic(), Some('N' | 'L' | 'R'));
            if led && !shared && ["(N", "(SBR"].iter().any(|r| rhythm.trim_end_matches('\0') == *r) {
                with_p_s.push((at_s - 0.08, at_s + 0.08));
            }
        }
        let ([p, qrs, t], fibrillates) = ([const { Vec::new() }; 3], !no_p_s.is_empty());
        let (source, weight) = (Source::Mitdb, 0.7);
        all.push(Marked { source, record, signal, p, qrs, t, no_p_s, with_p_s, weight, fibrillates });
    }
    Ok(all)
}

/// Recordings of CinC Challenge 2017: all in atrial fibrillation, and one in four in sinus rhythm.
pub fn handheld(data: &Path) -> Result<Vec<Marked>, String> {
    let folder = data.join("cinc2017");
    let labels = std::fs::read_to_string(folder.join("REFERENCE-v3.csv")).map_err(|e| e.to_string())?;
    let files = records::unpacked(&folder, "training2017_even.tar.xz")?;
    let mut all = Vec::new();
    let mut normal = 0;
    for (record, label) in labels.lines().filter_map(|line| line.split_once(',')) {
        normal += usize::from(label == "N");
        if label != "A" && (label != "N" || normal % 4 != 0) {
            continue;
        }
        let name = format!("{record}.mat");
        let mut source = MemorySource::new();
        source.insert(&name, std::fs::read(files.join(&name)).map_err(|e| format!("{name}: {e}"))?);
        let read = pqrst::import::read(&source, &name).map_err(|e| format!("{name}: {e}"))?;
        let signal = read.lead(None).cloned().ok_or(format!("{name}: no lead"))?;
        let (fibrillates, [p, qrs, t]) = (label == "A", [const { Vec::new() }; 3]);
        let no_p_s = if fibrillates { vec![(0.0, f64::INFINITY)] } else { Vec::new() };
        let with_p_s = if fibrillates { Vec::new() } else { vec![(0.0, f64::INFINITY)] };
        let (source, record, weight) = (Source::Cinc, record.to_owned(), 0.6);
        all.push(Marked { source, record, signal, p, qrs, t, no_p_s, with_p_s, weight, fibrillates });
    }
    Ok(all)
}

fn seconds(annotation: &Annotation, annotations: &Annotations, rate: Hertz) -> f64 {
    annotations.place(annotation, rate).0 as f64 / rate.get()
}

/// Waves of one kind: a peak with the onset just before and the end just after it.
fn marks(annotations: &Annotations, rate: Hertz, kind: &str) -> Vec<Mark> {
    let list = &annotations.list;
    let is = |i: Option<usize>, c: char| i.and_then(|i| list.get(i)).filter(|a| a.code.mnemonic() == Some(c));
    let time = |a: Option<&Annotation>| a.map_or(f64::NAN, |a| seconds(a, annotations, rate));
    let mut all = Vec::new();
    for (i, a) in list.iter().enumerate() {
        let beat = kind == "N" && a.code.is_beat();
        if beat || (kind != "N" && a.code.mnemonic().is_some_and(|m| kind.starts_with(m))) {
            all.push(Mark {
                onset_s: time(is(i.checked_sub(1), '(')),
                peak_s: time(Some(a)),
                end_s: time(is(Some(i + 1), ')')),
            });
        }
    }
    all
}
