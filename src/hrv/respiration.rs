//! How often somebody breathes, from the ECG alone. Breathing turns the heart's axis, so that R waves rise and fall, and it
//! moves the intervals (respiratory sinus arrhythmia). Both series are taken at their beats, without any resampling; their
//! periodograms are added, each in units of what chance would give, and the highest line counts when chance alone would
//! reach it in less than one window of a hundred (fusion after Charlton, Physiol Meas 37:610, 2016; false alarm after
//! Scargle, Astrophys J 263:835, 1982).
//!
//! Windows of a minute, half overlapping; the rate is their median. Below 0.15 Hz intervals move by themselves (the LF band),
//! so that a slow rate rests on the R waves alone.

use super::limits::MAX_RESAMPLED;
use super::lomb::lomb_scargle;
use super::nn::median;
use crate::units::{Microvolts, Milliseconds, Seconds};

/// Frequencies of breathing that are looked for, hertz: 6 to 30 a minute.
const SLOWEST_HZ: f64 = 0.1;
const FASTEST_HZ: f64 = 0.5;

/// Breathing faster than this share of the heart rate cannot be told from slower breathing (Nyquist: 0.5).
const OF_HEART_RATE: f64 = 0.45;

/// Below this frequency intervals say nothing: they move by themselves.
const LF_HZ: f64 = 0.15;

/// Longest window, and the shortest record: what half a minute leaves between its first and its last beat.
const WINDOW: Seconds = Seconds(60.0);
const SHORTEST: Seconds = Seconds(25.0);

/// Fewest values of a series in a window.
const MIN_VALUES: usize = 16;

/// A line that chance reaches more often than this, per window, is none.
const FALSE_ALARM: f64 = 0.01;

/// Lines this far apart are two, hertz: what a window of a minute tells apart, and one more.
const APART_HZ: f64 = 2.0 / 60.0;

/// Slow drift is taken out with a mean over this time on either side.
const DRIFT: Seconds = Seconds(5.0);

/// A beat, as breathing shows in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreathBeat {
    /// When.
    pub at: Seconds,
    /// Height of the R wave; `None` without a waveform, in poor signal, and for beats of another form.
    pub amplitude: Option<Microvolts>,
    /// The NN interval that it ends; `None` when that does not count.
    pub nn: Option<Milliseconds>,
}

/// A respiration rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Respiration {
    /// Breaths a minute: the median of the windows that show any.
    pub per_minute: f64,
    /// Share of the windows that show it, each weighed by how little chance explains it, 0 to 1.
    pub confidence: f64,
    /// Windows that show it.
    pub windows: usize,
}

/// Why no rate can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRespiration {
    /// Shorter than 25 s from the first beat to the last.
    TooShort,
    /// Too few beats that count.
    TooFewBeats,
    /// Neither R waves nor intervals rise and fall evenly, in more than half of the windows.
    NoModulation,
    /// R waves and intervals say different rates, in more than half of the windows.
    Disagreement,
}

/// The rate over a record; beats in the order of time.
///
/// # Errors
/// Why it cannot be told.
pub fn respiration(beats: &[BreathBeat]) -> Result<Respiration, NoRespiration> {
    let sound: Vec<BreathBeat> = beats.iter().copied().filter(|beat| beat.at.0.is_finite()).collect();
    let (Some(first), Some(last)) = (sound.first(), sound.last()) else {
        return Err(NoRespiration::TooFewBeats);
    };
    let length = last.at.0 - first.at.0;
    if length < SHORTEST.0 {
        return Err(NoRespiration::TooShort);
    }
    let window = WINDOW.0.min(length);
    let windows = ((length - window) / (window / 2.0)).floor() as usize + 1;
    if windows > MAX_RESAMPLED {
        // Most of what is claimed to have been recorded is empty.
        return Err(NoRespiration::TooFewBeats);
    }
    let (mut rates, mut sure, mut asked, mut disagree) = (Vec::new(), 0.0, 0_usize, 0_usize);
    for i in 0..windows {
        let from = first.at.0 + i as f64 * window / 2.0;
        let begin = sound.partition_point(|beat| beat.at.0 < from);
        let end = sound.partition_point(|beat| beat.at.0 <= from + window);
        match in_window(sound.get(begin..end).unwrap_or_default(), window) {
            Ok((hz, chance)) => {
                rates.push(60.0 * hz);
                sure += 1.0 - chance;
                asked += 1;
            }
            Err(NoRespiration::TooFewBeats | NoRespiration::TooShort) => {}
            Err(why) => {
                asked += 1;
                disagree += usize::from(why == NoRespiration::Disagreement);
            }
        }
    }
    let shown = rates.len();
    match median(&mut rates) {
        Some(per_minute) if 2 * shown >= asked => {
            Ok(Respiration { per_minute, confidence: sure / asked as f64, windows: shown })
        }
        _ if asked == 0 => Err(NoRespiration::TooFewBeats),
        _ if 2 * disagree > asked - shown => Err(NoRespiration::Disagreement),
        _ => Err(NoRespiration::NoModulation),
    }
}

