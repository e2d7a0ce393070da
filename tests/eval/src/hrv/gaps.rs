//! LF, HF and LF/HF of five minutes with holes: bridged by a spline, and by the periodogram that needs none.

use super::off_percent;
use super::records::Record;
use crate::score::Draw;
use crate::streamed::quantile;
use pqrst::hrv::{self, Bands};
use pqrst::signal::{NnInterval, NnRejection};
use serde_json::{json, Value};

const WINDOW_S: f64 = 300.0;

/// Shares of a window that are cut out, and the length of each hole in seconds.
const CUT: [(f64, f64); 4] = [(0.0, 0.0), (0.10, 5.0), (0.20, 10.0), (0.30, 15.0)];

/// Median size of the difference to the whole window by Welch, percent.
pub fn report(records: &[Record], quiet: bool) -> Value {
    let windows: Vec<Vec<NnInterval>> = records.iter().flat_map(whole).collect();
    if !quiet {
        println!("{} windows of five minutes without a beat left out; holes cut into them: median difference of LF, HF, LF/HF to Welch of the whole, percent", windows.len());
    }
    let mut rows = Vec::new();
    for (share, hole_s) in CUT {
        let mut draw = Draw(3);
        let (mut bridged, mut gapped) = (Vec::new(), Vec::new());
        for window in &windows {
            let Some(truth) = hrv::bands(window) else { continue };
            let cut = with_holes(window, share, hole_s, &mut draw);
            bridged.push(errors(hrv::bands(&cut), truth));
            gapped.push(errors(hrv::gapped_bands(&cut), truth));
        }
        let of = |errors: &[[f64; 3]], which: usize| {
            let mut sizes: Vec<f64> = errors.iter().map(|e| e[which]).filter(|e| e.is_finite()).collect();
            quantile(&mut sizes, 0.5)
        };
        let all = |errors: &[[f64; 3]]| [of(errors, 0), of(errors, 1), of(errors, 2)];
        let (bridged, gapped) = (all(&bridged), all(&gapped));
        if !quiet {
            println!(
                "  {:3.0} % in holes of {hole_s:4.1} s: spline and Welch {:5.1} {:5.1} {:5.1}, Lomb-Scargle {:5.1} {:5.1} {:5.1}",
                100.0 * share, bridged[0], bridged[1], bridged[2], gapped[0], gapped[1], gapped[2],
            );
        }
        rows.push(json!({ "share": share, "holeS": hole_s, "welch": bridged, "lombScargle": gapped }));
    }
    json!({ "windows": windows.len(), "rows": rows })
}

fn errors(found: Option<Bands>, truth: Bands) -> [f64; 3] {
    let off = |pick: fn(Bands) -> Option<f64>| {
        off_percent(found.and_then(pick), pick(truth)).map_or(f64::NAN, f64::abs)
    };
    [off(|b| Some(b.lf_ms2)), off(|b| Some(b.hf_ms2)), off(Bands::ratio)]
}

/// Windows of a record in which every interval counts.
fn whole(record: &Record) -> Vec<Vec<NnInterval>> {
    let all = super::rejected(&super::intervals(&record.annotated_s));
    let end = record.annotated_s.last().copied().unwrap_or(0.0);
    let windows = (end / WINDOW_S).floor() as usize;
    (0..windows)
        .map(|i| {
            let from = i as f64 * WINDOW_S;
            all.iter().filter(|n| (from..from + WINDOW_S).contains(&n.rr.end.0)).copied().collect::<Vec<_>>()
        })
        .filter(|window| !window.is_empty() && window.iter().all(|n| n.rejected.is_none()))
        .collect()
}

fn with_holes(window: &[NnInterval], share: f64, hole_s: f64, draw: &mut Draw) -> Vec<NnInterval> {
    let mut cut = window.to_vec();
    let first = window.first().map_or(0.0, |n| n.rr.end.0);
    let target = (share * window.len() as f64) as usize;
    while cut.iter().filter(|n| n.rejected.is_some()).count() < target {
        let from = first + draw.uniform() * (WINDOW_S - hole_s);
        for n in cut.iter_mut().filter(|n| (from..from + hole_s).contains(&n.rr.end.0)) {
            n.rejected = Some(NnRejection::PoorQuality);
        }
    }
    cut
}
