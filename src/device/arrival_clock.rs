//! A clock for devices that neither stamp nor count their samples: counted samples, set right by when they arrive.

use crate::units::{DeviceTime, HostTime};

/// Frames whose lateness makes the usual one.
const RECENT: usize = 16;
/// Length of a bin of arrivals in seconds, and how many are kept.
const BIN_S: f64 = 0.25;
const BINS: usize = 17;
/// Samples were lost when no frame of the latest bins is less late than this. Bins, the frames they must hold, and lateness
/// in seconds, the quickest first. With frames of 8 samples at 125 and 250 Hz, nothing lost and each late by up to 0.2 s
/// (order kept), the fastest of half a second is late by 0.14 s at most in an hour, of 1 s by 0.12, of 2 s by 0.10, of 4 s
/// by 0.07; the last line is for frames too long to come sixteen times in 4 s.
const LOST: [(usize, u32, f64); 5] =
    [(2, 16, 0.15), (4, 16, 0.12), (8, 16, 0.1), (16, 16, 0.08), (16, 4, 0.22)];
/// The same where samples were lost lately: a loss is likely, and a step too many is made up for.
const LOST_AGAIN: [(usize, u32, f64); 4] = [(2, 8, 0.1), (3, 12, 0.07), (4, 16, 0.055), (6, 24, 0.045)];
/// Seconds for which a link that lost samples is taken for one that may lose more: lateness is then not put down to a
/// slow device, and a step that was too long is made up for by the next.
const LOSSY_S: f64 = 30.0;
/// Seconds by which steps may have been too long.
const TOO_LONG_S: f64 = 0.15;
/// Frames of one size after which whole frames are missing.
const ONE_SIZE: u32 = 8;
/// A step longer than an hour is nonsense of the host's clock.
const LONGEST_S: f64 = 3600.0;

#[derive(Debug, Clone, Copy)]
struct Bin {
    /// Least lateness in it.
    low: f64,
    count: u32,
}

impl Bin {
    const EMPTY: Self = Self { low: f64::INFINITY, count: 0 };
}

/// Counts samples, and adds the time that the arrivals say is missing.
///
/// A radio only ever delays: while nothing is lost, the fastest of the latest frames stays as late as ever. When even
/// that one is later, samples are missing; the clock then steps ahead, and the time line makes a gap of the step. How much
/// later it must be, and for how long, is [`LOST`]: a long loss shows within half a second, a short one needs up to four.
/// The gap lies so far behind the loss. Over a break of the link the clock follows the host's, less the usual lateness. Gaps
/// from here are estimates: [`EcgTiming::Arrival`](super::EcgTiming).
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
    /// The latest bins, the newest first; when that one began, and how many there were before it.
    bins: [Bin; BINS],
    began: f64,
    before: usize,
    /// Lateness of the fastest frames.
    floor: f64,
    /// When samples were last found missing.
    lost_at: f64,
    last_host: Option<f64>,
    broken: bool,
    /// Samples of the latest frames, and how many in a row had so many.
    size: (usize, u32),
}

impl ArrivalClock {
    pub(crate) const fn new(hz: f64, slack: f64) -> Self {
        Self {
            hz,
            slack,
            // Not zero: a clock at zero counts as a clock that does not run.
            time: 1.0,
            late: [0.0; RECENT],
            filled: 0,
            next: 0,
            bins: [Bin::EMPTY; BINS],
            began: 0.0,
            before: 0,
            floor: 0.0,
            lost_at: f64::NEG_INFINITY,
            last_host: None,
            broken: false,
            size: (0, 0),
        }
    }

    /// The link went down.
    pub(crate) fn broke(&mut self) {
        self.broken = self.last_host.is_some();
    }

