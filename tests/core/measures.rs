//! Rates, regularity, variability and verdicts of synthetic hearts, whose truth is known.

use crate::hearts::{
    analyzed, breathing, hertz, published, recording, report_of, request, samples, sensor, sinus, strap,
    with_pacemaker, ID,
};
use pqrst::pipeline::{Algorithm, Limit, NullReason, Pipeline, Regularity, Report, Request, TestKind, Value};
use pqrst::quality::{Outcome, VerdictReason};
use pqrst::signal::GapCause;
use pqrst::synth::{EcgSynth, Level, Noise, Rhythm};
use pqrst::units::{HostTime, Microvolts, Milliseconds, Seconds};

fn number(value: &Value) -> f64 {
    value.value.unwrap_or_else(|| panic!("no value: {:?}", value.reason))
}

#[test]
fn rates_are_within_one_beat_a_minute() {
    for hz in [100.0, 130.0, 250.0, 360.0, 500.0, 1000.0] {
        for bpm in [40.0, 55.0, 70.0, 100.0, 140.0, 180.0] {
            let ecg = sinus(bpm as u64, bpm).render(hertz(hz), Seconds(30.0));
            let report = analyzed(&ecg.samples_uv, hz);
            let rr = ecg.rr();
            let truth = 60_000.0 * rr.len() as f64 / rr.iter().map(|rr| rr.0).sum::<f64>();
            let mean = number(&report.heart_rate.mean_bpm);
            assert!((mean - truth).abs() < 1.0, "{mean} for {truth} at {hz} Hz");
            assert!(number(&report.heart_rate.min_bpm) <= mean + 1e-9, "{bpm} at {hz} Hz");
            assert!(number(&report.heart_rate.max_bpm) >= mean - 1e-9, "{bpm} at {hz} Hz");
            assert_eq!(report.verdict.kind, Outcome::Usable, "{bpm} at {hz} Hz: {:?}", report.verdict);
            assert_eq!(report.rhythm.regularity, Regularity::Regular, "{bpm} at {hz} Hz");
        }
    }
}

#[test]
fn variability_is_that_of_the_truth() {
    for hz in [130.0, 250.0, 500.0] {
        let ecg = sinus(9, 62.0).render(hertz(hz), Seconds(310.0));
        let report = analyzed(&ecg.samples_uv, hz);
        let rr: Vec<f64> = ecg.rr().iter().map(|rr| rr.0).collect();
        let differences: Vec<f64> = rr.windows(2).map(|p| p[1] - p[0]).collect();
        let rmssd = (differences.iter().map(|d| d * d).sum::<f64>() / differences.len() as f64).sqrt();
        let mean = rr.iter().sum::<f64>() / rr.len() as f64;
        let sdnn = (rr.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (rr.len() - 1) as f64).sqrt();
        let (got_rmssd, got_sdnn) = (number(&report.hrv.rmssd_ms), number(&report.hrv.sdnn_ms));
        println!("{hz} Hz: RMSSD {got_rmssd:.2} of {rmssd:.2} ms, SDNN {got_sdnn:.2} of {sdnn:.2} ms");
        assert!((got_rmssd - rmssd).abs() < 2.0 && (got_sdnn - sdnn).abs() < 1.0);
        // SD1 is RMSSD over the square root of two, but for the mean of the differences.
        assert!((number(&report.hrv.sd1_ms) * 2.0_f64.sqrt() - got_rmssd).abs() < 0.2);
        assert!(number(&report.hrv.hf_ms2) > 0.0 && number(&report.hrv.lf_ms2) > 0.0);
    }
}

fn regularity(synth: &EcgSynth, hz: f64, seconds: f64) -> Regularity {
    analyzed(&samples(synth, hz, seconds), hz).rhythm.regularity
}

#[test]
fn irregular_rhythms_are_told_and_breathing_is_none() {
    for hz in [130.0, 250.0, 500.0] {
        for seed in 1..=4 {
            let of = |bpm, rhythm| regularity(&sinus(seed, bpm).rhythm(rhythm), hz, 30.0);
            assert_eq!(of(75.0, Rhythm::Bigeminy), Regularity::Irregular, "bigeminy {seed} at {hz} Hz");
            assert_eq!(of(95.0, Rhythm::Irregular), Regularity::Irregular, "irregular {seed} at {hz} Hz");
            assert_eq!(of(70.0, Rhythm::Sinus), Regularity::Regular, "sinus {seed} at {hz} Hz");
            let young =
                sinus(seed, 60.0).variability(Milliseconds(90.0), Milliseconds(40.0), Milliseconds(10.0));
            assert_eq!(regularity(&young, hz, 30.0), Regularity::Regular, "breathing {seed} at {hz} Hz");
        }
    }
}

