//! Frames to beats: the chain of time line, filters, quality and detector for one ECG lead.

use super::beat_track::{waves_row, BeatTrack};
use super::event::{Event, Stretch};
use super::live_rate::{LiveRate, Told, LONGEST_PAUSE};
use super::recorded::EcgRows;
use super::report::{BeatRow, GapRow, QualityRow, WavesRow};
use crate::detect::Detector;
use crate::device::AccelerationFrame;
use crate::dsp::{FilterChain, FilterSpec};
use crate::quality::{explained, Assessor, Doubts, Movement};
use crate::signal::{
    BeatClass, EcgChunk, EcgFrame, Gap, IntervalSource, QualityWindow, RPeak, RrInterval, Timeline,
};
use crate::units::{Hertz, HostTime, Milliseconds, SampleIndex, SamplePlace, Seconds};

/// What detector and assessor found is looked at so often, counted from the first sample of the record: events come in
/// the same order however the samples are divided.
const TICK: Seconds = Seconds(0.1);

/// Acceleration is not later than this.
const LATEST: Seconds = Seconds(5.0);

/// One lead's way from frames to beats.
pub struct EcgTrack {
    rate: Hertz,
    timeline: Timeline,
    chain: FilterChain,
    detector: Detector,
    assessor: Assessor,
    doubts: Doubts,
    movement: Movement,
    beat_track: BeatTrack,
    /// Beats whose waves and whose class are known.
    delineated: u64,
    classified: u64,
    classed: bool,
    filtered_next: SampleIndex,
    /// Rows of the report, growing.
    beats: Vec<BeatRow>,
    waves: Vec<WavesRow>,
    intervals: Vec<RrInterval>,
    /// Start and length of each quality window, in samples.
    windows: Vec<(u64, u64)>,
    quality: Vec<QualityRow>,
    /// Whether beats that are not found in a window are not there.
    hears: Vec<bool>,
    gaps: Vec<GapRow>,
    /// Nothing but arrivals tells the times of samples.
    pub(super) timing_unverified: bool,
    lost: f64,
    previous_beat: Option<Seconds>,
    previous_interval: bool,
    live: LiveRate,
    /// Samples between two looks.
    tick: u64,
    /// Without a beat by this place the live rate has expired.
    expires: f64,
    chunks: Vec<EcgChunk>,
    peaks: Vec<RPeak>,
    judged: Vec<QualityWindow>,
}

impl EcgTrack {
    /// A track for samples at this nominal rate; the device's own high-pass is not applied twice. Without `classed` every
    /// beat stays of class Q.
    #[must_use]
    pub fn new(rate: Hertz, device_high_pass_hz: Option<f64>, classed: bool) -> Self {
        let mut track = Self {
            rate,
            timeline: Timeline::new(rate),
            chain: FilterChain::new(rate, FilterSpec { device_high_pass_hz, ..FilterSpec::default() }),
            detector: Detector::new(rate),
            assessor: Assessor::new(rate),
            doubts: Doubts::new(rate),
            movement: Movement::default(),
            beat_track: BeatTrack::new(rate),
            delineated: 0,
            classified: 0,
            classed,
            filtered_next: SampleIndex(0),
            beats: Vec::new(),
            waves: Vec::new(),
            intervals: Vec::new(),
            windows: Vec::new(),
            quality: Vec::new(),
            hears: Vec::new(),
            gaps: Vec::new(),
            timing_unverified: false,
            lost: 0.0,
            previous_beat: None,
            previous_interval: false,
            live: LiveRate::new(),
            tick: rate.samples(TICK).0.max(1),
            expires: f64::INFINITY,
            chunks: Vec::new(),
            peaks: Vec::new(),
            judged: Vec::new(),
        };
        track.expect_beat(0.0);
        track
    }

    /// A frame of a device.
    pub fn push_frame(&mut self, frame: EcgFrame, out: &mut Vec<Event>) {
        let mut chunks = core::mem::take(&mut self.chunks);
        self.timeline.push(frame, &mut chunks);
        self.take(&mut chunks, out);
        self.chunks = chunks;
    }

    /// Takes the frames that still wait for one that they overtook.
    fn release(&mut self, out: &mut Vec<Event>) {
        let mut chunks = core::mem::take(&mut self.chunks);
        self.timeline.release(&mut chunks);
        self.take(&mut chunks, out);
        self.chunks = chunks;
    }

    /// Plain samples; `start` later than the end of what came before leaves a gap.
    pub fn push_samples(&mut self, samples_uv: &[f32], start: Option<Seconds>, out: &mut Vec<Event>) {
        let mut chunks = core::mem::take(&mut self.chunks);
        self.timeline.push_samples(samples_uv, start, &mut chunks);
        self.take(&mut chunks, out);
        self.chunks = chunks;
    }

