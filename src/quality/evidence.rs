//! Evidence of heart beats in a window and its neighbourhood: deflections in the QRS band that stand out of
//! their surroundings and resemble one another.
//!
//! After C. Orphanidou et al., "Signal-quality indices for the electrocardiogram and photoplethysmogram",
//! IEEE J Biomed Health Inform 19 (2015): agreement of the beats with a template. Deviation: each beat is
//! held against its most similar neighbour, not against one average, so that bigeminy, paced and ectopic
//! beats and AF agree as well; and nothing is asked of the RR intervals.

use super::envelope::{percentile, Envelope};
use super::twins::{Twins, MOST};
use crate::units::{larger, smaller};

/// A deflection counts from this share of the typical largest one.
const CANDIDATE_SHARE: f64 = 0.4;
/// Resemblance (correlation) from which two deflections are beats.
const ALIKE: f64 = 0.8;

/// What was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// Deflections in the neighbourhood whose whole shape is there, and those of them that have a twin.
    pub near: usize,
    /// Those of them that have a twin.
    pub near_alike: usize,
    /// The same within the window itself.
    pub inside: usize,
    /// Those of them that have a twin.
    pub inside_alike: usize,
    /// Mean correlation of the deflections inside (or, without one, near) with their twins.
    pub resemblance: f64,
    /// Typical height of a beat in the QRS band, in microvolts; of the largest deflections without beats.
    pub height: f64,
    /// Level of the QRS band between the deflections of the window, in microvolts.
    pub floor: f64,
    /// Largest level of the QRS band in the window, in microvolts.
    pub top: f64,
    /// From the last beat before to the first beat after the middle of the window, in seconds.
    pub silence_s: f64,
    /// Largest peak to peak of the shape band in the window, in microvolts.
    pub shape_range: f64,
    /// How much the neighbourhood looks like an ECG rather than bumps, see [`Search::likeness`].
    pub likeness: f64,
    /// Median root mean square frequency of the deflections, held between 7 and 11 Hz.
    pub sharpness: f64,
}

/// Looks for beats; owns the space it needs.
#[derive(Debug, Clone)]
pub(super) struct Search {
    rate: f64,
    window: usize,
    envelope: Envelope,
    twins: Twins,
    sorted: Vec<f64>,
}

/// The neighbourhood: [`NEIGHBOURHOOD`](super::envelope::NEIGHBOURHOOD) windows of equal length, the middle one
/// under judgement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbourhood<'a> {
    pub shape: &'a [f32],
    pub qrs: &'a [f32],
    pub valid: &'a [bool],
}

impl Search {
    /// `rate`: samples a second after decimation; `window`: samples of one window.
    pub(super) fn new(rate: f64, window: usize) -> Self {
        Self {
            rate,
            window,
            envelope: Envelope::new(rate, window),
            twins: Twins::new(rate),
            sorted: Vec::with_capacity(MOST),
        }
    }

    /// A window has come in at the end of the neighbourhood.
    pub(super) fn enter(&mut self, around: Neighbourhood<'_>) {
        self.envelope.enter(around.qrs, around.valid);
        self.twins.advance(self.window);
    }

