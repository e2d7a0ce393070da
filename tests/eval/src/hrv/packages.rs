//! Every index by every recipe against what its package says of series that a formula makes
//! (tests/golden/hrv_packages.py).

use pqrst::hrv::{self, HrvRecipe};
use serde_json::{json, Value};

const GOLDEN: &str = include_str!("../../../golden/hrv_packages.v1.json");

/// Largest relative difference over the series, by recipe and index.
pub fn report(quiet: bool) -> Result<Value, String> {
    let golden: Value = serde_json::from_str(GOLDEN).map_err(|e| e.to_string())?;
    let series = golden["series"].as_array().ok_or("no series")?;
    let mut rows = Vec::new();
    if !quiet {
        println!("recipes against their packages (pqrst: its definition in exact fractions), {} series: largest relative difference", series.len());
    }
    for recipe in HrvRecipe::ALL {
        let key = serde_json::to_value(recipe).map_err(|e| e.to_string())?;
        let mut worst: Vec<(&str, f64)> = Vec::new();
        for of in series {
            let rr = made(of).ok_or("no formula")?;
            let mut ends = vec![0.0];
            rr.iter().for_each(|ms| ends.push(ends[ends.len() - 1] + ms / 1000.0));
            let mut nn = super::rejected(&super::intervals(&ends));
            // The very numbers, not differences of sums.
            nn.iter_mut().zip(&rr).for_each(|(n, ms)| (n.rr.rr.0, n.rejected) = (*ms, None));
            let theirs = &of["values"][key.as_str().unwrap_or_default()];
            for (name, ours) in hrv::indices(&nn, recipe).named() {
                let (Some(ours), Some(theirs)) = (ours, theirs[name].as_f64()) else { continue };
                let off = (ours - theirs).abs() / theirs.abs().max(1e-3);
                match worst.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, most)) => *most = most.max(off),
                    None => worst.push((name, off)),
                }
            }
        }
        if !quiet {
            let each: Vec<String> = worst.iter().map(|(name, off)| format!("{name} {off:.0e}")).collect();
            println!("  {:13}{}", recipe.name(), each.join(", "));
        }
        let each: serde_json::Map<String, Value> =
            worst.iter().map(|(name, off)| ((*name).to_owned(), json!(off))).collect();
        rows.push(json!({ "recipe": recipe.name(), "largestRelativeDifference": each }));
    }
    Ok(Value::Array(rows))
}

fn made(of: &Value) -> Option<Vec<f64>> {
    let (count, base) = (of["count"].as_u64()?, of["baseMs"].as_f64()?);
    let (whole, mut state) = (of["wholeMs"].as_bool()?, of["seed"].as_u64()?);
    let (mut time, tau) = (0.0, core::f64::consts::TAU);
    let interval = |_| {
        state = (state * 1_664_525 + 1_013_904_223) % (1 << 32);
        let mut ms = base + 28.0 * (tau * 0.09 * time).sin() + 22.0 * (tau * 0.24 * time).sin();
        ms += 60.0 * (state as f64 / f64::from(2_u32).powi(32) - 0.5);
        ms = if whole { (ms + 0.5).floor() } else { ms };
        time += ms / 1000.0;
        ms
    };
    Some((0..count).map(interval).collect())
}
