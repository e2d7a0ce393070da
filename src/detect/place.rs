//! Where exactly the R peak stands.

use crate::dsp::Track;
use crate::signal::RPeak;
use crate::units::{Hertz, Microvolts, SamplePlace};

/// The dominant deflection lies within this distance of the envelope's peak, in seconds.
const SEARCH_S: f64 = 0.08;
/// The baseline is measured at this distance on both sides, in seconds.
const BASELINE_S: (f64, f64) = (0.09, 0.14);
/// Width of the triangular smoothing on each side, in seconds.
const SMOOTHING_S: f64 = 0.008;

/// Finds the dominant deflection, of either sign, around `near` (a place in `raw`).
pub(super) fn locate(raw: &Track, rate: Hertz, near: f64, offset: u64) -> RPeak {
    let hz = rate.get();
    let centre = near.round() as i64;
    let reach = (SEARCH_S * hz).ceil() as i64;
    let half = ((SMOOTHING_S * hz) as i64).max(0);
    let baseline = baseline(raw, hz, centre);
    let smooth = |n: i64| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for k in -half..=half {
            let weight = (half + 1 - k.abs()) as f64;
            sum += weight * f64::from(raw.get(n + k));
            weights += weight;
        }
        sum / weights - baseline
    };
    let last = raw.end() - 1;
    let (mut best, mut height) = (centre.clamp(0, last.max(0)), 0.0_f64);
    for n in (centre - reach).max(0)..=(centre + reach).min(last) {
        let value = smooth(n);
        if value.abs() > height.abs() {
            best = n;
            height = value;
        }
    }
    let shift = vertex(smooth(best - 1).abs(), height.abs(), smooth(best + 1).abs());
    let at = offset as f64 + (best as f64 + shift).max(0.0);
    RPeak { at: SamplePlace(at), amplitude: Microvolts(height as f32), confidence: 1.0, late: false }
}

/// Mean level before and after the complex.
fn baseline(raw: &Track, hz: f64, centre: i64) -> f64 {
    let (near, far) = ((BASELINE_S.0 * hz) as i64, (BASELINE_S.1 * hz) as i64);
    let (mut sum, mut count) = (0.0, 0.0);
    for k in near..=far {
        sum += f64::from(raw.get(centre - k) + raw.get(centre + k));
        count += 2.0;
    }
    sum / count
}

/// Where the parabola through three equally spaced values has its top, relative to the middle one.
fn vertex(before: f64, middle: f64, after: f64) -> f64 {
    let bend = before - 2.0 * middle + after;
    if bend >= 0.0 {
        return 0.0;
    }
    (0.5 * (before - after) / bend).clamp(-0.5, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deflection_between_samples_is_found_with_its_sign() {
        for (hz, sign) in [(130.0, 1.0), (360.0, -1.0), (1000.0, 1.0)] {
            let mut raw = Track::new(4096);
            let peak = 0.5003;
            for i in 0..(hz as i32) {
                let off = f64::from(i) / hz - peak;
                raw.extend(
                    [(200.0 + sign * 1000.0 * (-0.5 * (off / 0.012).powi(2)).exp()) as f32].into_iter(),
                );
            }
            let r = locate(&raw, Hertz::new(hz).unwrap(), 0.47 * hz, 10_000);
            let at = (r.at.0 - 10_000.0) / hz;
            assert!((at - peak).abs() < 0.0015, "{at} s at {hz} Hz");
            assert!((f64::from(r.amplitude.0) * sign - 950.0).abs() < 60.0, "{:?}", r.amplitude);
        }
    }

    #[test]
    fn a_flat_top_has_its_vertex_in_the_middle() {
        assert_eq!(vertex(1.0, 1.0, 1.0), 0.0);
        assert_eq!(vertex(0.0, 1.0, 0.0), 0.0);
        assert!(vertex(0.0, 1.0, 0.9) > 0.3);
    }
}
