//! The detector's doubts, weighed into the windows.

use crate::signal::{Doubt, QualityReason, QualityReasons, QualityWindow};
use crate::units::{Hertz, Seconds};

/// Doubts of so much time before and after a window count as well, at [`NEAR_SHARE`]. The detector settles within
/// 2.5 s and a window leaves 4 s after its end: all that counts is known by then, however the signal is divided.
const NEAR: Seconds = Seconds(1.0);
/// How much a doubt near a window counts against one inside.
const NEAR_SHARE: f64 = 0.25;
/// Expected errors from which on a window that seemed usable is not, by its own score: up to the first of
/// [`FAIR`], and from the second on, since an odd beat in a clean signal is doubted as well, ...
const TOO_MANY: (f64, f64) = (0.15, 0.3);
const FAIR: (f64, f64) = (0.7, 0.85);
/// ... and below which one that seemed covered by motion is usable after all, ...
const FEW: f64 = 0.09;
/// ... provided that its own score is no worse than this: noise alone can look like beats for seconds.
const LEAST_SCORE: f32 = 0.24;
/// Weight of the window's own score beside the expected errors.
const OWN_SHARE: f64 = 0.1;

/// Takes the detector's doubts and weighs them into the windows of the [`Assessor`](super::Assessor), both in the order
/// of time.
///
/// **Rule.** The expected number of errors `e` of a window is the sum of the doubts inside it and of a quarter of those
/// within one second of it. A window that was usable is so no longer with `e` from 0.15 on where its own score is 0.7 or
/// less, from 0.3 on where it is 0.85 or more, and in proportion between, for [`QualityReason::Motion`]: beats cannot be
/// told from what covers them. One that was not, for motion and nothing else, is usable when `e` stays below 0.09 and its
/// own score reaches 0.24. Any other fault stands. The score becomes `exp(-e - (1 - score) / 10)`, halved, and for a
/// usable window raised by a half; where another fault stands it only falls, by `exp(-e)`. A window near which the
/// detector decided nothing stays as it is.
///
/// The numbers were chosen on the MIT-BIH Arrhythmia Database (DS1) and the Noise Stress Test Database so that beats in
/// usable windows are right, most windows at 12 dB are kept, and noise alone never makes a usable half minute.
#[derive(Debug, Clone)]
pub struct Doubts {
    near: f64,
    known: Vec<Doubt>,
}

impl Doubts {
    /// For places counted at this rate.
    #[must_use]
    pub fn new(rate: Hertz) -> Self {
        Self { near: NEAR.0 * rate.get(), known: Vec::with_capacity(128) }
    }

    /// The next doubt, kept until [`weigh`](Self::weigh) has passed it. One that is not a probability does not count.
    pub fn push(&mut self, doubt: Doubt) {
        if !((0.0..=1.0).contains(&doubt.wrong) && doubt.at.0.is_finite()) {
            return;
        }
        self.known.push(doubt);
    }

    /// The window with the doubts weighed in. Those that no later window can reach are forgotten.
    #[must_use]
    pub fn weigh(&mut self, window: QualityWindow) -> QualityWindow {
        let start = window.start.0 as f64;
        let end = start + window.length.0 as f64;
        self.known.retain(|doubt| doubt.at.0 >= start - self.near);
        let (mut errors, mut decided) = (0.0, false);
        for doubt in self.known.iter().filter(|doubt| doubt.at.0 < end + self.near) {
            let inside = (start..end).contains(&doubt.at.0);
            errors += if inside { 1.0 } else { NEAR_SHARE } * f64::from(doubt.wrong);
            decided = true;
        }
        if decided {
            weighed(window, errors)
        } else {
            window
        }
    }
}

