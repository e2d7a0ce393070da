//! Every ECG device over a bad link: 5 % lost, 5 % overtaken, 200 ms of jitter, 50 ppm of drift, three breaks.

use crate::host::{usual_choice, Host};
use pqrst::device::polar::EcgVariant;
use pqrst::device::{DeviceEvent, EcgTiming};
use pqrst::pipeline::{Limit, Report, ReportId};
use pqrst::signal::{Gap, GapCause};
use pqrst::simulate::{Options, VirtualKind};
use pqrst::summary::Summary;
use pqrst::synth::EcgSynth;
use pqrst::units::{BeatsPerMinute, Hertz, Milliseconds, SamplePlace, Seconds};

/// Seconds between two breaks, and how long a break lasts.
const STRETCH: f64 = 45.0;
const BREAK: f64 = 7.0;

/// A voltage that tells when it was taken: a saw-tooth of 10 s of 1 mV a second.
fn saw(seconds: f64, rate_hz: f64) -> Vec<f32> {
    (0..(seconds * rate_hz) as u32).map(|i| (1000.0 * (f64::from(i) / rate_hz % 10.0)) as f32).collect()
}

fn run(kind: VirtualKind, seed: u64, samples_uv: &[f32]) -> Host {
    run_packed(kind, EcgVariant::Microvolts, seed, samples_uv)
}

fn run_packed(kind: VirtualKind, polar_ecg: EcgVariant, seed: u64, samples_uv: &[f32]) -> Host {
    let options = Options {
        polar_ecg,
        loss_rate: 0.05,
        reorder_rate: 0.05,
        jitter: Milliseconds(200.0),
        drift_ppm: 50.0,
        seed,
        ..Options::default()
    };
    let mut host = Host::new(kind, samples_uv, 250.0, options).choosing(&usual_choice());
    host.connect();
    host.run(STRETCH);
    for _ in 0..3 {
        host.lose_link();
        host.run(BREAK);
        host.connect();
        host.run(STRETCH);
    }
    host
}

fn gaps(host: &Host) -> Vec<Gap> {
    host.chunks.iter().filter_map(|chunk| chunk.gap).collect()
}

/// Seconds on the device's clock at which a voltage was taken, near a time that is told.
fn taken(uv: f32, told: f64) -> f64 {
    let phase = f64::from(uv) / 1000.0 * (1.0 + 50e-6);
    let period = 10.0 * (1.0 + 50e-6);
    phase + ((told - phase) / period).round() * period
}

/// Errors of the times of the remembered samples, in seconds, less their median.
fn errors(host: &Host, hz: f64) -> Vec<f64> {
    let remembered = host.timeline.next().0.saturating_sub((40.0 * hz) as u64);
    let mut errors = Vec::new();
    for chunk in host.chunks.iter().filter(|chunk| chunk.start.0 >= remembered) {
        for (i, three) in chunk.samples_uv.windows(3).enumerate() {
            let told = host.timeline.time_of(SamplePlace(chunk.start.0 as f64 + i as f64 + 1.0)).0;
            // The steep edge of the saw is interpolated.
            let steep = (three[1] - three[0]).abs() > 60.0 || (three[2] - three[1]).abs() > 60.0;
            if !steep && (500.0..9500.0).contains(&three[1]) {
                errors.push(told - taken(three[1], told));
            }
        }
    }
    errors
}

/// Errors of the lengths of gaps, in seconds: what the voltages on both sides say against what is told.
fn gap_errors(host: &Host, hz: f64, of: impl Fn(&Gap) -> bool) -> Vec<f64> {
    let mut errors = Vec::new();
    for pair in host.chunks.windows(2) {
        let (Some(gap), Some(last), Some(first)) =
            (pair[1].gap, pair[0].samples_uv.last(), pair[1].samples_uv.first())
        else {
            continue;
        };
        let inside = |uv: &f32| (500.0..9500.0).contains(uv);
        if of(&gap) && inside(last) && inside(first) {
            let told = (gap.length.0 as f64 + 1.0) / hz;
            let lasted = f64::from(first - last) / 1000.0;
            errors.push((told - lasted + 5.0).rem_euclid(10.0) - 5.0);
        }
    }
    errors
}

fn worst(errors: &[f64]) -> f64 {
    errors.iter().map(|e| e.abs()).fold(0.0, f64::max)
}

fn timing(host: &Host) -> EcgTiming {
    let of =
        |event: &DeviceEvent| if let DeviceEvent::EcgSettings(s) = event { Some(s.timing) } else { None };
    host.events.iter().find_map(of).expect("settings")
}