#[test]
fn irregular_rhythm_withholds_variability_and_says_why() {
    let report = analyzed(&samples(&sinus(3, 90.0).rhythm(Rhythm::Irregular), 250.0, 310.0), 250.0);
    assert_eq!(report.rhythm.regularity, Regularity::Irregular);
    for value in [&report.hrv.rmssd_ms, &report.hrv.sdnn_ms, &report.hrv.lf_hf] {
        assert_eq!((value.value, value.reason), (None, Some(NullReason::Irregular)));
    }
}

#[test]
fn few_ectopic_beats_are_left_out_with_their_reason_and_many_withhold() {
    let truth = sinus(5, 70.0).ectopic(0.015, 0.0).render(hertz(250.0), Seconds(120.0));
    let report = analyzed(&truth.samples_uv, 250.0);
    let ectopic = truth.beats.iter().filter(|beat| beat.label.is_ectopic()).count();
    let left_out = report.rr.iter().filter(|rr| rr.rejected.is_some()).count();
    assert!(ectopic > 0 && (ectopic..=2 * ectopic).contains(&left_out), "{left_out} for {ectopic}");
    assert!(number(&report.hrv.rmssd_ms) < 60.0);
    let many = analyzed(&samples(&sinus(5, 70.0).ectopic(0.06, 0.0), 250.0, 120.0), 250.0);
    assert_eq!(many.hrv.rmssd_ms.reason, Some(NullReason::Ectopic));
}

#[test]
fn a_gap_is_kept_and_nothing_is_measured_across_it() {
    let hz = 130.0;
    let ecg = sinus(6, 72.0).render(hertz(hz), Seconds(60.0));
    let (cut, back) = (2000, 3300);
    let pieces: [(&[f32], Option<f64>); 2] =
        [(&ecg.samples_uv[..cut], Some(0.0)), (&ecg.samples_uv[back..], Some(back as f64 / hz))];
    let report = report_of(request(TestKind::Recording), recording(hz), &pieces);
    assert_eq!(report.gaps.len(), 1);
    let gap = report.gaps[0];
    assert!((gap.start_s - cut as f64 / hz).abs() < 1e-9 && (gap.duration_s - 10.0).abs() < 1e-9, "{gap:?}");
    assert_eq!(gap.cause, GapCause::SourceHole);
    let end = gap.start_s + gap.duration_s;
    assert!(report.beats.iter().all(|beat| beat.time_s <= gap.start_s || beat.time_s >= end));
    for rr in &report.rr {
        let begin = rr.end_s - rr.rr_ms / 1000.0;
        assert!(rr.end_s <= gap.start_s || begin >= end, "{rr:?} lies across the gap");
    }
    // Positions after the gap are the true ones.
    for beat in report.beats.iter().filter(|beat| beat.time_s > end) {
        let nearest = ecg.beats.iter().map(|t| (t.r.0 - beat.time_s).abs()).fold(f64::MAX, f64::min);
        assert!(nearest < 0.02, "{beat:?}");
    }
    assert!((report.duration_s - 60.0).abs() < 0.01);
    assert!(report.usable_s.unwrap() < 52.0);
    assert_eq!(report.hrv.rmssd_ms.reason, Some(NullReason::TooShort), "50 s were received");
}

#[test]
fn long_holes_count_neither_towards_a_length_nor_as_variability() {
    let hz = 130.0;
    let ecg = samples(&sinus(6, 66.0), hz, 400.0);
    let hole = |from: f64, to: f64| {
        let (from, to) = ((from * hz) as usize, (to * hz) as usize);
        let pieces: [(&[f32], Option<f64>); 2] =
            [(&ecg[..from], Some(0.0)), (&ecg[to..], Some(to as f64 / hz))];
        report_of(request(TestKind::Recording), recording(hz), &pieces)
    };
    let half = hole(100.0, 250.0);
    assert_eq!(half.hrv.sdnn_ms.reason, Some(NullReason::TooShort), "250 s were received");
    assert!(half.hrv.rmssd_ms.value.is_some());
    let wide = hole(100.0, 180.0);
    assert!(wide.hrv.sdnn_ms.value.is_some(), "320 s were received");
    assert!(wide.hrv.lf_ms2.value.is_some(), "of the intervals alone");
    assert_eq!(wide.hrv.lf_ms2.algorithm, Algorithm::LfLombScargle, "no bridge of 80 s");
    let flat = sinus(6, 66.0).with_between(Noise::FlatLine, Seconds(20.0), Seconds(50.0));
    let report = analyzed(&samples(&flat, hz, 90.0), hz);
    assert_eq!(report.hrv.rmssd_ms.reason, Some(NullReason::PoorQuality), "a third of it has no beat");
}

