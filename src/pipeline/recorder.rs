//! The pipeline: push what arrives, get a [`Report`].

use super::contact_share::ContactShare;
use super::ecg_track::EcgTrack;
use super::event::Event;
use super::interval_measures;
use super::measures::{self, Evidence};
use super::readings::Readings;
use super::report::{
    BandRow, Contact, DeviceInfo, FilterInfo, GapRow, HeartRate, Limit, Regularity, Report, ReportSchema,
    RrRow, TestKind, TransportRow,
};
use super::rhythm_measures::{self, Beats};
use super::rr_track::RrTrack;
use super::{Algorithm, Context, Library, Pacemaker, ReportId, Value, Window};
use crate::device::{DeviceBand, Measurement};
use crate::hrv;
use crate::quality::{Received, TestRequest, Verdict};
use crate::signal::{
    DeviceClass, EcgFrame, IntervalSource, Lead, NnInterval, NnRejection, QualityWindow, RrInterval,
};
use crate::units::{Hertz, HostTime, Milliseconds, Seconds};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// Which test.
    pub test: TestKind,
    /// The patient's answers.
    pub context: Context,
    /// True when the signal comes from a virtual device.
    pub simulated: bool,
    /// How often this test was repeated before.
    pub retakes: u8,
}

/// Where ECG comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EcgSource {
    /// Class of the device.
    pub class: DeviceClass,
    /// The lead.
    pub lead: Lead,
    /// Nominal sampling rate.
    pub rate: Hertz,
    /// What the device's own filter lets through.
    pub band: Option<DeviceBand>,
}

impl TestKind {
    /// How much signal the test asks for; `None` for an open end.
    #[must_use]
    pub const fn length(self) -> Option<Seconds> {
        match self {
            Self::Rest30s => Some(Seconds(30.0)),
            Self::Rest5min => Some(Seconds(300.0)),
            Self::Monitor | Self::Recording => None,
        }
    }
}

/// One recording, from its first byte to its report.
pub struct Pipeline {
    request: Request,
    source: Option<EcgSource>,
    ecg: Option<EcgTrack>,
    device_rr: RrTrack,
    events: Vec<Event>,
    bad_frames: u64,
    reconnects: u64,
    battery_percent: Option<u8>,
    contact: Contact,
    contact_share: ContactShare,
    readings: Readings,
    now: Option<HostTime>,
    finished: bool,
}

impl Pipeline {
    /// An empty recording.
    #[must_use]
    pub fn new(request: Request) -> Self {
        Self {
            request,
            source: None,
            ecg: None,
            device_rr: RrTrack::default(),
            events: Vec::new(),
            bad_frames: 0,
            reconnects: 0,
            battery_percent: None,
            contact: Contact::Unknown,
            contact_share: ContactShare::default(),
            readings: Readings::default(),
            now: None,
            finished: false,
        }
    }

    /// Names the source of the ECG that follows. A second call keeps the first source: a device that came back
    /// continues its record. False when the record cannot be continued from this source, because it is of another
    /// class or rate, or because the recording is finished: nothing of it may be pushed then.
    pub fn open_ecg(&mut self, source: EcgSource) -> bool {
        if self.finished {
            return false;
        }
        // Where no sample came yet, nothing binds to the first source.
        if self.recorded_ecg().is_none() {
            let high_pass = source.band.map(|band| band.high_pass_hz);
            self.ecg = Some(EcgTrack::new(source.rate, high_pass, !self.paced()));
            self.source = Some(source);
        }
        self.source.is_some_and(|first| first.class == source.class && first.rate == source.rate)
    }

    /// The signal comes from a virtual device, in part or as a whole.
    pub fn simulated(&mut self) {
        self.request.simulated = true;
    }

    /// The times of the ECG rest on its arrival alone: every gap's length is an estimate, and the report says so.
    pub fn timing_unverified(&mut self) {
        if let Some(track) = &mut self.ecg {
            track.timing_unverified = true;
        }
    }

    /// The ECG, once there is any.
    fn recorded_ecg(&self) -> Option<&EcgTrack> {
        self.ecg.as_ref().filter(|track| !track.is_empty())
    }

    /// Whether any ECG was received.
    #[must_use]
    pub fn has_ecg(&self) -> bool {
        self.recorded_ecg().is_some()
    }

    /// A frame of ECG. Dropped unless [`Pipeline::open_ecg`] was called.
    pub fn push_frame(&mut self, frame: EcgFrame) {
        if let Some(track) = self.ecg.as_mut().filter(|_| !self.finished) {
            track.push_frame(frame, &mut self.events);
        }
    }

