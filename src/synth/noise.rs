//! Disturbances: what bodies, electrodes, amplifiers and mains add to an ECG or take from it.

use super::random::Random;
use crate::units::{Hertz, Microvolts, Seconds};
use core::f64::consts::TAU;

/// How strong a disturbance is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// Root mean square.
    Rms(Microvolts),
    /// Signal-to-noise ratio in decibels as `nst` of the MIT-BIH Noise Stress Test Database defines it: the
    /// signal's power is the square of the QRS complex's peak to peak over 8.
    SnrDb(f64),
}

impl Level {
    /// In microvolts, for QRS complexes of that peak to peak.
    pub(super) fn rms_uv(self, qrs_uv: f64) -> f64 {
        match self {
            Self::Rms(uv) => f64::from(uv.0),
            Self::SnrDb(db) => qrs_uv / 8.0_f64.sqrt() * 10.0_f64.powf(-db / 20.0),
        }
    }
}

/// What disturbs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Noise {
    /// Equal power at all frequencies.
    White(Level),
    /// Slow waves of breathing and sweat, 0.05 to 0.5 Hz.
    BaselineWander(Level),
    /// Jumps of the electrode that decay, and bumps within the band of the QRS.
    ElectrodeMotion(Level),
    /// Bursts of muscle activity, 20 to 100 Hz.
    Muscle(Level),
    /// Hum at this frequency (50 or 60 Hz) with a third harmonic below the Nyquist rate, drifting by 0.05 Hz.
    Mains(f64, Level),
    /// The electrode is off and the amplifier holds its last level.
    FlatLine,
    /// The electrode is off and floats: millivolts of drift, and hum of this frequency.
    Floating(f64),
    /// The amplifier cannot go beyond this, on either side.
    Saturation(Microvolts),
    /// The amplifier swings from this level to rest, as a chest strap does in its first 3 to 4 s.
    StartTransient(Microvolts),
}

/// A disturbance from a moment to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disturbance {
    /// What.
    pub noise: Noise,
    /// Since the start of the signal.
    pub from: Seconds,
    /// The first moment without it.
    pub to: Seconds,
}

/// A disturbance with its random numbers and its scale worked out.
#[derive(Debug, Clone)]
pub(super) struct Disturber {
    what: Disturbance,
    random: Random,
    scale: f64,
    tones: Vec<(f64, f64)>,
    nyquist_hz: f64,
    held: Option<f64>,
}

impl Disturber {
    /// The `number`-th disturbance of a signal with QRS complexes of `qrs_uv` peak to peak.
    pub(super) fn new(what: Disturbance, seed: u64, number: u64, qrs_uv: f64, rate: Hertz) -> Self {
        let random = Random::new(seed, 100 + number);
        let mut new =
            Self { what, random, scale: 1.0, tones: Vec::new(), nyquist_hz: 0.5 * rate.get(), held: None };
        if let Noise::Muscle(_) = what.noise {
            let top = 100.0_f64.min(0.45 * rate.get());
            new.tones = (0..32)
                .map(|i| (20.0 + (top - 20.0) * random.uniform(2 * i), random.uniform(2 * i + 1)))
                .collect();
        }
        let level = match what.noise {
            Noise::White(level) => return Self { scale: level.rms_uv(qrs_uv), ..new },
            Noise::BaselineWander(l) | Noise::ElectrodeMotion(l) | Noise::Muscle(l) | Noise::Mains(_, l) => l,
            _ => return new,
        };
        // The shape's own root mean square, over two minutes.
        let n = 24_000_u32;
        let power: f64 = (0..n).map(|i| new.shape(f64::from(i) * 0.005).powi(2)).sum::<f64>() / f64::from(n);
        new.scale = level.rms_uv(qrs_uv) / power.sqrt().max(1e-9);
        new
    }

