//! The synthesiser: settings, the finished signal, and the endless stream.

use super::beats::{
    voltage, BeatLabel, BeatSequence, Pace, PatternBeat, PlacedBeat, Rhythm, TruthBeat, REACH_S, T_HEIGHT,
};
use super::noise::{Disturbance, Disturber, Noise};
use super::pacer::{Pacer, Pulses};
use super::random::Random;
use crate::units::{BeatsPerMinute, Hertz, Microvolts, Milliseconds, Seconds};
use std::collections::VecDeque;

/// Settings of a synthetic ECG; [`render`](Self::render) or [`stream`](Self::stream) it.
///
/// The undisturbed signal is a function of continuous time: another sampling rate samples the same signal
/// and has the same truth. The same settings and seed give the same samples, bit for bit on one platform.
///
/// ```
/// use pqrst::{synth::EcgSynth, units::{BeatsPerMinute, Hertz, Seconds}};
/// let ecg = EcgSynth::new(7).heart_rate(BeatsPerMinute(72.0)).render(Hertz::new(130.0)?, Seconds(10.0));
/// assert_eq!(ecg.samples_uv.len(), 1300);
/// assert_eq!(ecg.beats.len(), 12);
/// # Ok::<(), pqrst::units::UnitError>(())
/// ```
#[derive(Debug, Clone)]
pub struct EcgSynth {
    seed: u64,
    pace: Pace,
    r_height_uv: f64,
    offset_uv: f64,
    t_waves: f64,
    pacer: Option<Pacer>,
    disturbances: Vec<Disturbance>,
}

/// A synthetic ECG with its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticEcg {
    /// In microvolts.
    pub samples_uv: Vec<f32>,
    /// Their rate.
    pub rate: Hertz,
    /// Every beat whose R wave lies in the signal, in order.
    pub beats: Vec<TruthBeat>,
}

impl SyntheticEcg {
    /// The intervals between successive R waves, exact.
    #[must_use]
    pub fn rr(&self) -> Vec<Milliseconds> {
        let pairs = self.beats.iter().zip(self.beats.iter().skip(1));
        pairs.map(|(a, b)| Milliseconds::from(b.r - a.r)).collect()
    }
}

impl EcgSynth {
    /// The longest signal that is rendered in one piece: 24 h.
    pub const LONGEST: Seconds = Seconds(86_400.0);

