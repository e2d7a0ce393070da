//! The time line on frames with known truth. Needs no recordings.

// Tests say what they expect, in their helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pqrst::signal::{EcgChunk, EcgFrame, Gap, GapCause, Placement, Timeline};
use pqrst::units::{DeviceTime, Hertz, HostTime, SampleCount, SampleIndex, SamplePlace, Seconds};
use proptest::prelude::*;

/// True rate of the strap, which claims 130 Hz.
const TRUE_HZ: f64 = 130.34;
/// The strap's clock at its first sample.
const EPOCH_NS: f64 = 599_616_000e9;
const FRAME: u64 = 73;

/// Frame `k` of a strap whose clock reads `clock_ns` at its first sample; each sample is its own number.
fn frame(k: u64, clock_ns: f64, host_ms: f64) -> EcgFrame {
    let first = k * FRAME;
    let last_seconds = (first + FRAME - 1) as f64 / TRUE_HZ;
    EcgFrame {
        samples_uv: (first..first + FRAME).map(|i| i as f32).collect(),
        last_sample: Some(DeviceTime((clock_ns + last_seconds * 1e9) as u64)),
        received: HostTime(host_ms + last_seconds * 1000.0),
    }
}

fn timeline() -> Timeline {
    Timeline::new(Hertz::new(130.0).unwrap())
}

/// Pushes frames of one unbroken clock.
fn push_all(timeline: &mut Timeline, frames: impl IntoIterator<Item = u64>) -> Vec<EcgChunk> {
    let mut chunks = Vec::new();
    for k in frames {
        timeline.push(frame(k, EPOCH_NS, 1000.0), &mut chunks);
    }
    chunks
}

fn gaps(chunks: &[EcgChunk]) -> Vec<Gap> {
    chunks.iter().filter_map(|chunk| chunk.gap).collect()
}

/// Every sample of these straps is its own number, so its place must be that number.
fn assert_places_are_true(chunks: &[EcgChunk]) {
    for chunk in chunks {
        for (i, sample) in chunk.samples_uv.iter().enumerate() {
            assert_eq!(chunk.start.0 + i as u64, *sample as u64);
        }
    }
}

#[test]
fn an_unbroken_stream_has_no_gap_and_shows_its_true_rate() {
    let mut timeline = timeline();
    let chunks = push_all(&mut timeline, 0..400);
    assert_eq!(gaps(&chunks), []);
    assert_places_are_true(&chunks);
    assert!((timeline.rate().get() - TRUE_HZ).abs() < 1e-3);
    assert!(timeline.rate_is_measured());
    let place = 399.0 * 73.0;
    // The first frame is laid out at 130 Hz, which sets the record's zero 1.5 ms early.
    let error = timeline.time_of(SamplePlace(place)).0 - place / TRUE_HZ;
    assert!(error.abs() < 2e-3, "{error}");
}

#[test]
fn a_loss_of_any_length_is_exact_to_the_sample_early_and_late() {
    for before in [1, 2, 4, 6, 50] {
        for lost in [1, 2, 5, 20, 100] {
            let mut timeline = timeline();
            let chunks = push_all(&mut timeline, (0..before).chain(before + lost..before + lost + 9));
            let expected = Gap {
                start: SampleIndex(before * FRAME),
                length: SampleCount(lost * FRAME),
                cause: GapCause::FramesLost,
                timing_unverified: false,
            };
            assert_eq!(gaps(&chunks), [expected], "{lost} lost after {before}");
            assert_places_are_true(&chunks);
        }
    }
}

#[test]
fn frames_that_come_twice_or_late_are_dropped() {
    let mut timeline = timeline();
    let order = [0, 1, 2, 3, 4, 5, 5, 7, 8, 9, 6, 9, 7, 8, 9, 10];
    let chunks = push_all(&mut timeline, order);
    assert_places_are_true(&chunks);
    assert_eq!(gaps(&chunks).len(), 1, "frame 6 came after it was given up");
    let stats = timeline.stats();
    assert_eq!((stats.stale_frames, stats.frames, stats.samples_dropped), (6, 10, 6 * FRAME));
    assert_eq!((stats.samples, stats.samples_lost), (10 * FRAME, FRAME));
}

