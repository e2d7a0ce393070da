//! Any division of the same stream gives the same report, bit for bit.

use crate::hearts::{recording, report_of, request, samples, sinus, ID};
use pqrst::pipeline::{Pipeline, Report, TestKind};
use pqrst::synth::{Level, Noise};
use pqrst::units::Seconds;
use proptest::prelude::*;

fn divided(ecg: &[f32], hz: f64, cuts: &[usize], gap_at: Option<usize>) -> Report {
    let mut pipeline = Pipeline::new(request(TestKind::Recording));
    pipeline.open_ecg(recording(hz));
    let (mut at, mut i) = (0, 0);
    let stop = gap_at.unwrap_or(ecg.len()).min(ecg.len());
    for (end, start) in [(stop, None), (ecg.len(), gap_at.map(|at| at as f64 / hz + 3.0))] {
        let mut start = start.map(Seconds);
        while at < end {
            let next = (at + cuts[i % cuts.len()]).min(end);
            pipeline.push_samples(&ecg[at..next], start.take());
            if i % 5 == 0 {
                pipeline.drain();
            }
            (at, i) = (next, i + 1);
        }
    }
    pipeline.finish(ID)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_whole_report_is_the_same(
        cuts in prop::collection::vec(1_usize..900, 1..12),
        seed in 0_u64..1000,
        bpm in 45.0..160.0,
        hz in prop::sample::select(vec![100.0, 130.0, 250.0]),
        gap in prop::option::of(500_usize..4000),
        holes in prop::collection::vec(0_usize..5000, 0..6),
    ) {
        let synth = sinus(seed, bpm).with_between(Noise::Muscle(Level::SnrDb(-6.0)), Seconds(12.0), Seconds(16.0));
        let mut ecg = samples(&synth, hz, 40.0);
        for hole in holes.into_iter().filter(|h| *h < ecg.len()).collect::<Vec<_>>() {
            ecg[hole] = f32::NAN;
        }
        let whole = divided(&ecg, hz, &[usize::MAX / 2], gap);
        let pieces = divided(&ecg, hz, &cuts, gap);
        prop_assert_eq!(serde_json::to_string(&whole).unwrap(), serde_json::to_string(&pieces).unwrap());
        if gap.is_none() {
            prop_assert_eq!(&whole, &report_of(request(TestKind::Recording), recording(hz), &[(&ecg, None)]));
        }
    }

    #[test]
    fn any_samples_at_any_time_get_an_answer(
        pieces in prop::collection::vec(
            (prop::collection::vec(any::<f32>(), 0..300), prop::option::of(any::<f64>())), 0..12),
        hz in prop::sample::select(vec![50.0, 130.0, 360.0, 2000.0]),
    ) {
        let mut pipeline = Pipeline::new(request(TestKind::Rest30s));
        pipeline.open_ecg(recording(hz));
        for (samples, start) in &pieces {
            pipeline.push_samples(samples, start.map(Seconds));
        }
        let report = pipeline.finish(ID);
        prop_assert!(!serde_json::to_string(&report).unwrap().is_empty());
        let checked = pqrst::summary::Summary::from(&report).check();
        prop_assert!(checked.is_ok(), "{:?} {:?}", checked, report);
    }
}