    /// Sinus rhythm of 60 a minute with an R wave of 1 mV, a little variability, and no disturbance.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let pace = Pace {
            rhythm: Rhythm::Sinus,
            pattern: Vec::new(),
            mean_rr: 1.0,
            steps: Vec::new(),
            silent_from: f64::INFINITY,
            respiratory: 0.0,
            low_frequency: 0.0,
            jitter: 0.0,
            ventricular: 0.0,
            supraventricular: 0.0,
        };
        let disturbances = Vec::new();
        Self { seed, pace, r_height_uv: 1000.0, offset_uv: 0.0, t_waves: 1.0, pacer: None, disturbances }
    }

    /// Mean rate of the basic rhythm, held within 15 to 240 a minute; 60 when it is not finite.
    #[must_use]
    pub fn heart_rate(mut self, rate: BeatsPerMinute) -> Self {
        self.pace.mean_rr = mean_rr(rate);
        self
    }

    /// Another mean rate from a moment on, within the same bounds. Later moments are given later.
    #[must_use]
    pub fn heart_rate_from(mut self, from: Seconds, rate: BeatsPerMinute) -> Self {
        self.pace.steps.push((from.0, mean_rr(rate)));
        self
    }

    /// Beats in turn, again and again, in place of a rhythm: bigeminy of any kind, alternating heights. None brings the
    /// rhythm back.
    #[must_use]
    pub fn pattern(mut self, beats: &[PatternBeat]) -> Self {
        self.pace.pattern = beats.to_vec();
        self
    }

    /// No beat comes from this moment on: asystole.
    #[must_use]
    pub fn silent_from(mut self, from: Seconds) -> Self {
        self.pace.silent_from = if from.0.is_nan() { f64::INFINITY } else { from.0 };
        self
    }

    /// Height of the T wave of normal beats under an R wave of 1 mV, signed; about 0.24 mV when not asked for.
    #[must_use]
    pub fn t_height(mut self, height: Microvolts) -> Self {
        self.t_waves = if height.0.is_finite() { f64::from(height.0) / (1000.0 * T_HEIGHT) } else { 1.0 };
        self
    }

    /// A pacemaker fires.
    #[must_use]
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = Some(pacer);
        self
    }

    /// Variability: half of peak to peak of the respiratory wave (0.25 Hz) and of the low-frequency wave
    /// (0.1 Hz) in the intervals, and the standard deviation of the chance part.
    #[must_use]
    pub fn variability(
        mut self,
        respiratory: Milliseconds,
        low_frequency: Milliseconds,
        chance: Milliseconds,
    ) -> Self {
        let seconds =
            |ms: Milliseconds| if ms.0.is_finite() { ms.0.clamp(0.0, 1000.0) / 1000.0 } else { 0.0 };
        self.pace.respiratory = seconds(respiratory);
        self.pace.low_frequency = seconds(low_frequency);
        self.pace.jitter = seconds(chance);
        self
    }

    /// How the beats follow one another.
    #[must_use]
    pub fn rhythm(mut self, rhythm: Rhythm) -> Self {
        self.pace.rhythm = rhythm;
        self
    }

    /// Shares (0 to 1) of ventricular and supraventricular beats; never two in a row.
    #[must_use]
    pub fn ectopic(mut self, ventricular: f64, supraventricular: f64) -> Self {
        let share = |s: f64| if s.is_finite() { s.clamp(0.0, 1.0) } else { 0.0 };
        self.pace.ventricular = share(ventricular);
        self.pace.supraventricular = share(supraventricular);
        self
    }

    /// Height of the R wave; negative for a lead that is worn upside down.
    #[must_use]
    pub fn r_height(mut self, height: Microvolts) -> Self {
        self.r_height_uv = if height.0.is_finite() { f64::from(height.0) } else { 1000.0 };
        self
    }

    /// A constant added to every sample.
    #[must_use]
    pub fn offset(mut self, offset: Microvolts) -> Self {
        self.offset_uv = if offset.0.is_finite() { f64::from(offset.0) } else { 0.0 };
        self
    }

    /// Adds a disturbance over the whole signal. Disturbances act in the order in which they are added.
    #[must_use]
    pub fn with(self, noise: Noise) -> Self {
        self.with_between(noise, Seconds(0.0), Seconds(f64::INFINITY))
    }

    /// Adds a disturbance from one moment to another.
    #[must_use]
    pub fn with_between(mut self, noise: Noise, from: Seconds, to: Seconds) -> Self {
        self.disturbances.push(Disturbance { noise, from, to });
        self
    }

    /// The signal of that length, with its truth. At most [`EcgSynth::LONGEST`] is rendered; longer signals
    /// are for the [`stream`](Self::stream).
    #[must_use]
    pub fn render(&self, rate: Hertz, length: Seconds) -> SyntheticEcg {
        // No length that is none: the least of NaN and a number is the number.
        let length = if length.0.is_nan() { Seconds(0.0) } else { Seconds(length.0.min(Self::LONGEST.0)) };
        let count = usize::try_from(rate.samples(length).0).unwrap_or(0);
        let mut stream = self.stream(rate);
        let (mut samples_uv, mut beats) = (Vec::new(), Vec::new());
        stream.next_block(count, &mut samples_uv, &mut beats);
        SyntheticEcg { samples_uv, rate, beats }
    }

    /// The signal without end, in constant memory.
    #[must_use]
    pub fn stream(&self, rate: Hertz) -> EcgStream {
        // Q and S reach below the baseline by about a fifth of R.
        let qrs_uv = 1.2 * self.r_height_uv.abs();
        let disturbers = (0_u64..).zip(&self.disturbances);
        EcgStream {
            rate,
            settings: Self { disturbances: Vec::new(), ..self.clone() },
            disturbers: disturbers.map(|(i, d)| Disturber::new(*d, self.seed, i, qrs_uv, rate)).collect(),
            sequence: BeatSequence::new(self.pace.clone(), self.seed),
            pulses: self.pacer.map(|pacer| Pulses::new(pacer, rate)),
            near: VecDeque::new(),
            told: 0.0,
            place: 0,
            fibrillation: Random::new(self.seed, 2),
        }
    }
}

/// An endless synthetic ECG, for virtual devices and long tests.
#[derive(Debug, Clone)]
pub struct EcgStream {
    rate: Hertz,
    settings: EcgSynth,
    disturbers: Vec<Disturber>,
    sequence: BeatSequence,
    pulses: Option<Pulses>,
    near: VecDeque<PlacedBeat>,
    told: f64,
    place: u64,
    fibrillation: Random,
}

