//! How much deflections resemble one another.

use crate::dsp::Four;

/// The shape compared: this long before and after the deflection, in seconds.
const SHAPE_S: (f64, f64) = (0.20, 0.36);
/// Shapes are shifted by up to this against each other, in seconds.
const SHIFT_S: f64 = 0.025;
/// Lags worked out together: up to 140 samples a second, and up to the highest reduced rate, 200.
const FEW: usize = 8;
const MANY: usize = 12;
/// Most deflections looked at in one neighbourhood; 10 s at 240 a minute.
pub(super) const MOST: usize = 48;

/// How similar the most similar other deflection is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Twin {
    /// Correlation, which does not ask for equal heights.
    pub correlation: f32,
    /// `2 a.b / (a.a + b.b)` at the same shift, which does.
    pub equality: f32,
}

impl Twin {
    const NONE: Self = Self { correlation: -1.0, equality: -1.0 };

    fn better(self, other: Self) -> Self {
        // Neither can be NaN: plain comparisons spare the check for it.
        let larger = |a, b| if a > b { a } else { b };
        Self {
            correlation: larger(self.correlation, other.correlation),
            equality: larger(self.equality, other.equality),
        }
    }
}

/// A deflection whose whole shape is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deflection {
    /// Its place in the neighbourhood.
    pub at: usize,
    /// Level of the QRS band, in microvolts.
    pub height: f64,
    /// The most similar other.
    pub twin: Twin,
    /// Row of the table of pairs, and whether it holds anything yet.
    row: usize,
    fresh: bool,
    moments: Moments,
}

/// Of a shape at each lag.
#[derive(Debug, Clone, Copy)]
struct Moments {
    sum: [f32; MANY],
    squares: [f32; MANY],
    /// One over the root of the squares about the mean; 0 of a constant.
    spread: [f32; MANY],
}

/// Compares shapes. What two deflections have in common is worked out once, when the second of them comes into the
/// neighbourhood, and goes when the first one leaves. Sums are of `f32`, lag beside lag: what they lose is far below
/// what noise changes.
#[derive(Debug, Clone)]
pub(super) struct Twins {
    before: usize,
    length: usize,
    shift: usize,
    lags: usize,
    found: Vec<Deflection>,
    earlier: Vec<Deflection>,
    /// `MOST` rows and columns.
    pairs: Vec<Twin>,
}

impl Twins {
    /// `rate`: samples a second, 200 at most.
    pub(super) fn new(rate: f64) -> Self {
        let samples = |seconds: f64| ((seconds * rate).round() as usize).max(1);
        let before = samples(SHAPE_S.0);
        let shift = samples(SHIFT_S).min((MANY - 1) / 2);
        Self {
            before,
            length: (before + samples(SHAPE_S.1)).next_multiple_of(2),
            shift,
            lags: if 2 * shift < FEW { FEW } else { MANY },
            found: Vec::with_capacity(MOST),
            earlier: Vec::with_capacity(MOST),
            pairs: vec![Twin::NONE; MOST * MOST],
        }
    }

    /// The deflections compared last.
    pub(super) fn found(&self) -> &[Deflection] {
        &self.found
    }

    /// The neighbourhood has moved on by so many samples.
    pub(super) fn advance(&mut self, samples: usize) {
        let margin = self.before + self.shift;
        self.found.retain_mut(|d| {
            let stays = d.at >= samples + margin;
            d.at = d.at.saturating_sub(samples);
            stays
        });
    }

    /// Nothing of the neighbourhood so far is there any longer.
    pub(super) fn forget(&mut self) {
        self.found.clear();
    }

    /// Takes up the deflections of `peaks` (place, height; in order) whose shape lies within the neighbourhood and is
    /// valid, and holds each against all others.
    pub(super) fn compare(
        &mut self,
        shape: &[f32],
        is_valid: impl Fn(core::ops::Range<usize>) -> bool,
        peaks: impl Iterator<Item = (usize, f64)>,
    ) {
        core::mem::swap(&mut self.found, &mut self.earlier);
        self.found.clear();
        let mut taken = [false; MOST];
        for (at, height) in peaks.take(MOST) {
            let Some(from) = at.checked_sub(self.before + self.shift) else { continue };
            let reach = from..from + self.length + self.lags - 1;
            let Some(samples) = shape.get(reach.clone()).filter(|_| is_valid(reach)) else { continue };
            let known = self.earlier.iter().find(|d| d.at == at);
            let deflection = known.map_or_else(
                || {
                    let moments = Moments::new(samples, self.length);
                    Deflection { at, height, twin: Twin::NONE, row: 0, fresh: true, moments }
                },
                |d| Deflection { height, twin: Twin::NONE, fresh: false, ..*d },
            );
            if let Some(taken) = taken.get_mut(deflection.row).filter(|_| !deflection.fresh) {
                *taken = true;
            }
            self.found.push(deflection);
        }
        let mut free = (0..MOST).zip(taken).filter(|(_, taken)| !taken).map(|(row, _)| row);
        for deflection in self.found.iter_mut().filter(|d| d.fresh) {
            deflection.row = free.next().unwrap_or(0);
        }
        self.pair_up(shape);
    }

