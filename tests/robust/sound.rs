//! Runs the whole pipeline, and says what must hold of whatever comes out.

use pqrst::pipeline::{
    Context, EcgSource, Event, Pipeline, Regularity, Report, ReportId, Request, TestKind, Value,
};
use pqrst::quality::Outcome;
use pqrst::signal::{DeviceClass, Lead};
use pqrst::summary::Summary;
use pqrst::units::{Hertz, Seconds};

pub const ID: ReportId = ReportId([0x5a; 16]);

/// Samples that follow on, or begin at a time of their own.
pub type Piece = (Vec<f32>, Option<f64>);

/// What a stream came to.
pub struct Heard {
    pub report: Report,
    pub events: Vec<Event>,
}

pub fn pipeline(test: TestKind, hz: f64) -> Pipeline {
    let request = Request { test, context: Context::default(), simulated: false, retakes: 0 };
    let mut pipeline = Pipeline::new(request);
    let rate = Hertz::new(hz).unwrap();
    pipeline.open_ecg(EcgSource { class: DeviceClass::Recording, lead: Lead::Unknown, rate, band: None });
    pipeline
}

/// Pushes pieces, each divided by `cuts` in turn.
pub fn hear(hz: f64, pieces: &[Piece], cuts: &[usize]) -> Heard {
    let mut pipeline = pipeline(TestKind::Rest30s, hz);
    let (mut events, mut turn) = (Vec::new(), 0);
    for (samples, start) in pieces {
        let (mut rest, mut start) = (samples.as_slice(), start.map(Seconds));
        while !rest.is_empty() {
            let (now, later) = rest.split_at(cuts[turn % cuts.len()].clamp(1, rest.len()));
            pipeline.push_samples(now, start.take());
            events.extend(pipeline.drain());
            (rest, turn) = (later, turn + 1);
        }
    }
    let report = pipeline.finish(ID);
    events.extend(pipeline.drain());
    Heard { report, events }
}

/// A signal in frames of half a second.
pub fn heard(hz: f64, samples: &[f32]) -> Heard {
    hear(hz, &[(samples.to_vec(), None)], &[(hz / 2.0) as usize])
}

impl Heard {
    /// The filtered samples, and every other event that does not depend on the division into calls.
    pub fn apart(&self) -> (Vec<u32>, Vec<&Event>) {
        let mut filtered = Vec::new();
        let mut others = Vec::new();
        for event in &self.events {
            match event {
                Event::Filtered(stretch) => filtered.extend(stretch.samples_uv.iter().map(|x| x.to_bits())),
                Event::Ecg(_) => {}
                other => others.push(other),
            }
        }
        (filtered, others)
    }
}

/// Fields that may be null; in all others a null is a NaN that was serialised.
const MAY_BE_NULL: &[&str] = &[
    "value",
    "reason",
    "evidence",
    "confidence",
    "usableS",
    "nominalSamplingRateHz",
    "samplingRateHz",
    "trueRateHz",
    "driftPpm",
    "batteryPercent",
    "filters",
    "highPassHz",
    "notchHz",
    "rejectedPercent",
    "rejected",
    "band",
    "quality",
    "usablePercent",
    "meanScore",
    "contactPercent",
    // Without acceleration, and without a cuff.
    "motionPercent",
    "moving",
    "bloodPressure",
    "probabilities",
    "bpm",
    // Of a beat whose waves are not all there.
    "pOnsetS",
    "pPeakS",
    "pEndS",
    "qrsOnsetS",
    "qrsEndS",
    "tOnsetS",
    "tPeakS",
    "tEndS",
    // How far intervals differ that are not told.
    "prMs",
    "qrsMs",
    "qtMs",
];

fn no_null(json: &serde_json::Value, path: &str) {
    match json {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                assert!(!value.is_null() || MAY_BE_NULL.contains(&key.as_str()), "{path}.{key} is null");
                no_null(value, &format!("{path}.{key}"));
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| no_null(item, path)),
        _ => {}
    }
}

fn answered(value: &Value, what: &str) {
    assert!(value.value.is_none_or(f64::is_finite), "{what}: {value:?}");
    assert_eq!(value.value.is_some(), value.reason.is_none(), "{what}: a number or the reason: {value:?}");
    assert_eq!(value.value.is_some(), value.evidence.is_some(), "{what}: {value:?}");
}