/// The frequency in a window, and how often chance would show one as clear.
fn in_window(beats: &[BreathBeat], length: f64) -> Result<(f64, f64), NoRespiration> {
    let series = |value: fn(&BreathBeat) -> Option<f64>| {
        let (times, values): (Vec<f64>, Vec<f64>) =
            beats.iter().filter_map(|b| Some((b.at.0, value(b).filter(|v| v.is_finite())?))).unzip();
        (times.len() >= MIN_VALUES).then(|| detrended(&times, &values)).map(|values| (times, values))
    };
    let heights = series(|beat| beat.amplitude.map(|a| f64::from(a.0)));
    let intervals = series(|beat| beat.nn.map(|nn| nn.0));
    let most = [&heights, &intervals].into_iter().flatten().map(|(times, _)| times.len()).max();
    let fastest = FASTEST_HZ.min(OF_HEART_RATE * most.ok_or(NoRespiration::TooFewBeats)? as f64 / length);
    let steps = ((fastest - SLOWEST_HZ) * 10.0 * length).floor();
    if steps < 1.0 {
        return Err(NoRespiration::TooFewBeats);
    }
    let grid: Vec<f64> = (0..=steps as usize).map(|i| SLOWEST_HZ + i as f64 / (10.0 * length)).collect();
    let scaled = |(times, values): (Vec<f64>, Vec<f64>)| {
        let variance = values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64;
        let power = lomb_scargle(&times, &values, &grid);
        (variance > 0.0).then(|| power.into_iter().map(|p| p / variance).collect::<Vec<f64>>())
    };
    let (heights, intervals) = (heights.and_then(scaled), intervals.and_then(scaled));
    let value = |spectrum: &Option<Vec<f64>>, i: usize| spectrum.as_ref().and_then(|s| s.get(i)).copied();
    // How little chance explains a line, as a logarithm: one series in units of its mean is exponential, the sum of two has a
    // tail of (1 + z) exp(-z).
    let score = |i: usize| {
        let (height, interval) = (value(&heights, i), value(&intervals, i));
        match (height, interval.filter(|_| grid.get(i).is_some_and(|hz| *hz >= LF_HZ))) {
            (Some(a), Some(b)) => a + b - (1.0 + a + b).ln(),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => 0.0,
        }
    };
    let peak = highest(grid.len(), score).ok_or(NoRespiration::NoModulation)?;
    let hz = grid.get(peak).copied().unwrap_or(0.0);
    let independent = (fastest - SLOWEST_HZ) * length;
    let chance = |score: f64| (independent * (-score).exp()).min(1.0);
    let alarm = chance(score(peak));
    if heights.is_some() && intervals.is_some() {
        let own = |spectrum: &Option<Vec<f64>>| {
            let top = highest(grid.len(), |i| value(spectrum, i).unwrap_or(0.0))?;
            let clear = chance(value(spectrum, top)?) < FALSE_ALARM;
            clear.then(|| grid.get(top).copied()).flatten()
        };
        if let (Some(a), Some(b)) = (own(&heights), own(&intervals)) {
            // Slow waves of the intervals are no breathing: R waves decide.
            if (a - b).abs() > APART_HZ && b >= LF_HZ {
                return Err(NoRespiration::Disagreement);
            }
        }
    }
    if alarm > FALSE_ALARM {
        return Err(NoRespiration::NoModulation);
    }
    Ok((hz, alarm))
}

/// The highest value strictly inside the grid: a value at its edge is the flank of something outside.
fn highest(length: usize, value: impl Fn(usize) -> f64) -> Option<usize> {
    let top = (0..length).max_by(|a, b| value(*a).total_cmp(&value(*b)))?;
    (top > 0 && top + 1 < length).then_some(top)
}

