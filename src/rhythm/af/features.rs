//! What a window of RR intervals looks like.

use crate::dsp::sort_short;
use crate::units::{larger, smaller};

/// Intervals of a window.
pub const WINDOW: usize = 32;
/// Fewest intervals that are looked at.
pub const FEWEST: usize = 8;
/// Features of a window.
pub const FEATURES: usize = 32;

/// Shares of the pairs of templates at which radii are taken.
const SHARES: [f32; 4] = [0.01, 0.03, 0.1, 0.3];
/// Least radius of the entropy, in milliseconds (Lake and Moorman 2011).
const RADIUS_MS: f32 = 30.0;
/// Bins of distances, over eight octaves.
const BINS: usize = 64;
/// Bounds of a repeated interval, as a share of the mean.
const SAME: [f32; 2] = [0.03, 0.10];
/// Beats after which a pattern may repeat: 2 in bigeminy, 3 in trigeminy.
const LAGS: [usize; 3] = [2, 3, 4];
/// Matches below which a radius is too small for an entropy (Lake and Moorman 2011 widen it until there are five).
const MATCHES: u32 = 5;
/// Relative distances are not told apart below this: intervals of 250 Hz have steps of 4 ms.
const FINEST: f32 = 0.003_906_25;

/// The features of up to [`WINDOW`] successive intervals in milliseconds, of order 1 each; `None` of fewer than
/// [`FEWEST`].
///
/// - coefficient of sample entropy (Lake and Moorman 2011; m = 1, the radius widened from 30 ms by a twelfth at a time
///   until five templates match); the radius at which 1, 3, 10 and 30 % of the templates match, and the entropy there;
/// - logarithms of the mean interval, of its coefficient of variation and of the RMSSD over the mean;
/// - shares of successive differences above four bounds, their quartile, median and third quartile;
/// - for 2, 3 and 4 beats: logarithm of the mean change after so many beats over that after one, and shares of intervals
///   that return: in bigeminy and trigeminy they do, in fibrillation they do not;
/// - share of turning points (Dash 2009); of early beats with a late one after them;
/// - mean logarithm of the distance to the nearest neighbour among pairs of successive intervals, and among single
///   ones: how much of the plane of Lian 2011 is filled, without its cells.
#[must_use]
pub fn features(rr_ms: &[f32]) -> Option<[f32; FEATURES]> {
    let n = rr_ms.len().min(WINDOW);
    if n < FEWEST {
        return None;
    }
    let mean = (rr_ms.iter().take(n).sum::<f32>() / n as f32).max(1.0);
    let mut x = [0.0_f32; WINDOW];
    x.iter_mut().zip(rr_ms).for_each(|(to, ms)| *to = ms / mean);
    let x = x.get(..n)?;
    let mut out = Out { list: [0.0; FEATURES], next: 0 };
    out.put((mean / 800.0).ln());
    spread(x, &mut out);
    entropy(x, mean, &mut out);
    repeats(x, &mut out);
    order(x, &mut out);
    Some(out.list)
}

struct Out {
    list: [f32; FEATURES],
    next: usize,
}

impl Out {
    fn put(&mut self, value: f32) {
        if let Some(slot) = self.list.get_mut(self.next) {
            *slot = value;
        }
        self.next += 1;
    }
}

fn log(value: f32) -> f32 {
    larger(value, FINEST).ln()
}

fn differences(x: &[f32], lag: usize) -> impl Iterator<Item = f32> + '_ {
    x.iter().zip(x.iter().skip(lag)).map(|(a, b)| (b - a).abs())
}

fn share(count: usize, of: usize) -> f32 {
    count as f32 / of.max(1) as f32
}

fn spread(x: &[f32], out: &mut Out) {
    let n = x.len() as f32;
    out.put(log((x.iter().map(|v| (v - 1.0) * (v - 1.0)).sum::<f32>() / n).sqrt()));
    out.put(log((differences(x, 1).map(|d| d * d).sum::<f32>() / (n - 1.0)).sqrt()));
    let mut sizes = [f32::MAX; WINDOW];
    sizes.iter_mut().zip(differences(x, 1)).for_each(|(to, d)| *to = d);
    sort_short(&mut sizes);
    let sizes = sizes.get(..x.len() - 1).unwrap_or_default();
    for bound in [0.02, 0.05, 0.10, 0.20] {
        out.put(share(sizes.len() - sizes.partition_point(|d| *d <= bound), sizes.len()));
    }
    for quarter in 1..=3 {
        out.put(log(sizes.get(quarter * sizes.len() / 4).copied().unwrap_or(0.0)));
    }
}