impl EcgStream {
    /// Appends the next `count` samples, in microvolts, and the beats whose R wave lies among them. Any
    /// division into blocks gives the same signal.
    pub fn next_block(&mut self, count: usize, samples_uv: &mut Vec<f32>, beats: &mut Vec<TruthBeat>) {
        samples_uv.reserve(count.min(1 << 20));
        for _ in 0..count {
            let t = self.place as f64 / self.rate.get();
            self.bring_beats_near(t);
            let mut value = self.settings.offset_uv + self.settings.r_height_uv * self.heart(t);
            if let Some(pulses) = &self.pulses {
                value += pulses.at(t, self.near.iter().map(|beat| beat.r));
            }
            for disturber in &mut self.disturbers {
                value = disturber.disturb(value, t, self.place);
            }
            samples_uv.push(value as f32);
            self.place += 1;
        }
        self.tell_beats(self.place as f64 / self.rate.get(), beats);
    }

    fn bring_beats_near(&mut self, t: f64) {
        while self.near.back().is_none_or(|last| last.r < t + REACH_S) {
            self.near.push_back(self.sequence.next_beat());
        }
        // A beat is kept until it is both out of reach and told.
        while self.near.front().is_some_and(|first| first.r < t - REACH_S && first.r < self.told) {
            self.near.pop_front();
        }
    }

    fn tell_beats(&mut self, end: f64, beats: &mut Vec<TruthBeat>) {
        let new = self.near.iter().filter(|b| b.r >= self.told && b.r < end);
        beats.extend(new.map(|b| TruthBeat { r: Seconds(b.r), label: b.label }));
        self.told = end;
    }

    fn heart(&self, t: f64) -> f64 {
        let irregular = self.settings.pace.rhythm == Rhythm::Irregular;
        let near = self.near.iter().filter(|b| (b.r - t).abs() <= REACH_S);
        let beats: f64 = near.map(|b| voltage(b, t - b.r, !irregular, self.settings.t_waves)).sum();
        if irregular {
            beats + self.fibrillatory(t)
        } else {
            beats
        }
    }

    /// Waves of 5 to 7 Hz, 3 % of R.
    fn fibrillatory(&self, t: f64) -> f64 {
        let phase = |i: u64, hz: f64| core::f64::consts::TAU * (hz * t + self.fibrillation.uniform(i));
        0.03 * (phase(0, 5.6).sin() + 0.6 * phase(1, 6.7).sin())
    }
}

fn mean_rr(rate: BeatsPerMinute) -> f64 {
    60.0 / if rate.0.is_finite() { rate.0.clamp(15.0, 240.0) } else { 60.0 }
}

/// True of the beats that a sinus node (or an atrium in fibrillation) paced.
impl BeatLabel {
    /// Whether the beat is premature.
    #[must_use]
    pub const fn is_ectopic(self) -> bool {
        !matches!(self, Self::Normal)
    }
}

#[cfg(test)]
mod tests {
    use super::super::noise::Level;
    use super::*;

    fn hz(rate: f64) -> Hertz {
        Hertz::new(rate).unwrap()
    }

    fn varied() -> EcgSynth {
        EcgSynth::new(3)
            .heart_rate(BeatsPerMinute(75.0))
            .variability(Milliseconds(40.0), Milliseconds(25.0), Milliseconds(8.0))
            .ectopic(0.1, 0.1)
    }

    #[test]
    fn truth_does_not_depend_on_the_rate_and_peaks_lie_at_the_truth() {
        let fine = varied().render(hz(2000.0), Seconds(30.0));
        for rate in [50.0, 130.0, 250.0, 360.0] {
            assert_eq!(varied().render(hz(rate), Seconds(30.0)).beats, fine.beats, "{rate}");
        }
        for beat in fine.beats.iter().filter(|b| !b.label.is_ectopic()) {
            let at = (beat.r.0 * 2000.0).round() as usize;
            let span = &fine.samples_uv[at - 60..at + 60];
            let top = (0..120).max_by(|a, b| span[*a].total_cmp(&span[*b])).unwrap();
            assert!(top.abs_diff(60) <= 1, "{top}");
        }
    }

    #[test]
    fn labels_rates_and_polarity_are_as_asked() {
        let ecg = EcgSynth::new(1)
            .rhythm(Rhythm::Bigeminy)
            .r_height(Microvolts(-800.0))
            .render(hz(250.0), Seconds(20.0));
        let wide = ecg.beats.iter().filter(|b| b.label == BeatLabel::Ventricular).count();
        assert!(wide.abs_diff(ecg.beats.len() / 2) <= 1);
        assert!(ecg.samples_uv.iter().copied().fold(0.0, f32::min) < -790.0);
        let slow = EcgSynth::new(1).heart_rate(BeatsPerMinute(30.0)).render(hz(130.0), Seconds(60.0));
        assert!(slow.rr().iter().all(|rr| (rr.0 - 2000.0).abs() < 1e-6));
        let irregular = EcgSynth::new(5).rhythm(Rhythm::Irregular).render(hz(130.0), Seconds(120.0)).rr();
        let mean = irregular.iter().map(|rr| rr.0).sum::<f64>() / irregular.len() as f64;
        let spread =
            (irregular.iter().map(|rr| (rr.0 - mean).powi(2)).sum::<f64>() / irregular.len() as f64).sqrt();
        assert!(spread / mean > 0.12, "{spread} {mean}");
    }

