//! The rules that turn the facts of a window into a score and reasons.

use super::evidence::Evidence;
use super::raw::RawFacts;
use crate::signal::{QualityReason, QualityReasons};

/// Share of a window that may be lost before the window is.
const LOST_SHARE: f64 = 1.0 / 3.0;
/// Share of the samples that may stand at a rail: a clipped QRS complex a second stays above it.
const RAIL_SHARE: f64 = 0.02;
/// A window whose range stays below this (in microvolts), or below this share of the beats, is flat.
const FLAT_UV: f64 = 2.0;
const FLAT_SHARE: f64 = 0.01;
/// Silence between two beats that a heart in a resting patient does not keep, in seconds.
const FLAT_SILENCE_S: f64 = 3.0;
const SILENCE_S: f64 = 5.0;
/// Peak to peak (in microvolts, 2 to 22 Hz) below which nothing that could be a heart arrives.
const NO_SIGNAL_UV: f64 = 40.0;
/// Amplitude of the hum over the height of the beats in the QRS band from which it covers P and T.
const HUM_SHARE: f64 = 0.5;
/// Mean magnitude above 25 Hz over the height of the beats from which muscle activity covers P and T.
const HIGH_SHARE: f64 = 0.4;
/// Least share of a neighbourhood's deflections that have a twin.
const ALIKE_NEAR: f64 = 0.5;
/// Height of a beat over the floor between the beats, below which beats cannot be told from the floor.
const STAND_OUT: f64 = 3.0;
/// Least likeness of the neighbourhood to an ECG: between the MIT-BIH noise recordings and the ECG of the
/// MIT-BIH and QT databases, each as recorded and through a strap's high-pass of 0.7 Hz. Cross-validated by
/// record through that high-pass, the harder case: chosen on a random half of the records and one half of the
/// noise (middle of the range in which 98.5 % of the half minutes pass and no noise keeps more than 60 % of
/// its windows), six times both ways, it came out between 4.6 and 5.7; of the other half 96.2 to 99.9 %
/// passed, and no noise kept more than 73 % of its windows. A verdict needs 80 %.
const LIKENESS: f64 = 5.0;
/// From this likeness on, beats may stand out less: fast hearts with tall T waves leave no floor to see.
const CERTAIN: f64 = 6.5;
/// Excursion of the baseline in a window over the height of the beats.
const WANDER_SHARE: f64 = 12.0;
/// Share of the drift, and of the hum, below which a signal in the heart's band is their remnant.
const FLOATING_DRIFT: f64 = 0.02;
const FLOATING_HUM: f64 = 0.1;
/// A constant level beyond this (in microvolts) is taken for a rail.
const RAIL_LEVEL_UV: f64 = 4_500.0;

/// All that is known about one window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WindowFacts {
    /// From the raw samples.
    pub raw: RawFacts,
    /// Amplitude of 50 or 60 Hz, in microvolts.
    pub hum: f64,
    /// Mean magnitude above 25 Hz without the hum, in microvolts.
    pub high: f64,
    /// Width of that band, in hertz.
    pub high_width: f64,
    /// Excursion of the baseline, in microvolts.
    pub wander: f64,
    /// Excursion of the baseline above 0.7 Hz, in microvolts.
    pub swing: f64,
    /// Samples during which the device said that it has no contact.
    pub contact_lost: usize,
    /// Extremes of the record so far, in microvolts.
    pub record: (f64, f64),
}

/// The judgement: a score from 0 to 1, and reasons, the strongest first; usable when there is none.
pub(super) fn judge(facts: &WindowFacts, beats: &Evidence) -> (f32, QualityReasons) {
    let mut reasons = QualityReasons::new();
    missing(facts, &mut reasons);
    flat_or_railed(facts, beats, &mut reasons);
    if reasons.is_empty() {
        covered(facts, beats, &mut reasons);
    }
    let score = score(facts, beats);
    if reasons.is_empty() {
        (0.5 + 0.5 * score, reasons)
    } else {
        (0.5 * score * 0.99, reasons)
    }
}

fn missing(facts: &WindowFacts, reasons: &mut QualityReasons) {
    let total = (facts.raw.received + facts.raw.lost) as f64;
    if facts.raw.lost as f64 >= LOST_SHARE * total {
        reasons.push(QualityReason::TransportGap);
    }
    if facts.contact_lost as f64 > 0.5 * total {
        reasons.push(QualityReason::LeadOff);
    }
}

