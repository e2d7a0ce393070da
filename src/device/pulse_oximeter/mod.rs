//! Pulse Oximeter Service 0x1822: spot checks (0x2A5E) and continuous values (0x2A5F).

use super::reader::Reader;
use super::reading::{
    date_time, decode_sfloat, encode_sfloat, Condition, Decoded, Panel, Quantity, ReadingAdapter, Taken,
};
use super::{Adapter, DeviceError, Uuid};

/// Pulse Oximeter Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x1822);
/// PLX Spot-Check Measurement: indicate.
pub const SPOT_CHECK: Uuid = Uuid::from_u16(0x2A5E);
/// PLX Continuous Measurement: notify.
pub const CONTINUOUS: Uuid = Uuid::from_u16(0x2A5F);

/// Measurement Status (PLX Service).
const STATUS: &[(u32, Condition)] = &[
    (1 << 6, Condition::Questionable),  // early estimate
    (1 << 12, Condition::Questionable), // calibration under way
    (1 << 14, Condition::Questionable),
];
/// From the device's memory.
const STORED: u16 = 1 << 9;
/// For a demonstration, for a test, unavailable, invalid.
const NO_MEASUREMENT: u16 = 1 << 10 | 1 << 11 | 1 << 13 | 1 << 15;
/// Device and Sensor Status, 24 bits.
const DEVICE_STATUS: &[(u32, Condition)] = &[
    (1 << 1, Condition::PoorSignal), // equipment malfunction
    (1 << 2, Condition::PoorSignal), // signal processing irregularity
    (1 << 3, Condition::PoorSignal), // inadequate signal
    (1 << 4, Condition::PoorSignal),
    (1 << 5, Condition::LowPerfusion),
    (1 << 6, Condition::Questionable), // erratic signal
    (1 << 7, Condition::Questionable), // non-pulsatile signal
    (1 << 8, Condition::Questionable), // questionable pulse
    (1 << 10, Condition::PoorSignal),  // interference
    (1 << 11, Condition::SensorOff),   // not on the user
    (1 << 13, Condition::SensorOff),   // displaced
    (1 << 15, Condition::SensorOff),   // disconnected
];

/// State machine of the service.
#[must_use]
pub fn adapter() -> Box<dyn Adapter> {
    Box::new(ReadingAdapter::new(SERVICE, &[SPOT_CHECK, CONTINUOUS], decode))
}

/// Decodes a value of one of the two characteristics.
pub(crate) fn decode(characteristic: Uuid, bytes: &[u8]) -> Result<Decoded, DeviceError> {
    if characteristic == SPOT_CHECK {
        spot_check(bytes)
    } else {
        continuous(bytes)
    }
}

fn number(reader: &mut Reader<'_>, field: &'static str) -> Result<Option<f64>, DeviceError> {
    Ok(decode_sfloat(reader.u16(field)?).number())
}

/// `flags u8 | SpO2 SFLOAT | pulse SFLOAT | [time stamp 7] | [status u16] | [device status u24] | [PAI SFLOAT]`;
/// flag 4 says that the device's clock was not set.
fn spot_check(bytes: &[u8]) -> Result<Decoded, DeviceError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("oximeter flags")?;
    let (saturation, pulse) = (number(&mut reader, "saturation")?, number(&mut reader, "pulse rate")?);
    let stamp = if flags & 1 != 0 { Some(date_time(&mut reader)?) } else { None };
    let mut reading = body(saturation, pulse, flags >> 1, &mut reader)?;
    let unset = flags & 1 << 4 != 0;
    reading.taken = match stamp {
        // Told from memory, but not of when.
        None => reading.taken,
        Some(Some(at)) if !unset => Taken::At(at),
        Some(_) => Taken::Unknown,
    };
    Ok(reading)
}

/// `flags u8 | SpO2, pulse | [fast SpO2, pulse] | [slow SpO2, pulse] | [status] | [device status] | [PAI]`.
fn continuous(bytes: &[u8]) -> Result<Decoded, DeviceError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("oximeter flags")?;
    let (saturation, pulse) = (number(&mut reader, "saturation")?, number(&mut reader, "pulse rate")?);
    for bit in [1, 2] {
        if flags & bit != 0 {
            reader.take("fast or slow values", 4)?;
        }
    }
    body(saturation, pulse, flags >> 2, &mut reader)
}

