//! Beats (section 4): where the reference beat was subtracted, and where samples were kept at the full rate.

use crate::import::bytes::Bytes;
use crate::import::ImportError;

/// Places of a beat in the record, counted from 1.
pub(super) struct Beat {
    /// 0 for beats of the reference's kind, from which it was subtracted.
    pub kind: u16,
    /// First and last sample of the subtraction.
    pub first: u32,
    pub last: u32,
    /// Its reference point.
    pub fiducial: u32,
}

/// A stretch kept at the full rate, both ends counted from 1.
pub(super) struct Protected {
    pub first: u32,
    pub last: u32,
}

#[derive(Default)]
pub(super) struct Beats {
    /// Reference point of the reference beat, counted from 1.
    pub fiducial: u32,
    /// Length of the reference beat in milliseconds.
    pub length_ms: u16,
    pub list: Vec<Beat>,
    pub protected: Vec<Protected>,
}

impl Beats {
    pub(super) fn read(section: Option<Bytes>) -> Result<Self, ImportError> {
        let Some(mut bytes) = section else { return Ok(Self::default()) };
        let (length_ms, fiducial, count) = (bytes.u16()?, u32::from(bytes.u16()?), bytes.u16()?);
        let mut beats = Self { fiducial, length_ms, ..Self::default() };
        for _ in 0..count {
            let (kind, first) = (bytes.u16()?, bytes.u32()?);
            let (fiducial, last) = (bytes.u32()?, bytes.u32()?);
            beats.list.push(Beat { kind, first, last, fiducial });
        }
        // Only records of bimodal compression need these.
        for _ in 0..count {
            let (Ok(first), Ok(last)) = (bytes.u32(), bytes.u32()) else { break };
            beats.protected.push(Protected { first, last });
        }
        Ok(beats)
    }

    /// Adds the reference beat of a lead, which begins at sample `first` of the record. Subtractions do not overlap:
    /// a sample is added to once.
    pub(super) fn add_reference(&self, lead: &mut [f64], first: u32, reference: &[f64]) {
        let first = i64::from(first);
        let mut done = first;
        for beat in self.list.iter().filter(|b| b.kind == 0) {
            // Place in the reference beat of place 0 of the record.
            let into = i64::from(self.fiducial) - 1 - i64::from(beat.fiducial);
            let from = i64::from(beat.first).max(-into).max(done);
            let until = i64::from(beat.last)
                .min(first + lead.len() as i64 - 1)
                .min(reference.len() as i64 - 1 - into);
            for place in from..=until {
                let at = usize::try_from(place - first).ok().and_then(|at| lead.get_mut(at));
                let value = usize::try_from(into + place).ok().and_then(|of| reference.get(of));
                if let (Some(sample), Some(value)) = (at, value) {
                    *sample += value;
                }
            }
            done = done.max(until + 1);
        }
    }
}