    /// Whether any sample was placed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.timeline.next().0 == 0
    }

    /// The link went down.
    pub fn disconnected(&mut self, at: HostTime, out: &mut Vec<Event>) {
        self.release(out);
        self.timeline.disconnected(at);
        if !self.is_empty() {
            tell(self.live.gap(), out);
        }
        tell_motion(self.movement.unknown(), out);
    }

    /// Acceleration of the device that sends the ECG, on its clock; nothing before the first sample of ECG.
    pub fn push_acceleration(&mut self, frame: &AccelerationFrame, out: &mut Vec<Event>) {
        let arrived = self.timeline.time_at(frame.received);
        let stamped = frame.last_sample.and_then(|stamp| self.timeline.time_of_stamp(stamp));
        // A stamp far from its arrival is of no clock that is known.
        let near = |stamp: &Seconds| arrived.is_none_or(|at| (at.0 - stamp.0).abs() < LATEST.0);
        if let Some(last) = stamped.filter(near).or(arrived) {
            let period = frame.rate_hz.map(|hz| Seconds(1.0 / hz));
            self.movement.push(&frame.samples_mg, last, period);
            tell_motion(self.movement.news(), out);
        }
    }

    /// What the device says about skin contact.
    pub fn contact(&mut self, contact: Option<bool>) {
        self.assessor.contact(contact);
    }

    /// Lets out what still waits. Nothing may be pushed afterwards.
    pub fn finish(&mut self, out: &mut Vec<Event>) {
        self.release(out);
        let mut filtered = Vec::new();
        self.chain.finish(&mut filtered);
        self.emit_filtered(filtered, out);
        self.detector.finish(&mut self.peaks);
        self.collect_doubts();
        self.assessor.finish(&mut self.judged);
        self.emit_quality(out);
        self.emit_beats(out);
        self.beat_track.finish(|place| self.timeline.time_of(place));
        self.emit_classes(out);
    }

    /// Time from the first sample to the end of the last one, lost samples included.
    #[must_use]
    pub fn end(&self) -> Seconds {
        self.time(self.timeline.next().into())
    }

    /// Time covered by samples that arrived.
    #[must_use]
    pub fn received(&self) -> Seconds {
        Seconds((self.end().0 - self.lost).max(0.0))
    }

    /// What is kept of the record.
    pub(super) fn rows(&self) -> EcgRows {
        EcgRows {
            beats: self.beats.clone(),
            waves: self.waves.clone(),
            rr: self.intervals.clone(),
            quality: self.quality.clone(),
            spans: self.windows.clone(),
            hears: self.hears.clone(),
            gaps: self.gaps.clone(),
            timing_unverified: self.timing_unverified,
            rate: self.rate,
            end: self.end(),
            stats: self.timeline.stats(),
            notch_hz: self.chain.notch_hz(),
            label: self.beat_track.label.and_then(Result::ok),
        }
    }

    fn take(&mut self, chunks: &mut Vec<EcgChunk>, out: &mut Vec<Event>) {
        for chunk in chunks.drain(..) {
            if let Some(gap) = chunk.gap {
                self.skip(gap, out);
            }
            let shown = out.len();
            let mut filtered = Vec::new();
            self.chain.push(&chunk.samples_uv, &mut filtered);
            self.emit_filtered(filtered, out);
            self.look_for_beats(&chunk, out);
            // The samples are told before what was found in them.
            out.insert(shown, Event::Ecg(self.stretch(chunk.start, chunk.samples_uv)));
        }
    }

    /// Detector and assessor, from tick to tick.
    fn look_for_beats(&mut self, chunk: &EcgChunk, out: &mut Vec<Event>) {
        let (mut place, mut rest) = (chunk.start.0, chunk.samples_uv.as_slice());
        while !rest.is_empty() {
            let room = self.tick - place % self.tick;
            let (now, later) = rest.split_at(rest.len().min(room as usize));
            self.detector.push(now, &mut self.peaks);
            self.collect_doubts();
            self.assessor.push(now, &mut self.judged);
            self.beat_track.push(now);
            place += now.len() as u64;
            if place.is_multiple_of(self.tick) {
                self.emit_quality(out);
                self.emit_beats(out);
                let told = SamplePlace(place as f64 - self.detector.delay().0 * self.rate.get());
                self.beat_track.look(told, |place| self.timeline.time_of(place));
                self.emit_classes(out);
                if place as f64 > self.expires {
                    tell(self.live.pause(), out);
                    self.expires = f64::INFINITY;
                }
            }
            rest = later;
        }
    }

    fn collect_doubts(&mut self) {
        self.detector.doubts().for_each(|doubt| self.doubts.push(doubt));
    }

    /// The live rate holds until a beat after this place can no longer come in time.
    fn expect_beat(&mut self, after: f64) {
        self.expires = after + (LONGEST_PAUSE + self.detector.delay()).0 * self.rate.get();
    }

    /// Everything before a gap leaves first; nothing is measured across it.
    fn skip(&mut self, gap: Gap, out: &mut Vec<Event>) {
        let mut filtered = Vec::new();
        self.chain.skip(gap.length, &mut filtered);
        self.emit_filtered(filtered, out);
        self.filtered_next = gap.start + gap.length;
        self.detector.skip(gap.length, &mut self.peaks);
        self.collect_doubts();
        self.assessor.skip(gap.length, &mut self.judged);
        self.emit_quality(out);
        self.emit_beats(out);
        self.beat_track.skip(gap.length, |place| self.timeline.time_of(place));
        self.emit_classes(out);
        self.previous_beat = None;
        self.previous_interval = false;
        let end = gap.start + gap.length;
        self.expect_beat(end.0 as f64);
        let row = GapRow {
            start_s: self.time(gap.start.into()).0,
            duration_s: self.time((gap.start + gap.length).into()).0 - self.time(gap.start.into()).0,
            cause: gap.cause,
            timing_unverified: gap.timing_unverified || self.timing_unverified,
        };
        self.lost += row.duration_s;
        self.gaps.push(row);
        out.push(Event::Gap(row));
        tell(self.live.gap(), out);
    }

    fn time(&self, place: SamplePlace) -> Seconds {
        self.timeline.time_of(place)
    }

    fn stretch(&self, start: SampleIndex, samples_uv: Vec<f32>) -> Stretch {
        let sampling_rate_hz = self.timeline.rate().get();
        Stretch { samples_uv, start_s: self.time(start.into()).0, sampling_rate_hz }
    }

    fn emit_filtered(&mut self, samples_uv: Vec<f32>, out: &mut Vec<Event>) {
        if samples_uv.is_empty() {
            return;
        }
        let start = self.filtered_next;
        self.filtered_next = SampleIndex(start.0 + samples_uv.len() as u64);
        out.push(Event::Filtered(self.stretch(start, samples_uv)));
    }

    fn emit_quality(&mut self, out: &mut Vec<Event>) {
        let mut judged = core::mem::take(&mut self.judged);
        for window in judged.drain(..) {
            let window = self.doubts.weigh(window);
            let start = self.time(window.start.into());
            let end = self.time((window.start + window.length).into());
            let moving = self.movement.during(start, end);
            let row = QualityRow {
                start_s: start.0,
                duration_s: end.0 - start.0,
                score: window.score,
                usable: window.usable,
                reasons: explained(window, moving).reasons.to_vec(),
                moving,
            };
            if moving.is_none() {
                tell_motion(self.movement.unknown(), out);
            }
            out.push(Event::Quality(row.clone()));
            self.quality.push(row);
            tell(self.live.judged(start, end, window.usable), out);
            self.hears.push(self.beat_track.window(window, start, end));
            self.windows.push((window.start.0, window.length.0));
        }
        self.judged = judged;
    }

    fn emit_beats(&mut self, out: &mut Vec<Event>) {
        let mut peaks = core::mem::take(&mut self.peaks);
        for peak in peaks.drain(..) {
            let time = self.time(peak.at);
            let rr =
                self.previous_beat.map(|before| Milliseconds::from(time - before)).filter(|rr| rr.0 > 0.0);
            if self.previous_beat.is_some() && rr.is_none() {
                continue;
            }
            let id = self.beats.len() as u64;
            self.beats.push(BeatRow {
                id,
                time_s: time.0,
                sample: peak.at.0,
                amplitude_uv: peak.amplitude.0,
                confidence: peak.confidence,
                late: peak.late,
                class: BeatClass::Q,
                class_confidence: 0.0,
            });
            self.beat_track.beat(peak);
            let (confidence, late) = (peak.confidence, peak.late);
            out.push(Event::Beat { id, time_s: time.0, rr_ms: rr.map(|rr| rr.0), confidence, late });
            if let Some(rr) = rr {
                let follows = self.previous_interval;
                self.intervals.push(RrInterval { end: time, rr, source: IntervalSource::Ecg, follows });
                tell(self.live.interval(time, rr), out);
            }
            self.expect_beat(peak.at.0);
            self.previous_interval = rr.is_some();
            self.previous_beat = Some(time);
        }
        self.peaks = peaks;
    }

    /// Waves and classes that became known, one of each for every beat in turn.
    fn emit_classes(&mut self, out: &mut Vec<Event>) {
        let time = |place| self.timeline.time_of(place);
        for found in self.beat_track.waves.drain(..) {
            self.waves.extend(waves_row(self.delineated, &found, time));
            self.delineated += 1;
        }
        for found in self.beat_track.classes.drain(..) {
            let row = self.beats.get_mut(self.classified as usize);
            let id = self.classified;
            self.classified += 1;
            if let Some(row) = row.filter(|_| self.classed) {
                (row.class, row.class_confidence) = (found.class, found.confidence);
                out.push(Event::BeatClass { id, class: found.class, confidence: found.confidence });
            }
        }
    }
}

fn tell_motion(moving: Option<bool>, out: &mut Vec<Event>) {
    out.extend(moving.map(|moving| Event::Motion { moving }));
}

/// Says what became known of the rate.
fn tell(told: Option<Told>, out: &mut Vec<Event>) {
    match told {
        Some(Ok(rate)) => out.push(Event::HeartRate { bpm: rate.0, source: IntervalSource::Ecg }),
        Some(Err(reason)) => out.push(Event::NoHeartRate { reason }),
        None => {}
    }
}