#[test]
fn an_overtaken_frame_is_put_back_in_its_place() {
    let mut timeline = timeline();
    let mut chunks = Vec::new();
    // Its successor waits for it, and goes with it.
    for (k, at) in [(0, 0.0), (1, 560.0), (3, 1700.0), (2, 1701.0), (4, 2300.0)] {
        let placed =
            timeline.push(EcgFrame { received: HostTime(at), ..frame(k, EPOCH_NS, 0.0) }, &mut chunks);
        assert_eq!(placed == Placement::Waits, k == 3);
    }
    assert_eq!(gaps(&chunks), []);
    assert_places_are_true(&chunks);
    assert_eq!((chunks.len(), timeline.stats().stale_frames), (5, 0));
    // One that does not come is waited for until the next frame after the limit, or the end.
    timeline.push(EcgFrame { received: HostTime(3400.0), ..frame(6, EPOCH_NS, 0.0) }, &mut chunks);
    assert_eq!(chunks.len(), 5);
    timeline.push(EcgFrame { received: HostTime(3960.0), ..frame(7, EPOCH_NS, 0.0) }, &mut chunks);
    assert_eq!((chunks.len(), gaps(&chunks).len()), (7, 1));
    timeline.push(EcgFrame { received: HostTime(5100.0), ..frame(9, EPOCH_NS, 0.0) }, &mut chunks);
    timeline.release(&mut chunks);
    assert_eq!((chunks.len(), gaps(&chunks).len()), (8, 2));
    assert_places_are_true(&chunks);
    // What waits when the link goes down was sent before.
    timeline.push(EcgFrame { received: HostTime(6200.0), ..frame(11, EPOCH_NS, 0.0) }, &mut chunks);
    timeline.disconnected(HostTime(6300.0));
    timeline.push(EcgFrame { received: HostTime(12_000.0), ..frame(21, EPOCH_NS, 0.0) }, &mut chunks);
    let causes: Vec<GapCause> = gaps(&chunks).iter().map(|gap| gap.cause).collect();
    let lost = GapCause::FramesLost;
    assert_eq!(causes, [lost, lost, lost, GapCause::Disconnected]);
}

#[test]
fn a_replayed_burst_is_no_restart_but_a_clock_set_back_is() {
    let mut timeline = timeline();
    let mut chunks = push_all(&mut timeline, 0..30);
    for k in 15..30 {
        let mut replay = frame(k, EPOCH_NS, 0.0);
        replay.received = HostTime(1000.0 + 30.0 * 560.0 + k as f64);
        assert_eq!(timeline.push(replay, &mut chunks), Placement::Stale);
    }
    // The clock is set back by 5 s; the stream goes on at its pace.
    let placed: Vec<_> =
        (30..40).map(|k| timeline.push(frame(k, EPOCH_NS - 5e9, 1000.0), &mut chunks)).collect();
    let host = placed.iter().position(|p| *p == Placement::PlacedByHost).unwrap();
    assert!(host <= 3, "{placed:?}");
    assert!(placed[host + 1..].iter().all(|p| *p == Placement::Placed), "{placed:?}");
    let gap = gaps(&chunks)[0];
    assert!(gap.timing_unverified);
    assert!(gap.length.0.abs_diff(host as u64 * FRAME) <= 3, "{gap:?}");
}

#[test]
fn a_reconnection_is_one_gap_by_the_devices_clock() {
    let mut timeline = timeline();
    let mut chunks = push_all(&mut timeline, 0..40);
    timeline.disconnected(HostTime(1000.0 + 40.0 * 560.0));
    chunks.extend(push_all(&mut timeline, 65..80));
    let gap = gaps(&chunks);
    assert_eq!(gap.len(), 1);
    assert_eq!(gap[0].cause, GapCause::Disconnected);
    assert!(!gap[0].timing_unverified);
    assert!(gap[0].length.0.abs_diff(25 * FRAME) <= 1, "{gap:?}");
    let stats = timeline.stats();
    assert_eq!(stats.reconnects, 1);
    assert!((stats.time_disconnected.0 - 14.0).abs() < 1.0, "{stats:?}");
}

