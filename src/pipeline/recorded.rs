//! What a recording leaves behind, and the report that is made of it.
//!
//! Making a report needs much code and no samples: in the browser it is the work of a module of its own, and what was
//! recorded travels there as JSON text. No field can hold an identity.

use super::interval_measures;
use super::measures::{self, Evidence};
use super::pressure::PressureSeries;
use super::readings::ReadingRow;
use super::recorder::{EcgSource, Request};
use super::red_flag_limits::RedFlagLimits;
use super::red_flags;
use super::report::{
    BandRow, BeatRow, Contact, DeviceInfo, FilterInfo, GapRow, HeartRate, Limit, QualityRow, Regularity,
    Report, ReportSchema, RrRow, TransportRow, WavesRow,
};
use super::rhythm_measures::{self, Beats};
use super::rr_track::{on_skin, RrTrack};
use super::{Algorithm, Context, Library, ReportId, TestKind, Value, Window};
use crate::detect::tells_pulses;
use crate::hrv;
use crate::quality::{Outcome, Received, TestRequest, Verdict};
use crate::rhythm::Label;
use crate::signal::{
    DeviceClass, IntervalSource, Lead, NnInterval, NnRejection, QualityWindow, RrInterval, TransportStats,
};
use crate::units::{Hertz, Milliseconds, SampleCount, SampleIndex, Seconds};
use serde::{Deserialize, Serialize};

/// Everything that a report is computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    pub(super) id: ReportId,
    pub(super) algorithm: Library,
    pub(super) request: Request,
    pub(super) source: Option<EcgSource>,
    pub(super) ecg: Option<EcgRows>,
    pub(super) device: Option<DeviceRows>,
    pub(super) bad_frames: u64,
    pub(super) reconnects: u64,
    pub(super) battery_percent: Option<u8>,
    pub(super) contact: Contact,
    pub(super) contact_percent: Option<f64>,
    pub(super) readings: Vec<ReadingRow>,
    pub(super) blood_pressure: Option<PressureSeries>,
}

/// What one lead left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct EcgRows {
    pub beats: Vec<BeatRow>,
    pub waves: Vec<WavesRow>,
    pub rr: Vec<RrInterval>,
    pub quality: Vec<QualityRow>,
    /// Start and length of each quality window, in samples.
    pub spans: Vec<(u64, u64)>,
    /// Whether beats that are not found in a window are not there.
    pub hears: Vec<bool>,
    pub gaps: Vec<GapRow>,
    /// Nothing but arrivals tells the times of samples.
    pub timing_unverified: bool,
    pub rate: Hertz,
    pub end: Seconds,
    pub stats: TransportStats,
    pub notch_hz: Option<f64>,
    /// A word for the rhythm; none of a record that is too short for one.
    pub label: Option<Label>,
}

/// What a sensor left that sends no ECG.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct DeviceRows {
    pub intervals: Vec<RrInterval>,
    pub rates: Vec<f64>,
    /// The intervals are between pulses.
    pub pulses: bool,
    pub gaps: Vec<GapRow>,
    pub off_skin: Vec<Window>,
    pub link: (u64, Seconds),
    pub duration: Seconds,
}

impl EcgRows {
    fn windows(&self) -> impl Iterator<Item = (QualityWindow, &QualityRow)> {
        let window = |(row, (start, length)): (&QualityRow, &(u64, u64))| QualityWindow {
            start: SampleIndex(*start),
            length: SampleCount(*length),
            score: row.score,
            usable: row.usable,
            reasons: row.reasons.iter().copied().collect(),
        };
        self.quality.iter().zip(&self.spans).map(move |pair| (window(pair), pair.0))
    }
}

impl DeviceRows {
    /// Time during which the device reported no contact.
    pub(super) fn contact_lost(&self) -> Seconds {
        Seconds(self.off_skin.iter().map(|off| off.end_s - off.start_s).sum())
    }
}

impl Recorded {
    /// A list of intervals that were recorded without times: they follow one another from 0.
    #[must_use]
    pub fn of_rr_list(id: ReportId, list: impl IntoIterator<Item = Milliseconds>) -> Self {
        let mut track = RrTrack::default();
        track.push_list(list);
        let context = Context::default();
        Self {
            id,
            algorithm: Library::CURRENT,
            request: Request { test: TestKind::Recording, context, simulated: false, retakes: 0 },
            source: None,
            ecg: None,
            device: (!track.is_empty()).then(|| track.rows()),
            bad_frames: 0,
            reconnects: 0,
            battery_percent: None,
            contact: Contact::Unknown,
            contact_percent: None,
            readings: Vec::new(),
            blood_pressure: None,
        }
    }

