//! Indices as other packages compute them, quirks included: see [`HrvRecipe`] for each.

use super::entropy::{sample_entropy, Match};
use super::fluctuation::{alpha, Scales};
use super::limits::MAX_RESAMPLED;
use super::spline::Spline;
use super::time_domain::{accepted, deviation, deviation_over, fullest, ALPHA1, BIN_MS};
use super::{bands_of, HrvRecipe, Indices};
use crate::dsp::{Line, Taper, Zoom};
use crate::signal::NnInterval;
use core::f64::consts::SQRT_2;

/// Every index by a recipe. An index is `None` when its formula has too few terms, or when the package has none; those of
/// the spectrum also when the series at the package's rate is longer than [`MAX_RESAMPLED`].
#[must_use]
pub fn indices(nn: &[NnInterval], recipe: HrvRecipe) -> Indices {
    if recipe == HrvRecipe::Pqrst {
        return Indices::of(nn);
    }
    let all = accepted(nn);
    let d: Vec<f64> =
        all.windows(2).map(|pair| pair.iter().rev().copied().reduce(|b, a| b - a).unwrap_or(0.0)).collect();
    let (mut found, lf_hf) = (common(&all, &d), spectrum(&all, recipe));
    if let Some((lf, hf)) = lf_hf {
        found.lf_hf = Some(lf / hf);
        if recipe != HrvRecipe::Neurokit {
            (found.lf_ms2, found.hf_ms2) = (Some(lf), Some(hf));
        }
    }
    let sdnn = deviation(&all);
    let entropy = |tolerance: Option<f64>, closed| {
        sample_entropy(core::iter::once(&all[..]), Match { tolerance: tolerance?, closed })
    };
    match recipe {
        HrvRecipe::Pqrst => {}
        HrvRecipe::HrvAnalysis => {
            found.sdsd_ms = deviation_over(&d, 0);
            let bin = |ms: &&f64| (300.0..=1996.0).contains(*ms);
            let bins = all.iter().filter(bin).map(|ms| (((ms - 300.0) / 8.0) as i64).min(211));
            found.triangular_index = fullest(bins).map(|most| all.len() as f64 / most as f64);
            let share = 0.1164 * (0.5627 * 2_f64.ln() + 1.3334);
            found.sample_entropy = entropy(sdnn.map(|sd| sd * share), false);
        }
        HrvRecipe::Pyhrv => {
            let sizes: Vec<f64> = d.iter().map(|x| x.abs()).collect();
            found.sdsd_ms = deviation(&sizes);
            (found.sd1_ms, found.sd2_ms) = (sd1(&d, 0), sd2_of_sums(&all, 0));
            found.sample_entropy = entropy(deviation_over(&all, 1).map(|sd| 0.2 * sd), false);
            found.dfa_alpha1 = alpha(&all, ALPHA1);
        }
        HrvRecipe::Systole => {
            found.triangular_index = None;
            found.sd1_ms = sd1(&d, 0);
            found.sd2_ms = deviation_over(&all, 0)
                .zip(deviation_over(&d, 0))
                .map(|(sdnn, sdsd)| (2.0 * sdnn * sdnn - 0.5 * sdsd * sdsd).max(0.0).sqrt());
        }
        HrvRecipe::Neurokit => {
            let above = d.iter().filter(|x| x.abs() > 50.0).count();
            found.pnn50_percent = (!d.is_empty()).then(|| 100.0 * above as f64 / all.len() as f64);
            found.sd2_ms = sd2_of_sums(&all, -1);
            found.sample_entropy = entropy(sdnn.map(|sd| 0.2 * sd), true);
            found.dfa_alpha1 = alpha(&all, Scales { from: 4, to: 11, overlap: true });
        }
    }
    found.finite()
}

/// What the packages agree on.
fn common(all: &[f64], d: &[f64]) -> Indices {
    let (sdnn, sdsd) = (deviation(all), deviation(d));
    let above = d.iter().filter(|x| x.abs() > 50.0).count();
    let some = !d.is_empty();
    let last = all.iter().copied().fold(0.0, f64::max);
    // The last bin holds its upper edge too, as numpy's histograms do.
    let edges = ((last + BIN_MS) / BIN_MS).ceil() as i64;
    let bin = |ms: &f64| ((ms / BIN_MS).floor() as i64).min(edges - 2);
    Indices {
        sdnn_ms: sdnn,
        sdsd_ms: sdsd,
        rmssd_ms: some.then(|| (d.iter().map(|x| x * x).sum::<f64>() / d.len() as f64).sqrt()),
        pnn50_percent: some.then(|| 100.0 * above as f64 / d.len() as f64),
        sd1_ms: sd1(d, -1),
        sd2_ms: sdnn.zip(sdsd).map(|(sdnn, sdsd)| (2.0 * sdnn * sdnn - 0.5 * sdsd * sdsd).max(0.0).sqrt()),
        triangular_index: fullest(all.iter().map(bin)).map(|most| all.len() as f64 / most as f64),
        ..Indices::default()
    }
}