#[test]
fn a_clock_that_restarts_over_a_break_is_replaced_by_the_hosts() {
    // Back to its start, to just before the last stamp, and to just after it: no step tells the truth.
    for restart_ns in [EPOCH_NS - 1e15, EPOCH_NS - 40.0 * 0.56e9, EPOCH_NS - 60e9] {
        let mut timeline = timeline();
        let mut chunks = push_all(&mut timeline, 0..40);
        timeline.disconnected(HostTime(1000.0 + 40.0 * 560.0));
        for k in 160..175 {
            timeline.push(frame(k, restart_ns, 1000.0), &mut chunks);
        }
        let gap = gaps(&chunks);
        assert_eq!(gap.len(), 1, "{restart_ns}");
        assert!(gap[0].timing_unverified && gap[0].cause == GapCause::Disconnected);
        assert!(gap[0].length.0.abs_diff(120 * FRAME) <= 3, "{gap:?}");
        let time = timeline.time_of(SamplePlace(160.0 * 73.0)).0;
        assert!((time - 160.0 * 73.0 / TRUE_HZ).abs() < 0.05, "{time}");
    }
}

#[test]
fn a_stamp_far_ahead_makes_no_absurd_gap() {
    for ahead_ns in [10e9, 3600e9, 86_500e9, 1e18, 1.7e19] {
        let mut timeline = timeline();
        let mut chunks = push_all(&mut timeline, 0..20);
        assert_eq!(
            timeline.push(frame(20, EPOCH_NS + ahead_ns, 1000.0), &mut chunks),
            Placement::PlacedByHost
        );
        assert_eq!(gaps(&chunks), [], "{ahead_ns}");
        // And the stream goes on from there.
        let next = timeline.push(frame(21, EPOCH_NS + ahead_ns, 1000.0), &mut chunks);
        if ahead_ns < 1e19 {
            assert_eq!(next, Placement::Placed);
            assert_places_are_true(&chunks);
        }
    }
    // A break of two days by both clocks is held at one.
    let mut timeline = timeline();
    let mut chunks = push_all(&mut timeline, 0..20);
    timeline.disconnected(HostTime(12_000.0));
    timeline.push(frame(20 + 2 * 86_400 * 130 / FRAME, EPOCH_NS, 1000.0), &mut chunks);
    let longest = (Timeline::LONGEST_GAP.0 * timeline.rate().get()) as u64;
    let gap = gaps(&chunks);
    assert!(gap.len() == 1 && gap[0].length.0 <= longest && gap[0].timing_unverified, "{gap:?}");
}

#[test]
fn a_clock_that_steps_by_less_than_a_frame_moves_no_sample() {
    for step_ns in [200e6, -200e6, 100e6] {
        let mut timeline = timeline();
        let mut chunks = push_all(&mut timeline, 0..30);
        for k in 30..60 {
            timeline.push(frame(k, EPOCH_NS + step_ns, 1000.0), &mut chunks);
        }
        assert_eq!(gaps(&chunks), []);
        let time = timeline.time_of(SamplePlace(59.0 * 73.0)).0;
        assert!((time - 59.0 * 73.0 / TRUE_HZ).abs() < 3e-3, "{step_ns}: {time}");
        assert!((timeline.rate().get() - TRUE_HZ).abs() < 0.01);
    }
}

#[test]
fn a_clock_that_jumps_ahead_without_a_loss_makes_no_gap() {
    for step_ns in [0.9e9, 1.4e9] {
        let mut timeline = timeline();
        let mut chunks = push_all(&mut timeline, 0..30);
        for k in 30..60 {
            timeline.push(frame(k, EPOCH_NS + step_ns, 1000.0), &mut chunks);
        }
        assert_eq!(gaps(&chunks), [], "{step_ns}");
        assert_places_are_true(&chunks);
    }
}

#[test]
fn frames_without_stamps_are_counted_and_a_silence_is_unverified() {
    let mut timeline = timeline();
    let mut chunks = Vec::new();
    for k in (0..50).chain(60..70) {
        timeline.push(EcgFrame { last_sample: None, ..frame(k, 0.0, 0.0) }, &mut chunks);
    }
    let gap = gaps(&chunks);
    assert!(gap.len() == 1 && gap[0].timing_unverified, "{gap:?}");
    assert!(gap[0].length.0.abs_diff(10 * FRAME) <= 3, "{gap:?}");
    assert_eq!(timeline.stats().drift_ppm, None);
}

