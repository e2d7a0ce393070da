//! The chain of the pipeline, from samples to fiducials: detector, strip, delineator, in small pieces.

use pqrst::delineate::Delineator;
use pqrst::detect::Detector;
use pqrst::dsp::Strip;
use pqrst::signal::RPeak;
use pqrst::units::{Hertz, SamplePlace, Seconds};

/// Length of a piece.
const PIECE_S: f64 = 0.1;
/// Signal that the strip keeps: the detector's longest wait, and what the delineator needs around a beat.
const KEPT: Seconds = Seconds(5.0);

/// A beat at the moment when its waves can be looked for.
pub struct Turn<'a> {
    pub strip: &'a Strip,
    pub r: SamplePlace,
    pub before: Option<SamplePlace>,
    pub after: Option<SamplePlace>,
}

/// Calls `each` for every beat that the detector finds, in order.
pub fn beats(samples_uv: &[f32], rate: Hertz, mut each: impl FnMut(Turn<'_>)) {
    let (mut detector, mut strip) = (Detector::new(rate), Strip::new(rate, KEPT));
    let (mut peaks, mut open, mut before) = (Vec::<RPeak>::new(), Vec::<SamplePlace>::new(), None);
    let mut turn = |strip: &Strip, open: &mut Vec<SamplePlace>, end: bool| {
        while let Some(r) = open.first().copied() {
            let after = open.get(1).copied();
            if after.is_none() && !end && !strip.reaches(r, Delineator::REACH) {
                break;
            }
            each(Turn { strip, r, before, after });
            before = Some(r);
            open.remove(0);
        }
    };
    for piece in samples_uv.chunks(((PIECE_S * rate.get()) as usize).max(1)) {
        strip.push(piece);
        detector.push(piece, &mut peaks);
        open.extend(peaks.drain(..).map(|p| p.at));
        turn(&strip, &mut open, false);
    }
    detector.finish(&mut peaks);
    open.extend(peaks.drain(..).map(|p| p.at));
    turn(&strip, &mut open, true);
}