    /// Time of the last of `n` samples that arrived now.
    pub(crate) fn push(&mut self, n: usize, received: HostTime) -> DeviceTime {
        self.time += n as f64 / self.hz;
        self.size = (n, if self.size.0 == n { self.size.1.saturating_add(1) } else { 1 });
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
            self.begin(host);
            return self.remember(host, late);
        };
        if core::mem::take(&mut self.broken) {
            let missing = (late - self.usual()).clamp(0.0, LONGEST_S);
            self.time += missing;
            self.lost_at = host;
            self.begin(host);
            return self.remember(host, late - missing);
        }
        self.remember(host, late);
        let lossy = (host - self.lost_at).abs() < LOSSY_S;
        // What a step was too long looks like frames that came too early.
        let too_long = if lossy { TOO_LONG_S } else { 0.0 };
        self.floor = crate::units::smaller(self.floor, late + too_long);
        match self.missing(lossy).map(|(bins, missing)| (bins, self.whole(missing))) {
            Some((_, missing)) if missing >= LONGEST_S => {
                self.floor = late;
                self.begin(host);
            }
            Some((bins, missing)) if missing > 0.0 => self.step(bins, missing, host),
            _ if !lossy => {
                let lowest = self.bins.iter().map(|bin| bin.low).fold(f64::INFINITY, f64::min);
                let slack = self.slack * (host - last).max(0.0);
                self.floor += slack.min((lowest - self.floor).max(0.0));
            }
            _ => {}
        }
    }

    /// Seconds that the latest bins say are missing, and how many bins say so.
    fn missing(&self, lossy: bool) -> Option<(usize, f64)> {
        let missing = |&(bins, fewest, lateness): &(usize, u32, f64)| {
            let latest = self.bins.get(..=bins).filter(|_| self.before >= bins)?;
            let low = latest.iter().map(|bin| bin.low).fold(f64::INFINITY, f64::min) - self.floor;
            let count: u32 = latest.iter().map(|bin| bin.count).sum();
            (count >= fewest && low > lateness).then_some((bins, low))
        };
        let again = if lossy { LOST_AGAIN.as_slice() } else { &[] };
        LOST.iter().chain(again).find_map(missing)
    }

    /// Where frames are of one size, whole ones are missing. The time line believes those more easily, too.
    fn whole(&self, missing: f64) -> f64 {
        let frame = self.size.0 as f64 / self.hz;
        if self.size.1 < ONE_SIZE {
            return missing;
        }
        (missing / frame).round() * frame
    }

    fn step(&mut self, bins: usize, missing: f64, host: f64) {
        self.time += missing;
        self.lost_at = host;
        self.late.iter_mut().for_each(|late| *late -= missing);
        for (age, bin) in self.bins.iter_mut().enumerate() {
            // What came before the loss says nothing of the time after it.
            *bin = if age <= bins { Bin { low: bin.low - missing, ..*bin } } else { Bin::EMPTY };
        }
    }

    /// Arrivals from here on stand for themselves.
    fn begin(&mut self, host: f64) {
        self.bins = [Bin::EMPTY; BINS];
        (self.began, self.before) = (host, 0);
    }

    fn remember(&mut self, host: f64, late: f64) {
        let passed = (host - self.began) / BIN_S;
        if passed.abs() > BINS as f64 {
            self.begin(host);
        } else if passed >= 1.0 {
            // At most as many as there are.
            let passed = passed as usize;
            self.bins.rotate_right(passed % BINS);
            self.bins.iter_mut().take(passed).for_each(|bin| *bin = Bin::EMPTY);
            self.began += passed as f64 * BIN_S;
            self.before = (self.before + passed).min(BINS);
        }
        if let Some(bin) = self.bins.first_mut() {
            *bin = Bin { low: crate::units::smaller(bin.low, late), count: bin.count.saturating_add(1) };
        }
        if let Some(slot) = self.late.get_mut(self.next) {
            *slot = late;
        }
        self.next = (self.next + 1) % RECENT;
        self.filled = (self.filled + 1).min(RECENT);
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

    /// A stream of frames of 8 samples, late by up to `jitter` seconds in their order.
    struct Link {
        hz: f64,
        true_hz: f64,
        jitter: f64,
        slack: f64,
        seed: u32,
    }

    /// What a clock made of a stream: its error in seconds after each frame that came, with the time, and its steps.
    #[derive(Default)]
    struct Course {
        /// When samples were lost, and how many seconds of them.
        lost: Vec<(f64, f64)>,
        errors: Vec<(f64, f64)>,
        steps: Vec<(f64, f64)>,
    }

    impl Course {
        fn worst(&self, from: f64, to: f64) -> f64 {
            let inside = |t: &&(f64, f64)| (from..to).contains(&t.0);
            self.errors.iter().filter(inside).map(|(_, e)| e.abs()).fold(0.0, f64::max)
        }

        fn share_within(&self, bound: f64) -> f64 {
            self.errors.iter().filter(|(_, e)| e.abs() < bound).count() as f64 / self.errors.len() as f64
        }

        /// The worst error, where a loss of the last `wait` seconds may be told or not yet told.
        fn worst_found(&self, wait: f64) -> f64 {
            let error = |&(t, e): &(f64, f64)| {
                let latest = self.lost.iter().filter(|(at, _)| (t - wait..t).contains(at));
                let open: f64 = latest.map(|(_, length)| length).sum();
                crate::units::larger(e, -(e + open))
            };
            self.errors.iter().map(error).fold(0.0, f64::max)
        }
    }

    const BOARD: Link = Link { hz: 250.0, true_hz: 250.0, jitter: 0.2, slack: 0.002, seed: 1 };
    const HEALTHY_PI: Link = Link { hz: 128.0, true_hz: 128.0, jitter: 0.2, slack: 0.0005, seed: 1 };

    impl Link {
        fn drawn(state: &mut u32) -> f64 {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(*state >> 8) / f64::from(1_u32 << 24)
        }

        fn run(&self, seconds: f64, lost: impl Fn(f64, f64) -> bool) -> Course {
            let mut clock = ArrivalClock::new(self.hz, self.slack);
            let (mut state, mut arrival) = (self.seed.wrapping_mul(2_654_435_761), 0.0_f64);
            let (mut zero, mut before) = (None, None);
            let mut course = Course::default();
            for k in 1..=(seconds * self.true_hz / 8.0) as u32 {
                let (jitter, chance) = (Self::drawn(&mut state), Self::drawn(&mut state));
                let taken = f64::from(k) * 8.0 / self.true_hz;
                if lost(taken, chance) {
                    course.lost.push((taken, 8.0 / self.hz));
                    continue;
                }
                arrival = arrival.max(100.0 + taken + jitter * self.jitter);
                let told = clock.push(8, HostTime(arrival * 1000.0)).0 as f64 * 1e-9;
                let apart = told - before.replace(told).unwrap_or(told);
                if apart > 1.5 * 8.0 / self.hz {
                    course.steps.push((taken, apart - 8.0 / self.hz));
                }
                course.errors.push((taken, told - taken - *zero.get_or_insert(told - taken)));
            }
            course
        }
    }

    #[test]
    fn nothing_lost_is_nothing_added() {
        for link in [BOARD, HEALTHY_PI] {
            for (ppm, seed) in [(0.0, 1), (50.0, 2), (-50.0, 3), (-400.0, 4)] {
                for jitter in [0.0, 0.03, 0.2] {
                    let true_hz = link.hz * (1.0 + ppm * 1e-6);
                    let course = Link { true_hz, jitter, seed, ..link }.run(1800.0, |_, _| false);
                    assert_eq!(course.steps, [], "{ppm} ppm, {jitter} s");
                }
            }
        }
    }

    #[test]
    fn a_loss_of_a_tenth_of_a_second_is_found_with_its_length() {
        for link in [BOARD, HEALTHY_PI] {
            for length in [0.1, 0.15, 0.2, 0.3, 0.5, 2.0] {
                let (mut found, mut wait, mut worst) = (0, 0.0_f64, 0.0_f64);
                for seed in 1..=20 {
                    let frames = (length * link.hz / 8.0_f64).round() * 8.0 / link.hz;
                    let lost = |t: f64, _| (30.001..30.001 + frames).contains(&t);
                    let course = Link { seed, ..link }.run(60.0, lost);
                    let after: Vec<_> = course.steps.iter().filter(|s| s.0 > 30.0).collect();
                    found += usize::from(!after.is_empty());
                    wait = after.first().map_or(wait, |s| wait.max(s.0 - 30.0 - frames));
                    worst = worst.max(course.worst(30.0 + frames + 6.0, 60.0));
                }
                println!(
                    "{} Hz, {length} s lost: found {found} of 20, {wait:.1} s later at most, then off by {:.0} ms at most",
                    link.hz,
                    1000.0 * worst
                );
                assert!(found == 20 && wait < 6.0 && worst < 0.15, "{length}");
            }
        }
    }

    #[test]
    fn losses_all_the_time_have_their_length_two_seconds_later() {
        for link in [BOARD, HEALTHY_PI] {
            for (ppm, first) in [(0.0, 1), (50.0, 2), (-50.0, 3)] {
                let true_hz = link.hz * (1.0 + ppm * 1e-6);
                let (mut at_once, mut later, mut share) = (0.0_f64, 0.0_f64, 1.0_f64);
                for seed in 1..=20 {
                    let course = Link { true_hz, seed, ..link }.run(300.0, |_, chance| chance < 0.05);
                    at_once = at_once.max(course.worst(0.0, 300.0));
                    later = later.max(course.worst_found(2.0));
                    if seed == first {
                        share = course.share_within(0.15);
                    }
                }
                println!(
                    "{} Hz, {ppm} ppm, 5 % lost for 20 times 300 s: off by {:.0} ms at most, by {:.0} ms of what was lost more than two seconds ago",
                    link.hz, 1000.0 * at_once, 1000.0 * later
                );
                assert!(later < 0.15 && at_once < 0.4 && share > 0.95, "{ppm}: {later} {at_once} {share}");
            }
        }
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
