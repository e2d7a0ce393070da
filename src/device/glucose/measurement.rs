//! Glucose Measurement 0x2A18: `flags u8 | sequence u16 | base time 7 | [offset i16] | [concentration SFLOAT,
//! type and location u8] | [status u16]`.

use crate::device::reader::Reader;
use crate::device::reading::{
    date_time, decode_sfloat, encode_sfloat, CivilTime, Condition, Decoded, MedicalFloat, Panel, Quantity,
    Taken,
};
use crate::device::DeviceError;

/// Flags (Glucose Service, Glucose Measurement).
const OFFSET: u8 = 1 << 0;
const CONCENTRATION: u8 = 1 << 1;
const MOLES: u8 = 1 << 2;
const STATUS: u8 = 1 << 3;

/// Molar mass of glucose, grams.
const MOLAR_MASS: f64 = 180.156;
/// Sample type of a control solution.
const CONTROL: u8 = 10;

const CONDITIONS: &[(u32, Condition)] = &[
    (1 << 0, Condition::BatteryLow),
    (1 << 1, Condition::Questionable), // sensor malfunction
    (1 << 2, Condition::SampleInsufficient),
    (1 << 3, Condition::StripError),
    (1 << 4, Condition::StripError),
    (1 << 5, Condition::ResultOutOfRange),
    (1 << 6, Condition::ResultOutOfRange),
    (1 << 7, Condition::TemperatureOutOfRange),
    (1 << 8, Condition::TemperatureOutOfRange),
    (1 << 9, Condition::StripError),    // pulled out too soon
    (1 << 10, Condition::Questionable), // general fault
];
/// The clock of the meter has failed.
const TIME_FAULT: u16 = 1 << 11;

/// A Glucose Measurement as it stands in the frame. The sequence number goes no further.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glucose {
    /// Counts the records of the meter.
    pub sequence: u16,
    /// Time stamp with its offset; `None` of a clock that was not set.
    pub taken: Option<CivilTime>,
    /// Concentration in its own unit.
    pub concentration: Option<MedicalFloat>,
    /// True when the unit is moles a litre, not kilograms a litre.
    pub moles: bool,
    /// Type of the sample, 0 to 15; 10 is a control solution.
    pub sample_type: Option<u8>,
    /// Where the sample was taken, 0 to 15.
    pub location: Option<u8>,
    /// Status bits.
    pub status: Option<u16>,
}

/// Decodes a Glucose Measurement. Bytes after the last promised field are ignored.
///
/// # Errors
/// [`DeviceError::Truncated`] when the flags promise more than is there.
pub fn decode(bytes: &[u8]) -> Result<Glucose, DeviceError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("glucose flags")?;
    let has = |bit: u8| flags & bit != 0;
    let sequence = reader.u16("sequence number")?;
    let base = date_time(&mut reader)?;
    let offset = if has(OFFSET) { reader.i16("time offset")? } else { 0 };
    let (mut concentration, mut sample_type, mut location) = (None, None, None);
    if has(CONCENTRATION) {
        concentration = Some(decode_sfloat(reader.u16("concentration")?));
        let nibbles = reader.u8("type and location")?;
        (sample_type, location) = (Some(nibbles & 0x0F), Some(nibbles >> 4));
    }
    let status = if has(STATUS) { Some(reader.u16("status")?) } else { None };
    let taken = base.map(|base| base.plus_seconds(60 * i64::from(offset)));
    Ok(Glucose { sequence, taken, concentration, moles: has(MOLES), sample_type, location, status })
}

/// The reading of a frame, in millimoles a litre.
pub(crate) fn reading(bytes: &[u8]) -> Result<Decoded, DeviceError> {
    let frame = decode(bytes)?;
    let millimoles = |number: f64| if frame.moles { number * 1e3 } else { number * 1e6 / MOLAR_MASS };
    let mut reading = Decoded::new(Panel::Glucose);
    reading.measured(Quantity::Glucose, frame.concentration.and_then(MedicalFloat::number).map(millimoles));
    let status = frame.status.unwrap_or(0);
    reading.conditions(status.into(), CONDITIONS);
    if frame.sample_type == Some(CONTROL) {
        reading.conditions.push(Condition::ControlSolution);
    }
    // Every record of a meter is one that it remembers.
    reading.taken = frame.taken.filter(|_| status & TIME_FAULT == 0).map_or(Taken::Unknown, Taken::At);
    Ok(reading)
}

/// Encodes millimoles a litre of capillary whole blood from a finger, with a time stamp as its parts.
#[must_use]
pub fn encode(sequence: u16, millimoles: f64, taken: (u16, [u8; 5])) -> Vec<u8> {
    let mut bytes = vec![CONCENTRATION | MOLES];
    bytes.extend(sequence.to_le_bytes());
    bytes.extend(taken.0.to_le_bytes());
    bytes.extend(taken.1);
    bytes.extend(encode_sfloat(millimoles / 1e3).to_le_bytes());
    bytes.push(0x11);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORNING: (u16, [u8; 5]) = (2026, [3, 1, 7, 30, 5]);

    #[test]
    fn both_units_and_the_offset() {
        let bytes = encode(7, 5.6, MORNING);
        let value = reading(&bytes).unwrap().values[0].value;
        assert!((value - 5.6).abs() < 1e-9, "{value}");
        // 126 mg/dl are 7 mmol/l; ten minutes later than the base time.
        let mut mass = vec![OFFSET | CONCENTRATION | STATUS, 1, 0, 0xEA, 0x07, 3, 1, 7, 30, 5, 10, 0];
        mass.extend(encode_sfloat(126e-5).to_le_bytes());
        mass.extend([0x1A, 0b100, 0]);
        let reading = reading(&mass).unwrap();
        assert!((reading.values[0].value - 6.994).abs() < 1e-3);
        assert_eq!(reading.conditions, [Condition::SampleInsufficient, Condition::ControlSolution]);
        let later = CivilTime::new(2026, 3, 1, 7, 40, 5).unwrap();
        assert_eq!(reading.taken, Taken::At(later));
        for length in 0..mass.len() {
            assert!(decode(&mass[..length]).is_err(), "{length}");
        }
    }
}
