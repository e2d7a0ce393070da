//! Signals that no heart makes.

use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{Hertz, Microvolts, Seconds};

/// A 64 bit linear congruential generator (Knuth), uniform on +-1.
pub fn noise(seed: u64) -> impl Iterator<Item = f32> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as f64 / f64::from(1_u32 << 30) - 1.0) as f32
    })
}

pub fn ecg(hz: f64, seconds: f64) -> Vec<f32> {
    let synth = EcgSynth::new(1).with(Noise::White(Level::Rms(Microvolts(8.0))));
    synth.render(Hertz::new(hz).unwrap(), Seconds(seconds)).samples_uv
}

fn of(hz: f64, seconds: f64, value: impl Fn(f64, usize) -> f32) -> Vec<f32> {
    (0..(hz * seconds) as usize).map(|i| value(i as f64 / hz, i)).collect()
}

/// What cannot be used, by name: half a minute of each.
pub fn hopeless(hz: f64) -> Vec<(&'static str, Vec<f32>)> {
    let all = |value: f32| of(hz, 31.0, move |_, _| value);
    let mut walk = 0.0;
    vec![
        ("zeros", all(0.0)),
        ("5 mV", all(5000.0)),
        ("the largest number", all(f32::MAX)),
        ("the smallest number", all(f32::from_bits(1))),
        ("NaN", all(f32::NAN)),
        ("infinity", all(f32::INFINITY)),
        ("less infinity", all(f32::NEG_INFINITY)),
        ("rails in turn", of(hz, 31.0, |_, i| if i % 2 == 0 { 20_000.0 } else { -20_000.0 })),
        ("largest numbers in turn", of(hz, 31.0, |_, i| if i % 2 == 0 { f32::MAX } else { f32::MIN })),
        ("rails for a second each", of(hz, 31.0, |t, _| if t % 2.0 < 1.0 { 20_000.0 } else { -20_000.0 })),
        ("one step", of(hz, 31.0, |t, _| if t < 15.0 { 0.0 } else { 3000.0 })),
        ("a ramp", of(hz, 31.0, |t, _| (t * 1000.0) as f32)),
        ("white noise", noise(3).take((31.0 * hz) as usize).map(|x| 800.0 * x).collect()),
        ("a random walk", {
            let step = (400.0 / hz.sqrt()) as f32;
            let add = |x: f32| {
                walk += step * x;
                walk
            };
            noise(4).take((31.0 * hz) as usize).map(add).collect()
        }),
        ("growth without end", of(hz, 31.0, |t, _| (t * 3.0).exp() as f32)),
        ("smallest numbers in turn", of(hz, 31.0, |_, i| f32::from_bits(1 + (i % 5) as u32))),
    ]
}

fn sine(turns: f64) -> f32 {
    (1000.0 * (std::f64::consts::TAU * turns).sin()) as f32
}

/// What may look like something: an answer is due, whichever.
pub fn doubtful(hz: f64) -> Vec<(&'static str, Vec<f32>)> {
    let heart = ecg(hz, 31.0);
    let with = |odd: f32, every: usize| {
        heart.iter().enumerate().map(|(i, x)| if i % every == 7 { odd } else { *x }).collect::<Vec<f32>>()
    };
    vec![
        ("nothing", vec![]),
        ("one sample", vec![1.0]),
        ("one NaN", vec![f32::NAN]),
        ("two samples", vec![1.0, -1.0]),
        ("half a second", ecg(hz, 0.5)),
        ("square wave of 1.2 Hz", of(hz, 31.0, |t, _| if (t * 1.2) % 1.0 < 0.1 { 1000.0 } else { 0.0 })),
        ("sine of 1 Hz", of(hz, 31.0, |t, _| sine(t))),
        ("sine of 10 Hz", of(hz, 31.0, |t, _| sine(10.0 * t))),
        ("sparse numbers", of(hz, 31.0, |_, i| if i % 50 == 0 { i as f32 } else { f32::NAN })),
        ("holes of one sample", with(f32::NAN, 40)),
        ("spikes to the rails", with(20_000.0, 97)),
        ("the largest number now and then", with(f32::MAX, 500)),
        ("infinity now and then", with(f32::NEG_INFINITY, 300)),
        ("far below zero", heart.iter().map(|x| x - 300_000.0).collect()),
        ("a millionth", heart.iter().map(|x| x * 1e-6).collect()),
        ("a thousandfold", heart.iter().map(|x| x * 1e3).collect()),
        ("too small to be normal", heart.iter().map(|x| x * 1e-42).collect()),
        ("a late start", [vec![f32::NAN; (10.0 * hz) as usize], heart.clone()].concat()),
        ("a heart, then nothing", [heart.clone(), vec![0.0; (20.0 * hz) as usize]].concat()),
    ]
}