    #[test]
    fn patterns_steps_silence_and_tall_t_waves_are_as_asked() {
        let beat = |label, after, height| PatternBeat { label, after: Seconds(after), height };
        let bigeminy = [beat(BeatLabel::Normal, 0.9, 1.0), beat(BeatLabel::Ventricular, 0.5, -0.8)];
        let ecg =
            EcgSynth::new(1).pattern(&bigeminy).silent_from(Seconds(7.0)).render(hz(250.0), Seconds(12.0));
        assert_eq!(ecg.beats.len(), 10);
        assert!(ecg
            .rr()
            .iter()
            .zip([500.0, 900.0].iter().cycle())
            .all(|(rr, asked)| (rr.0 - asked).abs() < 1e-6));
        assert!(ecg.samples_uv.iter().copied().fold(0.0, f32::min) < -950.0);
        assert!(ecg.samples_uv[8 * 250..].iter().all(|v| *v == 0.0));
        let stepped = EcgSynth::new(1)
            .heart_rate(BeatsPerMinute(80.0))
            .heart_rate_from(Seconds(20.0), BeatsPerMinute(120.0))
            .heart_rate_from(Seconds(40.0), BeatsPerMinute(40.0));
        let rr = stepped.render(hz(130.0), Seconds(60.0)).rr();
        assert!((rr[5].0 - 750.0).abs() < 1e-6 && (rr[40].0 - 500.0).abs() < 1e-6);
        assert!((rr[rr.len() - 1].0 - 1500.0).abs() < 1e-6);
        let tall = EcgSynth::new(1).t_height(Microvolts(1200.0)).render(hz(1000.0), Seconds(3.0));
        let top = tall.samples_uv[600..1000].iter().copied().fold(0.0, f32::max);
        assert!((top - 1200.0).abs() < 10.0, "{top}");
    }

    #[test]
    fn no_length_gives_no_samples() {
        let rate = Hertz::new(130.0).unwrap();
        for length in [f64::NAN, -1.0, 0.0, f64::NEG_INFINITY] {
            assert!(EcgSynth::new(1).render(rate, Seconds(length)).samples_uv.is_empty(), "{length}");
        }
    }

    #[test]
    fn noise_has_the_level_asked_for() {
        let levels = [
            Noise::White as fn(Level) -> Noise,
            Noise::BaselineWander,
            Noise::ElectrodeMotion,
            Noise::Muscle,
        ];
        for make in levels {
            let noise = make(Level::Rms(Microvolts(100.0)));
            let ecg =
                EcgSynth::new(9).r_height(Microvolts(0.0)).with(noise).render(hz(250.0), Seconds(120.0));
            let n = ecg.samples_uv.len() as f64;
            let rms = (ecg.samples_uv.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / n).sqrt();
            assert!((85.0..115.0).contains(&rms), "{noise:?}: {rms}");
        }
        let snr = Level::SnrDb(0.0).rms_uv(1000.0);
        assert!((snr - 353.55).abs() < 0.01);
    }

    #[test]
    fn blocks_join_without_a_seam() {
        let noise = Noise::ElectrodeMotion(Level::SnrDb(6.0));
        let synth = varied().with(noise).with_between(Noise::FlatLine, Seconds(4.0), Seconds(5.0));
        let whole = synth.render(hz(130.0), Seconds(20.0));
        let mut stream = synth.stream(hz(130.0));
        let (mut samples, mut beats) = (Vec::new(), Vec::new());
        for count in [1, 0, 7, 130, 2000, 73, 389] {
            stream.next_block(count, &mut samples, &mut beats);
        }
        assert_eq!((samples, beats), (whole.samples_uv, whole.beats));
    }

    #[test]
    fn a_stream_keeps_few_beats() {
        let mut stream = varied().stream(hz(50.0));
        for _ in 0..2000 {
            stream.next_block(50, &mut Vec::new(), &mut Vec::new());
        }
        assert!(stream.near.len() < 12, "{}", stream.near.len());
    }
}
