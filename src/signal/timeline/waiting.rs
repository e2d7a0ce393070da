//! Frames that overtook others on their way wait until those are there, or no longer to be expected.

use super::Timeline;
use crate::signal::{EcgChunk, EcgFrame};
use crate::units::Seconds;

/// Frames that may wait: more than the fastest device sends in [`Timeline::LONGEST_WAIT`].
const MOST: usize = 32;

/// Frames behind a hole, in the order of their stamps.
#[derive(Debug, Clone)]
pub(super) struct Waiting(Vec<EcgFrame>);

impl Waiting {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(MOST + 1))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, frame: EcgFrame) {
        let place = self.0.partition_point(|waits| waits.last_sample <= frame.last_sample);
        self.0.insert(place, frame);
    }

    /// Whether there are too many of them, or one waited too long by the host's clock, in seconds.
    fn is_over(&self, host: Option<f64>) -> bool {
        let long = |frame: &EcgFrame| {
            host.is_none_or(|now| now - frame.received.0 / 1000.0 >= Timeline::LONGEST_WAIT.0)
        };
        self.0.len() > MOST || self.0.iter().any(long)
    }
}

impl Timeline {
    /// Whether samples are missing before this frame that may still come.
    pub(super) fn overtook(&self, frame: &EcgFrame) -> bool {
        let Some(last) = self.last.filter(|_| self.link_down.is_none()) else { return false };
        let stamps = last.stamp.zip(frame.last_sample);
        let Some(Seconds(elapsed)) = stamps.and_then(|(last, stamp)| stamp.since(last)) else { return false };
        let n = frame.samples_uv.len();
        let missing = elapsed * self.rate.hz() - n as f64;
        let host = frame.received.0 / 1000.0;
        // A stamp that cannot be true is no hole.
        missing > n as f64 / 2.0 && host.is_finite() && self.can_be(last, elapsed, missing, n, Some(host))
    }

    /// Places the frames whose turn it is at this host time, in seconds.
    pub(super) fn let_go(&mut self, host: Option<f64>, out: &mut Vec<EcgChunk>) {
        while let Some(first) = self.waiting.0.first() {
            if self.overtook(first) && !self.waiting.is_over(host) {
                return;
            }
            let frame = self.waiting.0.remove(0);
            self.place(frame, out);
        }
    }

    /// Places every frame that waits for one that it overtook: nothing more is to be expected on this connection.
    pub fn release(&mut self, out: &mut Vec<EcgChunk>) {
        while !self.waiting.is_empty() {
            let frame = self.waiting.0.remove(0);
            self.place(frame, out);
        }
    }
}