fn sd1(d: &[f64], less: i32) -> Option<f64> {
    deviation_over(d, less).map(|sd| sd / SQRT_2)
}

fn sd2_of_sums(all: &[f64], less: i32) -> Option<f64> {
    let sums: Vec<f64> = all.windows(2).map(|pair| pair.iter().sum::<f64>() / SQRT_2).collect();
    deviation_over(&sums, less)
}

/// The series at an even rate: degree of the spline, unit of time and of the rate, and where its time begins.
fn resampled(all: &[f64], degree: usize, rate_hz: f64, from_zero: bool, last_too: bool) -> Option<Vec<f64>> {
    let mut sum = 0.0;
    let times: Vec<f64> = all
        .iter()
        .map(|ms| {
            sum += ms;
            sum
        })
        .collect();
    let zero = if from_zero { *times.first()? } else { 0.0 };
    // In seconds, as the package has them, or in milliseconds: the place of the last sample can hang on it.
    let times: Vec<f64> = times.iter().map(|ms| (ms - zero) / 1000.0).collect();
    let (&first, &last) = (times.first()?, times.last()?);
    let spline = Spline::through(&times, all, degree)?;
    let end = if last_too { last + 1.0 / rate_hz } else { last };
    let count = ((end - first) * rate_hz).ceil().max(0.0) as usize;
    (count <= MAX_RESAMPLED).then(|| (0..count).map(|i| spline.at(first + i as f64 / rate_hz)).collect())
}

/// LF and HF.
fn spectrum(all: &[f64], recipe: HrvRecipe) -> Option<(f64, f64)> {
    let (low, middle, high) = (0.04, 0.15, 0.40);
    let lines = |series: &[f64], rate: f64, zoom: Zoom| zoom.lines(series, rate, low, high);
    let half_open = |lines: Vec<Line>| bands_of(&lines, low, middle, high);
    match recipe {
        HrvRecipe::Pqrst => None,
        HrvRecipe::HrvAnalysis => {
            let zoom = Zoom { taper: Taper::Hann, segment: 256, grid: 4096, detrend: true };
            lines(&resampled(all, 1, 4.0, true, false)?, 4.0, zoom).map(half_open)
        }
        HrvRecipe::Pyhrv => {
            let series = resampled(all, 3, 4.0, true, false)?;
            let length_ms: f64 = all.iter().skip(1).sum();
            let segment = if length_ms < 300_000.0 { 4096 } else { 300 };
            let lines =
                lines(&series, 4.0, Zoom { taper: Taper::Hamming, segment, grid: 4096, detrend: true })?;
            let step = 4.0 / 4096.0;
            let sum = |from: f64, to: f64| {
                let inside = lines.iter().filter(|line| (from..=to).contains(&line.hz));
                inside.map(|line| line.density).sum::<f64>() * step
            };
            Some((sum(low, middle), sum(middle, high)))
        }
        HrvRecipe::Systole => {
            let series = resampled(all, 3, 5.0, false, false)?;
            let segment = series.len().min(1280);
            lines(&series, 5.0, Zoom { taper: Taper::Hann, segment, grid: segment, detrend: true })
                .map(half_open)
        }
        HrvRecipe::Neurokit => {
            let mut series = resampled(all, 2, 100.0, false, true)?;
            let mean = series.iter().sum::<f64>() / series.len() as f64;
            series.iter_mut().for_each(|x| *x -= mean);
            let segment = series.len() / 2;
            let zoom = Zoom { taper: Taper::Hann, segment, grid: 2 * segment, detrend: false };
            let mut lines = lines(&series, 100.0, zoom)?;
            // Below two cycles in a segment the package cuts its spectrum off.
            let lowest = 2.0 * 100.0 / (series.len() as f64 / 2.0);
            lines.retain(|line| line.hz >= lowest);
            Some(half_open(lines))
        }
    }
}
