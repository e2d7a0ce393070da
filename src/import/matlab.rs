//! Level 4 MAT-files, as the PhysioNet/CinC Challenges publish records: one matrix `val`, a row for each lead.
//! The header beside it (`.hea`) is believed where it is in the set; a bare matrix has the rate and gain that the
//! caller gives, else those of the Challenge that published such matrices: 300 Hz for a single lead (2017), 500 Hz
//! for twelve (2020), 1000 units a millivolt.

use super::bytes::{Bytes, Order};
use super::opened::{LeadInfo, Opened};
use super::source::read_whole;
use super::{number, wfdb, Hints, ImportError, Source, VoltageUnit};
use crate::units::Hertz;

const TWELVE_LEADS: [&str; 12] = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];

/// Type, rows, columns, imaginary, length of the name.
const HEADER_BYTES: usize = 20;

pub(super) fn sniff(head: &[u8]) -> bool {
    let mut bytes = Bytes::new("", head);
    // A matrix of 16 bit numbers called `val`.
    matches!(
        (bytes.u32(), bytes.part(12).is_ok(), bytes.u32(), bytes.take(4)),
        (Ok(30 | 1030), true, Ok(4), Ok(b"val\0"))
    )
}

pub(super) fn open(source: &dyn Source, name: &str, hints: &Hints) -> Result<Opened, ImportError> {
    if let Some(stem) = name.rsplit_once('.').map(|(stem, _)| stem) {
        let header = format!("{stem}.hea");
        if source.size(&header).is_ok() {
            return wfdb::open(source, &header, hints);
        }
    }
    let file = read_whole(source, name)?;
    let (rows, values) = matrix(name, &file)?;
    let rate_hz = hints.rate_hz.or(match rows {
        1 => Some(300.0),
        12 => Some(500.0),
        _ => None,
    });
    let rate = Hertz::new(rate_hz.ok_or(ImportError::Unmapped { what: "its sampling rate" })?);
    let rate = rate.map_err(|_| ImportError::Rate)?;
    let unit = hints.unit.unwrap_or(VoltageUnit::Millivolt).microvolts();
    let step_uv = unit / hints.gain.filter(|g| g.is_normal()).unwrap_or(1000.0);
    let names: &[&str] = if rows == TWELVE_LEADS.len() { &TWELVE_LEADS } else { &[] };
    let lead = |row: usize| {
        let name = names.get(row).copied().unwrap_or_default().to_owned();
        let samples = values.iter().skip(row).step_by(rows).map(|v| number::sample(v * step_uv)).collect();
        (LeadInfo { name, rate, step_uv: Some(step_uv) }, samples)
    };
    Opened::whole((0..rows).map(lead).collect(), Vec::new())
}

/// Rows and numbers of the first matrix, column by column.
fn matrix(name: &str, file: &[u8]) -> Result<(usize, Vec<f64>), ImportError> {
    let unsupported = |what| ImportError::Unsupported { what };
    let mut bytes = Bytes::new(name, file);
    let kind = bytes.u32()?;
    // The thousands tell the order of the bytes: big-endian files read 0x...e8030000 here.
    let order = if kind < 10_000 { Order::Little } else { Order::Big };
    let kind = if order == Order::Big { kind.swap_bytes() } else { kind };
    if kind >= 2000 || kind % 10 != 0 {
        return Err(unsupported("this kind of MAT-file"));
    }
    let mut bytes = bytes.ordered(order);
    let (rows, columns, imaginary) = (bytes.u32()?, bytes.u32()?, bytes.u32()?);
    let name_length = bytes.u32()?;
    bytes.skip(name_length as usize)?;
    if rows == 0 || rows > 64 || imaginary != 0 {
        return Err(unsupported("a matrix that is no set of leads"));
    }
    let count = u64::from(rows) * u64::from(columns);
    let width = match kind / 10 % 10 {
        0 => 8,
        1 | 2 => 4,
        3 | 4 => 2,
        5 => 1,
        _ => return Err(unsupported("this kind of MAT-file")),
    };
    if count > (file.len().saturating_sub(HEADER_BYTES) / width) as u64 {
        return Err(bytes.short());
    }
    let mut values = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let value = match kind / 10 % 10 {
            0 => f64::from_bits(bytes.u64()?),
            1 => f64::from(f32::from_bits(bytes.u32()?)),
            2 => f64::from(bytes.i32()?),
            3 => f64::from(bytes.i16()?),
            4 => f64::from(bytes.u16()?),
            _ => f64::from(bytes.u8()?),
        };
        values.push(if value.is_finite() { value } else { f64::NAN });
    }
    Ok((rows as usize, values))
}
