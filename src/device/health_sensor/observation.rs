//! Live observations: segments, then `class u8 | length u16 | flags u16 | [type u32] | .. | value`.

use crate::device::reader::Reader;
use crate::device::reading::{decode_float, encode_float, CivilTime, Decoded, Panel, Quantity, Taken};
use crate::device::DeviceError;

/// Observation classes that are read.
const NUMERIC: u8 = 1;
const COMPOUND: u8 = 7;

/// Optional parts before the value, in their order: flag, and bytes, or a count of bytes of such a width.
const TYPE: u16 = 1 << 0;
const TIME: u16 = 1 << 1;
const DURATION: (u16, usize) = (1 << 2, 4);
const STATUS: (u16, usize) = (1 << 3, 2);
const OBJECT: (u16, usize) = (1 << 4, 4);
const PATIENT: u16 = 1 << 5;
const LISTS: [u16; 3] = [1 << 6, 1 << 7, 1 << 8];

/// Types of observation (IEEE 11073-10101: partition times 65536 plus code).
const TYPES: &[(u32, Panel, Quantity)] = &[
    (150_021, Panel::BloodPressure, Quantity::Systolic),
    (150_022, Panel::BloodPressure, Quantity::Diastolic),
    (150_023, Panel::BloodPressure, Quantity::MeanArterial),
    (149_530, Panel::PulseOximetry, Quantity::PulseRate),
    (149_546, Panel::BloodPressure, Quantity::PulseRate),
    (150_456, Panel::PulseOximetry, Quantity::OxygenSaturation),
    (150_364, Panel::BodyTemperature, Quantity::BodyTemperature),
    (188_736, Panel::BodyWeight, Quantity::BodyWeight),
];

/// Units of measure (same place) with their factor to ours.
const UNITS: &[(u16, Quantity, f64)] = &[
    (3872, Quantity::Systolic, 1.0), // mmHg
    (3872, Quantity::Diastolic, 1.0),
    (3872, Quantity::MeanArterial, 1.0),
    (2720, Quantity::PulseRate, 1.0), // beats a minute
    (544, Quantity::OxygenSaturation, 1.0),
    (6048, Quantity::BodyTemperature, 1.0), // degrees Celsius
    (1731, Quantity::BodyWeight, 1.0),      // kilograms
];

/// Largest observation that is put together from segments.
const LONGEST: usize = 512;

/// Puts segments together: bit 0 the first, bit 1 the last, bits 2 to 7 a counter.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    bytes: Vec<u8>,
    /// Counter of the next segment, while an observation is under way.
    next: Option<u8>,
}

impl Segments {
    /// Takes a segment; the whole observation with the last one.
    pub(crate) fn push(&mut self, segment: &[u8]) -> Result<Option<&[u8]>, DeviceError> {
        let mut reader = Reader::new(segment);
        let head = reader.u8("segment")?;
        let counter = head >> 2;
        if head & 1 != 0 {
            self.bytes.clear();
        } else if self.next != Some(counter) {
            self.next = None;
            return Err(DeviceError::Unexpected { field: "segment" });
        }
        if self.bytes.len() + reader.left() > LONGEST {
            self.next = None;
            return Err(DeviceError::Invalid { field: "observation length" });
        }
        self.bytes.extend(reader.rest());
        let last = head & 2 != 0;
        self.next = (!last).then_some((counter + 1) & 0x3F);
        Ok(last.then_some(self.bytes.as_slice()))
    }
}

/// Decodes an observation. The patient's number and the time decide whether it is passed on, and go no further; object
/// ids and supplements are passed over.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, DeviceError> {
    let mut reader = Reader::new(bytes);
    let class = reader.u8("observation class")?;
    let length = usize::from(reader.u16("observation length")?);
    let mut reader = Reader::new(reader.take("observation", length)?);
    let flags = reader.u16("observation flags")?;
    let kind = if flags & TYPE != 0 { reader.u32("observation type")? } else { 0 };
    let taken = if flags & TIME != 0 { time(&mut reader)? } else { Taken::Now };
    for (flag, width) in [DURATION, STATUS, OBJECT] {
        if flags & flag != 0 {
            reader.take("observation part", width)?;
        }
    }
    let user = if flags & PATIENT != 0 { Some(reader.u8("patient")?) } else { None };
    for flag in LISTS {
        if flags & flag != 0 {
            let count = usize::from(reader.u8("observation list")?);
            reader.take("observation list", 4 * count)?;
        }
    }
    let unsupported = DeviceError::Unsupported { field: "observation" };
    let mut reading = match class {
        NUMERIC => {
            let (panel, quantity) = known(kind).ok_or(unsupported)?;
            let mut reading = Decoded::new(panel);
            reading.measured(quantity, value(quantity, &mut reader)?);
            reading
        }
        COMPOUND => compound(&mut reader)?.ok_or(unsupported)?,
        _ => return Err(unsupported),
    };
    (reading.user, reading.taken) = (user, taken);
    Ok(reading)
}

/// When it was taken (Elapsed Time Service 1.0): `flags u8 | since 2000 u48 | source u8 | offset from UTC i8`, the last in
/// quarters of an hour. Flags: bit 0 a counter of ticks, 1 UTC, 2 and 3 the resolution, 4 the offset counts, 5 the
/// clock was not set anew since.
fn time(reader: &mut Reader<'_>) -> Result<Taken, DeviceError> {
    let flags = reader.u8("time flags")?;
    let (low, high) = (reader.u32("time")?, reader.u16("time")?);
    reader.take("time source", 1)?;
    let offset = i64::from(reader.u8("offset from UTC")? as i8);
    let [ticks, utc, with_offset, current] = [0, 1, 4, 5].map(|bit| flags & (1 << bit) != 0);
    // UTC alone cannot be held against the clock of the room.
    let Some(epoch) =
        CivilTime::new(2000, 1, 1, 0, 0, 0).filter(|_| current && !ticks && (!utc || with_offset))
    else {
        return Ok(Taken::Unknown);
    };
    let a_second = match flags >> 2 & 3 {
        0 => 1,
        1 => 10,
        2 => 1000,
        _ => 10_000,
    };
    let seconds = ((i64::from(high) << 32) + i64::from(low)) / a_second;
    let local = if utc { seconds + 900 * offset } else { seconds };
    Ok(Taken::At(epoch.plus_seconds(local)))
}