/// A window in which so many errors are expected.
fn weighed(window: QualityWindow, errors: f64) -> QualityWindow {
    let covered = window.reasons == [QualityReason::Motion];
    if !window.usable && !covered {
        return QualityWindow { score: window.score * (-errors).exp() as f32, ..window };
    }
    let clean = ((f64::from(window.score) - FAIR.0) / (FAIR.1 - FAIR.0)).clamp(0.0, 1.0);
    let too_many = TOO_MANY.0 + clean * (TOO_MANY.1 - TOO_MANY.0);
    let usable = if covered { errors < FEW && window.score >= LEAST_SCORE } else { errors < too_many };
    let clear = (-errors - OWN_SHARE * f64::from(1.0 - window.score)).exp() as f32;
    let mut reasons = QualityReasons::new();
    if usable {
        return QualityWindow { score: 0.5 + 0.5 * clear, usable, reasons, ..window };
    }
    reasons.push(QualityReason::Motion);
    QualityWindow { score: 0.49 * clear, usable, reasons, ..window }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{SampleCount, SampleIndex, SamplePlace};

    fn window(start: u64, reasons: &[QualityReason]) -> QualityWindow {
        let usable = reasons.is_empty();
        QualityWindow {
            start: SampleIndex(start),
            length: SampleCount(200),
            score: if usable { 0.9 } else { 0.3 },
            usable,
            reasons: reasons.iter().copied().collect(),
        }
    }

    fn doubts(list: &[(f64, f32)]) -> Doubts {
        let mut doubts = Doubts::new(Hertz::new(100.0).unwrap());
        list.iter().for_each(|(at, wrong)| doubts.push(Doubt { at: SamplePlace(*at), wrong: *wrong }));
        doubts
    }

    fn weighed(list: &[(f64, f32)], reasons: &[QualityReason]) -> QualityWindow {
        doubts(list).weigh(window(200, reasons))
    }

    #[test]
    fn nothing_decided_changes_nothing() {
        let elsewhere =
            [(99.0, 1.0), (500.0, 1.0), (300.0, f32::NAN), (300.0, -1.0), (f64::NAN, 1.0), (300.0, 2.0)];
        for reasons in [&[][..], &[QualityReason::Motion], &[QualityReason::LeadOff]] {
            assert_eq!(weighed(&[], reasons), window(200, reasons));
            assert_eq!(weighed(&elsewhere, reasons), window(200, reasons));
        }
    }

    #[test]
    fn a_little_doubt_lowers_the_score_and_much_makes_the_window_unusable() {
        let none = weighed(&[(250.0, 0.0)], &[]);
        let little = weighed(&[(250.0, 0.1), (350.0, 0.05)], &[]);
        let much = weighed(&[(250.0, 0.2), (350.0, 0.2)], &[]);
        let most = weighed(&[(250.0, 0.9), (350.0, 0.9)], &[]);
        assert!(none.usable && little.usable && !much.usable && !most.usable);
        assert!(
            none.score > little.score && little.score >= 0.5 && 0.5 > much.score && much.score > most.score
        );
        assert_eq!(much.reasons, [QualityReason::Motion]);
    }

    #[test]
    fn a_clean_window_bears_an_odd_beat() {
        let scored =
            |score| doubts(&[(250.0, 0.27)]).weigh(QualityWindow { score, ..window(200, &[]) }).usable;
        assert!(scored(0.9) && !scored(0.8) && !scored(0.6));
    }

    #[test]
    fn sure_beats_open_a_window_that_motion_closed_and_no_other() {
        let motion = [QualityReason::Motion];
        let opened = weighed(&[(250.0, 0.01), (350.0, 0.02)], &motion);
        assert!(opened.usable && opened.reasons.is_empty() && opened.score >= 0.5, "{opened:?}");
        assert!(!weighed(&[(250.0, 0.2)], &motion).usable);
        let poor = QualityWindow { score: 0.1, ..window(200, &motion) };
        assert!(!doubts(&[(250.0, 0.01)]).weigh(poor).usable);
        for other in [&[QualityReason::LeadOff][..], &[QualityReason::Motion, QualityReason::Mains]] {
            let kept = weighed(&[(250.0, 0.01)], other);
            assert!(!kept.usable && kept.score < 0.3 && *kept.reasons == *other, "{kept:?}");
        }
    }

    #[test]
    fn doubts_near_a_window_count_in_part() {
        let one = |at| weighed(&[(at, 0.9)], &[]);
        assert!(one(190.0).usable && one(410.0).usable && !one(390.0).usable);
        assert!(!weighed(&[(190.0, 0.9), (410.0, 0.9)], &[]).usable);
    }

    #[test]
    fn what_is_known_too_early_waits_and_what_is_past_is_forgotten() {
        let mut all = doubts(&[(50.0, 0.5), (250.0, 0.5), (450.0, 0.5)]);
        for start in [0, 200, 400] {
            assert!(!all.weigh(window(start, &[])).usable);
        }
        assert!(all.weigh(window(600, &[])).usable);
        assert!(all.known.is_empty());
    }
}
