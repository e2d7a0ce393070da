//! What the detector's model learns from.

use crate::records;
use crate::score::{Draw, Matched};
use pqrst::detect::{Model, Rehearsal};
use pqrst::import::wfdb::{AnnotationCode, Annotations};
use pqrst::import::RecordedLead;
use pqrst::units::Hertz;
use std::path::Path;

/// A candidate this near to an annotated beat may stand for it, in seconds.
const NEAR_S: f64 = 0.12;
/// Intervals longer than this are not learnt from, in seconds.
const FARTHEST_S: f64 = 3.5;

/// Parts of the records for cross-validation: every record is tested once by a model that did not see it.
pub const FOLDS: usize = 5;

/// A recording to learn from.
pub struct Recording {
    /// Whose heart it is: recordings of one are never divided between learning and test.
    pub patient: String,
    /// A clean first lead of the Arrhythmia Database as it came: what is scored in the end.
    pub clean: bool,
    /// How often it is learnt from, against others of its length.
    pub weight: f64,
    pub rate: Hertz,
    pub samples_uv: Vec<f32>,
    /// Every beat between these times is annotated, in seconds.
    pub span_s: (f64, f64),
    /// Times of the beats, in seconds.
    pub beats_s: Vec<f64>,
    /// Ventricular flutter, from and to, in seconds.
    pub flutter_s: Vec<(f64, f64)>,
    /// The reference of a clean recording.
    pub truth: Option<Annotations>,
}

/// An interval: the index of the candidate before, and the inputs of the network.
pub struct Link {
    pub before: u32,
    pub inputs: Vec<f32>,
}

/// A recording as the detector heard it.
pub struct Lesson {
    pub weight: f64,
    pub at_s: Vec<f64>,
    /// Inputs of the network for looks.
    pub looks: Vec<Vec<f32>>,
    pub links: Vec<Vec<Link>>,
    /// The annotated beat that a candidate may stand for, counted from 0.
    pub beat: Vec<Option<u32>>,
    /// Whether every beat around is annotated.
    pub known: Vec<bool>,
    /// Inputs of the network for silences are made on demand.
    pub rehearsal: Rehearsal,
}

impl Lesson {
    /// Lets a detector with this model hear a recording.
    pub fn new(recording: &Recording, parameters: &[f32]) -> Self {
        let rehearsal = Rehearsal::new(&recording.samples_uv, recording.rate, Model::new(parameters));
        let hz = recording.rate.get();
        let (beats, flutter) = (&recording.beats_s, &recording.flutter_s);
        let sightings = &rehearsal.sightings;
        let near = |t: f64| {
            let next = beats.partition_point(|b| *b < t);
            let around = [next.checked_sub(1), Some(next)].into_iter().flatten();
            let distance = |i: usize| beats.get(i).map_or(f64::INFINITY, |b| (b - t).abs());
            let best = around.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
            (distance(best) <= NEAR_S).then_some(best as u32)
        };
        let (from, to) = recording.span_s;
        let known =
            |t: f64| t >= from && t <= to && !flutter.iter().any(|(a, b)| (a - 1.0..=b + 1.0).contains(&t));
        let place = |i: usize| sightings.get(i).map_or(0.0, |s| s.peak.at.0 / hz);
        let links = sightings.iter().enumerate().map(|(j, next)| {
            let mut links = Vec::new();
            for (i, last) in sightings.iter().enumerate().take(j).rev() {
                if next.at_s() - last.at_s() > FARTHEST_S {
                    break;
                }
                links
                    .extend(next.link(last).map(|inputs| Link { before: i as u32, inputs: inputs.to_vec() }));
            }
            links
        });
        Self {
            weight: recording.weight,
            at_s: sightings.iter().map(|s| s.at_s()).collect(),
            looks: sightings.iter().map(|s| s.looks.to_vec()).collect(),
            links: links.collect(),
            beat: (0..sightings.len()).map(|i| near(place(i))).collect(),
            known: (0..sightings.len()).map(|i| known(place(i))).collect(),
            rehearsal,
        }
    }
}

