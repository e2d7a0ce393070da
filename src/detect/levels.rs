//! What beats and noise of this signal look like so far.

use super::candidates::{Candidate, STEPS};
use super::shapes::{Likeness, Shapes};

/// Beats that the levels remember.
const REMEMBERED: usize = 8;
/// The interval before any is known, in seconds.
const FIRST_RR_S: f64 = 0.8;
/// Intervals that may be expected, in seconds.
const RR_S: (f64, f64) = (0.3, 2.0);
/// The first levels in parts of the largest values seen: the largest of a few may be an outlier.
const FIRST_PART: f64 = 0.75;
/// First level of what is no beat, likewise.
const FIRST_OTHERS_PART: f64 = 0.1;
/// Irregularity before any interval is known.
const FIRST_IRREGULARITY: f64 = 0.1;
/// How fast irregularity follows, and the largest deviation that counts.
const IRREGULARITY_STEP: (f64, f64) = (0.1, 0.7);

/// The latest values of a quantity, with their median at hand.
#[derive(Clone, Copy)]
struct Recent {
    values: [f64; REMEMBERED],
    count: usize,
    median: f64,
}

impl Recent {
    /// No value yet: `median` stands for them.
    const fn new(median: f64) -> Self {
        Self { values: [0.0; REMEMBERED], count: 0, median }
    }

    fn starting_with(value: f64) -> Self {
        let mut recent = Self::new(0.0);
        recent.push(value);
        recent
    }

    fn push(&mut self, value: f64) {
        if let Some(slot) = self.values.get_mut(self.count % REMEMBERED) {
            *slot = value;
        }
        self.count += 1;
        let values = self.values.get(..self.count.min(REMEMBERED)).unwrap_or(&[]);
        let middle = [values.len().saturating_sub(1) / 2, values.len() / 2];
        let [mut low, mut high] = [0.0, 0.0];
        for value in values {
            // Its places, equal ones side by side, if they were sorted.
            let first = values.iter().filter(|v| *v < value).count();
            let places = first..first + values.iter().filter(|v| *v == value).count();
            low = if places.contains(&middle[0]) { *value } else { low };
            high = if places.contains(&middle[1]) { *value } else { high };
        }
        self.median = (high + low) / 2.0;
    }

    fn fade(&mut self, factor: f64) {
        self.values.iter_mut().for_each(|v| *v *= factor);
        self.median *= factor;
    }
}

/// Running estimates, from settled beats and from candidates that were turned down.
pub(super) struct Levels {
    heights: Recent,
    slopes: Recent,
    sharpnesses: Recent,
    backgrounds: Recent,
    others: Recent,
    intervals: Recent,
    irregularity: f64,
    shapes: Shapes,
}

impl Levels {
    pub(super) const fn new() -> Self {
        Self {
            heights: Recent::new(0.0),
            slopes: Recent::new(0.0),
            sharpnesses: Recent::new(0.0),
            backgrounds: Recent::new(0.0),
            others: Recent::new(0.0),
            intervals: Recent::new(FIRST_RR_S),
            irregularity: FIRST_IRREGULARITY,
            shapes: Shapes::new(),
        }
    }

    /// Height of beats, in microvolts.
    pub(super) fn height(&self) -> f32 {
        self.heights.median as f32
    }

    /// Slope of beats, in microvolts over 32 ms.
    pub(super) fn slope(&self) -> f32 {
        self.slopes.median as f32
    }

    /// Sharpness of beats, in microvolts.
    pub(super) fn sharpness(&self) -> f32 {
        self.sharpnesses.median as f32
    }

    /// Level of the signal before beats, in microvolts.
    pub(super) fn background(&self) -> f32 {
        self.backgrounds.median as f32
    }

    /// Height of what is no beat, in microvolts.
    pub(super) fn others(&self) -> f32 {
        self.others.median as f32
    }

    /// Expected interval, in seconds.
    pub(super) fn rr(&self) -> f64 {
        self.intervals.median.clamp(RR_S.0, RR_S.1)
    }

    /// Mean deviation of intervals from what was expected, as a logarithm of their ratio.
    pub(super) fn irregularity(&self) -> f64 {
        self.irregularity
    }

    /// How much is known of the rhythm, 0 to 1.
    pub(super) fn known(&self) -> f32 {
        self.intervals.count.min(REMEMBERED) as f32 / REMEMBERED as f32
    }

    /// Likeness with the best of the remembered shapes; `None` while none is known.
    pub(super) fn likeness(&self, steps: &[f32; STEPS]) -> Option<Likeness> {
        self.shapes.likeness(steps)
    }

    /// First levels, from the candidates of the first seconds of a segment. The interval is kept.
    pub(super) fn begin(&mut self, seen: &[Candidate]) {
        let top = |of: fn(&Candidate) -> f32| f64::from(seen.iter().map(of).fold(0.0, f32::max));
        let height = top(|c| c.height);
        self.heights = Recent::starting_with(FIRST_PART * height);
        self.slopes = Recent::starting_with(FIRST_PART * top(|c| c.slope));
        self.sharpnesses = Recent::starting_with(FIRST_PART * top(|c| c.sharpness));
        self.backgrounds = Recent::starting_with(FIRST_OTHERS_PART * height);
        self.others = Recent::starting_with(FIRST_OTHERS_PART * height);
        self.shapes = Shapes::new();
    }

    /// A beat is settled, `since` seconds after the one before; `clean` (0 to 1) says how far its shape can be
    /// learnt from.
    pub(super) fn beat(&mut self, beat: &Candidate, since: Option<f64>, clean: f32) {
        self.heights.push(f64::from(beat.height));
        self.slopes.push(f64::from(beat.slope));
        self.sharpnesses.push(f64::from(beat.sharpness));
        self.backgrounds.push(f64::from(beat.surroundings));
        self.shapes.learn(&beat.steps, clean);
        if let Some(rr) = since {
            let (step, largest) = IRREGULARITY_STEP;
            let deviation = (rr / self.rr()).ln().abs().min(largest);
            self.irregularity += step * (deviation - self.irregularity);
            self.intervals.push(rr);
        }
    }

    /// A candidate is turned down.
    pub(super) fn no_beat(&mut self, other: &Candidate) {
        self.others.push(f64::from(other.height));
    }

    /// No beat came for long: what is expected of one may be too much.
    pub(super) fn fade(&mut self, factor: f64) {
        for recent in [&mut self.heights, &mut self.slopes, &mut self.sharpnesses] {
            recent.fade(factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_the_latest_eight_counts() {
        let mut recent = Recent::new(0.8);
        assert_eq!(recent.median, 0.8);
        recent.push(3.0);
        recent.push(1.0);
        assert_eq!(recent.median, 2.0);
        (0..8).for_each(|_| recent.push(5.0));
        recent.push(1e9);
        assert_eq!(recent.median, 5.0);
    }

    #[test]
    fn the_rhythm_settles_on_its_interval() {
        let mut levels = Levels::new();
        let beat = Candidate {
            at: 0,
            height: 1000.0,
            slope: 400.0,
            sharpness: 500.0,
            surroundings: 20.0,
            aftermath: 20.0,
            steps: [0.0; STEPS],
        };
        levels.begin(&[beat]);
        assert_eq!(levels.height(), 750.0);
        (0..40).for_each(|_| levels.beat(&beat, Some(1.1), 1.0));
        assert_eq!((levels.rr(), levels.height()), (1.1, 1000.0));
        assert!(levels.irregularity() < 0.02);
        levels.fade(0.5);
        assert_eq!(levels.height(), 500.0);
    }
}
