//! The detector's front end: any rate in, one fixed rate out.

use super::pulses::Pulses;
use crate::dsp::Track;
use crate::units::Hertz;

/// The rate at which features are computed: 8 ms resolve a QRS complex, whose energy lies below 40 Hz.
pub(super) const FEATURE_HZ: f64 = 125.0;

/// Length of a number of feature samples, in seconds.
pub(super) fn seconds(feature_samples: i64) -> f64 {
    feature_samples as f64 / FEATURE_HZ
}

/// A feature sample is the mean of the signal over this much time on each side of it, in seconds: 3 dB less at
/// 37 Hz, nothing at 83 Hz, 9 dB less of a hum of 60 Hz.
const HALF_S: f64 = 0.006;
/// Largest magnitude taken at face value: 10 V in microvolts.
const LARGEST_UV: f32 = 1e7;
/// Most samples that are taken at once.
pub(super) const BLOCK: usize = 256;

/// Holds missing samples, keeps the recent past at the original rate, and hands on the signal at [`FEATURE_HZ`].
///
/// A feature sample is the mean of the straight lines between the samples, worked out from the running integral: one
/// addition for a sample whatever the rate, and no delay but the wait for what it averages.
pub(super) struct Front {
    pulses: Pulses,
    /// Samples without pulses.
    clean: Vec<f32>,
    step: f64,
    half: f64,
    origin: Option<f32>,
    held: f32,
    produced: i64,
    /// The signal as it came, offset removed.
    pub(super) raw: Track,
    /// Integral up to each sample held, in steps of the samples' distance; it starts anew with what it is needed for.
    integral: Vec<f64>,
    /// Place of the first integral.
    base: i64,
}

