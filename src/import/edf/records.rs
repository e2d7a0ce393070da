//! Data records become samples in microvolts, with gaps where records lie apart.

use super::annotations::{self, Annotation};
use super::codes;
use super::header::{Header, Kind, Why};
use crate::import::opened::{check_padding, Block, LeadInfo, Mark, Opened, RecordedGap, Stream, MAX_GAPS_S};
use crate::import::{number, ImportError, Source};
use crate::units::{Hertz, Seconds};

/// Bytes read at a time, or one data record when it is longer.
const BYTES_AT_A_TIME: usize = 1 << 18;

/// The end of what does not come back.
const NEVER: u64 = u64::MAX;

/// Missing samples of a lead put into one block.
const PADDING_AT_A_TIME: u64 = 1 << 16;

/// The words of a writer for samples that it had to fill; the label of the signal follows behind `@@` (EDF+ 2.2.4).
pub const LOST: &str = "Signal lost";

/// The words of a writer for the end of a signal within the last data record.
pub const END: &str = "Recording ends";

pub(super) fn open(source: &dyn Source, name: &str, header: Header) -> Result<Opened, ImportError> {
    let mut leads = Vec::new();
    let mut reasons = Vec::new();
    for signal in &header.signals {
        match &signal.kind {
            Kind::Lead(c) => {
                leads.push(LeadInfo { name: c.name.clone(), rate: c.rate, step_uv: Some(c.step_uv.abs()) });
            }
            Kind::Other(why) => reasons.push(why),
            Kind::Annotations => {}
        }
    }
    if leads.is_empty() {
        return Err(if reasons.contains(&&Why::Rate) {
            ImportError::Rate
        } else if reasons.contains(&&Why::NoUnit) {
            ImportError::Unmapped { what: "its unit" }
        } else if reasons.contains(&&Why::Calibration) {
            ImportError::Invalid { what: "EDF calibration" }
        } else {
            ImportError::NoEcg
        });
    }
    let there = source.size(name)?.saturating_sub(header.bytes) / header.record_bytes().max(1);
    let records = header.records.unwrap_or(there);
    if records > there {
        return Err(ImportError::Truncated { name: name.to_owned() });
    }
    let rates: Vec<Hertz> = leads.iter().map(|l| l.rate).collect();
    // A record that the file holds once fits into memory.
    let record_bytes = if records > 0 { header.record_bytes() as usize } else { 0 };
    let stream = Records {
        name: name.to_owned(),
        record_bytes,
        placed: vec![0; rates.len()],
        rates,
        header,
        records,
        next: 0,
        held: Vec::new(),
        at: 0,
        begun: false,
        first_s: None,
        pad_until: None,
        gaps_s: 0.0,
        lost: Vec::new(),
    };
    Ok(Opened { leads, marks: Vec::new(), stream: Box::new(stream) })
}

struct Records {
    name: String,
    /// Bytes of a data record; 0 when there is none.
    record_bytes: usize,
    header: Header,
    records: u64,
    /// Number of the record that is read next.
    next: u64,
    /// Records that were read.
    held: Vec<u8>,
    /// Place in `held` of the record that is decoded next.
    at: usize,
    /// Whether that record's annotations were read.
    begun: bool,
    /// Onset of the first data record, which is the record's zero.
    first_s: Option<f64>,
    rates: Vec<Hertz>,
    /// Samples of each lead so far, gaps included.
    placed: Vec<u64>,
    /// Until when there are no samples.
    pad_until: Option<Seconds>,
    /// All gaps together.
    gaps_s: f64,
    /// Stretches of leads without samples, and their ends, as the annotations say: lead, from, until.
    lost: Vec<(usize, u64, u64)>,
}

impl Stream for Records {
    fn next(&mut self, source: &dyn Source, block: &mut Block) -> Result<bool, ImportError> {
        if self.at >= self.held.len() {
            self.fill(source)?;
        }
        let record_bytes = self.record_bytes;
        let held = core::mem::take(&mut self.held);
        while let Some(record) = held.get(self.at..self.at + record_bytes).filter(|r| !r.is_empty()) {
            if !core::mem::replace(&mut self.begun, true) {
                self.annotations(record, block)?;
            }
            if !self.pad(block) {
                break;
            }
            self.samples(record, block);
            self.begun = false;
            self.at += record_bytes;
        }
        self.held = held;
        block.progress = self.next as f64 / self.records.max(1) as f64;
        Ok(self.next < self.records || self.at < self.held.len())
    }
}

impl Records {
    /// Reads the next data records.
    fn fill(&mut self, source: &dyn Source) -> Result<(), ImportError> {
        let record_bytes = self.record_bytes;
        let count = ((BYTES_AT_A_TIME / record_bytes.max(1)).max(1) as u64).min(self.records - self.next);
        let offset = self.header.bytes + self.next * record_bytes as u64;
        let wanted = count as usize * record_bytes;
        self.held = source.read(&self.name, offset, wanted)?;
        if self.held.len() < wanted {
            return Err(ImportError::Truncated { name: self.name.clone() });
        }
        self.at = 0;
        self.next += count;
        Ok(())
    }

    /// Puts a block's worth of missing samples before the next record; false while there are more to come.
    fn pad(&mut self, block: &mut Block) -> bool {
        let Some(until) = self.pad_until else { return true };
        let mut done = true;
        for (i, (rate, placed)) in self.rates.iter().zip(&mut self.placed).enumerate() {
            let missing = rate.samples(until).0.saturating_sub(*placed);
            let now = missing.min(PADDING_AT_A_TIME);
            done &= now == missing;
            block.pad(i, now);
            *placed += now;
        }
        if done {
            self.pad_until = None;
        }
        done
    }

