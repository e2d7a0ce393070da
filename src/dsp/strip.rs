//! The recent past of a stream at one fixed rate, whatever rate it came at.

use super::{RawTrack, Track};
use crate::units::{Hertz, SampleCount, SamplePlace, Seconds};

/// Most samples that are taken at once.
const BLOCK: usize = 256;

/// The last seconds of a stream at [`Strip::RATE_HZ`], offset removed, for what looks at a beat as a whole.
///
/// A slower signal is brought there by cubic interpolation (Catmull and Rom), a faster one by the mean of the
/// straight lines between its samples over one step. No delay: an index stands for the time of its place. NaN and
/// infinities hold the value before. The result does not depend on how the samples are divided.
pub struct Strip {
    /// Samples in one step of the strip.
    step: f64,
    raw: RawTrack,
    values: Track,
    /// Place in the record of the segment's first sample.
    start: u64,
}

impl Strip {
    /// The rate of the strip, in hertz: 4 ms, twice as fine as the reading of any interval.
    pub const RATE_HZ: f64 = 250.0;

    /// Holds at least the latest `keep` of a stream of this rate.
    #[must_use]
    pub fn new(rate: Hertz, keep: Seconds) -> Self {
        Self {
            step: rate.get() / Self::RATE_HZ,
            raw: RawTrack::new(2 * BLOCK),
            values: Track::new((keep.0 * Self::RATE_HZ) as usize + 6 * BLOCK),
            start: 0,
        }
    }

    /// Takes samples in microvolts.
    pub fn push(&mut self, samples_uv: &[f32]) {
        for part in samples_uv.chunks(BLOCK) {
            self.raw.push(part);
            self.values.make_room(((part.len() as f64 / self.step) as usize + 2).min(6 * BLOCK));
            if self.step > 1.0 {
                self.average();
            } else {
                self.interpolate();
            }
        }
    }

    /// Samples were lost: what follows is another segment. Nothing before the hole is held any more.
    pub fn skip(&mut self, gap: SampleCount) {
        self.start = self.start.saturating_add(self.raw.track().end().unsigned_abs()).saturating_add(gap.0);
        self.raw.clear();
        self.values.clear();
    }

    /// Index of a place of the record, counted from the segment's first sample; negative before it.
    #[must_use]
    pub fn index(&self, place: SamplePlace) -> f64 {
        (place.0 - self.start as f64) / self.step
    }

    /// The place of the record at an index.
    #[must_use]
    pub fn place(&self, index: f64) -> SamplePlace {
        SamplePlace(self.start as f64 + index * self.step)
    }

    /// Index of the next value to come.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.values.end()
    }

    /// Whether the segment has values up to this time after a place.
    #[must_use]
    pub fn reaches(&self, place: SamplePlace, after: Seconds) -> bool {
        self.index(place) + after.0 * Self::RATE_HZ < self.end() as f64
    }

    /// The value at an index, in microvolts over the segment's first sample: 0 before the segment, the latest value
    /// after its end.
    #[must_use]
    #[inline]
    pub fn get(&self, index: i64) -> f32 {
        self.values.get(index)
    }

    /// Fills a window with the values from an index on.
    pub fn copy(&self, from: i64, window: &mut [f32]) {
        let first = self.values.get(from.max(0));
        let before = usize::try_from(-from.min(0)).unwrap_or(0).min(window.len());
        let (outside, inside) = window.split_at_mut(before);
        outside.fill(first);
        let held = self.values.from(from.max(0));
        let known = inside.len().min(held.len());
        let (known, beyond) = inside.split_at_mut(known);
        known.iter_mut().zip(held).for_each(|(to, value)| *to = *value);
        beyond.fill(self.values.get(self.end()));
    }

    fn average(&mut self) {
        let (half, last) = (0.5 * self.step, (self.raw.track().end() - 1) as f64);
        let (raw, step, first) = (&self.raw, self.step, self.values.end());
        let ready = (first..).map(|i| i as f64 * step).take_while(|at| at + half <= last);
        self.values.extend(ready.map(|at| raw.mean(at - half, at + half, step)));
    }

    fn interpolate(&mut self) {
        let end = self.raw.track().end();
        loop {
            let at = self.values.end() as f64 * self.step;
            let whole = at as i64;
            if whole + 2 >= end {
                break;
            }
            let part = (at - whole as f64) as f32;
            let Some([before, b, c, d]) = self.raw.track().from(whole - 1).first_chunk() else { break };
            let (a, b, c, d) = (if whole > 0 { *before } else { *b }, *b, *c, *d);
            let (m, n) = (0.5 * (c - a), 0.5 * (d - b));
            let cubic = ((2.0 * (b - c) + m + n) * part + (3.0 * (c - b) - 2.0 * m - n)) * part + m;
            self.values.extend(core::iter::once(cubic * part + b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(hz: f64, samples: &[f32], piece: usize) -> Strip {
        let mut strip = Strip::new(Hertz::new(hz).unwrap(), Seconds(4.0));
        samples.chunks(piece).for_each(|part| strip.push(part));
        strip
    }

    fn wave(hz: f64, frequency: f64, count: u32) -> Vec<f32> {
        let at = |i: u32| (core::f64::consts::TAU * frequency * f64::from(i) / hz).sin();
        (0..count).map(|i| (700.0 + 1000.0 * at(i)) as f32).collect()
    }

    #[test]
    fn a_wave_keeps_its_time_and_height_at_every_rate() {
        for hz in [50.0, 125.0, 130.34, 250.0, 360.0, 500.0, 1000.0, 2000.0] {
            let strip = strip(hz, &wave(hz, 5.0, (3.0 * hz) as u32), 97);
            assert!((700 - 12..=750).contains(&strip.end()), "{} at {hz}", strip.end());
            for i in 50..strip.end() - 5 {
                let truth = 1000.0 * (core::f64::consts::TAU * 5.0 * i as f64 / 250.0).sin();
                assert!(
                    (f64::from(strip.get(i)) - truth).abs() < 25.0,
                    "{i} at {hz}: {} for {truth}",
                    strip.get(i)
                );
            }
            assert!((strip.place(strip.index(SamplePlace(123.25))).0 - 123.25).abs() < 1e-9);
        }
    }

    #[test]
    fn pieces_do_not_matter() {
        for hz in [130.0, 250.0, 500.0, 1999.0] {
            let samples = wave(hz, 7.3, 9000);
            let (whole, single) = (strip(hz, &samples, 9000), strip(hz, &samples, 1));
            assert_eq!(whole.end(), single.end());
            let (mut a, mut b) = (vec![0.0; 900], vec![1.0; 900]);
            whole.copy(whole.end() - 900, &mut a);
            single.copy(whole.end() - 900, &mut b);
            assert_eq!(a, b);
        }
    }

    #[test]
    fn windows_go_on_outside_and_a_hole_starts_anew() {
        let mut strip = strip(250.0, &[f32::NAN, 5.0, 6.0, f32::INFINITY, 8.0, 8.0, 8.0], 3);
        let mut window = [9.0; 10];
        strip.copy(-2, &mut window);
        assert_eq!(window, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0]);
        strip.skip(SampleCount(93));
        assert_eq!((strip.end(), strip.index(SamplePlace(100.0))), (0, 0.0));
        strip.push(&[3.0; 50]);
        assert_eq!(strip.get(20), 0.0);
        assert!(
            strip.reaches(SamplePlace(110.0), Seconds(0.1))
                && !strip.reaches(SamplePlace(110.0), Seconds(0.2))
        );
    }
}
