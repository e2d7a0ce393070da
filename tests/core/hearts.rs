//! Reports of synthetic hearts.

use pqrst::device::polar::BAND;
use pqrst::device::reading::{Condition, Measured, Measurement, Panel, Quantity};
use pqrst::pipeline::{Context, EcgSource, Pacemaker, Pipeline, Report, ReportId, Request, TestKind};
use pqrst::signal::{DeviceClass, Lead};
use pqrst::summary::Summary;
use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{BeatsPerMinute, Hertz, HostTime, Microvolts, Milliseconds, Seconds};
use serde_json::Value;

pub const ID: ReportId = ReportId([0x5a; 16]);

pub fn hertz(hz: f64) -> Hertz {
    Hertz::new(hz).unwrap()
}

/// Sinus rhythm as of somebody who sits and breathes, from an amplifier with little noise.
pub fn sinus(seed: u64, bpm: f64) -> EcgSynth {
    EcgSynth::new(seed)
        .heart_rate(BeatsPerMinute(bpm))
        .variability(Milliseconds(25.0), Milliseconds(15.0), Milliseconds(5.0))
        .with(Noise::White(Level::Rms(Microvolts(8.0))))
        .with(Noise::BaselineWander(Level::Rms(Microvolts(60.0))))
}

pub fn samples(synth: &EcgSynth, hz: f64, seconds: f64) -> Vec<f32> {
    synth.render(hertz(hz), Seconds(seconds)).samples_uv
}

pub fn request(test: TestKind) -> Request {
    Request { test, context: Context::default(), simulated: false, retakes: 0 }
}

pub fn recording(hz: f64) -> EcgSource {
    EcgSource { class: DeviceClass::Recording, lead: Lead::Unknown, rate: hertz(hz), band: None }
}

pub fn strap() -> EcgSource {
    EcgSource {
        class: DeviceClass::ChestStrapEcg,
        lead: Lead::ChestStrapModified,
        rate: hertz(130.0),
        band: Some(BAND),
    }
}

/// A report of pieces of samples, each at its start or following on.
pub fn report_of(request: Request, source: EcgSource, pieces: &[(&[f32], Option<f64>)]) -> Report {
    let mut pipeline = Pipeline::new(request);
    pipeline.open_ecg(source);
    for (piece, start) in pieces {
        pipeline.push_samples(piece, start.map(Seconds));
    }
    pipeline.finish(ID)
}

/// The report of a whole recording.
pub fn analyzed(samples_uv: &[f32], hz: f64) -> Report {
    report_of(request(TestKind::Recording), recording(hz), &[(samples_uv, None)])
}

/// The report of a sensor that sends an interval a message.
pub fn sensor(test: TestKind, rr_ms: &[f64]) -> Report {
    let mut pipeline = Pipeline::new(request(test));
    pipeline.contact(None);
    let mut at = 1000.0;
    for rr in rr_ms {
        pipeline.push_device_rate(Some((60_000.0 / rr).round()), &[Milliseconds(*rr)], HostTime(at));
        at += rr;
    }
    pipeline.finish(ID)
}

/// Intervals around 60 s / `bpm` that breathe.
pub fn breathing(bpm: f64, seconds: f64) -> Vec<f64> {
    let (mut at, mut all) = (0.0, Vec::new());
    while at < seconds {
        let rr = (60_000.0 / bpm + 25.0 * (at * 1.6).sin() + 12.0 * (at * 0.6).cos()).round();
        at += rr / 1000.0;
        all.push(rr);
    }
    all
}

pub fn with_pacemaker(test: TestKind) -> Request {
    Request { context: Context { pacemaker: Pacemaker::Yes, ..Context::default() }, ..request(test) }
}

/// The report as callers get it: its summary inside.
pub fn published(report: &Report) -> Value {
    let mut json = serde_json::to_value(report).unwrap();
    json["summary"] = serde_json::to_value(Summary::from(report)).unwrap();
    json
}

/// A reading that was taken when it arrived.
pub fn reading(panel: Panel, values: &[(Quantity, f64)], at_s: f64) -> Measurement {
    let values = values.iter().map(|(quantity, value)| Measured { quantity: *quantity, value: *value });
    Measurement {
        panel,
        values: values.collect(),
        conditions: Vec::new(),
        age: None,
        received: HostTime(1000.0 * at_s),
    }
}

