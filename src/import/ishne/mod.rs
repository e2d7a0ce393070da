//! ISHNE Holter files (Badilini, ANE 3:263, 1998; "ISHNE Holter standard output file format"): a header of fixed
//! places, then 16 bit samples of all leads in turn, and beats in an annotation file beside it. Subject, dates and
//! remarks are stepped over.

mod annotations;

use super::bytes::Bytes;
use super::opened::{Block, LeadInfo, Opened, Stream};
use super::{number, Hints, ImportError, Source};
use crate::units::Hertz;

/// Magic, checksum and the fixed part of the header.
const FIXED_BYTES: usize = 8 + 2 + 512;

/// Leads that the header has room for.
const MAX_LEADS: usize = 12;

const BYTES_AT_A_TIME: usize = 1 << 18;

/// What the format puts where there is no sample.
const INVALID: i16 = i16::MIN;

/// Names by the specification's lead numbers, 0 to 19; empty where it has none.
const NAMES: [&str; 20] = [
    "", "", "X", "Y", "Z", "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "ES",
    "AS", "AI",
];

pub(super) fn sniff(head: &[u8]) -> bool {
    head.starts_with(b"ISHNE1.0")
}

pub(super) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let head = source.read(name, 0, FIXED_BYTES)?;
    let mut bytes = Bytes::new(name, &head);
    bytes.skip(8 + 2)?;
    let _variable_length = bytes.u32()?;
    let samples = bytes.u32()?;
    let _variable_offset = bytes.u32()?;
    let offset = bytes.u32()?;
    // Version, name, id, sex, race, dates and time.
    bytes.skip(2 + 40 + 40 + 20 + 2 + 2 + 6 + 6 + 6 + 6)?;
    let leads = usize::from(bytes.u16()?);
    if !(1..=MAX_LEADS).contains(&leads) {
        return Err(ImportError::Invalid { what: "number of leads" });
    }
    let mut numbers = bytes.part(2 * MAX_LEADS)?;
    bytes.skip(2 * MAX_LEADS)?; // lead quality
    let mut resolution = bytes.part(2 * MAX_LEADS)?;
    bytes.skip(2 + 40)?; // pacemaker, recorder
    let rate = Hertz::new(f64::from(bytes.u16()?)).map_err(|_| ImportError::Rate)?;
    let mut infos = Vec::with_capacity(leads);
    for _ in 0..leads {
        let number = usize::try_from(numbers.i16()?).unwrap_or(0);
        let nanovolts = f64::from(resolution.i16()?);
        if nanovolts <= 0.0 {
            return Err(ImportError::Invalid { what: "amplitude resolution" });
        }
        let name = NAMES.get(number).copied().unwrap_or_default().to_owned();
        infos.push(LeadInfo { name, rate, step_uv: Some(nanovolts / 1000.0) });
    }
    let frames = frames(source.size(name)?, u64::from(offset), u64::from(samples), leads, name)?;
    let steps = infos.iter().map(|i| i.step_uv.unwrap_or(1.0)).collect();
    let stream = Frames { name: name.to_owned(), steps, start: u64::from(offset), frames, next: 0 };
    let marks = annotations::beside(source, name, rate, frames);
    Ok(Opened { leads: infos, marks, stream: Box::new(stream) })
}

/// Samples of each lead. The header gives those of one lead by the specification, of all together in some
/// recorders' files: whatever the file holds decides.
fn frames(size: u64, offset: u64, samples: u64, leads: usize, name: &str) -> Result<u64, ImportError> {
    let there = size.saturating_sub(offset) / (2 * leads as u64);
    match samples {
        0 => Ok(there),
        n if n <= there => Ok(n),
        n if n / leads as u64 <= there => Ok(n / leads as u64),
        _ => Err(ImportError::Truncated { name: name.to_owned() }),
    }
}

struct Frames {
    name: String,
    steps: Vec<f64>,
    start: u64,
    frames: u64,
    next: u64,
}

impl Stream for Frames {
    fn next(&mut self, source: &dyn Source, block: &mut Block) -> Result<bool, ImportError> {
        let frame_bytes = 2 * self.steps.len();
        let count = ((BYTES_AT_A_TIME / frame_bytes) as u64).min(self.frames - self.next);
        let offset = self.start + self.next * frame_bytes as u64;
        let held = source.read(&self.name, offset, count as usize * frame_bytes)?;
        let mut bytes = Bytes::new(&self.name, &held);
        for _ in 0..count {
            for (lead, step) in self.steps.iter().enumerate() {
                let value = bytes.i16()?;
                if block.wants(lead) {
                    block.push(
                        lead,
                        if value == INVALID { f32::NAN } else { number::sample(f64::from(value) * step) },
                    );
                }
            }
        }
        self.next += count;
        block.progress = self.next as f64 / self.frames.max(1) as f64;
        Ok(self.next < self.frames)
    }
}
