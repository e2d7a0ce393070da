//! How fiducials compare with marks: the nearest detection within 150 ms of each mark.

use super::reference::{Mark, Marked, Source};
use crate::bootstrap::{figure, Figure};
use pqrst::signal::{Fiducials, Wave};

/// Match window in seconds.
const WINDOW_S: f64 = 0.150;

/// The fiducials, in order.
pub const NAMES: [&str; 8] = ["P on", "P peak", "P end", "QRS on", "QRS end", "T on", "T peak", "T end"];
/// The kinds of waves.
pub const WAVES: [&str; 3] = ["P", "QRS", "T"];

/// A beat as it was found, in seconds.
pub struct Found {
    pub r_s: f64,
    /// NaN where nothing is told.
    pub at_s: [f64; 8],
    pub p_chance: f32,
}

impl Found {
    pub fn new(r_s: f64, fiducials: &Fiducials, hz: f64) -> Self {
        let wave = |w: Option<Wave>| w.map_or([None; 3], |w| [w.onset, w.peak, w.end]);
        let [a, b, c] = wave(fiducials.p);
        let [f, g, h] = wave(fiducials.t);
        let all = [a, b, c, fiducials.qrs_onset, fiducials.qrs_end, f, g, h];
        Self {
            r_s,
            at_s: all.map(|place| place.map_or(f64::NAN, |p| p.0 / hz)),
            p_chance: fiducials.p_chance,
        }
    }

    pub fn has_p(&self) -> bool {
        !self.at_s[1].is_nan()
    }
}

/// What one lead gives.
#[derive(Default)]
pub struct Tally {
    /// Marks of each fiducial, and detection minus mark, in milliseconds, of those that were found.
    pub marks: [u32; 8],
    pub errors_ms: [Vec<f64>; 8],
    /// Marked waves, those found, and detections inside the marked span, with and without a mark.
    pub waves: [u32; 3],
    pub hit: [u32; 3],
    pub right: [u32; 3],
    pub wrong: [u32; 3],
    /// Beats that have no P wave, and those of them that were given one.
    pub without_p: u32,
    pub given_p: u32,
    /// Probabilities of P waves in beats without and with one.
    pub chances: [Vec<f32>; 2],
}

impl Tally {
    pub fn new(m: &Marked, found: &[Found]) -> Self {
        let mut new = Self::default();
        let kinds: [(&[Mark], [Option<usize>; 3]); 3] = [
            (&m.p, [Some(0), Some(1), Some(2)]),
            (&m.qrs, [Some(3), None, Some(4)]),
            (&m.t, [Some(5), Some(6), Some(7)]),
        ];
        let (from, to) = m.span_s();
        for (kind, (marks, places)) in kinds.into_iter().enumerate() {
            let told = |f: &Found| if kind == 1 { f.r_s } else { f.at_s[places[1].unwrap_or(0)] };
            for mark in marks {
                for (which, s) in places.iter().zip([mark.onset_s, mark.peak_s, mark.end_s]) {
                    let Some(which) = which.filter(|_| !s.is_nan()) else { continue };
                    new.marks[which] += 1;
                    let errors = found.iter().map(|f| f.at_s[which] - s).filter(|e| e.abs() <= WINDOW_S);
                    let nearest = errors.min_by(|a, b| a.abs().total_cmp(&b.abs()));
                    new.errors_ms[which].extend(nearest.map(|e| 1000.0 * e));
                }
                new.waves[kind] += 1;
                new.hit[kind] += u32::from(found.iter().any(|f| (told(f) - mark.peak_s).abs() <= WINDOW_S));
            }
            if m.source == Source::Ludb {
                for at in found.iter().map(told).filter(|at| *at >= from && *at <= to) {
                    let right = marks.iter().any(|mark| (mark.peak_s - at).abs() <= WINDOW_S);
                    *(if right { &mut new.right } else { &mut new.wrong }).get_mut(kind).unwrap_or(&mut 0) +=
                        1;
                }
            }
        }
        let near = |f: &&Found| m.p.iter().any(|p| (0.02..0.4).contains(&(f.r_s - p.peak_s)));
        new.chances[1].extend(found.iter().filter(near).map(|f| f.p_chance));
        if m.fibrillates {
            let inside = |f: &&Found| m.no_p_s.iter().any(|(from, to)| f.r_s >= *from && f.r_s <= *to);
            new.without_p = found.iter().filter(inside).count() as u32;
            new.chances[0].extend(found.iter().filter(inside).map(|f| f.p_chance));
            new.given_p = found.iter().filter(inside).filter(|f| f.has_p()).count() as u32;
        }
        new
    }
}

/// Errors of one fiducial over several leads, each figure with its interval over draws of whole records.
pub struct Line {
    pub marks: u32,
    pub se: Figure,
    pub bias_ms: Figure,
    pub sd_ms: Figure,
    pub record_sd_ms: Figure,
}

impl Line {
    pub fn new(tallies: &[Tally], which: usize) -> Self {
        let marked: Vec<&Tally> = tallies.iter().filter(|t| t.marks[which] > 0).collect();
        let errors = |picked: &[usize]| -> Vec<f64> {
            picked.iter().filter_map(|i| marked.get(*i)).flat_map(|t| &t.errors_ms[which]).copied().collect()
        };
        let share = |picked: &[usize]| {
            let all: u32 = picked.iter().filter_map(|i| marked.get(*i)).map(|t| t.marks[which]).sum();
            100.0 * errors(picked).len() as f64 / f64::from(all)
        };
        let own = |picked: &[usize]| {
            let several =
                picked.iter().filter_map(|i| marked.get(*i)).filter(|t| t.errors_ms[which].len() > 1);
            let sds: Vec<f64> = several.map(|t| mean_and_sd(&t.errors_ms[which]).1).collect();
            mean_and_sd(&sds).0
        };
        Self {
            marks: marked.iter().map(|t| t.marks[which]).sum(),
            se: figure(marked.len(), share),
            bias_ms: figure(marked.len(), |picked| mean_and_sd(&errors(picked)).0),
            sd_ms: figure(marked.len(), |picked| mean_and_sd(&errors(picked)).1),
            record_sd_ms: figure(marked.len(), own),
        }
    }
}

/// Sensitivity and positive predictivity of waves, in percent; the latter only where all waves are marked.
pub fn presence(tallies: &[Tally], kind: usize) -> (Figure, Option<Figure>) {
    let ratio = |part: fn(&Tally, usize) -> u32, all: fn(&Tally, usize) -> u32| {
        figure(tallies.len(), |picked: &[usize]| {
            let picked = || picked.iter().filter_map(|i| tallies.get(*i));
            let part: u32 = picked().map(|t| part(t, kind)).sum();
            100.0 * f64::from(part) / f64::from(picked().map(|t| all(t, kind)).sum::<u32>())
        })
    };
    let told: u32 = tallies.iter().map(|t| t.right[kind] + t.wrong[kind]).sum();
    (
        ratio(|t, k| t.hit[k], |t, k| t.waves[k]),
        (told > 0).then(|| ratio(|t, k| t.right[k], |t, k| t.right[k] + t.wrong[k])),
    )
}

pub fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}
