//! One pass of a stage over a signal, in the same code natively and in wasm: `cargo xtask bench`.

mod biquads;

#[cfg(target_arch = "wasm32")]
mod wasm;

use biquads::Cascade;
use pqrst::detect::Detector;
use pqrst::dsp::{FilterChain, FilterSpec};
use pqrst::pipeline::{Context, EcgSource, Pipeline, ReportId, Request, TestKind};
use pqrst::quality::Assessor;
use pqrst::signal::{DeviceClass, Lead, QualityWindow, RPeak};
use pqrst::units::Hertz;
use std::hint::black_box;

/// Samples that arrive together, as in a strap's frame.
pub const FRAME: usize = 73;

/// Rates of the signals.
pub const RATES_HZ: [f64; 3] = [130.0, 250.0, 360.0];

/// The unit: four second-order sections, several seconds in one piece.
pub const UNIT: &str = "four biquads";

/// What can be measured, the unit first. All but the unit get the signal in frames, which in wasm are copied across the
/// boundary one by one; "frames alone" is that and nothing else.
pub const STAGES: [&str; 6] = [UNIT, "frames alone", "filter chain", "detector", "assessor", "pipeline"];

/// A stage at the start of a pass.
pub struct Pass {
    stage: Stage,
}

#[allow(clippy::large_enum_variant)] // one a pass
enum Stage {
    Biquads(Cascade, Vec<f32>),
    Frames(f32),
    Filters(FilterChain, Vec<f32>),
    Detector(Detector, Vec<RPeak>),
    Assessor(Assessor, Vec<QualityWindow>),
    Pipeline(Pipeline),
}

impl Pass {
    /// A stage by its name.
    #[must_use]
    pub fn new(stage: &str, rate_hz: f64) -> Option<Self> {
        let rate = Hertz::new(rate_hz).ok()?;
        let stage = match stage {
            UNIT => Stage::Biquads(Cascade::new(rate_hz), Vec::new()),
            "frames alone" => Stage::Frames(0.0),
            "filter chain" => Stage::Filters(FilterChain::new(rate, FilterSpec::default()), Vec::new()),
            "detector" => Stage::Detector(Detector::new(rate), Vec::new()),
            "assessor" => Stage::Assessor(Assessor::new(rate), Vec::new()),
            "pipeline" => Stage::Pipeline(opened(rate)),
            _ => return None,
        };
        Some(Self { stage })
    }

    /// The next samples.
    pub fn push(&mut self, samples_uv: &[f32]) {
        match &mut self.stage {
            Stage::Biquads(cascade, out) => {
                out.clear();
                out.extend_from_slice(samples_uv);
                cascade.run(out);
                black_box(&out);
            }
            Stage::Frames(last) => *last = black_box(samples_uv).last().copied().unwrap_or(*last),
            Stage::Filters(chain, out) => {
                chain.push(samples_uv, out);
                black_box(&out);
                out.clear();
            }
            Stage::Detector(detector, peaks) => detector.push(samples_uv, peaks),
            Stage::Assessor(assessor, windows) => {
                assessor.push(samples_uv, windows);
                black_box(&windows);
                windows.clear();
            }
            Stage::Pipeline(pipeline) => {
                pipeline.push_samples(samples_uv, None);
                pipeline.drain().for_each(|event| drop(black_box(event)));
            }
        }
    }

    /// The end of the signal: the pipeline reports.
    pub fn finish(self) {
        match self.stage {
            Stage::Pipeline(mut pipeline) => drop(black_box(pipeline.finish(ReportId([0; 16])))),
            Stage::Detector(mut detector, mut peaks) => {
                detector.finish(&mut peaks);
                black_box(peaks);
            }
            Stage::Frames(last) => drop(black_box(last)),
            _ => {}
        }
    }
}

fn opened(rate: Hertz) -> Pipeline {
    let request =
        Request { test: TestKind::Rest5min, context: Context::default(), simulated: true, retakes: 0 };
    let mut pipeline = Pipeline::new(request);
    pipeline.open_ecg(EcgSource { class: DeviceClass::Recording, lead: Lead::Unknown, rate, band: None });
    pipeline
}
