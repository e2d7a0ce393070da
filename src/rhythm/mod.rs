//! What the series of beats says: whether it is even, how likely atrial fibrillation is at each beat.

mod af;
mod regularity;

pub use af::{af_long_inputs, window_features, AfBeat, AfModel, AfSpan, AfTrack, AF_FEATURES, AF_WINDOW};

pub use regularity::{judge, Evenness, Finding, MIN_INTERVALS, MIN_USABLE};
