//! EDF+C (Kemp and Olivan 2003): 16 bit samples, with the header's patient, recording and date left blank as 2.1.3
//! has it for unknown ones. Samples that are not there are annotated (`Signal lost@@LABEL`), and the end of a record
//! that ends within a data record is (`Recording ends`), so that reading gives the same record back. Beats, rhythms and
//! waves that the record marks are annotated too.

use super::ends::{ends, field, MOST_STEPS};
use super::grid::{Grid, NEARLY};
use super::label::labels;
use super::marks;
use super::{LocalFiles, WriteError};
use crate::import::{edf_words, RecordedLead, Recording, EDF_END, EDF_LOST};

const HEADER_BYTES: usize = 256;

/// Units of the header's voltages, and the number of one above which the next is taken.
const UNITS: [(&str, f64); 3] = [("uV", 1.0), ("mV", 1e3), ("V", 1e6)];
const MOST_OF_A_UNIT: f64 = 1e6;

/// Length of a data record that is aimed at, and the shortest and the longest one.
const RECORD_S: f64 = 1.0;
const SHORTEST_RECORD_S: f64 = 0.05;
const LONGEST_RECORD_S: f64 = 20.0;

/// Decimal fractions of a second among which the length of a data record is looked for.
const TICKS_A_SECOND: f64 = 10_000.0;

/// Room for annotations that every data record may have, whatever its samples take.
const LEAST_ROOM_BYTES: usize = 1024;

pub(super) fn write(recording: &Recording, name: &str) -> Result<LocalFiles, WriteError> {
    let leads = &recording.leads;
    let record = DataRecord::of(leads).ok_or(WriteError::Rates)?;
    let signals: Vec<Signal> = leads.iter().zip(labels(leads)).map(|(l, name)| Signal::of(l, name)).collect();
    let mut lists = annotation_lists(leads, &signals, &record);
    add_marks(&mut lists, recording, &record);
    let list_bytes = lists.iter().map(Vec::len).max().unwrap_or(0).next_multiple_of(2);
    let mut bytes = header(&signals, &record, list_bytes)?;
    for (i, list) in lists.iter().enumerate() {
        for ((lead, signal), n) in leads.iter().zip(&signals).zip(&record.samples) {
            for uv in (i * n..(i + 1) * n).map(|at| lead.samples_uv.get(at)) {
                bytes.extend(signal.digital(uv).to_le_bytes());
            }
        }
        bytes.extend(list);
        bytes.resize(bytes.len() + list_bytes - list.len(), 0);
    }
    let roundings = leads.iter().zip(&signals).map(|(l, s)| s.rounding_uv(&l.samples_uv));
    Ok(LocalFiles { rounding_uv: roundings.fold(0.0, f64::max), files: vec![(format!("{name}.edf"), bytes)] })
}

/// A data record: its length, and how many samples of each lead it holds.
struct DataRecord {
    seconds: f64,
    samples: Vec<usize>,
    count: usize,
}

impl DataRecord {
    /// The length nearest to a second in which every lead has a whole number of samples; if there is one, such that
    /// the record ends with a data record.
    fn of(leads: &[RecordedLead]) -> Option<Self> {
        let fits = |seconds: f64, ends: bool| {
            leads.iter().all(|l| {
                let n = l.rate.get() * seconds;
                let whole = n.round();
                (n - whole).abs() < 1e-9 * n
                    && whole >= 1.0
                    && (!ends || l.samples_uv.len() % whole as usize == 0)
            })
        };
        let span = (SHORTEST_RECORD_S * TICKS_A_SECOND) as u32..=(LONGEST_RECORD_S * TICKS_A_SECOND) as u32;
        let length = |ends| {
            let fitting = span.clone().map(|t| f64::from(t) / TICKS_A_SECOND).filter(|s| fits(*s, ends));
            fitting.min_by(|a, b| (a - RECORD_S).abs().total_cmp(&(b - RECORD_S).abs()))
        };
        let alone = || {
            // A rate that no decimal fraction fits: a second's samples, and their time as exactly as it can be written.
            let rate = leads.first()?.rate;
            leads.iter().all(|l| l.rate == rate).then(|| rate.get().round() / rate.get())
        };
        let seconds = length(true).or_else(|| length(false)).or_else(alone)?;
        let samples: Vec<usize> = leads.iter().map(|l| (l.rate.get() * seconds).round() as usize).collect();
        let records = leads.iter().zip(&samples).map(|(l, n)| l.samples_uv.len().div_ceil(*n));
        Some(Self { seconds, count: records.max().unwrap_or(0), samples })
    }
}

/// A lead on its way into the file.
struct Signal {
    label: String,
    grid: Grid,
    /// Steps at the least and the greatest digital value.
    low: i64,
    high: i64,
    /// The unit of the header's voltages, and its microvolts: one in which eight characters are enough.
    unit: (&'static str, f64),
}

impl Signal {
    fn of(lead: &RecordedLead, name: String) -> Self {
        let label =
            if name.starts_with("ECG") || name.starts_with("lead") { name } else { format!("ECG {name}") };
        let mut grid = Grid::of(lead);
        let fits = |grid: &Grid| grid.high - grid.low <= MOST_STEPS;
        if !fits(&grid) {
            grid = Grid::shifted(lead).filter(fits).unwrap_or_else(|| {
                let wider = grid.step_uv * (grid.high - grid.low) as f64 / (MOST_STEPS - 3) as f64;
                Grid::spanned(&lead.samples_uv, wider)
            });
        }
        let most_uv = grid.uv(grid.low).abs().max(grid.uv(grid.high).abs());
        let enough = |unit: &&(&str, f64)| most_uv / unit.1 < MOST_OF_A_UNIT;
        let unit = UNITS.iter().find(enough).copied().unwrap_or(("V", 1e6));
        let (low, high) = ends(&grid, unit.1);
        Self { label, low, high, grid, unit }
    }

