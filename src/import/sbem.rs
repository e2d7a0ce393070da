//! Movesense logs (SBEM): chunks of identifier, length and content. Chunks of identifier 0 describe the others:
//! the path, type and scale of a value, or a group of values. The first stream of ECG samples is read; times are
//! those of the sensor's counter, absolute ones are stepped over.

use super::bytes::Bytes;
use super::opened::{LeadInfo, Opened, MAX_PADDING};
use super::source::read_whole;
use super::{number, Hints, ImportError, Source};
use crate::units::{Hertz, Seconds};
use std::collections::BTreeMap;

/// Rates that the sensor offers (Movesense ECG API).
const RATES_HZ: [f64; 7] = [125.0, 128.0, 200.0, 250.0, 256.0, 500.0, 512.0];

/// Microvolts of a unit of the samples that are not scaled by the log (`/Meas/ECG`).
const RAW_STEP_UV: f64 = 0.381_469_726_563;

/// Groups inside groups that are followed.
const MAX_DEPTH: u32 = 8;

/// Values in a group.
const MAX_VALUES: usize = 4096;

const LEAD: &str = "ECG";

pub(super) fn sniff(head: &[u8]) -> bool {
    head.starts_with(b"SBEM")
}

/// What a descriptor says.
enum Descriptor {
    Value {
        path: String,
        kind: Kind,
        scale: Option<f64>,
    },
    Group(Vec<u16>),
    /// A mark of structure without content.
    Bracket,
}

#[derive(Clone, Copy)]
enum Kind {
    Unsigned(usize),
    Signed(usize),
    Float,
    Double,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "uint8" | "bool" => Self::Unsigned(1),
            "uint16" => Self::Unsigned(2),
            "uint32" => Self::Unsigned(4),
            "uint64" => Self::Unsigned(8),
            "int8" => Self::Signed(1),
            "int16" => Self::Signed(2),
            "int32" => Self::Signed(4),
            "int64" => Self::Signed(8),
            "float" | "float32" => Self::Float,
            "double" | "float64" => Self::Double,
            _ => return None,
        })
    }

    fn read(self, bytes: &mut Bytes) -> Result<f64, ImportError> {
        Ok(match self {
            Self::Unsigned(1) => f64::from(bytes.u8()?),
            Self::Unsigned(2) => f64::from(bytes.u16()?),
            Self::Unsigned(4) => f64::from(bytes.u32()?),
            Self::Signed(1) => f64::from(bytes.u8()? as i8),
            Self::Signed(2) => f64::from(bytes.i16()?),
            Self::Signed(4) => f64::from(bytes.i32()?),
            Self::Float => f64::from(f32::from_bits(bytes.u32()?)),
            Self::Double => f64::from_bits(bytes.u64()?),
            Self::Unsigned(_) => bytes.u64()? as f64,
            Self::Signed(_) => bytes.u64()? as i64 as f64,
        })
    }
}

pub(super) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let file = read_whole(source, name)?;
    let mut bytes = Bytes::new(name, &file);
    bytes.skip(8)?; // magic and version
    let mut descriptors = BTreeMap::new();
    let mut log = Log::default();
    while !bytes.is_empty() {
        // 255 announces a longer number.
        let id = match bytes.u8()? {
            255 => bytes.u16()?,
            id => u16::from(id),
        };
        let length = match bytes.u8()? {
            255 => bytes.u32()? as usize,
            length => usize::from(length),
        };
        let mut content = bytes.part(length)?;
        if id == 0 {
            let (id, text) = (content.u16()?, content.text(content.left())?);
            descriptors.insert(id, descriptor(&text));
        } else {
            let mut values = Vec::new();
            flatten(&descriptors, id, MAX_DEPTH, &mut values);
            log.take(&values, &mut content)?;
        }
    }
    log.finish()
}

fn descriptor(text: &str) -> Descriptor {
    let field = |tag: &str| text.lines().find_map(|l| l.trim().strip_prefix(tag));
    if let Some(members) = field("<GRP>") {
        return Descriptor::Group(
            members.split(',').filter_map(|m| m.trim().parse().ok()).take(MAX_VALUES).collect(),
        );
    }
    match (field("<PTH>"), field("<FRM>").and_then(Kind::of)) {
        (Some(path), Some(kind)) => {
            // `x*0.001,..`: how the stored number becomes the value.
            let scale =
                field("<MOD>").and_then(|m| number::decimal(m.strip_prefix("x*")?.split(',').next()?));
            Descriptor::Value { path: path.replace('+', ""), kind, scale }
        }
        _ => Descriptor::Bracket,
    }
}

