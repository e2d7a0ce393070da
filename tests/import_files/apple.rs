//! Apple Health exports in languages of the phone, none of whose words are known to the reader.

use pqrst::import::{importer, read, MemorySource};

/// A header, and 2000 numbers.
fn export(header: &str) -> MemorySource {
    let mut text = format!("{header}\n\n");
    (0..2000).for_each(|i| text += &format!("{:.1}\n", f64::from(i) - 999.5));
    let mut source = MemorySource::new();
    source.insert("ecg.csv", text.into_bytes());
    source
}

#[test]
fn every_number_is_a_sample_in_any_language() {
    for (lead, name) in [
        ("导联,I导联", "I"),
        ("誘導,第I誘導", "I"),
        ("Отведение,Отведение I", "I"),
        ("導程,V2 導程", "V2"),
        ("Kytkentä,ensimmäinen", "I"),
        ("", "I"),
    ] {
        for rate in
            ["Sample Rate,512 hertz", "采样率,512赫兹", "サンプルレート,512ヘルツ", "Частота,\"512 Гц\""]
        {
            let source =
                export(&format!("Name,V\nBorn,1 Jan 1970\nDevice,Watch\n{rate}\n\n\n{lead}\nUnit,µV"));
            assert_eq!(importer(&source, "ecg.csv").expect(lead).id, "apple-health", "{lead} {rate}");
            let r = read(&source, "ecg.csv").unwrap_or_else(|e| panic!("{lead} {rate}: {e}"));
            assert_eq!((r.leads[0].name.as_str(), r.leads[0].rate.get()), (name, 512.0), "{lead} {rate}");
            let samples: Vec<f32> = (0..2000).map(|i| i as f32 - 999.5).collect();
            assert!(
                r.leads[0].samples_uv == samples,
                "{lead} {rate}: {} samples",
                r.leads[0].samples_uv.len()
            );
        }
    }
}

#[test]
fn a_unit_comes_from_the_line_that_is_one() {
    for (header, uv) in [
        ("Name,V\nRate,512 hertz\nLead,Lead I\nUnit,mV", -999_500.0),
        ("Nom,mV\nFréquence,512 hertz\nUnité,µV\nDérivation,Dérivation I", -999.5),
        ("Name,uV\nRate,512 hertz\nLead,V\nUnit,mV", -999_500.0),
    ] {
        let r = read(&export(header), "ecg.csv").unwrap_or_else(|e| panic!("{header}: {e}"));
        assert_eq!(r.leads[0].samples_uv[0], uv, "{header}");
    }
    let source = export("Name,V\nRate,512 hertz\nLead,Lead I");
    assert_eq!(importer(&source, "ecg.csv").expect("the ending").id, "csv", "no unit: a name is none");
}
