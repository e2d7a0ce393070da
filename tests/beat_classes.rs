//! Classes of beats on synthetic ECG: what they must find, and what must not matter.

#![allow(clippy::expect_used)]

use pqrst::beats::{Classified, Classifier, Sighting};
use pqrst::delineate::Delineator;
use pqrst::detect::Detector;
use pqrst::dsp::Strip;
use pqrst::signal::{BeatClass, Fiducials, RPeak};
use pqrst::synth::{BeatLabel, EcgSynth, Level, Noise, Rhythm, SyntheticEcg};
use pqrst::units::{BeatsPerMinute, Hertz, Microvolts, Milliseconds, SampleCount, Seconds};

fn hz(rate: f64) -> Hertz {
    Hertz::new(rate).expect("a supported rate")
}

/// Each beat with its class, heard in pieces; `hole` samples are lost in the middle.
fn classified(samples_uv: &[f32], rate: Hertz, piece: usize, hole: u64) -> Vec<(RPeak, Classified)> {
    let (mut detector, mut strip) = (Detector::new(rate), Strip::new(rate, Seconds(8.0)));
    let mut heart = (Delineator::new(), Classifier::new());
    let (mut peaks, mut classes, mut next) = (Vec::new(), Vec::new(), 0);
    let middle = samples_uv.len() / 2;
    for (number, half) in [&samples_uv[..middle], &samples_uv[middle..]].into_iter().enumerate() {
        if number == 1 && hole > 0 {
            detector.skip(SampleCount(hole), &mut peaks);
            hand_over(&mut heart, &strip, &peaks, &mut next, &mut classes, true);
            heart.1.flush(&mut classes);
            heart.0.reset();
            strip.skip(SampleCount(hole));
        }
        for samples in half.chunks(piece) {
            strip.push(samples);
            detector.push(samples, &mut peaks);
            hand_over(&mut heart, &strip, &peaks, &mut next, &mut classes, false);
        }
    }
    detector.finish(&mut peaks);
    hand_over(&mut heart, &strip, &peaks, &mut next, &mut classes, true);
    heart.1.flush(&mut classes);
    assert_eq!(classes.len(), peaks.len(), "one class for each beat");
    peaks.into_iter().zip(classes).collect()
}

/// So long after a beat the next one is known, even one that is found late.
const SETTLED: Seconds = Seconds(4.0);

fn hand_over(
    (delineator, classifier): &mut (Delineator, Classifier),
    strip: &Strip,
    peaks: &[RPeak],
    next: &mut usize,
    classes: &mut Vec<Classified>,
    end: bool,
) {
    while let Some(r) = peaks.get(*next).filter(|r| end || strip.reaches(r.at, SETTLED)) {
        let place = |i: usize| peaks.get(i).map(|r| r.at);
        let fiducials = delineator.beat(strip, r.at, next.checked_sub(1).and_then(place), place(*next + 1));
        classifier.beat(strip, Sighting { r: *r, fiducials }, classes);
        *next += 1;
        assert!(classes.len() + Classifier::LAG >= *next, "a class comes within the lag");
    }
}

fn varied(seed: u64) -> EcgSynth {
    EcgSynth::new(seed)
        .heart_rate(BeatsPerMinute(72.0))
        .variability(Milliseconds(25.0), Milliseconds(15.0), Milliseconds(6.0))
        .with(Noise::Muscle(Level::Rms(Microvolts(15.0))))
}

/// Annotated, found, and found right, of a class.
fn counts(
    ecg: &SyntheticEcg,
    found: &[(RPeak, Classified)],
    label: BeatLabel,
    class: BeatClass,
) -> [usize; 3] {
    let near = |r: &RPeak, b: f64| (r.at.0 / ecg.rate.get() - b).abs() < 0.15;
    let right = |b: f64| found.iter().any(|(r, c)| near(r, b) && c.class == class);
    let annotated = || ecg.beats.iter().filter(|b| b.label == label);
    [
        annotated().count(),
        found.iter().filter(|(_, c)| c.class == class).count(),
        annotated().filter(|b| right(b.r.0)).count(),
    ]
}

