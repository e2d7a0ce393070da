//! Atrial fibrillation from RR intervals on the MIT-BIH AF Database (development half): automatic beats, rhythm by people.
//! `cargo test -p pqrst --test core rhythm -- --nocapture` prints the table.

use crate::files::{folder, records};
use crate::hearts::hertz;
use pqrst::import::wfdb::{read_annotations, Annotations};
use pqrst::import::MemorySource;
use pqrst::rhythm::{AfBeat, AfSpan, AfTrack};
use pqrst::signal::{IntervalSource, RrInterval};
use pqrst::units::{Milliseconds, Seconds};
use std::path::Path;

const HZ: f64 = 250.0;
/// Percent of the beats in fibrillation that must be told so, and of the others that must not, in the spans of 32 and 128
/// beats: just below what is measured. The model learnt from these records; without them see `eval af --cross-validate`.
const BARS: [(AfSpan, f64, f64); 2] = [(AfSpan::Beats32, 88.0, 97.0), (AfSpan::Beats128, 89.0, 98.0)];

fn annotations(folder: &Path, name: &str) -> Annotations {
    let mut files = MemorySource::new();
    files.insert(name, std::fs::read(folder.join(name)).unwrap());
    read_annotations(&files, name).unwrap()
}

/// Intervals, and whether each ends in fibrillation.
fn series(folder: &Path, record: &str) -> (Vec<RrInterval>, Vec<bool>) {
    let beats = annotations(folder, &format!("{record}.qrs"));
    let rhythms = annotations(folder, &format!("{record}.atr"));
    let at: Vec<u64> = beats.beats(hertz(HZ)).map(|at| at.0).collect();
    let interval = |pair: &[u64]| RrInterval {
        end: Seconds(pair[1] as f64 / HZ),
        rr: Milliseconds((pair[1] - pair[0]) as f64 * 1000.0 / HZ),
        source: IntervalSource::Ecg,
        follows: true,
    };
    let truth = |pair: &[u64]| {
        let now = rhythms.list.iter().take_while(|a| a.at.0 <= pair[1]).last();
        now.is_some_and(|a| a.text.starts_with("(AFIB"))
    };
    (at.windows(2).map(interval).collect(), at.windows(2).map(truth).collect())
}

#[test]
fn fibrillation_is_told_beat_by_beat() {
    let data = folder().map(|data| data.join("afdb")).filter(|afdb| afdb.is_dir());
    let Some(afdb) = data else {
        println!("SKIPPED fibrillation: no afdb under PQRST_DATA; unproved: real hearts in fibrillation");
        return;
    };
    for (span, se, sp) in BARS {
        let mut counts = [[0_usize; 2]; 2];
        for record in records(&afdb) {
            let (rr, truth) = series(&afdb, &record);
            let (mut track, mut told) = (AfTrack::new(span), Vec::<AfBeat>::new());
            rr.iter().for_each(|rr| track.push(rr, false, &mut told));
            track.finish(&mut told);
            assert_eq!(told.len(), truth.len());
            for (beat, truth) in told.iter().zip(truth) {
                counts[usize::from(truth)][usize::from(beat.chance.is_some_and(|p| p >= 0.5))] += 1;
            }
        }
        let right =
            |truth: usize| 100.0 * counts[truth][truth] as f64 / counts[truth].iter().sum::<usize>() as f64;
        println!("{span:?}: Se {:.2} %, Sp {:.2} % of {counts:?} beats", right(1), right(0));
        assert!(right(1) >= se && right(0) >= sp, "{span:?}: {counts:?}");
    }
}
