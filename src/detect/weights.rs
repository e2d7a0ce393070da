//! What can be fitted in the detector, in one place.
//!
//! Every weight belongs to a term of a hand-designed score that is named and bounded in `path.rs`; the values in
//! use, with the record of their fit, stand in `fitted.rs`.

/// Declares the weights once: name, plausible value by what the term means, range that a fit may search.
macro_rules! weights {
    ($($(#[$doc:meta])* $name:ident: $start:literal in $low:literal..$high:literal;)*) => {
        /// The weights of the score; see the fields.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct Weights {
            $($(#[$doc])* pub $name: f64,)*
        }

        impl Weights {
            /// Round values by what each term means, before any data were seen.
            pub const PLAUSIBLE: Self = Self { $($name: $start,)* };

            /// Name, lowest and highest sensible value of every weight.
            pub const RANGES: &'static [(&'static str, f64, f64)] =
                &[$((stringify!($name), $low, $high),)*];

            /// The weights in the order of [`Weights::RANGES`].
            #[must_use]
            pub fn values(&self) -> Vec<f64> {
                vec![$(self.$name,)*]
            }

            /// Sets the weight of this index in [`Weights::RANGES`]; any other index changes nothing.
            pub fn set(&mut self, index: usize, value: f64) {
                if let Some(slot) = [$(&mut self.$name,)*].into_iter().nth(index) {
                    *slot = value;
                }
            }
        }
    };
}

weights! {
    /// Score for each unit of the logarithm of height over threshold.
    size: 2.0 in 0.3..6.0;
    /// Where the threshold lies between noise and the height of beats.
    threshold_part: 0.3 in 0.1..0.6;
    /// Part of the height of turned-down candidates that counts as noise.
    others_part: 1.0 in 0.0..2.0;
    /// Part of the usual level before beats that counts as noise.
    background_part: 0.5 in 0.0..2.0;
    /// Score for each unit of the logarithm of slope over its threshold.
    steepness: 2.0 in 0.0..6.0;
    /// That threshold, in parts of the beats' slope.
    steepness_part: 0.4 in 0.1..0.9;
    /// Score for likeness with a known shape.
    likeness: 1.5 in 0.0..5.0;
    /// The likeness that speaks neither for nor against a beat.
    likeness_zero: 0.4 in 0.0..0.9;
    /// Score for likeness of the slope with that of a known shape.
    slope_likeness: 1.5 in 0.0..5.0;
    /// The likeness of slopes that speaks neither for nor against a beat.
    slope_likeness_zero: 0.3 in 0.0..0.9;
    /// Score of every candidate.
    bias: 0.0 in -2.0..2.0;
    /// Penalty for each unit of the logarithm of height above ...
    oversize: 1.0 in 0.0..4.0;
    /// ... this, over the height of beats: artefacts are large.
    oversize_from: 1.5 in 0.7..2.5;
    /// A T wave follows its complex within this time, in seconds.
    t_window_s: 0.36 in 0.28..0.5;
    /// Penalty of a flat T wave.
    t_wave: 6.0 in 0.0..15.0;
    /// A T wave is less steep than its complex by this factor.
    t_ratio: 0.8 in 0.3..1.2;
    /// An interval may be this many expected ones before a missing beat is suspected.
    gap_from: 1.5 in 1.1..2.2;
    /// Penalty for each unit of the logarithm of an interval beyond that.
    gap: 4.0 in 0.0..12.0;
    /// An interval below this many expected ones is early.
    early_from: 0.5 in 0.3..0.8;
    /// Penalty of an interval of length 0, falling to none at `early_from`.
    early: 5.0 in 0.0..12.0;
    /// Penalty of an interval that a regular rhythm did not expect.
    regularity: 0.5 in 0.0..2.0;
    /// Part of the level right after a candidate that counts as noise.
    aftermath_part: 0.3 in 0.0..1.5;
    /// Part of the level before a candidate that counts as noise.
    surroundings_part: 0.3 in 0.0..1.5;
    /// A candidate loses at most this much by its looks.
    lowest: 5.0 in 2.0..10.0;
    /// A candidate gains at most this much by its looks.
    highest: 6.0 in 2.0..12.0;
    /// No two beats are closer, in seconds.
    refractory_s: 0.2 in 0.18..0.25;
    /// No rhythm is taken to be more regular than this, as a logarithm.
    least_spread: 0.08 in 0.03..0.2;
    /// Penalty for each unit of the logarithm by which a candidate shortly before is steeper.
    rival_before: 0.5 in 0.0..3.0;
    /// The same for one shortly after.
    rival_after: 0.5 in 0.0..3.0;
    /// By how much likeness of slopes counts more where all is noise.
    likeness_in_noise: 0.5 in 0.0..3.0;
    /// By how much regularity counts more where all is noise.
    regularity_in_noise: 0.5 in 0.0..4.0;
    /// How far noise keeps a beat from being learnt as a shape.
    learning_in_noise: 0.8 in 0.0..1.0;
    /// What "shortly" means, in seconds.
    rival_window_s: 0.36 in 0.2..0.5;
    /// Score for each unit of the logarithm of sharpness over its threshold.
    sharpness: 0.5 in 0.0..4.0;
    /// That threshold, in parts of the beats' sharpness.
    sharpness_part: 0.4 in 0.1..0.9;
}
