//! Multi-segment records (header(5)): segments that follow each other, with gaps (`~`) between them. In the fixed
//! layout every segment has the same signals; in the variable layout a first segment without samples names all
//! signals, and the others have some of them.

use super::header::{Header, Segment};
use super::signals;
use crate::import::opened::{
    check_padding, Block, LeadInfo, Opened, RecordedGap, Stream, MAX_GAPS_S, MAX_PADDING,
};
use crate::import::{ImportError, Source};
use crate::units::Seconds;

/// Missing samples of a lead put into one block.
const PADDING_AT_A_TIME: u64 = 1 << 16;

const GAP: &str = "~";

pub(super) fn open(source: &dyn Source, folder: &str, header: &Header) -> Result<Opened, ImportError> {
    let mut segments = header.segments.clone();
    let first = segments.iter().find(|s| s.name != GAP).ok_or(ImportError::NoEcg)?.clone();
    let layout = segment_header(source, folder, &first.name)?;
    let is_variable = first.frames == 0;
    if is_variable {
        segments.retain(|s| s.frames > 0);
    }
    let mut leads = Vec::new();
    for signal in &layout.signals {
        leads.extend(signals::lead_info(signal, &layout)?);
    }
    if leads.is_empty() {
        return Err(ImportError::NoEcg);
    }
    if layout.frame_rate_hz != header.frame_rate_hz {
        return Err(ImportError::Invalid { what: "rates of the segments" });
    }
    let stream = Segments {
        folder: folder.to_owned(),
        rates: leads.iter().map(|l| l.rate.get()).collect(),
        frame_rate_hz: header.frame_rate_hz,
        names: leads.iter().map(|l| l.name.clone()).collect(),
        is_variable,
        placed: vec![0; leads.len()],
        frames: 0,
        all_frames: segments.iter().fold(0, |sum, s| s.frames.saturating_add(sum)),
        segments,
        next: 0,
        open: None,
        missing_frames: 0,
        missing: 0,
        bytes: None,
    };
    Ok(Opened { leads, marks: Vec::new(), stream: Box::new(stream) })
}

fn segment_header(source: &dyn Source, folder: &str, name: &str) -> Result<Header, ImportError> {
    let header = Header::read(source, &format!("{folder}{name}.hea"))?;
    if header.segments.is_empty() {
        Ok(header)
    } else {
        Err(ImportError::Unsupported { what: "segments of segments" })
    }
}

/// A segment that is being read.
struct OpenSegment {
    stream: Box<dyn Stream>,
    /// Leads of the segment, by their place in the record.
    places: Vec<Option<usize>>,
    block: Block,
}

struct Segments {
    folder: String,
    names: Vec<String>,
    rates: Vec<f64>,
    frame_rate_hz: f64,
    is_variable: bool,
    segments: Vec<Segment>,
    /// Place of the segment that is read next.
    next: usize,
    open: Option<OpenSegment>,
    /// Samples of each lead so far.
    placed: Vec<u64>,
    /// Frames to the end of the segment that is read.
    frames: u64,
    all_frames: u64,
    /// Frames without a sample of any lead, so far.
    missing_frames: u64,
    /// Missing samples so far, all leads together.
    missing: u64,
    /// Bytes of all signal files, once they are asked for.
    bytes: Option<u64>,
}

impl Stream for Segments {
    fn next(&mut self, source: &dyn Source, block: &mut Block) -> Result<bool, ImportError> {
        if let Some(open) = &mut self.open {
            let more = open.stream.next(source, &mut open.block)?;
            for (place, samples) in open.places.iter().zip(&mut open.block.leads) {
                let place = place.filter(|p| block.wants(*p));
                if let Some((out, placed)) =
                    place.and_then(|p| Some((block.leads.get_mut(p)?, self.placed.get_mut(p)?)))
                {
                    *placed += samples.len() as u64;
                    out.extend(samples.iter());
                }
                samples.clear();
            }
            if !more {
                self.open = None;
            }
            return Ok(true);
        }
        if !self.pad(block) {
            return Ok(true);
        }
        let done = self.frames as f64;
        block.progress = done / self.all_frames.max(1) as f64;
        let Some(segment) = self.segments.get(self.next).cloned() else { return Ok(false) };
        self.next += 1;
        self.begin(source, &segment, block)?;
        self.frames = self.frames.saturating_add(segment.frames);
        Ok(true)
    }
}

