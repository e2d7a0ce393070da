//! What `eval qrs` prints.

use super::Scored;
use crate::bootstrap::Figure;
use crate::score::Counts;
use crate::Options;
use serde_json::{json, Value};

/// Prints a set's tables.
pub fn print(scored: &Scored, options: &Options) {
    let rows = &scored.rows;
    println!("{}, window 150 ms", scored.folder);
    println!(
        "record        TP    FN    FP     Se %     +P %     F1 %  bias ms  SD ms | F1 % from 5:00 | in noise"
    );
    // Of many short records only those with errors are worth a line.
    for row in rows.iter().filter(|r| rows.len() < 40 || r.whole.r#fn + r.whole.fp > 0) {
        line(&row.record, &row.whole, &row.after_learning, row.in_noise.as_ref());
        if !options.only.is_empty() {
            let errors: Vec<_> = row.whole.errors.iter().map(|(t, sign)| format!("{sign}{t}")).collect();
            println!("  {}", errors.join(" "));
        }
    }
    line("gross", &scored.gross(), &scored.gross_later(), None);
    let (se, ppv, f1) = scored.average();
    println!("average {se:>37.3} {ppv:8.3} {f1:8.3}");
    let Figure { low, high, .. } = scored.f1();
    println!("gross F1, 95 % interval over records: {low:.3} to {high:.3}");
    for peer in &scored.peers {
        let Figure { own, low, high } = peer.ahead;
        println!("  {:20} F1 {:.3}; ours less that {own:+.3} ({low:+.3} to {high:+.3})", peer.name, peer.f1);
    }
    let gross = scored.gross();
    println!(
        "R peak: SD {:.2} ms over all beats; median distance {} samples over normal ones",
        gross.bias_and_sd_ms().1,
        gross.median_normal_samples()
    );
    let worst: Vec<String> =
        scored.worst().iter().map(|(r, s, a, b)| format!("{r} {} -{a} +{b}", minutes(*s))).collect();
    println!("worst 10 s (missed, false): {}", worst.join("; "));
    println!("beat to report: median {:.0} ms, 99 % within {:.0} ms", scored.delay_ms.0, scored.delay_ms.1);
    println!("detector {:.1} ns a sample over {} samples\n", scored.ns_per_sample, scored.samples);
}

/// Seconds as m:ss.
pub fn minutes(seconds: f64) -> String {
    format!("{}:{:02}", seconds as u64 / 60, seconds as u64 % 60)
}

fn line(name: &str, whole: &Counts, later: &Counts, noise: Option<&Counts>) {
    let (bias, sd) = whole.bias_and_sd_ms();
    let noise = noise.map_or(String::new(), |n| format!("{:8.2}", n.f1()));
    // Short records end before the learning period does.
    let later = if later.f1().is_finite() { format!("{:.3}", later.f1()) } else { "-".to_owned() };
    println!(
        "{name:8} {:7} {:5} {:5} {:8.3} {:8.3} {:8.3} {bias:8.2} {sd:6.2} | {later:>14} | {noise}",
        whole.tp,
        whole.r#fn,
        whole.fp,
        whole.se(),
        whole.ppv(),
        whole.f1()
    );
}

/// The result as JSON; what was not measured is null.
pub fn to_json(scored: &Scored) -> Value {
    let counts = |c: &Counts| {
        let (bias, sd) = c.bias_and_sd_ms();
        json!({"tp": c.tp, "fn": c.r#fn, "fp": c.fp, "f1": c.f1(), "biasMs": bias, "sdMs": sd,
               "normalMedianSamples": c.median_normal_samples()})
    };
    let records: Vec<Value> = scored
        .rows
        .iter()
        .map(|r| {
            json!({"record": r.record, "whole": counts(&r.whole), "from5min": counts(&r.after_learning),
                   "inNoise": r.in_noise.as_ref().map(counts)})
        })
        .collect();
    let worst: Vec<Value> = scored
        .worst()
        .iter()
        .map(|(r, s, a, b)| json!({"record": r, "startS": s, "missed": a, "false": b}))
        .collect();
    let ahead = |a: &Figure| json!({"f1": a.own, "interval95": [a.low, a.high]});
    let peers: Vec<Value> = scored
        .peers
        .iter()
        .map(|p| json!({"name": p.name, "f1": p.f1, "oursLess": ahead(&p.ahead)}))
        .collect();
    json!({
        "records": records, "gross": counts(&scored.gross()), "grossFrom5min": counts(&scored.gross_later()),
        "f1Interval95": [scored.f1().low, scored.f1().high], "peers": peers, "worst": worst,
        "delayMs": {"median": scored.delay_ms.0, "p99": scored.delay_ms.1},
        "detectorNsPerSample": scored.ns_per_sample,
    })
}