/// A home test of every kind, one after the other, beside an ECG of half a minute.
pub fn home_tests() -> Report {
    let ecg = samples(&sinus(9, 72.0), 130.0, 34.0);
    let mut pipeline = Pipeline::new(request(TestKind::Monitor));
    pipeline.open_ecg(strap());
    pipeline.push_samples(&ecg, None);
    let pressure = [
        (Quantity::Systolic, 128.0),
        (Quantity::Diastolic, 82.0),
        (Quantity::MeanArterial, 97.0),
        (Quantity::PulseRate, 62.0),
    ];
    let weight =
        [(Quantity::BodyWeight, 72.345), (Quantity::BodyMassIndex, 23.64), (Quantity::BodyHeight, 1.75)];
    let mut all = vec![
        reading(Panel::BloodPressure, &pressure, 20.0),
        reading(Panel::BodyTemperature, &[(Quantity::BodyTemperature, 36.84)], 100.0),
        reading(Panel::Glucose, &[(Quantity::Glucose, 5.35)], 110.0),
        reading(Panel::BodyWeight, &weight, 120.0),
    ];
    all[0].conditions.push(Condition::IrregularPulse);
    for second in 0..40 {
        let saturation = 96.0 + f64::from(second % 3);
        let values = [(Quantity::OxygenSaturation, saturation), (Quantity::PulseRate, 61.4)];
        all.push(reading(Panel::PulseOximetry, &values, 40.0 + f64::from(second)));
    }
    all.iter().for_each(|reading| pipeline.push_reading(reading));
    pipeline.at(HostTime(130_400.0));
    pipeline.finish(ID)
}

/// A rested series whose mean lies beyond a limit, beside a fast heart.
pub fn rested_series() -> Report {
    let ecg = samples(&sinus(10, 168.0), 130.0, 34.0);
    let mut pipeline = Pipeline::new(request(TestKind::Monitor));
    pipeline.sit(HostTime(0.0));
    pipeline.open_ecg(strap());
    pipeline.push_samples(&ecg, None);
    for (at_s, systolic) in [(100.0, 190.0), (310.0, 188.0), (320.0, 187.0), (400.0, 181.0)] {
        let values = [(Quantity::Systolic, systolic), (Quantity::Diastolic, 101.0)];
        pipeline.push_reading(&reading(Panel::BloodPressure, &values, at_s));
    }
    pipeline.at(HostTime(405_000.0));
    pipeline.finish(ID)
}

/// Reports of many kinds, by name.
pub fn many() -> Vec<(&'static str, Report)> {
    use TestKind::{Monitor, Recording, Rest30s, Rest5min};
    let ecg = samples(&sinus(1, 72.0), 130.0, 34.0);
    let noise = samples(&EcgSynth::new(2).with(Noise::White(Level::SnrDb(-20.0))), 130.0, 34.0);
    let hum = samples(&sinus(3, 66.0).with(Noise::Mains(50.0, Level::SnrDb(-6.0))), 500.0, 30.0);
    let long = samples(&sinus(4, 64.0), 130.0, 306.0);
    let irregular = samples(&sinus(5, 90.0).rhythm(pqrst::synth::Rhythm::Irregular), 250.0, 70.0);
    let odd: Vec<f32> = ecg
        .iter()
        .enumerate()
        .map(|(i, x)| match i % 700 {
            3 => f32::NAN,
            5 => f32::INFINITY,
            7 => f32::MAX,
            9 => f32::MIN,
            _ => *x,
        })
        .collect();
    let simulated = Request { simulated: true, ..request(Rest30s) };
    let third = Request { retakes: 2, ..request(Rest30s) };
    let holes = [(&ecg[..1300], Some(100.0)), (&ecg[1300..2600], Some(113.3)), (&ecg[2600..], Some(190.0))];
    let mut rate_only = Pipeline::new(request(Rest30s));
    for second in 0..32 {
        rate_only.push_device_rate(Some(71.0), &[], HostTime(f64::from(second) * 1000.0));
    }
    let mut broken = breathing(80.0, 20.0);
    broken.push(20_000.0);
    broken.extend(breathing(80.0, 20.0));
    vec![
        ("clean", report_of(request(Rest30s), strap(), &[(&ecg, None)])),
        ("simulated", report_of(simulated, strap(), &[(&ecg, None)])),
        ("pacemaker", report_of(with_pacemaker(Rest5min), strap(), &[(&long, None)])),
        ("5 min", report_of(request(Rest5min), strap(), &[(&long, None)])),
        ("irregular", report_of(request(Monitor), recording(250.0), &[(&irregular, None)])),
        ("noise", report_of(request(Rest30s), strap(), &[(&noise, None)])),
        ("noise, third time", report_of(third, strap(), &[(&noise, None)])),
        ("hum", report_of(request(Rest30s), recording(500.0), &[(&hum, None)])),
        ("gaps", report_of(request(Rest30s), recording(130.0), &holes)),
        ("1 s", analyzed(&ecg[..130], 130.0)),
        ("one sample", analyzed(&ecg[..1], 130.0)),
        ("a strap that sent nothing", report_of(request(Rest30s), strap(), &[])),
        ("nothing", Pipeline::new(request(Monitor)).finish(ID)),
        ("NaN and infinity", report_of(request(Rest30s), strap(), &[(&odd, None)])),
        ("NaN only", report_of(request(Recording), recording(130.0), &[(&[f32::NAN; 4000], None)])),
        ("flat", report_of(request(Rest30s), strap(), &[(&[0.0; 4420], None)])),
        ("sensor", sensor(Rest5min, &breathing(68.0, 302.0))),
        ("sensor, broken off", sensor(Rest30s, &broken)),
        ("sensor without intervals", rate_only.finish(ID)),
        ("home tests", home_tests()),
        ("rested series", rested_series()),
    ]
}