/// Template matches by their distance, and nearest neighbours.
fn entropy(x: &[f32], mean: f32, out: &mut Out) {
    let n = x.len();
    let (mut single, mut double) = ([0_u32; BINS], [0_u32; BINS]);
    let mut nearest = [f32::MAX; WINDOW];
    for i in 0..n - 1 {
        let (Some([a, b]), Some(rest)) = (x.get(i..i + 2), x.get(i + 1..)) else { continue };
        let mut own = f32::MAX;
        for (pair, far) in rest.windows(2).zip(nearest.iter_mut().skip(i + 1)) {
            let [c, d] = pair else { continue };
            let first = (a - c).abs();
            let both = larger(first, (b - d).abs());
            count(&mut single, first);
            count(&mut double, both);
            own = smaller(both, own);
            *far = smaller(both, *far);
        }
        if let Some(slot) = nearest.get_mut(i) {
            *slot = smaller(own, *slot);
        }
    }
    let pairs = ((n - 1) * (n - 2) / 2) as f32;
    // Numbers of matches within the outer edge of each bin.
    let (mut s, mut t) = (0, 0);
    single.iter_mut().for_each(|c| (s += *c, *c = s).1);
    double.iter_mut().for_each(|c| (t += *c, *c = t).1);
    let at = |bin: usize| {
        let [s, t] = [&single, &double].map(|c| c.get(bin).copied().unwrap_or(0) as f32);
        (((s + 0.5) / (t + 0.5)).ln(), edge(bin).ln())
    };
    for share in SHARES {
        let bin = double.partition_point(|t| (*t as f32) < share * pairs).min(BINS - 1);
        let (candidates, radius) = at(bin);
        out.put(radius);
        out.put(candidates);
    }
    let enough = double.partition_point(|t| *t < MATCHES).max(bin_of(RADIUS_MS / mean));
    let (candidates, radius) = at(enough.min(BINS - 1));
    out.put(candidates + radius + 2.0_f32.ln());
    let near = nearest.iter().take(n - 1).map(|d| log(*d)).sum::<f32>();
    out.put(near / (n - 1) as f32);
}

fn count(bins: &mut [u32; BINS], distance: f32) {
    if let Some(count) = bins.get_mut(bin_of(distance)) {
        *count += 1;
    }
}

/// Eight bins an octave: the exponent and three bits of the mantissa.
fn bin_of(distance: f32) -> usize {
    (((larger(distance, FINEST).to_bits() - FINEST.to_bits()) >> 20) as usize).min(BINS - 1)
}

/// The outer edge of a bin.
fn edge(bin: usize) -> f32 {
    f32::from_bits(FINEST.to_bits() + ((bin as u32 + 1) << 20))
}

fn repeats(x: &[f32], out: &mut Out) {
    let size = |lag| differences(x, lag).sum::<f32>() / (x.len() - lag) as f32;
    let next = log(size(1));
    for lag in LAGS {
        out.put(log(size(lag)) - next);
        for same in SAME {
            out.put(share(differences(x, lag).filter(|d| *d < same).count(), x.len() - lag));
        }
    }
}

fn order(x: &[f32], out: &mut Out) {
    let n = x.len();
    let turns = x.windows(3).filter(|w| matches!(w, [a, b, c] if (b - a) * (c - b) < 0.0)).count();
    out.put(share(turns, n - 2));
    let early = x.windows(3).filter(|w| matches!(w, [a, b, c] if *b < 0.88 * a && *c > 1.12 * b)).count();
    out.put(share(early, n - 2));
    let mut sorted = [f32::MAX; WINDOW];
    sorted.iter_mut().zip(x).for_each(|(to, v)| *to = *v);
    sort_short(&mut sorted);
    let sorted = sorted.get(..n).unwrap_or_default();
    let steps = sorted.windows(2).map(|w| if let [a, b] = w { log(b - a) } else { 0.0 });
    out.put(steps.sum::<f32>() / (n - 1) as f32);
}
