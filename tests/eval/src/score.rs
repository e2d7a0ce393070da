//! Beat-by-beat scoring by the rules of ANSI/AAMI EC57, as WFDB `bxb` applies them: 150 ms window, one to one,
//! nearest pair first over the whole record; beats and detections inside ventricular flutter do not count.

use crate::streamed::quantile;
use pqrst::import::wfdb::{AnnotationCode, Annotations};
use pqrst::units::Hertz;

/// Match window in seconds.
const WINDOW_S: f64 = 0.150;

/// Annotation codes of the start and the end of ventricular flutter or fibrillation.
const FLUTTER: (u8, u8) = (32, 33);

/// Counts of one record or of several together.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Beats found.
    pub tp: u64,
    /// Beats missed.
    pub r#fn: u64,
    /// Detections that are no beats.
    pub fp: u64,
    /// Detection minus annotation, in milliseconds, of the beats found.
    pub offsets_ms: Vec<f64>,
    /// Size of the same in samples, of the normal beats (N) among them: others have no one place.
    pub normal_samples: Vec<f64>,
    /// Places (in samples) of missed beats and of false detections.
    pub errors: Vec<(i64, char)>,
}

impl Counts {
    /// Adds the counts and offsets of another record.
    pub fn add(&mut self, other: &Self) {
        self.tp += other.tp;
        self.r#fn += other.r#fn;
        self.fp += other.fp;
        self.offsets_ms.extend(&other.offsets_ms);
        self.normal_samples.extend(&other.normal_samples);
    }

