//! A stretch in numbers.

use super::clean;
use super::ectopics;
use super::rates;
use super::shapes::{self, Shapes};
use super::stretch::Stretch;
use super::waves;
use crate::signal::QualityReason;
use crate::units::sort_ascending_f32;

/// Features of a stretch.
pub const LABEL_FEATURES: usize =
    rates::COUNT + shapes::COUNT + waves::COUNT + SIGNAL + clean::COUNT + ectopics::COUNT;
/// Of them, about the signal.
const SIGNAL: usize = 14;

/// Fills a list from its start.
pub(super) struct Out<'a> {
    list: &'a mut [f32],
    next: usize,
}

impl<'a> Out<'a> {
    pub fn new(list: &'a mut [f32]) -> Self {
        Self { list, next: 0 }
    }

    // Hundreds of places call these: each once in the module for a page.
    /// The next feature; one that is no number is 0.
    #[inline(never)]
    pub fn put(&mut self, value: f32) {
        if let Some(slot) = self.list.get_mut(self.next) {
            *slot = if value.is_finite() { value.clamp(-1e6, 1e6) } else { 0.0 };
        }
        self.next += 1;
    }

    #[inline(never)]
    pub fn all(&mut self, values: &[f32]) {
        values.iter().for_each(|value| self.put(*value));
    }

    /// The values below which these shares of a list lie. Sorts the list.
    #[inline(never)]
    pub fn quantiles(&mut self, values: &mut [f32], shares: &[f32]) {
        sort_ascending_f32(values);
        shares.iter().for_each(|share| self.put(below(values, *share)));
    }

    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.next
    }
}

/// The features of a stretch, in the order of rates, shapes, waves, signal, clean and ectopics.
pub(super) fn features(stretch: &Stretch) -> [f32; LABEL_FEATURES] {
    let mut list = [0.0; LABEL_FEATURES];
    let mut out = Out::new(&mut list);
    rates::features(stretch, &mut out);
    let shapes = Shapes::new(&stretch.beats);
    shapes::features(stretch, &shapes, &mut out);
    waves::features(stretch, &mut out);
    signal(stretch, &mut out);
    let usable: Vec<Option<f32>> = stretch.beats.iter().map(|beat| stretch.usable(beat)).collect();
    clean::features(stretch, &usable, &mut out);
    ectopics::features(stretch, &shapes, &usable, &mut out);
    list
}

/// Quality, and how sure the detector is.
fn signal(stretch: &Stretch, out: &mut Out) {
    let length = stretch.length_s().max(1e-3) as f32;
    let windows = &stretch.windows;
    let part = |of: &dyn Fn(Option<QualityReason>) -> bool| {
        windows.iter().filter(|w| of(w.reason)).map(|w| w.length_s).sum::<f32>() / length
    };
    out.put(length);
    out.put(stretch.usable_s() as f32 / length);
    let mut scores = listed(windows.len(), &|i| windows.get(i).map(|w| w.score));
    out.put(mean(&scores));
    out.quantiles(&mut scores, &[0.0, 0.25, 0.5]);
    out.put(part(&|r| r == Some(QualityReason::Motion)));
    out.put(part(&|r| r == Some(QualityReason::Noise)));
    out.put(part(&|r| r == Some(QualityReason::LeadOff)));
    let mut sure = listed(stretch.beats.len(), &|i| stretch.beats.get(i).map(|beat| beat.confidence));
    out.put(mean(&sure));
    out.put(part_of(&sure, &|c| c < 0.9));
    out.quantiles(&mut sure, &[0.0, 0.1]);
    out.put(stretch.beats.len() as f32 / length);
}

/// What is known of so many things, in their order.
#[inline(never)]
pub(super) fn listed(count: usize, of: &dyn Fn(usize) -> Option<f32>) -> Vec<f32> {
    let mut list = Vec::with_capacity(count);
    (0..count).for_each(|i| list.extend(of(i)));
    list
}

/// How many values are what is asked, over all.
#[inline(never)]
pub(super) fn part_of(values: &[f32], is: &dyn Fn(f32) -> bool) -> f32 {
    values.iter().filter(|value| is(**value)).count() as f32 / values.len().max(1) as f32
}

/// The mean; 0 of nothing.
#[inline(never)]
pub(super) fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

/// Standard deviation; 0 of nothing.
#[inline(never)]
pub(super) fn deviation(values: &[f32]) -> f32 {
    let middle = mean(values);
    (values.iter().map(|v| (v - middle) * (v - middle)).sum::<f32>() / values.len().max(1) as f32).sqrt()
}

/// The value below which this share of a list lies; 0 of nothing. Sorts the list.
#[inline(never)]
pub(super) fn quantile(values: &mut [f32], share: f32) -> f32 {
    sort_ascending_f32(values);
    below(values, share)
}

fn below(sorted: &[f32], share: f32) -> f32 {
    let last = sorted.len().saturating_sub(1) as f32;
    sorted.get((share * last).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_as_long_as_what_is_put_into_it() {
        let stretch = Stretch::new();
        let mut list = [0.0; LABEL_FEATURES];
        let mut out = Out::new(&mut list);
        rates::features(&stretch, &mut out);
        assert_eq!(out.count(), rates::COUNT);
        let shapes = Shapes::new(&[]);
        shapes::features(&stretch, &shapes, &mut out);
        assert_eq!(out.count(), rates::COUNT + shapes::COUNT);
        waves::features(&stretch, &mut out);
        signal(&stretch, &mut out);
        let before = out.count();
        clean::features(&stretch, &[], &mut out);
        assert_eq!(out.count(), before + clean::COUNT);
        ectopics::features(&stretch, &shapes, &[], &mut out);
        assert_eq!(out.count(), LABEL_FEATURES);
    }
}
