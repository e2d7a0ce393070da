//! AliveCor `.atc` files (Alive File Format specification 1.7): blocks of identifier, length, content and
//! checksum. The block `info`, which tells phone, device and date, is stepped over.

use super::bytes::Bytes;
use super::opened::{LeadInfo, Mark, Opened};
use super::source::read_whole;
use super::wfdb::AnnotationCode;
use super::{Hints, ImportError, Source};
use crate::units::{Hertz, Seconds};

/// Leads by their block.
const LEADS: [(&[u8], &str); 12] = [
    (b"ecg ", "I"),
    (b"ecg2", "II"),
    (b"ecg3", "III"),
    (b"ecg4", "aVR"),
    (b"ecg5", "aVL"),
    (b"ecg6", "aVF"),
    (b"ecg7", "V1"),
    (b"ecg8", "V2"),
    (b"ecg9", "V3"),
    (b"ecga", "V4"),
    (b"ecgb", "V5"),
    (b"ecgc", "V6"),
];

/// Unknown, normal, ventricular, atrial, fusion, junctional, paced: the codes of ecgcodes.h.
const BEATS: [u8; 7] = [13, 1, 5, 8, 6, 7, 12];

/// Microvolts of a unit where the file says 0.
const USUAL_STEP_NV: u16 = 500;

pub(super) fn sniff(head: &[u8]) -> bool {
    head.starts_with(b"ALIVE\0\0\0")
}

pub(super) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let file = read_whole(source, name)?;
    let mut bytes = Bytes::new(name, &file);
    bytes.skip(8 + 4)?; // signature, version
    let mut format = None;
    let mut raw = Vec::new();
    let mut marks = Vec::new();
    while !bytes.is_empty() {
        let id = bytes.take(4)?;
        let length = bytes.u32()?;
        let content = bytes.take(usize::try_from(length).map_err(|_| bytes.short())?)?;
        let sum = bytes.u32()?;
        let length = length.to_le_bytes();
        let block = || id.iter().chain(&length).chain(content);
        // The sum of the bytes; of bytes with sign in some of the maker's own files.
        let unsigned = block().fold(0_u32, |sum, b| sum.wrapping_add(u32::from(*b)));
        let signed = block().fold(0_u32, |sum, b| sum.wrapping_add_signed(i32::from(*b as i8)));
        if sum != unsigned && sum != signed {
            return Err(ImportError::Invalid { what: "checksum of a block" });
        }
        let mut content = Bytes::new(name, content);
        match id {
            b"fmt " => {
                content.skip(1)?; // always 16 bit numbers
                format = Some((content.u16()?, content.u16()?));
            }
            b"ann " => {
                let ticks = f64::from(content.u32()?);
                while let (Ok(at), Ok(kind)) = (content.u32(), content.u16()) {
                    let code = BEATS.get(usize::from(kind)).map(|c| AnnotationCode(*c));
                    let at = Seconds(f64::from(at) / ticks.max(1.0));
                    marks.push(Mark { at, duration: None, code, number: 0, text: String::new() });
                }
            }
            _ => raw.extend(LEADS.iter().find(|(block, _)| *block == id).map(|(_, lead)| (*lead, content))),
        }
    }
    let (rate, step_nv) = format.ok_or(ImportError::Invalid { what: "no format block" })?;
    let rate = Hertz::new(f64::from(rate)).map_err(|_| ImportError::Rate)?;
    let step_uv = f64::from(if step_nv == 0 { USUAL_STEP_NV } else { step_nv }) / 1000.0;
    let decode = |mut content: Bytes| {
        let count = content.left() / 2;
        (0..count).map_while(|_| content.i16().ok()).map(|v| (f64::from(v) * step_uv) as f32).collect()
    };
    let leads = raw.into_iter().map(|(lead, content)| {
        (LeadInfo { name: lead.to_owned(), rate, step_uv: Some(step_uv) }, decode(content))
    });
    // Every block agreed.
    Opened::checked(leads.collect(), marks, Some(true))
}
