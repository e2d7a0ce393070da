//! Plain columns of numbers as spreadsheets, loggers and scripts write them.

use pqrst::import::{open, Hints, MemorySource, Recording, VoltageUnit};

fn table(name: &str, text: &str, hints: &Hints) -> Result<Recording, &'static str> {
    let mut source = MemorySource::new();
    source.insert(name, text.as_bytes().to_vec());
    open(&source, name, hints).and_then(|o| o.read(&source)).map_err(|e| e.code())
}

fn mapped(columns: &[usize]) -> Hints {
    let unit = Some(VoltageUnit::Millivolt);
    Hints { rate_hz: Some(250.0), unit, columns: columns.to_vec(), ..Hints::default() }
}

fn samples(recording: &Recording) -> Vec<String> {
    recording.leads.iter().map(|l| format!("{} {:?}", l.name, l.samples_uv)).collect()
}

#[test]
fn only_mapped_columns_are_judged() {
    let rows = "when,II,note,V1\n2020-01-31T23:59:59.996Z,0.1,rest,0.5\n2020-01-31T23:59:59.998Z,NaN,,\n\
                2020-02-01T00:00:00.000Z,0.2,\"stairs, up\",0.25\n";
    let r = table("a.csv", rows, &mapped(&[2, 4])).expect("two leads");
    assert_eq!(samples(&r), ["II [100.0, NaN, 200.0]", "V1 [500.0, NaN, 250.0]"]);
    assert!(table("a.csv", rows, &mapped(&[2, 3])).is_err(), "a lead of words");
    assert_eq!(table("a.csv", rows, &mapped(&[7])).err(), Some("import.invalid"), "no such column");
    let rows = "no;text;mV\n1;a;0,1\n2;b;-\n3;c\n4;d;0,2\n";
    let hints = Hints { columns: vec![3], ..mapped(&[]) };
    assert_eq!(table("a.csv", rows, &hints).err(), Some("import.invalid"), "a row without the lead");
    let r = table("a.csv", &rows.replace("3;c\n", "3;c;\n"), &hints).expect("a lead");
    assert_eq!(samples(&r), ["mV [100.0, NaN, NaN, 200.0]"]);
}

#[test]
fn times_of_day_tell_rate_and_gaps() {
    let mut text = "date,II_mV\n".to_owned();
    for i in (0..1250).filter(|i| !(600..700).contains(i)) {
        text += &format!("2020-01-31 10:00:{:06.3},0.1\n", f64::from(i) / 250.0 + 50.0);
    }
    let r = table("a.csv", &text, &Hints::default()).expect("a lead");
    let missing = r.leads[0].samples_uv.iter().filter(|v| v.is_nan()).count();
    assert_eq!((r.leads[0].rate.get(), r.gaps.len(), missing), (250.0, 1, 100));
}

#[test]
fn a_gap_over_midnight_has_its_length() {
    for (before, after, dated) in
        [("23:59:", "00:00:", false), ("2020-01-31 23:59:", "2020-02-01T00:00:", true)]
    {
        let mut text = "date,II_mV\n".to_owned();
        for i in (0..1250).filter(|i| !(400..700).contains(i)) {
            let (day, s) = if i < 500 { (before, 58.0) } else { (after, -2.0) };
            text += &format!("{day}{:06.3},0.1\n", f64::from(i) / 250.0 + s);
        }
        let r = table("a.csv", &text, &Hints::default()).expect("a lead");
        let missing = r.leads[0].samples_uv.iter().filter(|v| v.is_nan()).count();
        assert_eq!((r.leads[0].rate.get(), r.gaps.len(), missing), (250.0, 1, 300), "{dated}");
    }
    // Seconds that begin anew are another matter.
    let r =
        table("a.csv", "time_s,II_mV\n50000,1\n50000.004,2\n50000.008,2\n0,1\n0.004,1\n", &Hints::default());
    assert_eq!(r.expect("a lead").gaps.len(), 0);
}

/// Two stretches of 50 Hz, each from a moment on: what stands before the seconds, and the seconds. Length of each in rows.
fn stretches(parts: [(&str, f64); 2], rows: usize) -> String {
    let mut text = "date,II_mV\n".to_owned();
    for (before, s) in parts {
        (0..rows).for_each(|i| text += &format!("{before}{:06.3},0.1\n", i as f64 / 50.0 + s));
    }
    text
}

/// Start and length of the gaps in seconds, and the missing samples.
type Gaps = (Vec<(f64, f64)>, usize);

fn gaps(text: &str, hints: &Hints) -> Result<Gaps, &'static str> {
    let r = table("a.csv", text, hints)?;
    let missing = r.leads[0].samples_uv.iter().filter(|v| v.is_nan()).count();
    Ok((r.gaps.iter().map(|g| (g.start.0, g.duration.0)).collect(), missing))
}