#[test]
fn times_and_gaps_hold_where_the_device_has_a_clock() {
    for kind in [
        VirtualKind::PolarH10,
        VirtualKind::Movesense,
        VirtualKind::MovesenseActivity,
        VirtualKind::MovesenseActivityOld,
        VirtualKind::MovesenseActivityFirst,
        VirtualKind::Card10,
        VirtualKind::Zephyr,
    ] {
        let hz = kind.true_rate_hz();
        let mut worst_time = (0.0_f64, 0.0_f64);
        let (mut lost, mut broken) = (0.0_f64, 0.0_f64);
        for seed in 1..=3 {
            let host = run(kind, seed, &saw(260.0, 250.0));
            assert_eq!(timing(&host), EcgTiming::Device, "{kind:?}");
            let gaps = gaps(&host);
            let breaks: Vec<&Gap> = gaps.iter().filter(|gap| gap.cause == GapCause::Disconnected).collect();
            assert_eq!(breaks.len(), 3, "{kind:?}: {breaks:?}");
            let errors = errors(&host, hz);
            let offset = errors.iter().sum::<f64>() / errors.len() as f64;
            let spread = errors.iter().map(|e| (e - offset).abs()).fold(0.0, f64::max);
            worst_time = (worst_time.0.max(spread), worst_time.1.max(offset.abs()));
            let is_break = |gap: &Gap| gap.cause == GapCause::Disconnected;
            broken = broken.max(worst(&gap_errors(&host, hz, is_break)));
            lost = lost.max(worst(&gap_errors(&host, hz, |gap| !is_break(gap))));
            // Only a counter that starts anew leaves the length of a break to the host's clock.
            let counter = matches!(kind, VirtualKind::Card10 | VirtualKind::Zephyr);
            assert!(counter || gaps.iter().all(|gap| !gap.timing_unverified), "{kind:?}");
            assert!(
                breaks.iter().all(|gap| gap.timing_unverified == (kind == VirtualKind::Card10)),
                "{kind:?}"
            );
        }
        println!(
            "{kind:?}: times spread by {:.1} ms and off by {:.1} ms at the end; gaps of lost frames off by {:.1} ms, of breaks by {:.1} ms",
            1000.0 * worst_time.0,
            1000.0 * worst_time.1,
            1000.0 * lost,
            1000.0 * broken
        );
        // A count of Zephyr's is 25 uV, which are 25 ms of this voltage.
        let quantum = if kind == VirtualKind::Zephyr { 0.0125 } else { 0.001 };
        assert!(worst_time.0 < 0.005 + quantum, "{kind:?}: {worst_time:?}");
        // To a sample, and the quantum on both sides of the gap.
        assert!(lost < 1.5 / hz + 2.0 * quantum, "{kind:?}: {lost}");
        // The badge counts anew after a break: its length is an estimate, and marked.
        let bound = if kind == VirtualKind::Card10 { 0.15 } else { 1.5 / hz + 2.0 * quantum };
        assert!(broken < bound, "{kind:?}: {broken}");
    }
}

#[test]
fn without_a_clock_lengths_are_estimates_and_say_so() {
    for kind in [VirtualKind::HealthyPi, VirtualKind::Uart, VirtualKind::Viatom] {
        let hz = kind.true_rate_hz();
        for seed in 1..=3 {
            let host = run(kind, seed, &saw(260.0, 250.0));
            assert_eq!(timing(&host), EcgTiming::Arrival, "{kind:?}");
            let breaks: Vec<Gap> =
                gaps(&host).into_iter().filter(|gap| gap.cause == GapCause::Disconnected).collect();
            assert_eq!(breaks.len(), 3, "{kind:?}");
            let errors = errors(&host, hz);
            let offset = errors.iter().sum::<f64>() / errors.len() as f64;
            let spread = errors.iter().map(|e| (e - offset).abs()).fold(0.0, f64::max);
            let is_break = |gap: &Gap| gap.cause == GapCause::Disconnected;
            let broken = worst(&gap_errors(&host, hz, is_break));
            println!(
                "{kind:?} seed {seed}: times spread by {:.0} ms and off by {:.0} ms after three minutes; breaks off by {:.0} ms",
                1000.0 * spread,
                1000.0 * offset,
                1000.0 * broken
            );
            assert!(broken < 0.15, "{kind:?}: {broken}");
            assert!(spread < 0.35 && offset.abs() < 0.15, "{kind:?}: {spread} {offset}");
        }
    }
}

/// How far from the edge of a gap a beat has to be found, in seconds.
const EDGE: f64 = 0.3;

