//! Blood Pressure Measurement 0x2A35:
//! `flags u8 | systolic, diastolic, mean SFLOAT | [time stamp 7] | [pulse SFLOAT] | [user u8] | [status u16]`.

use crate::device::reader::Reader;
use crate::device::reading::{
    date_time, decode_sfloat, encode_sfloat, CivilTime, Condition, Decoded, MedicalFloat, Panel, Quantity,
    Taken,
};
use crate::device::DeviceError;

/// Flags (Blood Pressure Service, Blood Pressure Measurement).
const KILOPASCAL: u8 = 1 << 0;
const TIME: u8 = 1 << 1;
const PULSE: u8 = 1 << 2;
const USER: u8 = 1 << 3;
const STATUS: u8 = 1 << 4;

/// Millimetres of mercury in a kilopascal.
const MM_HG: f64 = 7.500_617;

const CONDITIONS: &[(u32, Condition)] = &[
    (1 << 0, Condition::BodyMovement),
    (1 << 1, Condition::CuffTooLoose),
    (1 << 2, Condition::IrregularPulse),
    (1 << 3, Condition::PulseRateOutOfRange),
    (1 << 4, Condition::PulseRateOutOfRange),
    (1 << 5, Condition::WrongPosition),
];

/// A Blood Pressure Measurement as it stands in the frame, in its own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BloodPressure {
    /// True when the pressures are kilopascals, not millimetres of mercury.
    pub kilopascal: bool,
    /// Systolic, diastolic and mean arterial pressure.
    pub pressures: [MedicalFloat; 3],
    /// Time stamp, where one is sent: `Some(None)` of a clock that was not set.
    pub taken: Option<Option<CivilTime>>,
    /// Pulse rate, beats a minute.
    pub pulse: Option<MedicalFloat>,
    /// Number of the user on the device.
    pub user: Option<u8>,
    /// Status bits.
    pub status: Option<u16>,
}

/// Decodes a Blood Pressure Measurement. Bytes after the last promised field are ignored.
///
/// # Errors
/// [`DeviceError::Truncated`] when the flags promise more than is there.
pub fn decode(bytes: &[u8]) -> Result<BloodPressure, DeviceError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("blood pressure flags")?;
    let has = |bit: u8| flags & bit != 0;
    let mut pressure = || reader.u16("blood pressure").map(decode_sfloat);
    let pressures = [pressure()?, pressure()?, pressure()?];
    let taken = if has(TIME) { Some(date_time(&mut reader)?) } else { None };
    let pulse = if has(PULSE) { Some(decode_sfloat(reader.u16("pulse rate")?)) } else { None };
    let user = if has(USER) { Some(reader.u8("user")?) } else { None };
    let status = if has(STATUS) { Some(reader.u16("status")?) } else { None };
    Ok(BloodPressure { kilopascal: has(KILOPASCAL), pressures, taken, pulse, user, status })
}

/// The reading of a frame, in millimetres of mercury.
pub(super) fn reading(bytes: &[u8]) -> Result<Decoded, DeviceError> {
    let frame = decode(bytes)?;
    let factor = if frame.kilopascal { MM_HG } else { 1.0 };
    let mut reading = Decoded::new(Panel::BloodPressure);
    let (systolic, diastolic, mean) =
        frame.pressures.map(|p| p.number().map(|number| number * factor)).into();
    // A pair in the wrong order is no reading, whatever each number is by itself.
    if systolic.zip(diastolic).is_none_or(|(high, low)| high <= low) {
        return Err(DeviceError::Invalid { field: "blood pressure" });
    }
    reading.measured(Quantity::Systolic, systolic);
    reading.measured(Quantity::Diastolic, diastolic);
    if reading.values.len() != 2 {
        return Err(DeviceError::Invalid { field: "blood pressure" });
    }
    reading.measured(Quantity::MeanArterial, mean);
    reading.measured(Quantity::PulseRate, frame.pulse.and_then(MedicalFloat::number));
    reading.conditions(frame.status.unwrap_or(0).into(), CONDITIONS);
    reading.user = frame.user;
    reading.taken = frame.taken.map_or(Taken::Now, |at| at.map_or(Taken::Unknown, Taken::At));
    Ok(reading)
}

/// Encodes a reading in millimetres of mercury: systolic, diastolic, mean; pulse; a time stamp as its parts; user.
#[must_use]
pub fn encode(
    pressures: [f64; 3],
    pulse: Option<f64>,
    taken: Option<(u16, [u8; 5])>,
    user: Option<u8>,
    status: Option<u16>,
) -> Vec<u8> {
    let flag = |present: bool, bit: u8| if present { bit } else { 0 };
    let mut bytes = vec![
        flag(taken.is_some(), TIME)
            | flag(pulse.is_some(), PULSE)
            | flag(user.is_some(), USER)
            | flag(status.is_some(), STATUS),
    ];
    bytes.extend(pressures.iter().flat_map(|p| encode_sfloat(*p).to_le_bytes()));
    if let Some((year, rest)) = taken {
        bytes.extend(year.to_le_bytes());
        bytes.extend(rest);
    }
    bytes.extend(pulse.iter().flat_map(|p| encode_sfloat(*p).to_le_bytes()));
    bytes.extend(user);
    bytes.extend(status.iter().flat_map(|s| s.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_behind_every_other() {
        let bytes =
            encode([131.0, 84.0, 99.0], Some(67.0), Some((2026, [3, 1, 7, 30, 5])), Some(2), Some(0b10_0101));
        let frame = decode(&bytes).unwrap();
        assert_eq!((frame.user, frame.status), (Some(2), Some(0b10_0101)));
        assert_eq!(frame.taken, Some(CivilTime::new(2026, 3, 1, 7, 30, 5)));
        let reading = reading(&bytes).unwrap();
        assert_eq!(reading.values.iter().map(|m| m.value).collect::<Vec<_>>(), [131.0, 84.0, 99.0, 67.0]);
        let expected = [Condition::BodyMovement, Condition::IrregularPulse, Condition::WrongPosition];
        assert_eq!(reading.conditions, expected);
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn kilopascals_become_millimetres_and_failed_readings_none() {
        let mut bytes = encode([16.0, 10.7, 12.5], None, None, None, None);
        bytes[0] |= KILOPASCAL;
        let values = reading(&bytes).unwrap().values;
        assert!((values[0].value - 120.0).abs() < 0.1 && (values[1].value - 80.26).abs() < 0.01);
        for failed in [[f64::NAN, 80.0, 90.0], [80.0, 120.0, 90.0], [400.0, 80.0, 90.0]] {
            assert!(reading(&encode(failed, None, None, None, None)).is_err(), "{failed:?}");
        }
    }
}