#[test]
fn plain_samples_keep_their_holes_and_lose_their_overlaps() {
    let mut timeline = Timeline::new(Hertz::new(250.0).unwrap());
    let mut chunks = Vec::new();
    let mut push =
        |n: usize, start: Option<f64>| timeline.push_samples(&vec![1.0; n], start.map(Seconds), &mut chunks);
    assert_eq!(push(500, Some(3.0)), Placement::Placed);
    assert_eq!(push(250, None), Placement::Placed);
    assert_eq!(push(250, Some(7.0)), Placement::Placed);
    assert_eq!(push(250, Some(7.5)), Placement::Placed);
    assert_eq!(push(100, Some(3.0)), Placement::Stale);
    assert_eq!(push(0, None), Placement::Empty);
    for bad in [f64::NAN, f64::INFINITY, 1e300, 90_000.0] {
        assert_eq!(push(10, Some(bad)), Placement::Refused);
    }
    let expected = Gap {
        start: SampleIndex(750),
        length: SampleCount(250),
        cause: GapCause::SourceHole,
        timing_unverified: false,
    };
    assert_eq!(gaps(&chunks), [expected]);
    assert_eq!(timeline.next(), SampleIndex(1375));
    assert_eq!(timeline.stats().samples_dropped, 125 + 100);
    assert_eq!(timeline.time_of(SamplePlace(1000.0)), Seconds(4.0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// 50 ppm of drift, 200 ms of jitter, 5 % of loss: every place true, every time within 5 ms.
    #[test]
    fn places_and_times_survive_a_bad_link(seed: u64, ppm in -50.0..50.0_f64) {
        let mut state = seed;
        let mut chance = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (mut timeline, mut chunks, mut arrival) = (timeline(), Vec::new(), 0.0_f64);
        for k in 0..600 {
            let lost = k > 0 && chance() < 0.05;
            let mut sent = frame(k, EPOCH_NS, 0.0);
            // The host's clock lags behind the device's by the drift; jitter keeps the order.
            arrival = arrival.max(5e6 + sent.received.0 / (1.0 + ppm * 1e-6) + 200.0 * chance());
            sent.received = HostTime(arrival);
            if lost {
                continue;
            }
            timeline.push(sent, &mut chunks);
            let newest = chunks.last().map_or(0, |chunk| chunk.start.0 + FRAME - 1);
            for place in newest.saturating_sub(60 * 130)..=newest {
                if k % 16 == 0 && place % 7 == 0 {
                    let error = timeline.time_of(SamplePlace(place as f64)).0 - place as f64 / TRUE_HZ;
                    prop_assert!(error.abs() < 5e-3, "{} s at {}", error, place);
                }
            }
        }
        for chunk in &chunks {
            prop_assert_eq!(chunk.start.0, chunk.samples_uv[0] as u64);
        }
        prop_assert!((timeline.rate().get() - TRUE_HZ).abs() < 0.01);
    }

    /// Frames of a sensor that come in another order within the limit, some of them not at all: the record is the one that
    /// comes in order, bit for bit.
    #[test]
    fn order_does_not_matter_within_the_limit(
        delays in proptest::collection::vec((0.0..190.0_f64, 0..20_u8), 60..160),
    ) {
        let hz = Hertz::new(250.0).unwrap();
        let sent: Vec<EcgFrame> = delays.iter().enumerate().filter(|(k, (_, lost))| *k < 2 || *lost > 0).map(|(k, (delay, _))| {
            let last = (k * 16 + 15) as f64 / 250.0;
            let delay = if k < 2 { 0.0 } else { *delay };
            EcgFrame {
                samples_uv: (k * 16..k * 16 + 16).map(|i| i as f32).collect(),
                last_sample: Some(DeviceTime((EPOCH_NS + last * 1e9) as u64)),
                received: HostTime(1000.0 + last * 1000.0 + delay),
            }
        }).collect();
        let record = |frames: &[EcgFrame]| {
            let (mut timeline, mut chunks) = (Timeline::new(hz), Vec::new());
            for frame in frames {
                timeline.push(frame.clone(), &mut chunks);
                // Nothing waits longer than the limit and one more frame, unless that one is lost.
                let newest = frames.iter().filter(|f| f.received.0 <= frame.received.0).count();
                let waiting = newest.saturating_sub(chunks.len());
                prop_assert!(waiting <= 16, "{waiting} wait");
            }
            timeline.release(&mut chunks);
            Ok((chunks, timeline.next(), timeline.rate()))
        };
        let mut mixed = sent.clone();
        mixed.sort_by(|a, b| a.received.0.total_cmp(&b.received.0));
        let (got, expected) = (record(&mixed)?, record(&sent)?);
        assert_places_are_true(&got.0);
        prop_assert_eq!(got, expected);
    }

    /// Whatever a device sends: places rise, gaps fill exactly what lies between, times are finite.
    #[test]
    fn any_frames_get_a_place_or_are_refused(
        frames in proptest::collection::vec(
            (0..80_usize, proptest::option::of(any::<u64>()), any::<f64>(), any::<bool>()), 0..80),
    ) {
        let (mut timeline, mut chunks) = (timeline(), Vec::new());
        for (n, stamp, ms, down) in frames {
            if down {
                timeline.disconnected(HostTime(ms));
            }
            let last_sample = stamp.map(DeviceTime);
            let samples_uv = vec![0.0; n];
            timeline.push(EcgFrame { samples_uv, last_sample, received: HostTime(ms) }, &mut chunks);
            for place in [0.0, timeline.next().0 as f64, -1e18, f64::NAN, f64::INFINITY] {
                prop_assert!(timeline.time_of(SamplePlace(place)).0.is_finite());
            }
        }
        let mut next = 0;
        for chunk in &chunks {
            let missing = chunk.gap.map_or(0, |gap| gap.length.0);
            prop_assert!(chunk.gap.is_none_or(|gap| gap.start.0 == next && missing > 0));
            prop_assert_eq!(chunk.start.0, next + missing);
            next = chunk.start.0 + chunk.samples_uv.len() as u64;
        }
        let stats = timeline.stats();
        prop_assert_eq!(next, stats.samples + stats.samples_lost);
        prop_assert!(stats.true_rate_hz.is_none_or(f64::is_finite) && stats.drift_ppm.is_none_or(f64::is_finite));
    }

    /// The same samples in other chunks, with the same holes, are the same record.
    #[test]
    fn chunks_of_plain_samples_do_not_matter(cuts in proptest::collection::vec(1..400_usize, 1..20)) {
        let hz = Hertz::new(360.0).unwrap();
        let samples: Vec<f32> = (0..4000_i16).map(f32::from).collect();
        let whole = |timeline: &mut Timeline, out: &mut Vec<EcgChunk>| {
            timeline.push_samples(&samples[..2000], Some(Seconds(0.0)), out);
            timeline.push_samples(&samples[2500..], Some(Seconds(2500.0 / 360.0)), out);
        };
        let (mut one, mut expected) = (Timeline::new(hz), Vec::new());
        whole(&mut one, &mut expected);
        let (mut other, mut got) = (Timeline::new(hz), Vec::new());
        let mut at = 0;
        for cut in cuts.iter().cycle() {
            let end = (at + cut).min(if at < 2000 { 2000 } else { 4000 });
            other.push_samples(&samples[at..end], Some(Seconds(at as f64 / 360.0)), &mut got);
            at = if end == 2000 { 2500 } else { end };
            if at >= 4000 {
                break;
            }
        }
        let flat = |chunks: &[EcgChunk]| -> Vec<(u64, f32)> {
            let place = |chunk: &EcgChunk| {
                let start = chunk.start.0;
                chunk.samples_uv.iter().enumerate().map(move |(i, x)| (start + i as u64, *x)).collect::<Vec<_>>()
            };
            chunks.iter().flat_map(place).collect()
        };
        prop_assert_eq!(flat(&got), flat(&expected));
        prop_assert_eq!(gaps(&got), gaps(&expected));
        prop_assert_eq!(other.stats(), one.stats());
    }
}
