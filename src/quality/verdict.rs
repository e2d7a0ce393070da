//! The verdict on a whole test: usable, to be repeated, or none.

use crate::signal::{QualityReason, QualityWindow};
use crate::units::{Hertz, SampleCount, Seconds};
use serde::{Deserialize, Serialize};

/// Share of the length asked for that must be usable.
const USABLE_SHARE: f64 = 0.8;
/// The same for recordings longer than [`LONG`]: nobody repeats a night for its restless hours.
const USABLE_SHARE_LONG: f64 = 0.5;
/// A recording longer than this counts as long.
const LONG: Seconds = Seconds(600.0);
/// Less usable time than this never is enough, in seconds.
const LEAST_S: f64 = 10.0;
/// After so many repetitions the fault is not the patient's.
const MOST_RETAKES: u8 = 2;

/// What is to be done with a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Enough of it can be read.
    Usable,
    /// Repeating it, with the fault cleared, is worth while.
    Retake,
    /// It cannot be judged, or a repetition would not clear up the fault.
    NoVerdict,
}

/// Why. The first six are those of the windows, the others concern the recording as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum VerdictReason {
    /// See [`QualityReason::LeadOff`].
    LeadOff,
    /// See [`QualityReason::Saturation`].
    Saturation,
    /// See [`QualityReason::Motion`].
    Motion,
    /// See [`QualityReason::Mains`].
    Mains,
    /// See [`QualityReason::TransportGap`].
    TransportGap,
    /// See [`QualityReason::Noise`].
    Noise,
    /// The recording ended before enough of it was there.
    TooShort,
    /// Nothing arrived.
    NoData,
    /// The device sends a heart rate only, no ECG and no RR intervals: there is nothing to judge.
    NoIntervals,
    /// It has been repeated twice with the same faults.
    RetakesExhausted,
}

impl From<QualityReason> for VerdictReason {
    fn from(reason: QualityReason) -> Self {
        match reason {
            QualityReason::LeadOff => Self::LeadOff,
            QualityReason::Saturation => Self::Saturation,
            QualityReason::Motion => Self::Motion,
            QualityReason::Mains => Self::Mains,
            QualityReason::TransportGap => Self::TransportGap,
            QualityReason::Noise => Self::Noise,
        }
    }
}

/// The key under which a page finds its words for what the patient can do about a reason. Keys are stable.
#[must_use]
pub const fn advice(reason: VerdictReason) -> &'static str {
    match reason {
        VerdictReason::LeadOff => "advice.leadOff",
        VerdictReason::Saturation => "advice.saturation",
        VerdictReason::Motion => "advice.motion",
        VerdictReason::Mains => "advice.mains",
        VerdictReason::TransportGap => "advice.transportGap",
        VerdictReason::Noise => "advice.noise",
        VerdictReason::TooShort => "advice.tooShort",
        VerdictReason::NoData => "advice.noData",
        VerdictReason::NoIntervals => "advice.noIntervals",
        VerdictReason::RetakesExhausted => "advice.retakesExhausted",
    }
}

/// What was asked of the patient.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TestRequest {
    /// How long the test was to last; `None` for a recording as long as it happens to be.
    pub asked: Option<Seconds>,
    /// How often it has been repeated before.
    pub retakes: u8,
}

/// What arrived.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Received<'a> {
    /// Nothing at all.
    Nothing,
    /// An ECG, as the [`Assessor`](super::Assessor) judged it.
    Ecg {
        /// All windows of the recording, in order.
        windows: &'a [QualityWindow],
        /// Their sampling rate.
        rate: Hertz,
    },
    /// RR intervals of a device that sends no ECG.
    Intervals {
        /// Time covered by intervals that can be used.
        usable: Seconds,
        /// Length of the recording.
        length: Seconds,
        /// Time during which the device reported no contact.
        contact_lost: Seconds,
    },
    /// A heart rate and nothing else.
    RateOnly,
}

/// The verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// What is to be done.
    pub outcome: Outcome,
    /// Why: the fault that cost the most time first. A usable test lists what it lost time to as well.
    pub reasons: Vec<VerdictReason>,
    /// Usable time in seconds; a window counts whole or not at all.
    pub usable_s: f64,
}

