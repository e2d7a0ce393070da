//! The recent past of a stream as it came, and its means between any two places.

use super::Track;
use crate::units::larger;

/// Largest magnitude taken at face value, in microvolts: 10 V.
const LARGEST_UV: f32 = 1e7;

/// A [`Track`] of raw samples in microvolts over the segment's first one. What is no number holds the value before, and
/// what is larger than 10 V counts as 10 V.
pub struct RawTrack {
    track: Track,
    origin: Option<f32>,
    /// The latest value.
    held: f32,
}

impl RawTrack {
    /// Holds at least the latest `keep` samples.
    #[must_use]
    pub fn new(keep: usize) -> Self {
        Self { track: Track::new(keep), origin: None, held: 0.0 }
    }

    /// Begins another segment, at place 0.
    pub fn clear(&mut self) {
        self.track.clear();
        (self.origin, self.held) = (None, 0.0);
    }

    /// Takes samples, at most as many as are kept.
    pub fn push(&mut self, samples_uv: &[f32]) {
        self.track.make_room(samples_uv.len());
        // Nearly always nothing has to be mended, and all of it is taken side by side.
        let plain = samples_uv.iter().fold(true, |plain, x| plain & (x.abs() <= LARGEST_UV));
        match samples_uv {
            [first, ..] if plain => {
                let origin = *self.origin.get_or_insert(*first);
                self.track.extend(samples_uv.iter().map(|x| x - origin));
                self.held = samples_uv.last().map_or(self.held, |x| x - origin);
            }
            _ => {
                let (held, origin) = (&mut self.held, &mut self.origin);
                self.track.extend(samples_uv.iter().map(|sample| {
                    if sample.is_finite() {
                        let x = sample.clamp(-LARGEST_UV, LARGEST_UV);
                        *held = x - *origin.get_or_insert(x);
                    }
                    *held
                }));
            }
        }
    }

    /// The samples.
    #[inline]
    #[must_use]
    pub fn track(&self) -> &Track {
        &self.track
    }

    /// Mean of the straight lines between the samples from one place to another, both in what is held; before the first
    /// sample they lie at 0. `width` is the distance of the two.
    #[inline]
    #[must_use]
    pub fn mean(&self, from: f64, to: f64, width: f64) -> f32 {
        let (from, to) = (larger(from, 0.0), larger(to, 0.0));
        let (first, last) = (from as i64, to as i64);
        let [before, after] = [from - first as f64, to - last as f64].map(|part| part as f32);
        let held = self.track.from(first);
        let count = (last - first) as usize;
        let Some((inside, beyond)) = held.split_at_checked(count + 1) else { return self.held };
        let ([a, ..], [.., z]) = (inside, inside) else { return self.held };
        let next = |i: usize, or: f32| inside.get(i).or(beyond.first()).copied().unwrap_or(or);
        // The integral up to a place behind a sample, from that sample on.
        let up_to = |part: f32, x: f32, next: f32| part * (x + 0.5 * part * (next - x));
        let whole = inside.iter().sum::<f32>() - 0.5 * (a + z);
        let ends = up_to(after, *z, next(count + 1, *z)) - up_to(before, *a, next(1, *a));
        (whole + ends) * (1.0 / width as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(samples: &[f32]) -> RawTrack {
        let mut raw = RawTrack::new(16);
        raw.push(samples);
        raw
    }

    #[test]
    fn means_are_those_of_the_lines_between_the_samples() {
        // From the first sample's level: 0, 2, 6, 6.
        let raw = of(&[10.0, 12.0, 16.0, 16.0]);
        let mean = |from: f64, to: f64| raw.mean(from, to, to - from);
        assert_eq!(mean(0.0, 1.0), 1.0);
        assert_eq!(mean(0.25, 0.75), 1.0);
        assert_eq!(mean(0.5, 1.5), 0.75 + 1.5);
        assert_eq!(mean(1.0, 3.0), 5.0);
        assert_eq!(mean(-2.0, 1.0), 1.0 / 3.0);
        assert_eq!(mean(-2.0, -1.0), 0.0);
        // A whole integral by small steps.
        let line = |t: f64| {
            let (i, part) = (t as usize, t.fract());
            let x = [0.0, 2.0, 6.0, 6.0, 6.0];
            x[i] + part * (x[i + 1] - x[i])
        };
        for (from, to) in [(0.1, 2.9), (0.3, 0.4), (1.9, 2.1), (0.0, 3.0)] {
            let steps = 100_000;
            let at = |k: i32| line(from + (to - from) * (f64::from(k) + 0.5) / f64::from(steps));
            let truth = (0..steps).map(at).sum::<f64>() / f64::from(steps);
            assert!((f64::from(mean(from, to)) - truth).abs() < 1e-4, "{from} to {to}");
        }
    }

    #[test]
    fn what_is_no_number_is_held_and_what_is_large_is_bounded() {
        let all = |raw: &RawTrack| (0..raw.track().end()).map(|i| raw.track().get(i)).collect::<Vec<_>>();
        let odd = [f32::NAN, 5.0, 8.0, f32::INFINITY, f32::MAX];
        assert_eq!(all(&of(&odd)), [0.0, 0.0, 3.0, 3.0, 1e7 - 5.0]);
        let mut single = RawTrack::new(16);
        odd.iter().for_each(|x| single.push(&[*x]));
        assert_eq!(all(&single), all(&of(&odd)));
        single.clear();
        single.push(&[7.0, 9.0]);
        assert_eq!(all(&single), [0.0, 2.0]);
    }

    #[test]
    fn beyond_what_came_the_latest_value_goes_on() {
        let raw = of(&[1.0, 4.0]);
        assert_eq!(raw.mean(1.0, 1.0, 1.0), 0.0);
        assert_eq!(raw.mean(5.0, 9.0, 4.0), 3.0);
    }
}