#[test]
fn dates_tell_how_long_a_gap_over_midnight_is() {
    const DAY_S: f64 = 86_400.0;
    // Two seconds before 20:00, then from 10:00 on: fourteen hours later on the next day.
    let next_morning = Ok((vec![(2.0, 50_400.0)], 50_400 * 50));
    for [before, after] in [
        ["2026-01-02 ", "2026-01-03 "],
        ["2026-01-02T", "2026-01-03T"],
        ["2026-01-31 ", "2026-02-01 "],
        ["2026-02-28T", "2026-03-01T"],
        ["2025/12/31 ", "2026/1/1 "],
        ["02.01.2026 ", "03.01.2026 "],
        ["31.12.2025 ", "1.1.2026 "],
        ["02/01/2026 ", "03/01/2026 "],
        ["01/02/2026 ", "01/03/2026 "],
        ["31/01/2026 ", "01/02/2026 "],
        ["01/31/2026 ", "02/01/2026 "],
        ["02-28-2026 ", "03-01-2026 "],
    ] {
        let text = stretches([(&format!("{before}19:59:"), 58.0), (&format!("{after}10:00:"), 0.0)], 100);
        assert_eq!(gaps(&text, &Hints::default()), next_morning, "{before}{after}");
        // In a column of their own, which nobody has to name.
        let text = text.replace(before, &before.replace([' ', 'T'], ","));
        let text = text.replace(after, &after.replace([' ', 'T'], ",")).replace("date,", "date,time,");
        let hints = Hints { columns: vec![3], ..Hints::default() };
        assert_eq!(gaps(&text, &hints), next_morning, "{before}{after} apart");
    }
    let zoned =
        stretches([("2026-01-31T19:59:", 58.0), ("2026-02-01T10:00:", 0.0)], 100).replace(",0.1", "Z,0.1");
    assert_eq!(gaps(&zoned, &Hints::default()), next_morning);
    // The record has bytes enough for two days and a half.
    for (before, after, days) in [("2024-02-28 ", "2024-03-01 ", 2.0), ("03/04/2026 ", "06/04/2026 ", 3.0)] {
        let text = stretches([(&format!("{before}20:00:"), 0.0), (&format!("{after}08:00:"), 0.0)], 45_000);
        let length_s = days * DAY_S - 12.0 * 3600.0 - 900.0;
        assert_eq!(gaps(&text, &Hints::default()), Ok((vec![(900.0, length_s)], (length_s * 50.0) as usize)));
    }
}

#[test]
fn dates_that_are_wrong_tear_no_gaps() {
    // 500 rows over midnight; dates that turn with the clock, late, early, never, and back.
    for (first, turns) in [(2, 250), (2, 253), (2, 247), (2, 500), (9, 250)] {
        let mut text = "date,II_mV\n".to_owned();
        for i in 0..500 {
            let (clock, s) = if i < 250 { ("23:59", 55.0) } else { ("00:00", -5.0) };
            let day = if i < turns { first } else { 3 };
            text += &format!("2026-01-{day:02} {clock}:{:06.3},0.1\n", f64::from(i) / 50.0 + s);
        }
        assert_eq!(gaps(&text, &Hints::default()), Ok((vec![], 0)), "{first} {turns}");
    }
    // A date that stays while the time falls by more than half a day is late; one that cannot be read says nothing.
    for (before, after) in
        [("2026-01-02 ", "2026-01-02 "), ("2026-13-02 ", "2026-13-03 "), ("02.01.26 ", "05.01.26 ")]
    {
        let text = stretches([(&format!("{before}23:59:"), 58.0), (&format!("{after}01:00:"), 0.0)], 100);
        assert_eq!(gaps(&text, &Hints::default()), Ok((vec![(2.0, 3600.0)], 3600 * 50)), "{before}");
    }
    // Dates that fall are no gap, as times that fall are none.
    let text = stretches([("2026-01-05 10:00:", 0.0), ("2026-01-02 11:00:", 0.0)], 100);
    assert_eq!(gaps(&text, &Hints::default()), Ok((vec![], 0)));
}

#[test]
fn a_gap_that_dates_announce_too_long_is_refused() {
    let refused = |after: &str| {
        let text = stretches([("2026-01-02 20:00:", 0.0), (&format!("{after} 10:00:"), 0.0)], 100);
        gaps(&text, &Hints::default()).err()
    };
    assert_eq!(refused("2026-01-03"), None);
    assert_eq!(refused("2026-01-04"), Some("import.tooLarge"), "more than the record has bytes for");
    assert_eq!(refused("2026-01-10"), Some("import.invalid"), "more than a week");
    assert_eq!(refused("9999-12-31"), Some("import.invalid"));
}

