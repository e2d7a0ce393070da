//! Recordings of CinC 2017, heard by detector, quality and observer as in the pipeline.

use super::strangers::Strangers;
use crate::af::series::{cinc_labels, cinc_lead, CINC_LABELS};
use crate::heard;
use crate::records;
use pqrst::beats::Classifier;
use pqrst::delineate::Delineator;
use pqrst::detect::Detector;
use pqrst::quality::{Assessor, Doubts};
use pqrst::rhythm::{Label, NoLabel, ObservedBeat, Observer, LABEL_FEATURES};
use pqrst::signal::{BeatClass, QualityWindow};
use pqrst::units::{Hertz, Seconds};
use std::path::Path;

/// A recording with what was heard of it.
pub struct Recording {
    /// Index in `RhythmLabel::ALL`.
    pub truth: usize,
    pub features: [f32; LABEL_FEATURES],
    /// By the model in use.
    pub label: Result<Label, NoLabel>,
    /// Whether a beat in a usable window is called V, and S.
    pub called: [bool; 2],
}

/// All labelled recordings, heard by the models in use or by such as do not know the recording.
pub fn load(data: &Path, strangers: Option<&Strangers>) -> Result<Vec<Recording>, String> {
    let folder = data.join("cinc2017");
    let files = records::unpacked(&folder, "training2017_even.tar.xz")?;
    let mut all = Vec::new();
    for (name, label) in cinc_labels(&folder)? {
        let lead = cinc_lead(&files, &name)?;
        let models = strangers.map_or_else(|| (Delineator::new(), Classifier::new()), |s| s.of(&name));
        let (mut observer, called) = observed(models, &lead.samples_uv, lead.rate);
        let features = observer.features();
        let truth = CINC_LABELS.iter().position(|(l, _)| *l == label).ok_or("an unknown label")?;
        all.push(Recording { truth, features, label: observer.finish(), called });
    }
    Ok(all)
}

/// An observer that has heard a whole recording of at most one stretch, and whether a beat in a usable window is called
/// V, and S.
fn observed(models: (Delineator, Classifier), samples_uv: &[f32], rate: Hertz) -> (Observer, [bool; 2]) {
    let mut observer = Observer::new();
    let (mut detector, mut assessor) = (Detector::new(rate), Assessor::new(rate));
    let mut doubts = Doubts::new(rate);
    let strip = heard::strip(samples_uv, rate);
    let (mut peaks, mut windows) = (Vec::new(), Vec::new());
    for part in samples_uv.chunks(256) {
        detector.push(part, &mut peaks);
        detector.doubts().for_each(|d| doubts.push(d));
        assessor.push(part, &mut windows);
    }
    detector.finish(&mut peaks);
    detector.doubts().for_each(|d| doubts.push(d));
    assessor.finish(&mut windows);
    let windows: Vec<QualityWindow> = windows.into_iter().map(|w| doubts.weigh(w)).collect();
    let usable = |at: f64| {
        windows.iter().any(|w| w.usable && (w.start.0 as f64..(w.start + w.length).0 as f64).contains(&at))
    };
    let mut called = [false; 2];
    let time = |sample: f64| Seconds(sample / rate.get());
    for beat in heard::classified_by(models, &strip, &peaks) {
        let (r, class, chances, fiducials) = (beat.r, beat.class, beat.chances, Some(beat.fiducials));
        for (called, ectopic) in called.iter_mut().zip([BeatClass::V, BeatClass::S]) {
            *called |= class == ectopic && usable(r.at.0);
        }
        observer.beat(&strip, &ObservedBeat { r, time: time(r.at.0), class, chances, fiducials });
    }
    for window in &windows {
        let start = window.start.0 as f64;
        observer.window(window, time(start), time(start + window.length.0 as f64));
    }
    (observer, called)
}
