//! A report as a WFDB annotation file: beats by class, changes of rhythm, and on demand the waves.

use super::wfdb_annotations::{WfdbAnnotations, P_WAVE, T_WAVE, WAVE_END, WAVE_ONSET};
use crate::pipeline::{BeatRow, Report, WavesRow};
use crate::rhythm::{AfSpan, AfTrack, FindingKind};
use crate::signal::{BeatClass, NnRejection, RrInterval};
use crate::units::{Milliseconds, SampleIndex, Seconds};

/// Numbers of the waves in onsets and ends.
const OF_P: u8 = 0;
const OF_QRS: u8 = 1;
const OF_T: u8 = 2;

/// A likely fibrillation lasts at least this long to be a rhythm of its own (ESC 2020: 30 s).
const LASTING: Seconds = Seconds(30.0);

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
    marks.extend(rhythms(report).into_iter().map(|(time_s, text)| (place(time_s), Mark::Rhythm(text))));
    let beat = |beat: &BeatRow| (beat.sample, Mark::Numbered { code: beat.class.wfdb_code(), number: 0 });
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

/// A stretch with a name, and what it gives way to: the shorter and the more certain wins.
struct Episode {
    start_s: f64,
    end_s: f64,
    text: &'static str,
    rank: u8,
}

/// Changes of rhythm by the names of the MIT-BIH databases, from the first beat on.
fn rhythms(report: &Report) -> Vec<(f64, &'static str)> {
    let Some(first) = report.beats.first() else { return Vec::new() };
    let mut episodes = fibrillation(report);
    episodes.extend(report.rhythm.findings.iter().filter_map(|found| {
        let (text, rank) = match found.kind {
            FindingKind::VentricularRun => ("(VT", 3),
            FindingKind::SupraventricularRun => ("(SVTA", 2),
            FindingKind::Bigeminy => ("(B", 2),
            FindingKind::Trigeminy => ("(T", 2),
            _ => return None,
        };
        Some(Episode { start_s: found.start_s, end_s: found.end_s, text, rank })
    }));
    let mut edges: Vec<f64> = episodes.iter().flat_map(|e| [e.start_s, e.end_s]).collect();
    edges.push(first.time_s);
    edges.sort_by(f64::total_cmp);
    let mut changes: Vec<(f64, &'static str)> = Vec::new();
    for at in edges {
        let here = episodes.iter().filter(|e| (e.start_s..e.end_s).contains(&at));
        let text = here.max_by_key(|e| e.rank).map_or("(N", |e| e.text);
        if changes.last().is_none_or(|(_, last)| *last != text) {
            changes.push((at, text));
        }
    }
    changes
}

/// Stretches in which fibrillation is likely at every beat.
fn fibrillation(report: &Report) -> Vec<Episode> {
    let mut track = AfTrack::new(AfSpan::Beats128);
    let mut chances = Vec::with_capacity(report.rr.len());
    let counts = |rejected: Option<NnRejection>| matches!(rejected, None | Some(NnRejection::Ectopic));
    for row in report.rr.iter().filter(|row| counts(row.rejected)) {
        let (end, rr) = (Seconds(row.end_s), Milliseconds(row.rr_ms));
        let next = report.beats.partition_point(|beat| beat.time_s <= row.end_s);
        let ends = report.beats.get(next.saturating_sub(2)..next).unwrap_or_default();
        let ventricular = ends.iter().any(|beat| matches!(beat.class, BeatClass::V | BeatClass::F));
        track.push(&RrInterval { end, rr, source: row.source, follows: true }, ventricular, &mut chances);
    }
    track.finish(&mut chances);
    let likely = |chance: Option<f32>| chance.is_some_and(|chance| chance >= 0.5);
    let episode = |stretch: &[crate::rhythm::AfBeat]| {
        let (first, last) = (stretch.first()?, stretch.last()?);
        let (start_s, end_s) = ((first.end - first.rr).0, last.end.0);
        let lasts = likely(first.chance) && end_s - start_s >= LASTING.0;
        lasts.then_some(Episode { start_s, end_s, text: "(AFIB", rank: 1 })
    };
    chances.chunk_by(|a, b| likely(a.chance) == likely(b.chance)).filter_map(episode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::wfdb::read_annotations;
    use crate::import::MemorySource;
    use crate::pipeline::{Context, EcgSource, Pipeline, ReportId, Request, TestKind};
    use crate::signal::{DeviceClass, Lead};
    use crate::synth::EcgSynth;
    use crate::units::Hertz;

    fn report(seconds: f64) -> Report {
        let rate = Hertz::new(250.0).unwrap();
        let context = Context::default();
        let request = Request { test: TestKind::Recording, context, simulated: true, retakes: 0 };
        let mut pipeline = Pipeline::new(request);
        let (class, lead) = (DeviceClass::Recording, Lead::FromFile);
        pipeline.open_ecg(EcgSource { class, lead, rate, band: None });
        pipeline.push_samples(&EcgSynth::new(7).render(rate, Seconds(seconds)).samples_uv, None);
        pipeline.finish(ReportId([0; 16]))
    }

    fn read(report: &Report, waves: bool) -> Vec<(u64, u8, i8, String)> {
        let mut files = MemorySource::new();
        files.insert("r.pqrst", annotations(report, waves));
        let read = read_annotations(&files, "r.pqrst").unwrap();
        read.list.into_iter().map(|a| (a.at.0, a.code.0, a.number, a.text)).collect()
    }

    #[test]
    fn beats_rhythms_and_waves_stand_in_the_order_of_time() {
        let report = report(20.0);
        let marks = read(&report, true);
        assert!(marks.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        let beats = marks.iter().filter(|m| matches!(m.1, 1 | 5 | 6 | 9 | 13)).count();
        assert_eq!(beats, report.beats.len());
        assert!(marks.iter().any(|m| m.1 == super::super::wfdb_annotations::RHYTHM && m.3 == "(N"));
        let onsets = marks.iter().filter(|m| m.1 == WAVE_ONSET && m.2 == 1).count();
        assert_eq!(onsets, report.waves.iter().filter(|w| w.qrs_onset_s.is_some()).count());
        assert!(read(&report, false).iter().all(|m| m.1 != WAVE_ONSET));
    }

    #[test]
    fn the_shorter_rhythm_wins_inside_the_longer_one() {
        let mut report = report(20.0);
        let finding =
            |kind, start_s, end_s| crate::pipeline::FindingRow { kind, start_s, end_s, beats: 3, bpm: None };
        report.rhythm.findings = vec![
            finding(FindingKind::Bigeminy, 5.0, 12.0),
            finding(FindingKind::VentricularRun, 8.0, 9.0),
            finding(FindingKind::Pause, 15.0, 17.5),
        ];
        let texts: Vec<&str> = rhythms(&report).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["(N", "(B", "(VT", "(B", "(N"]);
    }
}
