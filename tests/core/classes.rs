//! Classes of beats on recordings; skipped, with a word, where these are not there.

use crate::files;
use pqrst::beats::{Classifier, Sighting};
use pqrst::delineate::Delineator;
use pqrst::detect::Detector;
use pqrst::dsp::Strip;
use pqrst::signal::BeatClass;
use pqrst::units::{Hertz, Seconds};

/// Class of an annotation by ANSI/AAMI EC57, where it is one of these.
fn class_of(code: u8) -> Option<BeatClass> {
    match code {
        1..=3 | 11 | 34 => Some(BeatClass::N),
        4 | 7..=9 => Some(BeatClass::S),
        5 | 10 => Some(BeatClass::V),
        _ => None,
    }
}

/// Found as annotated, annotated, and found (of annotated beats), of V and of S in the first lead of a record.
fn counts(folder: &std::path::Path, record: &str) -> [[usize; 3]; 2] {
    let channel = files::channel(folder, record, 0);
    let rate = Hertz::new(channel.rate).unwrap();
    let (mut detector, mut strip) = (Detector::new(rate), Strip::new(rate, Seconds(8.0)));
    let (mut classifier, mut peaks, mut classes, mut next) = (Classifier::new(), Vec::new(), Vec::new(), 0);
    let mut delineator = Delineator::new();
    for samples in channel.samples_uv.chunks(100) {
        strip.push(samples);
        detector.push(samples, &mut peaks);
        while let Some(r) = peaks.get(next).copied().filter(|r| strip.reaches(r.at, Seconds(1.0))) {
            let place = |i: usize| peaks.get(i).map(|r| r.at);
            let (before, after) = (next.checked_sub(1).and_then(place), place(next + 1));
            let fiducials = delineator.beat(&strip, r.at, before, after);
            classifier.beat(&strip, Sighting { r, fiducials }, &mut classes);
            next += 1;
        }
    }
    classifier.flush(&mut classes);
    let mut counts = [[0; 3]; 2];
    for (at, code) in files::annotations(&folder.join(format!("{record}.atr"))) {
        let Some(truth) = class_of(code) else { continue };
        let near = |place: f64| (place - at as f64).abs() <= 0.15 * channel.rate;
        let told = peaks.iter().zip(&classes).find(|(r, _)| near(r.at.0)).map(|(_, c)| c.class);
        for (count, class) in counts.iter_mut().zip([BeatClass::V, BeatClass::S]) {
            count[0] += usize::from(truth == class && told == Some(class));
            count[1] += usize::from(truth == class);
            count[2] += usize::from(told == Some(class));
        }
    }
    counts
}

#[test]
fn ectopic_beats_of_recordings_are_found() {
    let Some(data) = files::folder() else {
        println!("SKIPPED: no recordings; classes of beats on recordings are unproved");
        return;
    };
    // In sample: what holds for other hearts stands in docs/ACCURACY.md.
    let records = ["119", "208", "209", "220", "223", "230"];
    let mut sums = [[0; 3]; 2];
    for record in records {
        let own = counts(&data.join("mitdb"), record);
        println!("{record}: V {:?}, S {:?}", own[0], own[1]);
        sums.as_flattened_mut().iter_mut().zip(own.as_flattened()).for_each(|(a, b)| *a += b);
    }
    let [[v, v_annotated, v_found], [s, s_annotated, s_found]] = sums;
    assert!(v * 100 >= v_annotated * 96 && v * 100 >= v_found * 98, "{sums:?}");
    assert!(s * 100 >= s_annotated * 90 && s * 100 >= s_found * 80, "{sums:?}");
}