fn flat_or_railed(facts: &WindowFacts, beats: &Evidence, reasons: &mut QualityReasons) {
    let raw = &facts.raw;
    if raw.received == 0 || reasons.contains(&QualityReason::LeadOff) {
        return;
    }
    let range = raw.range();
    let flat = range <= FLAT_UV.max(FLAT_SHARE * beats.height) && beats.silence_s > FLAT_SILENCE_S;
    if flat {
        if at_extreme(facts) {
            reasons.push(QualityReason::Saturation);
        }
        reasons.push(QualityReason::LeadOff);
    } else if raw.at_rail as f64 >= RAIL_SHARE * raw.received as f64 {
        reasons.push(QualityReason::Saturation);
    }
}

/// A flat line where the record has its extreme, away from zero, is an amplifier at its limit.
fn at_extreme(facts: &WindowFacts) -> bool {
    let (low, high) = facts.record;
    let level = facts.raw.high;
    if level == 0.0 {
        return false;
    }
    let range = high - low;
    let extreme = level >= high - 0.005 * range || facts.raw.low <= low + 0.005 * range;
    extreme && (range > FLAT_UV || level.abs() >= RAIL_LEVEL_UV)
}

fn covered(facts: &WindowFacts, beats: &Evidence, reasons: &mut QualityReasons) {
    if facts.raw.received == 0 {
        return;
    }
    // Muscle activity reaches 50 and 60 Hz as well, but spreads beyond.
    let hum = facts.hum >= (HUM_SHARE * beats.height).max(NO_SIGNAL_UV / 2.0).max(facts.high);
    let silent = beats.silence_s > SILENCE_S && beats.inside_alike == 0;
    let seen = has_beats(beats);
    if floating(facts, beats, hum) {
        reasons.push(QualityReason::LeadOff);
        if hum {
            reasons.push(QualityReason::Mains);
        }
    } else if hum && seen {
        reasons.push(QualityReason::Mains);
    } else if !seen || silent {
        let quiet = silent && beats.top < 0.1 * beats.height;
        if beats.shape_range < NO_SIGNAL_UV || quiet {
            reasons.push(QualityReason::LeadOff);
        }
        if hum {
            reasons.push(QualityReason::Mains);
        }
        if reasons.is_empty() {
            reasons.push(if is_white(facts, beats) { QualityReason::Noise } else { QualityReason::Motion });
        }
    } else if disturbed(facts, beats) || !looks_like_ecg(beats) {
        reasons.push(QualityReason::Motion);
    }
}

/// A loose electrode: what is left in the heart's band is small against the drift and the hum it picks up.
/// Four times the height is about the peak to peak of a beat; a slow heart may have none in the window.
fn floating(facts: &WindowFacts, beats: &Evidence, hum: bool) -> bool {
    let heart = beats.shape_range.max(4.0 * beats.height);
    heart < FLOATING_DRIFT * facts.wander || (hum && heart < FLOATING_HUM * facts.hum)
}

/// As much power a hertz between 6 and 22 Hz as above 25 Hz, or nearly; muscle activity has far
/// less below, motion far more.
fn is_white(facts: &WindowFacts, beats: &Evidence) -> bool {
    // The floor of Gaussian noise lies at three quarters of its root mean square, the mean magnitude at 0.8.
    let below = (beats.floor / 0.75).powi(2) / 16.0;
    let above = (facts.high / 0.8).powi(2) / facts.high_width.max(1.0);
    (1.6..2.4).contains(&facts.raw.roughness) && below > 0.75 * above
}

fn has_beats(beats: &Evidence) -> bool {
    beats.near_alike >= 2 && beats.near_alike as f64 >= ALIKE_NEAR * beats.near as f64
}

/// Bumps that resemble one another are no beats yet.
fn looks_like_ecg(beats: &Evidence) -> bool {
    beats.likeness >= LIKENESS
}

fn disturbed(facts: &WindowFacts, beats: &Evidence) -> bool {
    let strange = beats.inside >= 1 && (beats.inside_alike as f64) < 0.5 * beats.inside as f64;
    let tense = facts.high > HIGH_SHARE * beats.height;
    let low = beats.floor * STAND_OUT > beats.height && beats.likeness < CERTAIN;
    strange || tense || low || facts.wander > WANDER_SHARE * beats.height
}

fn score(facts: &WindowFacts, beats: &Evidence) -> f32 {
    let total = (facts.raw.received + facts.raw.lost).max(1) as f64;
    let stand_out = if beats.floor > 0.0 { beats.height / beats.floor } else { 0.0 };
    let clear = ((stand_out - 1.0) / 9.0).clamp(0.0, 1.0);
    let received = facts.raw.received as f64 / total;
    (beats.resemblance.clamp(0.0, 1.0) * clear.sqrt() * received) as f32
}