/// All recordings: the Arrhythmia Database as it is, both leads, clean, mixed with noise and disturbed; all leads of LUDB.
pub fn load(data: &Path) -> Result<Vec<Recording>, String> {
    let mut all = Vec::new();
    let absent = || format!("no recordings at {}", data.display());
    let noises = noises(data)?;
    let mitdb = data.join("mitdb");
    let mut draw = Draw(7);
    let list = records::list(&mitdb, "atr").ok_or_else(absent)?;
    // Ventricular beats of the records that are tested together: a record is given no beat of another fold.
    let mut ventricular: Vec<Vec<Vec<f32>>> = vec![Vec::new(); FOLDS];
    for (number, record) in list.iter().enumerate() {
        let truth = records::annotations(&mitdb, record, "atr")?;
        for lead in records::recording(&mitdb, record)?.leads.iter().take(2) {
            ventricular[number % FOLDS].extend(donated(lead, &truth));
        }
    }
    for (index, record) in list.into_iter().enumerate() {
        let recording = records::recording(&mitdb, &record)?;
        let truth = records::annotations(&mitdb, &record, "atr")?;
        for (number, lead) in recording.leads.iter().take(2).enumerate() {
            let end = lead.samples_uv.len() as f64 / lead.rate.get();
            let part = if number == 0 { 1.0 } else { 0.5 };
            let beats = beats_s(&truth, lead.rate);
            let (more_uv, more_s) =
                extrasystoles(&lead.samples_uv, lead.rate, &beats, &ventricular[index % FOLDS], &mut draw);
            all.push(Recording {
                patient: record.clone(),
                clean: false,
                weight: 0.5 * part,
                rate: lead.rate,
                samples_uv: more_uv,
                span_s: (0.0, end),
                beats_s: more_s,
                flutter_s: flutter_s(&truth, lead.rate),
                truth: None,
            });
            let (changed_uv, left_s) = disturbed(lead, &beats, &mut draw);
            all.push(Recording {
                patient: record.clone(),
                clean: false,
                weight: 0.4 * part,
                rate: lead.rate,
                samples_uv: changed_uv,
                span_s: (0.0, end),
                beats_s: left_s,
                flutter_s: flutter_s(&truth, lead.rate),
                truth: None,
            });
            let mut add = |samples_uv: Vec<f32>, weight: f64, clean: bool| {
                all.push(Recording {
                    patient: record.clone(),
                    clean,
                    weight,
                    rate: lead.rate,
                    samples_uv,
                    span_s: (0.0, end),
                    beats_s: beats_s(&truth, lead.rate),
                    flutter_s: flutter_s(&truth, lead.rate),
                    truth: clean.then(|| truth.clone()),
                });
            };
            add(lead.samples_uv.clone(), part, number == 0);
            add(noisy(lead, &truth, &noises, SNR_DB, &mut draw), part, false);
            add(noisy(lead, &truth, &noises, SNR_DB, &mut draw), 0.6 * part, false);
            add(paced(&lead.samples_uv, lead.rate, &beats, &mut draw), 0.3 * part, false);
            add(morphed(&lead.samples_uv, lead.rate, &beats, &mut draw), 0.5 * part, false);
            add(morphed(&lead.samples_uv, lead.rate, &beats, &mut draw), 0.5 * part, false);
        }
    }
    let ludb = data.join("ludb");
    for record in records::list(&ludb, "ii").ok_or_else(absent)? {
        let recording = records::recording(&ludb, &record)?;
        for lead in &recording.leads {
            let truth = records::annotations(&ludb, &record, &lead.name.to_lowercase())?;
            let times = beats_s(&truth, lead.rate);
            let (Some(first), Some(last)) = (times.first(), times.last()) else { continue };
            let span_s = (first - 0.15, last + 0.15);
            let noise = draw.uniform() < 0.3;
            let samples_uv = if noise {
                noisy(lead, &truth, &noises, SNR_DB, &mut draw)
            } else if draw.uniform() < 0.4 {
                morphed(&lead.samples_uv, lead.rate, &times, &mut draw)
            } else {
                lead.samples_uv.clone()
            };
            all.push(Recording {
                patient: format!("ludb {record}"),
                clean: false,
                weight: 1.0,
                rate: lead.rate,
                samples_uv,
                span_s,
                beats_s: times,
                flutter_s: Vec::new(),
                truth: None,
            });
        }
    }
    Ok(all)
}

