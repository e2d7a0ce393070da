//! What is written is read back as it was, in microvolts.

use super::goldens::{all, same};
use super::real;
use pqrst::export::local::{LocalFiles, WRITERS};
use pqrst::import::{read, MemorySource, RecordedLead, Recording};
use pqrst::units::Hertz;
use proptest::prelude::*;

fn back(files: &LocalFiles) -> Recording {
    let mut source = MemorySource::new();
    files.files.iter().for_each(|(name, bytes)| source.insert(name, bytes.clone()));
    let read = |name: &str| read(&source, name).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut recording = read(&files.files[0].0);
    // Leads of another rate have a table of their own.
    for (name, _) in files.files.iter().skip(1).filter(|(name, _)| name.ends_with(".csv")) {
        recording.leads.extend(read(name).leads);
    }
    recording
}

/// Within a bit of the last place of the sample or of a step, or within what the writer says that it rounded.
fn agree(a: &[f32], b: &[f32], rounding_uv: f64, step_uv: f64) -> bool {
    let near = |x: f32, y: f32| {
        let far = (f64::from(x) - f64::from(y)).abs();
        far <= rounding_uv * 1.001 + 2.5e-7 * f64::from(x.abs()).max(step_uv)
    };
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| near(*x, *y) || x.is_nan() && y.is_nan())
}

fn check(recording: &Recording, what: &str, exact: bool) {
    for writer in WRITERS {
        let files = match (writer.write)(recording, "r") {
            Ok(files) => files,
            Err(error) => panic!("{what} as {}: {error}", writer.id),
        };
        // The eight characters of EDF's voltages may cost a fiftieth of a step.
        let least = recording.leads.iter().filter_map(|l| l.step_uv).fold(1.0, f64::min);
        let allowed = if writer.id == "edf" { 0.02 * least } else { 0.0 };
        assert!(!exact || files.rounding_uv <= allowed, "{what} as {}: {} uV", writer.id, files.rounding_uv);
        let again = back(&files);
        let mut leads: Vec<&RecordedLead> = recording.leads.iter().collect();
        if writer.id == "csv" {
            let place = |l: &RecordedLead| recording.leads.iter().position(|f| f.rate == l.rate);
            leads.sort_by_key(|l| place(l));
        }
        assert_eq!(leads.len(), again.leads.len(), "{what} as {}", writer.id);
        for (i, (lead, read)) in leads.iter().zip(&again.leads).enumerate() {
            // A record of several rates or lengths goes to several tables, or is filled up.
            let length = lead.samples_uv.len().min(read.samples_uv.len());
            let filled = read.samples_uv.iter().skip(length).all(|v| v.is_nan());
            assert!(length == lead.samples_uv.len() && filled, "{what} as {}, lead {i}: {length}", writer.id);
            assert!((lead.rate.get() - read.rate.get()).abs() < 1e-6, "{what} as {}", writer.id);
            let mut pairs = lead.samples_uv.iter().zip(&read.samples_uv);
            let step_uv = lead.step_uv.unwrap_or(1.0);
            let first = pairs.position(|(a, b)| !agree(&[*a], &[*b], files.rounding_uv, step_uv));
            assert!(first.is_none(), "{what} as {}, lead {i}, sample {first:?}", writer.id);
        }
        if writer.id == "csv" {
            assert!(
                same(
                    &recording.leads[0].samples_uv,
                    &again.leads[0].samples_uv[..recording.leads[0].samples_uv.len()]
                ),
                "{what}"
            );
        }
    }
}

#[test]
fn goldens_survive_every_writer() {
    for golden in all() {
        let recording = read(&golden.source(), golden.first).expect(golden.first);
        // 24 bits do not fit into EDF's 16; everything else is kept as it is.
        check(&recording, golden.first, golden.first != "a.bdf");
    }
}

#[test]
fn real_records_survive_every_writer() {
    for (name, source, first) in real::sets() {
        let recording = read(&source, &first).unwrap_or_else(|e| panic!("{name}: {e}"));
        check(&recording, &name, !name.contains("binformats") && !name.contains("flacformats"));
    }
}

