//! Named ways from NN intervals to numbers.

use serde::{Deserialize, Serialize};

/// Packages disagree up to twofold on LF/HF because their settings differ; a recipe names all of them. `Pqrst` is ours,
/// see [`crate::hrv`]. The others do what a package does by default, in the version that is named, so that results
/// can be compared with published ones. They close the holes of the series: NN intervals one after another, time = their
/// running sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub enum HrvRecipe {
    /// Natural cubic spline at 4 Hz, Hann 256, half overlap, padded to 4096, trapezoid; Lomb-Scargle over holes.
    #[default]
    Pqrst,
    /// hrv-analysis 1.0.6: linear at 4 Hz, Hann 256, padded to 4096, trapezoid over [low, high). Triangular index with
    /// bins of 8 ms from 300 to 1996 ms; SDSD with n; sample entropy with tolerance 0.1164 (0.5627 ln 2 + 1.3334) SDNN,
    /// open.
    HrvAnalysis,
    /// pyhrv 0.5.0: cubic at 4 Hz, Hamming 300 (the whole series below five minutes), padded to 4096, sum over
    /// [low, high]. **Its SDSD is the deviation of the sizes of the differences, not of the differences**: about 40 %
    /// too low; it is given as the package gives it. SD1 and SD2 with n; the tolerance of the sample entropy divides
    /// by n + 1. It fits the slope of the DFA by chance (RANSAC), anew each time: here by least squares.
    Pyhrv,
    /// systole 0.3.1: cubic at 5 Hz, Hann 1280, no padding, trapezoid over [low, high). SD1 and SD2 with n. No
    /// triangular index, sample entropy or DFA.
    Systole,
    /// neurokit2 0.2.12: quadratic at 100 Hz, mean taken out once, Hann of half the series, padded to twice that,
    /// trapezoid over [low, high). Its powers are relative to the highest density, so that only LF/HF has a meaning. pNN50
    /// is over the number of intervals; SD2 is the deviation of sums; DFA over 4 to 11 beats with half overlap.
    Neurokit,
}

impl HrvRecipe {
    /// Every recipe, ours first.
    pub const ALL: [Self; 5] = [Self::Pqrst, Self::HrvAnalysis, Self::Pyhrv, Self::Systole, Self::Neurokit];

    /// The name on a command line: that of the package.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pqrst => "pqrst",
            Self::HrvAnalysis => "hrv-analysis",
            Self::Pyhrv => "pyhrv",
            Self::Systole => "systole",
            Self::Neurokit => "neurokit",
        }
    }

    /// The recipe of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipe| recipe.name() == name)
    }
}
