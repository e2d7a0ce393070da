//! Memory: nothing is allocated for a sample, a day's stream needs no more than its first minute, and a recording grows
//! by its rows alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use allocation_counter::measure;
use pqrst::detect::Detector;
use pqrst::dsp::{FilterChain, FilterSpec};
use pqrst::pipeline::{Context, EcgSource, Event, Pipeline, ReportId, Request, TestKind};
use pqrst::quality::Assessor;
use pqrst::signal::{DeviceClass, Lead};
use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{Hertz, Microvolts, SampleCount, Seconds};

const RATE_HZ: f64 = 130.0;
/// Samples that arrive together, as in a strap's frame.
const FRAME: usize = 73;

fn rate() -> Hertz {
    Hertz::new(RATE_HZ).unwrap()
}

/// Ten minutes with ectopic beats, hum that comes and goes, muscle, and a loose electrode.
fn ten_minutes() -> Vec<f32> {
    let between = |synth: EcgSynth, noise, from, to| synth.with_between(noise, Seconds(from), Seconds(to));
    let mut synth = EcgSynth::new(1).ectopic(0.05, 0.05).with(Noise::White(Level::Rms(Microvolts(10.0))));
    synth = between(synth, Noise::Mains(50.0, Level::Rms(Microvolts(60.0))), 60.0, 200.0);
    synth = between(synth, Noise::Muscle(Level::SnrDb(0.0)), 250.0, 280.0);
    synth = between(synth, Noise::FlatLine, 300.0, 330.0);
    synth = between(synth, Noise::ElectrodeMotion(Level::SnrDb(-6.0)), 400.0, 460.0);
    synth.render(rate(), Seconds(600.0)).samples_uv
}

/// A stage that takes samples; gives how many items came out.
trait Stage {
    const NAME: &'static str;
    fn push(&mut self, samples_uv: &[f32]) -> usize;
    fn skip(&mut self);
}

struct Filters(FilterChain, Vec<f32>);
struct Beats(Detector, Vec<pqrst::signal::RPeak>);
struct Windows(Assessor, Vec<pqrst::signal::QualityWindow>);

macro_rules! stage {
    ($name:ident) => {
        impl Stage for $name {
            const NAME: &'static str = stringify!($name);
            fn push(&mut self, samples_uv: &[f32]) -> usize {
                self.1.clear();
                self.0.push(samples_uv, &mut self.1);
                self.1.len()
            }
            fn skip(&mut self) {
                self.1.clear();
                self.0.skip(SampleCount(100), &mut self.1);
            }
        }
    };
}
stage!(Filters);
stage!(Beats);
stage!(Windows);

fn filters() -> Filters {
    Filters(FilterChain::new(rate(), FilterSpec::default()), Vec::with_capacity(4096))
}

fn beats() -> Beats {
    Beats(Detector::new(rate()), Vec::with_capacity(4096))
}

fn windows() -> Windows {
    Windows(Assessor::new(rate()), Vec::with_capacity(4096))
}

/// Allocations after construction over ten minutes with a gap, and the items that came out.
fn allocations<S: Stage>(mut stage: S, ecg: &[f32]) -> (u64, usize) {
    let mut items = 0;
    let info = measure(|| {
        for (number, frame) in ecg.chunks(FRAME).enumerate() {
            items += stage.push(frame);
            if number == 500 {
                stage.skip();
            }
        }
    });
    println!("{}: {} allocations for {} samples, {items} items", S::NAME, info.count_total, ecg.len());
    (info.count_total, items)
}

#[test]
fn nothing_is_allocated_for_a_sample() {
    let ecg = ten_minutes();
    assert_eq!(allocations(filters(), &ecg).0, 0);
    assert_eq!(allocations(beats(), &ecg).0, 0);
    // A window that leaves may own its reasons.
    let (count, judged) = allocations(windows(), &ecg);
    assert!(count <= judged as u64, "{count} for {judged} windows");
}

/// Bytes that a stage holds more after a day than after its first minute.
fn growth_over_a_day<S: Stage>(mut stage: S, ecg: &[f32]) -> i64 {
    let minute = ecg.len() / 10;
    for frame in ecg[..minute].chunks(FRAME) {
        stage.push(frame);
    }
    let info = measure(|| {
        for frame in ecg.chunks(FRAME).cycle().take(144 * ecg.len().div_ceil(FRAME)) {
            stage.push(frame);
        }
    });
    info.bytes_current
}

#[test]
fn a_day_needs_no_more_memory_than_a_minute() {
    let ecg = ten_minutes();
    // What the last call left in the caller's own list is no memory of the stage: at most one window's reasons.
    let a_window = 64;
    assert_eq!(growth_over_a_day(filters(), &ecg), 0);
    assert_eq!(growth_over_a_day(beats(), &ecg), 0);
    assert!(growth_over_a_day(windows(), &ecg).abs() <= a_window);
}

#[test]
fn a_recording_grows_by_its_rows_and_drained_events_do_not_pile_up() {
    let ecg = ten_minutes();
    let request =
        Request { test: TestKind::Monitor, context: Context::default(), simulated: true, retakes: 0 };
    let mut pipeline = Pipeline::new(request);
    pipeline.open_ecg(EcgSource {
        class: DeviceClass::Recording,
        lead: Lead::Unknown,
        rate: rate(),
        band: None,
    });
    let mut found = 0;
    let mut hour = |pipeline: &mut Pipeline| {
        for _ in 0..6 {
            for frame in ecg.chunks(FRAME) {
                pipeline.push_samples(frame, None);
                found += pipeline.drain().filter(|event| matches!(event, Event::Beat { .. })).count();
            }
        }
    };
    let first = measure(|| hour(&mut pipeline)).bytes_current;
    let more = measure(|| (0..3).for_each(|_| hour(&mut pipeline))).bytes_current;
    let report = pipeline.finish(ReportId([0; 16]));
    let (beats, windows) = (report.beats.len(), report.quality.len());
    let per_beat = (first + more) as f64 / beats as f64;
    println!(
        "4 h: {beats} beats, {windows} windows, {} kB: {per_beat:.0} bytes a beat",
        (first + more) / 1000
    );
    assert!(found.abs_diff(beats) < 10, "events of {found} beats, rows of {beats}");
    // A beat, its interval, and its share of the windows; lists grow by doubling.
    assert!(per_beat < 400.0 && (more as f64) < 5.0 * first as f64, "{first} and then {more} bytes");
}
