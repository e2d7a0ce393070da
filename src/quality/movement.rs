//! Whether the body moves, by an accelerometer beside the ECG, and what that says about a window.

use crate::signal::{QualityReason, QualityReasons, QualityWindow};
use crate::units::Seconds;

/// Length of a bin in seconds. A chest that breathes deeply turns by a degree or two in it.
const BIN_S: f64 = 0.5;
/// Bins that are kept, 16 s: a window is judged 4 s after its end.
const BINS: usize = 32;
/// Samples that a bin needs.
const FEWEST: f64 = 4.0;
/// Root mean square deviation from its mean of a bin's acceleration, in thousandths of standard gravity, from which on the
/// body moves. Deep breathing (5 degrees either way, 15 times a minute) makes 20 by calculation, leaning by 30 degrees in a
/// second 72. Mean amplitude deviations that separate rest from light activity are 27 to 29 (BMC Sports Sci Med Rehabil
/// 2015;7:18), light from moderate 91 (PLoS ONE 2015;10:e0134813). Not yet measured on people under a strap.
const MOVES_MG: f64 = 50.0;
/// Bins without movement after which the body is at rest again.
const QUIET: u64 = 4;
/// No axis measures more, in thousandths of standard gravity.
const LIMIT_MG: i32 = 100_000;
/// Seconds from sample to sample that are believed where the device does not tell.
const PERIODS_S: core::ops::RangeInclusive<f64> = 0.002..=0.1;

#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    /// Counted from the first sample of the record.
    number: u64,
    count: f64,
    sum: [f64; 3],
    squares: f64,
}

impl Bin {
    fn known(&self) -> bool {
        self.count >= FEWEST
    }

    fn moves(&self) -> bool {
        let of_sums: f64 = self.sum.iter().map(|s| s * s).sum();
        let variance = (self.squares - of_sums / self.count) / self.count;
        self.known() && variance >= MOVES_MG * MOVES_MG
    }
}

/// Collects acceleration in bins on the record's own time, and tells of movement: at once, and for windows of the past.
///
/// Constant memory; a hole is a hole, and what comes late is put where it belongs.
#[derive(Debug, Clone, Default)]
pub struct Movement {
    bins: [Bin; BINS],
    /// Time of the latest sample, in seconds.
    latest: Option<f64>,
    /// Bins before this one were looked at.
    looked: u64,
    /// The last bin that moved.
    moved: Option<u64>,
    /// What was told last.
    moving: bool,
}

impl Movement {
    /// Samples along three axes in thousandths of standard gravity, the oldest first; the last one was taken at this time
    /// of the record. `period` is the time between two of them where the device tells it.
    pub fn push(&mut self, samples_mg: &[[i32; 3]], last: Seconds, period: Option<Seconds>) {
        if !last.0.is_finite() {
            return;
        }
        let before = self.latest.replace(self.latest.map_or(last.0, |latest| latest.max(last.0)));
        let apart = || before.map(|before| (last.0 - before) / samples_mg.len() as f64);
        let period = period.map(|p| p.0).or_else(apart).filter(|p| PERIODS_S.contains(p));
        let Some(period) = period else { return };
        for (back, sample) in samples_mg.iter().rev().enumerate() {
            let time = last.0 - period * back as f64;
            if time >= 0.0 {
                self.take((time / BIN_S) as u64, *sample);
            }
        }
    }

    fn take(&mut self, number: u64, sample_mg: [i32; 3]) {
        let Some(bin) = self.bins.get_mut((number % BINS as u64) as usize) else { return };
        if bin.number > number {
            return;
        }
        if bin.number < number {
            *bin = Bin { number, ..Bin::default() };
        }
        let axes = sample_mg.map(|mg| f64::from(mg.clamp(-LIMIT_MG, LIMIT_MG)));
        bin.count += 1.0;
        bin.sum.iter_mut().zip(axes).for_each(|(sum, axis)| *sum += axis);
        bin.squares += axes.iter().map(|axis| axis * axis).sum::<f64>();
    }

