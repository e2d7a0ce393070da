//! What the verdict says about half minutes: clean ones, noise alone, and faults put into clean ones.

use crate::records;
use crate::streamed::stream;
use crate::Options;
use pqrst::pipeline::TestKind;
use pqrst::quality::{Outcome, VerdictReason};
use pqrst::units::Hertz;
use serde_json::{json, Value};
use std::path::Path;

/// Length of a test.
const TEST_S: f64 = 30.0;
/// Annotation code of a change of signal quality, `~`.
const NOISE_MARK: u8 = 14;
/// Every so many clean half minutes get a fault.
const EVERY: usize = 8;

/// A half minute of one lead.
#[derive(Clone)]
struct Strip {
    rate: Hertz,
    samples_uv: Vec<f32>,
    hole: Option<(usize, usize)>,
}

impl Strip {
    fn verdict(&self) -> (Outcome, Vec<VerdictReason>) {
        let verdict = stream(&self.samples_uv, self.rate, TestKind::Rest30s, self.hole).report.verdict;
        (verdict.kind, verdict.reasons)
    }

    /// The samples of a stretch changed; `change` gets time in seconds and value.
    fn changed(&self, from_s: f64, to_s: f64, change: impl Fn(f64, f32) -> f32) -> Self {
        let mut new = self.clone();
        for (i, x) in new.samples_uv.iter_mut().enumerate() {
            let t = i as f64 / self.rate.get();
            if (from_s..to_s).contains(&t) {
                *x = change(t, *x);
            }
        }
        new
    }

    /// Half the distance between the highest and the lowest hundredth.
    fn height(&self) -> f64 {
        let mut sorted: Vec<f64> = self.samples_uv.iter().map(|x| f64::from(*x)).collect();
        let high = crate::streamed::quantile(&mut sorted, 0.995);
        (high - crate::streamed::quantile(&mut sorted, 0.005)) / 2.0
    }
}

/// One line of the table.
pub struct Line {
    /// What was judged.
    pub what: String,
    /// How many.
    pub all: usize,
    /// Judged usable.
    pub usable: usize,
    /// A retake that names the fault first; `None` where no fault was put in.
    pub named: Option<usize>,
}

/// Prints the table or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let lines = measure(options)?;
    if options.json {
        let list: Vec<Value> = lines
            .iter()
            .map(|l| json!({"what": l.what, "windows": l.all, "usable": l.usable, "namedFirst": l.named}))
            .collect();
        println!("{}", Value::Array(list));
        return Ok(());
    }
    println!("{:42} windows  usable       %  fault named first", "half minutes");
    for l in &lines {
        let named = l.named.map_or(String::new(), |n| format!("{n:6} {:7.2} %", share(n, l.all)));
        println!("{:42} {:7} {:7} {:7.2}  {named}", l.what, l.all, l.usable, share(l.usable, l.all));
    }
    Ok(())
}