fn beats_s(truth: &Annotations, rate: Hertz) -> Vec<f64> {
    Matched::new(truth, &[], rate).beats().map(|t| t as f64 / rate.get()).collect()
}

fn flutter_s(truth: &Annotations, rate: Hertz) -> Vec<(f64, f64)> {
    let seconds = |t: i64| t as f64 / rate.get();
    Matched::new(truth, &[], rate).flutters().iter().map(|(a, b)| (seconds(*a), seconds(*b))).collect()
}

/// So many of twelve leads must have a beat at about the same time for it to be one, ...
const FOR: usize = 7;
/// ... and at most so many may have something where the others have nothing.
const AGAINST: usize = 3;
/// What lies within this time belongs together, in seconds.
const TOGETHER_S: f64 = 0.07;

/// Recordings of twelve leads without annotations: what most leads have at the same time is a beat. Recordings in
/// which the leads are divided are left out.
pub fn voted(data: &Path, parameters: &[f32]) -> Result<Vec<Recording>, String> {
    let mut all = Vec::new();
    let mut draw = Draw(8);
    for (record, recording) in records::twelve_leads(data, "RECORDS-acceptable")? {
        let mut found: Vec<(f64, usize)> = Vec::new();
        for (number, lead) in recording.leads.iter().enumerate() {
            let beats = Rehearsal::new(&lead.samples_uv, lead.rate, Model::new(parameters)).beats;
            found.extend(beats.iter().map(|p| (p.at.0 / lead.rate.get(), number)));
        }
        let Some(beats_s) = majority(found) else { continue };
        for mut lead in recording.leads {
            if draw.uniform() < 0.4 {
                lead.samples_uv = morphed(&lead.samples_uv, lead.rate, &beats_s, &mut draw);
            }
            all.push(Recording {
                patient: format!("cinc2011 {record}"),
                clean: false,
                weight: 0.5,
                rate: lead.rate,
                span_s: (0.3, lead.samples_uv.len() as f64 / lead.rate.get() - 0.3),
                samples_uv: lead.samples_uv,
                beats_s: beats_s.clone(),
                flutter_s: Vec::new(),
                truth: None,
            });
        }
    }
    Ok(all)
}

/// Times at which the leads agree; `None` where they are divided.
fn majority(mut found: Vec<(f64, usize)>) -> Option<Vec<f64>> {
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut beats = Vec::new();
    let mut rest = found.as_slice();
    while let Some((first, _)) = rest.first() {
        // The densest stretch near the first.
        let reach =
            |from: f64| rest.iter().filter(|(t, _)| (from..from + 2.0 * TOGETHER_S).contains(t)).count();
        let starts = rest.iter().map(|f| f.0).take_while(|t| t - first < 2.0 * TOGETHER_S);
        let start = starts.max_by(|a, b| reach(*a).cmp(&reach(*b)).then(b.total_cmp(a)))?;
        let skipped = rest.iter().filter(|(t, _)| *t < start).count();
        let inside: Vec<&(f64, usize)> =
            rest.iter().filter(|(t, _)| (start..start + 2.0 * TOGETHER_S).contains(t)).collect();
        let leads: std::collections::BTreeSet<usize> = inside.iter().map(|f| f.1).collect();
        if skipped > AGAINST {
            return None;
        }
        if leads.len() >= FOR {
            beats.push(inside.get(inside.len() / 2)?.0);
        } else if leads.len() > AGAINST {
            return None;
        }
        rest = rest.get(skipped + inside.len()..).unwrap_or(&[]);
    }
    (beats.len() >= 4).then_some(beats)
}

