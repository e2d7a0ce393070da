//! Beats to learn from: what the model sees of them, and where their waves were marked.

use super::chain::{self, Turn};
use super::reference::{Mark, Marked, Source};
use crate::score::Draw;
use pqrst::delineate::{Circumstances, Delineator, Model, View, FIDUCIALS, LENGTH};

/// Samples in 100 ms, the unit of places.
const UNIT: f32 = 25.0;
/// Index of the R peak.
const ORIGIN: f32 = View::ORIGIN as f32;
/// Of the beats of which only the rhythm is known one in so many is learnt from, without and with a P wave.
const THINNED: [usize; 2] = [8, 40];
/// Part of the beats of the QT Database that are asked for their waves and not for their places.
const PRESENCE: f64 = 0.25;

/// A beat to learn from.
pub struct Lesson {
    /// Index of its lead among those given.
    pub lead: usize,
    pub values: [f32; LENGTH],
    pub circumstances: Circumstances,
    pub marking: f32,
    /// Places of the marks, in units of 100 ms from the R peak; NaN where there is none.
    pub at: [f32; FIDUCIALS],
    /// Whether there are a P wave and a T wave, where that is known.
    pub waves: [Option<bool>; 2],
}

/// The beats of all leads about which something is known.
pub fn lessons(marked: &[&Marked]) -> Vec<Lesson> {
    let mut all = Vec::new();
    for (lead, m) in marked.iter().enumerate() {
        let hz = m.signal.rate.get();
        let mut delineator = Delineator::with_model(Model::new(&[]));
        let mut count = 0;
        chain::beats(&m.signal.samples_uv, m.signal.rate, |Turn { strip, r, before, after }| {
            let Some((centre, view, circumstances)) = delineator.view(strip, r, before, after) else {
                return;
            };
            let r_s = strip.place(centre).0 / hz;
            let next_s = after.map_or(f64::INFINITY, |a| a.0 / hz);
            let Some((at, waves)) = known(m, r_s, before.map_or(f64::NEG_INFINITY, |b| b.0 / hz), next_s)
            else {
                return;
            };
            count += 1;
            let long = m.source == Source::Mitdb && waves[0] == Some(true);
            if rhythm_only(m) && count % THINNED[usize::from(long)] != 0 {
                return;
            }
            let marking = if m.source == Source::Qtdb { 1.0 } else { 0.0 };
            all.push(Lesson { lead, values: *view.values(), circumstances, marking, at, waves });
        });
    }
    all
}

fn rhythm_only(m: &Marked) -> bool {
    matches!(m.source, Source::Mitdb | Source::Cinc)
}

type Known = ([f32; FIDUCIALS], [Option<bool>; 2]);

/// What is known about the beat at this time.
fn known(m: &Marked, r_s: f64, before_s: f64, next_s: f64) -> Option<Known> {
    let without_p = m.no_p_s.iter().any(|(from, to)| r_s - 0.2 >= *from && r_s <= *to);
    let nearest = |a: &&Mark, b: &&Mark| (a.peak_s - r_s).abs().total_cmp(&(b.peak_s - r_s).abs());
    let qrs = m.qrs.iter().min_by(nearest).filter(|q| (q.peak_s - r_s).abs() < 0.1);
    let with_p = m.with_p_s.iter().any(|(from, to)| r_s >= *from && r_s <= *to);
    if qrs.is_none() && !(rhythm_only(m) && (with_p || without_p)) {
        return None;
    }
    let p = m.p.iter().rev().find(|p| p.peak_s < r_s - 0.02 && p.peak_s > (r_s - 0.44).max(before_s + 0.1));
    let t = m.t.iter().find(|t| t.peak_s > r_s + 0.05 && t.peak_s < (r_s + 0.64).min(next_s - 0.04));
    let to = |s: f64| ((s - r_s) * 10.0) as f32;
    let all = |m: Option<&Mark>| m.map_or([f32::NAN; 3], |m| [m.onset_s, m.peak_s, m.end_s].map(to));
    let ([a, b, c], [d, _, e], [f, g, h]) = (all(p), all(qrs), all(t));
    let there = p.is_some() || with_p;
    let p_known = (there || (without_p && m.source != Source::Qtdb)).then_some(there);
    let t_inside = m.source == Source::Ludb && r_s + 0.4 < m.span_s().1;
    let t_known = (t.is_some() || t_inside).then_some(t.is_some());
    Some(([a, b, c, d, e, f, g, h], [p_known, t_known]))
}