/// Part of a whole, in percent.
pub fn share(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

/// Judges everything.
pub fn measure(options: &Options) -> Result<Vec<Line>, String> {
    let mitdb = options.data.join("mitdb");
    let Some(list) = records::list(&mitdb, "atr") else {
        eprintln!("SKIPPED quality: no recordings at {}", mitdb.display());
        return Ok(Vec::new());
    };
    let mut clean = Vec::new();
    for record in &list {
        clean.extend(clean_strips(&mitdb, record)?);
    }
    let mut lines = vec![judged("mitdb, free of ~ marks", &clean, None)];
    let mut noises = Vec::new();
    for name in ["bw", "em", "ma"] {
        let leads = records::recording(&options.data.join("nstdb"), name)?.leads;
        let all: Vec<Strip> = leads.iter().flat_map(|l| strips(&l.samples_uv, l.rate, |_| true)).collect();
        lines.push(judged(&format!("nstdb, {name} alone, both leads"), &all, None));
        noises.extend(leads.into_iter().next().map(|lead| (name, lead.samples_uv)));
    }
    let some: Vec<&Strip> = clean.iter().step_by(EVERY).collect();
    for (what, reason, put) in faults(&noises) {
        let faulty: Vec<Strip> = some.iter().enumerate().map(|(i, s)| put(s, i)).collect();
        lines.push(judged(&format!("mitdb, {what}"), &faulty, Some(reason)));
    }
    Ok(lines)
}

fn judged(what: &str, strips: &[Strip], fault: Option<VerdictReason>) -> Line {
    let verdicts: Vec<_> = strips.iter().map(Strip::verdict).collect();
    let named = |fault| {
        let first =
            |v: &&(Outcome, Vec<VerdictReason>)| v.0 == Outcome::Retake && v.1.first() == Some(&fault);
        verdicts.iter().filter(first).count()
    };
    Line {
        what: what.to_owned(),
        all: strips.len(),
        usable: verdicts.iter().filter(|v| v.0 == Outcome::Usable).count(),
        named: fault.map(named),
    }
}

fn clean_strips(folder: &Path, record: &str) -> Result<Vec<Strip>, String> {
    let lead = records::lead(folder, record, None)?;
    let marks = records::annotations(folder, record, "atr")?;
    let length = (TEST_S * lead.rate.get()) as usize;
    let marked: Vec<usize> = marks
        .list
        .iter()
        .filter(|a| a.code.0 == NOISE_MARK)
        .map(|a| marks.place(a, lead.rate).0 as usize / length)
        .collect();
    Ok(strips(&lead.samples_uv, lead.rate, |i| !marked.contains(&i)))
}

fn strips(samples_uv: &[f32], rate: Hertz, wanted: impl Fn(usize) -> bool) -> Vec<Strip> {
    let parts = samples_uv.chunks_exact((TEST_S * rate.get()) as usize).enumerate();
    let wanted = parts.filter(|(i, _)| wanted(*i));
    wanted.map(|(_, x)| Strip { rate, samples_uv: x.to_vec(), hole: None }).collect()
}

type Fault<'a> = (String, VerdictReason, Box<dyn Fn(&Strip, usize) -> Strip + 'a>);

fn faults<'a>(noises: &'a [(&'static str, Vec<f32>)]) -> Vec<Fault<'a>> {
    let mut faults: Vec<Fault<'a>> = vec![
        (
            "flat from 5 to 20 s".to_owned(),
            VerdictReason::LeadOff,
            Box::new(|s, _| s.changed(5.0, 20.0, |_, _| 0.0)),
        ),
        (
            "clipped at 0.6 of its height".to_owned(),
            VerdictReason::Saturation,
            Box::new(|s, _| {
                let rail = 0.6 * s.height() as f32;
                let middle = crate::streamed::quantile(
                    &mut s.samples_uv.iter().map(|x| f64::from(*x)).collect::<Vec<_>>(),
                    0.5,
                ) as f32;
                s.changed(0.0, TEST_S, |_, x| middle + (x - middle).clamp(-rail, rail))
            }),
        ),
        (
            "10 s lost".to_owned(),
            VerdictReason::TransportGap,
            Box::new(|s, _| {
                let at = |t: f64| (t * s.rate.get()) as usize;
                Strip { hole: Some((at(9.3), at(19.3))), ..s.clone() }
            }),
        ),
    ];
    for hz in [50.0, 60.0] {
        faults.push((
            format!("hum of {hz} Hz as high as the ECG"),
            VerdictReason::Mains,
            Box::new(move |s, _| {
                let height = s.height();
                s.changed(0.0, TEST_S, |t, x| x + (height * (std::f64::consts::TAU * hz * t).sin()) as f32)
            }),
        ));
    }
    for (name, noise) in noises.iter().filter(|(name, _)| *name != "bw") {
        faults.push((
            format!("{name} noise at -6 dB"),
            VerdictReason::Motion,
            Box::new(move |s, i| noisy(s, noise, i, -6.0)),
        ));
    }
    faults
}

/// Noise added at this ratio of the power of a sine as high as the ECG to the noise's.
fn noisy(strip: &Strip, noise: &[f32], number: usize, db: f64) -> Strip {
    let n = strip.samples_uv.len();
    let from = number * 7919 % noise.len().saturating_sub(n).max(1);
    let part: Vec<f64> = noise.iter().skip(from).take(n).map(|x| f64::from(*x)).collect();
    let mean = part.iter().sum::<f64>() / n as f64;
    let power = part.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
    let scale = strip.height() / (2.0 * power).sqrt() * 10.0_f64.powf(-db / 20.0);
    let mut new = strip.clone();
    new.samples_uv.iter_mut().zip(part).for_each(|(x, v)| *x += (scale * (v - mean)) as f32);
    new
}
