//! How far a frame lies after the one before it: by the device's clock, or by the host's where that one fails.

use super::{Last, Timeline};
use crate::signal::GapCause;
use crate::units::DeviceTime;

/// A frame is stale, not the sign of a restart, when it lies at most this far back, in seconds.
const STALE_REACH: f64 = 60.0;
/// Stale-looking frames in a row, advancing with the host's clock, that make a restart.
const RESTART_AFTER: u32 = 3;
/// The same when the host's clock cannot tell.
const RESTART_ANYWAY: u32 = 64;
/// How much earlier than the fastest frames a frame may arrive before its stamp is disbelieved, in seconds.
const EARLY: f64 = 2.0;
/// The same when the loss would be no whole number of frames.
const EARLY_AND_ODD: f64 = 0.1;
/// How far the two clocks may differ over a break, in seconds, and per second of the break.
const BREAK_TOLERANCE: (f64, f64) = (3.0, 1e-3);
/// Without stamps: an interruption, in seconds, that is taken for a loss.
const SILENCE: f64 = 1.0;
/// By the host's clock alone a frame may be this late, in seconds, without anything being lost.
const HOST_SLACK: f64 = 0.5;
/// Frames of one size after which a loss is counted in whole frames: while the rate is not known, one like the frame
/// after the loss has to do.
const ONE_SIZE: u32 = 3;
/// Steps of the clock between neighbours that are followed: in seconds, and in frames.
const FOLLOWED: (f64, f64) = (0.02, 0.1);

/// From the last sample of one frame to the last sample of the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Samples missing between the two.
    pub(super) missing: u64,
    /// Time between the two.
    pub(super) seconds: f64,
    pub(super) cause: GapCause,
    /// The host's clock was used.
    pub(super) by_host: bool,
}

impl Step {
    /// The first sample of a record lies at 0.
    pub(super) fn first(n: usize, hz: f64) -> Self {
        let seconds = (n as f64 - 1.0) / hz;
        Self { missing: 0, seconds, cause: GapCause::FramesLost, by_host: false }
    }
}

/// Frames that look stale, kept in mind because a restarted clock looks the same at first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Suspects {
    first: Option<(DeviceTime, Option<f64>)>,
    last: Option<DeviceTime>,
    run: u32,
}

impl Suspects {
    /// Notes a frame that is not after the last one placed; true when such frames have become a stream of their own.
    fn restarted(&mut self, stamp: DeviceTime, last: &Last, host: Option<f64>, frame_seconds: f64) -> bool {
        let follows = self.last.and_then(|last| stamp.since(last)).is_some_and(|d| d.0 < 1.5 * frame_seconds);
        if !follows {
            *self = Self { first: Some((stamp, host)), last: Some(stamp), run: 1 };
            return false;
        }
        self.last = Some(stamp);
        self.run = self.run.saturating_add(1);
        let live = self.first.is_some_and(|(first, then)| match (then, host, stamp.since(first)) {
            // A replay comes in a burst, or with its old arrival times; a live stream takes its time.
            (Some(then), Some(now), Some(device)) => {
                now - then > 0.5 * device.0 && last.host.is_none_or(|placed| then >= placed)
            }
            _ => false,
        });
        (live && self.run >= RESTART_AFTER) || self.run >= RESTART_ANYWAY
    }
}

impl Timeline {
    /// The step to a frame of `n` samples, or `None` when it is stale.
    pub(super) fn step(
        &mut self,
        last: Last,
        stamp: Option<DeviceTime>,
        n: usize,
        host: Option<f64>,
    ) -> Option<Step> {
        let (Some(stamp), Some(previous)) = (stamp, last.stamp) else {
            return Some(self.step_without_stamps(last, n, host));
        };
        let Some(elapsed) = stamp.since(previous).map(|s| s.0) else {
            let back = previous.since(stamp).map_or(0.0, |s| s.0);
            let restarted = self.link_down.is_some()
                || back > STALE_REACH
                || self.suspects.restarted(stamp, &last, host, n as f64 / self.rate.hz());
            return restarted.then(|| self.step_by_host(last, n, host));
        };
        let known = if self.link_down.is_some() {
            self.step_over_break(last, elapsed, n, host)
        } else {
            self.step_between_frames(last, elapsed, n, host)
        };
        Some(known.unwrap_or_else(|| self.step_by_host(last, n, host)))
    }