    /// The report, by the usual limits of red flags.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_within(&RedFlagLimits::default())
    }

    /// The report, by a clinic's own limits of red flags.
    #[must_use]
    pub fn report_within(&self, limits: &RedFlagLimits) -> Report {
        match (&self.ecg, &self.device) {
            (Some(track), _) => self.ecg_report(track, limits),
            (None, Some(device)) => self.rate_report(device, limits),
            (None, None) => self.empty_report(limits),
        }
    }

    /// Length of the source's start-up transient; 0 without ECG.
    fn settling(&self) -> Seconds {
        let source = self.source.filter(|_| self.ecg.is_some());
        source.and_then(|source| source.band).map_or(Seconds(0.0), |band| band.settling)
    }

    fn ecg_report(&self, track: &EcgRows, limits: &RedFlagLimits) -> Report {
        let end = track.end.0;
        let settled = self.settling().0.min(end);
        let judged = Window { start_s: settled, end_s: end };
        let rows = &track.quality;
        let trusted = |from, to| rhythm_measures::trusted(rows, from, to);
        let begin = |rr: &RrInterval| rr.end.0 - rr.rr.0 / 1000.0;
        let judged_rr: Vec<RrInterval> = track.rr.iter().copied().filter(|rr| begin(rr) >= settled).collect();
        let nn = hrv::reject(&judged_rr, trusted);
        let inside =
            |row: &super::QualityRow| (row.start_s + row.duration_s).min(end) - row.start_s.max(settled);
        let usable: f64 = rows.iter().filter(|row| row.usable).map(|row| inside(row).max(0.0)).sum();
        let windows: Vec<QualityWindow> =
            track.windows().filter(|(_, row)| inside(row) > 0.0).map(|(window, _)| window).collect();
        let verdict = self.verdict(&Received::Ecg { windows: &windows, rate: track.rate });
        let (usable, gaps) = (Some(Seconds(usable)), &track.gaps[..]);
        self.compose(&Findings { nn, judged, usable, verdict, track: Some(track), gaps }, limits)
    }

    /// A heart-rate sensor has no waveform that could be judged: its intervals stand for themselves.
    fn rate_report(&self, device: &DeviceRows, limits: &RedFlagLimits) -> Report {
        let nn = hrv::reject(&device.intervals, |from, to| on_skin(&device.off_skin, from, to));
        let length = device.duration;
        let believed = |n: &&NnInterval| matches!(n.rejected, None | Some(NnRejection::Ectopic));
        let covered = nn.iter().filter(believed).map(|n| n.rr.rr.0 / 1000.0).sum::<f64>();
        let usable = Seconds(covered.min(length.0));
        let contact_lost = device.contact_lost();
        let received = Received::Intervals { usable, length, contact_lost };
        let verdict = self.verdict(if nn.is_empty() { &Received::RateOnly } else { &received });
        let judged = Window { start_s: 0.0, end_s: length.0 };
        let (usable, gaps) = ((!nn.is_empty()).then_some(usable), &device.gaps[..]);
        self.compose(&Findings { nn, judged, usable, verdict, track: None, gaps }, limits)
    }

    fn empty_report(&self, limits: &RedFlagLimits) -> Report {
        let mut verdict = self.verdict(&Received::Nothing);
        if !self.readings.is_empty() {
            // A home test alone: there was no heart signal to be repeated.
            verdict.outcome = Outcome::NoVerdict;
        }
        let judged = Window { start_s: 0.0, end_s: 0.0 };
        let findings = Findings { nn: Vec::new(), judged, usable: None, verdict, track: None, gaps: &[] };
        self.compose(&findings, limits)
    }

    fn verdict(&self, received: &Received<'_>) -> Verdict {
        Verdict::of(
            received,
            &TestRequest { asked: self.request.test.length(), retakes: self.request.retakes },
        )
    }

    fn compose(&self, found: &Findings<'_>, red_flag_limits: &RedFlagLimits) -> Report {
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
            rr: track.map_or(&[], |track| &track.rr),
            paced: self.request.context.paced(),
        };
        let label = rhythm_measures::label(&beats, track.map(|track| track.label));
        let fibrillates = rhythm_measures::fibrillates(&label);
        let heard = rhythm_measures::heard(&beats);
        let series = self.blood_pressure.as_ref();
        let red_flags = red_flags::raised(&heard, &found.verdict, series, red_flag_limits);
        let rhythm = measures::rhythm(&evidence, label, rhythm_measures::findings(&heard));
        let irregular = fibrillates || rhythm.regularity == Regularity::Irregular;
        let source = if track.is_some() { IntervalSource::Ecg } else { IntervalSource::Device };
        let measured = track.and_then(|t| t.stats.true_rate_hz);
        let ecg_source = self.ecg_source();
        let nominal = ecg_source.map(|source| source.rate.get());
        Report {
            schema: ReportSchema::V1,
            id: self.id,
            algorithm: self.algorithm,
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
            motion_percent: track.and_then(|t| motion_percent(&t.quality, found.judged)),
            gaps: found.gaps.to_vec(),
            transport: self.transport(track),
            battery_percent: self.battery_percent,
            contact: self.contact,
            contact_percent: self.contact_percent,
            readings: self.readings.clone(),
            blood_pressure: self.blood_pressure.clone(),
            red_flags,
            context: self.request.context,
            filters: self.filters(track),
            limits: limits(
                track,
                self.device.as_ref().filter(|_| track.is_none()),
                found.gaps,
                self.request.context.paced(),
            ),
        }
    }

    /// From intervals; from the sensor's own rates where it sends no intervals.
    fn heart_rate(&self, evidence: &Evidence<'_>) -> HeartRate {
        let rates = self.device.as_ref().map_or(&[][..], |device| &device.rates);
        if self.ecg.is_some() || !evidence.nn.is_empty() || rates.is_empty() {
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

    /// The source of the ECG, unless it sent none and the device's own rates stand in.
    fn ecg_source(&self) -> Option<EcgSource> {
        self.source.filter(|_| self.ecg.is_some() || self.device.is_none())
    }

    fn device(&self) -> DeviceInfo {
        let fallback =
            if self.device.is_none() { DeviceClass::Recording } else { DeviceClass::HeartRateSensor };
        DeviceInfo {
            class: self.ecg_source().map_or(fallback, |source| source.class),
            band: self
                .ecg_source()
                .and_then(|source| source.band)
                .map(|band| BandRow { low_hz: band.high_pass_hz, high_hz: band.low_pass_hz }),
        }
    }

    fn transport(&self, track: Option<&EcgRows>) -> TransportRow {
        let stats = track.map(|track| track.stats).unwrap_or_default();
        let device = self.device.as_ref();
        let (reconnects, disconnected) = match track {
            Some(_) => (stats.reconnects, stats.time_disconnected),
            None => device.map_or((0, Seconds(0.0)), |device| device.link),
        };
        let gaps =
            if track.is_some() { stats.gaps } else { device.map_or(0, |device| device.gaps.len() as u64) };
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

    fn filters(&self, track: Option<&EcgRows>) -> Option<FilterInfo> {
        let own = self.source.and_then(|source| source.band).is_none_or(|band| band.high_pass_hz < 0.5);
        track.map(|track| FilterInfo {
            high_pass_hz: own.then_some(0.67),
            low_pass_hz: 40.0,
            notch_hz: track.notch_hz,
        })
    }
}

/// What a recording comes to.
struct Findings<'a> {
    nn: Vec<NnInterval>,
    judged: Window,
    usable: Option<Seconds>,
    verdict: Verdict,
    track: Option<&'a EcgRows>,
    gaps: &'a [GapRow],
}

fn rr_row(nn: &NnInterval) -> RrRow {
    RrRow { end_s: nn.rr.end.0, rr_ms: nn.rr.rr.0, source: nn.rr.source, rejected: nn.rejected }
}

/// Share of the time in windows in which the body moved, of what acceleration is known of.
fn motion_percent(rows: &[QualityRow], judged: Window) -> Option<f64> {
    let (mut moved, mut known) = (0.0, 0.0);
    for row in rows {
        let inside = (row.start_s + row.duration_s).min(judged.end_s) - row.start_s.max(judged.start_s);
        if let Some(moving) = row.moving.filter(|_| inside > 0.0) {
            known += inside;
            moved += if moving { inside } else { 0.0 };
        }
    }
    (known > 0.0).then(|| 100.0 * moved / known)
}

fn limits(track: Option<&EcgRows>, device: Option<&DeviceRows>, gaps: &[GapRow], paced: bool) -> Vec<Limit> {
    let mut limits = match track {
        Some(_) => vec![Limit::SingleLead, Limit::PlacementUnverified, Limit::MonitorBand, Limit::NoSt],
        None => vec![Limit::NoWaveform],
    };
    if device.is_some_and(|device| device.pulses) {
        limits.push(Limit::PulseIntervals);
    }
    if paced && track.is_some_and(|track| !tells_pulses(track.rate)) {
        limits.push(Limit::PacerPulses);
    }
    if track.is_some_and(|track| track.timing_unverified) || gaps.iter().any(|gap| gap.timing_unverified) {
        limits.push(Limit::TimingUnverified);
    }
    limits
}