/// Beats of the truth against those of one stretch of a report.
#[derive(Debug, Default)]
struct Score {
    beats: usize,
    /// Worst error of a time and of an interval, in milliseconds.
    time_ms: f64,
    rr_ms: f64,
    missed: usize,
    invented: usize,
    in_gaps: usize,
}

/// Where the record begins in the recording, by where the most beats agree, in seconds.
fn offset(found: &[f64], truth: &[f64]) -> f64 {
    let first = found.first().expect("beats");
    let agree = |offset: f64| {
        let near = |beat: &&f64| truth.iter().any(|t| (t - offset - **beat).abs() < 0.02);
        found.iter().filter(near).count()
    };
    let rough = truth.iter().map(|t| t - first).max_by_key(|o| agree(*o)).expect("truth");
    let mut offsets: Vec<f64> = Vec::new();
    for beat in found {
        let nearest =
            truth.iter().map(|t| t - beat).min_by(|a, b| (a - rough).abs().total_cmp(&(b - rough).abs()));
        offsets.extend(nearest.filter(|o| (o - rough).abs() < 0.02));
    }
    offsets.sort_by(f64::total_cmp);
    offsets[offsets.len() / 2]
}

/// Scores the beats of a stretch of the record, on the device's clock.
fn scored(report: &Report, (from, to): (f64, f64), truth: &[f64]) -> Score {
    let found: Vec<f64> =
        report.beats.iter().map(|beat| beat.time_s).filter(|b| (from..to).contains(b)).collect();
    let offset = offset(&found, truth);
    let inside = |time: f64, margin: f64| {
        report
            .gaps
            .iter()
            .any(|gap| time > gap.start_s - margin && time < gap.start_s + gap.duration_s + margin)
    };
    let mut score = Score { beats: found.len(), ..Score::default() };
    let mut before: Option<(f64, f64)> = None;
    let last = found.last().copied().expect("beats");
    for t in truth.iter().map(|t| t - offset).filter(|t| *t > from + EDGE && *t < last) {
        let here = found.iter().copied().find(|b| (b - t).abs() < 0.06);
        match here {
            Some(here) if !inside(t, EDGE) => {
                score.time_ms = score.time_ms.max(1000.0 * (here - t).abs());
                if let Some((t0, here0)) = before.filter(|(t0, _)| !(inside(0.5 * (t + t0), 0.5 * (t - t0))))
                {
                    score.rr_ms = score.rr_ms.max(1000.0 * ((here - here0) - (t - t0)).abs());
                }
                before = Some((t, here));
            }
            Some(_) => before = None,
            None => {
                score.missed += usize::from(!inside(t, EDGE));
                before = None;
            }
        }
    }
    let known = |b: f64| truth.iter().filter(|t| (*t - offset - b).abs() < 0.06).count() == 1;
    let twice = found.windows(2).filter(|pair| pair[1] - pair[0] < 0.25 && !inside(pair[0], EDGE)).count();
    score.invented = twice + found.iter().filter(|b| !inside(**b, EDGE) && !known(**b)).count();
    score.in_gaps = found.iter().filter(|b| inside(**b, 0.0)).count();
    score
}

/// The record from when the strap has settled, as one piece, or in the pieces between breaks of the link.
fn stretches(report: &Report, in_pieces: bool) -> Vec<(f64, f64)> {
    let mut from = 6.0;
    let mut pieces = Vec::new();
    for gap in report.gaps.iter().filter(|gap| in_pieces && gap.cause == GapCause::Disconnected) {
        pieces.push((from, gap.start_s));
        from = gap.start_s + gap.duration_s;
    }
    pieces.push((from, f64::INFINITY));
    pieces
}

/// A heart at 72 beats a minute, and the times of its R peaks: the truth is the host's time, the report's the device's.
fn heart() -> (Vec<f32>, Vec<f64>) {
    let ecg = EcgSynth::new(5)
        .heart_rate(BeatsPerMinute(72.0))
        .variability(Milliseconds(20.0), Milliseconds(10.0), Milliseconds(5.0))
        .render(Hertz::new(250.0).unwrap(), Seconds(260.0));
    let truth = ecg.beats.iter().map(|beat| beat.r.0 * (1.0 + 50e-6)).collect();
    (ecg.samples_uv, truth)
}