impl Lesson {
    /// The beat changed: stretched, shifted, with larger and smaller waves, turned over, with drift and noise; and
    /// where its waves then are, and whether it has them.
    pub fn varied(&self, draw: &mut Draw) -> (View, [f32; FIDUCIALS], [Option<bool>; 2]) {
        let mut normal = || draw.normal().clamp(-2.5, 2.5) as f32;
        let qrs = 1.0 + 0.06 * normal();
        let warp = Warp { before: qrs * (0.1 * normal()).exp(), qrs, after: qrs * (0.1 * normal()).exp() };
        let shift = 0.7 * normal();
        let (p_gain, mut t_gain) = ((0.3 * normal()).exp(), (0.3 * normal()).exp());
        let (line, wave, noise) = (0.1 * normal(), 0.05 * normal(), 0.01 * normal().abs());
        let phase = draw.uniform() as f32;
        let sign = if draw.uniform() < 0.25 { -1.0 } else { 1.0 };
        let mut at = self.at.map(|a| warp.back(a * UNIT - shift) / UNIT);
        if draw.uniform() < 0.1 {
            t_gain = -t_gain;
            at[4] = f32::NAN;
        }
        let height = View::new(self.values, self.circumstances, 0.0).height();
        let mut values = [0.0; LENGTH];
        for (i, to) in values.iter_mut().enumerate() {
            let place = i as f32 - ORIGIN;
            let t = place / 250.0;
            let drift = line * t + wave * (std::f32::consts::TAU * (0.5 * t + phase)).sin();
            let hiss = noise * draw.normal() as f32;
            let p_part = ((-14.0 - place) / 6.0).clamp(0.0, 1.0);
            let t_part = ((place - 15.0) / 15.0).clamp(0.0, 1.0);
            let gain = 1.0 + (p_gain - 1.0) * p_part + (t_gain - 1.0) * t_part;
            let own = between(&self.values, ORIGIN + warp.source(place) + shift);
            *to = sign * gain * own + height * (drift + hiss);
        }
        // Whether there are waves is asked as of LUDB: with the other marking the answer would be known.
        let presence = self.marking > 0.0 && draw.uniform() < PRESENCE;
        let (marking, at) = if presence { (0.0, [f32::NAN; FIDUCIALS]) } else { (self.marking, at) };
        let waves = if marking > 0.0 { [None; 2] } else { self.waves };
        let mut circumstances = self.circumstances;
        if at.iter().all(|a| a.is_nan()) && draw.uniform() < 0.5 {
            // The rhythm must not be all that is looked at.
            circumstances.irregularity = 0.4 * draw.uniform() as f32;
        }
        (View::new(values, circumstances, marking), at, waves)
    }
}

/// Time stretched by a factor before the complex, in it and after it.
struct Warp {
    before: f32,
    qrs: f32,
    after: f32,
}

impl Warp {
    /// Samples from the R peak to the edge of the complex.
    const EDGE: f32 = 15.0;

    /// Where a sample comes from, counted from the R peak.
    fn source(&self, place: f32) -> f32 {
        let inside = place.clamp(-Self::EDGE, Self::EDGE);
        let outside = place - inside;
        inside * self.qrs + outside * if outside < 0.0 { self.before } else { self.after }
    }

    /// Where a sample goes to.
    fn back(&self, source: f32) -> f32 {
        let inside = source.clamp(-Self::EDGE * self.qrs, Self::EDGE * self.qrs);
        let outside = source - inside;
        inside / self.qrs + outside / if outside < 0.0 { self.before } else { self.after }
    }
}

/// The value at an index between samples.
fn between(values: &[f32; LENGTH], at: f32) -> f32 {
    let at = at.clamp(0.0, (LENGTH - 1) as f32 - 0.001);
    let (i, part) = (at as usize, at.fract());
    values[i] + (values[i + 1] - values[i]) * part
}
