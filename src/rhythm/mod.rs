//! Whether the beats come evenly. No disease names.

mod findings;
mod regularity;

pub use findings::{
    findings, Finding, FindingKind, RhythmBeat, ASYSTOLE, FAST, LASTING, PAUSE, RAPID, SLOW, UNEVEN_LASTING,
};
pub use regularity::{judge, Evenness, Statement, MIN_INTERVALS, MIN_USABLE};
