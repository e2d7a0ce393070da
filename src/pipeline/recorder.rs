//! The pipeline: push what arrives, get a [`Report`].

use super::contact_share::ContactShare;
use super::ecg_track::EcgTrack;
use super::event::Event;
use super::pressure::Sitting;
use super::readings::Readings;
use super::recorded::Recorded;
use super::report::{Contact, Report, TestKind};
use super::rr_track::RrTrack;
use super::{Context, Library, ReportId};
use crate::device::reading::Panel;
use crate::device::{AccelerationFrame, DeviceBand, Measurement};
use crate::signal::{DeviceClass, EcgFrame, IntervalSource, Lead};
use crate::units::{Hertz, HostTime, Milliseconds, Seconds};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
    sitting: Option<Sitting>,
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
            sitting: None,
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

    /// Acceleration of the device that sends the ECG.
    pub fn push_acceleration(&mut self, frame: &AccelerationFrame) {
        if let Some(track) = self.ecg.as_mut().filter(|_| !self.finished) {
            track.push_acceleration(frame, &mut self.events);
        }
    }

    /// Samples of ECG in microvolts; `start` later than the end of what came before leaves a gap.
    pub fn push_samples(&mut self, samples_uv: &[f32], start: Option<Seconds>) {
        if let Some(track) = self.ecg.as_mut().filter(|_| !self.finished) {
            track.push_samples(samples_uv, start, &mut self.events);
        }
    }

    /// Intervals between pulses that an optical sensor sees, oldest first, and whether each is to be believed.
    pub fn push_pulses(&mut self, intervals: &[(Milliseconds, bool)], received: HostTime) {
        if !self.finished {
            self.device_rr.push_pulses(intervals, received);
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

    /// The heart's record has its length; readings may still come. How long the skin is touched no longer counts.
    pub fn heart_over(&mut self) {
        self.contact_share.tell(None, self.now);
    }

    /// A reading of a home test. A blood pressure begins a rested series where none was begun.
    pub fn push_reading(&mut self, reading: &Measurement) {
        if self.finished {
            return;
        }
        self.readings.push(reading);
        if reading.panel == Panel::BloodPressure {
            let sitting = self.sitting.get_or_insert_with(|| Sitting::new(reading.received));
            self.events.push(Event::BloodPressure(sitting.push(reading)));
        }
    }

    /// Begins the rested series of blood pressures of somebody who sat down at this time, unless there is one.
    pub fn sit(&mut self, seated: HostTime) {
        if !self.finished && self.sitting.is_none() && seated.0.is_finite() {
            let sitting = Sitting::new(seated);
            self.events.push(Event::BloodPressure(sitting.step()));
            self.sitting = Some(sitting);
        }
    }

    /// Whether a rested series of blood pressures is complete; `None` where there is none.
    #[must_use]
    pub fn has_rested_series(&self) -> Option<bool> {
        self.sitting.as_ref().map(Sitting::is_done)
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
        self.end(id).report()
    }

    /// Ends the recording: what its report is made of, wherever that is done.
    pub fn end(&mut self, id: ReportId) -> Recorded {
        if !self.finished {
            self.finished = true;
            if let Some(track) = &mut self.ecg {
                track.finish(&mut self.events);
            }
        }
        Recorded {
            id,
            algorithm: Library::CURRENT,
            request: self.request,
            source: self.source,
            ecg: self.recorded_ecg().map(EcgTrack::rows),
            device: (!self.device_rr.is_empty()).then(|| self.device_rr.rows()),
            bad_frames: self.bad_frames,
            reconnects: self.reconnects,
            battery_percent: self.battery_percent,
            contact: self.contact,
            contact_percent: self.contact_share.percent(self.now),
            readings: self.readings.rows(self.now),
            blood_pressure: self.sitting.as_ref().map(|sitting| sitting.row(self.now)),
        }
    }

    /// A pacemaker's pulses cannot be seen in this band: classes of beats and what rests on them mean nothing.
    fn paced(&self) -> bool {
        self.request.context.paced()
    }
}
