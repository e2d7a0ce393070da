//! Red flags with the usual limits on recordings that people labelled: how often one is raised, and on normal hearts
//! how often for nothing.

use crate::af::series::{cinc_labels, cinc_lead, CINC_LABELS};
use crate::bootstrap::{figure, Figure};
use crate::streamed::stream;
use crate::{records, Options};
use pqrst::pipeline::{RedFlag, RedFlagRow, TestKind};
use serde_json::json;

const FLAGS: [RedFlag; 5] =
    [RedFlag::RateAbove, RedFlag::RateBelow, RedFlag::Pause, RedFlag::WideRun, RedFlag::RapidIrregular];

/// A recording: its name, its label, and the flags that it raises.
struct Recording {
    name: String,
    label: char,
    flags: Vec<RedFlagRow>,
}

/// Share of recordings of a label with a flag that `counts`, in percent.
fn share(of: &[&Recording], counts: impl Fn(&RedFlagRow) -> bool) -> Figure {
    let raised: Vec<bool> = of.iter().map(|r| r.flags.iter().any(&counts)).collect();
    figure(of.len(), |picked| {
        100.0 * picked.iter().filter(|i| raised[**i]).count() as f64 / picked.len().max(1) as f64
    })
}

/// Prints the table or JSON; with `--all` also which normal recordings raise what.
pub fn run(options: &Options) -> Result<(), String> {
    let folder = options.data.join("cinc2017");
    let files = records::unpacked(&folder, "training2017_even.tar.xz")?;
    let mut all = Vec::new();
    for (name, label) in cinc_labels(&folder)? {
        let lead = cinc_lead(&files, &name)?;
        let flags = stream(&lead.samples_uv, lead.rate, TestKind::Rest30s, None).report.red_flags;
        all.push(Recording { name, label, flags });
    }
    let mut rows = serde_json::Map::new();
    if !options.json {
        println!("cinc2017, {} recordings of 9 to 61 s through the whole pipeline, usual limits: share that raises a flag, %", all.len());
    }
    for (label, name) in CINC_LABELS {
        let own: Vec<&Recording> = all.iter().filter(|r| r.label == label).collect();
        let any = share(&own, |_| true);
        let each = FLAGS.map(|flag| share(&own, |row| row.flag == flag).own);
        if options.json {
            let by: serde_json::Map<_, _> =
                FLAGS.iter().zip(each).map(|(flag, share)| (format!("{flag:?}"), json!(share))).collect();
            rows.insert(name.to_owned(), json!({ "any": [any.own, any.low, any.high], "each": by }));
            continue;
        }
        let list: Vec<String> =
            FLAGS.iter().zip(each).map(|(flag, share)| format!("{flag:?} {share:.1}")).collect();
        println!(
            "{name:8} {:5} recordings: any {:.1} ({:.1} to {:.1}); {}",
            own.len(),
            any.own,
            any.low,
            any.high,
            list.join(", ")
        );
    }
    if options.json {
        println!("{}", serde_json::Value::Object(rows));
    } else if options.all {
        for r in all.iter().filter(|r| r.label == 'N' && !r.flags.is_empty()) {
            let list: Vec<String> =
                r.flags.iter().map(|row| format!("{:?} {:.1}", row.flag, row.value)).collect();
            println!("  {} {}", r.name, list.join(", "));
        }
    }
    Ok(())
}
