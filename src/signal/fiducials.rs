//! Where the waves of a beat begin, peak and end.

use crate::units::SamplePlace;

/// A wave: its onset, its peak and its end. Any of them may be unclear while the others are found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Wave {
    /// Where it leaves the line.
    pub onset: Option<SamplePlace>,
    /// Its highest or lowest point.
    pub peak: Option<SamplePlace>,
    /// Where it is back on the line.
    pub end: Option<SamplePlace>,
}

/// The waves of one beat.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fiducials {
    /// The P wave; `None` when there is none, or none that can be told from the line.
    pub p: Option<Wave>,
    /// Onset of the QRS complex.
    pub qrs_onset: Option<SamplePlace>,
    /// End of the QRS complex (J point).
    pub qrs_end: Option<SamplePlace>,
    /// The T wave; `None` when it is flat or hidden.
    pub t: Option<Wave>,
    /// Probability that a P wave is there, 0 to 1, decided or not.
    pub p_chance: f32,
}
