//! Whether the beats come evenly. No disease names.

mod regularity;

pub use regularity::{judge, Evenness, Finding, MIN_INTERVALS, MIN_USABLE};
