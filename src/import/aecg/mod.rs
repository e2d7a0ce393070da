//! HL7 Annotated ECG (ANSI/HL7 V3 AECG R1; Implementation Guide of 2005): the sequence sets of its series, and the
//! waves that are marked in them. Subject, trial, site, device and every absolute time are stepped over; times
//! leave as differences.

mod hl7_time;
mod xml;

use super::opened::{Mark, Opened};
use super::pieces::{assembled, Piece};
use super::source::read_whole;
use super::{lead_name, mdc, number, unit, Hints, ImportError, Source};
use crate::units::{Hertz, Seconds};
use xml::{Start, Visitor};

/// Most marks that are kept.
const MAX_MARKS: usize = 1 << 20;

pub(super) fn sniff(head: &[u8]) -> bool {
    xml::decoded(head).contains("AnnotatedECG")
}

pub(super) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let file = read_whole(source, name)?;
    let mut reader = Series::default();
    xml::read(&xml::decoded(&file), &mut reader)?;
    let zero_s = reader.pieces.iter().map(|p| p.start_s).fold(f64::INFINITY, f64::min);
    let marks = reader.marks.into_iter().map(|mut m| {
        m.at.0 -= zero_s;
        m
    });
    let marks = marks.filter(|m| m.at.0 >= 0.0).collect();
    Opened::whole(assembled(reader.pieces)?, marks)
}

/// What is being read.
#[derive(Default)]
struct Series {
    pieces: Vec<Piece>,
    marks: Vec<Mark>,
    /// Of the sequence set: when it begins, how long a step is.
    head_s: Option<f64>,
    step_s: Option<f64>,
    /// Its leads, until the set ends and its time is known.
    leads: Vec<Sequence>,
    sequence: Sequence,
    /// What relative times count from.
    origin_s: Option<f64>,
    /// The annotations that are open, the innermost last.
    notes: Vec<Note>,
    boundary: (Option<f64>, Option<f64>),
    clock: Clock,
}

/// An annotation: what it says, and when.
#[derive(Default)]
struct Note {
    code: String,
    span: Option<(f64, Option<f64>)>,
    /// The middle of the QRS complex inside a beat, and where the first of its waves begins.
    qrs_s: Option<f64>,
    first_s: Option<f64>,
}

/// What the times of a boundary are.
#[derive(Default, Clone, Copy, PartialEq)]
enum Clock {
    /// Not times of this series: places of leads, times in an average beat.
    #[default]
    Other,
    Absolute,
    Relative,
}

#[derive(Default)]
struct Sequence {
    code: String,
    origin_uv: f64,
    scale_uv: Option<f64>,
    samples_uv: Vec<f32>,
    /// A number that the text so far has cut.
    cut: String,
}