    /// The level of the QRS band in the window under judgement, see [`Envelope::trace`].
    pub(super) fn trace(&self) -> impl Iterator<Item = f32> + '_ {
        self.envelope.trace()
    }

    /// Nothing of the windows so far is known any longer.
    pub(super) fn forget(&mut self) {
        self.envelope.forget();
        self.twins.forget();
    }

    /// Judges the window `from..to` in the middle of the neighbourhood. `swing_log` is the mean over its windows of
    /// the logarithm of the baseline's swing (0.7 to 0.8 Hz, so that a strap's high-pass changes it little) in
    /// microvolts.
    pub(super) fn look(
        &mut self,
        around: Neighbourhood<'_>,
        from: usize,
        to: usize,
        swing_log: f64,
    ) -> Evidence {
        let typical = self.envelope.typical_height();
        let whole = self.envelope.is_whole();
        let valid = |range: core::ops::Range<usize>| {
            whole || around.valid.get(range).is_some_and(|span| span.iter().all(|v| *v))
        };
        self.twins.compare(around.shape, valid, self.envelope.peaks(CANDIDATE_SHARE * typical));
        let mut e = self.count(from, to, around.qrs.len());
        if e.near_alike == 0 {
            e.height = typical;
        }
        let level = self.envelope.middle();
        (e.floor, e.top) = (level.floor, level.top);
        e.shape_range = range(around, from, to);
        (e.likeness, e.sharpness) = self.likeness(around.qrs, e.height, swing_log);
        e
    }

    fn count(&mut self, from: usize, to: usize, length: usize) -> Evidence {
        let mut e = Evidence::default();
        let (mut last, mut next) = (None, None);
        let middle = (from + to) / 2;
        let (mut sum_near, mut sum_inside) = (0.0, 0.0);
        self.sorted.clear();
        for d in self.twins.found() {
            let alike = f64::from(d.twin.correlation);
            let (inside, good) = ((from..to).contains(&d.at), alike >= ALIKE);
            e.near += 1;
            sum_near += alike.max(0.0);
            e.inside += usize::from(inside);
            sum_inside += if inside { alike.max(0.0) } else { 0.0 };
            if good {
                e.near_alike += 1;
                e.inside_alike += usize::from(inside);
                self.sorted.push(d.height);
                if d.at <= middle {
                    last = Some(d.at);
                } else {
                    next = next.or(Some(d.at));
                }
            }
        }
        e.resemblance = match (e.inside, e.near) {
            (0, 0) => 0.0,
            (0, n) => sum_near / n as f64,
            (n, _) => sum_inside / n as f64,
        };
        e.height = percentile(&mut self.sorted, 0.5);
        e.silence_s = (next.unwrap_or(length) - last.unwrap_or(0)) as f64 / self.rate;
        e
    }

    /// Electrode motion makes bumps that resemble one another about as well as beats do. What tells them
    /// apart, none of it alone: beats stand out of the floor more, ride on a calmer baseline, repeat with
    /// the same height, and are sharper. This is the sum of
    /// `ln(height / floor) - ln(swing / height) - ln(1 - equality) + 0.7 (sharpness - 9 Hz)`, each term a
    /// mean over the neighbourhood; wide QRS complexes lack the last term and make up for it in the others. The
    /// sharpness follows.
    fn likeness(&mut self, qrs: &[f32], height: f64, swing_log: f64) -> (f64, f64) {
        const SHARPNESS_HZ: (f64, f64) = (7.0, 11.0);
        if height <= 0.0 {
            return (0.0, 0.0);
        }
        let height_log = height.ln();
        let stand_out = height_log - self.floor_log(height);
        let calm = (height_log - swing_log).min(3.0);
        let sharpness = self.sharpness(qrs).clamp(SHARPNESS_HZ.0, SHARPNESS_HZ.1);
        let (mut alike, mut count) = (0.0, 0.0);
        for d in self.twins.found() {
            alike -= f64::from(1.0 - d.twin.equality.max(0.0)).max(0.01).ln();
            count += 1.0;
        }
        let alike: f64 = if count > 0.0 { alike / count } else { 0.0 };
        (stand_out + calm + alike + 0.7 * (sharpness - 9.0), sharpness)
    }

    /// Mean over the windows of the logarithm of the level between beats.
    fn floor_log(&self, height: f64) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for level in self.envelope.known() {
            sum += level.floor.max(0.01 * height).ln();
            count += 1.0;
        }
        if count > 0.0 {
            sum / count
        } else {
            height.ln()
        }
    }

    /// Median over the deflections of the root mean square frequency within 80 ms of each, in hertz.
    fn sharpness(&mut self, qrs: &[f32]) -> f64 {
        let half = ((0.08 * self.rate).round() as usize).max(1);
        self.sorted.clear();
        for d in self.twins.found() {
            let span = qrs.get(d.at.saturating_sub(half)..d.at + half).unwrap_or(&[]);
            let (mut energy, mut slope, mut before) = (0.0, 0.0, None);
            for v in span {
                energy += v * v;
                slope += before.map_or(0.0, |b: f32| (v - b) * (v - b));
                before = Some(*v);
            }
            if energy > 0.0 {
                self.sorted.push(f64::from(slope) / f64::from(energy));
            }
        }
        // The median of the squares is the square of the median.
        let half_angle = (percentile(&mut self.sorted, 0.5).sqrt() / 2.0).min(1.0).asin();
        half_angle * self.rate / core::f64::consts::PI
    }
}

/// Peak to peak of what is known of the shape band in a window, in microvolts.
fn range(around: Neighbourhood<'_>, from: usize, to: usize) -> f64 {
    let (Some(shape), Some(valid)) = (around.shape.get(from..to), around.valid.get(from..to)) else {
        return 0.0;
    };
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    for (v, valid) in shape.iter().zip(valid) {
        low = smaller(low, if *valid { *v } else { low });
        high = larger(high, if *valid { *v } else { high });
    }
    if high > low {
        f64::from(high) - f64::from(low)
    } else {
        0.0
    }
}