    /// Whether the body moves now, when that has changed: at most half a second after the samples that show it, and 2 s
    /// after the last that do.
    pub fn news(&mut self) -> Option<bool> {
        let now = (self.latest? / BIN_S).max(0.0) as u64;
        for number in self.looked.max(now.saturating_sub(BINS as u64))..now {
            if self.bin(number).is_some_and(Bin::moves) {
                self.moved = Some(number);
            }
        }
        self.looked = self.looked.max(now);
        let moving = self.moved.is_some_and(|moved| moved.saturating_add(QUIET) >= now);
        self.tell(moving)
    }

    /// Nothing is known of now: the link went down, or acceleration stays away.
    pub fn unknown(&mut self) -> Option<bool> {
        self.moved = None;
        self.tell(false)
    }

    fn tell(&mut self, moving: bool) -> Option<bool> {
        let before = core::mem::replace(&mut self.moving, moving);
        (before != moving).then_some(moving)
    }

    fn bin(&self, number: u64) -> Option<&Bin> {
        self.bins.get((number % BINS as u64) as usize).filter(|bin| bin.number == number)
    }

    /// Whether the body moved between two times; `None` where acceleration is not known for half of it.
    #[must_use]
    pub fn during(&self, start: Seconds, end: Seconds) -> Option<bool> {
        let at = |time: Seconds| (time.0 / BIN_S).max(0.0).round() as u64;
        let (first, behind) = (at(start), at(end).max(at(start).saturating_add(1)));
        let inside = |bin: &&Bin| bin.known() && (first..behind).contains(&bin.number);
        let known = self.bins.iter().filter(inside).count() as u64;
        let moves = self.bins.iter().filter(inside).any(Bin::moves);
        (moves || 2 * known >= behind - first).then_some(moves)
    }
}

