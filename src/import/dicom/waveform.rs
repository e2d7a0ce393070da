//! Multiplex groups of the Waveform Sequence become leads (PS3.3 C.10.9.1).

use super::annotations::{self, Item, ANNOTATIONS, CONCEPT, CONCEPT_NAME};
use super::elements::{Tag, Visitor};
use crate::import::bytes::{latin_1, Bytes};
use crate::import::pieces::Piece;
use crate::import::{lead_name, number, unit, ImportError};
use crate::units::Hertz;

const WAVEFORMS: Tag = 0x5400_0100;
const CHANNELS: Tag = 0x003a_0200;
const CHANNEL_SOURCE: Tag = 0x003a_0208;
const SENSITIVITY_UNITS: Tag = 0x003a_0211;

const CODE_VALUE: Tag = 0x0008_0100;
const CODE_MEANING: Tag = 0x0008_0104;
const TIME_OFFSET: Tag = 0x0018_1068;
const CHANNEL_COUNT: Tag = 0x003a_0005;
const SAMPLE_COUNT: Tag = 0x003a_0010;
const FREQUENCY: Tag = 0x003a_001a;
const SENSITIVITY: Tag = 0x003a_0210;
const CORRECTION: Tag = 0x003a_0212;
const BASELINE: Tag = 0x003a_0213;
const BITS_ALLOCATED: Tag = 0x5400_1004;
const INTERPRETATION: Tag = 0x5400_1006;
const PADDING: Tag = 0x5400_100a;
const DATA: Tag = 0x5400_1010;

/// The channels of a group that real files do not exceed.
const MAX_CHANNELS: usize = 256;

/// Collects the voltage channels of every group.
#[derive(Default)]
pub(super) struct Waveforms {
    pub pieces: Vec<Piece>,
    /// Items of annotations, which stand before the groups that they refer to.
    pub items: Vec<Item>,
    /// What the items refer to, group by group; `None` for one without samples.
    pub groups: Vec<Option<annotations::Group>>,
    item: Item,
    group: Group,
    channel: Channel,
}

#[derive(Default)]
struct Group {
    channels: Vec<Channel>,
    channel_count: usize,
    sample_count: usize,
    hz: f64,
    start_ms: f64,
    bits: u16,
    is_unsigned: bool,
    padding: Option<i32>,
    /// The samples, channel by channel in turn.
    raw: Vec<i32>,
}

#[derive(Default)]
struct Channel {
    code: String,
    meaning: String,
    /// Microvolts of the unit of the sensitivity; `None` when it is no voltage.
    unit_uv: Option<f64>,
    sensitivity: Option<f64>,
    correction: Option<f64>,
    baseline: Option<f64>,
}

impl Visitor for Waveforms {
    fn element(&mut self, path: &[Tag], tag: Tag, mut value: Bytes) -> Result<(), ImportError> {
        let (group, channel) = (&mut self.group, &mut self.channel);
        match (path, tag) {
            ([WAVEFORMS], TIME_OFFSET) => group.start_ms = decimal(value)?.unwrap_or(0.0),
            ([WAVEFORMS], CHANNEL_COUNT) => group.channel_count = usize::from(value.u16()?),
            ([WAVEFORMS], SAMPLE_COUNT) => group.sample_count = value.u32()? as usize,
            ([WAVEFORMS], FREQUENCY) => group.hz = decimal(value)?.unwrap_or(0.0),
            ([WAVEFORMS], BITS_ALLOCATED) => group.bits = value.u16()?,
            ([WAVEFORMS], INTERPRETATION) => group.is_unsigned = latin_1(value.take_all()).starts_with('U'),
            ([WAVEFORMS], PADDING) => {
                // Writers put a 0 here, which is a voltage; only an end of the range can be no sample.
                let limits =
                    [i32::from(i16::MIN), i32::from(i16::MAX), i32::from(u16::MAX), i32::MIN, i32::MAX];
                let value = sample(&mut value, group.bits, group.is_unsigned).ok();
                group.padding = value.filter(|v| limits.contains(v));
            }
            ([WAVEFORMS], DATA) => group.decode(value)?,
            ([WAVEFORMS, CHANNELS], SENSITIVITY) => channel.sensitivity = decimal(value)?,
            ([WAVEFORMS, CHANNELS], CORRECTION) => channel.correction = decimal(value)?,
            ([WAVEFORMS, CHANNELS], BASELINE) => channel.baseline = decimal(value)?,
            ([WAVEFORMS, CHANNELS, CHANNEL_SOURCE], CODE_VALUE) => channel.code = latin_1(value.take_all()),
            ([WAVEFORMS, CHANNELS, CHANNEL_SOURCE], CODE_MEANING) => {
                channel.meaning = latin_1(value.take_all())
            }
            ([WAVEFORMS, CHANNELS, SENSITIVITY_UNITS], CODE_VALUE) => {
                channel.unit_uv = unit::microvolts(&latin_1(value.take_all()));
            }
            ([ANNOTATIONS], _) => self.item.element(false, tag, value)?,
            // The name of what is marked; where it is only "annotation", its value comes behind and counts.
            ([ANNOTATIONS, CONCEPT_NAME | CONCEPT], _) => self.item.element(true, tag, value)?,
            _ => {}
        }
        Ok(())
    }