fn known(kind: u32) -> Option<(Panel, Quantity)> {
    TYPES.iter().find(|(code, ..)| *code == kind).map(|(_, panel, quantity)| (*panel, *quantity))
}

/// `unit u16 | FLOAT`; none when the unit is another.
fn value(quantity: Quantity, reader: &mut Reader<'_>) -> Result<Option<f64>, DeviceError> {
    let unit = reader.u16("unit")?;
    let number = decode_float(reader.u32("value")?).number();
    let factor =
        UNITS.iter().find(|(code, of, _)| (*code, *of) == (unit, quantity)).map(|(.., factor)| *factor);
    Ok(number.zip(factor).map(|(number, factor)| number * factor))
}

/// `count u8`, then `type u32 | unit u16 | FLOAT` each; none when nothing in it is known.
fn compound(reader: &mut Reader<'_>) -> Result<Option<Decoded>, DeviceError> {
    let mut reading: Option<Decoded> = None;
    for _ in 0..reader.u8("number of values")? {
        match known(reader.u32("value type")?) {
            Some((panel, quantity)) => {
                let value = value(quantity, reader)?;
                let reading = reading.get_or_insert_with(|| Decoded::new(panel));
                // A reading is of one kind.
                reading.measured(quantity, value.filter(|_| reading.panel == panel));
            }
            None => {
                reader.take("value", 6)?;
            }
        }
    }
    Ok(reading)
}

/// Encodes one numeric observation as a single segment: type and unit by their codes, and the patient's number.
#[must_use]
pub fn encode(kind: u32, unit: u16, number: f64, patient: Option<u8>) -> Vec<u8> {
    let mut body = (TYPE | if patient.is_some() { PATIENT } else { 0 }).to_le_bytes().to_vec();
    body.extend(kind.to_le_bytes());
    body.extend(patient);
    body.extend(unit.to_le_bytes());
    body.extend(encode_float(number).to_le_bytes());
    let mut bytes = vec![0b11, NUMERIC];
    bytes.extend((body.len() as u16).to_le_bytes());
    bytes.extend(body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saturation_is_read_and_its_patient_kept_back() {
        let bytes = encode(150_456, 544, 97.0, Some(3));
        let mut segments = Segments::default();
        let reading = decode(segments.push(&bytes).unwrap().unwrap()).unwrap();
        assert_eq!((reading.values[0].value, reading.user), (97.0, Some(3)));
        for length in 1..bytes.len() {
            assert!(decode(&bytes[1..length]).is_err(), "{length}");
        }
        assert!(decode(&encode(999, 544, 97.0, None)[1..]).is_err());
        assert!(decode(&encode(150_456, 1, 97.0, None)[1..]).unwrap().values.is_empty(), "another unit");
    }

    /// A saturation with a time: flags, seconds or their parts since 2000, quarters of an hour from UTC.
    fn timed(flags: u8, since: u64, offset: i8) -> Taken {
        let mut bytes = encode(150_456, 544, 97.0, None)[1..].to_vec();
        let mut time = vec![flags];
        time.extend(&since.to_le_bytes()[..6]);
        time.extend([0, offset as u8]);
        bytes[1] += 9;
        bytes[3] |= TIME as u8;
        bytes.splice(9..9, time);
        let reading = decode(&bytes).unwrap();
        assert_eq!(reading.values[0].value, 97.0);
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length}");
        }
        reading.taken
    }

    #[test]
    fn an_old_observation_says_so() {
        let day = 86_400;
        let at = |hour| Taken::At(CivilTime::new(2000, 1, 2, hour, 0, 0).unwrap());
        assert_eq!(timed(0b10_0000, day, 0), at(0), "local, in seconds");
        assert_eq!(timed(0b10_1000, 1000 * day, 0), at(0), "in milliseconds");
        assert_eq!(timed(0b11_0010, day, 8), at(2), "UTC and two hours");
        assert_eq!(timed(0b10_0010, day, 0), Taken::Unknown, "UTC alone");
        assert_eq!(timed(0b10_0001, day, 0), Taken::Unknown, "ticks");
        assert_eq!(timed(0, day, 0), Taken::Unknown, "of a clock that was set anew");
    }

    #[test]
    fn segments_come_in_order_or_not_at_all() {
        let whole = encode(150_456, 544, 97.0, None);
        let (a, b) = whole[1..].split_at(6);
        let segment = |head: u8, part: &[u8]| [&[head][..], part].concat();
        let mut segments = Segments::default();
        assert_eq!(segments.push(&segment(0b01, a)).unwrap(), None);
        assert_eq!(segments.push(&segment(1 << 2 | 0b10, b)).unwrap(), Some(&whole[1..]));
        assert_eq!(segments.push(&segment(0b01, a)).unwrap(), None);
        assert!(segments.push(&segment(2 << 2 | 0b10, b)).is_err());
        assert!(segments.push(&segment(1 << 2 | 0b10, b)).is_err(), "the thread is lost");
        assert!(segments.push(&[]).is_err());
        segments.push(&segment(0b01, &[0; 400])).unwrap();
        assert!(segments.push(&segment(1 << 2, &[0; 400])).is_err());
    }
}
