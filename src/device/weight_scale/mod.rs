//! Weight Scale Service 0x181D: `flags u8 | weight u16 | [time stamp 7] | [user u8] | [BMI u16, height u16]` in 0x2A9D.

use super::reader::Reader;
use super::reading::{date_time, Decoded, Panel, Quantity, ReadingAdapter, Taken};
use super::{Adapter, DeviceError, Uuid};

/// Weight Scale Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x181D);
/// Weight Measurement: indicate.
pub const MEASUREMENT: Uuid = Uuid::from_u16(0x2A9D);

const IMPERIAL: u8 = 1 << 0;
const TIME: u8 = 1 << 1;
const USER: u8 = 1 << 2;
const HEIGHT: u8 = 1 << 3;

/// Kilograms in a pound and metres in an inch (exact by definition).
const KILOGRAMS: f64 = 0.453_592_37;
const METRES: f64 = 0.0254;
/// Weight Scale Service: the weighing failed.
const UNSUCCESSFUL: u16 = 0xFFFF;

/// State machine of the service.
#[must_use]
pub fn adapter() -> Box<dyn Adapter> {
    Box::new(ReadingAdapter::new(SERVICE, &[MEASUREMENT], |_, bytes| decode(bytes)))
}

/// Decodes a Weight Measurement, in kilograms and metres.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, DeviceError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("weight flags")?;
    let has = |bit: u8| flags & bit != 0;
    let raw = Some(reader.u16("weight")?).filter(|raw| *raw != UNSUCCESSFUL);
    // Divided, so that 14 000 is 70 and not 70.00000000000001.
    let kilograms = |raw: u16| f64::from(raw) / if has(IMPERIAL) { 100.0 / KILOGRAMS } else { 200.0 };
    let mut reading = Decoded::new(Panel::BodyWeight);
    reading.measured(Quantity::BodyWeight, raw.map(kilograms));
    if has(TIME) {
        reading.taken = date_time(&mut reader)?.map_or(Taken::Unknown, Taken::At);
    }
    if has(USER) {
        reading.user = Some(reader.u8("user")?);
    }
    if has(HEIGHT) {
        let index = f64::from(reader.u16("body mass index")?) / 10.0;
        let height = f64::from(reader.u16("height")?);
        let metres = if has(IMPERIAL) { height / 10.0 * METRES } else { height / 1000.0 };
        reading.measured(Quantity::BodyMassIndex, Some(index));
        reading.measured(Quantity::BodyHeight, Some(metres));
    }
    // Index and height were typed in once; without a weight they are no reading.
    if reading.values.first().is_none_or(|first| first.quantity != Quantity::BodyWeight) {
        return Err(DeviceError::Invalid { field: "weight" });
    }
    Ok(reading)
}

/// Encodes kilograms, with a time stamp as its parts and a user where given.
#[must_use]
pub fn encode(kilograms: f64, taken: Option<(u16, [u8; 5])>, user: Option<u8>) -> Vec<u8> {
    let flags = if taken.is_some() { TIME } else { 0 } | if user.is_some() { USER } else { 0 };
    let mut bytes = vec![flags];
    bytes.extend(((kilograms * 200.0).round() as u16).to_le_bytes());
    if let Some((year, rest)) = taken {
        bytes.extend(year.to_le_bytes());
        bytes.extend(rest);
    }
    bytes.extend(user);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_systems_of_units() {
        assert_eq!(decode(&encode(81.35, None, None)).unwrap().values[0].value, 81.35);
        let pounds = [IMPERIAL | HEIGHT, 0x10, 0x27, 0xF5, 0x00, 0xBC, 0x02];
        let values: Vec<f64> = decode(&pounds).unwrap().values.iter().map(|m| m.value).collect();
        assert!((values[0] - 45.359_237).abs() < 1e-9, "{values:?}");
        assert_eq!(values[1], 24.5);
        assert!((values[2] - 1.778).abs() < 1e-9);
        assert!(decode(&[0, 0xFF, 0xFF]).is_err());
        assert!(decode(&[0, 0, 0]).is_err());
    }
}
