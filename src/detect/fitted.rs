//! The fitted weights.

use super::weights::Weights;

impl Weights {
    /// The weights in use.
    pub const FITTED: Self = Self {
        size: 1.986,
        threshold_part: 0.3193,
        others_part: 1.019,
        background_part: 0.3441,
        steepness: 2.204,
        steepness_part: 0.407,
        likeness: 1.0,
        likeness_zero: 0.3502,
        slope_likeness: 1.5,
        slope_likeness_zero: 0.3,
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
}
