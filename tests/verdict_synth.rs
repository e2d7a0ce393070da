//! Evidence that needs no recordings: synthetic ECG of many hearts is usable, each disturbance is named.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pqrst::quality::{Assessor, Outcome, Received, TestRequest, Verdict, VerdictReason};
use pqrst::synth::{EcgSynth, Level, Noise, Rhythm};
use pqrst::units::{BeatsPerMinute, Hertz, Microvolts, Milliseconds, SampleCount, Seconds};

fn verdict(samples_uv: &[f32], rate: Hertz) -> Verdict {
    let (mut assessor, mut windows) = (Assessor::new(rate), Vec::new());
    assessor.push(samples_uv, &mut windows);
    assessor.finish(&mut windows);
    judge(&windows, rate)
}

fn judge(windows: &[pqrst::signal::QualityWindow], rate: Hertz) -> Verdict {
    Verdict::of(&Received::Ecg { windows, rate }, &TestRequest { asked: Some(Seconds(30.0)), retakes: 0 })
}

fn sinus(seed: u64, bpm: f64) -> EcgSynth {
    EcgSynth::new(seed).heart_rate(BeatsPerMinute(bpm)).variability(
        Milliseconds(30.0),
        Milliseconds(20.0),
        Milliseconds(6.0),
    )
}

/// Low noise as every amplifier has.
fn worn(synth: EcgSynth) -> EcgSynth {
    synth
        .with(Noise::White(Level::Rms(Microvolts(8.0))))
        .with(Noise::BaselineWander(Level::Rms(Microvolts(80.0))))
}

fn hearts() -> Vec<(&'static str, EcgSynth)> {
    vec![
        ("sinus", sinus(1, 70.0)),
        ("slow, 30 a minute", sinus(2, 30.0)),
        ("fast, 170 a minute", sinus(3, 170.0)),
        ("bigeminy", sinus(4, 75.0).rhythm(Rhythm::Bigeminy)),
        ("ectopic", sinus(5, 65.0).ectopic(0.12, 0.1)),
        ("irregular", sinus(6, 95.0).rhythm(Rhythm::Irregular)),
        ("upside down", sinus(7, 60.0).r_height(Microvolts(-1200.0))),
        ("small", sinus(8, 80.0).r_height(Microvolts(400.0))),
        ("large, on an offset", sinus(9, 80.0).r_height(Microvolts(4000.0)).offset(Microvolts(250_000.0))),
    ]
}

#[test]
fn every_heart_is_usable_at_every_rate_with_and_without_noise() {
    for hz in [50.0, 100.0, 125.0, 130.0, 200.0, 250.0, 360.0, 500.0, 1000.0, 2000.0] {
        let rate = Hertz::new(hz).unwrap();
        for (name, synth) in hearts() {
            for synth in [synth.clone(), worn(synth)] {
                let v = verdict(&synth.render(rate, Seconds(30.0)).samples_uv, rate);
                assert_eq!(v.outcome, Outcome::Usable, "{name} at {hz}: {v:?}");
            }
        }
    }
}

#[test]
fn each_disturbance_is_named() {
    use VerdictReason::{LeadOff, Mains, Motion, Noise as Other, Saturation};
    let faults = [
        (Noise::FlatLine, 8.0, LeadOff),
        (Noise::Floating(50.0), 8.0, LeadOff),
        (Noise::Saturation(Microvolts(250.0)), 0.0, Saturation),
        (Noise::ElectrodeMotion(Level::SnrDb(-6.0)), 0.0, Motion),
        (Noise::Muscle(Level::SnrDb(-6.0)), 0.0, Motion),
        (Noise::Mains(50.0, Level::SnrDb(-3.0)), 0.0, Mains),
        (Noise::Mains(60.0, Level::SnrDb(-3.0)), 0.0, Mains),
        (Noise::White(Level::SnrDb(-18.0)), 0.0, Other),
    ];
    for (noise, from, reason) in faults {
        let (mut first, mut all) = (0, 0);
        for hz in [125.0, 130.0, 250.0, 360.0, 500.0, 1000.0] {
            let rate = Hertz::new(hz).unwrap();
            for (name, heart) in hearts().into_iter().filter(|h| h.0 != "small" && !h.0.starts_with("large"))
            {
                let synth = worn(heart).with_between(noise, Seconds(from), Seconds(30.0));
                let v = verdict(&synth.render(rate, Seconds(30.0)).samples_uv, rate);
                let named = v.outcome == Outcome::Retake && v.reasons.first() == Some(&reason);
                if !named {
                    println!("not named: {name} at {hz} Hz: {v:?}");
                }
                first += usize::from(named);
                all += 1;
            }
        }
        println!("{noise:?}: retake naming {reason:?} first in {first} of {all}");
        assert!(first * 10 >= all * 9, "{noise:?}: {first} of {all}");
    }
}

#[test]
fn lost_samples_are_a_transport_gap_and_a_short_gap_is_forgiven() {
    let rate = Hertz::new(130.0).unwrap();
    let ecg = worn(sinus(1, 70.0)).render(rate, Seconds(30.0)).samples_uv;
    let with_gap = |from: usize, length: usize| {
        let (mut assessor, mut windows) = (Assessor::new(rate), Vec::new());
        assessor.push(&ecg[..from], &mut windows);
        assessor.skip(SampleCount(length as u64), &mut windows);
        assessor.push(&ecg[from + length..], &mut windows);
        assessor.finish(&mut windows);
        judge(&windows, rate)
    };
    assert_eq!(with_gap(1000, 73).outcome, Outcome::Usable);
    let v = with_gap(1000, 1300);
    assert_eq!((v.outcome, v.reasons[0]), (Outcome::Retake, VerdictReason::TransportGap));
}

#[test]
fn a_strap_s_start_transient_costs_only_its_own_seconds() {
    let rate = Hertz::new(130.0).unwrap();
    let synth = worn(sinus(1, 70.0)).with(Noise::StartTransient(Microvolts(8000.0)));
    let (mut assessor, mut windows) = (Assessor::new(rate), Vec::new());
    assessor.push(&synth.render(rate, Seconds(30.0)).samples_uv, &mut windows);
    assessor.finish(&mut windows);
    assert!(!windows[0].usable, "{:?}", windows[0]);
    assert!(windows.iter().skip(4).all(|w| w.usable), "{windows:?}");
}

#[test]
fn contact_lost_by_the_strap_s_own_word_is_lead_off() {
    let rate = Hertz::new(130.0).unwrap();
    let ecg = sinus(1, 70.0).render(rate, Seconds(30.0)).samples_uv;
    let (mut assessor, mut windows) = (Assessor::new(rate), Vec::new());
    assessor.push(&ecg[..1300], &mut windows);
    assessor.contact(Some(false));
    assessor.push(&ecg[1300..], &mut windows);
    assessor.finish(&mut windows);
    let v = judge(&windows, rate);
    assert_eq!((v.outcome, v.reasons[0]), (Outcome::Retake, VerdictReason::LeadOff));
}