/// The window with movement as an explanation: it is named first where the ECG alone only says noise, and last beside
/// any other fault but samples that did not arrive. A usable window stays as it is.
#[must_use]
pub fn explained(window: QualityWindow, moved: Option<bool>) -> QualityWindow {
    let lost = window.reasons == [QualityReason::TransportGap];
    if window.usable || moved != Some(true) || lost {
        return window;
    }
    let mut reasons = QualityReasons::new();
    if window.reasons.first() == Some(&QualityReason::Noise) {
        reasons.push(QualityReason::Motion);
    }
    window.reasons.iter().for_each(|reason| reasons.push(*reason));
    reasons.push(QualityReason::Motion);
    QualityWindow { reasons, ..window }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{SampleCount, SampleIndex};
    use proptest::prelude::*;

    const PERIOD: Option<Seconds> = Some(Seconds(0.04));

    /// A chest at 25 Hz that breathes, and swings within a stretch.
    fn chest(seconds: f64, moves: core::ops::Range<f64>) -> Vec<[i32; 3]> {
        let at = |k: u32| {
            let t = f64::from(k) * 0.04;
            let swing = if moves.contains(&t) { 200.0 * (14.0 * t).sin() } else { 0.0 };
            let breath = 87.0 * (1.57 * t).sin();
            [(breath + f64::from(k % 5) * 4.0) as i32, (-990.0 + swing) as i32, (60.0 - 0.5 * swing) as i32]
        };
        (0..(seconds * 25.0) as u32).map(at).collect()
    }

    fn played(samples: &[[i32; 3]], frame: usize) -> (Movement, Vec<(f64, bool)>) {
        let (mut movement, mut told) = (Movement::default(), Vec::new());
        for (k, frame_mg) in samples.chunks(frame).enumerate() {
            let last = ((k * frame + frame_mg.len()) as f64 - 1.0) * 0.04;
            movement.push(frame_mg, Seconds(last), PERIOD);
            told.extend(movement.news().map(|moving| (last, moving)));
        }
        (movement, told)
    }

    #[test]
    fn deep_breathing_is_rest_and_a_swing_is_movement() {
        let (still, told) = played(&chest(14.0, 0.0..0.0), 36);
        assert_eq!(told, []);
        assert_eq!(still.during(Seconds(4.0), Seconds(6.0)), Some(false));
        let (swung, told) = played(&chest(14.0, 5.0..7.0), 12);
        let during = |a, b| swung.during(Seconds(a), Seconds(b));
        let all = [during(2.0, 4.0), during(4.0, 6.0), during(6.0, 8.0), during(8.0, 10.0)];
        assert_eq!(all, [Some(false), Some(true), Some(true), Some(false)]);
        let [(begun, true), (ended, false)] = told[..] else { panic!("{told:?}") };
        assert!((5.0..6.1).contains(&begun) && (8.5..10.0).contains(&ended), "{begun} {ended}");
    }

    #[test]
    fn frames_of_any_size_say_the_same_of_the_past() {
        let samples = chest(15.0, 6.2..8.9);
        let all: Vec<_> = [1, 7, 36, 375].iter().map(|frame| played(&samples, *frame).0).collect();
        for start in 0..14 {
            let (from, to) = (Seconds(f64::from(start)), Seconds(f64::from(start) + 2.0));
            assert!(all.iter().all(|m| m.during(from, to) == all[0].during(from, to)), "{start}");
        }
    }

    #[test]
    fn a_hole_is_not_known_and_a_gap_of_frames_moves_nothing() {
        let samples = chest(14.0, 0.0..0.0);
        let mut movement = Movement::default();
        for (k, frame) in samples.chunks(25).enumerate().filter(|(k, _)| !(5..9).contains(k)) {
            movement.push(frame, Seconds(k as f64 + 0.96), PERIOD);
        }
        let during = |a, b| movement.during(Seconds(a), Seconds(b));
        assert_eq!([during(3.0, 5.0), during(5.0, 7.0), during(7.0, 9.0)], [Some(false), None, None]);
        assert_eq!([during(8.0, 10.0), during(10.0, 12.0)], [Some(false), Some(false)]);
        assert_eq!([during(1e9, 2e9), during(f64::NAN, f64::NAN)], [None, Some(false)]);
    }

    #[test]
    fn without_a_told_rate_two_frames_tell_it() {
        let samples = chest(14.0, 5.0..7.0);
        let mut movement = Movement::default();
        for (k, frame) in samples.chunks(25).enumerate() {
            movement.push(frame, Seconds(k as f64 + 0.96), None);
        }
        assert_eq!(movement.during(Seconds(5.0), Seconds(7.0)), Some(true));
        assert_eq!(movement.during(Seconds(9.0), Seconds(11.0)), Some(false));
    }

    fn window(reasons: &[QualityReason]) -> QualityWindow {
        QualityWindow {
            start: SampleIndex(0),
            length: SampleCount(260),
            score: 0.3,
            usable: reasons.is_empty(),
            reasons: reasons.iter().copied().collect(),
        }
    }

    #[test]
    fn movement_explains_noise_and_spoils_nothing() {
        use QualityReason::{LeadOff, Mains, Motion, Noise, TransportGap};
        let of = |reasons: &[QualityReason], moved| explained(window(reasons), moved).reasons.to_vec();
        assert_eq!(of(&[Noise], Some(true)), [Motion, Noise]);
        assert_eq!(of(&[LeadOff, Mains], Some(true)), [LeadOff, Mains, Motion]);
        assert_eq!(of(&[Motion], Some(true)), [Motion]);
        assert_eq!(of(&[TransportGap], Some(true)), [TransportGap]);
        assert_eq!(explained(window(&[]), Some(true)), window(&[]));
        for moved in [None, Some(false)] {
            assert_eq!(of(&[Noise], moved), [Noise]);
        }
    }

    proptest! {
        #[test]
        fn nonsense_is_answered(
            frames in proptest::collection::vec(
                (proptest::collection::vec(any::<[i32; 3]>(), 0..40), any::<f64>(), any::<Option<f64>>()), 0..20,
            ),
        ) {
            let mut movement = Movement::default();
            for (samples, last, period) in frames {
                movement.push(&samples, Seconds(last), period.map(Seconds));
                let _ = (movement.news(), movement.during(Seconds(last), Seconds(last + 2.0)));
            }
        }
    }
}