/// Electrode motion, muscles and wander of the Noise Stress Test Database.
pub fn noises(data: &Path) -> Result<Vec<Vec<f32>>, String> {
    let mut noises = Vec::new();
    for name in ["em", "ma", "bw"] {
        let leads = records::recording(&data.join("nstdb"), name)?.leads;
        noises.extend(leads.into_iter().map(|l| l.samples_uv));
    }
    Ok(noises)
}

/// Seconds of each kind of noise in turn.
const BLOCK_S: f64 = 50.0;

/// Signal-to-noise ratios from which the detector learns.
const SNR_DB: std::ops::Range<f64> = -6.0..18.0;

/// A recording with noise in it, another kind and strength every while, at signal-to-noise ratios as the program
/// `nst` of WFDB defines them: the signal's power is that of a sine as high as the mean QRS complex.
pub fn noisy(
    lead: &RecordedLead,
    truth: &Annotations,
    noises: &[Vec<f32>],
    db: std::ops::Range<f64>,
    draw: &mut Draw,
) -> Vec<f32> {
    let hz = lead.rate.get();
    let mut samples = lead.samples_uv.clone();
    let reach = (0.05 * hz) as usize;
    let places =
        truth.beats(lead.rate).map(|p| p.0 as usize).filter(|p| *p >= reach && p + reach < samples.len());
    let heights: Vec<f32> =
        places.filter_map(|p| lead.samples_uv.get(p - reach..p + reach).map(span)).collect();
    let height = f64::from(heights.iter().sum::<f32>()) / heights.len().max(1) as f64;
    for block in samples.chunks_mut((BLOCK_S * hz) as usize) {
        let noise = &noises[draw.below(noises.len())];
        let db = db.start + (db.end - db.start) * draw.uniform();
        let mean = noise.iter().sum::<f32>() / noise.len() as f32;
        let power = noise.iter().map(|v| f64::from(v - mean).powi(2)).sum::<f64>() / noise.len() as f64;
        let scale = ((height * height / 8.0 / power).sqrt() * 10.0_f64.powf(-db / 20.0)) as f32;
        let step = NOISE_HZ / hz;
        let length = noise.len() as f64 - 2.0;
        let start = draw.uniform() * length;
        for (i, x) in block.iter_mut().enumerate() {
            let at = (start + i as f64 * step) % length;
            let (whole, part) = (at as usize, at.fract() as f32);
            *x += scale * (noise[whole] * (1.0 - part) + noise[whole + 1] * part - mean);
        }
    }
    samples
}

fn span(samples: &[f32]) -> f32 {
    samples.iter().copied().fold(f32::MIN, f32::max) - samples.iter().copied().fold(f32::MAX, f32::min)
}

/// A recording whose gain changes at once now and then, as when an electrode is moved; sometimes its sign too, and
/// sometimes the heart falls silent. With it the times of the beats that are left.
fn disturbed(lead: &RecordedLead, beats_s: &[f64], draw: &mut Draw) -> (Vec<f32>, Vec<f64>) {
    let mut samples = lead.samples_uv.clone();
    let mean = samples.iter().sum::<f32>() / samples.len().max(1) as f32;
    let mut left = beats_s.to_vec();
    for (number, block) in samples.chunks_mut((CHANGE_S * lead.rate.get()) as usize).enumerate() {
        let gain = (draw.normal() * 0.6).exp().clamp(0.25, 4.0) as f32;
        let sign = if draw.uniform() < 0.15 { -1.0 } else { 1.0 };
        block.iter_mut().for_each(|x| *x = sign * gain * (*x - mean));
        if draw.uniform() < 0.12 {
            // What is left is the noise of an amplifier, of any colour.
            let level = 20.0_f64.powf(draw.uniform());
            let colour = draw.uniform();
            let (from, to) = (number as f64 * CHANGE_S, (number + 1) as f64 * CHANGE_S);
            left.retain(|b| !(from..to).contains(b));
            let mut noise = 0.0;
            for x in block.iter_mut() {
                noise = colour * noise + (1.0 - colour * colour).sqrt() * level * draw.normal();
                *x = noise as f32;
            }
        }
    }
    (samples, left)
}

