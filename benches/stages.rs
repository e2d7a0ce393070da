//! Cost of each stage for a second of ECG at 130 Hz, and in parts of a pass through four biquads: `cargo bench`.

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use pqrst::detect::Detector;
use pqrst::dsp::{FilterChain, FilterSpec, Section};
use pqrst::pipeline::{Context, EcgSource, Pipeline, ReportId, Request, TestKind};
use pqrst::quality::Assessor;
use pqrst::signal::{DeviceClass, Lead};
use pqrst::synth::EcgSynth;
use pqrst::units::{Hertz, Seconds};
use std::hint::black_box;
use std::time::Instant;

const RATE_HZ: f64 = 130.0;
const LENGTH: Seconds = Seconds(300.0);
/// Samples that arrive together, as in a strap's frame.
const FRAME: usize = 73;

fn biquads(samples: &[f32], rate: Hertz) {
    let Some(section) = Section::low_pass(rate.get(), 40.0) else { return };
    let mut sections = [section; 4];
    for x in samples {
        black_box(sections.iter_mut().fold(f64::from(*x), |y, section| section.run(y)));
    }
}

fn filters(samples: &[f32], rate: Hertz) {
    let mut chain = FilterChain::new(rate, FilterSpec::default());
    let mut out = Vec::new();
    for frame in samples.chunks(FRAME) {
        chain.push(frame, &mut out);
        out.clear();
    }
}

fn detector(samples: &[f32], rate: Hertz) {
    let mut detector = Detector::new(rate);
    let mut peaks = Vec::new();
    samples.chunks(FRAME).for_each(|frame| detector.push(frame, &mut peaks));
    black_box(peaks);
}

fn assessor(samples: &[f32], rate: Hertz) {
    let mut assessor = Assessor::new(rate);
    let mut windows = Vec::new();
    samples.chunks(FRAME).for_each(|frame| assessor.push(frame, &mut windows));
    black_box(windows);
}

fn pipeline(samples: &[f32], rate: Hertz) {
    let request =
        Request { test: TestKind::Rest5min, context: Context::default(), simulated: true, retakes: 0 };
    let mut pipeline = Pipeline::new(request);
    pipeline.open_ecg(EcgSource { class: DeviceClass::Recording, lead: Lead::Unknown, rate, band: None });
    for frame in samples.chunks(FRAME) {
        pipeline.push_samples(frame, None);
        pipeline.drain().for_each(|event| drop(black_box(event)));
    }
    black_box(pipeline.finish(ReportId([0; 16])));
}

type Stage = (&'static str, fn(&[f32], Hertz));

const STAGES: &[Stage] = &[
    ("four biquads", biquads),
    ("filter chain", filters),
    ("detector", detector),
    ("assessor", assessor),
    ("pipeline", pipeline),
];

fn stages(criterion: &mut Criterion) {
    let Ok(rate) = Hertz::new(RATE_HZ) else { return };
    let samples = EcgSynth::new(1).ectopic(0.05, 0.05).render(rate, LENGTH).samples_uv;
    let mut group = criterion.benchmark_group("stages");
    group.sample_size(10).throughput(Throughput::Elements(samples.len() as u64));
    for (name, stage) in STAGES {
        group.bench_function(*name, |bencher| bencher.iter(|| stage(black_box(&samples), rate)));
    }
    group.finish();
    // The best of ten: what else runs on the machine only adds.
    let best = |stage: fn(&[f32], Hertz)| {
        let once = || {
            let started = Instant::now();
            stage(black_box(&samples), rate);
            started.elapsed().as_secs_f64() * 1e9 / samples.len() as f64
        };
        (0..10).map(|_| once()).fold(f64::INFINITY, f64::min)
    };
    let unit = best(biquads);
    for (name, stage) in STAGES {
        let ns = best(*stage);
        println!("{name:14} {ns:7.1} ns a sample = {:5.1} times four biquads", ns / unit);
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