    fn pair_up(&mut self, shape: &[f32]) {
        let (length, before, shift, lags) = (self.length, self.before, self.shift, self.lags);
        let mut rest = self.found.as_mut_slice();
        while let Some((one, others)) = rest.split_first_mut() {
            let still = shape.get(one.at - before..).and_then(|s| s.get(..length)).unwrap_or(&[]);
            for other in others.iter_mut() {
                let Some(pair) = self.pairs.get_mut(one.row.min(other.row) * MOST + one.row.max(other.row))
                else {
                    continue;
                };
                if one.fresh || other.fresh {
                    let from = other.at - before - shift;
                    let moving = shape.get(from..from + length + lags - 1).unwrap_or(&[]);
                    let products = products(lags, still, moving);
                    *pair = one.moments.resemblance(shift, &other.moments, &products, length);
                }
                one.twin = one.twin.better(*pair);
                other.twin = other.twin.better(*pair);
            }
            rest = others;
        }
    }
}

impl Moments {
    fn new(samples: &[f32], length: usize) -> Self {
        let (mut sum, mut squares, mut spread) = ([0.0; MANY], [0.0; MANY], [0.0; MANY]);
        // Fewer lags than the table holds stand at its start.
        for lags in samples.windows(MANY.min(samples.len() + 1 - length)).take(length) {
            for ((sum, squares), v) in sum.iter_mut().zip(&mut squares).zip(lags) {
                *sum += v;
                *squares += v * v;
            }
        }
        for ((spread, sum), squares) in spread.iter_mut().zip(&sum).zip(&squares) {
            let variance = squares - sum * sum / length as f32;
            // What a constant leaves is rounding.
            if variance > 1e-6 * squares && variance > 1e-9 {
                *spread = 1.0 / variance.sqrt();
            }
        }
        Self { sum, squares, spread }
    }

    /// The greatest Pearson's correlation over all lags of the other, and the share of what both have in common
    /// there; 0 for a constant.
    fn resemblance(&self, shift: usize, other: &Self, products: &[f32; MANY], length: usize) -> Twin {
        let at = |values: &[f32; MANY]| values.get(shift).copied().unwrap_or(0.0);
        let (sum, squares, spread) = (at(&self.sum), at(&self.squares), at(&self.spread));
        let mean = sum / length as f32;
        let (mut best, mut common) = (-1.0, (0.0, 1.0));
        let lags = products.iter().zip(&other.sum).zip(other.squares.iter().zip(&other.spread));
        for ((product, sum), (other_squares, other_spread)) in lags.take(2 * shift + 1) {
            let correlation = (product - mean * sum) * other_spread;
            if correlation * spread > best {
                best = correlation * spread;
                common = (2.0 * product, squares + other_squares);
            }
        }
        let equality = if best == 0.0 || common.1 <= 0.0 { 0.0 } else { common.0 / common.1 };
        Twin { correlation: best, equality }
    }
}

/// Sum of products at each lag, a whole number of fours. `moving` is longer by one less than the lags, both halves run
/// side by side.
fn products(lags: usize, still: &[f32], moving: &[f32]) -> [f32; MANY] {
    let half = still.len() / 2;
    let (first, second) = still.split_at(half);
    let mut all = [0.0; MANY];
    for (all, from) in all.chunks_mut(4).zip((0..lags).step_by(4)) {
        let sums = four_lags(first, moving.get(from..).unwrap_or(&[]));
        let more = four_lags(second, moving.get(from + half..).unwrap_or(&[]));
        all.copy_from_slice(&(sums + more).lanes());
    }
    all
}

/// Sum of products at the first four lags.
fn four_lags(still: &[f32], moving: &[f32]) -> Four {
    let mut sums = Four::all(0.0);
    let Some((start, rest)) = moving.split_first_chunk() else { return sums };
    let mut window = Four::new(*start);
    // What follows the last window is never multiplied.
    for (x, next) in still.iter().zip(rest.iter().chain(&[0.0])) {
        sums = sums + Four::all(*x) * window;
        window = window.moved_on(Four::all(*next));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_twin_although_shifted_larger_and_on_another_level() {
        let rate = 130.0;
        let bump = |i: usize, at: f64, uv: f64| uv * (-((i as f64 - at) / 4.0).powi(2)).exp();
        let shape: Vec<f32> = (0..1300)
            .map(|i| {
                let other = 300.0 * ((i as f64 - 900.0) / 9.0).sin() * f64::from(u8::from(i > 800));
                (bump(i, 200.0, 800.0) + bump(i, 502.0, 1000.0) + other) as f32
            })
            .collect();
        let mut twins = Twins::new(rate);
        let peaks = [(10, 1.0), (200, 1.0), (500, 1.0), (900, 1.0), (1290, 1.0)];
        twins.compare(&shape, |_| true, peaks.into_iter());
        let found: Vec<usize> = twins.found().iter().map(|d| d.at).collect();
        assert_eq!(found, [200, 500, 900]);
        let of = |i: usize| twins.found()[i].twin;
        assert_eq!(of(0), of(1));
        assert!(of(0).correlation > 0.999, "{:?}", of(0));
        assert!((of(0).equality - 2.0 * 0.8 / 1.64).abs() < 1e-3, "{:?}", of(0));
        assert!(of(2).correlation < 0.6);
        twins.compare(&shape, |range| !range.contains(&190), peaks.into_iter());
        assert_eq!(twins.found().len(), 2);
        twins.forget();
        twins.compare(&[5.0; 1300], |_| true, peaks.into_iter());
        assert!(twins.found().iter().all(|d| d.twin == Twin { correlation: 0.0, equality: 0.0 }));
    }
}
