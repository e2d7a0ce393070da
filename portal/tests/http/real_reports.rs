//! Whatever the library reports, the portal takes: recordings go the whole way, from samples to the clinician.

use pqrst::device::reading::{Condition, Measured, Measurement, Panel, Quantity};
use pqrst::export::fhir::{from_summary, VisitId};
use pqrst::pipeline::{Context, EcgSource, Pipeline, ReportId, Request, TestKind};
use pqrst::signal::{DeviceClass, Lead};
use pqrst::summary::Summary;
use pqrst::synth::EcgSynth;
use pqrst::units::{BeatsPerMinute, Hertz, HostTime, Milliseconds, Seconds};
use serde_json::Value;

use crate::clinic::{id, Clinic, ADA};

fn request() -> Request {
    Request { test: TestKind::Rest5min, context: Context::default(), simulated: false, retakes: 0 }
}

/// The report over pushes of samples at given times.
fn report_of(pushes: &[(&[f32], Option<Seconds>)], n: u32) -> Summary {
    let mut pipeline = Pipeline::new(request());
    pipeline.open_ecg(EcgSource {
        class: DeviceClass::ChestStrapEcg,
        lead: Lead::ChestStrapModified,
        rate: Hertz::new(130.0).unwrap(),
        band: None,
    });
    for (samples, start) in pushes {
        pipeline.push_samples(samples, *start);
        pipeline.drain();
    }
    Summary::from(&pipeline.finish(ReportId::parse(&id(n)).unwrap()))
}

fn synthetic(seconds: f64) -> Vec<f32> {
    let synth = EcgSynth::new(7).heart_rate(BeatsPerMinute(73.0));
    synth.render(Hertz::new(130.0).unwrap(), Seconds(seconds)).samples_uv
}

/// A sensor that sends RR intervals and no ECG.
fn intervals_only(n: u32) -> Summary {
    let mut pipeline = Pipeline::new(request());
    for beat in 0..90_u32 {
        let rr = Milliseconds(830.0 + f64::from(beat % 7));
        pipeline.push_device_rate(Some(72.0), &[rr], HostTime(f64::from(beat) * 0.83));
    }
    Summary::from(&pipeline.finish(ReportId::parse(&id(n)).unwrap()))
}

/// Home tests and no heart's signal: as many readings as may leave, each with what may be said of it.
fn home_tests(n: u32) -> Summary {
    let mut pipeline = Pipeline::new(request());
    for i in 0..20_u32 {
        let measured = |quantity, value| Measured { quantity, value };
        pipeline.push_reading(&Measurement {
            panel: Panel::BloodPressure,
            values: vec![
                measured(Quantity::Systolic, 128.0 + f64::from(i)),
                measured(Quantity::Diastolic, 82.0),
                measured(Quantity::MeanArterial, 97.0),
                measured(Quantity::PulseRate, 62.0),
            ],
            conditions: vec![
                Condition::BodyMovement,
                Condition::CuffTooLoose,
                Condition::IrregularPulse,
                Condition::PulseRateOutOfRange,
                Condition::WrongPosition,
            ],
            age: None,
            received: HostTime(f64::from(i) * 60_000.0),
        });
    }
    Summary::from(&pipeline.finish(ReportId::parse(&id(n)).unwrap()))
}

#[tokio::test]
async fn every_kind_of_recording_arrives_as_it_is() {
    let long = synthetic(300.0);
    let (first, second) = long.split_at(130 * 100);
    let summaries = [
        report_of(&[(&long, None)], 1),
        report_of(&[(first, None), (second, Some(Seconds(103.456)))], 2),
        report_of(&[(&synthetic(31.0), None)], 3),
        report_of(&[(&[0.0; 4000], None)], 4),
        report_of(&[(&[f32::NAN; 4000], None)], 5),
        report_of(&[(&[f32::MAX; 4000], None)], 6),
        report_of(&[], 7),
        intervals_only(8),
        home_tests(9),
    ];
    assert!(summaries[0].hrv.sdnn_ms.value.is_some() && summaries[0].heart_rate.mean_bpm.value == Some(73.0));
    assert_eq!(summaries[1].gaps.len(), 1);
    assert_eq!(summaries[8].readings.len(), Summary::MAX_READINGS);
    assert!(summaries[6].heart_rate.mean_bpm.value.is_none());

    let clinic = Clinic::open().await;
    let cookie = clinic.sign_in(ADA).await;
    for summary in summaries {
        let (visit, token) = clinic.invite(&cookie, "real").await;
        let bundle = from_summary(&summary, VisitId::parse(&visit).unwrap(), summary.id);
        let body = serde_json::to_string(&bundle).unwrap();
        let most = if summary.readings.is_empty() { 16 } else { 56 };
        assert!(body.len() < most * 1024, "far from the limit: {}", body.len());
        for body in [body.clone(), as_a_browser_writes(&body)] {
            let sent = clinic.post("/fhir").bearer(&token).fhir(body).send().await;
            assert!(matches!(sent.status, 200 | 201), "{sent:?} for {summary:?}");
            let stored = sent.json()["entry"].as_array().unwrap().len();
            assert_eq!(stored, 1 + summary.readings.len());
        }
        let shown = clinic.get(&format!("/api/visits/{visit}")).cookie(&cookie).send().await.json();
        assert_eq!(shown["result"]["summary"], serde_json::to_value(&summary).unwrap());
    }
    assert_eq!(clinic.rows("result").await, 9);
}

/// JavaScript has one number type: what Rust writes as `72.0` comes from a browser as `72`.
fn as_a_browser_writes(body: &str) -> String {
    fn whole(json: &mut Value) {
        match json {
            Value::Number(n) => {
                if let Some(float) = n.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 1e15) {
                    *json = Value::from(float as i64);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(whole),
            Value::Object(fields) => fields.values_mut().for_each(whole),
            _ => {}
        }
    }
    let mut json = serde_json::from_str(body).unwrap();
    whole(&mut json);
    json.to_string()
}