impl Verdict {
    /// Judges a test.
    ///
    /// **Rule.** The test is `usable` when the usable time reaches four fifths of what was asked for (of the
    /// recording's own length where nothing was asked; half, beyond ten minutes) and ten seconds. Otherwise
    /// it is a `retake` that names first the fault that cost the most time: a window that is not usable
    /// charges its whole length to its first reason and half of it to each further one; what is missing
    /// from the length asked for is charged to `tooShort`. It is `noVerdict` when nothing arrived, when the
    /// device sends neither ECG nor RR intervals, and after two repetitions.
    #[must_use]
    pub fn of(received: &Received<'_>, request: &TestRequest) -> Self {
        match *received {
            Received::Nothing => Self::none(VerdictReason::NoData),
            Received::RateOnly => Self::none(VerdictReason::NoIntervals),
            Received::Ecg { windows: [], .. } => Self::none(VerdictReason::NoData),
            Received::Ecg { windows, rate } => Self::of_windows(windows, rate, request),
            Received::Intervals { usable, length, contact_lost } => {
                let mut costs = Costs::default();
                let (usable, length) = (at_least_zero(usable), at_least_zero(length));
                let lost = at_least_zero(contact_lost).min((length - usable).max(0.0));
                costs.charge(VerdictReason::LeadOff, lost);
                costs.charge(VerdictReason::TransportGap, (length - usable - lost).max(0.0));
                Self::decide(usable, length, costs, request)
            }
        }
    }

    fn none(reason: VerdictReason) -> Self {
        Self { outcome: Outcome::NoVerdict, reasons: vec![reason], usable_s: 0.0 }
    }

    fn of_windows(windows: &[QualityWindow], rate: Hertz, request: &TestRequest) -> Self {
        let mut costs = Costs::default();
        let (mut usable, mut length) = (0_u64, 0_u64);
        for window in windows {
            length = length.saturating_add(window.length.0);
            if window.usable {
                usable = usable.saturating_add(window.length.0);
                continue;
            }
            let seconds = rate.seconds(window.length).0;
            for (place, reason) in window.reasons.iter().enumerate() {
                costs.charge((*reason).into(), if place == 0 { seconds } else { 0.5 * seconds });
            }
        }
        let seconds = |n: u64| rate.seconds(SampleCount(n)).0;
        Self::decide(seconds(usable), seconds(length), costs, request)
    }

    fn decide(usable_s: f64, length_s: f64, mut costs: Costs, request: &TestRequest) -> Self {
        let asked = request.asked.map(at_least_zero).filter(|s| *s > 0.0);
        let target = asked.unwrap_or(length_s);
        let share = usable_share(Seconds(target));
        // The rate may be off by a few parts in a thousand: a sample short of the time is not short.
        let needed = (share * target).max(LEAST_S) - 0.05;
        costs.charge(VerdictReason::TooShort, (target.max(LEAST_S) - length_s - 0.05).max(0.0));
        let enough = usable_s >= needed;
        let mut reasons = costs.by_size();
        let outcome = match (enough, request.retakes >= MOST_RETAKES) {
            (true, _) => Outcome::Usable,
            (false, false) => Outcome::Retake,
            (false, true) => {
                reasons.push(VerdictReason::RetakesExhausted);
                Outcome::NoVerdict
            }
        };
        Self { outcome, reasons, usable_s }
    }
}

/// Share of a recording of this length that must be usable.
pub(super) fn usable_share(length: Seconds) -> f64 {
    if length.0 > LONG.0 {
        USABLE_SHARE_LONG
    } else {
        USABLE_SHARE
    }
}

fn at_least_zero(time: Seconds) -> f64 {
    if time.0.is_finite() {
        time.0.max(0.0)
    } else {
        0.0
    }
}

/// Seconds lost to each reason.
#[derive(Debug, Default)]
struct Costs(Vec<(VerdictReason, f64)>);

impl Costs {
    fn charge(&mut self, reason: VerdictReason, seconds: f64) {
        if seconds <= 0.0 {
            return;
        }
        match self.0.iter_mut().find(|(r, _)| *r == reason) {
            Some((_, sum)) => *sum += seconds,
            None => self.0.push((reason, seconds)),
        }
    }

