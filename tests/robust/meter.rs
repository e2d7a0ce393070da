//! The test signals of heart rate meters, after IEC 60601-2-27 and ANSI/AAMI EC13: irregular rhythms, steps of the rate,
//! tall T waves, pacemaker pulses, asystole. The signals are made here, in the manner of the standards' figures.

use crate::sound::{check, hear, Heard};
use pqrst::pipeline::{Event, NullReason};
use pqrst::synth::{
    BeatLabel, EcgSynth, Level, Noise, Pacer, PacerTiming, PatternBeat, SyntheticEcg, TruthBeat,
};
use pqrst::units::{BeatsPerMinute, Hertz, Microvolts, Milliseconds, Seconds};

/// Rates of recorders, from a strap to a clinical device.
const RATES_HZ: [f64; 4] = [130.0, 250.0, 500.0, 1000.0];

/// An amplifier with little noise.
fn quiet(seed: u64) -> EcgSynth {
    EcgSynth::new(seed).with(Noise::White(Level::Rms(Microvolts(8.0))))
}

fn rendered(synth: &EcgSynth, hz: f64, seconds: f64) -> (SyntheticEcg, Heard) {
    let ecg = synth.render(Hertz::new(hz).unwrap(), Seconds(seconds));
    // Frames of a tenth of a second: events come when a monitor would have them.
    let heard = hear(hz, &[(ecg.samples_uv.clone(), None)], &[(hz / 10.0) as usize]);
    check(&heard.report, "a test signal");
    (ecg, heard)
}

/// Live rates with the time at which each was told, in seconds of the signal.
fn told(heard: &Heard) -> Vec<(f64, Result<f64, NullReason>)> {
    let (mut now, mut all) = (0.0, Vec::new());
    for event in &heard.events {
        match event {
            Event::Ecg(s) => now = s.start_s + s.samples_uv.len() as f64 / s.sampling_rate_hz,
            Event::HeartRate { bpm, .. } => all.push((now, Ok(*bpm))),
            Event::NoHeartRate { reason } => all.push((now, Err(*reason))),
            _ => {}
        }
    }
    all
}

/// Beats missed and beats too many, within 150 ms.
fn wrong(truth: &[TruthBeat], heard: &Heard) -> (usize, usize) {
    let found: Vec<f64> = heard.report.beats.iter().map(|beat| beat.time_s).collect();
    let truth: Vec<f64> = truth.iter().map(|beat| beat.r.0).collect();
    let alone = |these: &[f64], those: &[f64]| {
        these.iter().filter(|at| !those.iter().any(|other| (other - **at).abs() < 0.15)).count()
    };
    let (missed, extra) = (alone(&truth, &found), alone(&found, &truth));
    (missed, extra)
}

fn beat(label: BeatLabel, after: f64, height: f64) -> PatternBeat {
    PatternBeat { label, after: Seconds(after), height }
}

