//! What is kept of a minute.

use super::waves::Waves;
use super::ObservedBeat;
use crate::dsp::Strip;
use crate::signal::{BeatClass, Fiducials, QualityReason, QualityWindow};
use crate::units::{SamplePlace, Seconds};

/// Samples of a beat, at [`WAVE_HZ`].
pub(super) const WAVE: usize = 100;
/// Half the strip's rate.
pub(super) const WAVE_HZ: f64 = Strip::RATE_HZ / 2.0;
/// Samples of a beat before its R peak.
pub(super) const R: usize = 45;
/// Most beats of a stretch: 300 a minute.
pub(super) const BEATS: usize = 310;
/// Most quality windows of a stretch.
pub(super) const WINDOWS: usize = 64;
/// Intervals outside are no intervals between two neighbouring beats, in seconds.
const RR_S: core::ops::RangeInclusive<f64> = 0.2..=4.0;

/// A beat of the stretch.
#[derive(Clone, Copy)]
pub(super) struct Heard {
    pub time_s: f64,
    /// Since the beat before; `None` after a gap.
    pub rr_s: Option<f32>,
    pub confidence: f32,
    pub class: BeatClass,
    /// Probabilities of N, S, V and F.
    pub chances: [f32; 4],
    /// Its waves where somebody looked.
    pub waves: Option<Waves>,
    /// Microvolts over the line before the QRS complex.
    pub wave: [i16; WAVE],
    /// That line, in microvolts over the segment's first sample.
    pub line_uv: f32,
}

/// A judged window.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    pub start_s: f64,
    pub length_s: f32,
    pub score: f32,
    pub usable: bool,
    pub reason: Option<QualityReason>,
}

/// Beats and windows of up to a minute.
pub(super) struct Stretch {
    pub beats: Vec<Heard>,
    pub windows: Vec<Judged>,
}

impl Stretch {
    pub fn new() -> Self {
        Self { beats: Vec::with_capacity(BEATS), windows: Vec::with_capacity(WINDOWS) }
    }

    pub fn clear(&mut self) {
        self.beats.clear();
        self.windows.clear();
    }

    /// Judged time.
    pub fn length_s(&self) -> f64 {
        self.windows.iter().map(|w| f64::from(w.length_s)).sum()
    }

    /// Judged time in usable windows.
    pub fn usable_s(&self) -> f64 {
        self.windows.iter().filter(|w| w.usable).map(|w| f64::from(w.length_s)).sum()
    }

    pub fn window(&mut self, window: &QualityWindow, start: Seconds, length: Seconds) {
        if self.windows.len() < WINDOWS {
            self.windows.push(Judged {
                start_s: start.0,
                length_s: length.0 as f32,
                score: window.score,
                usable: window.usable,
                reason: window.reasons.first().copied(),
            });
        }
    }

    /// The score of the window around a beat where that is usable.
    pub fn usable(&self, beat: &Heard) -> Option<f32> {
        let since = |w: &&Judged| beat.time_s - w.start_s;
        let own = self.windows.iter().find(|w| (0.0..f64::from(w.length_s)).contains(&since(w)));
        own.filter(|w| w.usable).map(|w| w.score)
    }

    pub fn beat(&mut self, beat: Heard) {
        if self.beats.len() < BEATS {
            self.beats.push(beat);
        }
    }
}

impl Heard {
    /// A beat as the strip shows it, so long after the one before.
    pub fn new(strip: &Strip, beat: &ObservedBeat, since: Option<Seconds>) -> Self {
        let peak = &beat.r;
        let mut fine = [0.0_f32; 2 * WAVE];
        let r = strip.index(peak.at).round() as i64;
        strip.copy(r - 2 * R as i64, &mut fine);
        let mut wave = [0.0_f32; WAVE];
        for (to, pair) in wave.iter_mut().zip(fine.chunks_exact(2)) {
            *to = pair.iter().sum::<f32>() / 2.0;
        }
        // The line just before the complex: 90 to 60 ms before R.
        let line_uv = wave.get(R - 11..R - 7).map_or(0.0, |part| part.iter().sum::<f32>() / 4.0);
        let rr_s = since.map(|since| since.0).filter(|rr| RR_S.contains(rr));
        Self {
            time_s: beat.time.0,
            rr_s: rr_s.map(|rr| rr as f32),
            confidence: peak.confidence,
            class: beat.class,
            chances: beat.chances,
            waves: beat.fiducials.as_ref().map(|f| waves(strip, peak.at, f)),
            wave: wave.map(|x| (x - line_uv) as i16),
            line_uv,
        }
    }
}

/// The intervals between fiducials.
fn waves(strip: &Strip, r: SamplePlace, fiducials: &Fiducials) -> Waves {
    let between = |from: Option<SamplePlace>, to: Option<SamplePlace>| {
        let steps = strip.index(to?) - strip.index(from?);
        Some((steps / Strip::RATE_HZ) as f32).filter(|s| s.is_finite())
    };
    let (p, t) = (fiducials.p, fiducials.t);
    Waves {
        qrs_s: between(fiducials.qrs_onset, fiducials.qrs_end),
        qt_s: between(fiducials.qrs_onset, t.and_then(|t| t.end)),
        rt_s: between(Some(r), t.and_then(|t| t.peak)),
        pr_s: between(p.and_then(|p| p.onset), fiducials.qrs_onset),
        p_s: p.and_then(|p| between(p.onset, p.end)),
        p_chance: fiducials.p_chance,
    }
}
