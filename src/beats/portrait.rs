//! A beat as a picture: the signal around its R peak, smoothed.

use crate::dsp::{dot, Strip};
use crate::units::SamplePlace;

/// Samples of the picture, at the strip's rate, and how many of them lie before the R peak.
const LENGTH: usize = 250;
pub(super) const BEFORE: usize = 150;
/// The complex: from 100 ms before the R peak to 140 ms after it.
pub(super) const COMPLEX: usize = 60;
const COMPLEX_FROM: i32 = -25;
/// The picture is looked at this many samples earlier and later, to lay one beat over another: 40 ms.
pub(super) const SHIFT: i32 = 10;
/// The stretch before the complex in which its P wave lies, every second sample: from 272 to 68 ms before the R peak.
pub(super) const EARLY: usize = 26;
pub(super) const EARLY_FROM: i32 = -68;
/// The stretch after the complex, every second sample: from 104 to 352 ms after the R peak.
pub(super) const LATE: usize = 32;
pub(super) const LATE_FROM: i32 = 26;
/// No index is farther from the start of a segment: a century.
const FAR: f64 = 1e12;
/// Weights of the smoothing: two running means, which take out 62.5 Hz and most of the mains.
const SMOOTH: [f32; 5] = [0.125, 0.25, 0.25, 0.25, 0.125];

/// The signal around an R peak, in microvolts.
#[derive(Clone, Copy)]
pub(super) struct Portrait {
    values: [f32; LENGTH],
    /// Sum of the squares of the complex about its mean, by how far it is moved.
    squares: [f32; 2 * SHIFT as usize + 3],
    /// How wide the complex is: standard deviation of the time at which its slopes lie, in seconds.
    pub spread_s: f32,
    /// Time from the first to the last slope of the complex that is at least a sixth of the steepest, in seconds.
    pub extent_s: f32,
    /// Root mean square slope of the complex over its root mean square height, per second: narrow complexes have more.
    pub steepness: f32,
    /// Root mean square of what is too quick for a wave before the complex, in microvolts.
    pub noise_uv: f32,
}

impl Portrait {
    pub(super) const BLANK: Self = Self {
        values: [0.0; LENGTH],
        squares: [1.0; 2 * SHIFT as usize + 3],
        spread_s: 0.0,
        extent_s: 0.0,
        steepness: 0.0,
        noise_uv: 0.0,
    };

    pub(super) fn new(strip: &Strip, at: SamplePlace) -> Self {
        let mut raw = [0.0; LENGTH + 4];
        // A place that is none reads as one far outside.
        let index = strip.index(at).round();
        let index = if index.abs() < FAR { index } else { FAR };
        strip.copy(index as i64 - BEFORE as i64 - 2, &mut raw);
        let mut portrait = Self::BLANK;
        for (value, near) in portrait.values.iter_mut().zip(raw.windows(SMOOTH.len())) {
            *value = near.iter().zip(SMOOTH).map(|(x, w)| x * w).sum();
        }
        let quick = |near: &[f32]| {
            near.first().zip(near.get(1)).zip(near.get(2)).map_or(0.0, |((a, b), c)| a - 2.0 * b + c)
        };
        let early = raw.get(BEFORE - 75..BEFORE - 15).unwrap_or(&[]);
        let square: f32 = early.windows(3).map(|near| quick(near).powi(2)).sum();
        portrait.noise_uv = (square / 58.0 / 6.0).sqrt();
        portrait.level();
        portrait.measure();
        portrait
    }

    fn level(&mut self) {
        let (mut sum, mut squares) = (0.0_f64, 0.0_f64);
        let count = COMPLEX as f64;
        let all = self.stretch(COMPLEX_FROM - SHIFT - 1, COMPLEX + self.squares.len());
        let mut levels = [1.0; 2 * SHIFT as usize + 3];
        for (i, x) in all.iter().map(|x| f64::from(*x)).enumerate() {
            if let Some(done) = i.checked_sub(COMPLEX) {
                if let Some(level) = levels.get_mut(done) {
                    *level = ((squares - sum * sum / count) as f32).max(1e-3);
                }
                let leaves = all.get(done).map_or(0.0, |x| f64::from(*x));
                sum -= leaves;
                squares -= leaves * leaves;
            }
            sum += x;
            squares += x * x;
        }
        self.squares = levels;
    }

    /// Sum of squares about its mean of the complex, moved by so many samples.
    pub(super) fn square(&self, shift: i32) -> f32 {
        let place = usize::try_from(shift + SHIFT + 1).unwrap_or(0);
        self.squares.get(place).copied().unwrap_or(1.0)
    }

