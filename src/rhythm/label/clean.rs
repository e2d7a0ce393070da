//! The intervals of a stretch between beats in usable windows only: noise makes early beats that are none.

use super::features::{listed, mean, quantile, Out};
use super::rates;
use super::stretch::Stretch;

/// Features of this part.
pub(super) const COUNT: usize = 2 + rates::INTERVALS + 8;

/// `usable` holds the score of each beat's window where that is usable.
pub(super) fn features(stretch: &Stretch, usable: &[Option<f32>], out: &mut Out) {
    let sure = usable.iter().flatten().count() as f32;
    out.put(sure);
    out.put(sure / usable.len().max(1) as f32);
    let mut before = false;
    let rr = stretch.beats.iter().zip(usable).map(|(beat, usable)| {
        let both = before && usable.is_some();
        before = usable.is_some();
        beat.rr_s.filter(|_| both)
    });
    let rr: Vec<Option<f32>> = rr.collect();
    let mut known = listed(rr.len(), &|i| *rr.get(i)?);
    rates::intervals(&known, out);
    let middle = quantile(&mut known, 0.5).max(0.2);
    // Against the mean of both neighbours, which breathing hardly differs from, and after two beats.
    let three = |i: usize| Some(((*rr.get(i)?)?, (*rr.get(i + 1)?)?, (*rr.get(i + 2)?)?));
    let mut apart = listed(rr.len(), &|i| three(i).map(|(a, b, c)| (b - 0.5 * (a + c)).abs() / middle));
    let mut again = listed(rr.len(), &|i| three(i).map(|(a, _, c)| (c - a).abs() / middle));
    for list in [&mut apart, &mut again] {
        out.put(mean(list));
        out.quantiles(list, &[0.5, 0.9, 1.0]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::stretch::{Heard, WAVE};
    use super::*;
    use crate::signal::BeatClass;

    #[test]
    fn an_early_beat_in_noise_is_none() {
        let mut stretch = Stretch::new();
        for i in 0..20 {
            let rr_s = Some(if i == 10 { 0.4 } else { 0.8 });
            let (class, chances) = (BeatClass::N, [0.0; 4]);
            let (waves, wave, line_uv) = (None, [0; WAVE], 0.0);
            stretch.beat(Heard { time_s: 0.0, rr_s, confidence: 1.0, class, chances, waves, wave, line_uv });
        }
        let spread = |noisy: usize| {
            let usable: Vec<Option<f32>> = (0..20).map(|i| (i != noisy).then_some(0.5)).collect();
            let mut list = [0.0; COUNT];
            features(&stretch, &usable, &mut Out::new(&mut list));
            // Shortest interval, and the largest distance to the mean of both neighbours.
            (list[0], list[5], list[2 + rates::INTERVALS + 3])
        };
        assert_eq!(spread(20), (20.0, 0.5, 0.5));
        assert_eq!(spread(10), (19.0, 1.0, 0.0));
    }
}
