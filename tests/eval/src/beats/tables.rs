//! Counts of classes by the rules of ANSI/AAMI EC57, and what is said of them.

use super::lessons::Lesson;
use super::{FLUTTER, UNKNOWN};
use pqrst::beats::{classes, Classified, Heard, Model};
use std::fmt;

/// Rows: N, S, V, F and Q as annotated, and detections that are no beats. Columns: N, S, V, F and Q as found, and beats
/// that were not found.
pub type Confusion = [[u64; 6]; 6];
pub const S: usize = 1;
pub const V: usize = 2;
/// Bins of the confidence.
pub const BINS: usize = 10;

/// The counts of one record, or of several together.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub record: String,
    pub confusion: Confusion,
    /// Beats by confidence, and how many of them have the class that was told.
    pub bins: [(u64, u64); BINS],
}

/// Sensitivity, positive predictivity and F1 in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    pub se: f64,
    pub ppv: f64,
    pub f1: f64,
}

impl Tally {
    /// What a model makes of a lesson.
    pub fn new(lesson: &Lesson, model: &Model) -> Self {
        let heard: Vec<Heard> = lesson.beats.iter().map(|b| b.heard).collect();
        let truth: Vec<usize> = lesson.beats.iter().map(|b| b.truth).collect();
        Self::of(&lesson.record, &truth, &classes(&heard, model), &lesson.missed)
    }

    /// From the annotated and the found class of each beat, and how many of each class were not found.
    pub fn of(record: &str, truth: &[usize], found: &[Classified], missed: &[u64; 5]) -> Self {
        let mut tally = Self { record: record.to_owned(), ..Self::default() };
        for (truth, found) in truth.iter().zip(found).filter(|(t, _)| **t != FLUTTER) {
            let told = found.class as usize;
            tally.confusion[*truth][told] += 1;
            if told < 4 && *truth < UNKNOWN {
                let bin = ((found.confidence * BINS as f32) as usize).min(BINS - 1);
                tally.bins[bin].0 += 1;
                tally.bins[bin].1 += u64::from(told == *truth);
            }
        }
        tally.confusion.iter_mut().zip(missed).for_each(|(row, n)| row[5] += n);
        tally
    }

    /// Several together.
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        for tally in tallies {
            let (to, from) = (sum.confusion.as_flattened_mut(), tally.confusion.as_flattened());
            to.iter_mut().zip(from).for_each(|(a, b)| *a += b);
            sum.bins.iter_mut().zip(&tally.bins).for_each(|(a, b)| *a = (a.0 + b.0, a.1 + b.1));
        }
        sum
    }

    /// How many beats of a class are annotated.
    pub fn annotated(&self, class: usize) -> u64 {
        self.confusion[class].iter().sum()
    }

    /// Found as annotated, annotated and not so found, found and neither annotated so nor excused.
    ///
    /// EC57: a fusion beat called V is no false V, and an unclassifiable beat called V or S no false one.
    pub fn counts(&self, class: usize) -> [u64; 3] {
        let right = self.confusion[class][class];
        let excused: &[usize] = if class == V { &[3, 4] } else { &[4] };
        let wrong = (0..6).filter(|row| *row != class && !excused.contains(row));
        [right, self.annotated(class) - right, wrong.map(|row| self.confusion[row][class]).sum()]
    }

    pub fn rates(&self, class: usize) -> Rates {
        let [right, missed, wrong] = self.counts(class).map(|n| n as f64);
        let part = |a: f64, b: f64| 100.0 * a / (a + b);
        let f1 = 200.0 * right / (2.0 * right + missed + wrong);
        Rates { se: part(right, missed), ppv: part(right, wrong), f1 }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (v, s) = (self.rates(V), self.rates(S));
        write!(f, "V Se {:.1} +P {:.1}, S Se {:.1} +P {:.1} %", v.se, v.ppv, s.se, s.ppv)
    }
}

/// Mean of the records that have at least so many beats of a class.
pub fn average(tallies: &[Tally], class: usize, least: u64) -> Rates {
    let rates: Vec<Rates> =
        tallies.iter().filter(|t| t.annotated(class) >= least).map(|t| t.rates(class)).collect();
    let mean = |of: fn(&Rates) -> f64| {
        let known: Vec<f64> = rates.iter().map(of).filter(|v| v.is_finite()).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    Rates { se: mean(|r| r.se), ppv: mean(|r| r.ppv), f1: mean(|r| r.f1) }
}

/// All records but the one with the most beats of a class; and its name.
pub fn without_largest(tallies: &[Tally], class: usize) -> (Tally, String) {
    let largest =
        tallies.iter().max_by_key(|t| t.annotated(class)).map_or(String::new(), |t| t.record.clone());
    (Tally::sum(tallies.iter().filter(|t| t.record != largest)), largest)
}
