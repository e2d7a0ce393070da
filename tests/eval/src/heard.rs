//! Beats of a whole signal with their waves and classes, by the floors of the pipeline.

use pqrst::beats::{Classifier, Sighting};
use pqrst::delineate::Delineator;
use pqrst::detect::Detector;
use pqrst::dsp::Strip;
use pqrst::signal::{BeatClass, Fiducials, RPeak};
use pqrst::units::{Hertz, Seconds};

/// A beat with what is known of it.
pub struct HeardBeat {
    pub r: RPeak,
    pub fiducials: Fiducials,
    pub class: BeatClass,
    /// Probabilities of N, S, V and F.
    pub chances: [f32; 4],
}

/// The signal as the floors above see it, all of it at once.
pub fn strip(samples_uv: &[f32], rate: Hertz) -> Strip {
    let mut strip = Strip::new(rate, Seconds(samples_uv.len() as f64 / rate.get() + 1.0));
    strip.push(samples_uv);
    strip
}

/// All beats.
pub fn beats(samples_uv: &[f32], rate: Hertz) -> Vec<HeardBeat> {
    let (mut detector, mut peaks) = (Detector::new(rate), Vec::new());
    detector.push(samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    classified(&strip(samples_uv, rate), &peaks)
}

/// The beat of the peak at `index` with its waves; peaks must be asked for in order.
pub fn sighting(delineator: &mut Delineator, strip: &Strip, peaks: &[RPeak], index: usize) -> Sighting {
    let place = |i: usize| peaks.get(i).map(|peak| peak.at);
    let r = peaks[index];
    let fiducials = delineator.beat(strip, r.at, index.checked_sub(1).and_then(place), place(index + 1));
    Sighting { r, fiducials }
}

/// The beats of these peaks.
pub fn classified(strip: &Strip, peaks: &[RPeak]) -> Vec<HeardBeat> {
    classified_by((Delineator::new(), Classifier::new()), strip, peaks)
}

/// The same by other models.
pub fn classified_by(
    (mut delineator, mut classifier): (Delineator, Classifier),
    strip: &Strip,
    peaks: &[RPeak],
) -> Vec<HeardBeat> {
    let (mut waves, mut classes) = (Vec::new(), Vec::new());
    for i in 0..peaks.len() {
        let sighting = sighting(&mut delineator, strip, peaks, i);
        waves.push((sighting.r, sighting.fiducials));
        classifier.beat(strip, sighting, &mut classes);
    }
    classifier.flush(&mut classes);
    let beat = |((r, fiducials), told): ((RPeak, Fiducials), pqrst::beats::Classified)| HeardBeat {
        r,
        fiducials,
        class: told.class,
        chances: told.chances,
    };
    waves.into_iter().zip(classes).map(beat).collect()
}