/// A value of a chunk.
struct Value<'a> {
    path: &'a str,
    kind: Kind,
    scale: Option<f64>,
}

fn flatten<'a>(all: &'a BTreeMap<u16, Descriptor>, id: u16, depth: u32, out: &mut Vec<Value<'a>>) {
    match all.get(&id) {
        Some(Descriptor::Value { path, kind, scale }) if out.len() < MAX_VALUES => {
            out.push(Value { path, kind: *kind, scale: *scale });
        }
        Some(Descriptor::Group(members)) if depth > 0 => {
            members.iter().for_each(|m| flatten(all, *m, depth - 1, out));
        }
        _ => {}
    }
}

/// The ECG of a log, packet by packet.
#[derive(Default)]
struct Log {
    step_uv: Option<f64>,
    /// Milliseconds of the first sample of each packet, and how many samples came before it.
    packets: Vec<(f64, usize)>,
    samples_uv: Vec<f32>,
}

impl Log {
    fn take(&mut self, values: &[Value], content: &mut Bytes) -> Result<(), ImportError> {
        let is_ecg = |path: &str| path.contains("MeasECG");
        if !values.iter().any(|v| is_ecg(v.path) && v.path.ends_with(".Samples")) {
            return Ok(());
        }
        let mut time_ms = None;
        let before = self.samples_uv.len();
        for value in values {
            let number = value.kind.read(content)?;
            if is_ecg(value.path) && value.path.ends_with(".Samples") {
                // A log that scales gives millivolts.
                let step_uv = value.scale.map_or(RAW_STEP_UV, |s| s * 1000.0);
                self.step_uv.get_or_insert(step_uv);
                self.samples_uv.push(number::sample(number * step_uv));
            } else if value.path.ends_with(".Timestamp") {
                time_ms = Some(number);
            }
        }
        self.packets.extend(time_ms.map(|ms| (ms, before)));
        Ok(())
    }

    fn finish(self) -> Result<Opened, ImportError> {
        let step_uv = self.step_uv.ok_or(ImportError::NoEcg)?;
        let hz = self.rate_hz().ok_or(ImportError::Unmapped { what: "its sampling rate" })?;
        let rate = Hertz::new(hz).map_err(|_| ImportError::Rate)?;
        let pieces = self.packets.iter().enumerate().map(|(i, (ms, from))| {
            let until = self.packets.get(i + 1).map_or(self.samples_uv.len(), |(_, n)| *n);
            (*ms, self.samples_uv.get(*from..until).unwrap_or_default())
        });
        let mut samples = Vec::with_capacity(self.samples_uv.len());
        let (mut before, mut padding): (Option<(f64, usize)>, u64) = (None, 0);
        for (ms, packet) in pieces {
            // Packet by packet, since the counter has whole milliseconds and a clock of its own: only a missing
            // packet is a gap.
            if let Some((before_ms, length)) = before {
                let step = rate.samples(Seconds((ms - before_ms) / 1000.0)).0 as usize;
                let missing = step.saturating_sub(length);
                if missing as u64 > MAX_PADDING {
                    return Err(ImportError::TooLarge);
                }
                if 2 * missing > length {
                    padding += missing as u64;
                    samples.extend(core::iter::repeat_n(f32::NAN, missing));
                }
            }
            if padding > samples.len() as u64 / 2 + MAX_PADDING {
                return Err(ImportError::TooLarge);
            }
            samples.extend(packet);
            before = Some((ms, packet.len()));
        }
        Opened::whole(
            vec![(LeadInfo { name: LEAD.to_owned(), rate, step_uv: Some(step_uv) }, samples)],
            Vec::new(),
        )
    }

    /// The offered rate that is nearest to what the packets' times tell.
    fn rate_hz(&self) -> Option<f64> {
        let mut rates = Vec::new();
        for pair in self.packets.windows(2) {
            if let [(from_ms, from), (until_ms, until)] = pair {
                rates.push((until - from) as f64 * 1000.0 / (until_ms - from_ms));
            }
        }
        crate::units::sort_ascending(&mut rates);
        let measured = rates.get(rates.len() / 2).copied().filter(|hz| hz.is_finite())?;
        let distance = |hz: f64| (hz - measured).abs();
        RATES_HZ.into_iter().min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
    }
}
