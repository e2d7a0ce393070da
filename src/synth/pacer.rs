//! Pulses of a pacemaker as a recorder samples them.

use crate::units::{Hertz, Microvolts, Milliseconds, Seconds};
use core::f64::consts::PI;

/// Corner of the recorder's anti-alias filter, in parts of the sampling rate.
const CORNER: f64 = 0.35;

/// When a pacemaker fires.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum PacerTiming {
    /// So long before the R wave of each beat.
    BeforeBeats(Milliseconds),
    /// At its own pace, whatever the heart does; the first pulse comes after half an interval.
    Every(Seconds),
}

/// A pacemaker. IEC 60601-2-27 and ANSI/AAMI EC13 test with 2 to 700 mV of either sign and 0.1 to 2 ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pacer {
    /// Height of the pulse as the electrodes see it, signed.
    pub pulse: Microvolts,
    /// Its width, at most 100 ms.
    pub width: Milliseconds,
    /// When.
    pub timing: PacerTiming,
}

/// Pulses behind the recorder's anti-alias filter: Butterworth, fourth order, -3 dB at 0.35 of the sampling rate. A
/// pulse much narrower than a sample becomes the filter's impulse response with the pulse's area, as it does in a
/// recorder.
#[derive(Debug, Clone)]
pub(super) struct Pulses {
    pacer: Pacer,
    width: f64,
    /// Poles and weights of the filter's step response; each stands for a conjugate pair.
    modes: [Mode; 2],
    reach: f64,
}

#[derive(Debug, Clone, Copy)]
struct Mode {
    decay: f64,
    turn: f64,
    weight: (f64, f64),
}

impl Pulses {
    pub(super) fn new(pacer: Pacer, rate: Hertz) -> Self {
        let corner = 2.0 * PI * CORNER * rate.get();
        let width = if pacer.width.0.is_finite() { pacer.width.0.clamp(0.0, 100.0) / 1000.0 } else { 0.0 };
        // Poles at 5/8 and 7/8 of half a turn. The weight of a pole p in the step response is the product of all poles
        // over p and its distances to the others; with unit corner, by hand below.
        let pole = |eighths: f64| ((PI * eighths / 8.0).cos(), (PI * eighths / 8.0).sin());
        let all = [5.0, 7.0, 9.0, 11.0].map(pole);
        let mode = |k: usize| {
            let own = all.get(k).copied().unwrap_or((-1.0, 0.0));
            let distances =
                all.iter().enumerate().filter(|(i, _)| *i != k).map(|(_, p)| (own.0 - p.0, own.1 - p.1));
            let below = distances.fold(own, times);
            let size = below.0 * below.0 + below.1 * below.1;
            // A conjugate pair counts twice its real part.
            let weight = (2.0 * below.0 / size, -2.0 * below.1 / size);
            Mode { decay: corner * own.0, turn: corner * own.1, weight }
        };
        Self { pacer, width, modes: [mode(0), mode(1)], reach: 40.0 / corner + width }
    }

    /// Microvolts at `t` seconds; `beats` are the R waves near by.
    pub(super) fn at(&self, t: f64, beats: impl Iterator<Item = f64>) -> f64 {
        match self.pacer.timing {
            PacerTiming::BeforeBeats(lead) => beats.map(|r| self.pulse(t - (r - lead.0 / 1000.0))).sum(),
            PacerTiming::Every(Seconds(interval)) if interval > self.reach => {
                self.pulse((t - 0.5 * interval).rem_euclid(interval))
            }
            PacerTiming::Every(_) => 0.0,
        }
    }

    /// One pulse, `t` seconds after it began.
    fn pulse(&self, t: f64) -> f64 {
        if !(0.0..self.reach).contains(&t) {
            return 0.0;
        }
        let height = if self.pacer.pulse.0.is_finite() { f64::from(self.pacer.pulse.0) } else { 0.0 };
        height * (self.step(t) - self.step(t - self.width))
    }

    fn step(&self, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let mode = |m: &Mode| {
            let (sin, cos) = (m.turn * t).sin_cos();
            (m.decay * t).exp() * (m.weight.0 * cos - m.weight.1 * sin)
        };
        1.0 + self.modes.iter().map(mode).sum::<f64>()
    }
}

fn times(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulses(width: f64, hz: f64) -> Pulses {
        let timing = PacerTiming::Every(Seconds(1.0));
        let pacer = Pacer { pulse: Microvolts(1000.0), width: Milliseconds(width), timing };
        Pulses::new(pacer, Hertz::new(hz).unwrap())
    }

    #[test]
    fn the_step_begins_smoothly_and_ends_at_one() {
        let p = pulses(100.0, 500.0);
        assert!(p.step(1e-6).abs() < 1e-9 && (p.step(0.05) - 1.0).abs() < 1e-6);
        assert!((0..400).all(|i| (-0.01..1.12).contains(&p.step(f64::from(i) * 1e-4))));
    }

    #[test]
    fn a_narrow_pulse_keeps_its_area() {
        for hz in [130.0, 250.0, 1000.0] {
            let p = pulses(0.5, hz);
            let area: f64 =
                (0..20_000).map(|i| p.at(0.45 + f64::from(i) * 1e-5, core::iter::empty()) * 1e-5).sum();
            assert!((area - 0.5).abs() < 0.005, "{area} uV s at {hz} Hz");
        }
    }
}
