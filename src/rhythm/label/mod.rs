//! The rhythm in one word: normal, atrial fibrillation, other, or too noisy to tell.

mod clean;
mod ectopics;
mod features;
mod fitted;
mod rates;
mod shapes;
mod stretch;
mod waves;

use crate::dsp::{tree_table, Strip, Trees};
use crate::signal::{BeatClass, Fiducials, QualityWindow, RPeak};
use crate::units::Seconds;
use crate::weights::Weights;
use serde::{Deserialize, Serialize};
use stretch::{Heard, Stretch};

pub use features::LABEL_FEATURES;

/// Words for a rhythm, as the PhysioNet/CinC Challenge 2017 has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RhythmLabel {
    /// Sinus rhythm without anything worth a word.
    Normal,
    /// Atrial fibrillation.
    Af,
    /// Another rhythm: extra beats, very fast or slow, flutter, block and more.
    Other,
    /// Too noisy to tell.
    Noisy,
}

impl RhythmLabel {
    /// Every word, in the order of the probabilities.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Af, Self::Other, Self::Noisy];
}

/// What is said of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The word.
    pub label: RhythmLabel,
    /// Probabilities in the order of [`RhythmLabel::ALL`]: of a recording of one stretch those of the model, of a longer
    /// one their means over the judged time.
    pub probabilities: [f32; 4],
    /// Share of the judged time that is not noisy whose word is fibrillation.
    pub af_burden: f32,
    /// Judged time.
    pub judged: Seconds,
    /// Judged time in usable windows.
    pub usable: Seconds,
    /// Beats that it rests on.
    pub beats: u64,
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLabel {
    /// Less than [`Observer::SHORTEST`] was judged.
    TooShort,
}

/// A beat, with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedBeat {
    /// Its R peak.
    pub r: RPeak,
    /// When, on the record's clock.
    pub time: Seconds,
    /// Where from; Q when nobody said.
    pub class: BeatClass,
    /// Probabilities of N, S, V and F; 0 when nobody said.
    pub chances: [f32; 4],
    /// Its waves; `None` when nobody looked.
    pub fiducials: Option<Fiducials>,
}

/// Probabilities for the features of a stretch.
#[derive(Debug, Clone, Copy)]
pub struct LabelModel<'a>(pub Trees<'a, 4>);

/// The trees in use, as one table.
static TABLE: [i8; fitted::LEAVES.len() + 3 * fitted::FEATURES.len()] =
    tree_table(&fitted::FEATURES, &fitted::THRESHOLDS, &fitted::LEAVES);

/// The same, which may come as a file.
pub static WEIGHTS: Weights = Weights::new(5, &TABLE);

impl LabelModel<'static> {
    /// The model in use.
    #[must_use]
    pub fn fitted() -> Self {
        Self(Trees { start: fitted::START, scale: fitted::SCALE, table: WEIGHTS.steps() })
    }
}

impl LabelModel<'_> {
    /// Probabilities in the order of [`RhythmLabel::ALL`].
    #[must_use]
    pub fn probabilities(&self, features: &[f32; LABEL_FEATURES]) -> [f32; 4] {
        let scores = self.0.run(features);
        let top = scores.iter().copied().fold(f32::MIN, f32::max);
        let odds = scores.map(|s| (s - top).exp());
        let sum: f32 = odds.iter().sum();
        odds.map(|odds| odds / sum)
    }
}

/// Hears the beats and quality windows of one lead and labels the rhythm.
///
/// The recording is judged in stretches of [`Self::STRETCH`], so that memory stays the same for a minute and a day: a
/// stretch is closed by the first quality window that begins after it, when all its beats are known. **Rule** for
/// several stretches: noisy when more than half of the judged time is; else fibrillation when at least a tenth of
/// the other time is ([`Label::af_burden`]); else other when at least a quarter of it is fibrillation or other; else
/// normal. A last stretch below [`Self::SHORTEST_LAST`] counts only if it is alone.
pub struct Observer {
    model: LabelModel<'static>,
    now: Stretch,
    next: Stretch,
    /// Where the current stretch ends.
    until: Seconds,
    previous: Option<Seconds>,
    sums: Sums,
}

