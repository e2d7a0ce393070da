//! RR intervals of a stretch.

use super::features::{deviation, listed, mean, part_of, quantile, Out};
use super::stretch::Stretch;
use crate::rhythm::af::{window_features, AF_FEATURES, AF_WINDOW};

/// Features of a series of intervals.
pub(super) const INTERVALS: usize = 26;
/// Features of this part.
pub(super) const COUNT: usize = INTERVALS + AF_FEATURES;

pub(super) fn features(stretch: &Stretch, out: &mut Out) {
    let rr = listed(stretch.beats.len(), &|i| stretch.beats.get(i)?.rr_s);
    intervals(&rr, out);
    windows(&rr, out);
}

/// How long they are, how they change, and which are early.
pub(super) fn intervals(rr: &[f32], out: &mut Out) {
    let middle = quantile(&mut rr.to_vec(), 0.5).max(0.2);
    let x = listed(rr.len(), &|i| Some(rr.get(i)? / middle));
    out.put(rr.len() as f32);
    out.put(middle);
    out.put(mean(rr));
    out.quantiles(&mut x.clone(), &[0.0, 0.05, 0.25, 0.75, 0.95, 1.0]);
    out.put(deviation(&x));
    let mut steps = listed(x.len(), &|i| Some((x.get(i + 1)? - x.get(i)?).abs()));
    out.put((steps.iter().map(|d| d * d).sum::<f32>() / steps.len().max(1) as f32).sqrt());
    let beyond = |bound: f32| part_of(&steps, &|d| d > bound);
    out.all(&[0.03, 0.06, 0.12, 0.25].map(beyond));
    out.quantiles(&mut steps, &[0.25, 0.5, 0.75, 0.9]);
    ectopy(&x, out);
    // Fastest and slowest of five beats.
    let five = rr.windows(5).map(mean);
    out.put(five.clone().fold(9.0, f32::min));
    out.put(five.fold(0.0, f32::max));
}

/// Early beats against the median of their neighbours, and what follows them.
fn ectopy(x: &[f32], out: &mut Out) {
    let (mut early, mut paused, mut late) = (0, 0, 0);
    let mut earliest = 1.0_f32;
    for (i, own) in x.iter().enumerate() {
        let mut near = [0.0; 9];
        let around = x.get(i.saturating_sub(4)..(i + 5).min(x.len())).unwrap_or_default();
        let near = near.get_mut(..around.len()).unwrap_or_default();
        near.copy_from_slice(around);
        let usual = quantile(near, 0.5);
        let next = x.get(i + 1).copied().unwrap_or(usual);
        if *own < 0.85 * usual {
            early += 1;
            paused += usize::from(next > 1.1 * usual);
            earliest = earliest.min(own / usual);
        }
        late += usize::from(*own > 1.4 * usual);
    }
    let share = |count: usize| count as f32 / x.len().max(1) as f32;
    out.all(&[share(early), share(paused), share(late), earliest, early as f32]);
}

/// The features of `AfTrack`, mean over all windows. What its model makes of them is left out: it knows the recordings
/// that the label is learnt from, and by models that do not know them the label became worse.
fn windows(rr: &[f32], out: &mut Out) {
    let ms = listed(rr.len(), &|i| Some(rr.get(i)? * 1000.0));
    let (mut sums, mut count) = ([0.0_f32; AF_FEATURES], 0.0_f32);
    for features in ms.windows(AF_WINDOW.min(ms.len()).max(1)).step_by(4).filter_map(window_features) {
        sums.iter_mut().zip(features).for_each(|(s, f)| *s += f);
        count += 1.0;
    }
    out.all(&sums.map(|s| s / count.max(1.0)));
}
