//! The header: 256 bytes for the record and 256 for each signal, all text of fixed length.

use crate::import::bytes::{latin_1, Bytes};
use crate::import::{number, unit, Hints, ImportError, Source, VoltageUnit};
use crate::units::Hertz;

/// Bytes of the record's header, and of each signal's.
const HEADER_BYTES: usize = 256;

/// What a header says. Its first 168 bytes, which tell whose record it is and when it was made, are not kept.
pub(super) struct Header {
    /// Bytes before the first data record.
    pub bytes: u64,
    /// Data records, where known.
    pub records: Option<u64>,
    /// Bytes of a sample: 2, or 3 in BDF.
    pub sample_bytes: usize,
    /// Whether data records may lie apart in time.
    pub discontinuous: bool,
    pub signals: Vec<Signal>,
}

/// One signal of the file.
pub(super) struct Signal {
    pub samples_per_record: usize,
    pub kind: Kind,
}

pub(super) enum Kind {
    /// A voltage at a rate that the analysis supports.
    Lead(Calibration),
    /// Annotations in the signal's place.
    Annotations,
    /// Anything else.
    Other(Why),
}

/// Why a signal is no lead.
#[derive(PartialEq)]
pub(super) enum Why {
    NoVoltage,
    /// The unit is left open, and nobody said it.
    NoUnit,
    Rate,
    /// No step between its values, or none that can be read.
    Calibration,
}

pub(super) struct Calibration {
    pub name: String,
    pub rate: Hertz,
    /// Microvolts of one unit.
    pub step_uv: f64,
    /// Microvolts at 0.
    pub offset_uv: f64,
}

impl Header {
    pub(super) fn read(source: &dyn Source, name: &str, hints: &Hints) -> Result<Self, ImportError> {
        let first = source.read(name, 0, HEADER_BYTES)?;
        let mut bytes = Bytes::new(name, &first);
        let bdf = bytes.u8()? == 0xff;
        // The rest of the version, then patient, recording, date and time.
        bytes.skip(7 + 80 + 80 + 8 + 8)?;
        let length = field(&mut bytes, 8, "header length")?;
        let kind = bytes.text(44)?;
        let records = field(&mut bytes, 8, "number of data records")?;
        let record_s = field(&mut bytes, 8, "duration of a data record")?;
        let count = field(&mut bytes, 4, "number of signals")?;
        if record_s < 0.0 || !(0.0..=9999.0).contains(&count) {
            return Err(ImportError::Invalid { what: "EDF header" });
        }
        let count = count as usize;
        let all = source.read(name, HEADER_BYTES as u64, count * HEADER_BYTES)?;
        let sample_bytes = if bdf { 3 } else { 2 };
        Ok(Self {
            bytes: (length as u64).max((HEADER_BYTES * (count + 1)) as u64),
            records: (records >= 0.0).then_some(records as u64),
            sample_bytes,
            discontinuous: kind.starts_with("EDF+D") || kind.starts_with("BDF+D"),
            signals: signals(Bytes::new(name, &all), count, record_s, hints)?,
        })
    }

    /// Samples of all leads in a data record.
    pub(super) fn lead_samples_per_record(&self) -> u64 {
        let leads = self.signals.iter().filter(|s| matches!(s.kind, Kind::Lead(_)));
        leads.map(|s| s.samples_per_record as u64).sum()
    }

    /// Bytes of a data record, as the header claims.
    pub(super) fn record_bytes(&self) -> u64 {
        let samples = self.signals.iter().map(|s| s.samples_per_record as u64);
        samples.fold(0, |sum, n| sum.saturating_add(n.saturating_mul(self.sample_bytes as u64)))
    }
}

pub(super) fn is_number(field: &[u8]) -> bool {
    number::decimal(&latin_1(field)).is_some()
}

fn field(bytes: &mut Bytes, n: usize, what: &'static str) -> Result<f64, ImportError> {
    number::decimal(&bytes.text(n)?).ok_or(ImportError::Invalid { what })
}

/// Most samples of one signal in a data record: far above real files, far below what overflows.
const MAX_SAMPLES_PER_RECORD: f64 = 1e8;

fn signals(bytes: Bytes, count: usize, record_s: f64, hints: &Hints) -> Result<Vec<Signal>, ImportError> {
    // Each field stands `count` times before the next one begins.
    let mut columns = bytes;
    let mut column = |width: usize| columns.part(width * count);
    let (mut label, _transducer, mut dimension) = (column(16)?, column(80)?, column(8)?);
    let (mut low, mut high) = (column(8)?, column(8)?);
    let (mut digital_low, mut digital_high) = (column(8)?, column(8)?);
    let (_filters, mut samples) = (column(80)?, column(8)?);
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        let label = label.text(16)?;
        let dimension = dimension.text(8)?;
        let physical = (low.text(8)?, high.text(8)?);
        let digital = (digital_low.text(8)?, digital_high.text(8)?);
        let n = field(&mut samples, 8, "samples in a data record")?;
        if !(0.0..=MAX_SAMPLES_PER_RECORD).contains(&n) {
            return Err(ImportError::Invalid { what: "samples in a data record" });
        }
        let kind = if label.ends_with("DF Annotations") {
            Kind::Annotations
        } else {
            let said = hints.unit.filter(|_| dimension.is_empty()).map(VoltageUnit::microvolts);
            match unit::microvolts(&dimension).or(said) {
                None if dimension.is_empty() => Kind::Other(Why::NoUnit),
                None => Kind::Other(Why::NoVoltage),
                Some(uv) => calibrated(label, uv, n / record_s, &physical, &digital),
            }
        };
        all.push(Signal { samples_per_record: n as usize, kind });
    }
    Ok(all)
}

/// A lead, or why it is none: an unused channel with blank or equal ends must not cost the others.
fn calibrated(
    name: String,
    uv: f64,
    hz: f64,
    physical: &(String, String),
    digital: &(String, String),
) -> Kind {
    let ends = |(low, high): &(String, String)| Some((number::decimal(low)?, number::decimal(high)?));
    let (Some((low, high)), Some((digital_low, digital_high))) = (ends(physical), ends(digital)) else {
        return Kind::Other(Why::Calibration);
    };
    let step = (high - low) / (digital_high - digital_low);
    if !step.is_finite() || step == 0.0 {
        return Kind::Other(Why::Calibration);
    }
    let Ok(rate) = Hertz::new(hz) else { return Kind::Other(Why::Rate) };
    let offset_uv = (low - digital_low * step) * uv;
    Kind::Lead(Calibration { name, rate, step_uv: step * uv, offset_uv })
}
