//! Acceleration beside the ECG: what it explains, what it leaves alone, and when it is told.

use crate::hearts::{request, samples, sinus, strap, ID};
use crate::host::Host;
use pqrst::device::{AccelerationFrame, DeviceChoice};
use pqrst::pipeline::{Event, Pipeline, Report, TestKind};
use pqrst::quality::{Outcome, VerdictReason};
use pqrst::signal::{EcgFrame, QualityReason};
use pqrst::simulate::{Options, VirtualKind};
use pqrst::synth::{EcgSynth, Level, Noise};
use pqrst::units::{DeviceTime, HostTime, Milliseconds, Seconds};

/// Where electrodes rub, and where the body moves: once with them, once without.
const RUBBING: (f64, f64) = (14.0, 22.0);
const WALKING: (f64, f64) = (30.0, 36.0);

fn disturbed() -> Vec<f32> {
    let rubbing = Noise::Muscle(Level::SnrDb(-14.0));
    samples(&sinus(11, 72.0).with_between(rubbing, Seconds(RUBBING.0), Seconds(RUBBING.1)), 250.0, 400.0)
}

fn host(test: TestKind, ecg: &[f32], motion: bool, link: Options) -> Host {
    let moves = [RUBBING, WALKING].map(|(from, to)| (Seconds(from), Seconds(to))).to_vec();
    let options = Options { moves, ..link };
    let mut host = Host::new(request(test), VirtualKind::PolarH10, ecg, 250.0, options);
    host.session.configure(&DeviceChoice { motion, ..DeviceChoice::default() });
    host.connect();
    host
}

fn recorded(motion: bool) -> (Report, Vec<(f64, bool)>) {
    let mut host = host(TestKind::Monitor, &disturbed(), motion, Options::default());
    let (mut told, mut seen) = (Vec::new(), 0);
    let begun = host.now;
    for _ in 0..500 {
        host.run(0.1);
        for event in host.pipeline().skip(seen) {
            seen += 1;
            if let Event::Motion { moving } = event {
                told.push(((host.now - begun) / 1000.0, *moving));
            }
        }
    }
    (host.finish(), told)
}

#[test]
fn movement_is_told_at_once_and_has_its_share() {
    let (report, told) = recorded(true);
    let [(a, true), (b, false), (c, true), (d, false)] = told[..] else { panic!("{told:?}") };
    println!(
        "told of movement {:.1} and {:.1} s after it began, of rest {:.1} and {:.1} s after it ended",
        a - RUBBING.0,
        c - WALKING.0,
        b - RUBBING.1,
        d - WALKING.1
    );
    // A frame of acceleration takes 1.44 s to fill, and a bin half a second to end.
    assert!((0.0..2.6).contains(&(a - RUBBING.0)) && (0.0..2.6).contains(&(c - WALKING.0)));
    assert!((0.0..4.6).contains(&(b - RUBBING.1)) && (0.0..4.6).contains(&(d - WALKING.1)));
    for row in &report.quality {
        let end = row.start_s + row.duration_s;
        let within = |(from, to): (f64, f64)| row.start_s < to - 0.3 && end > from + 0.3;
        let apart = |(from, to): (f64, f64)| row.start_s > to + 0.3 || end < from - 0.3;
        let moves = [RUBBING, WALKING];
        let known = row.start_s > 2.0 && end < 46.0;
        if known && (moves.iter().any(|m| within(*m)) || moves.iter().all(|m| apart(*m))) {
            assert_eq!(row.moving, Some(moves.iter().any(|m| within(*m))), "{row:?}");
        }
    }
    // Fourteen seconds of some 45, to whole windows.
    let share = report.motion_percent.unwrap();
    assert!((28.0..46.0).contains(&share), "{share}");
}

#[test]
fn movement_closes_no_window_and_changes_no_figure() {
    let (with, without) = (recorded(true).0, recorded(false).0);
    assert_eq!(without.motion_percent, None);
    assert!(without.quality.iter().all(|row| row.moving.is_none()));
    let figures = |report: &Report| -> Vec<(f64, f32, bool)> {
        report.quality.iter().map(|row| (row.start_s, row.score, row.usable)).collect()
    };
    let shared = figures(&with).len().min(figures(&without).len());
    assert!(shared > 20);
    assert_eq!(figures(&with)[..shared], figures(&without)[..shared]);
    let beats = |report: &Report| -> Vec<f64> { report.beats.iter().map(|beat| beat.time_s).collect() };
    let shared = beats(&with).len().min(beats(&without).len());
    assert_eq!(beats(&with)[..shared], beats(&without)[..shared]);
    let walking = with.quality.iter().filter(|row| row.start_s >= WALKING.0 && row.start_s < WALKING.1 - 2.0);
    let walking: Vec<_> = walking.collect();
    assert!(walking.len() >= 2 && walking.iter().all(|row| row.usable && row.reasons.is_empty()));
    let rubbing = with.quality.iter().filter(|row| !row.usable && row.moving == Some(true));
    assert!(rubbing.filter(|row| row.reasons.contains(&QualityReason::Motion)).count() >= 3);
}