    /// Spread and steepness from the squares of the slopes within 140 ms before and 200 ms after the R peak.
    fn measure(&mut self) {
        let (mut sum, mut first, mut second) = (0.0_f32, 0.0_f32, 0.0_f32);
        let near = self.stretch(-36, 88);
        for (near, i) in near.windows(3).zip(0_u8..) {
            let slope = near.last().zip(near.first()).map_or(0.0, |(b, a)| b - a);
            let (square, t) = (slope * slope, f32::from(i));
            sum += square;
            first += t * square;
            second += t * t * square;
        }
        let sum = sum.max(1e-6);
        let mean = first / sum;
        self.spread_s = (second / sum - mean * mean).max(0.0).sqrt() / Strip::RATE_HZ as f32;
        let slope = |near: &[f32]| near.last().zip(near.first()).map_or(0.0, |(b, a)| (b - a).abs());
        let wide = self.stretch(-32, 80);
        let steepest = self.complex(0).windows(3).map(slope).fold(0.0, f32::max);
        let steep = |near: &[f32]| slope(near) * 6.0 > steepest;
        let first = wide.windows(3).position(steep).unwrap_or(0);
        let last = wide.windows(3).rposition(steep).unwrap_or(0);
        self.extent_s = last.saturating_sub(first) as f32 / Strip::RATE_HZ as f32;
        let complex = self.complex(0);
        let mean = complex.iter().sum::<f32>() / COMPLEX as f32;
        let height: f32 = complex.iter().map(|v| (v - mean).powi(2)).sum();
        let slopes: f32 =
            complex.windows(2).map(|w| w.last().zip(w.first()).map_or(0.0, |(b, a)| (b - a).powi(2))).sum();
        self.steepness = (slopes / height.max(1e-6)).sqrt() * Strip::RATE_HZ as f32;
    }

    /// So many samples from one on, counted from the R peak; nothing where the picture does not reach.
    pub(super) fn stretch(&self, from: i32, length: usize) -> &[f32] {
        let start = usize::try_from(BEFORE as i32 + from).unwrap_or(0);
        self.values.get(start..(start + length).min(LENGTH)).unwrap_or(&[])
    }

    /// The complex, moved by so many samples.
    pub(super) fn complex(&self, shift: i32) -> &[f32] {
        self.stretch(COMPLEX_FROM + shift, COMPLEX)
    }

    /// What comes before the complex, moved by so many samples, without its straight trend.
    pub(super) fn early(&self, shift: i32) -> [f32; EARLY] {
        detrended(self.stretch(EARLY_FROM + shift, 2 * EARLY))
    }

    /// What comes after it, less the level before the complex.
    pub(super) fn late(&self, shift: i32) -> [f32; LATE] {
        let level = self.stretch(-26 + shift, 8).iter().sum::<f32>() / 8.0;
        let mut part = [0.0; LATE];
        let source = self.stretch(LATE_FROM + shift, 2 * LATE);
        part.iter_mut().zip(source.iter().step_by(2)).for_each(|(p, v)| *p = v - level);
        part
    }
}

/// Every second sample of the first ones, without their straight trend.
pub(super) fn detrended<const N: usize>(source: &[f32]) -> [f32; N] {
    let mut part = [0.0; N];
    part.iter_mut().zip(source.iter().step_by(2)).for_each(|(p, v)| *p = *v);
    let times: [f32; N] = core::array::from_fn(|i| i as f32 - (N as f32 - 1.0) / 2.0);
    let mean = dot(&part, &[1.0; N]) / N as f32;
    // The sum of the squares of the times.
    let square = N as f32 * (N as f32 * N as f32 - 1.0) / 12.0;
    let slope = dot(&part, &times) / square;
    part.iter_mut().zip(times).for_each(|(v, t)| *v -= mean + slope * t);
    part
}

/// Correlation of two complexes where the second fits best over the first, -1 to 1.
pub(super) fn resemblance(a: &Portrait, b: &Portrait) -> f32 {
    let mut own = [0.0; COMPLEX];
    let mean = dot(a.complex(0), &[1.0; COMPLEX]) / COMPLEX as f32;
    own.iter_mut().zip(a.complex(0)).for_each(|(c, v)| *c = v - mean);
    // The mean of the second adds nothing to a product with what has none.
    let like = |shift| dot(&own, b.complex(shift)) / (a.square(0) * b.square(shift)).sqrt();
    (-SHIFT / 2..=SHIFT / 2).step_by(2).map(like).fold(-1.0, f32::max)
}

/// Cosine between two stretches without offset, -1 to 1.
pub(super) fn likeness(a: &[f32], b: &[f32]) -> f32 {
    dot(a, b) / (dot(a, a).max(1e-3) * dot(b, b).max(1e-3)).sqrt()
}
