//! Whether a lead upside down is told from one that is not: leads as they are, and turned over.

use super::chain::{self, Turn};
use crate::records;
use pqrst::delineate::{Delineator, Directions, Polarity};
use pqrst::import::RecordedLead;
use serde_json::{json, Value};
use std::path::Path;

/// Leads of LUDB in which the waves of most hearts point up: I, II, V5 and V6.
const UPRIGHT: [usize; 4] = [0, 1, 10, 11];
/// Seconds of a record that are heard.
const HEARD_S: f64 = 300.0;

fn polarity(lead: &RecordedLead, sign: f32) -> Polarity {
    let count = ((HEARD_S * lead.rate.get()) as usize).min(lead.samples_uv.len());
    let samples: Vec<f32> = lead.samples_uv[..count].iter().map(|x| sign * x).collect();
    let (mut delineator, mut directions) = (Delineator::new(), Directions::default());
    chain::beats(&samples, lead.rate, |Turn { strip, r, before, after }| {
        directions.observe(strip, &delineator.beat(strip, r, before, after));
    });
    directions.polarity()
}

/// Leads that were told to be upside down as they are, and turned over, by set.
pub fn run(data: &Path, quiet: bool) -> Result<Value, String> {
    let mut sets: Vec<(&str, Vec<RecordedLead>)> = Vec::new();
    let ludb = data.join("ludb");
    for (name, number) in ["LUDB I", "LUDB II", "LUDB V5", "LUDB V6"].into_iter().zip(UPRIGHT) {
        let list = records::list(&ludb, "ii").ok_or("no recordings of LUDB")?;
        let lead = |r: String| Ok(records::recording(&ludb, &r)?.leads.swap_remove(number));
        sets.push((name, list.into_iter().map(lead).collect::<Result<_, String>>()?));
    }
    let mitdb = data.join("mitdb");
    let list = records::list(&mitdb, "atr").ok_or("no recordings of MITDB")?;
    let leads: Result<_, String> = list.iter().map(|r| records::lead(&mitdb, r, None)).collect();
    sets.push(("MITDB 0", leads?));
    let rows = sets.iter().map(|(name, leads)| {
        let told = |sign: f32| leads.iter().filter(|l| polarity(l, sign) == Polarity::LikelyInverted).count();
        let (upright, over, all) = (told(1.0), told(-1.0), leads.len());
        if !quiet {
            println!(
                "  {name:8} likely inverted: {upright} of {all} as they are, {over} of {all} turned over"
            );
        }
        json!({ "set": name, "leads": all, "toldAsTheyAre": upright, "toldTurnedOver": over })
    });
    Ok(rows.collect())
}