impl Visitor for Series {
    fn start(&mut self, path: &[String], start: &Start) -> Result<(), ImportError> {
        let is_derived = path.iter().any(|p| p == "derivedSeries");
        let path: Vec<&str> = path.iter().rev().take(4).map(String::as_str).collect();
        let value = || start.attribute("value").unwrap_or_default();
        let seconds = || Some(number::decimal(&value())? * seconds_of(start)?);
        match path.as_slice() {
            ["sequenceSet", ..] => {
                (self.head_s, self.step_s) = (None, None);
                self.leads.clear();
            }
            ["sequence", ..] => self.sequence = Sequence::default(),
            ["code", "sequence", ..] => self.sequence.code = start.attribute("code").unwrap_or_default(),
            // A list of evenly spaced times: absolute, or relative in seconds.
            ["head", "value", "sequence", ..] => {
                self.head_s = if self.sequence.code == "TIME_ABSOLUTE" {
                    let head_s = hl7_time::seconds(&value());
                    self.origin_s = self.origin_s.or(head_s);
                    head_s
                } else {
                    seconds().map(|s| s + *self.origin_s.get_or_insert(0.0))
                };
            }
            ["increment", "value", "sequence", ..] => {
                self.step_s = seconds();
            }
            ["origin", "value", "sequence", ..] => {
                self.sequence.origin_uv =
                    volts(start).ok_or(ImportError::Invalid { what: "origin of a lead" })?;
            }
            ["scale", "value", "sequence", ..] => self.sequence.scale_uv = volts(start),
            ["annotation", ..] => self.notes.push(Note::default()),
            ["value", "annotation", ..] => {
                let code = start.attribute("code").unwrap_or_default();
                self.notes.iter_mut().last().into_iter().for_each(|note| note.code.clone_from(&code));
            }
            ["code", "boundary", ..] => {
                self.clock = match start.attribute("code").as_deref() {
                    Some("TIME_ABSOLUTE") => Clock::Absolute,
                    Some("TIME_RELATIVE") if !is_derived => Clock::Relative,
                    _ => Clock::Other,
                };
            }
            [end @ ("low" | "high"), "value", "boundary", ..] => {
                let time_s = match self.clock {
                    Clock::Absolute => hl7_time::seconds(&value()),
                    Clock::Relative => seconds().map(|s| s + self.origin_s.unwrap_or(0.0)),
                    Clock::Other => None,
                };
                *(if *end == "low" { &mut self.boundary.0 } else { &mut self.boundary.1 }) = time_s;
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, path: &[String], text: &str) -> Result<(), ImportError> {
        let sequence = &mut self.sequence;
        let (Some("digits"), Some(scale_uv)) = (path.last().map(String::as_str), sequence.scale_uv) else {
            return Ok(());
        };
        // A comment between two parts of the text may cut a number.
        let whole = core::mem::take(&mut sequence.cut) + text;
        let end = whole.rfind(char::is_whitespace).map_or(0, |i| i + 1);
        let (numbers, cut) = whole.split_at_checked(end).unwrap_or((&whole, ""));
        sequence.digits(numbers, scale_uv)?;
        sequence.cut = cut.to_owned();
        Ok(())
    }

    fn end(&mut self, path: &[String]) -> Result<(), ImportError> {
        match path.last().map(String::as_str) {
            Some("sequence") => {
                let mut sequence = core::mem::take(&mut self.sequence);
                if let Some(scale_uv) = sequence.scale_uv {
                    let cut = core::mem::take(&mut sequence.cut);
                    sequence.digits(&cut, scale_uv)?;
                    self.leads.push(sequence);
                }
            }
            Some("sequenceSet") => self.set()?,
            Some("boundary") => {
                let (low, high) = core::mem::take(&mut self.boundary);
                self.clock = Clock::Other;
                if let (Some(low), Some((note, around))) = (low.or(high), self.notes.split_last_mut()) {
                    note.span = Some((low, high));
                    let is_qrs = note.code == "MDC_ECG_WAVC_QRSWAVE";
                    for beat in around {
                        beat.first_s.get_or_insert(low);
                        beat.qrs_s = beat.qrs_s.or(is_qrs.then(|| 0.5 * (low + high.unwrap_or(low))));
                    }
                }
            }
            Some("annotation") => {
                let mark = self.notes.pop().and_then(Note::mark);
                self.marks.extend(mark.filter(|_| self.marks.len() < MAX_MARKS));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Note {
    /// Waves by their codes alone: no one's words. A beat that is only there to hold its waves is where its QRS complex is.
    fn mark(self) -> Option<Mark> {
        let code = mdc::named(&self.code);
        let within = self.qrs_s.or(self.first_s.filter(|_| self.span.is_none())).filter(|_| code.is_some());
        let (at, end) = match within {
            Some(at) => (at, None),
            None => self.span?,
        };
        let duration = end.map(|end| Seconds(end - at)).filter(|d| d.0 > 0.0);
        let is_coded = self.code.starts_with("MDC_ECG_");
        is_coded.then_some(Mark { at: Seconds(at), duration, code, number: 0, text: self.code })
    }
}

impl Sequence {
    fn digits(&mut self, text: &str, scale_uv: f64) -> Result<(), ImportError> {
        for word in text.split_whitespace() {
            let value = number::decimal(word).ok_or(ImportError::Invalid { what: "digits of a lead" })?;
            self.samples_uv.push(number::sample(self.origin_uv + value * scale_uv));
        }
        Ok(())
    }
}

impl Series {
    /// When the first set begins, which relative times and sets without a time refer to.
    fn zero_s(&self) -> f64 {
        self.pieces.first().map_or(0.0, |p| p.start_s)
    }

    /// The set ends: its leads take its time.
    fn set(&mut self) -> Result<(), ImportError> {
        if self.leads.is_empty() {
            return Ok(());
        }
        let step_s = self.step_s.ok_or(ImportError::Unmapped { what: "its sampling rate" })?;
        let rate = Hertz::new(snapped(1.0 / step_s)).map_err(|_| ImportError::Rate)?;
        let start_s = self.head_s.unwrap_or(self.zero_s());
        for lead in self.leads.drain(..) {
            let code = lead.code.strip_prefix("MDC_ECG_LEAD_").unwrap_or(&lead.code);
            let name = lead_name::standard(code).unwrap_or(code).to_owned();
            let step_uv = lead.scale_uv.unwrap_or(1.0);
            self.pieces.push(Piece { name, rate, step_uv, start_s, samples_uv: lead.samples_uv });
        }
        Ok(())
    }
}

/// 1 / 0.002 is 500, whatever the last bit of the division.
fn snapped(hz: f64) -> f64 {
    let whole = hz.round();
    if (hz - whole).abs() < 1e-6 * whole {
        whole
    } else {
        hz
    }
}

fn volts(start: &Start) -> Option<f64> {
    Some(number::decimal(&start.attribute("value")?)? * unit::microvolts(&start.attribute("unit")?)?)
}

/// Seconds of the element's unit.
fn seconds_of(start: &Start) -> Option<f64> {
    match start.attribute("unit").as_deref() {
        Some("s") | None => Some(1.0),
        Some("ms") => Some(1e-3),
        Some("us") => Some(1e-6),
        _ => None,
    }
}
