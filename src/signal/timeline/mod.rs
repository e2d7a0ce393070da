//! Frames to places: the device's clock, the host's clock, the true sampling rate, and what was lost.

mod anchors;
mod arrivals;
mod clocks;
mod rate;
mod source;
mod waiting;

use super::{EcgChunk, EcgFrame, Gap, GapCause, TransportStats};
use crate::units::{DeviceTime, Hertz, HostTime, SampleCount, SampleIndex, SamplePlace, Seconds};
use anchors::{Anchor, Anchors};
use arrivals::Arrivals;
use clocks::{Step, Suspects};
use rate::RateEstimate;
use waiting::Waiting;

/// How far from the latest frame a stamp is still taken to be of the same clock, in seconds.
const STAMP_REACH: f64 = 60.0;

/// What became of samples that were pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Placement {
    /// Placed, by the device's clock, the source's own times, or right after the samples before.
    Placed,
    /// Placed, but the device's clock jumped, restarted or is missing over a break, and the host's was used.
    PlacedByHost,
    /// Dropped: they came twice or too late.
    Stale,
    /// Waits: samples before it are missing that may still come.
    Waits,
    /// There were no samples.
    Empty,
    /// Dropped: their time is not a number, or more than [`Timeline::LONGEST_GAP`] ahead.
    Refused,
}

/// The last frame that was placed.
#[derive(Debug, Clone, Copy)]
struct Last {
    stamp: Option<DeviceTime>,
    /// Seconds on the host's clock; `None` when it was not a number.
    host: Option<f64>,
    /// Time of its last sample, in seconds since the first sample of the record.
    time: f64,
}

/// Places the frames of one record, over reconnections, in constant memory.
///
/// - Losses are found *before* stamps are spread over samples: the time between two stamps is compared with the
///   length of the frame, and more than half a frame too much is a gap. Where all frames are of one size, a gap of
///   lost frames has a whole number of them, which makes its length exact while the rate is still being learned.
/// - A device whose clock steps by less than a frame is believed about its samples, not about its clock.
/// - A stamp that is not after the previous one is stale and dropped, unless the stamps go on from there at the pace
///   of the host's clock, or the link was down, or it lies more than a minute back: then the clock restarted.
/// - A clock that restarted, or ran ahead of any possible arrival, is replaced over the break by the host's clock, and
///   the gap is marked `timing_unverified`. After a reconnection the device's clock counts when it agrees with the
///   host's to within 3 s.
/// - Frames without stamps are counted at the nominal rate; only an interruption of more than a second is a gap.
///
/// - A frame that comes before one that it overtook waits for it, at most [`Timeline::LONGEST_WAIT`] and until the next
///   frame shows that this is over; then the hole is a gap.
///
/// Adds no delay while frames come in their order. Memory: a few tens of kilobytes, whatever the length of the record.
#[derive(Debug, Clone)]
pub struct Timeline {
    nominal: Hertz,
    next: u64,
    last: Option<Last>,
    rate: RateEstimate,
    anchors: Anchors,
    arrivals: Arrivals,
    suspects: Suspects,
    waiting: Waiting,
    /// Host seconds at which the link went down.
    link_down: Option<Option<f64>>,
    /// Size of the latest frames, and how many in a row had it.
    frame_size: (usize, u32),
    /// Every frame so far was stamped.
    stamped: bool,
    /// The source's own time at place 0, in seconds.
    source_origin: Option<f64>,
    stats: TransportStats,
}

impl Timeline {
    /// No gap is longer than a day; a stamp further ahead is an error of the clock.
    pub const LONGEST_GAP: Seconds = Seconds(86_400.0);

    /// How long a frame behind a hole waits for those that it may have overtaken: twice the 200 ms by which stacks of
    /// hosts were seen to delay a notification.
    pub const LONGEST_WAIT: Seconds = Seconds(0.4);

    /// An empty record of a source that claims this sampling rate.
    #[must_use]
    pub fn new(nominal: Hertz) -> Self {
        Self {
            nominal,
            next: 0,
            last: None,
            rate: RateEstimate::new(nominal.get()),
            anchors: Anchors::default(),
            arrivals: Arrivals::new(),
            suspects: Suspects::default(),
            waiting: Waiting::new(),
            link_down: None,
            frame_size: (0, 0),
            stamped: true,
            source_origin: None,
            stats: TransportStats::default(),
        }
    }

    /// Places a frame: appends one chunk, preceded by a gap where samples are missing, or nothing when it is stale or has
    /// to wait; and the chunks of frames that waited for it. Samples leave exactly as they came.
    pub fn push(&mut self, frame: EcgFrame, out: &mut Vec<EcgChunk>) -> Placement {
        if frame.samples_uv.is_empty() {
            return Placement::Empty;
        }
        if self.link_down.is_some() && !self.waiting.is_empty() {
            // What waited was sent before the link went down.
            let down = self.link_down.take();
            self.release(out);
            self.link_down = down;
        }
        let host = Some(frame.received.0 / 1000.0).filter(|s| s.is_finite());
        let placement = if self.overtook(&frame) {
            self.waiting.push(frame);
            Placement::Waits
        } else {
            self.place(frame, out)
        };
        self.let_go(host, out);
        placement
    }