/// What the closed stretches said, weighed by their time.
#[derive(Default)]
struct Sums {
    /// Time by word.
    time_s: [f64; 4],
    probabilities: [f64; 4],
    usable_s: f64,
    beats: u64,
}

impl Default for Observer {
    fn default() -> Self {
        Self::new()
    }
}

impl Observer {
    /// Length of a stretch: the longest recordings that the model learnt from are judged whole.
    pub const STRETCH: Seconds = Seconds(62.0);
    /// Nothing is said of less.
    pub const SHORTEST: Seconds = Seconds(8.0);
    /// Nor of so little after a whole stretch.
    pub const SHORTEST_LAST: Seconds = Seconds(25.0);
    /// Signal that the strip should hold after a beat before [`Self::beat`] is called with it (less only at the end of a
    /// segment) ...
    pub const AFTER: Seconds = Seconds(0.44);
    /// ... and before it.
    pub const BEFORE: Seconds = Seconds(0.36);

    /// One that heard nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            model: LabelModel::fitted(),
            now: Stretch::new(),
            next: Stretch::new(),
            until: Self::STRETCH,
            previous: None,
            sums: Sums::default(),
        }
    }

    /// The next beat in the order of time, as the strip shows it.
    pub fn beat(&mut self, strip: &Strip, beat: &ObservedBeat) {
        let heard = Heard::new(strip, beat, self.previous.map(|before| beat.time - before));
        self.previous = Some(beat.time);
        if beat.time.0 < self.until.0 {
            self.now.beat(heard);
        } else {
            self.next.beat(heard);
        }
    }

    /// Samples were lost: the next beat follows on nothing.
    pub fn gap(&mut self) {
        self.previous = None;
    }

    /// The next quality window in the order of time, after all beats before its start.
    pub fn window(&mut self, window: &QualityWindow, start: Seconds, end: Seconds) {
        while start.0 >= self.until.0 {
            self.close();
            self.until = Seconds(self.until.0 + Self::STRETCH.0);
        }
        self.now.window(window, start, end - start);
    }

    /// The features of the current stretch: for learning.
    #[must_use]
    pub fn features(&self) -> [f32; LABEL_FEATURES] {
        features::features(&self.now)
    }

    /// The label of what was heard. The observer is then as new.
    ///
    /// # Errors
    /// The reason why nothing is said.
    pub fn finish(&mut self) -> Result<Label, NoLabel> {
        let alone = self.sums.time_s.iter().sum::<f64>() == 0.0;
        let enough = if alone { Self::SHORTEST } else { Self::SHORTEST_LAST };
        if self.now.length_s() >= enough.0 {
            self.close();
        }
        let label = self.sums.label();
        *self = Self::new();
        label.ok_or(NoLabel::TooShort)
    }

    fn close(&mut self) {
        if self.now.length_s() > 0.0 {
            self.sums.add(&self.now, self.model.probabilities(&self.features()));
        }
        core::mem::swap(&mut self.now, &mut self.next);
        self.next.clear();
    }
}

impl Sums {
    fn add(&mut self, stretch: &Stretch, probabilities: [f32; 4]) {
        let length_s = stretch.length_s();
        let likeliest =
            (0..4).fold(0, |best, i| if probabilities[i] > probabilities[best] { i } else { best });
        for (i, (time, sum)) in self.time_s.iter_mut().zip(&mut self.probabilities).enumerate() {
            *time += if i == likeliest { length_s } else { 0.0 };
            *sum += length_s * f64::from(probabilities[i]);
        }
        self.usable_s += stretch.usable_s();
        self.beats += stretch.beats.len() as u64;
    }