    fn samples(&mut self, record: &[u8], block: &mut Block) {
        let width = self.header.sample_bytes;
        let mut rest = record;
        let mut lead = 0;
        for signal in &self.header.signals {
            let (samples, after) =
                rest.split_at_checked(signal.samples_per_record * width).unwrap_or((rest, &[]));
            rest = after;
            let Kind::Lead(c) = &signal.kind else { continue };
            let from = self.placed.get(lead).copied().unwrap_or(0);
            let until = from + signal.samples_per_record as u64;
            if let (true, Some(out)) = (block.wants(lead), block.leads.get_mut(lead)) {
                let uv = |digital: i32| number::sample(f64::from(digital) * c.step_uv + c.offset_uv);
                let start = out.len();
                out.extend(samples.chunks_exact(width).map(|s| uv(signed(s))));
                for (_, first, last) in self.lost.iter().filter(|(l, ..)| *l == lead) {
                    let place = |p: u64| (start + (p.clamp(from, until) - from) as usize).min(out.len());
                    let (first, end) = (place(*first), place(*last));
                    if *last == NEVER {
                        out.truncate(first);
                    } else if let Some(missing) = out.get_mut(first..end) {
                        missing.fill(f32::NAN);
                    }
                }
            }
            if let Some(placed) = self.placed.get_mut(lead) {
                *placed = until;
            }
            lead += 1;
        }
    }

    fn annotations(&mut self, record: &[u8], block: &mut Block) -> Result<(), ImportError> {
        let mut rest = record;
        let mut lists = Vec::new();
        for signal in &self.header.signals {
            let length = signal.samples_per_record * self.header.sample_bytes;
            let (bytes, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            rest = after;
            if matches!(signal.kind, Kind::Annotations) {
                lists.push(annotations::read(bytes));
            }
        }
        // The very first one keeps the record's time; it may carry words of its own.
        if let Some(time) = lists.first().and_then(|list| list.first()) {
            self.begins(time.onset_s, block);
        }
        lists.into_iter().flatten().for_each(|a| self.mark(a, block));
        if self.gaps_s > MAX_GAPS_S {
            return Err(ImportError::Invalid { what: "gaps longer than a week" });
        }
        let missing = self.rates.iter().map(|rate| rate.samples(Seconds(self.gaps_s)).0).sum();
        check_padding(missing, self.records.saturating_mul(self.header.lead_samples_per_record()))
    }

    fn mark(&mut self, annotation: Annotation, block: &mut Block) {
        let Annotation { onset_s, duration_s, text } = annotation;
        let at = Seconds(onset_s - self.first_s.unwrap_or(0.0));
        let about = text.split_once("@@").and_then(|(words, label)| Some((words, self.lead(label)?)));
        let place = |lead: usize, at: Seconds| self.rates.get(lead).map_or(0, |rate| rate.samples(at).0);
        match (about, duration_s) {
            (Some((LOST, lead)), Some(s)) => {
                let (first, last) = (place(lead, at), place(lead, Seconds(at.0 + s)));
                // Those that lie behind can be forgotten.
                self.lost.retain(|(l, _, until)| self.placed.get(*l).is_none_or(|placed| placed < until));
                self.lost.push((lead, first, last));
            }
            (Some((END, lead)), None) => self.lost.push((lead, place(lead, at), NEVER)),
            _ => {}
        }
        if about.is_none() && !text.is_empty() {
            let mut mark = Mark { at, duration: duration_s.map(Seconds), code: None, number: 0, text };
            if let Some((code, number, rhythm)) = codes::told(&mark.text) {
                (mark.code, mark.number, mark.text) = (Some(code), number, rhythm.to_owned());
            }
            block.marks.push(mark);
        }
    }

    /// The lead of this label.
    fn lead(&self, label: &str) -> Option<usize> {
        let mut labels = self.header.signals.iter().filter_map(|s| match &s.kind {
            Kind::Lead(c) => Some(c.name.as_str()),
            _ => None,
        });
        labels.position(|l| l == label)
    }

    /// A data record begins at this time: what lies between is a gap.
    fn begins(&mut self, onset_s: f64, block: &mut Block) {
        let first_s = *self.first_s.get_or_insert(onset_s);
        let fastest = self.rates.iter().zip(&self.placed).max_by(|a, b| a.0.get().total_cmp(&b.0.get()));
        let Some((rate, placed)) = fastest.filter(|_| self.header.discontinuous) else { return };
        let (at_s, end_s) = (onset_s - first_s, *placed as f64 / rate.get());
        // Onsets are written with few digits: less than a sample is no gap.
        if (at_s - end_s) * rate.get() >= 1.0 {
            self.gaps_s += at_s - end_s;
            block.gaps.push(RecordedGap { start: Seconds(end_s), duration: Seconds(at_s - end_s) });
            self.pad_until = Some(Seconds(at_s));
        }
    }
}

/// Two's complement of two or three bytes, least significant byte first.
fn signed(bytes: &[u8]) -> i32 {
    match bytes {
        [low, high] => i32::from(i16::from_le_bytes([*low, *high])),
        [low, middle, high] => i32::from_le_bytes([0, *low, *middle, *high]) >> 8,
        _ => 0,
    }
}