    /// The signal's value at sample `place`, `t` seconds from the start, as disturbed.
    pub(super) fn disturb(&mut self, value: f64, t: f64, place: u64) -> f64 {
        if !(self.what.from.0..self.what.to.0).contains(&t) {
            self.held = None;
            return value;
        }
        match self.what.noise {
            Noise::White(_) => value + self.scale * self.random.normal(place),
            Noise::FlatLine => *self.held.get_or_insert(value),
            Noise::Floating(_) => self.shape(t),
            Noise::Saturation(rail) => {
                let rail = f64::from(rail.0.abs());
                value.clamp(-rail, rail)
            }
            Noise::StartTransient(peak) => {
                // Under-damped settling of a high-pass at switch-on: 5 % of the peak is left after 3 s.
                let s = t - self.what.from.0;
                value + f64::from(peak.0) * (-s).exp() * (TAU * 0.25 * s).cos()
            }
            _ => value + self.scale * self.shape(t),
        }
    }

    /// The shape of a disturbance in continuous time: the same at every sampling rate.
    fn shape(&self, t: f64) -> f64 {
        match self.what.noise {
            Noise::BaselineWander(_) => self.wander(t),
            Noise::ElectrodeMotion(_) => self.motion(t),
            Noise::Muscle(_) => self.muscle(t),
            Noise::Mains(hz, _) => self.mains(hz, t),
            Noise::Floating(hz) => 3000.0 * self.wander(0.5 * t) + 400.0 * self.mains(hz, t),
            _ => 0.0,
        }
    }

    fn wander(&self, t: f64) -> f64 {
        let tone = |i: u64, hz: f64| {
            (TAU * (hz * (1.0 + 0.2 * self.random.signed(2 * i)) * t + self.random.uniform(2 * i + 1))).sin()
        };
        tone(1, 0.07) + 0.7 * tone(2, 0.13) + 0.8 * tone(3, 0.24) + 0.35 * tone(4, 0.41)
    }

    /// In each slot of 0.7 s one event: a jump that decays within a second, or a bump of 60 to 200 ms.
    fn motion(&self, t: f64) -> f64 {
        const SLOT_S: f64 = 0.7;
        let slot = (t / SLOT_S).floor().max(0.0) as u64;
        let mut sum = 0.0;
        for back in 0..6 {
            let Some(k) = slot.checked_sub(back) else { break };
            let draw = |i: u64| self.random.uniform(k.wrapping_mul(8).wrapping_add(i));
            let since = t - (k as f64 + draw(0)) * SLOT_S;
            let size = (2.0 * draw(1) - 1.0) * (0.4 + 1.6 * draw(2));
            let width = 0.02 + 0.05 * draw(3);
            if draw(4) < 0.4 {
                if since > 0.0 {
                    sum += size * (1.0 - (-since / width).exp()) * (-since / (0.3 + 0.6 * draw(5))).exp();
                }
            } else {
                let (a, b) = ((since - 0.1) / width, (since - 0.1 - 2.0 * width) / (1.4 * width));
                sum += size * ((-0.5 * a * a).exp() - 0.7 * draw(6) * (-0.5 * b * b).exp());
            }
        }
        sum
    }

    fn muscle(&self, t: f64) -> f64 {
        let burst =
            0.65 + 0.35 * (TAU * (0.31 * t + self.random.uniform(900))).sin() * (TAU * 0.117 * t).cos();
        // Each tone wanders by some hertz: muscle activity has no lines in its spectrum.
        let tone = |(hz, phase): &(f64, f64)| {
            let swing = 4.0 * (TAU * ((0.7 + 0.6 * phase) * t + hz)).sin();
            (TAU * (hz * t + phase) + swing).sin()
        };
        burst * self.tones.iter().map(tone).sum::<f64>()
    }

    fn mains(&self, hz: f64, t: f64) -> f64 {
        // A frequency swing of 0.05 Hz at 0.02 Hz.
        let phase = TAU * (hz * t + self.random.uniform(1)) + 0.05 / 0.02 * (TAU * 0.02 * t).sin();
        // The harmonic is left out where a device's anti-aliasing filter would take it out.
        let harmonic = if 3.0 * hz < self.nyquist_hz { 0.12 * (3.0 * phase).sin() } else { 0.0 };
        phase.sin() + harmonic
    }
}
