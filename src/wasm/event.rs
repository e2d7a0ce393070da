//! Session events as JavaScript sees them: `{type, detail}`.

use super::object::object;
use super::reading::Reading;
use super::types::to_js;
use crate::device::blood_pressure::NextReading;
use crate::device::{Action, Uuid};
use crate::pipeline::{Event, GapRow, NullReason, PressureStep, QualityRow, Stretch};
use crate::session::SessionEvent;
use crate::signal::{BeatClass, IntervalSource};
use js_sys::{Float32Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Beat {
    id: f64,
    time_s: f64,
    rr_ms: Option<f64>,
    confidence: f32,
    late: bool,
}

#[derive(Serialize)]
struct BeatClassified {
    id: f64,
    class: BeatClass,
    confidence: f32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HeartRate {
    bpm: Option<f64>,
    reason: Option<NullReason>,
    source: IntervalSource,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    elapsed_s: f64,
    duration_s: f64,
}

#[derive(Serialize)]
struct Battery {
    percent: u8,
    beside: bool,
}

#[derive(Serialize)]
struct Contact {
    contact: &'static str,
    beside: bool,
}

/// Type and detail of an event.
pub(super) fn to_event(event: SessionEvent) -> Result<JsValue, JsValue> {
    let (name, detail) = match event {
        SessionEvent::State(change) => ("state", to_js(&change)?),
        SessionEvent::Pipeline(event) => pipeline(event)?,
        SessionEvent::Contact { contact, beside } => {
            let contact = contact.map_or("unknown", |yes| if yes { "yes" } else { "no" });
            ("contact", to_js(&Contact { contact, beside })?)
        }
        SessionEvent::Battery { percent, beside } => ("battery", to_js(&Battery { percent, beside })?),
        SessionEvent::Progress { elapsed, length } => {
            ("progress", to_js(&Progress { elapsed_s: elapsed.0, duration_s: length.0 })?)
        }
        SessionEvent::Measurement(m) => ("reading", to_js(&Reading::from(&m))?),
        SessionEvent::LeftOut(why) => ("readingLeftOut", object(&[("code", JsValue::from_str(why.code()))])?),
        SessionEvent::Command { source, action } => ("command", command(&source, &action)?),
    };
    object(&[("type", JsValue::from_str(name)), ("detail", detail)])
}

fn pipeline(event: Event) -> Result<(&'static str, JsValue), JsValue> {
    Ok(match event {
        Event::Ecg(stretch) => ("ecg", samples(&stretch)?),
        Event::Filtered(stretch) => ("filtered", samples(&stretch)?),
        Event::Beat { id, time_s, rr_ms, confidence, late } => {
            ("beat", to_js(&Beat { id: id as f64, time_s, rr_ms, confidence, late })?)
        }
        Event::BeatClass { id, class, confidence } => {
            ("beatClass", to_js(&BeatClassified { id: id as f64, class, confidence })?)
        }
        Event::HeartRate { bpm, source } => {
            ("heartRate", to_js(&HeartRate { bpm: Some(bpm), reason: None, source })?)
        }
        Event::NoHeartRate { reason } => {
            let source = IntervalSource::Ecg;
            ("heartRate", to_js(&HeartRate { bpm: None, reason: Some(reason), source })?)
        }
        Event::Motion { moving } => ("motion", object(&[("moving", moving.into())])?),
        Event::Quality(row) => ("quality", to_js::<QualityRow>(&row)?),
        Event::Gap(row) => ("gap", to_js::<GapRow>(&row)?),
        Event::BloodPressure(step) => ("bloodPressure", blood_pressure(&step)?),
    })
}

fn blood_pressure(step: &PressureStep) -> Result<JsValue, JsValue> {
    let (next, at) = match step.next {
        NextReading::RestUntil(at) => ("rest", Some(at)),
        NextReading::MeasureAfter(at) => ("measureAgain", Some(at)),
        NextReading::Done => ("done", None),
    };
    let mean = match step.mean {
        Some((systolic, diastolic, readings)) => object(&[
            ("systolic", systolic.into()),
            ("diastolic", diastolic.into()),
            ("readings", readings.into()),
        ])?,
        None => JsValue::NULL,
    };
    object(&[
        ("next", JsValue::from_str(next)),
        ("atMs", at.map_or(JsValue::NULL, |at| at.0.into())),
        ("counted", step.counted.into()),
        ("notCounted", step.not_counted.map_or(Ok(JsValue::NULL), |why| to_js(&why))?),
        ("mean", mean),
    ])
}

fn samples(stretch: &Stretch) -> Result<JsValue, JsValue> {
    object(&[
        ("samplesUv", Float32Array::from(stretch.samples_uv.as_slice()).into()),
        ("startS", stretch.start_s.into()),
        ("samplingRateHz", stretch.sampling_rate_hz.into()),
    ])
}

fn command(source: &str, action: &Action) -> Result<JsValue, JsValue> {
    let text = |uuid: &Uuid| JsValue::from_str(&uuid.text());
    let mut fields = vec![("source", JsValue::from_str(source))];
    let kind = match action {
        Action::Subscribe { .. } => "subscribe",
        Action::Read { .. } => "read",
        Action::Write { .. } => "write",
        Action::Disconnect => "disconnect",
        Action::Wait { .. } => "wait",
    };
    fields.push(("kind", JsValue::from_str(kind)));
    if let Action::Subscribe { service, characteristic }
    | Action::Read { service, characteristic }
    | Action::Write { service, characteristic, .. } = action
    {
        fields.push(("service", text(service)));
        fields.push(("characteristic", text(characteristic)));
    }
    if let Action::Write { bytes, .. } = action {
        fields.push(("bytes", Uint8Array::from(bytes.as_slice()).into()));
    }
    object(&fields)
}