    fn item_end(&mut self, path: &[Tag]) -> Result<(), ImportError> {
        match path {
            [WAVEFORMS, CHANNELS] if self.group.channels.len() < MAX_CHANNELS => {
                self.group.channels.push(core::mem::take(&mut self.channel));
            }
            [WAVEFORMS] => {
                let group = core::mem::take(&mut self.group);
                self.groups.push(group.stretch());
                group.finish(&mut self.pieces)?;
            }
            [ANNOTATIONS] => self.items.extend(core::mem::take(&mut self.item).placed()),
            _ => {}
        }
        Ok(())
    }
}

impl Group {
    fn decode(&mut self, mut data: Bytes) -> Result<(), ImportError> {
        let bytes = usize::from(self.bits / 8);
        if !matches!(bytes, 1 | 2 | 4) {
            return Err(ImportError::Unsupported { what: "bits of a DICOM waveform" });
        }
        let count = self.channel_count.saturating_mul(self.sample_count);
        if count.saturating_mul(bytes) > data.left() {
            return Err(data.short());
        }
        self.raw.reserve(count);
        for _ in 0..count {
            self.raw.push(sample(&mut data, self.bits, self.is_unsigned)?);
        }
        Ok(())
    }

    fn stretch(&self) -> Option<annotations::Group> {
        let samples = self.raw.len().checked_div(self.channel_count).filter(|n| *n > 0)?;
        let rate = Hertz::new(self.hz).ok()?;
        Some(annotations::Group { start_s: self.start_ms / 1000.0, rate, samples })
    }

    fn finish(self, pieces: &mut Vec<Piece>) -> Result<(), ImportError> {
        if self.raw.is_empty() {
            return Ok(());
        }
        if self.channels.len() != self.channel_count {
            return Err(ImportError::Invalid { what: "channels of a DICOM waveform" });
        }
        for (i, channel) in self.channels.iter().enumerate() {
            let (Some(uv), Some(sensitivity)) = (channel.unit_uv, channel.sensitivity) else { continue };
            let rate = Hertz::new(self.hz).map_err(|_| ImportError::Rate)?;
            let step_uv = uv * sensitivity * channel.correction.unwrap_or(1.0);
            let baseline_uv = uv * channel.baseline.unwrap_or(0.0);
            let volts = |raw: &i32| {
                if Some(*raw) == self.padding {
                    f32::NAN
                } else {
                    number::sample(f64::from(*raw) * step_uv + baseline_uv)
                }
            };
            let samples_uv = self.raw.iter().skip(i).step_by(self.channel_count).map(volts).collect();
            let start_s = self.start_ms / 1000.0;
            pieces.push(Piece { name: channel.name(), rate, step_uv, start_s, samples_uv });
        }
        Ok(())
    }
}

impl Channel {
    /// By the code's number in MDC (`2:61`) or SCP-ECG (`5.6.3-9-61`), which agree; else by its meaning.
    fn name(&self) -> String {
        let number = self.code.strip_prefix("2:").or_else(|| self.code.strip_prefix("5.6.3-9-"));
        let coded = number.and_then(|n| n.parse().ok()).map_or("", lead_name::numbered);
        let said = self.meaning.split('(').next().unwrap_or_default();
        let known = if coded.is_empty() { lead_name::standard(said) } else { Some(coded) };
        known.unwrap_or(said.trim()).to_owned()
    }
}

fn sample(bytes: &mut Bytes, bits: u16, is_unsigned: bool) -> Result<i32, ImportError> {
    Ok(match (bits, is_unsigned) {
        (8, true) => i32::from(bytes.u8()?),
        (8, false) => i32::from(bytes.u8()? as i8),
        (16, true) => i32::from(bytes.u16()?),
        (16, false) => i32::from(bytes.i16()?),
        _ => bytes.i32()?,
    })
}

/// A decimal string; `None` when it is empty.
fn decimal(mut value: Bytes) -> Result<Option<f64>, ImportError> {
    let text = latin_1(value.take_all());
    if text.is_empty() {
        return Ok(None);
    }
    number::decimal(&text).map(Some).ok_or(ImportError::Invalid { what: "number in DICOM" })
}