#[test]
fn one_column_may_have_decimal_commas() {
    for (text, name) in [
        ("-0,123\n0,5\n0,25\n", ""),
        ("-0,123\r\n0,5\r\n0,25\r\n", ""),
        ("II\n-0,123\n0,5\n0,25\n", "II"),
        ("\"II\"\n\"mV\"\n-0,123\n0,5\n0,25\n\n", "II"),
    ] {
        for columns in [&[][..], &[1]] {
            let r = table("a.txt", text, &mapped(columns)).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(samples(&r), [format!("{name} [-123.0, 500.0, 250.0]")], "{text}");
        }
    }
    let whole = table("a.csv", "1,5\n0\n-1,5\n", &mapped(&[])).expect("a whole number among them");
    assert_eq!(samples(&whole), [" [1500.0, 0.0, -1500.0]"]);
    // Two columns: by the title, by the mapping, because the first counts, because of points.
    let two = |text: &str, columns: &[usize]| samples(&table("a.csv", text, &mapped(columns)).expect("two"));
    assert_eq!(two("n,II\n0,5\n0,6\n", &[]), ["II [5000.0, 6000.0]"]);
    assert_eq!(two("0,5\n0,6\n", &[2]), [" [5000.0, 6000.0]"]);
    assert_eq!(two("1,5\n2,6\n3,7\n", &[]), [" [5000.0, 6000.0, 7000.0]"]);
    assert_eq!(two("0,0.5\n0,0.6\n", &[]), [" [500.0, 600.0]"]);
    // Nobody knows: commas between and in the numbers.
    let refused = |text: &str| table("a.csv", text, &mapped(&[])).err();
    assert_eq!(refused("t,II\n0,000,0,123\n0,004,0,5\n"), Some("import.unmapped"));
    assert_eq!(refused("II\n0,1\n0,-2\n"), Some("import.unmapped"));
}

#[test]
fn a_stated_rate_and_times_in_another_unit_agree() {
    let rows = |ms: &dyn Fn(u32) -> f64| {
        let mut text = "t;I;II\n".to_owned();
        (0..2000).for_each(|i| text += &format!("{};0,{i:04};1\n", ms(i)));
        text
    };
    let read = |text: &str| {
        let r = table("a.csv", text, &mapped(&[])).expect("two leads");
        (r.leads.iter().map(|l| l.samples_uv.len()).collect::<Vec<_>>(), r.gaps.len())
    };
    let step = |unit: f64| move |i: u32| f64::from(i) * 4.0 * unit;
    for unit in [1e-3, 1.0, 1e3, 1e6] {
        assert_eq!(read(&rows(&step(unit))), (vec![2000, 2000], 0), "{unit}");
    }
    let torn = rows(&|i| f64::from(i) * 4.0 + if i < 500 { 0.0 } else { 400.0 });
    assert_eq!(read(&torn), (vec![2100, 2100], 1), "a gap of 0.4 s in milliseconds");
    // Times that tell another rate, or stand still for a second, tell no gaps.
    assert_eq!(read(&rows(&|i| f64::from(i) * 8.0)), (vec![2000, 2000], 0));
    assert_eq!(read(&rows(&|i| f64::from(i / 250))), (vec![2000, 2000], 0));
}

#[test]
fn blanks_part_columns() {
    for text in [
        "time_s II_mV V1_mV\n0.000 0.1 0.2\n0.004 0.3 0.4\n",
        "  time_s   II_mV   V1_mV\n  0.000   0.1   0.2\n  0.004   0.3   0.4  \n",
        "time_s II_mV V1_mV\n0,000 0,1 0,2\n0,004 0,3 0,4\n",
        "time_s \t II_mV V1_mV\n0.000 0.1\t0.2\n0.004\t\t0.3 0.4\n",
    ] {
        let r = table("a.txt", text, &Hints::default()).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!((r.leads[0].rate.get(), r.gaps.len()), (250.0, 0), "{text}");
        assert_eq!(samples(&r), ["II [100.0, 300.0]", "V1 [200.0, 400.0]"], "{text}");
    }
    let r =
        table("a.txt", "ECG written by a script\n1 0.1 0.2\n2 0.3 nan\n", &mapped(&[])).expect("two leads");
    assert_eq!(samples(&r), [" [100.0, 300.0]", " [200.0, NaN]"]);
    assert_eq!(table("a.txt", "0.1 0.2\n0.3 rest\n", &mapped(&[])).err(), Some("import.invalid"));
}