/// Time between two changes, in seconds.
const CHANGE_S: f64 = 23.0;

/// How long the sizes of waves stay as they are drawn, in seconds.
const MORPH_S: f64 = 40.0;

/// A recording whose waves have other sizes: low complexes after tall P waves or before tall T waves, which few
/// patients have. The middle of a complex, what is before it and what is after it are scaled, smoothly, about the
/// local baseline.
fn morphed(samples: &[f32], rate: Hertz, beats_s: &[f64], draw: &mut Draw) -> Vec<f32> {
    let hz = rate.get();
    let baseline = baseline(samples, (0.35 * hz) as usize);
    let mut gain = vec![1.0_f32; samples.len()];
    let mut sizes = [1.0_f64; 3];
    let mut until = 0.0;
    for beat in beats_s {
        if *beat >= until {
            until = beat + MORPH_S;
            let size = |draw: &mut Draw, mean: f64, least: f64, most: f64| {
                (mean + 0.5 * draw.normal()).exp().clamp(least, most)
            };
            sizes = [size(draw, 0.5, 0.5, 5.0), size(draw, -0.7, 0.2, 1.5), size(draw, 0.3, 0.5, 3.5)];
        }
        // Centre and half width of each part, in seconds from the R peak.
        for ((centre, half), size) in [(-0.18, 0.10), (0.0, 0.085), (0.27, 0.19)].into_iter().zip(sizes) {
            let (from, to) = (
                ((beat + centre - half) * hz).max(0.0) as usize,
                ((beat + centre + half) * hz).max(0.0) as usize,
            );
            for (i, gain) in gain.iter_mut().enumerate().take(to).skip(from) {
                let off = (i as f64 / hz - beat - centre) / half;
                let part = 0.5 + 0.5 * (std::f64::consts::PI * off.abs().min(1.0)).cos();
                *gain *= (1.0 + (size - 1.0) * part.sqrt()) as f32;
            }
        }
    }
    samples.iter().zip(&baseline).zip(&gain).map(|((x, b), g)| b + g * (x - b)).collect()
}

/// Mean of what lies within `half` samples.
fn baseline(samples: &[f32], half: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64];
    for x in samples {
        sums.push(sums.last().copied().unwrap_or(0.0) + f64::from(*x));
    }
    let mean = |i: usize| {
        let (from, to) = (i.saturating_sub(half), (i + half + 1).min(samples.len()));
        ((sums[to] - sums[from]) / (to - from) as f64) as f32
    };
    (0..samples.len()).map(mean).collect()
}

/// What is taken of a ventricular beat before and after its annotation, in seconds.
const DONATED_S: (f64, f64) = (0.16, 0.36);
/// At most so many are taken of one lead.
const DONATIONS: usize = 40;

/// Ventricular beats of a lead, their baseline removed and their ends faded, largest value 1.
fn donated(lead: &RecordedLead, truth: &Annotations) -> Vec<Vec<f32>> {
    let hz = lead.rate.get();
    let baseline = baseline(&lead.samples_uv, (0.5 * hz) as usize);
    let (before, after) = ((DONATED_S.0 * hz) as usize, (DONATED_S.1 * hz) as usize);
    let places: Vec<usize> = truth
        .list
        .iter()
        .filter(|a| a.code == AnnotationCode::VENTRICULAR)
        .map(|a| truth.place(a, lead.rate).0 as usize)
        .collect();
    let every = places.len().div_ceil(DONATIONS).max(1);
    let piece = |p: &usize| {
        let from = p.checked_sub(before)?;
        let samples = lead.samples_uv.get(from..p + after)?;
        let mut piece: Vec<f32> = samples.iter().zip(&baseline[from..]).map(|(x, b)| x - b).collect();
        let n = piece.len();
        let fade = n / 5;
        for i in 0..fade {
            let part = 0.5 - 0.5 * (std::f32::consts::PI * i as f32 / fade as f32).cos();
            piece[i] *= part;
            piece[n - 1 - i] *= part;
        }
        let top = piece.iter().fold(1e-3_f32, |top, x| top.max(x.abs()));
        Some(piece.into_iter().map(|x| x / top).collect())
    };
    places.iter().step_by(every).filter_map(piece).collect()
}

