//! What the person in front of the screen chose, and no device can tell.

use super::reading::ReadingFilter;
use super::uart::UartFormat;

/// Sampling rates that a Movesense sensor offers, in hertz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs)] // each is its number
pub enum MovesenseRate {
    Hz125,
    Hz128,
    Hz200,
    #[default]
    Hz250,
    Hz256,
    Hz500,
    Hz512,
}

impl MovesenseRate {
    /// Every rate.
    pub const ALL: [Self; 7] =
        [Self::Hz125, Self::Hz128, Self::Hz200, Self::Hz250, Self::Hz256, Self::Hz500, Self::Hz512];

    /// The number, in hertz.
    #[must_use]
    pub const fn hz(self) -> u16 {
        match self {
            Self::Hz125 => 125,
            Self::Hz128 => 128,
            Self::Hz200 => 200,
            Self::Hz250 => 250,
            Self::Hz256 => 256,
            Self::Hz500 => 500,
            Self::Hz512 => 512,
        }
    }
}

/// Choices for the adapters; the default asks for nothing special and lets no stored or foreign reading through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeviceChoice {
    /// Which readings of a home test are the patient's, and of today.
    pub readings: ReadingFilter,
    /// How a self-made board writes its samples; without it such boards are not read.
    pub uart: Option<UartFormat>,
    /// Rate asked of a Movesense sensor.
    pub movesense_rate: MovesenseRate,
    /// Asks a Movesense sensor for whole microvolts (`/mV`, firmware 2.3 and newer) and half the radio time, not for
    /// its raw counts.
    pub movesense_microvolts: bool,
    /// Asks a Polar strap for its acceleration as well.
    pub motion: bool,
    /// Asks an optical Polar sensor for its pulse-to-pulse intervals.
    pub pulse_intervals: bool,
}