    fn label(&self) -> Option<Label> {
        let judged: f64 = self.time_s.iter().sum();
        let [_, af, other, noisy] = self.time_s;
        let clear = judged - noisy;
        let label = match () {
            () if judged <= 0.0 => return None,
            () if 2.0 * noisy > judged => RhythmLabel::Noisy,
            () if af >= 0.1 * clear => RhythmLabel::Af,
            () if af + other >= 0.25 * clear => RhythmLabel::Other,
            () => RhythmLabel::Normal,
        };
        Some(Label {
            label,
            probabilities: self.probabilities.map(|sum| (sum / judged) as f32),
            af_burden: if clear > 0.0 { (af / clear) as f32 } else { 0.0 },
            judged: Seconds(judged),
            usable: Seconds(self.usable_s),
            beats: self.beats,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Hertz, Microvolts, SampleCount, SampleIndex, SamplePlace};

    const HZ: f64 = 250.0;

    #[test]
    fn the_trees_know_the_features_of_today() {
        assert_eq!(fitted::KNOWN, LABEL_FEATURES);
    }

    /// Hears beats at these times in a signal without waves, and usable windows to the end.
    fn heard(times: impl Iterator<Item = f64>, end_s: f64) -> Result<Label, NoLabel> {
        let mut observer = Observer::new();
        let mut strip = Strip::new(Hertz::new(HZ).unwrap(), Seconds(2.0));
        strip.push(&[0.0; 500]);
        let mut windows = 0.0;
        let mut judge = |observer: &mut Observer, to: f64| {
            while windows + 2.0 <= to {
                let window = QualityWindow {
                    start: SampleIndex((windows * HZ) as u64),
                    length: SampleCount((2.0 * HZ) as u64),
                    score: 0.9,
                    usable: true,
                    reasons: core::iter::empty().collect(),
                };
                observer.window(&window, Seconds(windows), Seconds(windows + 2.0));
                windows += 2.0;
            }
        };
        for at in times {
            judge(&mut observer, at - 4.0);
            let place = SamplePlace(at * HZ);
            let r = RPeak { at: place, amplitude: Microvolts(900.0), confidence: 1.0, late: false };
            let (class, fiducials) = (BeatClass::N, None);
            observer
                .beat(&strip, &ObservedBeat { r, time: Seconds(at), class, chances: [0.0; 4], fiducials });
        }
        judge(&mut observer, end_s);
        observer.finish()
    }

    #[test]
    fn nothing_is_said_of_too_little_and_something_of_everything_else() {
        assert_eq!(heard(core::iter::empty(), 0.0), Err(NoLabel::TooShort));
        assert_eq!(heard([0.5].into_iter(), 1.0), Err(NoLabel::TooShort));
        for end in [8.0, 30.0, 62.0, 70.0, 130.0] {
            let said = heard(core::iter::empty(), end).unwrap();
            assert_eq!(said.beats, 0);
            assert!((said.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
        let all_at_once = heard(core::iter::repeat_n(3.0, 1000), 30.0).unwrap();
        assert!(all_at_once.probabilities.iter().all(|p| p.is_finite()));
    }

    #[test]
    fn a_day_is_judged_in_stretches() {
        let day = 86_400.0;
        let said = heard((1..100_000).map(|i| f64::from(i) * 0.86), day).unwrap();
        assert!((said.judged.0 - day).abs() < Observer::SHORTEST_LAST.0, "{said:?}");
        assert!(said.beats > 99_000);
        assert!((0.0..=1.0).contains(&said.af_burden));
    }

    #[test]
    fn one_tenth_of_fibrillation_decides_and_half_of_noise_does() {
        let sums = |time_s| Sums { time_s, ..Sums::default() }.label().map(|l| l.label);
        assert_eq!(sums([90.0, 10.0, 0.0, 0.0]), Some(RhythmLabel::Af));
        assert_eq!(sums([91.0, 9.0, 0.0, 0.0]), Some(RhythmLabel::Normal));
        assert_eq!(sums([74.0, 9.0, 17.0, 0.0]), Some(RhythmLabel::Other));
        assert_eq!(sums([40.0, 9.0, 0.0, 51.0]), Some(RhythmLabel::Noisy));
        assert_eq!(sums([0.0; 4]), None);
    }
}
