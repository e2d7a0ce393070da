//! A report as a WFDB annotation file: beats by class, changes of rhythm, and on demand the waves.

use super::wfdb_annotations::{WfdbAnnotations, P_WAVE, T_WAVE, WAVE_END, WAVE_ONSET};
use crate::pipeline::{Report, WavesRow};
use crate::units::SampleIndex;

/// Numbers of the waves in onsets and ends.
const OF_P: u8 = 0;
const OF_QRS: u8 = 1;
const OF_T: u8 = 2;

/// What stands at a place.
enum Mark {
    Numbered { code: u8, number: u8 },
    Rhythm(&'static str),
}

/// The annotation file (annot(5) of the WFDB Applications Guide) of a report on a recording whose samples come at the
/// stated rate. Beats have their class as code (`N`, `S`, `V`, `F`, `Q`), changes of rhythm stand as `+` with a text, and
/// with `waves` every onset as `(`, peak as `p` or `t` and end as `)`.
#[must_use]
pub fn annotations(report: &Report, waves: bool) -> Vec<u8> {
    let rate = report.nominal_sampling_rate_hz.unwrap_or(0.0);
    let place = |time_s: f64| time_s * rate;
    let mut marks: Vec<(f64, Mark)> = Vec::new();
    let beat = |beat: &crate::pipeline::BeatRow| {
        (beat.sample, Mark::Numbered { code: beat.class.wfdb_code(), number: 0 })
    };
    marks.extend(report.beats.iter().map(beat));
    if waves {
        marks.extend(report.waves.iter().flat_map(of_waves).map(|(time_s, mark)| (place(time_s), mark)));
    }
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut file = WfdbAnnotations::new();
    for (at, mark) in marks {
        // The cast saturates: NaN and negative places become 0.
        let at = SampleIndex(at.round() as u64);
        match mark {
            Mark::Numbered { code, number } => file.push_numbered(at, code, number),
            Mark::Rhythm(text) => file.push_rhythm(at, text),
        }
    }
    file.into_bytes()
}

fn of_waves(row: &WavesRow) -> impl Iterator<Item = (f64, Mark)> {
    let marks = [
        (row.p_onset_s, WAVE_ONSET, OF_P),
        (row.p_peak_s, P_WAVE, OF_P),
        (row.p_end_s, WAVE_END, OF_P),
        (row.qrs_onset_s, WAVE_ONSET, OF_QRS),
        (row.qrs_end_s, WAVE_END, OF_QRS),
        (row.t_onset_s, WAVE_ONSET, OF_T),
        (row.t_peak_s, T_WAVE, OF_T),
        (row.t_end_s, WAVE_END, OF_T),
    ];
    marks.into_iter().filter_map(|(at, code, number)| Some((at?, Mark::Numbered { code, number })))
}
