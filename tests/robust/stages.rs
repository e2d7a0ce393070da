//! Each stage alone, pushed, skipped and finished in any order.

use pqrst::detect::Detector;
use pqrst::dsp::{FilterChain, FilterSpec};
use pqrst::quality::Assessor;
use pqrst::units::{Hertz, SampleCount};
use proptest::prelude::*;

/// What is done to a stage.
#[derive(Debug, Clone)]
enum Step {
    Push(Vec<f32>),
    Skip(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let odd = prop_oneof![
        4 => -3000.0_f32..3000.0,
        1 => any::<f32>(),
        1 => Just(f32::NAN),
        1 => Just(20_000.0_f32),
    ];
    let push = prop::collection::vec(odd, 0..600).prop_map(Step::Push);
    let beats = (1_usize..2000, 20_usize..200).prop_map(|(length, every)| {
        Step::Push((0..length).map(|i| if i % every < 3 { 1000.0 } else { 0.0 }).collect())
    });
    let gap = prop_oneof![Just(0), Just(1), 1_u64..500, 100_000_u64..10_000_000, Just(u64::MAX / 4)];
    prop::collection::vec(prop_oneof![3 => push, 2 => beats, 2 => gap.prop_map(Step::Skip)], 0..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn filters_give_one_number_for_one_sample(
        steps in steps(),
        hz in 50.0_f64..2000.0,
        band in prop::option::of(0.05_f64..2.0),
    ) {
        let spec = FilterSpec { device_high_pass_hz: band, ..FilterSpec::default() };
        let mut chain = FilterChain::new(Hertz::new(hz).unwrap(), spec);
        let (mut out, mut pushed) = (Vec::new(), 0);
        for step in &steps {
            match step {
                Step::Push(samples) => {
                    chain.push(samples, &mut out);
                    pushed += samples.len();
                }
                Step::Skip(gap) => {
                    chain.skip(SampleCount(*gap), &mut out);
                    prop_assert!(*gap == 0 || out.len() == pushed, "all leaves before a gap");
                }
            }
        }
        chain.finish(&mut out);
        prop_assert_eq!(out.len(), pushed);
        prop_assert!(out.iter().all(|y| y.is_finite()));
        // As new afterwards.
        let (mut again, mut fresh) = (Vec::new(), Vec::new());
        let mut other = FilterChain::new(Hertz::new(hz).unwrap(), spec);
        for (chain, out) in [(&mut chain, &mut again), (&mut other, &mut fresh)] {
            chain.push(&[1.0, 2.0, 3.0, -50.0], out);
            chain.finish(out);
        }
        prop_assert_eq!(again, fresh);
    }

    #[test]
    fn beats_lie_in_the_record_in_order(steps in steps(), hz in 50.0_f64..2000.0) {
        let mut detector = Detector::new(Hertz::new(hz).unwrap());
        let (mut out, mut end) = (Vec::new(), 0_u64);
        for step in &steps {
            match step {
                Step::Push(samples) => {
                    detector.push(samples, &mut out);
                    end = end.saturating_add(samples.len() as u64);
                }
                Step::Skip(gap) => {
                    detector.skip(SampleCount(*gap), &mut out);
                    end = end.saturating_add(*gap);
                }
            }
        }
        detector.finish(&mut out);
        // After a gap of ages a place is rounded to what an f64 holds.
        let end = end as f64 * (1.0 + f64::EPSILON);
        prop_assert!(out.iter().all(|beat| beat.at.0 >= -0.5 && beat.at.0 <= end), "{:?} of {end}", out.last());
        prop_assert!(out.iter().all(|beat| beat.amplitude.0.is_finite()));
        prop_assert!(out.windows(2).all(|pair| pair[0].at.0 <= pair[1].at.0));
    }

    #[test]
    fn windows_follow_one_another(steps in steps(), hz in 50.0_f64..2000.0) {
        let mut assessor = Assessor::new(Hertz::new(hz).unwrap());
        let mut out = Vec::new();
        for step in &steps {
            match step {
                Step::Push(samples) => assessor.push(samples, &mut out),
                // A gap of ages would be told window by window.
                Step::Skip(gap) => assessor.skip(SampleCount((*gap).min(100_000)), &mut out),
            }
        }
        assessor.finish(&mut out);
        for window in &out {
            prop_assert!((0.0..=1.0).contains(&window.score), "{:?}", window);
            prop_assert_eq!(window.usable, window.reasons.is_empty(), "{:?}", window);
        }
        prop_assert!(out.windows(2).all(|pair| pair[0].start.0 + pair[0].length.0 <= pair[1].start.0));
    }
}