    /// Samples of ECG in microvolts; `start` later than the end of what came before leaves a gap.
    pub fn push_samples(&mut self, samples_uv: &[f32], start: Option<Seconds>) {
        if let Some(track) = self.ecg.as_mut().filter(|_| !self.finished) {
            track.push_samples(samples_uv, start, &mut self.events);
        }
    }

    /// A message of a heart-rate sensor: its rate in beats a minute and its new intervals, oldest first.
    pub fn push_device_rate(&mut self, rate: Option<f64>, rr: &[Milliseconds], received: HostTime) {
        if self.finished {
            return;
        }
        let gaps = self.device_rr.gaps().len();
        self.device_rr.push(rate, rr, received);
        self.events.extend(self.device_rr.gaps().iter().skip(gaps).copied().map(Event::Gap));
        if let Some(bpm) = RrTrack::believed(rate) {
            self.events.push(Event::HeartRate { bpm, source: IntervalSource::Device });
        }
    }

    /// A list of intervals that were recorded without times: they follow one another from 0.
    pub fn push_rr_list(&mut self, list: impl IntoIterator<Item = Milliseconds>) {
        if !self.finished {
            self.device_rr.push_list(list);
        }
    }

    /// The link went down.
    pub fn disconnected(&mut self, at: HostTime) {
        if let Some(track) = &mut self.ecg {
            track.disconnected(at, &mut self.events);
        }
        self.device_rr.disconnected();
        self.contact_share.tell(None, self.now);
    }

    /// The link came back.
    pub fn reconnected(&mut self) {
        self.reconnects += 1;
    }

    /// A frame could not be decoded.
    pub fn bad_frame(&mut self) {
        self.bad_frames += 1;
    }

    /// Battery level, percent.
    pub fn battery(&mut self, percent: u8) {
        self.battery_percent = Some(percent);
    }

    /// Time passes on the host's clock: what is told next happens now. The recording ends with the last of these.
    pub fn at(&mut self, now: HostTime) {
        if now.0.is_finite() && !self.finished {
            self.now = Some(self.now.map_or(now, |before| HostTime(before.0.max(now.0))));
        }
    }

    /// A reading of a home test.
    pub fn push_reading(&mut self, reading: &Measurement) {
        if !self.finished {
            self.readings.push(reading);
        }
    }

    /// Skin contact as the device reports it.
    pub fn contact(&mut self, contact: Option<bool>) {
        self.contact = match contact {
            Some(true) => Contact::Yes,
            Some(false) => Contact::No,
            None => Contact::Unknown,
        };
        self.contact_share.tell(contact, self.now);
        self.device_rr.contact(contact);
        if let Some(track) = &mut self.ecg {
            track.contact(contact);
        }
    }