/// A recording with premature ventricular beats of others added to it, and the times of all beats.
fn extrasystoles(
    samples: &[f32],
    rate: Hertz,
    beats_s: &[f64],
    donors: &[Vec<f32>],
    draw: &mut Draw,
) -> (Vec<f32>, Vec<f64>) {
    let hz = rate.get();
    let mut out = samples.to_vec();
    let mut times = beats_s.to_vec();
    let reach = (0.05 * hz) as usize;
    let mut after = 0.0;
    for pair in beats_s.windows(2) {
        let free = pair[1] - pair[0];
        if donors.is_empty() || pair[0] < after || free < 0.58 || draw.uniform() > 0.2 {
            continue;
        }
        let mut at = pair[0] + 0.27 + 0.25 * draw.uniform();
        while at < pair[1] - 0.27 {
            let place = (pair[0] * hz) as usize;
            let height = samples.get(place.saturating_sub(reach)..place + reach).map_or(0.0, span);
            let donor = &donors[draw.below(donors.len())];
            let size =
                height * (0.4 * draw.normal()).exp() as f32 * if draw.uniform() < 0.5 { 0.6 } else { -0.6 };
            let from = ((at - DONATED_S.0) * hz) as usize;
            out.iter_mut().skip(from).zip(donor).for_each(|(x, d)| *x += size * d);
            times.push(at);
            at += if draw.uniform() < 0.5 { 0.3 + 0.15 * draw.uniform() } else { 9.0 };
        }
        after = pair[1] + 0.5;
    }
    times.sort_by(f64::total_cmp);
    (out, times)
}

/// A recording with the pulses of a pacemaker, before the beats or where there are none: 2 to 700 mV, 0.1 to 2 ms
/// (IEC 60601-2-27, 201.12.1.101.13) behind a converter's first-order low-pass.
fn paced(samples: &[f32], rate: Hertz, beats_s: &[f64], draw: &mut Draw) -> Vec<f32> {
    let hz = rate.get();
    let mut out = samples.to_vec();
    for block in beats_s.chunks(30) {
        let size_uv =
            2000.0 * 350.0_f64.powf(draw.uniform().powi(2)) * if draw.uniform() < 0.5 { -1.0 } else { 1.0 };
        let width_s = 1e-4 * 20.0_f64.powf(draw.uniform());
        let fall_s = 1.0 / (std::f64::consts::TAU * (60.0 + 100.0 * draw.uniform()));
        let ahead_s = [0.02, 0.18, -0.35][draw.below(3)] + 0.01 * draw.normal();
        for beat in block.iter().filter(|_| draw.uniform() < 0.8).copied().collect::<Vec<_>>() {
            let start = beat - ahead_s;
            let full = size_uv * (1.0 - (-width_s / fall_s).exp());
            let first = (start * hz).max(0.0) as usize;
            for (i, x) in out.iter_mut().enumerate().skip(first).take((0.03 * hz) as usize + 2) {
                let t = i as f64 / hz - start;
                let part = if t < 0.0 {
                    0.0
                } else if t < width_s {
                    size_uv * (1.0 - (-t / fall_s).exp())
                } else {
                    full * (-(t - width_s) / fall_s).exp()
                };
                *x += part as f32;
            }
        }
    }
    out
}

/// Rate at which the noise was recorded.
const NOISE_HZ: f64 = 360.0;
