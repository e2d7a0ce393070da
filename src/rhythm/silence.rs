//! A heart that is silent, told apart from an electrode that hears nothing.

use crate::dsp::Strip;
use crate::signal::{QualityReason, QualityWindow};
use crate::units::{nth_smallest, SamplePlace};

/// Longest window that is looked at, in samples of the strip: the assessor's are of 2 s.
const LONGEST: usize = 640;
/// The noise between the beats goes on when it stays within this factor of what is usual. Found on synthetic ECG: a
/// floating input hums tens of times louder, a flat line or a rail has none.
const FACTOR: f32 = 3.0;
/// How fast the usual noise follows.
const FOLLOW: f32 = 0.2;

/// Watches the noise between the beats, which an amplifier makes as long as a body is connected to it.
///
/// A window that is not usable because no heart is heard ([`QualityReason::LeadOff`] alone) can be both: a heart that
/// stopped and an electrode that fell off. Where the noise goes on as it was while beats were heard, the electrodes hear.
/// The noise is the median size of the second difference at 250 Hz, which beats, waves and wander do not move. A cut wire
/// that happens to be as noisy as the body was cannot be told apart.
#[derive(Debug, Clone, Default)]
pub struct SilenceWatch {
    usual: Option<f32>,
}

impl SilenceWatch {
    /// The next window in the order of time, of which the strip must hold all: whether beats that are not found in it are
    /// not there.
    pub fn hears(&mut self, strip: &Strip, window: &QualityWindow) -> bool {
        // Places beyond 2^53 are not whole any more.
        let place = |sample: u64| strip.index(SamplePlace(sample as f64)).round().clamp(-9e15, 9e15) as i64;
        let from = place(window.start.0);
        let length = place(window.start.0.saturating_add(window.length.0)).saturating_sub(from);
        let mut values = [0.0; LONGEST];
        let values = values.get_mut(..usize::try_from(length).unwrap_or(0).min(LONGEST)).unwrap_or_default();
        strip.copy(from, values);
        let noise = noise(values);
        if window.usable {
            let usual = self.usual.get_or_insert(noise);
            *usual += FOLLOW * (noise - *usual);
            return true;
        }
        let silent = window.reasons == [QualityReason::LeadOff];
        silent && self.usual.is_some_and(|usual| noise > usual / FACTOR && noise < usual * FACTOR)
    }
}

/// Median size of the second difference of each three values; 0 of fewer than three.
fn noise(values: &[f32]) -> f32 {
    let mut sizes = [0.0_f64; LONGEST / 3];
    let count = values.len() / 3;
    let sizes = sizes.get_mut(..count).unwrap_or_default();
    for (to, near) in sizes.iter_mut().zip(values.chunks_exact(3)) {
        *to = if let [a, b, c] = near { f64::from((a - 2.0 * b + c).abs()) } else { 0.0 };
    }
    nth_smallest(sizes, count / 2) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Hertz, SampleCount, SampleIndex, Seconds};

    /// What is said of four windows of 2 s: usable, then three for these reasons with this much noise.
    fn said(noise_uv: f32, reasons: &[QualityReason]) -> [bool; 4] {
        let mut strip = Strip::new(Hertz::new(250.0).unwrap(), Seconds(10.0));
        let mut state = 1_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let samples: Vec<f32> = (0..2000).map(|i| random() * if i < 500 { 10.0 } else { noise_uv }).collect();
        strip.push(&samples);
        let mut watch = SilenceWatch::default();
        core::array::from_fn(|k| {
            let usable = k == 0;
            let reasons = if usable { &[] } else { reasons };
            let window = QualityWindow {
                start: SampleIndex(500 * k as u64),
                length: SampleCount(500),
                score: 0.5,
                usable,
                reasons: reasons.iter().copied().collect(),
            };
            watch.hears(&strip, &window)
        })
    }

    #[test]
    fn noise_that_goes_on_means_that_electrodes_hear() {
        use QualityReason::{LeadOff, Mains};
        assert_eq!(said(10.0, &[LeadOff]), [true; 4]);
        assert_eq!(said(0.0, &[LeadOff]), [true, false, false, false]);
        assert_eq!(said(80.0, &[LeadOff]), [true, false, false, false]);
        assert_eq!(said(10.0, &[LeadOff, Mains]), [true, false, false, false]);
        assert_eq!(said(10.0, &[Mains]), [true, false, false, false]);
    }

    #[test]
    fn windows_of_any_place_and_length_get_an_answer() {
        let strip = Strip::new(Hertz::new(130.0).unwrap(), Seconds(10.0));
        for (start, length) in [(0, 0), (u64::MAX / 2, 10), (5, u64::MAX / 4)] {
            let window = QualityWindow {
                start: SampleIndex(start),
                length: SampleCount(length),
                score: 0.0,
                usable: false,
                reasons: core::iter::once(QualityReason::LeadOff).collect(),
            };
            assert!(!SilenceWatch::default().hears(&strip, &window));
        }
    }
}
