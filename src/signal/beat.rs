//! R peaks and beats.

use crate::units::{Microvolts, SamplePlace, Seconds};

/// An R peak (or the dominant deflection of a QRS complex) that the detector found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RPeak {
    /// Where, between samples; delays of filters are already taken out.
    pub at: SamplePlace,
    /// Height of the deflection over its local baseline, signed.
    pub amplitude: Microvolts,
}

/// How likely a decision of the detector was wrong: about a beat, or about a deflection that it turned down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// Where.
    pub at: SamplePlace,
    /// Probability of an error, 0 to 1.
    pub wrong: f32,
}

/// A beat of the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beat {
    /// Counts from 0 in the order of time.
    pub id: u64,
    /// The R peak.
    pub r: RPeak,
    /// Time since the start of the record, on the device's clock where it has one.
    pub time: Seconds,
}