/// Converters whose zero lies between two voltages, over the whole of their range.
#[test]
fn an_offset_within_a_step_survives_edf() {
    let edf = WRITERS.iter().find(|w| w.id == "edf").expect("edf");
    for (low_uv, high_uv) in [(-3200.0, 3200.5), (-3200.0, 3200.0), (-3276.8, 3276.7), (-5000.25, 4999.5)] {
        let step_uv = (high_uv - low_uv) / 65_535.0;
        let uv = |digital: i16| ((f64::from(digital) + 32_768.0) * step_uv + low_uv) as f32;
        let samples_uv: Vec<f32> = (i16::MIN..=i16::MAX).step_by(5).map(uv).collect();
        let rate = Hertz::new(250.0).expect("a rate");
        let step_uv = Some(step_uv);
        let lead = RecordedLead { name: "II".to_owned(), rate, samples_uv, step_uv, checksum_agrees: None };
        let recording = Recording { leads: vec![lead], marks: Vec::new(), gaps: Vec::new() };
        let files = (edf.write)(&recording, "r").expect("edf");
        assert!(files.rounding_uv < 1e-4, "{low_uv} to {high_uv}: {} uV", files.rounding_uv);
        let (before, after) = (&recording.leads[0].samples_uv, &back(&files).leads[0].samples_uv);
        assert!(agree(before, after, files.rounding_uv, 0.1), "{low_uv} to {high_uv}");
    }
}

#[test]
fn beats_that_a_record_marks_are_kept() {
    let golden = all().into_iter().find(|g| g.importer == "alivecor").expect("alivecor");
    let recording = read(&golden.source(), golden.first).expect("alivecor");
    let wfdb = WRITERS.iter().find(|w| w.id == "wfdb").expect("wfdb");
    let mut source = MemorySource::new();
    for (name, bytes) in (wfdb.write)(&recording, "r").expect("written").files {
        source.insert(&name, bytes);
    }
    let marks = pqrst::import::wfdb::read_annotations(&source, "r.atr").expect("annotations");
    assert_eq!(marks.list.iter().map(|a| (a.at.0, a.code.0)).collect::<Vec<_>>(), [(150, 5), (180, 12)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_samples_survive_every_writer(
        units in prop::collection::vec(prop_oneof![9 => (-20_000_i32..20_000).prop_map(Some), 1 => Just(None)], 1..700),
        step in prop_oneof![Just(2.5), Just(4.88), Just(1000.0 / 7247.0), Just(0.381_469_726_563), 0.001_f64..50.0],
        rate in prop_oneof![Just(250.0), Just(130.0), Just(130.34), Just(62.4725), Just(500.0), 50.0_f64..2000.0],
    ) {
        let samples_uv: Vec<f32> = units.iter().map(|u| u.map_or(f32::NAN, |u| (f64::from(u) * step) as f32)).collect();
        let rate = Hertz::new(rate).expect("a rate");
        let lead = RecordedLead { name: "II".to_owned(), rate, samples_uv, step_uv: Some(step), checksum_agrees: None };
        let recording = Recording { leads: vec![lead], marks: Vec::new(), gaps: Vec::new() };
        for writer in WRITERS {
            let files = (writer.write)(&recording, "r").expect(writer.id);
            // EDF's eight characters tilt the scale by less than a hundredth of a step.
            let allowed = if writer.id == "edf" { 0.01 * step } else { 0.0 };
            prop_assert!(files.rounding_uv <= allowed, "{}", writer.id);
            let again = back(&files);
            prop_assert!((again.leads[0].rate.get() - rate.get()).abs() < 1e-4 * rate.get(), "{}", writer.id);
            let (before, after) = (&recording.leads[0].samples_uv, &again.leads[0].samples_uv);
            prop_assert!(agree(before, after, files.rounding_uv, step), "{}", writer.id);
        }
    }
}
