//! How far a stretch of signal can be trusted, and why not.

use crate::units::{SampleCount, SampleIndex};
use serde::{Deserialize, Serialize};

/// Why a window is not usable. Each one is something a patient can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum QualityReason {
    /// No heart signal reaches the electrodes: flat line, or contact lost.
    LeadOff,
    /// The amplifier is at its limit.
    Saturation,
    /// Movement or muscle tension covers the heart's signal.
    Motion,
    /// Mains hum (50 or 60 Hz) covers the heart's signal.
    Mains,
    /// Samples did not arrive.
    TransportGap,
    /// Something else than an ECG.
    Noise,
}

/// Reasons, the strongest first, each once. No more than there are, so that they need no space of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QualityReasons {
    list: [QualityReason; 6],
    length: u8,
}

impl QualityReasons {
    /// No reason: usable.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: [QualityReason::LeadOff; 6], length: 0 }
    }

    /// Adds a reason as the weakest, unless it is there already.
    pub fn push(&mut self, reason: QualityReason) {
        if !self.contains(&reason) {
            if let Some(slot) = self.list.get_mut(usize::from(self.length)) {
                *slot = reason;
                self.length += 1;
            }
        }
    }
}

impl Default for QualityReasons {
    fn default() -> Self {
        Self::new()
    }
}

impl core::ops::Deref for QualityReasons {
    type Target = [QualityReason];

    fn deref(&self) -> &[QualityReason] {
        self.list.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

impl FromIterator<QualityReason> for QualityReasons {
    fn from_iter<I: IntoIterator<Item = QualityReason>>(reasons: I) -> Self {
        let mut all = Self::new();
        reasons.into_iter().for_each(|reason| all.push(reason));
        all
    }
}

impl<const N: usize> PartialEq<[QualityReason; N]> for QualityReasons {
    fn eq(&self, other: &[QualityReason; N]) -> bool {
        **self == *other
    }
}

/// The judgement over one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityWindow {
    /// Place of the first sample.
    pub start: SampleIndex,
    /// Length, lost samples included.
    pub length: SampleCount,
    /// 0 (nothing can be read) to 1 (clean).
    pub score: f32,
    /// Whether beats and intervals found here may be used.
    pub usable: bool,
    /// Why not, the strongest first; empty when usable.
    pub reasons: QualityReasons,
}

#[cfg(test)]
mod tests {
    use super::*;
    use QualityReason::{LeadOff, Mains, Motion, Noise, Saturation, TransportGap};

    #[test]
    fn reasons_stay_in_order_and_each_is_there_once() {
        let all = [Noise, LeadOff, Motion, LeadOff, Mains, Saturation, TransportGap, Noise];
        let reasons: QualityReasons = all.into_iter().collect();
        assert_eq!(reasons, [Noise, LeadOff, Motion, Mains, Saturation, TransportGap]);
        assert!(QualityReasons::new().is_empty());
    }
}