#[test]
fn minimum_lengths_hold_to_the_second() {
    let ecg = samples(&sinus(8, 65.0), 130.0, 302.0);
    let of = |seconds: f64| analyzed(&ecg[..(seconds * 130.0) as usize], 130.0).hrv;
    let (before, after) = (of(59.0), of(61.0));
    for value in [before.rmssd_ms, before.pnn50_percent, before.sd1_ms, before.sdnn_ms] {
        assert_eq!(value.reason, Some(NullReason::TooShort));
    }
    assert!([after.rmssd_ms, after.pnn50_percent, after.sd1_ms].iter().all(|v| v.value.is_some()));
    assert_eq!(after.sdnn_ms.reason, Some(NullReason::TooShort));
    let (before, after) = (of(299.0), of(301.0));
    for value in [before.sdnn_ms, before.sd2_ms, before.lf_ms2, before.hf_ms2, before.lf_hf] {
        assert_eq!(value.reason, Some(NullReason::TooShort));
    }
    assert!([after.sdnn_ms, after.sd2_ms, after.lf_ms2, after.lf_hf].iter().all(|v| v.value.is_some()));
    let sensor = |seconds| crate::hearts::sensor(TestKind::Monitor, &breathing(65.0, seconds)).hrv;
    assert_eq!(sensor(59.0).rmssd_ms.reason, Some(NullReason::TooShort));
    assert!(sensor(63.0).rmssd_ms.value.is_some() && sensor(63.0).sdnn_ms.value.is_none());
    assert!(sensor(303.0).sdnn_ms.value.is_some());
}

#[test]
fn a_drifting_rate_has_no_sdnn() {
    let mut rr = breathing(60.0, 155.0);
    rr.extend(breathing(75.0, 155.0));
    let report = sensor(TestKind::Monitor, &rr);
    assert_eq!(report.hrv.sdnn_ms.reason, Some(NullReason::NotStationary));
    assert!(report.hrv.rmssd_ms.value.is_some());
}

#[test]
fn a_pacemaker_withholds_variability() {
    let ecg = samples(&sinus(8, 65.0), 130.0, 302.0);
    let report = report_of(with_pacemaker(TestKind::Recording), recording(130.0), &[(&ecg, None)]);
    for value in [&report.hrv.rmssd_ms, &report.hrv.sdnn_ms, &report.hrv.lf_hf] {
        assert_eq!((value.value, value.reason), (None, Some(NullReason::Pacemaker)));
    }
    assert!(report.heart_rate.mean_bpm.value.is_some());
}

#[test]
fn where_pulses_of_a_pacemaker_look_like_beats_the_report_says_so() {
    let told = |request: fn(TestKind) -> Request, hz: f64| {
        let ecg = samples(&sinus(8, 65.0), hz, 32.0);
        let report = report_of(request(TestKind::Recording), recording(hz), &[(&ecg, None)]);
        assert_eq!(published(&report)["limits"], published(&report)["summary"]["limits"]);
        report.limits.contains(&Limit::PacerPulses)
    };
    assert!(told(with_pacemaker, 130.0));
    assert!(!told(with_pacemaker, 250.0));
    assert!(!told(request, 130.0));
}

fn retake(report: &Report, reason: VerdictReason, what: &str) {
    assert_eq!(report.verdict.kind, Outcome::Retake, "{what}: {:?}", report.verdict);
    assert_eq!(report.verdict.reasons.first(), Some(&reason), "{what}");
    assert!(report.heart_rate.mean_bpm.value.is_none(), "{what}: {:?}", report.heart_rate);
    assert_eq!(report.rhythm.regularity, Regularity::CannotSay, "{what}");
}

