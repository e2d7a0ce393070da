//! What the caller says about a file that does not say it itself.

/// A unit of voltage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoltageUnit {
    /// 1 µV.
    Microvolt,
    /// 1000 µV.
    Millivolt,
    /// 1 000 000 µV.
    Volt,
}

impl VoltageUnit {
    /// Microvolts of one unit.
    #[must_use]
    pub const fn microvolts(self) -> f64 {
        match self {
            Self::Microvolt => 1.0,
            Self::Millivolt => 1e3,
            Self::Volt => 1e6,
        }
    }
}

/// How to read a file that leaves something open: plain columns of numbers, or a bare matrix. What a file says
/// itself is believed first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hints {
    /// Samples a second.
    pub rate_hz: Option<f64>,
    /// Unit of the numbers.
    pub unit: Option<VoltageUnit>,
    /// Numbers a unit, for whole numbers of a converter.
    pub gain: Option<f64>,
    /// Columns that hold a lead, counted from 1; empty for every column that is no time.
    pub columns: Vec<usize>,
}
