//! The level of the QRS band over a neighbourhood of windows, and where it peaks.

use crate::units::larger;

/// Windows in a neighbourhood; the middle one is under judgement.
pub(super) const NEIGHBOURHOOD: usize = 5;
/// Stretch over which the energy of the QRS band is averaged, in seconds.
const ENVELOPE_S: f64 = 0.12;
/// Two deflections nearer than this are one, in seconds.
const REFRACTORY_S: f64 = 0.22;
/// Share of a window below its floor.
const FLOOR_SHARE: f64 = 0.3;
/// The floor is read from every so many samples: the envelope holds nothing that fast.
const FLOOR_STEP: usize = 3;
/// The trace of the envelope keeps every so many samples.
const TRACE_STEP: usize = 4;

/// What the envelope of one window shows; levels in microvolts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    /// Samples that were received.
    pub known: usize,
    /// Level between the deflections.
    pub floor: f64,
    /// Largest level.
    pub top: f64,
}

/// The envelope of a neighbourhood. Windows enter at its end; each is worked out once.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    window: usize,
    half: usize,
    reach: usize,
    /// Mean square over [`ENVELOPE_S`], centred.
    power: Vec<f32>,
    levels: [Level; NEIGHBOURHOOD],
    /// Places and power of the largest within [`REFRACTORY_S`] on both sides.
    summits: Vec<(usize, f32)>,
    sorted: Vec<f64>,
}

impl Envelope {
    /// `rate`: samples a second; `window`: samples of one window.
    pub(super) fn new(rate: f64, window: usize) -> Self {
        let samples = |seconds: f64| ((seconds * rate).round() as usize).max(1);
        Self {
            window,
            half: samples(ENVELOPE_S / 2.0),
            reach: samples(REFRACTORY_S),
            power: vec![0.0; window * NEIGHBOURHOOD],
            levels: [Level::default(); NEIGHBOURHOOD],
            summits: Vec::with_capacity(window * NEIGHBOURHOOD / samples(REFRACTORY_S) + 1),
            sorted: Vec::with_capacity(window / FLOOR_STEP + 1),
        }
    }

    /// Follows the window that has come last into the neighbourhood `qrs`.
    pub(super) fn enter(&mut self, qrs: &[f32], valid: &[bool]) {
        self.power.copy_within(self.window.., 0);
        self.levels.rotate_left(1);
        let from = self.window * (NEIGHBOURHOOD - 1);
        self.follow(qrs, from.saturating_sub(self.half));
        self.find_summits(from.saturating_sub(self.half));
        let (before, window) = self.power.split_at(from);
        // The end of the window before was seen without what follows it.
        let seam = before.iter().rev().take(self.half).copied().fold(0.0, larger);
        let [.., previous, level] = &mut self.levels;
        previous.top = previous.top.max(f64::from(seam).sqrt());
        let valid = valid.get(from..).unwrap_or(&[]);
        self.sorted.clear();
        let known = window.iter().zip(valid).step_by(FLOOR_STEP).filter(|(_, v)| **v);
        self.sorted.extend(known.map(|(p, _)| f64::from(*p)));
        *level = Level {
            known: valid.iter().filter(|v| **v).count(),
            floor: percentile(&mut self.sorted, FLOOR_SHARE).sqrt(),
            top: f64::from(window.iter().copied().fold(0.0, larger)).sqrt(),
        };
    }

    /// A running mean, begun anew in every window: no rounding outlives it.
    fn follow(&mut self, qrs: &[f32], from: usize) {
        let half = self.half;
        let square = |at: usize| qrs.get(at).map_or(0.0, |v| f64::from(*v) * f64::from(*v));
        let mut sum: f64 = (from.saturating_sub(half)..from + half).map(square).sum();
        let each = 1.0 / (2 * half + 1) as f64;
        for (i, power) in self.power.iter_mut().enumerate().skip(from) {
            sum += square(i + half);
            let beyond = (i + half + 1).saturating_sub(qrs.len());
            let each = if beyond == 0 { each } else { 1.0 / (2 * half + 1 - beyond) as f64 };
            *power = (larger(sum, 0.0) * each) as f32;
            sum -= i.checked_sub(half).map_or(0.0, square);
        }
    }

    /// Nothing of the windows so far is known any longer.
    pub(super) fn forget(&mut self) {
        self.power.fill(0.0);
        self.summits.clear();
        self.levels = [Level::default(); NEIGHBOURHOOD];
    }

    /// The window under judgement.
    pub(super) fn middle(&self) -> Level {
        let [_, _, middle, ..] = self.levels;
        middle
    }