#[test]
fn ventricular_beats_are_found_at_every_rate_gain_and_sign() {
    for (rate, height) in [(130.0, 1000.0), (250.0, -700.0), (360.0, 2500.0), (500.0, 300.0)] {
        let ecg = varied(3).ectopic(0.08, 0.0).r_height(Microvolts(height)).render(hz(rate), Seconds(300.0));
        let found = classified(&ecg.samples_uv, ecg.rate, 64, 0);
        let [annotated, told, right] = counts(&ecg, &found, BeatLabel::Ventricular, BeatClass::V);
        assert!(
            annotated > 15 && right * 100 >= annotated * 80 && right * 100 >= told * 90,
            "{rate} Hz, {height} uV: {annotated} {told} {right}"
        );
    }
}

#[test]
fn premature_atrial_beats_are_found() {
    let ecg = varied(5).ectopic(0.0, 0.06).render(hz(250.0), Seconds(300.0));
    let found = classified(&ecg.samples_uv, ecg.rate, 64, 0);
    let [annotated, told, right] = counts(&ecg, &found, BeatLabel::Supraventricular, BeatClass::S);
    assert!(
        annotated > 12 && right * 100 >= annotated * 80 && right * 100 >= told * 80,
        "{annotated} {told} {right}"
    );
}

#[test]
fn a_regular_and_a_wholly_irregular_rhythm_have_normal_beats() {
    for (rhythm, least) in [(Rhythm::Sinus, 98), (Rhythm::Irregular, 85)] {
        let ecg = varied(7).rhythm(rhythm).render(hz(250.0), Seconds(300.0));
        let found = classified(&ecg.samples_uv, ecg.rate, 64, 0);
        let [annotated, _, right] = counts(&ecg, &found, BeatLabel::Normal, BeatClass::N);
        assert!(right * 100 >= annotated * least, "{rhythm:?}: {right} of {annotated}");
    }
}

#[test]
fn bigeminy_is_told_from_its_start() {
    let ecg = varied(9).rhythm(Rhythm::Bigeminy).render(hz(250.0), Seconds(60.0));
    let found = classified(&ecg.samples_uv, ecg.rate, 64, 0);
    let [annotated, told, right] = counts(&ecg, &found, BeatLabel::Ventricular, BeatClass::V);
    assert!(right * 100 >= annotated * 90 && right * 100 >= told * 90, "{annotated} {told} {right}");
}

#[test]
fn pieces_do_not_matter_and_chances_are_chances() {
    let noise = Noise::ElectrodeMotion(Level::SnrDb(6.0));
    let ecg = varied(11).ectopic(0.1, 0.1).with(noise).render(hz(130.0), Seconds(120.0));
    for hole in [0, 1000] {
        let [a, b] = [1, 400].map(|piece| classified(&ecg.samples_uv, ecg.rate, piece, hole));
        assert_eq!(a, b);
        for (_, c) in a {
            assert!((c.chances.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            assert!((0.0..=1.0).contains(&c.confidence));
        }
    }
}

#[test]
fn nothing_in_the_signal_or_the_places_breaks_it() {
    let rate = hz(250.0);
    let wild = |i: u32| match i % 7 {
        0 => f32::NAN,
        1 => f32::INFINITY,
        2 => -1e30,
        3 => 1e-40,
        _ => ((i * 7919) % 4001) as f32 - 2000.0,
    };
    for samples in [vec![0.0; 3000], (0..3000).map(wild).collect::<Vec<f32>>(), Vec::new()] {
        let mut strip = Strip::new(rate, Seconds(8.0));
        strip.push(&samples);
        let (mut classifier, mut out) = (Classifier::new(), Vec::new());
        let places = [0.0, 0.0, 1.0, 50.0, 40.0, 500.0, 2999.0, 1e12, -1e12, f64::NAN, f64::INFINITY, 700.0];
        for place in places {
            let r = RPeak {
                at: pqrst::units::SamplePlace(place),
                amplitude: Microvolts(f32::NAN),
                confidence: 1.0,
                late: false,
            };
            classifier.beat(&strip, Sighting { r, fiducials: Fiducials::default() }, &mut out);
        }
        classifier.flush(&mut out);
        assert_eq!(out.len(), places.len());
        assert!(out.iter().all(|c| c.chances.iter().all(|p| p.is_finite())), "{out:?}");
    }
}