    /// The costliest first, taken out one by one: there are ten at most.
    fn by_size(mut self) -> Vec<VerdictReason> {
        let mut reasons = Vec::with_capacity(self.0.len());
        let costlier =
            |a: &(VerdictReason, f64), b: &(VerdictReason, f64)| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0));
        while let Some(next) = (0..self.0.len()).max_by(|&i, &j| costlier(&self.0[i], &self.0[j])) {
            reasons.push(self.0.swap_remove(next).0);
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;

    fn windows(list: &[&[QualityReason]]) -> Vec<QualityWindow> {
        let make = |(i, reasons): (usize, &&[QualityReason])| QualityWindow {
            start: SampleIndex(i as u64 * 260),
            length: SampleCount(260),
            score: 0.5,
            usable: reasons.is_empty(),
            reasons: reasons.iter().copied().collect(),
        };
        list.iter().enumerate().map(make).collect()
    }

    fn verdict(list: &[&[QualityReason]], asked: f64, retakes: u8) -> Verdict {
        let rate = Hertz::new(130.0).unwrap();
        let windows = windows(list);
        let request = TestRequest { asked: Some(Seconds(asked)), retakes };
        Verdict::of(&Received::Ecg { windows: &windows, rate }, &request)
    }

    #[test]
    fn four_fifths_are_enough_and_the_rest_is_named() {
        use QualityReason::{Mains, Motion};
        let mut list: Vec<&[QualityReason]> = vec![&[]; 12];
        list.extend([&[Motion][..], &[Mains], &[Motion]]);
        let v = verdict(&list, 30.0, 0);
        assert_eq!(v.outcome, Outcome::Usable);
        assert_eq!(v.reasons, [VerdictReason::Motion, VerdictReason::Mains]);
        assert_eq!(v.usable_s, 24.0);
        list[0] = &[Mains];
        list[1] = &[Mains];
        let v = verdict(&list, 30.0, 0);
        assert_eq!((v.outcome, v.reasons[0]), (Outcome::Retake, VerdictReason::Mains));
        let v = verdict(&list, 30.0, 2);
        assert_eq!(v.outcome, Outcome::NoVerdict);
        assert_eq!(v.reasons.last(), Some(&VerdictReason::RetakesExhausted));
    }

    #[test]
    fn what_never_came_is_too_short_or_no_data() {
        let v = verdict(&[&[][..]; 3], 30.0, 0);
        assert_eq!((v.outcome, &v.reasons[..]), (Outcome::Retake, &[VerdictReason::TooShort][..]));
        let v = verdict(&[], 30.0, 0);
        assert_eq!((v.outcome, &v.reasons[..]), (Outcome::NoVerdict, &[VerdictReason::NoData][..]));
        assert_eq!(Verdict::of(&Received::Nothing, &TestRequest::default()).outcome, Outcome::NoVerdict);
    }

    #[test]
    fn a_strap_without_ecg_is_judged_by_its_intervals() {
        let request = TestRequest { asked: Some(Seconds(30.0)), retakes: 0 };
        let of = |usable, contact_lost| {
            let received = Received::Intervals {
                usable: Seconds(usable),
                length: Seconds(30.0),
                contact_lost: Seconds(contact_lost),
            };
            Verdict::of(&received, &request)
        };
        assert_eq!(of(29.0, 0.0).outcome, Outcome::Usable);
        assert_eq!(of(10.0, 15.0).reasons[0], VerdictReason::LeadOff);
        assert_eq!(of(10.0, 0.0).reasons[0], VerdictReason::TransportGap);
        assert_eq!(of(f64::NAN, f64::INFINITY).outcome, Outcome::Retake);
        assert_eq!(Verdict::of(&Received::RateOnly, &request).reasons, [VerdictReason::NoIntervals]);
    }

    #[test]
    fn speaks_camel_case_and_every_key_is_its_own() {
        let json = serde_json::to_string(&verdict(&[&[QualityReason::LeadOff][..]; 15], 30.0, 0)).unwrap();
        assert_eq!(json, r#"{"outcome":"retake","reasons":["leadOff"],"usableS":0.0}"#);
        use VerdictReason::{LeadOff, Mains, Motion, NoData, NoIntervals, Noise, RetakesExhausted};
        use VerdictReason::{Saturation, TooShort, TransportGap};
        let all = [LeadOff, Saturation, Motion, Mains, TransportGap, Noise, TooShort, NoData, NoIntervals];
        for reason in all.into_iter().chain([RetakesExhausted]) {
            let name = serde_json::to_string(&reason).unwrap();
            assert_eq!(advice(reason), format!("advice.{}", name.trim_matches('"')));
        }
    }
}
