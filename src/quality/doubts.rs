//! The detector's doubts, weighed into the windows.

use crate::signal::{Doubt, QualityReason, QualityWindow};
use crate::units::{Hertz, Seconds};

/// Doubts of so much time before and after a window count as well, at [`NEAR_SHARE`]. The detector settles within
/// 2.5 s and a window leaves 4 s after its end: all that counts is known by then, however the signal is divided.
const NEAR: Seconds = Seconds(1.0);
/// How much a doubt near a window counts against one inside.
const NEAR_SHARE: f64 = 0.25;
/// Expected errors in a window, those near it in part, from which on its beats cannot be used: one in three windows.
const TOO_MANY: f64 = 1.0 / 3.0;
/// Most doubts kept: 10 s of the fastest hearts, and as many deflections turned down.
const MOST: usize = 128;

/// Takes the detector's doubts and weighs them into the windows of the [`Assessor`](super::Assessor), both in the order
/// of time.
///
/// **Rule.** The expected number of errors `e` of a window is the sum of the doubts inside it and of a quarter of those
/// within one second of it. The score falls by the factor `exp(-e)`, the chance that none of the decisions was wrong. A window
/// that was usable with `e` from one third on is so no longer, for [`QualityReason::Motion`]: the heart's signal cannot
/// be told from what covers it. One that is not usable stays so, with its reasons.
#[derive(Debug, Clone)]
pub struct Doubts {
    near: f64,
    known: Vec<Doubt>,
}

impl Doubts {
    /// For places counted at this rate.
    #[must_use]
    pub fn new(rate: Hertz) -> Self {
        Self { near: NEAR.0 * rate.get(), known: Vec::with_capacity(MOST) }
    }

    /// The next doubt. One that is not a probability counts as none.
    pub fn push(&mut self, doubt: Doubt) {
        if !(doubt.wrong > 0.0 && doubt.wrong <= 1.0 && doubt.at.0.is_finite()) {
            return;
        }
        if self.known.len() >= MOST {
            self.known.remove(0);
        }
        self.known.push(doubt);
    }

    /// The window with the doubts weighed in. Those that no later window can reach are forgotten.
    #[must_use]
    pub fn weigh(&mut self, window: QualityWindow) -> QualityWindow {
        let start = window.start.0 as f64;
        let end = start + window.length.0 as f64;
        self.known.retain(|doubt| doubt.at.0 >= start - self.near);
        let share = |at: f64| match at {
            _ if (start..end).contains(&at) => 1.0,
            _ if (start - self.near..end + self.near).contains(&at) => NEAR_SHARE,
            _ => 0.0,
        };
        let errors: f64 = self.known.iter().map(|doubt| share(doubt.at.0) * f64::from(doubt.wrong)).sum();
        weighed(window, errors)
    }
}

/// A window in which so many errors are expected.
fn weighed(window: QualityWindow, errors: f64) -> QualityWindow {
    if errors <= 0.0 {
        return window;
    }
    let chance = (-errors).exp() as f32;
    if !window.usable {
        return QualityWindow { score: window.score * chance, ..window };
    }
    if errors < TOO_MANY {
        // Usable scores lie from 0.5 on, whatever the doubt.
        return QualityWindow { score: 0.5 + (window.score - 0.5).max(0.0) * chance, ..window };
    }
    let mut reasons = window.reasons;
    reasons.push(QualityReason::Motion);
    QualityWindow { score: (window.score * chance).min(0.49), usable: false, reasons, ..window }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::QualityReasons;
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

    #[test]
    fn no_doubt_changes_nothing() {
        let clean = window(200, &[]);
        assert_eq!(doubts(&[]).weigh(clean), clean);
        let elsewhere =
            [(99.0, 1.0), (500.0, 1.0), (300.0, f32::NAN), (300.0, -1.0), (f64::NAN, 1.0), (300.0, 2.0)];
        assert_eq!(doubts(&elsewhere).weigh(clean), clean);
    }

    #[test]
    fn a_little_doubt_lowers_the_score_and_much_makes_the_window_unusable() {
        let little = doubts(&[(250.0, 0.1), (350.0, 0.05)]).weigh(window(200, &[]));
        assert!(little.usable && little.score < 0.9 && little.score >= 0.5, "{little:?}");
        let much = doubts(&[(250.0, 0.2), (350.0, 0.2)]).weigh(window(200, &[]));
        assert!(!much.usable && much.score < 0.5, "{much:?}");
        assert_eq!(much.reasons, [QualityReason::Motion]);
        assert!(much.score > doubts(&[(250.0, 0.9), (350.0, 0.9)]).weigh(window(200, &[])).score);
    }

    #[test]
    fn doubts_near_a_window_count_in_part() {
        let one = |at| doubts(&[(at, 0.9)]).weigh(window(200, &[]));
        assert!(one(190.0).usable && one(410.0).usable);
        assert!(one(410.0).score < 0.9 && !one(390.0).usable);
        assert!(!doubts(&[(190.0, 0.9), (410.0, 0.9)]).weigh(window(200, &[])).usable);
    }

    #[test]
    fn reasons_found_before_come_first_and_stay() {
        let off = doubts(&[(250.0, 0.9)]).weigh(window(200, &[QualityReason::LeadOff]));
        assert_eq!(off.reasons, [QualityReason::LeadOff]);
        assert!(off.score < 0.3);
        assert_eq!(QualityReasons::new().len(), 0);
    }

    #[test]
    fn what_is_known_too_early_waits_and_what_is_past_is_forgotten() {
        let mut all = doubts(&[(50.0, 0.5), (250.0, 0.5), (450.0, 0.5)]);
        for start in [0, 200, 400] {
            assert!(!all.weigh(window(start, &[])).usable);
        }
        assert!(all.weigh(window(600, &[])).usable);
        assert!(all.known.is_empty());
        for at in 0..1000 {
            all.push(Doubt { at: SamplePlace(f64::from(at)), wrong: 0.5 });
        }
        assert_eq!(all.known.len(), MOST);
    }
}
