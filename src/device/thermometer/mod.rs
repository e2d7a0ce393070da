//! Health Thermometer Service 0x1809: `flags u8 | FLOAT | [time stamp 7] | [type u8]` in 0x2A1C.

use super::reader::Reader;
use super::reading::{
    date_time, decode_float, encode_float, Condition, Decoded, Panel, Quantity, ReadingAdapter, Taken,
};
use super::{Adapter, DeviceError, Uuid};

/// Health Thermometer Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x1809);
/// Temperature Measurement: indicate.
pub const MEASUREMENT: Uuid = Uuid::from_u16(0x2A1C);

const FAHRENHEIT: u8 = 1 << 0;
const TIME: u8 = 1 << 1;
const TYPE: u8 = 1 << 2;

/// Temperature Type (GATT Specification Supplement); 2 is "body" and says nothing more.
const SITES: &[(u8, Condition)] = &[
    (1, Condition::SiteArmpit),
    (3, Condition::SiteEar),
    (4, Condition::SiteFinger),
    (6, Condition::SiteMouth),
    (7, Condition::SiteRectum),
    (8, Condition::SiteToe),
    (9, Condition::SiteTympanum),
];

/// State machine of the service. Intermediate temperatures (0x2A1E) are no reading and are not asked for.
#[must_use]
pub fn adapter() -> Box<dyn Adapter> {
    Box::new(ReadingAdapter::new(SERVICE, &[MEASUREMENT], |_, bytes| decode(bytes)))
}

/// Decodes a Temperature Measurement, in degrees Celsius.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, DeviceError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("temperature flags")?;
    let degrees = decode_float(reader.u32("temperature")?).number();
    let fahrenheit = flags & FAHRENHEIT != 0;
    let mut reading = Decoded::new(Panel::BodyTemperature);
    reading
        .measured(Quantity::BodyTemperature, degrees.map(|d| if fahrenheit { (d - 32.0) / 1.8 } else { d }));
    if flags & TIME != 0 {
        reading.taken = date_time(&mut reader)?.map_or(Taken::Unknown, Taken::At);
    }
    if flags & TYPE != 0 {
        let number = reader.u8("temperature type")?;
        reading.conditions.extend(SITES.iter().filter(|(n, _)| *n == number).map(|(_, site)| *site));
    }
    Ok(reading)
}

/// Encodes degrees Celsius, with a time stamp as its parts and a temperature type where given.
#[must_use]
pub fn encode(celsius: f64, taken: Option<(u16, [u8; 5])>, site: Option<u8>) -> Vec<u8> {
    let flags = if taken.is_some() { TIME } else { 0 } | if site.is_some() { TYPE } else { 0 };
    let mut bytes = vec![flags];
    bytes.extend(encode_float(celsius).to_le_bytes());
    if let Some((year, rest)) = taken {
        bytes.extend(year.to_le_bytes());
        bytes.extend(rest);
    }
    bytes.extend(site);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fever_is_read_in_both_units() {
        let reading = decode(&encode(38.4, Some((2026, [3, 1, 7, 30, 5])), Some(9))).unwrap();
        assert_eq!((reading.values[0].value, reading.conditions), (38.4, vec![Condition::SiteTympanum]));
        let mut bytes = encode(101.3, None, None);
        bytes[0] |= FAHRENHEIT;
        assert!((decode(&bytes).unwrap().values[0].value - 38.5).abs() < 1e-9);
        assert!(decode(&encode(f64::NAN, None, None)).unwrap().values.is_empty());
        for length in 0..13 {
            assert!(decode(&encode(38.4, Some((2026, [3, 1, 7, 30, 5])), Some(9))[..length]).is_err());
        }
    }
}