    /// Two frames on one connection; `None` when the stamp cannot be true.
    fn step_between_frames(&mut self, last: Last, elapsed: f64, n: usize, host: Option<f64>) -> Option<Step> {
        let cause = GapCause::FramesLost;
        let frame = n as f64;
        let apparent = elapsed * self.rate.hz() - frame;
        if apparent > frame / 2.0 && !self.can_be(last, elapsed, apparent, n, host) {
            return None;
        }
        self.rate.push(n, elapsed);
        let hz = self.rate.hz();
        let missing = elapsed * hz - frame;
        if missing > frame / 2.0 {
            let missing = self.whole_frames(missing, n).unwrap_or_else(|| missing.round() as u64);
            return Some(Step { missing, seconds: elapsed, cause, by_host: false });
        }
        let followed = missing.abs() <= (FOLLOWED.0 * hz).max(FOLLOWED.1 * frame);
        let seconds = if followed { elapsed } else { frame / hz };
        Some(Step { missing: 0, seconds, cause, by_host: false })
    }

    /// Whether a stamp so far ahead fits the arrival: nothing arrives before it was measured. A loss that is no whole
    /// number of frames is suspect by itself, and has to fit closer.
    pub(super) fn can_be(&self, last: Last, elapsed: f64, missing: f64, n: usize, host: Option<f64>) -> bool {
        let odd = self.one_size(n) && self.whole_frames(missing, n).is_none();
        let margin = if odd { EARLY_AND_ODD } else { EARLY };
        let early = self.since_by_host(last, host).is_some_and(|by_host| elapsed > by_host + margin);
        elapsed <= Self::LONGEST_GAP.0 && !early
    }

    /// Whether the frames are of one size.
    fn one_size(&self, n: usize) -> bool {
        let enough = if self.rate.known().is_some() { ONE_SIZE } else { 1 };
        self.frame_size.0 == n && self.frame_size.1 >= enough
    }

    /// Length of a loss in samples, where it is a whole number of frames of one size.
    fn whole_frames(&self, missing: f64, n: usize) -> Option<u64> {
        let frame = n as f64;
        let frames = (missing / frame).round();
        let tolerance = (0.05 * frame).max(0.005 * missing).min(0.45 * frame);
        let fits = frames >= 1.0 && (missing - frames * frame).abs() <= tolerance;
        (fits && self.one_size(n)).then_some((frames * frame) as u64)
    }

    /// The first frame after a break, by the device's clock; `None` when that one does not agree with the host's.
    fn step_over_break(&self, last: Last, elapsed: f64, n: usize, host: Option<f64>) -> Option<Step> {
        let agrees = match self.since_by_host(last, host) {
            Some(by_host) => (elapsed - by_host).abs() <= BREAK_TOLERANCE.0 + BREAK_TOLERANCE.1 * by_host,
            None => true,
        };
        if !agrees || elapsed > Self::LONGEST_GAP.0 {
            return None;
        }
        // The stream starts anew, out of step with the old frames. The cast takes what is negative as 0.
        let missing = (elapsed * self.rate.hz() - n as f64).round() as u64;
        let seconds = if missing > 0 { elapsed } else { elapsed.max(n as f64 / self.rate.hz()) };
        Some(Step { missing, seconds, cause: GapCause::Disconnected, by_host: false })
    }

    /// Seconds from the last sample placed to the arrival of a frame, less the travel of the fastest frames.
    fn since_by_host(&self, last: Last, host: Option<f64>) -> Option<f64> {
        Some(host? - self.arrivals.zero()? - last.time)
    }

    fn step_by_host(&self, last: Last, n: usize, host: Option<f64>) -> Step {
        let hz = self.rate.hz();
        let broken = self.link_down.is_some();
        let cause = if broken { GapCause::Disconnected } else { GapCause::FramesLost };
        let frame = n as f64;
        // This frame is as late as frames usually are, not as early as the fastest.
        let since =
            self.since_by_host(last, host).map_or(0.0, |since| since - self.arrivals.usual_lateness());
        let since = since.clamp(0.0, Self::LONGEST_GAP.0);
        let missing = since * hz - frame;
        let slack = if broken { 0.0 } else { frame.max(HOST_SLACK * hz) };
        let missing = if missing > slack { missing.round() as u64 } else { 0 };
        Step { missing, seconds: (frame + missing as f64) / hz, cause, by_host: true }
    }

    fn step_without_stamps(&self, last: Last, n: usize, host: Option<f64>) -> Step {
        let hz = self.rate.hz();
        let broken = self.link_down.is_some();
        let cause = if broken { GapCause::Disconnected } else { GapCause::FramesLost };
        let frame = n as f64;
        let silence = host.zip(last.host).map_or(0.0, |(now, then)| now - then).min(Self::LONGEST_GAP.0);
        let lost = broken || silence > frame / hz + SILENCE;
        // The cast takes what is negative as 0.
        let missing = if lost { (silence * hz - frame).round() as u64 } else { 0 };
        Step { missing, seconds: (frame + missing as f64) / hz, cause, by_host: missing > 0 }
    }
}