    /// What happened since the last call.
    pub fn drain(&mut self) -> std::vec::Drain<'_, Event> {
        self.events.drain(..)
    }

    /// Signal received after the source's start-up transient, without gaps: what counts towards the length of a
    /// test.
    #[must_use]
    pub fn recorded(&self) -> Seconds {
        match self.recorded_ecg() {
            Some(track) => Seconds((track.received().0 - self.settling().0).max(0.0)),
            None => self.device_rr.received(),
        }
    }

    /// Length of the source's start-up transient; 0 without ECG.
    #[must_use]
    pub fn settling(&self) -> Seconds {
        self.source
            .filter(|_| self.has_ecg())
            .and_then(|source| source.band)
            .map_or(Seconds(0.0), |band| band.settling)
    }

    /// Whether anything was received.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.has_ecg() && self.device_rr.is_empty()
    }

    /// Ends the recording and reports. Events of what still waited are to be drained afterwards. A second call
    /// reports the same recording under the id it is given.
    pub fn finish(&mut self, id: ReportId) -> Report {
        if !self.finished {
            self.finished = true;
            if let Some(track) = &mut self.ecg {
                track.finish(&mut self.events);
            }
        }
        match (self.recorded_ecg(), self.device_rr.is_empty()) {
            (Some(track), _) => self.ecg_report(track, id),
            (None, false) => self.rate_report(id),
            (None, true) => self.empty_report(id),
        }
    }

    fn ecg_report(&self, track: &EcgTrack, id: ReportId) -> Report {
        let end = track.end().0;
        let settled = self.settling().0.min(end);
        let judged = Window { start_s: settled, end_s: end };
        let rows = &track.quality;
        let trusted = |from, to| rhythm_measures::trusted(rows, from, to);
        let begin = |rr: &RrInterval| rr.end.0 - rr.rr.0 / 1000.0;
        let judged_rr: Vec<RrInterval> =
            track.intervals.iter().copied().filter(|rr| begin(rr) >= settled).collect();
        let nn = hrv::reject(&judged_rr, trusted);
        let inside =
            |row: &super::QualityRow| (row.start_s + row.duration_s).min(end) - row.start_s.max(settled);
        let usable: f64 = rows.iter().filter(|row| row.usable).map(|row| inside(row).max(0.0)).sum();
        let windows: Vec<QualityWindow> =
            track.windows.iter().zip(rows).filter(|(_, row)| inside(row) > 0.0).map(|(w, _)| *w).collect();
        let verdict = self.verdict(&Received::Ecg { windows: &windows, rate: track.rate() });
        let (usable, gaps) = (Some(Seconds(usable)), &track.gaps[..]);
        self.report(id, &Findings { nn, judged, usable, verdict, track: Some(track), gaps })
    }

    /// A heart-rate sensor has no waveform that could be judged: its intervals stand for themselves.
    fn rate_report(&self, id: ReportId) -> Report {
        let nn = hrv::reject(self.device_rr.intervals(), |from, to| self.device_rr.on_skin(from, to));
        let length = self.device_rr.duration();
        let believed = |n: &&NnInterval| matches!(n.rejected, None | Some(NnRejection::Ectopic));
        let covered = nn.iter().filter(believed).map(|n| n.rr.rr.0 / 1000.0).sum::<f64>();
        let usable = Seconds(covered.min(length.0));
        let contact_lost = self.device_rr.contact_lost();
        let received = Received::Intervals { usable, length, contact_lost };
        let verdict = self.verdict(if nn.is_empty() { &Received::RateOnly } else { &received });
        let judged = Window { start_s: 0.0, end_s: length.0 };
        let (usable, gaps) = ((!nn.is_empty()).then_some(usable), self.device_rr.gaps());
        self.report(id, &Findings { nn, judged, usable, verdict, track: None, gaps })
    }

    fn empty_report(&self, id: ReportId) -> Report {
        let verdict = self.verdict(&Received::Nothing);
        let judged = Window { start_s: 0.0, end_s: 0.0 };
        let findings = Findings { nn: Vec::new(), judged, usable: None, verdict, track: None, gaps: &[] };
        self.report(id, &findings)
    }

    fn verdict(&self, received: &Received<'_>) -> Verdict {
        Verdict::of(
            received,
            &TestRequest { asked: self.request.test.length(), retakes: self.request.retakes },
        )
    }

    fn report(&self, id: ReportId, found: &Findings<'_>) -> Report {
        let evidence = Evidence {
            nn: &found.nn,
            judged: found.judged,
            gaps: found.gaps,
            usable: found.usable,
            pacemaker: self.request.context.pacemaker,
        };
        let track = found.track;
        let beats = Beats {
            rows: track.map_or(&[], |track| &track.beats),
            judged: found.judged,
            usable: found.usable.filter(|_| track.is_some()).unwrap_or(Seconds(0.0)),
            windows: track.map_or(&[], |track| &track.quality),
            hears: track.map_or(&[], |track| &track.hears),
            gaps: found.gaps,
            rr: track.map_or(&[], |track| &track.intervals),
            paced: self.paced(),
        };
        let label = rhythm_measures::label(&beats, track.and_then(EcgTrack::label));
        let fibrillates = rhythm_measures::fibrillates(&label);
        let rhythm = measures::rhythm(&evidence, label, rhythm_measures::findings(&beats));
        let irregular = fibrillates || rhythm.regularity == Regularity::Irregular;
        let source = if track.is_some() { IntervalSource::Ecg } else { IntervalSource::Device };
        let measured = track.and_then(|t| t.stats().true_rate_hz);
        let ecg_source = self.ecg_source();
        let nominal = ecg_source.map(|source| source.rate.get());
        Report {
            schema: ReportSchema::V1,
            id,
            algorithm: Library::CURRENT,
            simulated: self.request.simulated,
            test: self.request.test,
            device: self.device(),
            source,
            lead: ecg_source.map_or(Lead::Unknown, |source| source.lead),
            nominal_sampling_rate_hz: nominal,
            sampling_rate_hz: measured.or(nominal),
            settled_s: found.judged.start_s,
            duration_s: found.judged.end_s - found.judged.start_s,
            usable_s: found.usable.filter(|_| track.is_some()).map(|usable| usable.0),
            verdict: found.verdict.clone().into(),
            heart_rate: self.heart_rate(&evidence),
            hrv: measures::variability(&evidence, &rhythm),
            ectopy: rhythm_measures::ectopy(&beats),
            intervals: interval_measures::intervals(
                &beats,
                track.map_or(&[], |track| &track.waves),
                irregular,
            ),
            rhythm,
            beats: track.map(|t| t.beats.clone()).unwrap_or_default(),
            waves: track.map(|t| t.waves.clone()).unwrap_or_default(),
            rr: found.nn.iter().map(rr_row).collect(),
            quality: track.map(|t| t.quality.clone()).unwrap_or_default(),
            gaps: found.gaps.to_vec(),
            transport: self.transport(track),
            battery_percent: self.battery_percent,
            contact: self.contact,
            contact_percent: self.contact_share.percent(self.now),
            readings: self.readings.rows(self.now),
            context: self.request.context,
            filters: self.filters(track),
            limits: limits(track, found.gaps),
        }
    }

    /// From intervals; from the sensor's own rates where it sends no intervals.
    fn heart_rate(&self, evidence: &Evidence<'_>) -> HeartRate {
        let rates = self.device_rr.rates();
        if self.has_ecg() || !evidence.nn.is_empty() || rates.is_empty() {
            return measures::heart_rate(evidence);
        }
        let mean = rates.iter().sum::<f64>() / rates.len() as f64;
        let value = |number, algorithm| Value::measured(number, evidence.judged, algorithm);
        HeartRate {
            mean_bpm: value(mean, Algorithm::HeartRateMean),
            min_bpm: value(rates.iter().copied().fold(f64::INFINITY, f64::min), Algorithm::HeartRateMin),
            max_bpm: value(rates.iter().copied().fold(0.0, f64::max), Algorithm::HeartRateMax),
        }
    }

    /// A pacemaker's pulses cannot be seen in this band: classes of beats and what rests on them mean nothing.
    fn paced(&self) -> bool {
        matches!(self.request.context.pacemaker, Pacemaker::Yes | Pacemaker::Unsure)
    }

    /// The source of the ECG, unless it sent none and the device's own rates stand in.
    fn ecg_source(&self) -> Option<EcgSource> {
        self.source.filter(|_| self.has_ecg() || self.device_rr.is_empty())
    }

    fn device(&self) -> DeviceInfo {
        let fallback =
            if self.device_rr.is_empty() { DeviceClass::Recording } else { DeviceClass::HeartRateSensor };
        DeviceInfo {
            class: self.ecg_source().map_or(fallback, |source| source.class),
            band: self
                .ecg_source()
                .and_then(|source| source.band)
                .map(|band| BandRow { low_hz: band.high_pass_hz, high_hz: band.low_pass_hz }),
        }
    }

    fn transport(&self, track: Option<&EcgTrack>) -> TransportRow {
        let stats = track.map(EcgTrack::stats).unwrap_or_default();
        let (reconnects, disconnected) = match track {
            Some(_) => (stats.reconnects, stats.time_disconnected),
            None => self.device_rr.link(),
        };
        let gaps = if track.is_some() { stats.gaps } else { self.device_rr.gaps().len() as u64 };
        TransportRow {
            frames: stats.frames,
            bad_frames: self.bad_frames,
            stale_frames: stats.stale_frames,
            samples: stats.samples,
            samples_lost: stats.samples_lost,
            gaps,
            // A foreign transport need not say that it came back.
            reconnects: self.reconnects.max(reconnects),
            true_rate_hz: stats.true_rate_hz,
            drift_ppm: stats.drift_ppm,
            disconnected_s: disconnected.0,
        }
    }

    fn filters(&self, track: Option<&EcgTrack>) -> Option<FilterInfo> {
        let own = self.source.and_then(|source| source.band).is_none_or(|band| band.high_pass_hz < 0.5);
        track.map(|track| FilterInfo {
            high_pass_hz: own.then_some(0.67),
            low_pass_hz: 40.0,
            notch_hz: track.notch_hz(),
        })
    }
}

/// What a recording comes to.
struct Findings<'a> {
    nn: Vec<NnInterval>,
    judged: Window,
    usable: Option<Seconds>,
    verdict: Verdict,
    track: Option<&'a EcgTrack>,
    gaps: &'a [GapRow],
}

fn rr_row(nn: &NnInterval) -> RrRow {
    RrRow { end_s: nn.rr.end.0, rr_ms: nn.rr.rr.0, source: nn.rr.source, rejected: nn.rejected }
}

fn limits(track: Option<&EcgTrack>, gaps: &[GapRow]) -> Vec<Limit> {
    let mut limits = match track {
        Some(_) => vec![Limit::SingleLead, Limit::PlacementUnverified, Limit::MonitorBand, Limit::NoSt],
        None => vec![Limit::NoWaveform],
    };
    if track.is_some_and(|track| track.timing_unverified) || gaps.iter().any(|gap| gap.timing_unverified) {
        limits.push(Limit::TimingUnverified);
    }
    limits
}