impl Segments {
    /// Fills up to the end of the segment; false while there is more to fill.
    fn pad(&mut self, block: &mut Block) -> bool {
        let mut done = true;
        for (i, (placed, rate)) in self.placed.iter_mut().zip(&self.rates).enumerate() {
            let until = (self.frames as f64 * rate / self.frame_rate_hz).round() as u64;
            let missing = until.saturating_sub(*placed);
            let now = missing.min(PADDING_AT_A_TIME);
            done &= now == missing;
            block.pad(i, now);
            *placed += now;
        }
        done
    }

    fn begin(
        &mut self,
        source: &dyn Source,
        segment: &Segment,
        block: &mut Block,
    ) -> Result<(), ImportError> {
        let length_s = segment.frames as f64 / self.frame_rate_hz;
        let mut frames = 0;
        let mut places = Vec::new();
        if segment.name == GAP {
            let start = Seconds(self.frames as f64 / self.frame_rate_hz);
            block.gaps.push(RecordedGap { start, duration: Seconds(length_s) });
        } else {
            let mut header = segment_header(source, &self.folder, &segment.name)?;
            // The master's length is the one that the other segments are placed by.
            frames = header.frames.unwrap_or(segment.frames).min(segment.frames);
            header.frames = Some(frames);
            let opened = match signals::open(source, &self.folder, &header) {
                // A segment may hold no voltage at all.
                Err(ImportError::NoEcg) => None,
                opened => Some(opened?),
            };
            places = opened
                .iter()
                .flat_map(|o| o.leads.iter().enumerate().map(|(i, l)| self.place(i, l)))
                .collect::<Vec<_>>();
            self.open = opened.map(|o| OpenSegment {
                block: Block::new(o.leads.len(), None),
                stream: o.stream,
                places: places.clone(),
            });
        }
        for (lead, rate) in self.rates.iter().enumerate() {
            let there = if places.contains(&Some(lead)) { frames } else { 0 };
            let missing = (segment.frames - there) as f64 * rate / self.frame_rate_hz;
            self.missing = self.missing.saturating_add(missing.round() as u64);
        }
        let there = if places.iter().all(Option::is_none) { 0 } else { frames };
        self.missing_frames = self.missing_frames.saturating_add(segment.frames - there);
        // Few bytes may claim years.
        if self.missing_frames as f64 / self.frame_rate_hz > MAX_GAPS_S {
            return Err(ImportError::Invalid { what: "gaps longer than a week" });
        }
        if self.missing > MAX_PADDING {
            let bytes = match self.bytes {
                Some(bytes) => bytes,
                None => self.segments.iter().map(|s| self.bytes_of(source, s)).fold(0, u64::saturating_add),
            };
            self.bytes = Some(bytes);
            // Hardly a format has more samples than bytes.
            check_padding(self.missing, bytes)?;
        }
        Ok(())
    }

    /// Bytes of a segment's signal files; those that are not there are told of when their turn comes.
    fn bytes_of(&self, source: &dyn Source, segment: &Segment) -> u64 {
        let header =
            if segment.name == GAP { None } else { segment_header(source, &self.folder, &segment.name).ok() };
        let mut files: Vec<_> =
            header.map(|h| h.signals.into_iter().map(|s| s.file).collect()).unwrap_or_default();
        files.dedup();
        let size = |file: &String| source.size(&format!("{}{file}", self.folder)).unwrap_or(0);
        files.iter().map(size).fold(0, u64::saturating_add)
    }

    /// Place in the record of a segment's lead.
    fn place(&self, number: usize, lead: &LeadInfo) -> Option<usize> {
        let place = if self.is_variable { self.names.iter().position(|n| *n == lead.name)? } else { number };
        self.rates.get(place).filter(|rate| **rate == lead.rate.get()).map(|_| place)
    }
}