#[test]
fn noise_that_comes_with_movement_is_to_be_cleared_by_sitting_still() {
    let noise = samples(&EcgSynth::new(2).with(Noise::White(Level::SnrDb(-20.0))), 250.0, 60.0);
    let verdict = |motion: bool| {
        let options = Options { moves: vec![(Seconds(0.0), Seconds(60.0))], ..Options::default() };
        let mut host = Host::new(request(TestKind::Rest30s), VirtualKind::PolarH10, &noise, 250.0, options);
        host.session.configure(&DeviceChoice { motion, ..DeviceChoice::default() });
        host.connect();
        host.run_to_the_end(60.0);
        host.finish().verdict
    };
    let (with, without) = (verdict(true), verdict(false));
    assert_eq!((with.kind, without.kind), (Outcome::Retake, Outcome::Retake));
    assert_eq!(without.reasons[0], VerdictReason::Noise, "{without:?}");
    assert_eq!(with.reasons[..2], [VerdictReason::Motion, VerdictReason::Noise], "{with:?}");
}

#[test]
fn a_bad_link_leaves_movement_where_it_was() {
    for seed in 1..=3 {
        let link = Options {
            loss_rate: 0.05,
            reorder_rate: 0.05,
            jitter: Milliseconds(200.0),
            drift_ppm: 50.0,
            seed,
            ..Options::default()
        };
        let mut host = host(TestKind::Monitor, &disturbed(), true, link);
        host.run(26.0);
        host.disconnect();
        host.run(2.0);
        host.connect();
        host.run(16.0);
        host.disconnect();
        host.run(3.0);
        host.connect();
        host.run(12.0);
        let report = host.finish();
        let inside = |row: &&pqrst::pipeline::QualityRow, (from, to): (f64, f64)| {
            row.start_s > from - 0.15 && row.start_s + row.duration_s < to + 0.15
        };
        let (mut right, mut wrong) = (0, 0);
        for (stretch, moves) in
            [((3.0, RUBBING.0), false), (RUBBING, true), (WALKING, true), ((WALKING.1 + 1.0, 42.0), false)]
        {
            for row in report.quality.iter().filter(|row| inside(row, stretch)) {
                right += usize::from(row.moving == Some(moves));
                wrong += usize::from(row.moving == Some(!moves));
            }
        }
        println!("seed {seed}: {right} windows right, {wrong} wrong");
        assert!(wrong == 0 && right >= 10, "seed {seed}: {right} {wrong}");
        assert!(report.motion_percent.is_some());
    }
}

/// Plain frames of both streams, with frames of acceleration of this many samples that arrive so much later.
fn beside(frame: usize, late: f64) -> Report {
    let ecg = samples(&sinus(3, 66.0), 130.0, 40.0);
    let mut pipeline = Pipeline::new(request(TestKind::Monitor));
    pipeline.open_ecg(strap());
    let chest = |k: usize| {
        let t = k as f64 * 0.04;
        let swing = if (9.0..13.0).contains(&t) { 300.0 * (12.0 * t).sin() } else { 0.0 };
        [swing as i32, -1000, 40]
    };
    let stamp = |seconds: f64| Some(DeviceTime(((seconds + 1.0) * 1e9) as u64));
    let all: Vec<[i32; 3]> = (0..1000).map(chest).collect();
    let mut frames: Vec<(f64, Result<EcgFrame, AccelerationFrame>)> = Vec::new();
    for (k, chunk) in ecg.chunks(73).enumerate() {
        let last = (k * 73 + chunk.len() - 1) as f64 / 130.0;
        let received = HostTime(1000.0 * last);
        let frame = EcgFrame { samples_uv: chunk.to_vec(), last_sample: stamp(last), received };
        frames.push((last, Ok(frame)));
    }
    for (k, chunk) in all.chunks(frame).enumerate() {
        let last = (k * frame + chunk.len() - 1) as f64 * 0.04;
        let (samples_mg, received) = (chunk.to_vec(), HostTime(1000.0 * (last + late)));
        let frame = AccelerationFrame { samples_mg, rate_hz: Some(25.0), last_sample: stamp(last), received };
        frames.push((last + late, Err(frame)));
    }
    frames.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, frame) in frames {
        match frame {
            Ok(ecg) => pipeline.push_frame(ecg),
            Err(acceleration) => pipeline.push_acceleration(&acceleration),
        }
    }
    pipeline.finish(ID)
}

#[test]
fn frames_of_any_size_and_lateness_say_the_same() {
    // The first frames come before the first of the ECG, and the last one may stay away: what they would say is rest.
    let judged = |report: &Report| -> Vec<(f64, Option<bool>, Vec<QualityReason>)> {
        let rows = report.quality.iter().filter(|row| row.start_s >= 2.0 && row.start_s < 34.0);
        rows.map(|row| (row.start_s, row.moving, row.reasons.clone())).collect()
    };
    let plain = beside(36, 0.05);
    assert_eq!(plain.quality.iter().filter(|row| row.moving == Some(true)).count(), 3);
    for (frame, late) in [(1, 0.0), (7, 0.3), (25, 1.5), (36, 1.9)] {
        assert_eq!(judged(&beside(frame, late)), judged(&plain), "{frame} {late}");
    }
}