    fn place(&mut self, frame: EcgFrame, out: &mut Vec<EcgChunk>) -> Placement {
        let n = frame.samples_uv.len();
        let host = Some(frame.received.0 / 1000.0).filter(|s| s.is_finite());
        let step = match self.last {
            None => Step::first(n, self.rate.hz()),
            Some(last) => match self.step(last, frame.last_sample, n, host) {
                Some(step) => step,
                None => {
                    self.stats.stale_frames += 1;
                    self.stats.samples_dropped += n as u64;
                    return Placement::Stale;
                }
            },
        };
        self.note_link(host);
        self.note_size(n, step.missing);
        self.stamped &= frame.last_sample.is_some();
        let time = self.last.map_or(0.0, |last| last.time) + step.seconds;
        self.anchor(n, step.missing, time);
        self.last = Some(Last { stamp: frame.last_sample, host, time });
        if let Some(host) = host {
            self.arrivals.push(time, host);
        }
        self.suspects = Suspects::default();
        self.stats.frames += 1;
        self.emit(frame.samples_uv, step.missing, step.cause, step.by_host, out);
        if step.by_host {
            Placement::PlacedByHost
        } else {
            Placement::Placed
        }
    }

    /// The link went down. The record goes on with the next frame; what lies between is a gap.
    pub fn disconnected(&mut self, when: HostTime) {
        if self.last.is_some() && self.link_down.is_none() {
            self.link_down = Some(Some(when.0 / 1000.0).filter(|s| s.is_finite()));
        }
    }

    /// A frame came that could not be decoded. What it held is found missing when the next one is placed.
    pub fn bad_frame(&mut self) {
        self.stats.bad_frames += 1;
    }

    /// Time of a place since the first sample, on the device's clock: through the stamps around it for at least the
    /// last 60 s, at the measured rate before and after. A place that is not a number gives 0.
    #[must_use]
    pub fn time_of(&self, place: SamplePlace) -> Seconds {
        let time = self.anchors.time_of(place.0, self.rate.hz());
        Seconds(if time.is_finite() { time } else { 0.0 })
    }

    /// Time on the record of a moment on the host's clock, as if it had travelled as fast as the fastest frames;
    /// `None` before the first frame. For what comes without a stamp, such as a device's own intervals.
    #[must_use]
    pub fn time_at(&self, moment: HostTime) -> Option<Seconds> {
        let time = moment.0 / 1000.0 - self.arrivals.zero()?;
        time.is_finite().then_some(Seconds(time))
    }

    /// Time on the record of a stamp of the device's clock, for what the device measures beside the ECG; `None` before
    /// the first stamped frame and more than a minute from the latest one, whose clock it may not be.
    #[must_use]
    pub fn time_of_stamp(&self, stamp: DeviceTime) -> Option<Seconds> {
        let last = self.last?;
        let placed = last.stamp?;
        let ahead = stamp.since(placed).map_or(0.0, |s| s.0) - placed.since(stamp).map_or(0.0, |s| s.0);
        (ahead.abs() <= STAMP_REACH).then_some(Seconds(last.time + ahead))
    }

    /// Best sampling rate on the device's clock: measured, or nominal until [`Timeline::rate_is_measured`].
    #[must_use]
    pub fn rate(&self) -> Hertz {
        Hertz::new(self.rate.hz()).unwrap_or(self.nominal)
    }

    /// Whether enough neighbouring frames have come to know the true rate; about 5 s of a Polar H10.
    #[must_use]
    pub fn rate_is_measured(&self) -> bool {
        self.rate.known().is_some()
    }

    /// Place of the next sample if nothing is lost before it: the length of the record so far.
    #[must_use]
    pub const fn next(&self) -> SampleIndex {
        SampleIndex(self.next)
    }

    /// How the link behaved.
    #[must_use]
    pub fn stats(&self) -> TransportStats {
        let drift_ppm = if self.stamped { self.arrivals.drift_ppm() } else { None };
        TransportStats { true_rate_hz: self.rate.known(), drift_ppm, ..self.stats }
    }

    /// The first frame after a break ends it.
    fn note_link(&mut self, host: Option<f64>) {
        let Some(down) = self.link_down.take() else { return };
        self.stats.reconnects += 1;
        if let (Some(down), Some(up)) = (down, host) {
            self.stats.time_disconnected = self.stats.time_disconnected + Seconds((up - down).max(0.0));
        }
    }

    fn note_size(&mut self, n: usize, missing: u64) {
        let (size, run) = self.frame_size;
        let same = size == n && missing.is_multiple_of(n as u64);
        self.frame_size = (n, if same { run.saturating_add(1) } else { 1 });
    }

    /// Ties the frame's samples to its time. After a gap the frame's own beginning is tied as well, so that the
    /// rounding of the gap to whole samples stays inside the gap.
    fn anchor(&mut self, n: usize, missing: u64, end: f64) {
        let start = self.next.saturating_add(missing) as f64;
        let breaks = missing > 0 || self.last.is_none();
        if breaks {
            let begin = end - n as f64 / self.rate.hz();
            self.anchors.push(Anchor { place: start - 1.0, time: begin }, true);
        }
        self.anchors.push(Anchor { place: start + n as f64 - 1.0, time: end }, breaks);
    }

    /// Hands samples out at their place.
    fn emit(
        &mut self,
        samples_uv: Vec<f32>,
        missing: u64,
        cause: GapCause,
        unverified: bool,
        out: &mut Vec<EcgChunk>,
    ) {
        let gap = (missing > 0).then_some(Gap {
            start: SampleIndex(self.next),
            length: SampleCount(missing),
            cause,
            timing_unverified: unverified,
        });
        self.stats.gaps += u64::from(gap.is_some());
        self.stats.samples_lost += missing;
        self.stats.samples += samples_uv.len() as u64;
        let start = SampleIndex(self.next) + SampleCount(missing);
        self.next = (start + SampleCount(samples_uv.len() as u64)).0;
        out.push(EcgChunk { start, samples_uv, gap });
    }
}