/// What holds of every report, whatever came in.
pub fn check(report: &Report, what: &str) {
    no_null(&serde_json::to_value(report).unwrap(), what);
    let (rate, hrv) = (&report.heart_rate, &report.hrv);
    for value in [rate.mean_bpm, rate.min_bpm, rate.max_bpm] {
        answered(&value, what);
    }
    for value in [hrv.rmssd_ms, hrv.pnn50_percent, hrv.sd1_ms, hrv.sd2_ms, hrv.sdnn_ms] {
        answered(&value, what);
    }
    for value in [hrv.lf_ms2, hrv.hf_ms2, hrv.lf_hf] {
        answered(&value, what);
    }
    let (ectopy, intervals) = (&report.ectopy, &report.intervals);
    for value in [ectopy.ventricular_per_min, ectopy.supraventricular_per_min] {
        answered(&value, what);
    }
    let qtc = [
        intervals.qtc_bazett_ms,
        intervals.qtc_fridericia_ms,
        intervals.qtc_framingham_ms,
        intervals.qtc_hodges_ms,
    ];
    for value in [intervals.pr_ms, intervals.qrs_ms, intervals.qt_ms].iter().chain(&qtc) {
        answered(value, what);
    }
    // Nothing here has an accelerometer or a cuff: what may be null is.
    let moved = report.quality.iter().any(|row| row.moving.is_some());
    assert!(!moved && report.motion_percent.is_none() && report.blood_pressure.is_none(), "{what}");
    let label = &report.rhythm.label;
    assert_eq!(label.value.is_some(), label.reason.is_none(), "{what}: a word or the reason: {label:?}");
    let found = &report.rhythm.findings;
    assert!(found.windows(2).all(|pair| pair[0].start_s <= pair[1].start_s), "{what}");
    assert!(report.beats.iter().all(|b| (0.0..=1.0).contains(&b.class_confidence)), "{what}");
    let rhythm = &report.rhythm;
    assert_eq!(rhythm.regularity == Regularity::CannotSay, rhythm.reason.is_some(), "{what}: {rhythm:?}");
    assert_eq!(rhythm.reason.is_none(), rhythm.evidence.is_some(), "{what}: {rhythm:?}");
    let verdict = &report.verdict;
    assert!(verdict.kind == Outcome::Usable || !verdict.reasons.is_empty(), "{what}: {verdict:?}");
    let optional =
        [report.usable_s, report.sampling_rate_hz, hrv.rejected_percent, report.transport.drift_ppm];
    assert!(optional.iter().flatten().all(|number| number.is_finite()), "{what}: {optional:?}");
    let end = report.settled_s + report.duration_s;
    assert!(report.beats.iter().all(|b| b.time_s >= 0.0 && b.time_s <= end && b.sample >= 0.0), "{what}");
    assert!(report.beats.windows(2).all(|pair| pair[0].time_s < pair[1].time_s), "{what}");
    assert!(report.rr.iter().all(|rr| rr.rr_ms > 0.0), "{what}");
    assert!(report.quality.iter().all(|row| (0.0..=1.0).contains(&row.score)), "{what}");
    let summary = Summary::from(report);
    no_null(&serde_json::to_value(&summary).unwrap(), what);
    assert!(summary.check().is_ok(), "{what}: {:?}", summary.check());
}

/// What holds of every live event.
pub fn check_events(heard: &Heard, samples: usize, what: &str) {
    let (mut told, mut filtered, mut latest) = (0, 0, f64::MIN);
    for event in &heard.events {
        match event {
            Event::Ecg(stretch) => told += stretch.samples_uv.len(),
            Event::Filtered(stretch) => {
                filtered += stretch.samples_uv.len();
                assert!(stretch.samples_uv.iter().all(|x| x.is_finite()), "{what}");
                assert!(stretch.start_s.is_finite() && stretch.sampling_rate_hz.is_finite(), "{what}");
            }
            Event::Beat { time_s, rr_ms, .. } => {
                assert!(*time_s > latest && rr_ms.is_none_or(|rr| rr > 0.0 && rr.is_finite()), "{what}");
                latest = *time_s;
            }
            Event::HeartRate { bpm, .. } => assert!((0.5..1000.0).contains(bpm), "{what}: {bpm}"),
            _ => {}
        }
    }
    assert_eq!((told, filtered), (samples, samples), "{what}: one for one");
}