    /// Sensitivity in percent.
    pub fn se(&self) -> f64 {
        100.0 * self.tp as f64 / (self.tp + self.r#fn) as f64
    }

    /// Positive predictivity in percent.
    pub fn ppv(&self) -> f64 {
        100.0 * self.tp as f64 / (self.tp + self.fp) as f64
    }

    /// F1 in percent.
    pub fn f1(&self) -> f64 {
        200.0 * self.tp as f64 / (2 * self.tp + self.fp + self.r#fn) as f64
    }

    /// Mean and standard deviation of detection minus annotation, in milliseconds.
    pub fn bias_and_sd_ms(&self) -> (f64, f64) {
        let n = self.offsets_ms.len() as f64;
        let mean = self.offsets_ms.iter().sum::<f64>() / n;
        let variance = self.offsets_ms.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        (mean, variance.sqrt())
    }

    /// Median size of detection minus annotation over the normal beats found, in samples.
    pub fn median_normal_samples(&self) -> f64 {
        quantile(&mut self.normal_samples.clone(), 0.5)
    }
}

/// An annotated beat.
struct Reference {
    at: i64,
    normal: bool,
    /// Index of its detection.
    found: Option<usize>,
}

/// Reference and detections of a record, matched.
pub struct Matched {
    rate_hz: f64,
    reference: Vec<Reference>,
    detections: Vec<(i64, bool)>,
    flutter: Vec<(i64, i64)>,
}

impl Matched {
    /// Matches whole-sample detections with the beats of a record.
    pub fn new(annotations: &Annotations, detections: &[i64], rate: Hertz) -> Self {
        let place = |a| annotations.place(a, rate).0 as i64;
        let mut flutter = Vec::new();
        let mut since = None;
        for a in &annotations.list {
            match (a.code.0, since) {
                (code, _) if code == FLUTTER.0 => since = Some(place(a)),
                (code, Some(start)) if code == FLUTTER.1 => {
                    flutter.push((start, place(a)));
                    since = None;
                }
                _ => {}
            }
        }
        flutter.extend(since.map(|start| (start, i64::MAX)));
        let inside = |t: i64| flutter.iter().any(|(a, b)| (*a..=*b).contains(&t));
        let beats = annotations.list.iter().filter(|a| a.code.is_beat());
        let (normal, beats): (Vec<bool>, Vec<i64>) =
            beats.map(|a| (a.code == AnnotationCode::NORMAL, place(a))).filter(|(_, t)| !inside(*t)).unzip();
        Self::paired(&beats, normal, detections, flutter, rate.get())
    }

    fn paired(
        beats: &[i64],
        normal: impl IntoIterator<Item = bool>,
        detections: &[i64],
        flutter: Vec<(i64, i64)>,
        rate_hz: f64,
    ) -> Self {
        let mut detections = detections.to_vec();
        detections.sort_unstable();
        detections.dedup();
        let (found, used) = match_pairs(beats, &detections, (WINDOW_S * rate_hz + 1e-9) as i64);
        let reference = beats.iter().zip(normal).zip(found);
        Self {
            rate_hz,
            reference: reference.map(|((at, normal), found)| Reference { at: *at, normal, found }).collect(),
            detections: detections.into_iter().zip(used).collect(),
            flutter,
        }
    }

    /// Time from the first to the last beat of the reference, in seconds.
    pub fn span_s(&self) -> std::ops::RangeInclusive<f64> {
        let time = |beat: Option<&Reference>| beat.map_or(0.0, |b| b.at as f64 / self.rate_hz);
        time(self.reference.first())..=time(self.reference.last())
    }

    /// The same reference with other detections.
    pub fn with(&self, detections: &[i64]) -> Self {
        let beats: Vec<i64> = self.beats().collect();
        let normal = self.reference.iter().map(|beat| beat.normal);
        Self::paired(&beats, normal, detections, self.flutter.clone(), self.rate_hz)
    }

    /// Seconds of ventricular flutter or fibrillation in a part of the record.
    pub fn flutter_s(&self, from_s: f64, to_s: f64) -> f64 {
        let time = |at: i64| at as f64 / self.rate_hz;
        let common = |(a, b): &(i64, i64)| (time(*b).min(to_s) - time(*a).max(from_s)).max(0.0);
        self.flutter.iter().map(common).sum()
    }

    /// Whether there is any.
    pub fn flutter(&self, from_s: f64, to_s: f64) -> bool {
        self.flutter_s(from_s, to_s) > 0.0
    }

    /// Stretches of ventricular flutter or fibrillation, in samples.
    pub fn flutters(&self) -> &[(i64, i64)] {
        &self.flutter
    }

    /// The annotated beats, in samples.
    pub fn beats(&self) -> impl Iterator<Item = i64> + '_ {
        self.reference.iter().map(|beat| beat.at)
    }

    /// The counts over a part of the record that `counts_at` (a time in seconds) selects by reference time, or by
    /// detection time for false detections.
    pub fn counts(&self, counts_at: impl Fn(f64) -> bool) -> Counts {
        let mut counts = Counts::default();
        let selected = |t: i64| counts_at(t as f64 / self.rate_hz);
        for beat in self.reference.iter().filter(|beat| selected(beat.at)) {
            match beat.found.and_then(|i| self.detections.get(i)) {
                Some((d, _)) => {
                    counts.tp += 1;
                    counts.offsets_ms.push((d - beat.at) as f64 * 1000.0 / self.rate_hz);
                    if beat.normal {
                        counts.normal_samples.push((d - beat.at).abs() as f64);
                    }
                }
                None => {
                    counts.r#fn += 1;
                    counts.errors.push((beat.at, '-'));
                }
            }
        }
        for (t, used) in &self.detections {
            let inside = self.flutter.iter().any(|(a, b)| (*a..=*b).contains(t));
            if !used && selected(*t) && !inside {
                counts.fp += 1;
                counts.errors.push((*t, '+'));
            }
        }
        counts.errors.sort_unstable();
        counts
    }
}

/// The random numbers of everything drawn here (SplitMix64; Steele 2014): the same on every run and machine.
pub struct Draw(pub u64);

impl Draw {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform in 0..n.
    pub fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }

    /// Mean 0, standard deviation 1 (sum of twelve uniforms: nearly normal, no farther out than 6).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// For each beat its detection, and for each detection whether it has a beat.
pub fn match_pairs(beats: &[i64], detections: &[i64], window: i64) -> (Vec<Option<usize>>, Vec<bool>) {
    let mut pairs = Vec::new();
    for (i, beat) in beats.iter().enumerate() {
        let first = detections.partition_point(|d| *d < beat - window);
        let near = detections.iter().enumerate().skip(first).take_while(|(_, d)| **d <= beat + window);
        pairs.extend(near.map(|(j, d)| ((d - beat).abs(), i, j)));
    }
    pairs.sort_unstable();
    let mut found = vec![None; beats.len()];
    let mut used = vec![false; detections.len()];
    for (_, i, j) in pairs {
        if let (Some(slot @ None), Some(taken @ false)) = (found.get_mut(i), used.get_mut(j)) {
            *slot = Some(j);
            *taken = true;
        }
    }
    (found, used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_pair_is_matched_first_and_each_only_once() {
        let (found, used) = match_pairs(&[100, 150], &[140, 151, 160], 54);
        assert_eq!(found, [Some(0), Some(1)]);
        assert_eq!(used, [true, true, false]);
        let (found, _) = match_pairs(&[100], &[155], 54);
        assert_eq!(found, [None]);
    }
}
