//! Below these lengths an index means nothing and is null.

use crate::units::Seconds;

/// RMSSD, pNN50 and SD1 need a record of this length.
pub const SHORT_SPAN: Seconds = Seconds(60.0);

/// SDNN, SD2 and the spectrum need a record of this length (Task Force 1996, short-term recording).
pub const LONG_SPAN: Seconds = Seconds(300.0);

/// Above this share of intervals left out, variability is withheld.
pub const MAX_REJECTED_SHARE: f64 = 0.05;

/// A series of more samples than this at an even rate has no spectrum: 48 days at 4 Hz, 46 hours at 100 Hz. Nor is one
/// looked at in more windows.
pub const MAX_RESAMPLED: usize = 1 << 24;