    /// The largest difference that a reader of the file sees, by the voltages of its header.
    fn rounding_uv(&self, samples_uv: &[f32]) -> f64 {
        let end = |k: i64| self.field(k).parse::<f64>().unwrap_or(0.0) * self.unit.1;
        let (low, high) = (end(self.low), end(self.high));
        let step = (high - low) / (self.high - self.low) as f64;
        let far = |uv: &f32| {
            let back = (self.grid.units(*uv).unwrap_or(0) - self.low) as f64 * step + low;
            (back - f64::from(*uv)).abs()
        };
        let seen = samples_uv
            .iter()
            .filter(|v| v.is_finite() && far(v) > NEARLY * f64::from(v.abs()).max(self.grid.step_uv));
        seen.fold(0.0, |most, v| far(v).max(most))
    }

    /// The voltage of so many steps, as the header has it.
    fn field(&self, steps: i64) -> String {
        field(self.grid.uv(steps) / self.unit.1)
    }

    fn digital(&self, uv: Option<&f32>) -> i16 {
        let units = uv.and_then(|v| self.grid.units(*v)).unwrap_or(self.low);
        (units - self.low + i64::from(i16::MIN)).clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
    }
}

fn header(signals: &[Signal], record: &DataRecord, list_bytes: usize) -> Result<Vec<u8>, WriteError> {
    let mut text = String::new();
    let mut put = |value: &str, width: usize| {
        text += &format!("{value:<width$}");
    };
    let count = record.count.to_string();
    let duration = field(record.seconds);
    if count.len() > 8 || duration.len() > 8 || signals.len() > 250 {
        return Err(WriteError::Length);
    }
    put("0", 8);
    put("X X X X", 80);
    put("Startdate X X X X", 80);
    put("01.01.85", 8);
    put("00.00.00", 8);
    put(&(HEADER_BYTES * (signals.len() + 2)).to_string(), 8);
    put("EDF+C", 44);
    put(&count, 8);
    put(&duration, 8);
    put(&(signals.len() + 1).to_string(), 4);
    let mut column = |width: usize, of: &dyn Fn(&Signal) -> String, last: &str| {
        signals.iter().for_each(|s| put(&of(s), width));
        put(last, width);
    };
    column(16, &|s| s.label.clone(), "EDF Annotations");
    column(80, &|_| String::new(), "");
    column(8, &|s| s.unit.0.to_owned(), "");
    column(8, &|s| s.field(s.low), "-1");
    column(8, &|s| s.field(s.high), "1");
    column(8, &|_| i16::MIN.to_string(), "-32768");
    column(8, &|s| (s.high - s.low + i64::from(i16::MIN)).to_string(), "32767");
    column(80, &|_| String::new(), "");
    record.samples.iter().for_each(|n| put(&n.to_string(), 8));
    put(&(list_bytes / 2).to_string(), 8);
    (0..=signals.len()).for_each(|_| put("", 32));
    Ok(text.into_bytes())
}

/// The annotations of each data record: its time, samples that are lost, the end.
fn annotation_lists(leads: &[RecordedLead], signals: &[Signal], record: &DataRecord) -> Vec<Vec<u8>> {
    let mut lists: Vec<Vec<u8>> =
        (0..record.count).map(|i| format!("+{}\x14\x14\0", i as f64 * record.seconds).into_bytes()).collect();
    for ((lead, signal), n) in leads.iter().zip(signals).zip(&record.samples) {
        let hz = lead.rate.get();
        let mut add = |place: usize, text: String| {
            if let Some(list) = lists.get_mut(place / n) {
                list.extend(text.bytes().chain([0]));
            }
        };
        let mut at = 0;
        while let Some(length) = lead.samples_uv.get(at..).filter(|rest| !rest.is_empty()).map(run) {
            if lead.samples_uv.get(at).is_some_and(|v| !v.is_finite()) {
                let (from, long) = (at as f64 / hz, length as f64 / hz);
                add(at, format!("+{from:.6}\x15{long:.6}\x14{EDF_LOST}@@{}\x14", signal.label));
            }
            at += length;
        }
        if at < n * record.count {
            add(at, format!("+{:.6}\x14{EDF_END}@@{}\x14", at as f64 / hz, signal.label));
        }
    }
    lists
}

/// Adds what the record marks. Every data record has as much room as the fullest one, so what exceeds the samples' own
/// size goes on to the next one, which EDF+ allows.
fn add_marks(lists: &mut [Vec<u8>], recording: &Recording, record: &DataRecord) {
    let room = (2 * record.samples.iter().sum::<usize>()).max(LEAST_ROOM_BYTES);
    let mut next = 0;
    for mark in marks::coded(recording) {
        let words = mark.code.and_then(|code| edf_words(code, mark.number, &mark.text));
        let Some(words) = words else { continue };
        // The cast saturates.
        next = next.max((mark.at.0 / record.seconds) as usize);
        let text = format!("+{:.6}\x14{words}\x14\0", mark.at.0);
        while lists.get(next).is_some_and(|list| list.len() + text.len() > room) {
            next += 1;
        }
        let Some(list) = lists.get_mut(next) else { return };
        list.extend(text.bytes());
    }
}

/// How many samples from here on are there, or are not there, as the first one is.
fn run(samples: &[f32]) -> usize {
    let first = samples.first().is_some_and(|v| v.is_finite());
    samples.iter().take_while(|v| v.is_finite() == first).count()
}
