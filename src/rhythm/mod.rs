//! What the series of beats says: whether it is even, how likely atrial fibrillation is at each beat.

mod af;
mod findings;
mod label;
mod regularity;
mod silence;

pub use af::WEIGHTS as AF_WEIGHTS;
pub use af::{window_features, AfBeat, AfModel, AfSpan, AfTrack, AF_FEATURES, AF_WINDOW};
pub use label::WEIGHTS as LABEL_WEIGHTS;

pub use findings::{
    find, sustained_rates, Finding as RhythmFinding, FindingBeat, FindingKind, FindingWindow, Findings,
    Sustained,
};
pub use label::{Label, LabelModel, NoLabel, ObservedBeat, Observer, RhythmLabel, LABEL_FEATURES};
pub use regularity::{judge, Evenness, Finding, MIN_INTERVALS, MIN_USABLE};
pub use silence::SilenceWatch;