/// What both end with; `flags` begin with the bit of the measurement status.
fn body(
    saturation: Option<f64>,
    pulse: Option<f64>,
    flags: u8,
    reader: &mut Reader<'_>,
) -> Result<Decoded, DeviceError> {
    let mut reading = Decoded::new(Panel::PulseOximetry);
    reading.measured(Quantity::OxygenSaturation, saturation);
    if reading.values.is_empty() {
        return Err(DeviceError::Invalid { field: "saturation" });
    }
    reading.measured(Quantity::PulseRate, pulse);
    if flags & 1 != 0 {
        let status = reader.u16("measurement status")?;
        if status & NO_MEASUREMENT != 0 {
            return Err(DeviceError::Invalid { field: "saturation" });
        }
        reading.conditions(status.into(), STATUS);
        if status & STORED != 0 {
            reading.taken = Taken::Unknown;
        }
    }
    if flags & 2 != 0 {
        reading.conditions(reader.u24("device status")?, DEVICE_STATUS);
    }
    if flags & 4 != 0 {
        reading.measured(Quantity::PulseAmplitudeIndex, number(reader, "pulse amplitude index")?);
    }
    reading.conditions.dedup();
    Ok(reading)
}

/// Encodes a spot check with a time stamp as its parts where given.
#[must_use]
pub fn encode_spot_check(saturation: f64, pulse: f64, taken: Option<(u16, [u8; 5])>) -> Vec<u8> {
    let mut bytes = vec![u8::from(taken.is_some())];
    bytes.extend([saturation, pulse].iter().flat_map(|number| encode_sfloat(*number).to_le_bytes()));
    if let Some((year, rest)) = taken {
        bytes.extend(year.to_le_bytes());
        bytes.extend(rest);
    }
    bytes
}

/// Encodes a continuous value, with its pulse amplitude index.
#[must_use]
pub fn encode_continuous(saturation: f64, pulse: f64, amplitude: f64) -> Vec<u8> {
    let mut bytes = vec![1 << 4];
    bytes.extend(
        [saturation, pulse, amplitude].iter().flat_map(|number| encode_sfloat(*number).to_le_bytes()),
    );
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(characteristic: Uuid, bytes: &[u8]) -> Vec<f64> {
        decode(characteristic, bytes).unwrap().values.iter().map(|m| m.value).collect()
    }

    #[test]
    fn both_kinds_of_value() {
        let spot = encode_spot_check(97.0, 71.0, Some((2026, [3, 1, 7, 30, 5])));
        assert_eq!(values(SPOT_CHECK, &spot), [97.0, 71.0]);
        assert!(matches!(decode(SPOT_CHECK, &spot).unwrap().taken, Taken::At(_)));
        let mut unset = spot;
        unset[0] |= 1 << 4;
        assert_eq!(decode(SPOT_CHECK, &unset).unwrap().taken, Taken::Unknown);
        assert_eq!(values(CONTINUOUS, &encode_continuous(94.0, 88.0, 2.5)), [94.0, 88.0, 2.5]);
        // Fast and slow values are passed over; the finger is cold.
        let full = [0b0_1111, 98, 0, 60, 0, 1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 1 << 5, 0, 0];
        let reading = decode(CONTINUOUS, &full).unwrap();
        assert_eq!(reading.conditions, [Condition::LowPerfusion]);
        for length in 0..full.len() {
            assert!(decode(CONTINUOUS, &full[..length]).is_err());
        }
    }

    #[test]
    fn no_finger_is_no_reading() {
        assert!(decode(CONTINUOUS, &[0, 0xFF, 0x07, 0xFF, 0x07]).is_err());
        assert!(decode(CONTINUOUS, &[4, 97, 0, 60, 0, 0, 0x80]).is_err(), "called invalid by the device");
        assert_eq!(
            decode(SPOT_CHECK, &[2, 97, 0, 60, 0, 0, 2]).unwrap().taken,
            Taken::Unknown,
            "from memory"
        );
    }
}
