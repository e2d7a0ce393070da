//! A clock for devices that neither stamp nor count their samples: counted samples, set right by when they arrive.

use crate::units::{DeviceTime, HostTime};

/// Frames whose lateness is remembered.
const RECENT: usize = 16;
/// Lateness, in seconds, that not one of the latest frames undercuts: samples were lost.
const LOST: f64 = 0.12;

/// Counts samples, and adds the time that the arrivals say is missing.
///
/// A radio only ever delays: while nothing is lost, the fastest of the latest frames stays as late as ever. When even
/// that one is later by more than 0.12 s, samples are missing; the clock then steps ahead, and the time line makes a
/// gap of the step. It lies up to sixteen frames behind the loss. Over a break of the link the clock follows the host's,
/// less the usual lateness. Gaps from here are estimates: [`EcgTiming::Arrival`](super::EcgTiming).
#[derive(Debug)]
pub(crate) struct ArrivalClock {
    hz: f64,
    /// Share of the time by which the rate may be lower than it claims to be without anything being lost.
    slack: f64,
    /// Seconds of the last sample.
    time: f64,
    /// Lateness of the latest frames against `time`, in seconds, and how many there are.
    late: [f64; RECENT],
    filled: usize,
    next: usize,
    /// Lateness of the fastest frames.
    floor: f64,
    last_host: Option<f64>,
    broken: bool,
}

impl ArrivalClock {
    pub(crate) const fn new(hz: f64, slack: f64) -> Self {
        // Not zero: a clock at zero counts as a clock that does not run.
        let late = [0.0; RECENT];
        Self { hz, slack, time: 1.0, late, filled: 0, next: 0, floor: 0.0, last_host: None, broken: false }
    }

    /// The link went down.
    pub(crate) fn broke(&mut self) {
        self.broken = self.last_host.is_some();
    }

    /// Time of the last of `n` samples that arrived now.
    pub(crate) fn push(&mut self, n: usize, received: HostTime) -> DeviceTime {
        self.time += n as f64 / self.hz;
        let host = received.0 / 1000.0;
        if host.is_finite() {
            self.arrived(host);
        }
        DeviceTime((self.time * 1e9) as u64)
    }

    fn arrived(&mut self, host: f64) {
        let late = host - self.time;
        let Some(last) = self.last_host.replace(host) else {
            self.floor = late;
            return self.remember(late);
        };
        if core::mem::take(&mut self.broken) {
            let missing = (late - self.usual()).max(0.0);
            self.time += missing;
            return self.remember(late - missing);
        }
        self.remember(late);
        let fastest = self.recent().iter().copied().fold(f64::INFINITY, f64::min);
        let slack = self.slack * (host - last).max(0.0);
        let missing = fastest - self.floor;
        if missing <= 0.0 {
            self.floor = fastest;
        } else if self.filled == RECENT && missing > LOST && missing.is_finite() {
            self.time += missing;
            self.late.iter_mut().for_each(|late| *late -= missing);
        } else {
            self.floor += slack.min(missing);
        }
    }

    fn remember(&mut self, late: f64) {
        if let Some(slot) = self.late.get_mut(self.next) {
            *slot = late;
        }
        self.next = (self.next + 1) % RECENT;
        self.filled = (self.filled + 1).min(RECENT);
    }

    fn recent(&self) -> &[f64] {
        self.late.get(..self.filled).unwrap_or(&[])
    }

    /// The middle of the latest latenesses.
    fn usual(&self) -> f64 {
        let mut sorted = self.late;
        let used = sorted.get_mut(..self.filled).unwrap_or_default();
        crate::units::sort_ascending(used);
        used.get(used.len() / 2).copied().unwrap_or(self.floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of 8 samples at 128 Hz, delayed by up to 0.2 s, of which `lost` do not arrive; the clock's error at the
    /// end, in seconds.
    fn error(lost: impl Fn(u32) -> bool, true_hz: f64) -> f64 {
        let mut clock = ArrivalClock::new(128.0, 0.001);
        let mut state = 1_u32;
        let (mut first, mut last) = (None, (0.0, 0.0));
        for k in 0..1600_u32 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let jitter = f64::from(state >> 8) / f64::from(1_u32 << 24) * 0.2;
            let taken = f64::from(k + 1) * 8.0 / true_hz;
            if !lost(k) {
                let told = clock.push(8, HostTime((100.0 + taken + jitter) * 1000.0)).0 as f64 * 1e-9;
                let zero = *first.get_or_insert(told - taken);
                last = (told - zero, taken);
            }
        }
        last.0 - last.1
    }

    #[test]
    fn nothing_lost_is_nothing_added() {
        for hz in [128.0, 127.95, 128.1] {
            let drift = 100.0 * (hz / 128.0 - 1.0);
            let e = error(|_| false, hz);
            assert!((e - drift).abs() < 1e-3, "{hz} Hz: {e}");
        }
    }

    #[test]
    fn losses_are_made_up_for() {
        for (share, bound) in [(20, 0.4), (10, 0.4)] {
            let e = error(|k| k % share == 7, 128.0);
            assert!(e.abs() < bound, "one of {share} lost: {e} s after 100 s");
        }
        let e = error(|k| (800..830).contains(&k), 128.0);
        assert!(e.abs() < 0.15, "two seconds lost: {e}");
    }

    #[test]
    fn a_break_has_its_length_and_nonsense_does_nothing() {
        let mut clock = ArrivalClock::new(128.0, 0.001);
        for k in 1..20_u32 {
            clock.push(8, HostTime(f64::from(k) * 62.5));
        }
        let before = clock.push(8, HostTime(20.0 * 62.5));
        clock.push(8, HostTime(f64::NAN));
        clock.broke();
        let after = clock.push(8, HostTime(21.0 * 62.5 + 5000.0));
        let seconds = after.since(before).unwrap().0;
        assert!((seconds - 5.0625).abs() < 0.07, "{seconds}");
        clock.push(8, HostTime(f64::INFINITY));
        clock.push(8, HostTime(-1e300));
        clock.push(8, HostTime(1e300));
    }
}
