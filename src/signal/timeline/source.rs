//! Samples that no device framed: handed over by a caller, or read from a file.

use super::{Placement, Timeline};
use crate::signal::{EcgChunk, GapCause};
use crate::units::Seconds;

impl Timeline {
    /// Places plain samples at the nominal rate. `start` is the time of the first one on the source's own clock,
    /// whose zero is free: the first start given is where the record begins, 0 when the first samples came without.
    /// `None` means that they follow on. A hole of half a sample or more is a gap; what overlaps
    /// the samples before is dropped and counted.
    ///
    /// A start that is not a number, or more than [`Timeline::LONGEST_GAP`] ahead, is refused and nothing changes.
    pub fn push_samples(
        &mut self,
        samples_uv: &[f32],
        start: Option<Seconds>,
        out: &mut Vec<EcgChunk>,
    ) -> Placement {
        if samples_uv.is_empty() {
            return Placement::Empty;
        }
        let hz = self.nominal.get();
        let ahead = match start {
            None => {
                self.source_origin.get_or_insert(0.0);
                0.0
            }
            Some(Seconds(start)) => {
                let origin = self.source_origin.unwrap_or(start - self.next as f64 / hz);
                let ahead = ((start - origin) * hz).round() - self.next as f64;
                if !ahead.is_finite() || ahead > Self::LONGEST_GAP.0 * hz {
                    return Placement::Refused;
                }
                self.source_origin = Some(origin);
                ahead
            }
        };
        // The casts take what is negative as 0.
        let (missing, overlap) = (ahead as u64, (-ahead) as usize);
        let fresh = samples_uv.get(overlap..).unwrap_or(&[]);
        self.stats.samples_dropped += (samples_uv.len() - fresh.len()) as u64;
        if fresh.is_empty() {
            return Placement::Stale;
        }
        self.emit(fresh.to_vec(), missing, GapCause::SourceHole, false, out);
        Placement::Placed
    }
}