impl Front {
    pub(super) fn new(rate: Hertz, keep_s: f64) -> Self {
        let hz = rate.get();
        Self {
            pulses: Pulses::new(rate),
            clean: Vec::with_capacity(4 * BLOCK),
            step: hz / FEATURE_HZ,
            half: HALF_S * hz,
            origin: None,
            held: 0.0,
            produced: 0,
            raw: Track::new((keep_s * hz) as usize + BLOCK),
            integral: Vec::with_capacity(2 * BLOCK),
            base: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.raw.clear();
        self.integral.clear();
        self.base = 0;
        self.origin = None;
        self.held = 0.0;
        self.produced = 0;
    }

    /// Samples taken since the start of the segment.
    pub(super) fn samples(&self) -> i64 {
        self.raw.end()
    }

    /// How much later than its input the signal comes out, in seconds.
    pub(super) fn delay_s(&self) -> f64 {
        HALF_S + 1.0 / (self.step * FEATURE_HZ)
    }

    /// Place at the original rate, since the start of the segment, of a place at the feature rate.
    pub(super) fn original_place(&self, feature_place: f64) -> f64 {
        feature_place * self.step
    }

    /// Takes at most [`BLOCK`] samples in microvolts; `each` gets every feature sample that they complete.
    pub(super) fn push(&mut self, samples_uv: &[f32], each: impl FnMut(f32)) {
        let mut clean = core::mem::take(&mut self.clean);
        self.pulses.push(samples_uv, &mut clean);
        self.hear(clean, each);
    }

    /// No sample follows directly: lets go of those that wait.
    pub(super) fn finish(&mut self, each: impl FnMut(f32)) {
        let mut clean = core::mem::take(&mut self.clean);
        self.pulses.finish(&mut clean);
        self.hear(clean, each);
    }

    fn hear(&mut self, mut clean: Vec<f32>, mut each: impl FnMut(f32)) {
        clean.chunks(BLOCK).for_each(|part| self.average(part, &mut each));
        clean.clear();
        self.clean = clean;
    }

    fn average(&mut self, samples_uv: &[f32], each: &mut impl FnMut(f32)) {
        self.raw.make_room(samples_uv.len());
        // What no feature sample needs any more.
        let oldest = (self.produced as f64 * self.step - self.half) as i64 - 2;
        let old = (oldest - self.base).clamp(0, self.integral.len().saturating_sub(1) as i64);
        self.integral.drain(..old as usize);
        self.base += old;
        let first = self.samples();
        let mut before = self.held;
        let (held, origin) = (&mut self.held, &mut self.origin);
        self.raw.extend(samples_uv.iter().map(|sample| {
            if sample.is_finite() {
                let x = sample.clamp(-LARGEST_UV, LARGEST_UV);
                *held = x - *origin.get_or_insert(x);
            }
            *held
        }));
        let mut integral = self.integral.last().copied().unwrap_or(0.0);
        self.integral.extend(self.raw.from(first).iter().map(|x| {
            integral += f64::from(before + x) * 0.5;
            before = *x;
            integral
        }));
        let last = (self.samples() - 1) as f64;
        loop {
            let at = self.produced as f64 * self.step;
            if at + self.half > last {
                break;
            }
            each(((self.up_to(at + self.half) - self.up_to(at - self.half)) / (2.0 * self.half)) as f32);
            self.produced += 1;
        }
    }

    /// The integral up to a place between samples.
    fn up_to(&self, place: f64) -> f64 {
        if place <= 0.0 {
            return 0.0;
        }
        let whole = place as i64;
        let part = place - whole as f64;
        let [a, b] = self.raw.from(whole).first_chunk::<2>().map_or([0.0; 2], |pair| pair.map(f64::from));
        let start = self.integral.get((whole - self.base).max(0) as usize).copied().unwrap_or(0.0);
        start + part * (a + 0.5 * part * (b - a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(front: &mut Front, samples: &[f32], out: &mut Vec<f32>) {
        samples.chunks(BLOCK).for_each(|part| front.push(part, |y| out.push(y)));
    }

    #[test]
    fn a_bump_keeps_its_place_and_an_offset_is_gone_at_every_rate() {
        for hz in [50.0, 99.9, 130.34, 360.0, 2000.0] {
            let mut front = Front::new(Hertz::new(hz).unwrap(), 1.0);
            // A bump of QRS width at 1 s.
            let bump = |i: i32| 900.0 * (-0.5 * ((f64::from(i) / hz - 1.0) / 0.015).powi(2)).exp();
            let samples: Vec<f32> = (0..(2.0 * hz) as i32).map(|i| 7000.0 + bump(i) as f32).collect();
            let mut out = Vec::new();
            push(&mut front, &samples, &mut out);
            assert!(out[0].abs() < 1e-6);
            let top = out.iter().enumerate().max_by(|a, b| f32::total_cmp(a.1, b.1)).unwrap().0;
            let place = front.original_place(top as f64) / hz;
            assert!((place - 1.0).abs() < 0.012, "{place} s at {hz} Hz");
            assert!((out.len() as f64 / FEATURE_HZ - 2.0).abs() < 0.1);
            let size = if hz > 90.0 { 650.0..900.0 } else { 400.0..900.0 };
            assert!(size.contains(&out[top]), "{} at {hz} Hz", out[top]);
        }
    }

    #[test]
    fn missing_samples_are_held() {
        let mut front = Front::new(Hertz::new(125.0).unwrap(), 1.0);
        let mut out = Vec::new();
        push(&mut front, &[f32::NAN, 5.0, 8.0, f32::INFINITY, f32::MAX], &mut out);
        assert!(out.iter().all(|y| y.is_finite()));
        assert_eq!([0, 1, 2, 3].map(|i| front.raw.get(i)), [0.0, 0.0, 3.0, 3.0]);
        assert_eq!(front.raw.get(4), 1e7 - 5.0);
    }

    #[test]
    fn pieces_do_not_matter() {
        let samples: Vec<f32> = (0..5000_i32).map(|i| ((i * i) % 977) as f32).collect();
        let (mut whole, mut single) = (Vec::new(), Vec::new());
        push(&mut Front::new(Hertz::new(360.0).unwrap(), 1.0), &samples, &mut whole);
        let mut front = Front::new(Hertz::new(360.0).unwrap(), 1.0);
        samples.iter().for_each(|x| front.push(&[*x], |y| single.push(y)));
        assert_eq!(whole, single);
    }
}
