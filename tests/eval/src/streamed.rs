//! Recordings as a patient's browser hears them: in small pieces, through the whole pipeline.

use pqrst::detect::Detector;
use pqrst::pipeline::{Context, EcgSource, Event, Pipeline, Report, ReportId, Request, TestKind};
use pqrst::signal::{DeviceClass, Lead, RPeak};
use pqrst::units::{Hertz, SampleCount, Seconds};

/// Length of a piece.
const PIECE_S: f64 = 0.1;

/// What came out.
pub struct Streamed {
    /// Beats, in whole samples.
    pub beats: Vec<i64>,
    /// From each beat to the end of the piece that settled it, in seconds.
    pub waits_s: Vec<f64>,
    /// Rates, as they were shown.
    pub rates: Vec<Shown>,
    /// The report at the end.
    pub report: Report,
}

/// A heart rate as a live monitor shows it.
pub struct Shown {
    /// Time of the last beat told before, in seconds.
    pub time_s: f64,
    /// Beats a minute.
    pub bpm: f64,
}

/// Runs a signal in microvolts through a pipeline; `hole` is a stretch (from, to) of samples that never arrive.
pub fn stream(samples_uv: &[f32], rate: Hertz, test: TestKind, hole: Option<(usize, usize)>) -> Streamed {
    let request = Request { test, context: Context::default(), simulated: false, retakes: 0 };
    let mut pipeline = Pipeline::new(request);
    pipeline.open_ecg(EcgSource { class: DeviceClass::Recording, lead: Lead::FromFile, rate, band: None });
    let piece = ((PIECE_S * rate.get()) as usize).max(1);
    let (mut waits_s, mut rates, mut last_s) = (Vec::new(), Vec::new(), 0.0);
    let mut take = |pipeline: &mut Pipeline, now: f64| {
        for event in pipeline.drain() {
            match event {
                Event::Beat { time_s, .. } => {
                    waits_s.push(now - time_s);
                    last_s = time_s;
                }
                Event::HeartRate { bpm, .. } => rates.push(Shown { time_s: last_s, bpm }),
                _ => {}
            }
        }
    };
    let (from, to) = hole.unwrap_or((samples_uv.len(), samples_uv.len()));
    for (start, part) in [(0, &samples_uv[..from]), (to, &samples_uv[to..])] {
        for (number, samples) in part.chunks(piece).enumerate() {
            let at = (start + number * piece) as f64 / rate.get();
            pipeline.push_samples(samples, (number == 0).then_some(Seconds(at)));
            take(&mut pipeline, at + samples.len() as f64 / rate.get());
        }
    }
    let report = pipeline.finish(ReportId([0; 16]));
    let beats = report.beats.iter().map(|beat| beat.sample.round() as i64).collect();
    Streamed { beats, waits_s, rates, report }
}

/// A beat as the detector alone tells it.
pub struct Told {
    /// Place in samples.
    pub at: f64,
    /// End of the piece that settled it, in seconds; `None` when it was still open at the end of the signal.
    pub when_s: Option<f64>,
}

/// Runs a signal through the detector alone, in pieces; `holes` are stretches (from, to) of samples that never arrive.
/// The beats are those of the whole pipeline.
pub fn told(samples_uv: &[f32], rate: Hertz, holes: &[(usize, usize)]) -> Vec<Told> {
    let mut detector = Detector::new(rate);
    let piece = ((PIECE_S * rate.get()) as usize).max(1);
    let (mut told, mut peaks, mut at) = (Vec::new(), Vec::new(), 0);
    let mut take = |peaks: &mut Vec<RPeak>, when_s: Option<f64>| {
        told.extend(peaks.drain(..).map(|peak| Told { at: peak.at.0, when_s }));
    };
    let end = (samples_uv.len(), samples_uv.len());
    for (from, to) in holes.iter().chain([&end]) {
        for samples in samples_uv.get(at..*from).unwrap_or_default().chunks(piece) {
            at += samples.len();
            detector.push(samples, &mut peaks);
            take(&mut peaks, Some(at as f64 / rate.get()));
        }
        if to > from {
            detector.skip(SampleCount((to - from) as u64), &mut peaks);
            take(&mut peaks, None);
            at = *to;
        }
    }
    detector.finish(&mut peaks);
    take(&mut peaks, None);
    told
}

/// Places of beats in whole samples.
pub fn places(told: &[Told]) -> Vec<i64> {
    told.iter().map(|beat| beat.at.round() as i64).collect()
}

/// The value below which this share of the values lies.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// Seconds this thread has worked, where the system tells (Linux); otherwise seconds since `origin`, in which
/// whatever else runs on the machine counts as well.
pub fn worked_s(origin: std::time::Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ns = told.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    ns.map_or_else(|| origin.elapsed().as_secs_f64(), |ns| ns * 1e-9)
}