    /// The level in the window under judgement, in microvolts, thinned to what the envelope can hold.
    pub(super) fn trace(&self) -> impl Iterator<Item = f32> + '_ {
        let (from, to) = (self.window * (NEIGHBOURHOOD / 2), self.window * (NEIGHBOURHOOD / 2 + 1));
        self.power.get(from..to).unwrap_or(&[]).iter().step_by(TRACE_STEP).map(|p| p.sqrt())
    }

    /// The windows of which more than half is known.
    pub(super) fn known(&self) -> impl Iterator<Item = &Level> {
        self.levels.iter().filter(|level| 2 * level.known > self.window)
    }

    /// Whether nothing is missing in the neighbourhood.
    pub(super) fn is_whole(&self) -> bool {
        self.levels.iter().all(|level| level.known == self.window)
    }

    /// Median over the windows of the largest level in each.
    pub(super) fn typical_height(&mut self) -> f64 {
        let mut tops = [0.0; NEIGHBOURHOOD];
        let mut count = 0;
        for (top, level) in tops.iter_mut().zip(self.known()) {
            *top = level.top;
            count += 1;
        }
        percentile(tops.get_mut(..count).unwrap_or(&mut []), 0.5)
    }

    /// Places and levels of the deflections above a level, the largest within [`REFRACTORY_S`] on both sides.
    pub(super) fn peaks(&self, above: f64) -> impl Iterator<Item = (usize, f64)> + '_ {
        let least = (above * above) as f32;
        self.summits.iter().filter(move |s| s.1 > least).map(|s| (s.0, f64::from(s.1).sqrt()))
    }

    /// Moves the summits on by a window, and looks for them anew where the level is new or its surroundings are.
    fn find_summits(&mut self, new_from: usize) {
        let (window, reach, power) = (self.window, self.reach, &self.power);
        let from = new_from.saturating_sub(reach + 1);
        self.summits.retain_mut(|(at, _)| {
            let stays = *at >= window && *at - window <= from;
            *at = at.saturating_sub(window);
            stays
        });
        let largest = |i: usize, p: f32| {
            let before = power.get(i.saturating_sub(reach)..i).unwrap_or(&[]);
            let after = power.get(i + 1..(i + reach + 1).min(power.len())).unwrap_or(&[]);
            before.iter().all(|v| *v < p) && after.iter().all(|v| *v <= p)
        };
        for (i, three) in power.get(from..).unwrap_or(&[]).windows(3).enumerate() {
            if let [a, p, b] = three {
                let at = from + i + 1;
                if a < p && b <= p && largest(at, *p) {
                    self.summits.push((at, *p));
                }
            }
        }
    }
}

/// The value below which a share of the values lies; 0 of nothing. Changes their order.
pub(super) fn percentile(values: &mut [f64], share: f64) -> f64 {
    let place = (share * values.len().saturating_sub(1) as f64).round() as usize;
    crate::units::nth_smallest(values, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_mean_square_and_finds_each_burst_once() {
        let (rate, window) = (130.0, 260);
        let mut envelope = Envelope::new(rate, window);
        let n = window * NEIGHBOURHOOD;
        // A burst of 10 Hz every second, its height 1000 µV.
        let qrs: Vec<f32> = (0..n)
            .map(|i| {
                let t = (i as f64 / rate + 0.5) % 1.0 - 0.5;
                (1000.0 * (-(t / 0.03).powi(2)).exp() * (std::f64::consts::TAU * 10.0 * t).cos()) as f32
            })
            .collect();
        let valid = vec![true; n];
        for k in 1..=NEIGHBOURHOOD {
            let mut so_far = vec![0.0; n];
            so_far[n - k * window..].copy_from_slice(&qrs[..k * window]);
            envelope.enter(&so_far, &valid);
        }
        let direct = |i: usize| {
            let span = &qrs[i.saturating_sub(8)..(i + 9).min(n)];
            (span.iter().map(|v| v * v).sum::<f32>() / span.len() as f32).sqrt()
        };
        for i in (9..n).step_by(7) {
            assert!((envelope.power[i].sqrt() - direct(i)).abs() < 0.05, "{i}");
        }
        assert!(envelope.is_whole());
        let height = envelope.typical_height();
        let peaks: Vec<(usize, f64)> = envelope.peaks(0.4 * height).collect();
        assert_eq!(peaks.len(), 10, "{peaks:?}");
        assert!(peaks[1..]
            .iter()
            .all(|(i, h)| (i % 130 < 3 || i % 130 > 127) && (h / height - 1.0).abs() < 0.01));
        assert!(envelope.middle().floor < 0.01 * height);
    }
}
