//! WFDB records (header(5), signal(5)): formats 16, 24 or 32, whichever holds every sample as it is, and an
//! annotation file for the beats, rhythms and waves that the record marks.

use super::grid::Grid;
use super::label::labels;
use super::marks;
use super::{LocalFiles, WriteError};
use crate::export::wfdb_annotations::WfdbAnnotations;
use crate::import::wfdb::rhythm_name;
use crate::import::{RecordedLead, Recording};

/// Number, bytes of a sample; the least number of each marks a sample that is not there.
const FORMATS: [(u16, u32); 3] = [(16, 2), (24, 3), (32, 4)];

/// Frames a second are looked for among the slowest lead's rate divided by 1 to this.
const MOST_SAMPLES_OF_THE_SLOWEST: u32 = 64;

pub(super) fn write(recording: &Recording, name: &str) -> Result<LocalFiles, WriteError> {
    let leads = &recording.leads;
    let frame_rate = frame_rate(leads).ok_or(WriteError::Rates)?;
    let per_frame: Vec<usize> = leads.iter().map(|l| (l.rate.get() / frame_rate).round() as usize).collect();
    let frames =
        leads.iter().zip(&per_frame).map(|(l, n)| l.samples_uv.len().div_ceil(*n)).max().unwrap_or(0);
    let signals: Vec<Signal> = leads.iter().map(Signal::of).collect();
    let (format, width) = signals.iter().map(|s| s.format).max().unwrap_or((16, 2));
    let mut data = Vec::with_capacity(frames * per_frame.iter().sum::<usize>() * width as usize);
    let mut sums = vec![0_u16; leads.len()];
    for frame in 0..frames {
        for ((lead, signal), (n, sum)) in leads.iter().zip(&signals).zip(per_frame.iter().zip(&mut sums)) {
            for uv in (frame * n..(frame + 1) * n).map(|i| lead.samples_uv.get(i)) {
                let raw = signal.raw(uv, width);
                *sum = sum.wrapping_add(raw as u16);
                data.extend(raw.to_le_bytes().iter().take(width as usize));
            }
        }
    }
    let mut header = format!("{name} {} {frame_rate} {frames}\n", leads.len());
    let labels = labels(leads);
    for (i, (lead, signal)) in leads.iter().zip(&signals).enumerate() {
        let frame = match per_frame.get(i) {
            Some(1) | None => String::new(),
            Some(n) => format!("x{n}"),
        };
        let initial = signal.raw(lead.samples_uv.first(), width);
        let sum = sums.get(i).copied().unwrap_or(0) as i16;
        header += &format!(
            "{name}.dat {format}{frame} {}({})/mV {} 0 {initial} {sum} 0 {}\n",
            signal.per_mv(),
            signal.baseline,
            8 * width,
            labels.get(i).map_or("", String::as_str)
        );
    }
    let rounding_uv = leads
        .iter()
        .zip(&signals)
        .map(|(l, s)| s.grid.largest_rounding_uv(&l.samples_uv))
        .fold(0.0, f64::max);
    let mut files = vec![(format!("{name}.hea"), header.into_bytes()), (format!("{name}.dat"), data)];
    files.extend(annotations(recording, frame_rate).map(|bytes| (format!("{name}.atr"), bytes)));
    Ok(LocalFiles { files, rounding_uv })
}

/// Frames a second of which every lead has a whole number of samples.
fn frame_rate(leads: &[RecordedLead]) -> Option<f64> {
    let slowest = leads.iter().map(|l| l.rate.get()).fold(f64::INFINITY, f64::min);
    let whole = |hz: f64| {
        let fits = |l: &RecordedLead| ((l.rate.get() / hz) - (l.rate.get() / hz).round()).abs() < 1e-9;
        leads.iter().all(fits)
    };
    (1..=MOST_SAMPLES_OF_THE_SLOWEST).map(|n| slowest / f64::from(n)).find(|hz| whole(*hz))
}

/// A lead on its way into the file.
struct Signal {
    grid: Grid,
    format: (u16, u32),
    /// Value of the converter at 0 V.
    baseline: i64,
}

impl Signal {
    fn of(lead: &RecordedLead) -> Self {
        let grid = Grid::of(lead);
        let most = |width: u32| (1_i64 << (8 * width - 1)) - 1;
        for format in FORMATS {
            let most = most(format.1);
            if grid.low >= -most && grid.high <= most {
                return Self { grid, format, baseline: 0 };
            }
            if grid.high - grid.low <= 2 * most {
                let baseline = -(grid.low + grid.high) / 2;
                return Self { grid, format, baseline };
            }
        }
        Self { grid, format: (32, 4), baseline: 0 }
    }

    fn raw(&self, uv: Option<&f32>, width: u32) -> i32 {
        let invalid = i32::MIN >> (32 - 8 * width);
        let units = uv.and_then(|v| self.grid.units(*v)).map(|u| u.saturating_add(self.baseline));
        units.map_or(invalid, |u| u.clamp(i64::from(i32::MIN) + 1, i64::from(i32::MAX)) as i32)
    }

    /// Steps of a millivolt, a whole number where that is what is meant.
    fn per_mv(&self) -> f64 {
        let gain = 1000.0 / self.grid.step_uv;
        let whole = gain.round();
        if (gain - whole).abs() < 1e-9 * whole {
            whole
        } else {
            gain
        }
    }
}

/// What the record marks, on the clock of its frames.
fn annotations(recording: &Recording, frame_rate: f64) -> Option<Vec<u8>> {
    let marks = marks::coded(recording);
    let mut writer = WfdbAnnotations::new();
    for mark in &marks {
        let at = crate::units::SampleIndex((mark.at.0 * frame_rate).round() as u64);
        match (mark.code, rhythm_name(&mark.text)) {
            (_, Some(rhythm)) => writer.push_rhythm(at, rhythm),
            (Some(code), None) => writer.push_numbered(at, code.0, mark.number),
            (None, None) => {}
        }
    }
    (!marks.is_empty()).then(|| writer.into_bytes())
}