#[test]
fn beats_are_found_once_at_their_time() {
    let (samples_uv, truth) = heart();
    for kind in VirtualKind::ALL.iter().filter(|kind| kind.sends_ecg()) {
        let mut host = run(*kind, 1, &samples_uv);
        let report = host.pipeline.finish(ReportId([7; 16]));
        Summary::from(&report).check().unwrap_or_else(|why| panic!("{kind:?}: {why}"));
        let gaps = report.gaps.len();
        if timing(&host) == EcgTiming::Arrival {
            // Nothing says which samples a short loss took: only what was marked can be judged.
            assert!(report.limits.contains(&Limit::TimingUnverified), "{kind:?}");
            assert!(report.gaps.iter().all(|gap| gap.timing_unverified), "{kind:?}");
            let times: Vec<f64> = report.beats.iter().map(|beat| beat.time_s).collect();
            let inside = |b: &&f64| {
                report.gaps.iter().any(|gap| **b > gap.start_s && **b < gap.start_s + gap.duration_s)
            };
            let apart = |pair: &&[f64]| {
                pair[1] - pair[0] < 0.25
                    && !report
                        .gaps
                        .iter()
                        .any(|gap| gap.start_s > pair[0] - EDGE && gap.start_s < pair[1] + EDGE)
            };
            let twice = times.windows(2).filter(apart).count();
            let received = report.duration_s - report.gaps.iter().map(|gap| gap.duration_s).sum::<f64>();
            let expected = received * 72.0 / 60.0;
            let share = times.len() as f64 / expected;
            println!("{kind:?}: {} beats in {received:.0} s received ({share:.2} of what the rate asks), {gaps} gaps, times unverified", times.len());
            assert_eq!((times.iter().filter(inside).count(), twice), (0, 0), "{kind:?}");
            assert!((0.9..1.15).contains(&share), "{kind:?}: {share}");
            continue;
        }
        // The badge counts anew after a break, and the length of that break is an estimate: its record is in pieces.
        for stretch in stretches(&report, *kind == VirtualKind::Card10) {
            let score = scored(&report, stretch, &truth);
            println!("{kind:?}: {score:.1?} with {gaps} gaps");
            assert_eq!((score.missed, score.invented, score.in_gaps), (0, 0, 0), "{kind:?}");
            assert!(score.time_ms < 5.0 && score.rr_ms < 5.0, "{kind:?}");
            assert!(score.beats > 40, "{kind:?}");
        }
    }
}

#[test]
fn every_packing_of_a_polar_strap_gives_the_same_beats() {
    let (samples_uv, truth) = heart();
    let mut beats = Vec::new();
    for packing in EcgVariant::ALL {
        let mut host = run_packed(VirtualKind::PolarH10, packing, 1, &samples_uv);
        assert_eq!(host.bad, Vec::<&str>::new(), "{packing:?}");
        let report = host.pipeline.finish(ReportId([7; 16]));
        let score = scored(&report, stretches(&report, false)[0], &truth);
        println!("{packing:?}: {score:.1?}");
        assert_eq!((score.missed, score.invented, score.in_gaps), (0, 0, 0), "{packing:?}");
        assert!(score.time_ms < 5.0 && score.rr_ms < 5.0 && score.beats > 150, "{packing:?}");
        let told = host.events.iter().filter(|e| matches!(e, DeviceEvent::Contact(Some(true)))).count();
        // Of each connection.
        assert_eq!(told, if packing == EcgVariant::Bits14 { 4 } else { 0 }, "{packing:?}");
        beats.push(score.beats);
    }
    assert!(beats.iter().all(|n| n.abs_diff(beats[0]) <= 2), "{beats:?}");
}

#[test]
fn what_is_overtaken_is_put_back_to_the_bit() {
    for kind in VirtualKind::ALL.iter().filter(|kind| kind.sends_ecg()) {
        let record = |reorder_rate: f64| {
            let options = Options { reorder_rate, seed: 4, ..Options::default() };
            let mut host = Host::new(*kind, &saw(40.0, 250.0), 250.0, options).choosing(&usual_choice());
            host.connect();
            host.run(30.0);
            host
        };
        let (plain, mixed) = (record(0.0), record(0.2));
        if timing(&plain) == EcgTiming::Arrival {
            continue; // nothing tells their order
        }
        let flat = |host: &Host| -> Vec<f32> {
            host.chunks.iter().flat_map(|chunk| chunk.samples_uv.iter().copied()).collect()
        };
        let (plain_uv, mixed_uv) = (flat(&plain), flat(&mixed));
        assert!(gaps(&mixed).is_empty() && mixed.timeline.stats().stale_frames == 0, "{kind:?}");
        // The last frames may still wait.
        let length = mixed_uv.len();
        assert!(length + 200 > plain_uv.len(), "{kind:?}: {length} of {}", plain_uv.len());
        assert_eq!(mixed_uv[..], plain_uv[..length], "{kind:?}");
        let order = |host: &Host| host.heard.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>();
        assert_ne!(order(&plain), order(&mixed), "{kind:?}: nothing was overtaken");
    }
}