#[test]
fn what_is_no_ecg_is_to_be_repeated_and_gives_no_number() {
    let of = |noise| {
        let ecg = samples(&sinus(2, 70.0).with(noise), 130.0, 34.0);
        report_of(request(TestKind::Rest30s), strap(), &[(&ecg, None)])
    };
    retake(&of(Noise::White(Level::SnrDb(-18.0))), VerdictReason::Noise, "noise");
    retake(&of(Noise::FlatLine), VerdictReason::LeadOff, "flat line");
    retake(&of(Noise::Saturation(Microvolts(200.0))), VerdictReason::Saturation, "saturation");
    retake(&of(Noise::ElectrodeMotion(Level::SnrDb(-12.0))), VerdictReason::Motion, "motion");
    let flat = report_of(request(TestKind::Rest30s), strap(), &[(&[0.0; 4420], None)]);
    retake(&flat, VerdictReason::LeadOff, "zero");
}

#[test]
fn whatever_comes_there_is_an_answer() {
    let ecg = samples(&sinus(1, 70.0), 130.0, 31.0);
    let one = analyzed(&ecg[..130], 130.0);
    assert_eq!((one.verdict.kind, one.verdict.reasons[0]), (Outcome::Retake, VerdictReason::TooShort));
    assert!(one.heart_rate.mean_bpm.value.is_none());
    let nothing = Pipeline::new(request(TestKind::Rest30s)).finish(ID);
    assert_eq!(
        (nothing.verdict.kind, &nothing.verdict.reasons[..]),
        (Outcome::NoVerdict, &[VerdictReason::NoData][..])
    );
    for value in [nothing.heart_rate.mean_bpm, nothing.hrv.rmssd_ms, nothing.hrv.lf_hf] {
        assert_eq!(value.reason, Some(NullReason::NoSignal));
    }
    for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE] {
        let report = analyzed(&[odd; 5000], 130.0);
        assert_ne!(report.verdict.kind, Outcome::Usable, "{odd}");
        assert!(report.heart_rate.mean_bpm.value.is_none(), "{odd}");
        let mut mixed = ecg.clone();
        mixed.iter_mut().skip(1000).take(400).for_each(|x| *x = odd);
        let text = published(&analyzed(&mixed, 130.0)).to_string();
        assert!(text.contains("\"meanBpm\":{\"algorithm\":\"heartRate.mean/1\",\"evidence\":{"), "{odd}");
    }
}

#[test]
fn a_second_call_of_finish_reports_the_same_and_takes_nothing_more() {
    let ecg = samples(&sinus(1, 70.0), 130.0, 31.0);
    let mut pipeline = Pipeline::new(request(TestKind::Rest30s));
    assert!(pipeline.open_ecg(strap()));
    pipeline.push_samples(&ecg, None);
    let first = pipeline.finish(ID);
    pipeline.push_samples(&ecg, None);
    pipeline.push_device_rate(Some(70.0), &[Milliseconds(857.0)], HostTime(0.0));
    assert!(!pipeline.open_ecg(strap()));
    assert_eq!(pipeline.finish(ID), first);
}

#[test]
fn a_sensor_is_measured_by_its_intervals() {
    let report = sensor(TestKind::Rest30s, &breathing(72.0, 31.0));
    assert_eq!(report.verdict.kind, Outcome::Usable);
    assert!((number(&report.heart_rate.mean_bpm) - 72.0).abs() < 1.0);
    assert_eq!((report.usable_s, report.sampling_rate_hz), (None, None));
    assert!(report.quality.is_empty() && report.beats.is_empty());
    let uneven: Vec<f64> = (0..50).map(|i| 500.0 + f64::from((i * 7) % 11) * 60.0).collect();
    assert_eq!(sensor(TestKind::Rest30s, &uneven).rhythm.regularity, Regularity::Irregular);
}

#[test]
fn a_sensor_off_the_skin_is_lead_off_and_its_intervals_do_not_count() {
    let mut pipeline = Pipeline::new(request(TestKind::Rest30s));
    for second in 0..32 {
        pipeline.contact(Some(!(10..25).contains(&second)));
        pipeline.push_device_rate(Some(60.0), &[Milliseconds(1000.0)], HostTime(f64::from(second) * 1000.0));
    }
    let report = pipeline.finish(ID);
    assert_eq!((report.verdict.kind, report.verdict.reasons[0]), (Outcome::Retake, VerdictReason::LeadOff));
    assert_eq!(report.rr.iter().filter(|rr| rr.rejected.is_some()).count(), 15);
}
