//! What the pipeline says while it runs.

use super::report::{GapRow, QualityRow};
use super::{NullReason, PressureStep};
use crate::signal::{BeatClass, IntervalSource};

/// Something that happened in the stream. Times are seconds from the first sample of the record.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Samples as received, at once.
    Ecg(Stretch),
    /// The same samples in the monitor band, later, delay taken out.
    Filtered(Stretch),
    /// An R peak.
    Beat {
        /// Counts from 0.
        id: u64,
        /// When.
        time_s: f64,
        /// Time since the beat before, milliseconds; `None` after a gap and for the first beat.
        rr_ms: Option<f64>,
        /// Probability of a beat when it was decided, 0 to 1.
        confidence: f32,
        /// Told later than half a second after it, on second thoughts.
        late: bool,
    },
    /// The class of an earlier beat: known once the beats after it are.
    BeatClass {
        /// The beat's.
        id: u64,
        /// The class.
        class: BeatClass,
        /// Its probability, 0 to 1.
        confidence: f32,
    },
    /// A rate that is worth showing now.
    HeartRate {
        /// Beats a minute.
        bpm: f64,
        /// Who measured it.
        source: IntervalSource,
    },
    /// The ECG tells no rate from here on; what was shown must go.
    NoHeartRate {
        /// Why: poor signal, no signal, or no beat for longer than 3 s.
        reason: NullReason,
    },
    /// The body began to move, or came to rest, as the device's accelerometer shows.
    Motion {
        /// Which of the two.
        moving: bool,
    },
    /// A window was judged.
    Quality(QualityRow),
    /// Samples are missing.
    Gap(GapRow),
    /// The rested series of a blood pressure monitor began or took a reading.
    BloodPressure(PressureStep),
}

/// Consecutive samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Microvolts.
    pub samples_uv: Vec<f32>,
    /// Time of the first one.
    pub start_s: f64,
    /// The rate they were sampled with, as far as known.
    pub sampling_rate_hz: f64,
}
