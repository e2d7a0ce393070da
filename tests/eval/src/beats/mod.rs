//! Beat classes.

use crate::records;
use crate::score::match_pairs;
use crate::Options;
use pqrst::beats::{Classifier, Rehearsal, Sighting};
use pqrst::detect::Detector;
use pqrst::dsp::Strip;
use pqrst::import::wfdb::AnnotationCode;
use pqrst::import::RecordedLead;
use pqrst::signal::{Fiducials, RPeak};
use pqrst::units::Seconds;
use std::io::Write;

pub fn class_of(code: AnnotationCode) -> usize {
    match code.0 {
        1..=3 | 11 | 34 | 25 => 0,
        4 | 7 | 8 | 9 | 35 => 1,
        5 | 10 | 41 => 2,
        6 => 3,
        _ => 4,
    }
}

/// Calls with each beat when a pipeline would.
pub fn hear(lead: &RecordedLead, mut take: impl FnMut(&Strip, Sighting)) -> Vec<i64> {
    let mut detector = Detector::new(lead.rate);
    let mut strip = Strip::new(lead.rate, Seconds(8.0));
    let mut peaks: Vec<RPeak> = Vec::new();
    let (mut beats, mut next) = (Vec::new(), 0);
    for piece in lead.samples_uv.chunks(36) {
        strip.push(piece);
        detector.push(piece, &mut peaks);
        while let Some(r) = peaks.get(next) {
            if !(strip.reaches(r.at, Seconds(1.0))
                || peaks.len() > next + 1 && strip.reaches(r.at, Classifier::AFTER))
            {
                break;
            }
            take(&strip, Sighting { r: *r, fiducials: Fiducials::default() });
            next += 1;
        }
    }
    detector.finish(&mut peaks);
    for r in peaks.get(next..).unwrap_or(&[]) {
        take(&strip, Sighting { r: *r, fiducials: Fiducials::default() });
    }
    beats.extend(peaks.iter().map(|p| p.at.0.round() as i64));
    beats
}

pub fn dump(options: &Options) -> Result<(), String> {
    let folder = options.data.join("mitdb");
    let path = options.out.clone().ok_or("--out")?;
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).map_err(|e| e.to_string())?);
    let list = records::list(&folder, "atr").ok_or("none")?;
    for record in list.iter().filter(|r| options.only.is_empty() || options.only.contains(r)) {
        let truth = records::annotations(&folder, record, "atr")?;
        for (number, lead) in records::recording(&folder, record)?.leads.iter().take(2).enumerate() {
            let mut rehearsal = Rehearsal::new();
            let beats = hear(lead, |strip, s| rehearsal.beat(strip, s));
            let inputs = rehearsal.finish();
            let marks: Vec<_> = truth.list.iter().filter(|a| a.code.is_beat()).collect();
            let at: Vec<i64> = marks.iter().map(|a| truth.place(a, lead.rate).0 as i64).collect();
            let (found, _) = match_pairs(&at, &beats, (0.150 * lead.rate.get() + 1e-9) as i64);
            let mut labels = vec![5; beats.len()];
            for (mark, found) in marks.iter().zip(&found) {
                if let Some(j) = found {
                    // flutter is out below
                    labels[*j] = class_of(mark.code);
                }
            }
            let flutter = crate::score::Matched::new(&truth, &[], lead.rate);
            for (b, label) in beats.iter().zip(&mut labels) {
                if flutter.flutters().iter().any(|(a, z)| (*a..=*z).contains(b)) {
                    *label = 6;
                }
            }
            for ((b, label), inputs) in beats.iter().zip(labels).zip(inputs) {
                let text: Vec<String> =
                    inputs.looks.iter().chain(&inputs.links).map(|v| format!("{v:.4}")).collect();
                writeln!(file, "{record},{number},{b},{label},{}", text.join(","))
                    .map_err(|e| e.to_string())?;
            }
            eprintln!("{record} {number}: {} beats", beats.len());
        }
    }
    let folder = records::unpacked(&options.data.join("cinc2017"), "training2017_even.tar.xz")?;
    let list =
        std::fs::read_to_string(options.data.join("cinc2017/REFERENCE-v3.csv")).map_err(|e| e.to_string())?;
    let mut counts = [0, 0];
    for line in list.lines() {
        let Some((record, label)) = line.split_once(',') else { continue };
        let kind = match label {
            "N" => 0,
            "A" => 1,
            _ => continue,
        };
        counts[kind] += 1;
        if counts[kind] > 400 {
            continue;
        }
        let lead = records::matlab(&folder, record)?;
        let mut rehearsal = Rehearsal::new();
        let beats = hear(&lead, |strip, s| rehearsal.beat(strip, s));
        let name = record.trim_start_matches('A').parse::<i64>().unwrap_or(0) + 100_000;
        for (b, inputs) in beats.iter().zip(rehearsal.finish()) {
            let text: Vec<String> =
                inputs.looks.iter().chain(&inputs.links).map(|v| format!("{v:.4}")).collect();
            writeln!(file, "{name},0,{b},{},{}", if kind == 0 { 0 } else { 7 }, text.join(","))
                .map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}
