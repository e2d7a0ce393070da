//! Every index of a series at once.

use super::frequency::bands;
use super::time_domain::{
    dfa_alpha1, pnn50_percent, rmssd_ms, sample_entropy, sd1_ms, sd2_ms, sdnn_ms, sdsd_ms, triangular_index,
};
use crate::dsp::Line;
use crate::signal::NnInterval;

/// Indices of an NN series. `None`: the formula has too few terms. Whether an index *means* anything (length, rhythm,
/// share left out) is judged where a report is made.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Indices {
    /// Standard deviation of the NN intervals, milliseconds.
    pub sdnn_ms: Option<f64>,
    /// Standard deviation of successive differences, milliseconds.
    pub sdsd_ms: Option<f64>,
    /// Root mean square of successive differences, milliseconds.
    pub rmssd_ms: Option<f64>,
    /// Share of differences above 50 ms, percent.
    pub pnn50_percent: Option<f64>,
    /// Poincare width, milliseconds.
    pub sd1_ms: Option<f64>,
    /// Poincare length, milliseconds.
    pub sd2_ms: Option<f64>,
    /// HRV triangular index, no unit.
    pub triangular_index: Option<f64>,
    /// Sample entropy, no unit.
    pub sample_entropy: Option<f64>,
    /// Short-term exponent of detrended fluctuation analysis, no unit.
    pub dfa_alpha1: Option<f64>,
    /// Power 0.04 to 0.15 Hz, ms^2.
    pub lf_ms2: Option<f64>,
    /// Power 0.15 to 0.40 Hz, ms^2.
    pub hf_ms2: Option<f64>,
    /// LF over HF.
    pub lf_hf: Option<f64>,
}

impl Indices {
    /// By the recipe `pqrst`, spectrum by Welch.
    #[must_use]
    pub fn of(nn: &[NnInterval]) -> Self {
        let bands = bands(nn);
        Self {
            sdnn_ms: sdnn_ms(nn),
            sdsd_ms: sdsd_ms(nn),
            rmssd_ms: rmssd_ms(nn),
            pnn50_percent: pnn50_percent(nn),
            sd1_ms: sd1_ms(nn),
            sd2_ms: sd2_ms(nn),
            triangular_index: triangular_index(nn),
            sample_entropy: sample_entropy(nn),
            dfa_alpha1: dfa_alpha1(nn),
            lf_ms2: bands.map(|b| b.lf_ms2),
            hf_ms2: bands.map(|b| b.hf_ms2),
            lf_hf: bands.and_then(|b| b.ratio()),
        }
        .finite()
    }

    /// Without what is no number: 0 over 0, and what a series without sense leads to.
    pub(super) fn finite(self) -> Self {
        let finite = |index: Option<f64>| index.filter(|number| number.is_finite());
        Self {
            sdnn_ms: finite(self.sdnn_ms),
            sdsd_ms: finite(self.sdsd_ms),
            rmssd_ms: finite(self.rmssd_ms),
            pnn50_percent: finite(self.pnn50_percent),
            sd1_ms: finite(self.sd1_ms),
            sd2_ms: finite(self.sd2_ms),
            triangular_index: finite(self.triangular_index),
            sample_entropy: finite(self.sample_entropy),
            dfa_alpha1: finite(self.dfa_alpha1),
            lf_ms2: finite(self.lf_ms2),
            hf_ms2: finite(self.hf_ms2),
            lf_hf: finite(self.lf_hf),
        }
    }

    /// Name and number of each, in the order of the fields.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Option<f64>); 12] {
        [
            ("sdnnMs", self.sdnn_ms),
            ("sdsdMs", self.sdsd_ms),
            ("rmssdMs", self.rmssd_ms),
            ("pnn50Percent", self.pnn50_percent),
            ("sd1Ms", self.sd1_ms),
            ("sd2Ms", self.sd2_ms),
            ("triangularIndex", self.triangular_index),
            ("sampleEntropy", self.sample_entropy),
            ("dfaAlpha1", self.dfa_alpha1),
            ("lfMs2", self.lf_ms2),
            ("hfMs2", self.hf_ms2),
            ("lfHf", self.lf_hf),
        ]
    }
}

/// LF and HF by the trapezoid rule over the lines in [low, middle) and [middle, high).
pub(super) fn bands_of(lines: &[Line], low: f64, middle: f64, high: f64) -> (f64, f64) {
    let area = |from: f64, to: f64| {
        let inside: Vec<&Line> = lines.iter().filter(|line| (from..to).contains(&line.hz)).collect();
        let steps = inside.windows(2).map(|pair| match pair {
            [a, b] => (b.hz - a.hz) * (a.density + b.density) / 2.0,
            _ => 0.0,
        });
        steps.sum::<f64>()
    };
    (area(low, middle), area(middle, high))
}
