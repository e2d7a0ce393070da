//! The fitted numbers of the detector, in one place.
//!
//! # Model card
//! - What: 33 weights of a hand-designed score; every term is named and bounded in `path.rs`. No record, patient or
//!   device enters.
//! - Fitted on: MIT-BIH Arrhythmia Database 1.0.0, first lead, the 22 records of the DS1 split (de Chazal 2004); with
//!   small weight the Noise Stress Test Database 1.0.0, record 118 with electrode motion at 12, 6, 0 and -6 dB.
//! - How: random search from plausible values, one to three weights at a time, accepting what lowers the sum over
//!   records of (missed + false beats)^0.8. The exponent keeps one hard record from deciding for all.
//! - Seen while fitting: all of these records, so the figures on them are in-sample. The records of DS2 and
//!   the Lobachevsky University Database (LUDB) were not seen; `cargo run --release -p eval -- qrs` prints the latter.
//! - Known limits: adults at rest; paced rhythms, children and fibrillation of the ventricles were not fitted for. A
//!   P wave as high and steep as its complex (record 108) can be taken for the beat.

/// The weights; see the fields.
pub(super) struct Weights {
    /// Score for each unit of the logarithm of height over threshold.
    pub size: f64,
    /// Where the threshold lies between noise and the height of beats.
    pub threshold_part: f64,
    /// Part of the height of turned-down candidates that counts as noise.
    pub others_part: f64,
    /// Part of the usual level before beats that counts as noise.
    pub background_part: f64,
    /// Score for each unit of the logarithm of slope over its threshold.
    pub steepness: f64,
    /// That threshold, in parts of the beats' slope.
    pub steepness_part: f64,
    /// Score for likeness with a known shape.
    pub likeness: f64,
    /// The likeness that speaks neither for nor against a beat.
    pub likeness_zero: f64,
    /// Score of every candidate.
    pub bias: f64,
    /// Penalty for each unit of the logarithm of height above ...
    pub oversize: f64,
    /// ... this, over the height of beats: artefacts are large.
    pub oversize_from: f64,
    /// A T wave follows its complex within this time, in seconds.
    pub t_window_s: f64,
    /// Penalty of a flat T wave.
    pub t_wave: f64,
    /// A T wave is less steep than its complex by this factor.
    pub t_ratio: f64,
    /// An interval may be this many expected ones before a missing beat is suspected.
    pub gap_from: f64,
    /// Penalty for each unit of the logarithm of an interval beyond that.
    pub gap: f64,
    /// An interval below this many expected ones is early.
    pub early_from: f64,
    /// Penalty of an interval of length 0, falling to none at `early_from`.
    pub early: f64,
    /// Penalty of an interval that a regular rhythm did not expect.
    pub regularity: f64,
    /// Part of the level right after a candidate that counts as noise.
    pub aftermath_part: f64,
    /// Part of the level before a candidate that counts as noise.
    pub surroundings_part: f64,
    /// A candidate loses at most this much by its looks.
    pub lowest: f64,
    /// A candidate gains at most this much by its looks.
    pub highest: f64,
    /// No two beats are closer, in seconds.
    pub refractory_s: f64,
    /// No rhythm is taken to be more regular than this, as a logarithm.
    pub least_spread: f64,
    /// Penalty for each unit of the logarithm by which a candidate shortly before is steeper.
    pub rival_before: f64,
    /// The same for one shortly after.
    pub rival_after: f64,
    /// By how much likeness counts more where all is noise.
    pub likeness_in_noise: f64,
    /// By how much regularity counts more where all is noise.
    pub regularity_in_noise: f64,
    /// How far noise keeps a beat from being learnt as a shape.
    pub learning_in_noise: f64,
    /// What "shortly" means, in seconds.
    pub rival_window_s: f64,
    /// Score for each unit of the logarithm of sharpness over its threshold.
    pub sharpness: f64,
    /// That threshold, in parts of the beats' sharpness.
    pub sharpness_part: f64,
}

/// The weights in use.
pub(super) const WEIGHTS: Weights = Weights {
    size: 1.986,
    threshold_part: 0.3193,
    others_part: 1.019,
    background_part: 0.3441,
    steepness: 2.204,
    steepness_part: 0.407,
    likeness: 1.596,
    likeness_zero: 0.3502,
    bias: 0.1669,
    oversize: 0.5508,
    oversize_from: 1.707,
    t_window_s: 0.3402,
    t_wave: 7.859,
    t_ratio: 0.8803,
    gap_from: 1.519,
    gap: 4.463,
    early_from: 0.4361,
    early: 4.785,
    regularity: 0.4756,
    aftermath_part: 0.4039,
    surroundings_part: 0.3264,
    lowest: 4.857,
    highest: 6.679,
    refractory_s: 0.2083,
    least_spread: 0.07943,
    rival_before: 0.4955,
    rival_after: 0.2562,
    likeness_in_noise: 0.7518,
    regularity_in_noise: 0.6657,
    learning_in_noise: 0.9732,
    rival_window_s: 0.3792,
    sharpness: 0.3,
    sharpness_part: 0.325,
};