/// The patterns by name, with the mean rate that a meter is to show after 20 s.
fn patterns() -> [(&'static str, f64, Vec<PatternBeat>); 4] {
    let normal = |after| beat(BeatLabel::Normal, after, 1.0);
    let wide = |after, height| beat(BeatLabel::Ventricular, after, height);
    [
        ("ventricular bigeminy", 80.0, vec![normal(0.95), wide(0.55, 1.0)]),
        ("slow alternating bigeminy", 60.0, vec![normal(1.3), wide(0.7, 1.0), normal(1.2), normal(0.8)]),
        (
            "rapid alternating bigeminy",
            120.0,
            vec![normal(0.62), wide(0.38, 1.0), normal(0.55), normal(0.45)],
        ),
        ("bidirectional systoles", 90.0, vec![wide(2.0 / 3.0, 0.9), wide(2.0 / 3.0, -0.9)]),
    ]
}

#[test]
fn irregular_rhythms_show_their_mean_rate() {
    for hz in RATES_HZ {
        for (name, rate, pattern) in patterns() {
            let (ecg, heard) = rendered(&quiet(1).pattern(&pattern), hz, 60.0);
            assert_eq!(wrong(&ecg.beats, &heard), (0, 0), "{name} at {hz} Hz");
            let mean = heard.report.heart_rate.mean_bpm.value.unwrap();
            assert!((mean - rate).abs() < 1.0, "{name} at {hz} Hz: {mean}");
            for (now, told) in told(&heard).into_iter().filter(|(now, _)| *now > 20.0) {
                let told = told.unwrap();
                assert!((told - rate).abs() <= 0.05 * rate, "{name} at {hz} Hz: {told} after {now} s");
            }
        }
    }
}

#[test]
fn heights_that_alternate_are_all_counted() {
    let pattern = [beat(BeatLabel::Normal, 0.75, 1.0), beat(BeatLabel::Normal, 0.75, 0.5)];
    for hz in RATES_HZ {
        let (ecg, heard) = rendered(&quiet(2).pattern(&pattern), hz, 60.0);
        assert_eq!(wrong(&ecg.beats, &heard), (0, 0), "{hz} Hz");
    }
}

#[test]
fn steps_of_the_rate_are_followed_within_ten_seconds() {
    for hz in RATES_HZ {
        for to in [120.0, 40.0] {
            let synth =
                quiet(3).heart_rate(BeatsPerMinute(80.0)).heart_rate_from(Seconds(30.0), BeatsPerMinute(to));
            let (ecg, heard) = rendered(&synth, hz, 60.0);
            assert_eq!(wrong(&ecg.beats, &heard), (0, 0), "80 to {to} at {hz} Hz");
            let there = |now: f64| told(&heard).into_iter().rfind(|told| told.0 <= now).unwrap().1.unwrap();
            assert!((there(29.0) - 80.0).abs() < 1.0);
            // The span of 10 s, and the wait for a beat's neighbours.
            let (change, reached) = (0.63 * (to - 80.0), there(42.0));
            assert!((reached - to).abs() < 1.0, "80 to {to} at {hz} Hz: {reached} after 12 s");
            let way = there(40.0) - 80.0;
            assert!(way / change >= 1.0, "80 to {to} at {hz} Hz: {way} after 10 s");
        }
    }
}

#[test]
fn tall_t_waves_are_not_counted() {
    for hz in RATES_HZ {
        for t_uv in [400.0, 800.0, 1000.0, 1200.0] {
            let synth = quiet(4).heart_rate(BeatsPerMinute(80.0)).t_height(Microvolts(t_uv));
            let (ecg, heard) = rendered(&synth, hz, 45.0);
            assert_eq!(wrong(&ecg.beats, &heard), (0, 0), "T of {t_uv} uV at {hz} Hz");
        }
    }
}

/// Pulses of the standards' extremes: microvolts and milliseconds.
const PULSES: [(f32, f64); 8] = [
    (2_000.0, 0.1),
    (-2_000.0, 2.0),
    (2_000.0, 2.0),
    (20_000.0, 0.5),
    (-100_000.0, 0.2),
    (700_000.0, 0.1),
    (-700_000.0, 2.0),
    (700_000.0, 2.0),
];

fn paced(seed: u64, pulse: (f32, f64), timing: PacerTiming) -> EcgSynth {
    let pacer = Pacer { pulse: Microvolts(pulse.0), width: Milliseconds(pulse.1), timing };
    // The amplifier of a recorder ends at some tens of millivolts.
    quiet(seed).pacer(pacer).with(Noise::Saturation(Microvolts(30_000.0)))
}

/// Live rates that are not near the true one.
fn false_rates(heard: &Heard, truth: f64) -> usize {
    let far =
        |(_, told): &(f64, Result<f64, NullReason>)| told.is_ok_and(|bpm| (bpm - truth).abs() > 0.1 * truth);
    told(heard).iter().filter(|told| far(told)).count()
}

/// Rates that tell a pulse from a complex; at that of a strap both are two samples wide.
const FINE_HZ: [f64; 3] = [250.0, 500.0, 1000.0];
const COARSE_HZ: [f64; 1] = [130.0];

/// How many pulses and rates go wrong: beats missed, more beats too many than allowed, or false live rates.
fn pacing(
    name: &str,
    (timing, rates_hz): (PacerTiming, &[f64]),
    heart: fn(EcgSynth) -> EcgSynth,
    (truth_bpm, allowed): (f64, usize),
) -> usize {
    let mut failures = 0;
    for hz in rates_hz.iter().copied() {
        for pulse in PULSES {
            // The record ends between two beats: half of one is no mistake.
            let (ecg, heard) = rendered(&heart(paced(5, pulse, timing)), hz, 45.3);
            let (missed, extra) = wrong(&ecg.beats, &heard);
            let rates = false_rates(&heard, truth_bpm);
            if missed + extra.saturating_sub(allowed) + rates > 0 {
                failures += 1;
                let verdict = heard.report.verdict.kind;
                println!("{name}, {:+} mV {} ms at {hz} Hz: {missed} missed and {extra} too many of {}, {rates} false rates, {verdict:?}",
                    pulse.0 / 1000.0, pulse.1, ecg.beats.len());
            }
        }
    }
    println!("{name}: {failures} of {} fail", rates_hz.len() * PULSES.len());
    failures
}

#[test]
fn pulses_before_beats_are_not_counted() {
    let before = PacerTiming::BeforeBeats(Milliseconds(40.0));
    assert_eq!(
        pacing(
            "before beats",
            (before, &RATES_HZ),
            |synth| synth.heart_rate(BeatsPerMinute(60.0)),
            (60.0, 0)
        ),
        0
    );
}

fn pulses_of_the_atrium(rates_hz: &[f64]) -> usize {
    let before = PacerTiming::BeforeBeats(Milliseconds(190.0));
    pacing("at the atrium", (before, rates_hz), |synth| synth.heart_rate(BeatsPerMinute(60.0)), (60.0, 0))
}

#[test]
fn pulses_of_the_atrium_before_beats_are_not_counted() {
    assert_eq!(pulses_of_the_atrium(&[250.0, 500.0, 1000.0]), 0);
}

#[test]
#[ignore = "at this rate a pulse looks like a narrow complex"]
fn pulses_of_the_atrium_are_not_counted_at_the_lowest_rate() {
    assert_eq!(pulses_of_the_atrium(&[130.0]), 0);
}

fn pulses_without_effect(rates_hz: &[f64]) -> usize {
    let every = PacerTiming::Every(Seconds(0.75));
    let heart = |synth: EcgSynth| synth.heart_rate(BeatsPerMinute(30.0));
    let mut failures = pacing("without effect", (every, rates_hz), heart, (30.0, 0));
    for hz in rates_hz {
        // At 250 Hz one pulse of sixty may leave what is taken for a beat where no heart is.
        let allowed = usize::from(*hz == 250.0);
        failures +=
            pacing("alone", (every, &[*hz]), |synth| synth.silent_from(Seconds(0.0)), (1e-9, allowed));
    }
    failures
}

#[test]
fn pulses_without_effect_are_not_counted() {
    assert_eq!(pulses_without_effect(&FINE_HZ), 0);
}

#[test]
#[ignore = "at this rate a pulse looks like a narrow complex"]
fn pulses_without_effect_are_not_counted_at_the_lowest_rate() {
    assert_eq!(pulses_without_effect(&COARSE_HZ), 0);
}

#[test]
fn asystole_has_no_rate() {
    for hz in RATES_HZ {
        for wander in [0.0, 60.0] {
            let synth = quiet(6)
                .heart_rate(BeatsPerMinute(75.0))
                .silent_from(Seconds(30.0))
                .with(Noise::BaselineWander(Level::Rms(Microvolts(wander))));
            let (ecg, heard) = rendered(&synth, hz, 60.0);
            let (missed, extra) = wrong(&ecg.beats, &heard);
            assert_eq!(missed, 0, "{hz} Hz");
            // Noise alone has peaks, too; what counts is that nobody is told a rate of them.
            println!("{hz} Hz, wander of {wander} uV: {extra} peaks of noise among the beats");
            let told = told(&heard);
            assert!(told.iter().any(|(now, told)| *now < 30.0 && told.is_ok()));
            let last = ecg.beats.last().unwrap().r.0;
            let shown = told.iter().rposition(|(_, told)| told.is_ok()).unwrap();
            let (gone, why) = told[shown + 1];
            assert!(
                why.is_err() && gone - last < 6.0,
                "{why:?} {} s after the last beat at {hz} Hz",
                gone - last
            );
        }
    }
}
