//! Change of sampling rate.

/// Zero crossings of the kernel on each side.
const CROSSINGS: f64 = 16.0;
/// Kaiser parameter: about 80 dB stop band.
const KAISER_BETA: f64 = 8.0;
/// The band that survives, in parts of half the lower rate.
const BAND: f64 = 0.92;
/// Table entries for each zero crossing, interpolated linearly between.
const TABLE_STEPS: f64 = 512.0;

/// The same signal at another rate, by a windowed sinc (Kaiser), band-limited to the lower of the two rates.
/// Sample 0 stays at time 0; the output covers the time of the input. Outside its ends the input is taken to
/// go on at the value of the end. Values that are not finite count as the last finite one before.
///
/// Empty when a rate is not a positive number or when the rates differ by a factor of more than 1000.
#[must_use]
pub fn resample(samples: &[f32], from_hz: f64, to_hz: f64) -> Vec<f32> {
    let ratio = to_hz / from_hz;
    if samples.is_empty() || !(1e-3..=1e3).contains(&ratio) || from_hz <= 0.0 {
        return Vec::new();
    }
    let clean = hold_gaps(samples);
    let table = kernel();
    // In input samples: distance of two zero crossings, and reach of the kernel.
    let crossing = 1.0 / (ratio.min(1.0) * BAND);
    let reach = CROSSINGS * crossing;
    let length = ((samples.len() - 1) as f64 * ratio).floor() as usize + 1;
    let mut out = Vec::with_capacity(length);
    for i in 0..length {
        let centre = i as f64 / ratio;
        let (first, last) = ((centre - reach).ceil() as i64, (centre + reach).floor() as i64);
        let (mut sum, mut weights) = (0.0, 0.0);
        for j in first..=last {
            let inside = j.clamp(0, clean.len() as i64 - 1) as usize;
            let at = (j as f64 - centre).abs() / crossing * TABLE_STEPS;
            let (low, part) = (at as usize, at.fract());
            let a = table.get(low).copied().unwrap_or(0.0);
            let b = table.get(low + 1).copied().unwrap_or(0.0);
            let weight = a + (b - a) * part;
            sum += weight * clean.get(inside).copied().unwrap_or(0.0);
            weights += weight;
        }
        out.push((sum / weights) as f32);
    }
    out
}

fn hold_gaps(samples: &[f32]) -> Vec<f64> {
    let mut held = f64::from(samples.iter().copied().find(|x| x.is_finite()).unwrap_or(0.0));
    samples
        .iter()
        .map(|x| {
            if x.is_finite() {
                held = f64::from(*x);
            }
            held
        })
        .collect()
}

/// One side of the kernel, from its centre to its end.
fn kernel() -> Vec<f64> {
    let steps = (CROSSINGS * TABLE_STEPS) as usize;
    let scale = bessel_i0(KAISER_BETA);
    (0..=steps)
        .map(|i| {
            let x = i as f64 / TABLE_STEPS;
            let edge = x / CROSSINGS;
            let window = bessel_i0(KAISER_BETA * (1.0 - edge * edge).max(0.0).sqrt()) / scale;
            let angle = core::f64::consts::PI * x;
            let sinc = if i == 0 { 1.0 } else { angle.sin() / angle };
            sinc * window
        })
        .collect()
}

/// Modified Bessel function of order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..40 {
        term *= quarter / f64::from(k * k);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::TAU;

    fn sine(hz: f64, rate: f64, n: u32) -> Vec<f32> {
        (0..n).map(|i| (TAU * hz * f64::from(i) / rate).sin() as f32).collect()
    }

    #[test]
    fn what_lies_in_the_band_keeps_shape_and_place() {
        for (from, to) in [(360.0, 130.0), (130.34, 500.0), (250.0, 250.0), (360.0, 125.0)] {
            let y = resample(&sine(10.0, from, 4000), from, to);
            let expected = sine(10.0, to, y.len() as u32);
            let inner = 100..y.len() - 100;
            let pairs = y[inner.clone()].iter().zip(&expected[inner]);
            let worst = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 2e-3, "{from} -> {to}: {worst}");
            assert!((y.len() as f64 / to - 4000.0 / from).abs() < 2.0 / to + 1.0 / from);
        }
    }

    #[test]
    fn what_the_new_rate_cannot_hold_is_removed() {
        let y = resample(&sine(90.0, 360.0, 4000), 360.0, 130.0);
        let worst = y[100..y.len() - 100].iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        assert!(worst < 2e-3, "{worst}");
    }

    #[test]
    fn odd_input_gives_numbers_or_nothing() {
        assert!(resample(&[], 360.0, 130.0).is_empty());
        assert!(resample(&[1.0], f64::NAN, 130.0).is_empty());
        assert!(resample(&[1.0], -360.0, -130.0).is_empty());
        assert_eq!(resample(&[f32::NAN, 3.0, f32::INFINITY], 100.0, 100.0), [3.0; 3]);
    }
}