fn detrended(times: &[f64], values: &[f64]) -> Vec<f64> {
    let near = |at: f64| {
        let from = times.partition_point(|t| *t < at - DRIFT.0);
        let to = times.partition_point(|t| *t <= at + DRIFT.0);
        values.get(from..to).unwrap_or_default()
    };
    let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len().max(1) as f64;
    times.iter().zip(values).map(|(at, value)| value - mean(near(*at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::TAU;

    /// Chance, uniform on +-1.
    fn chance() -> impl FnMut() -> f64 {
        let mut state = 7_u64;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / f64::from(2_u32).powi(52) - 1.0
        }
    }

    fn beats(seconds: f64, heights_hz: f64, intervals_hz: f64, depth: f64, noise: f64) -> Vec<BreathBeat> {
        let mut next = chance();
        let (mut at, mut all) = (0.0, Vec::new());
        while at < seconds {
            let nn = 850.0 * (1.0 + 0.6 * depth * (TAU * intervals_hz * at).sin() + 0.5 * noise * next());
            at += nn / 1000.0;
            let amplitude = 1000.0 * (1.0 + depth * (TAU * heights_hz * at).cos() + noise * next());
            all.push(BreathBeat {
                at: Seconds(at),
                amplitude: Some(Microvolts(amplitude as f32)),
                nn: Some(Milliseconds(nn)),
            });
        }
        all
    }

    #[test]
    fn known_rates_are_found_to_half_a_breath() {
        for per_minute in [8.0, 12.0, 15.0, 18.5, 24.0] {
            let hz = per_minute / 60.0;
            for seconds in [35.0, 62.0, 300.0] {
                let found = respiration(&beats(seconds, hz, hz, 0.06, 0.03)).unwrap();
                let limit = if seconds < 60.0 { 1.0 } else { 0.5 };
                assert!(
                    (found.per_minute - per_minute).abs() < limit,
                    "{per_minute} in {seconds} s: {found:?}"
                );
                assert!(found.confidence > 0.5, "{found:?}");
            }
        }
    }

    #[test]
    fn one_of_the_two_is_enough_where_the_other_is_missing() {
        let mut sensor = beats(120.0, 0.25, 0.25, 0.06, 0.02);
        sensor.iter_mut().for_each(|beat| beat.amplitude = None);
        assert!((respiration(&sensor).unwrap().per_minute - 15.0).abs() < 0.5);
        let mut fixed = beats(120.0, 0.2, 0.2, 0.06, 0.02);
        fixed.iter_mut().for_each(|beat| beat.nn = None);
        assert!((respiration(&fixed).unwrap().per_minute - 12.0).abs() < 0.5);
    }

    #[test]
    fn what_cannot_be_told_is_not_told() {
        let why = |beats: &[BreathBeat]| respiration(beats).unwrap_err();
        assert_eq!(why(&[]), NoRespiration::TooFewBeats);
        assert_eq!(why(&beats(20.0, 0.2, 0.2, 0.06, 0.02)), NoRespiration::TooShort);
        assert_eq!(why(&beats(300.0, 0.2, 0.2, 0.0, 0.05)), NoRespiration::NoModulation);
        assert_eq!(why(&beats(300.0, 0.2, 0.32, 0.08, 0.01)), NoRespiration::Disagreement);
        let mut slow = beats(300.0, 0.2, 0.12, 0.06, 0.02);
        slow.iter_mut().for_each(|beat| beat.amplitude = None);
        assert_eq!(why(&slow), NoRespiration::NoModulation, "slow waves of the intervals alone");
        let flat = beats(60.0, 0.2, 0.2, 0.0, 0.0);
        assert_eq!(why(&flat), NoRespiration::NoModulation);
        let mut odd = beats(120.0, 0.2, 0.2, 0.06, 0.02);
        odd.iter_mut().for_each(|beat| (beat.amplitude, beat.nn) = (Some(Microvolts(f32::NAN)), None));
        assert_eq!(why(&odd), NoRespiration::TooFewBeats);
    }

    #[test]
    fn slow_waves_of_the_intervals_do_not_cover_the_breath_in_the_r_waves() {
        let found = respiration(&beats(300.0, 0.28, 0.11, 0.06, 0.02)).unwrap();
        assert!((found.per_minute - 16.8).abs() < 0.5, "{found:?}");
    }
}
